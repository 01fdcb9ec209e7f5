//! `apm/query` (paywall.md §3.6): what became of a transaction.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Json, Response};
use serde::Serialize;
use uuid::Uuid;

use super::text;
use super::transaction::Transaction;
use crate::app::App;
use crate::money::Amount;
use crate::paywall::api::{Envelope, public_keys, text_header};
use crate::paywall::general::General;
use crate::time;

/// `ChannelType` of a payment by the API.
const API: u8 = 1;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Record {
    apm_connection_id: i64,
    apm_provider_key: &'static str,
    apm_transaction_id: i64,
    currency_id: u8,
    merchant_unique_code: String,
    unique_code: Uuid,
    merchant_success_back_url: String,
    merchant_fail_back_url: String,
    amount: Amount,
    description: String,
    channel_type: u8,
    status_id: u8,
    status: &'static str,
    type_id: u8,
    r#type: &'static str,
    ip: &'static str,
    date_time: String,
}

pub(super) async fn handle(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    let answer = || -> Result<Record, General> {
        public_keys(&app, &headers)?;
        let code = text_header(&headers, "merchantuniquecode").ok_or(General::InvalidData)?;
        let mut state = app.apm.lock();
        let found = state.by_merchant_code(code, app.clock.now());
        found
            .map(|transaction| Record::of(transaction))
            .ok_or(General::ApmTransactionNotFound)
    };
    Json(Envelope::of(&headers, answer())).into_response()
}

impl Record {
    fn of(transaction: &Transaction) -> Self {
        let order = &transaction.order;
        Self {
            apm_connection_id: order.connection.id,
            apm_provider_key: order.connection.key,
            apm_transaction_id: transaction.id,
            currency_id: order.currency_id,
            merchant_unique_code: order.merchant_unique_code.clone(),
            unique_code: transaction.unique_code,
            merchant_success_back_url: order.success_url.clone(),
            merchant_fail_back_url: order.fail_url.clone(),
            amount: order.amount.clone(),
            description: order.description.clone(),
            channel_type: API,
            status_id: transaction.phase.status_id(),
            status: text::status(transaction.phase),
            type_id: transaction.phase.type_id(),
            r#type: text::kind(transaction.phase),
            ip: "",
            date_time: time::without_offset(transaction.created_at),
        }
    }
}
