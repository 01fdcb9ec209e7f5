//! `GET /sandbox/payments`: card payments as tests look at them.

use std::sync::Arc;

use axum::extract;
use axum::response::Json;
use serde::Serialize;
use uuid::Uuid;

use super::payment::Payment;
use super::state::State;
use crate::app::App;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PaymentView {
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
    fn of(payment: &Payment, store: &State) -> Self {
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
pub(super) async fn list(extract::State(app): extract::State<Arc<App>>) -> Json<Vec<PaymentView>> {
    let store = app.paywall.lock();
    Json(
        store
            .payments()
            .iter()
            .map(|payment| PaymentView::of(payment, &store))
            .collect(),
    )
}
