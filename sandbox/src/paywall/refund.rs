//! private/refund, private/refund/partial and private/revert (paywall.md §2.7):
//! gives back what was paid.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Json, Response};
use rust_decimal::Decimal;
use serde::Deserialize;
use uuid::Uuid;

use super::api::{Envelope, Text, json, private_keys};
use super::cancel;
use super::refusal::Refusal;
use crate::app::App;
use crate::money::Amount;
use crate::time;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Partial {
    #[serde(default)]
    date: Text,
    #[serde(default)]
    merchant_unique_code: Text,
    amount: Amount,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Revert {
    #[serde(default)]
    unique_code: Text,
    #[serde(default)]
    merchant_unique_code: Text,
    /// 0 is all.
    amount: Amount,
}

pub(super) async fn whole(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let answer = || -> Result<(), Refusal> {
        private_keys(&app, &headers)?;
        let code = cancel::code(json(&headers, &body)?)?;
        refund(&app, &code, None)
    };
    Json(Envelope::of(&headers, answer()).bare()).into_response()
}

pub(super) async fn partial(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let answer = || -> Result<(), Refusal> {
        private_keys(&app, &headers)?;
        let request: Partial = json(&headers, &body)?;
        let code = cancel::checked(&request.date, request.merchant_unique_code)?;
        refund(&app, &code, Some(request.amount.value()))
    };
    Json(Envelope::of(&headers, answer()).bare()).into_response()
}

pub(super) async fn revert(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let answer = revert_payment(&app, &headers, &body);
    Json(Envelope::of(&headers, answer).bare()).into_response()
}

fn refund(app: &App, code: &str, amount: Option<Decimal>) -> Result<(), Refusal> {
    let now = app.clock.now();
    app.paywall
        .lock()
        .by_merchant_code_mut(code)
        .ok_or(Refusal::NotFound)?
        .refund(amount, now)
}

/// The whole of an untouched payment on the day it was paid is a cancel,
/// everything else a refund.
fn revert_payment(app: &App, headers: &HeaderMap, body: &[u8]) -> Result<(), Refusal> {
    private_keys(app, headers)?;
    let request: Revert = json(headers, body)?;
    if request.merchant_unique_code.is_blank() {
        return Err(Refusal::MerchantUniqueCode);
    }
    let unique_code = Uuid::parse_str(&request.unique_code.0);
    let unique_code = unique_code.map_err(|_| Refusal::UnexpectedParameters)?;
    let now = app.clock.now();
    let mut state = app.paywall.lock();
    let payment = state
        .by_merchant_code_mut(&request.merchant_unique_code.0)
        .filter(|payment| payment.unique_code == unique_code)
        .ok_or(Refusal::NotFound)?;
    let amount = Some(request.amount.value()).filter(|amount| !amount.is_zero());
    let today = payment
        .bank_result()
        .is_none_or(|result| time::same_day(result.at, now));
    let untouched = payment.refundable().value() == payment.charged().value();
    let all = amount.is_none_or(|amount| amount == payment.charged().value());
    if today && all && (untouched || !payment.was_paid()) {
        payment.cancel_by_merchant(now)
    } else {
        payment.refund(amount.filter(|_| !all), now)
    }
}
