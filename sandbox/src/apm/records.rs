//! `GET /sandbox/apm`: transactions as tests look at them.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Json;
use serde::Serialize;
use uuid::Uuid;

use super::transaction::Transaction;
use crate::app::App;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct View {
    merchant_unique_code: String,
    unique_code: Uuid,
    apm_transaction_id: i64,
    apm_key: &'static str,
    connection_id: i64,
    status_id: u8,
    type_id: u8,
    /// As sent, `"10.50"`.
    amount: String,
    refunded: String,
    /// Empty without a card.
    masked_card: String,
}

/// Oldest first.
pub(super) async fn list(State(app): State<Arc<App>>) -> Json<Vec<View>> {
    let mut state = app.apm.lock();
    Json(state.all(app.clock.now()).iter().map(View::of).collect())
}

impl View {
    fn of(transaction: &Transaction) -> Self {
        let order = &transaction.order;
        Self {
            merchant_unique_code: order.merchant_unique_code.clone(),
            unique_code: transaction.unique_code,
            apm_transaction_id: transaction.id,
            apm_key: order.connection.key,
            connection_id: order.connection.id,
            status_id: transaction.phase.status_id(),
            type_id: transaction.phase.type_id(),
            amount: order.amount.text(),
            refunded: transaction.refunded().to_string(),
            masked_card: order.masked_card.clone(),
        }
    }
}
