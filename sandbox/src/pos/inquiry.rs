//! `payment/inquiry/{paymentRequestId}` (paywall.md §4.3): where a sale stands.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Serialize;
use uuid::Uuid;

use super::envelope::{self, Spelling};
use super::payment::Payment;
use super::refusal::Refusal;
use super::sale::SALE;
use super::text;
use crate::app::App;
use crate::money::Amount;
use crate::paywall::api::private_keys;
use crate::paywall::currency;
use crate::time;

/// `PaymentChannelId`
const ASYNC: u8 = 1;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Record {
    payment_request_id: Uuid,
    payment_request_activity_id: Uuid,
    terminal_id: Uuid,
    merchant_unique_code: String,
    display_code: String,
    callback_address: String,
    amount: Amount,
    payment_channel_id: u8,
    payment_channel: &'static str,
    currency_id: u8,
    currency: &'static str,
    #[serde(rename = "IP")]
    ip: &'static str,
    payment_type_id: u8,
    payment_type: &'static str,
    payment_status_id: u8,
    payment_status: &'static str,
    created_date: String,
    modified_date: String,
}

pub(super) async fn handle(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let answer = || -> Result<Record, Refusal> {
        private_keys(&app, &headers)?;
        let id = Uuid::parse_str(&id).map_err(|_| Refusal::Validation)?;
        let mut state = app.pos.lock();
        let payment = state.by_id(id).ok_or(Refusal::RequestNotFound)?;
        Ok(Record::of(payment))
    };
    envelope::respond(Spelling::Pascal, answer())
}

impl Record {
    fn of(payment: &Payment) -> Self {
        let order = &payment.order;
        Self {
            payment_request_id: payment.id,
            payment_request_activity_id: payment.activity,
            terminal_id: order.terminal.id,
            merchant_unique_code: order.merchant_unique_code.clone(),
            display_code: order.display_code.clone(),
            callback_address: order.callback_address.clone(),
            amount: order.amount.clone(),
            payment_channel_id: ASYNC,
            payment_channel: "Async",
            currency_id: order.currency_id,
            currency: currency::code(order.currency_id),
            ip: "",
            payment_type_id: SALE,
            payment_type: "Sale",
            payment_status_id: payment.status.id(),
            payment_status: text::status(payment.status),
            created_date: time::without_offset(payment.created_at),
            modified_date: time::without_offset(payment.changed_at),
        }
    }
}
