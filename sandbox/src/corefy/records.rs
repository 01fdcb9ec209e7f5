//! The stand-in's own calls: `GET /sandbox/corefy`, its records as tests look at
//! them; `POST /sandbox/corefy/{id}` sets a status; `/sandbox/corefy/switches`.

use std::sync::Arc;

use axum::extract;
use axum::extract::Path;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Json, Response};
use serde::{Deserialize, Serialize};

use super::invoice::{Invoice, Kind};
use super::state::{State, SwitchOrder, Switches};
use super::{clock, notify};
use crate::app::App;

/// Characters of a status that can be set.
const LONGEST_STATUS: usize = 64;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct InvoiceView {
    id: String,
    reference_id: String,
    /// Major units, as a text.
    amount: String,
    currency: String,
    status: String,
    test_mode: bool,
    /// Create calls with this reference, refused ones too.
    create_calls: u32,
    kind: Kind,
}

impl InvoiceView {
    fn of(invoice: &Invoice, create_calls: u32) -> Self {
        let order = &invoice.order;
        Self {
            id: invoice.id.clone(),
            reference_id: order.reference_id.clone(),
            amount: order.amount.to_string(),
            currency: order.currency.clone(),
            status: invoice.status.clone(),
            test_mode: order.test_mode,
            create_calls,
            kind: invoice.kind(),
        }
    }
}

/// Oldest first.
pub(super) async fn list(extract::State(app): extract::State<Arc<App>>) -> Json<Vec<InvoiceView>> {
    clock::expire_due(&app);
    let state = app.corefy.lock();
    let view = |invoice| InvoiceView::of(invoice, State::create_calls(&state, invoice));
    Json(state.invoices().iter().map(view).collect())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StatusOrder {
    status: String,
}

/// Sets any status, one that nobody documents too, and tells the merchant.
pub(super) async fn set_status(
    extract::State(app): extract::State<Arc<App>>,
    Path(id): Path<String>,
    order: Result<Json<StatusOrder>, JsonRejection>,
) -> Response {
    let Json(StatusOrder { status }) = match order {
        Ok(order) => order,
        Err(rejection) => return rejection.into_response(),
    };
    if status.trim().is_empty() || status.chars().count() > LONGEST_STATUS {
        let reason = "status must have 1 to 64 characters";
        return (StatusCode::UNPROCESSABLE_ENTITY, reason).into_response();
    }
    let now = app.clock.now();
    let mut state = app.corefy.lock();
    let switches = state.switches;
    let Some(invoice) = state.by_id(&id) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if invoice.set_status(&status, now) {
        notify::changed(&app, invoice, switches);
    }
    let invoice = invoice.clone();
    Json(InvoiceView::of(&invoice, state.create_calls(&invoice))).into_response()
}

pub(super) async fn switches(extract::State(app): extract::State<Arc<App>>) -> Json<Switches> {
    Json(app.corefy.lock().switches)
}

/// Answers with all switches as they stand now, or 4xx with the reason as plain text.
pub(super) async fn switch(
    extract::State(app): extract::State<Arc<App>>,
    order: Result<Json<SwitchOrder>, JsonRejection>,
) -> Response {
    match order {
        Err(rejection) => rejection.into_response(),
        Ok(Json(order)) => {
            let mut state = app.corefy.lock();
            state.switches.apply(order);
            Json(state.switches).into_response()
        }
    }
}
