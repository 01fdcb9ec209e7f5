//! private/cancel (paywall.md §2.7): closes a payment under way, reverses a paid one.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Json, Response};
use jiff::civil::Date;
use serde::Deserialize;

use super::{Envelope, Text, json, private_keys, refusal::Refusal};
use crate::app::App;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Request {
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
    let done = answer.is_ok();
    let mut envelope = Envelope::of(&headers, answer);
    if done {
        // This service's sample says "Success" and has a null body.
        envelope.message = "Success";
        envelope.body = None;
    }
    Json(envelope).into_response()
}

fn cancel(app: &App, headers: &HeaderMap, body: &[u8]) -> Result<(), Refusal> {
    private_keys(app, headers)?;
    let request: Request = json(headers, body)?;
    let day = request
        .date
        .0
        .get(..10)
        .and_then(|day| day.parse::<Date>().ok());
    if day.is_none() {
        return Err(Refusal::UnexpectedParameters);
    }
    if request.merchant_unique_code.is_blank() {
        return Err(Refusal::MerchantUniqueCode);
    }
    let now = app.clock.now();
    app.paywall
        .lock()
        .by_merchant_code_mut(&request.merchant_unique_code.0)
        .ok_or(Refusal::NotFound)?
        .cancel_by_merchant(now)
}
