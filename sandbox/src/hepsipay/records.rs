//! The stand-in's own calls: `GET /sandbox/hepsipay`, its records as tests look
//! at them, and `/sandbox/hepsipay/switches`.

use std::sync::Arc;

use axum::extract;
use axum::extract::rejection::JsonRejection;
use axum::response::{IntoResponse, Json, Response};
use serde::Serialize;

use super::sale::{Phase, Sale};
use super::state::{State, SwitchOrder, Switches};
use crate::app::App;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SaleView {
    transaction_id: String,
    common_payment_unique_id: String,
    /// Kuruş.
    amount: u64,
    currency: String,
    installment: Option<u8>,
    status: Status,
    /// Kuruş.
    refunded: u64,
    /// save calls with this TransactionId, refused ones too.
    save_calls: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Status {
    Open,
    Paid,
    Declined,
    Canceled,
}

impl SaleView {
    fn of(sale: &Sale, state: &State) -> Self {
        let order = &sale.order;
        Self {
            transaction_id: order.transaction_id.clone(),
            common_payment_unique_id: sale.page_id(),
            amount: order.amount,
            currency: order.currency.clone(),
            installment: sale.installment(),
            status: match sale.phase {
                Phase::Open => Status::Open,
                Phase::Paid { .. } => Status::Paid,
                Phase::Declined { .. } => Status::Declined,
                Phase::Canceled => Status::Canceled,
            },
            refunded: sale.refunded(),
            save_calls: state.save_calls(&order.transaction_id),
        }
    }
}

/// Oldest first.
pub(super) async fn list(extract::State(app): extract::State<Arc<App>>) -> Json<Vec<SaleView>> {
    let state = app.hepsipay.lock();
    let sales = state.sales().iter();
    Json(sales.map(|sale| SaleView::of(sale, &state)).collect())
}

pub(super) async fn switches(extract::State(app): extract::State<Arc<App>>) -> Json<Switches> {
    Json(app.hepsipay.lock().switches)
}

/// Answers with all switches as they stand now, or 4xx with the reason as plain text.
pub(super) async fn switch(
    extract::State(app): extract::State<Arc<App>>,
    order: Result<Json<SwitchOrder>, JsonRejection>,
) -> Response {
    match order {
        Err(rejection) => rejection.into_response(),
        Ok(Json(order)) => {
            let mut state = app.hepsipay.lock();
            state.switches.apply(order);
            Json(state.switches).into_response()
        }
    }
}
