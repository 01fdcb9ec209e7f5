//! The private API's calls (corefy.md §3, §8, §10): create, read, find, process.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use subtle::ConstantTimeEq;

use super::fields;
use super::invoice::{Invoice, Kind};
use super::problem::{Refusal, document};
use super::request::{self, Form};
use super::resource::resource;
use super::signature::basic;
use super::state::{CreateAnswer, Switches};
use super::{clock, notify};
use crate::app::App;

pub(super) async fn create(
    app: Arc<App>,
    kind: Kind,
    form: Form,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    match try_create(&app, kind, form, &headers, &body) {
        Ok(answer) => document(StatusCode::CREATED, &answer),
        Err(refusal) => refusal.into_response(),
    }
}

fn try_create(
    app: &Arc<App>,
    kind: Kind,
    form: Form,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Value, Refusal> {
    authorized(app, headers)?;
    let attributes = fields::attributes(body, [kind.singular(), kind.plural()])?;
    if let Some(reference) = attributes.get("reference_id").and_then(Value::as_str) {
        app.corefy.lock().count_create(kind, reference);
    }
    let now = app.clock.now();
    let order = request::order(kind, form, &attributes, now)?;
    let mut state = app.corefy.lock();
    let switches = state.switches;
    let invoice = state.create(order, now)?;
    if invoice.begin(now) {
        notify::changed(app, invoice, switches);
    }
    clock::expire_later(app, invoice, now);
    match switches.create_answer {
        CreateAnswer::Created => Ok(whole(app, invoice, switches)),
        CreateAnswer::ServerError => Err(Refusal::Trouble),
    }
}

pub(super) async fn read(
    app: Arc<App>,
    kind: Kind,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Response {
    match on_one(&app, kind, &headers, &id, |_| Ok(())) {
        Ok(answer) => document(StatusCode::OK, &answer),
        Err(refusal) => refusal.into_response(),
    }
}

/// Starts a payout that did not start by itself.
pub(super) async fn process(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Response {
    let now = app.clock.now();
    let start = |invoice: &mut Invoice| {
        let started = invoice.process(now);
        started.then_some(()).ok_or(Refusal::NotStartable)
    };
    match on_one(&app, Kind::Payout, &headers, &id, start) {
        Ok(answer) => document(StatusCode::OK, &answer),
        Err(refusal) => refusal.into_response(),
    }
}

fn on_one(
    app: &Arc<App>,
    kind: Kind,
    headers: &HeaderMap,
    id: &str,
    act: impl FnOnce(&mut Invoice) -> Result<(), Refusal>,
) -> Result<Value, Refusal> {
    authorized(app, headers)?;
    clock::expire_due(app);
    let mut state = app.corefy.lock();
    let switches = state.switches;
    let invoice = state.by_id(id).filter(|invoice| invoice.kind() == kind);
    let invoice = invoice.ok_or(Refusal::NotFound)?;
    let before = invoice.updated;
    act(invoice)?;
    if invoice.updated != before {
        notify::changed(app, invoice, switches);
    }
    Ok(whole(app, invoice, switches))
}

#[derive(Deserialize)]
pub(super) struct Filter {
    #[serde(rename = "filter[reference_id]")]
    reference_id: Option<String>,
}

/// Newest first; without a filter all of them.
pub(super) async fn find(
    app: Arc<App>,
    kind: Kind,
    headers: HeaderMap,
    Query(filter): Query<Filter>,
) -> Response {
    if let Err(refusal) = authorized(&app, &headers) {
        return refusal.into_response();
    }
    clock::expire_due(&app);
    let state = app.corefy.lock();
    let wanted = |invoice: &&Invoice| {
        let reference = &invoice.order.reference_id;
        invoice.kind() == kind
            && filter
                .reference_id
                .as_ref()
                .is_none_or(|asked| asked == reference)
    };
    let found: Vec<_> = state
        .invoices()
        .iter()
        .rev()
        .filter(wanted)
        .map(|invoice| resource(invoice, state.switches, &app.public_url))
        .collect();
    document(StatusCode::OK, &json!({ "data": found }))
}

pub(super) async fn not_implemented() -> Refusal {
    Refusal::NotImplemented
}

/// The whole document of one invoice, as answers and callbacks have it.
pub(super) fn whole(app: &App, invoice: &Invoice, switches: Switches) -> Value {
    json!({ "data": resource(invoice, switches, &app.public_url) })
}

fn authorized(app: &App, headers: &HeaderMap) -> Result<(), Refusal> {
    let settings = &app.settings.corefy;
    let wanted = basic(settings.account.reveal(), &settings.api_key);
    let sent = headers.get(header::AUTHORIZATION);
    let same = sent.is_some_and(|sent| sent.as_bytes().ct_eq(wanted.as_bytes()).into());
    same.then_some(()).ok_or(Refusal::Unauthorized)
}
