//! PayWall's alternative payment methods (paywall.md §3): one-time codes, the
//! provider's page, QR codes, payments at once. Part of PaymentAPI, so keys,
//! envelope and error codes are `paywall`'s. Here: the routes.

mod checkout;
mod confirm;
mod connections;
mod notify;
mod pages;
mod pay;
mod phone;
mod postback;
mod provider;
mod qr;
mod query;
mod records;
mod refund;
mod request;
pub(crate) mod settings;
mod start_page;
pub(crate) mod state;
mod text;
mod transaction;
mod visit;

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};

use crate::app::App;
use crate::faults::Target;
use crate::{calls, faults, page};

pub(crate) use self::start_page::section;

pub(crate) const TARGETS: &[Target] = &[
    Target::call(LIST),
    // Every way to start.
    Target::call(START),
    Target::call(CONFIRM),
    Target::call(QUERY),
    // In whole and in part.
    Target::call(REFUND),
    Target::call(COMPLETE),
    Target::call(CARDS),
    Target::callback(CALLBACK),
];

pub(crate) const RECORDS: &str = "/sandbox/apm";

const LIST: &str = "apm_list";
const START: &str = "apm_start";
const CONFIRM: &str = "apm_confirm";
const QUERY: &str = "apm_query";
const REFUND: &str = "apm_refund";
const COMPLETE: &str = "apm_complete";
const CARDS: &str = "apm_cards";
const CALLBACK: &str = "apm_callback";

pub(crate) fn router(app: &Arc<App>) -> Router<Arc<App>> {
    let pages = Router::new()
        .route("/paywall/callbackapm", get(visit::agent))
        .route("/apm/page/{id}", get(visit::show).post(visit::submit))
        .route("/apm/phone/{id}", get(phone::show).post(phone::submit));
    starts(app)
        .merge(others(app))
        .layer(from_fn_with_state(app.clone(), calls::record))
        .merge(page::guarded(pages))
        .route(RECORDS, get(records::list))
        .layer(from_fn_with_state(app.clone(), notify::after))
}

fn starts(app: &Arc<App>) -> Router<Arc<App>> {
    Router::new()
        .route("/api/paywall/apm/pay", post(pay::handle))
        // The older address of the same call.
        .route("/api/paywall/apm/pay/request/otp", post(pay::handle))
        .route("/api/paywall/apm/pay/byid", post(checkout::by_id))
        .route("/api/paywall/apm/pay/bykey", post(checkout::by_key))
        .route("/api/paywall/apm/pay/qr/generate", post(qr::handle))
        .route_layer(from_fn_with_state((app.clone(), START), faults::spoil))
}

fn others(app: &Arc<App>) -> Router<Arc<App>> {
    let spoil = |call| from_fn_with_state((app.clone(), call), faults::spoil);
    let refunds = Router::new()
        .route("/api/paywall/apm/refund", post(refund::whole))
        .route("/api/paywall/apm/refund/partial", post(refund::partial))
        .route_layer(spoil(REFUND));
    Router::new()
        .route(
            "/api/paywall/apm/list",
            get(connections::list).route_layer(spoil(LIST)),
        )
        .route(
            "/api/paywall/apm/cards",
            get(connections::cards).route_layer(spoil(CARDS)),
        )
        .route(
            "/api/paywall/apm/pay/confirm/otp",
            post(confirm::handle).route_layer(spoil(CONFIRM)),
        )
        .route(
            "/api/paywall/apm/query",
            get(query::handle).route_layer(spoil(QUERY)),
        )
        .route(
            "/api/paywall/apm/complete",
            post(refund::complete).route_layer(spoil(COMPLETE)),
        )
        .merge(refunds)
}
