//! The sandbox's own calls, which PayWall does not have: what happened so far,
//! and faults to order. And the start page for people.

mod start_page;

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Json, Response};
use axum::routing::get;
use axum::{Router, extract::rejection::JsonRejection};
use maud::Markup;
use serde::Serialize;
use uuid::Uuid;

use crate::faults::FaultOrder;
use crate::payment::Payment;
use crate::state::{App, Call, Store};

pub(crate) fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/", get(start))
        .route("/sandbox/payments", get(payments))
        .route("/sandbox/calls", get(calls))
        .route(
            "/sandbox/faults",
            get(faults).post(order_fault).delete(clear_faults),
        )
}

/// A payment as tests and the start page look at it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PaymentView {
    merchant_unique_code: String,
    payment_id: i64,
    unique_code: Uuid,
    status_id: u8,
    type_id: u8,
    /// As sent, `"10.50"`.
    amount: String,
    currency_id: u8,
    installment: u8,
    masked_card: String,
    used_temp_card: bool,
    /// start3d calls with this MerchantUniqueCode, refused ones too.
    start_calls: u32,
}

impl PaymentView {
    fn of(payment: &Payment, store: &Store) -> Self {
        let order = &payment.order;
        Self {
            merchant_unique_code: order.merchant_unique_code.clone(),
            payment_id: payment.payment_id,
            unique_code: payment.unique_code,
            status_id: payment.phase.status_id(),
            type_id: payment.phase.type_id(),
            amount: order.amount.text(),
            currency_id: order.currency_id,
            installment: order.installment,
            masked_card: payment.card.masked.clone(),
            used_temp_card: payment.used_temp_card,
            start_calls: store.start_calls(&order.merchant_unique_code),
        }
    }
}

/// Oldest first.
async fn payments(State(app): State<Arc<App>>) -> Json<Vec<PaymentView>> {
    let store = app.store();
    Json(
        store
            .payments()
            .iter()
            .map(|payment| PaymentView::of(payment, &store))
            .collect(),
    )
}

/// Oldest first.
async fn calls(State(app): State<Arc<App>>) -> Json<Vec<Call>> {
    Json(app.store().calls())
}

async fn faults(State(app): State<Arc<App>>) -> Json<Vec<FaultOrder>> {
    Json(app.faults.waiting())
}

/// 202, or 4xx with the reason as plain text.
async fn order_fault(
    State(app): State<Arc<App>>,
    order: Result<Json<FaultOrder>, JsonRejection>,
) -> Response {
    match order {
        Err(rejection) => rejection.into_response(),
        Ok(Json(order)) => match app.faults.order(order) {
            Ok(()) => StatusCode::ACCEPTED.into_response(),
            Err(reason) => (StatusCode::UNPROCESSABLE_ENTITY, reason).into_response(),
        },
    }
}

async fn clear_faults(State(app): State<Arc<App>>) -> StatusCode {
    app.faults.clear();
    StatusCode::NO_CONTENT
}

async fn start(State(app): State<Arc<App>>) -> Markup {
    start_page::draw(&app)
}
