//! private/cancel (paywall.md §2.7): closes a payment under way, reverses a paid one.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Json, Response};
use jiff::civil::Date;
use serde::Deserialize;

use super::api::{Envelope, Text, json, private_keys};
use super::refusal::Refusal;
use crate::app::App;

/// Of cancel and of a whole refund.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Request {
    /// Begins with `yyyy-MM-dd`. Which day it has to be is not documented, so
    /// any is taken.
    #[serde(default)]
    date: Text,
    #[serde(default)]
    merchant_unique_code: Text,
}

pub(super) async fn handle(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let answer = cancel(&app, &headers, &body);
    Json(Envelope::of(&headers, answer).bare()).into_response()
}

fn cancel(app: &App, headers: &HeaderMap, body: &[u8]) -> Result<(), Refusal> {
    private_keys(app, headers)?;
    let code = code(json(headers, body)?)?;
    let now = app.clock.now();
    app.paywall
        .lock()
        .by_merchant_code_mut(&code)
        .ok_or(Refusal::NotFound)?
        .cancel_by_merchant(now)
}

/// The MerchantUniqueCode of a request that has the fields it needs.
pub(super) fn code(request: Request) -> Result<String, Refusal> {
    checked(&request.date, request.merchant_unique_code)
}

pub(super) fn checked(date: &Text, merchant_unique_code: Text) -> Result<String, Refusal> {
    let day = date.0.get(..10).and_then(|day| day.parse::<Date>().ok());
    if day.is_none() {
        return Err(Refusal::UnexpectedParameters);
    }
    if merchant_unique_code.is_blank() {
        return Err(Refusal::MerchantUniqueCode);
    }
    Ok(merchant_unique_code.0)
}
