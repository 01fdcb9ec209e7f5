//! The hosted page and the gate behind it (corefy.md §5, §6): what the shopper
//! does there, and the way back to the shop.

use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use reqwest::Url;
use serde::Deserialize;

use super::invoice::{CREATED, Deed, Invoice, PROCESS_PENDING, What};
use super::{clock, notify, pages};
use crate::app::App;

pub(super) fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/corefy/hpp", get(hosted))
        .route("/corefy/hpp/", get(hosted))
        .route("/corefy/gate/{sid}", get(gate).post(submit))
}

#[derive(Deserialize)]
struct HostedQuery {
    #[serde(default)]
    cpi: String,
}

async fn hosted(State(app): State<Arc<App>>, Query(query): Query<HostedQuery>) -> Response {
    open(&app, &query.cpi)
}

/// Where `flow_data` leads: past the hosted page.
async fn gate(State(app): State<Arc<App>>, Path(sid): Path<String>) -> Response {
    open(&app, &sid)
}

/// Can be opened again and again; after the end it shows how it ended.
fn open(app: &Arc<App>, page: &str) -> Response {
    clock::expire_due(app);
    let now = app.clock.now();
    let mut state = app.corefy.lock();
    let switches = state.switches;
    let Some(invoice) = state.payment(page) else {
        return unknown();
    };
    if invoice.status == CREATED && invoice.set_status(PROCESS_PENDING, now) {
        notify::changed(app, invoice, switches);
    }
    if invoice.is_open() {
        pages::choice(invoice).into_response()
    } else {
        pages::ended(invoice, way_back(invoice).as_deref()).into_response()
    }
}

#[derive(Deserialize)]
struct Submission {
    #[serde(rename = "do")]
    deed: Deed,
}

/// Ends the payment, or leaves it open, and sends the browser back to the shop.
/// After the end nothing changes any more.
async fn submit(
    State(app): State<Arc<App>>,
    Path(page): Path<String>,
    submission: Result<Form<Submission>, FormRejection>,
) -> Response {
    let Ok(Form(Submission { deed })) = submission else {
        return (StatusCode::BAD_REQUEST, pages::bad_request()).into_response();
    };
    clock::expire_due(&app);
    let now = app.clock.now();
    let mut state = app.corefy.lock();
    let switches = state.switches;
    let Some(invoice) = state.payment(&page) else {
        return unknown();
    };
    if invoice.is_open() && invoice.set_status(deed.status(), now) {
        notify::changed(&app, invoice, switches);
    }
    match way_back(invoice) {
        Some(url) => Redirect::to(&url).into_response(),
        None => pages::ended(invoice, None).into_response(),
    }
}

/// The shop's address for the state it is in. With the option to send the
/// context, id, reference and status stand in the query, unsigned.
fn way_back(invoice: &Invoice) -> Option<String> {
    let url = invoice.return_url()?;
    let What::Payment { returns, .. } = &invoice.order.what else {
        return None;
    };
    if !returns.with_context {
        return Some(url.to_owned());
    }
    let mut url = Url::parse(url).ok()?;
    url.query_pairs_mut()
        .append_pair("id", &invoice.id)
        .append_pair("reference_id", &invoice.order.reference_id)
        .append_pair("status", &invoice.status);
    Some(url.into())
}

fn unknown() -> Response {
    (StatusCode::NOT_FOUND, pages::unknown()).into_response()
}
