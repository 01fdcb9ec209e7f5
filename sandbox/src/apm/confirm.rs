//! `apm/pay/confirm/otp` (paywall.md §3.5): the payer's one-time code.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Json, Response};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::provider::{self, Done, Dummy};
use crate::app::App;
use crate::paywall::api::{Envelope, Text, json, public_keys};
use crate::paywall::general::General;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Request {
    #[serde(default)]
    unique_code: Text,
    #[serde(default)]
    otp: Text,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Answer {
    #[serde(flatten)]
    pub(super) transaction: provider::Named,
    pub(super) provider_dummy_response: Dummy<Done>,
}

pub(super) async fn handle(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    Json(Envelope::of(&headers, confirm(&app, &headers, &body))).into_response()
}

fn confirm(app: &App, headers: &HeaderMap, body: &[u8]) -> Result<Answer, General> {
    public_keys(app, headers)?;
    let request: Request = json(headers, body)?;
    let code: String = request.otp.0.split_whitespace().collect();
    if code.is_empty() {
        return Err(General::InvalidData);
    }
    let unique_code = unique_code(&request.unique_code)?;
    let now = app.clock.now();
    let mut state = app.apm.lock();
    let transaction = state
        .by_unique_code(unique_code, now)
        .ok_or(General::ApmTransactionNotFound)?;
    transaction.confirm(&code, now)?;
    Ok(Answer {
        transaction: provider::named(transaction),
        provider_dummy_response: provider::done(transaction, transaction.order.amount.clone()),
    })
}

/// PayWall's own number, as every later call names a transaction.
pub(super) fn unique_code(text: &Text) -> Result<Uuid, General> {
    if text.is_blank() {
        return Err(General::InvalidData);
    }
    Uuid::parse_str(&text.0).map_err(|_| General::ApmTransactionNotFound)
}
