//! Stands in for Aspay as merchants reach it, through Corefy (corefy.md): payment
//! and payout invoices by a JSON:API, the hosted page, callbacks. Here: the
//! routes. Each group of calls has its own file.

mod api;
mod check;
mod clock;
mod fields;
mod invoice;
mod notify;
mod page;
mod pages;
mod problem;
mod records;
mod request;
mod resource;
pub(crate) mod settings;
pub mod signature;
mod start_page;
pub(crate) mod state;
mod text;

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::middleware::from_fn_with_state;
use axum::routing::{any, get, post};

use self::invoice::Kind;
use self::request::Form;
use crate::app::App;
use crate::faults::Target;
use crate::{calls, faults, page as shared};

pub(crate) use self::start_page::section;

const CREATE: &str = "corefy_create";
const QUERY: &str = "corefy_query";
const PAYOUT: &str = "corefy_payout";
const PROCESS: &str = "corefy_process";

pub(crate) const TARGETS: &[Target] = &[
    Target::call(CREATE),
    // By id and by reference, payments and payouts.
    Target::call(QUERY),
    Target::call(PAYOUT),
    Target::call(PROCESS),
    Target::callback(notify::CALLBACK),
];

pub(crate) const RECORDS: &str = "/sandbox/corefy";

pub(crate) fn router(app: &Arc<App>) -> Router<Arc<App>> {
    let api = Router::new()
        .merge(invoices(app, Kind::Payment, Form::Private))
        .merge(invoices(app, Kind::Payment, Form::Commerce))
        .merge(invoices(app, Kind::Payout, Form::Private))
        .merge(invoices(app, Kind::Payout, Form::Commerce))
        .route("/corefy/api/{*rest}", any(api::not_implemented))
        .layer(from_fn_with_state(app.clone(), calls::record));
    api.merge(shared::guarded(page::router()))
        .route(RECORDS, get(records::list))
        .route("/sandbox/corefy/{id}", post(records::set_status))
        .route(
            "/sandbox/corefy/switches",
            get(records::switches).post(records::switch),
        )
}

/// The calls about invoices of one kind, in one of the two forms of the API.
fn invoices(app: &Arc<App>, kind: Kind, form: Form) -> Router<Arc<App>> {
    let spoil = |call| from_fn_with_state((app.clone(), call), faults::spoil);
    let base = match form {
        Form::Private => format!("/corefy/api/{}", kind.plural()),
        Form::Commerce => format!("/corefy/api/commerce/{}", kind.plural()),
    };
    let create = match kind {
        Kind::Payment => CREATE,
        Kind::Payout => PAYOUT,
    };
    let created =
        post(move |State(app), headers, body| api::create(app, kind, form, headers, body));
    let found = || get(move |State(app), headers, query| api::find(app, kind, headers, query));
    let read = get(move |State(app), headers, path| api::read(app, kind, headers, path));
    let creation = Router::new()
        .route(&base, created)
        .route_layer(spoil(create));
    let queries = Router::new()
        .route(&base, found())
        .route(&format!("{base}/"), found())
        .route(&format!("{base}/{{id}}"), read)
        .route_layer(spoil(QUERY));
    let start = Router::new()
        .route(&format!("{base}/{{id}}/process"), post(api::process))
        .route_layer(spoil(PROCESS));
    match kind {
        Kind::Payment => creation.merge(queries),
        Kind::Payout => creation.merge(queries).merge(start),
    }
}
