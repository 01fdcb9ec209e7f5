//! `apm/refund`, `apm/refund/partial` and `apm/complete` (paywall.md §3.6).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Json, Response};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::confirm::{Answer, unique_code};
use super::provider;
use super::transaction::Transaction;
use crate::app::App;
use crate::money::Amount;
use crate::paywall::api::{Envelope, Text, json, public_keys};
use crate::paywall::general::General;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Whole {
    #[serde(default)]
    unique_code: Text,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Partial {
    #[serde(default)]
    unique_code: Text,
    amount: Amount,
}

pub(super) async fn whole(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let answer = read(&app, &headers, &body).and_then(|request: Whole| {
        change(&app, &request.unique_code, |transaction| {
            transaction.refund(None).map(Amount::of)
        })
    });
    Json(Envelope::of(&headers, answer)).into_response()
}

pub(super) async fn partial(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let answer = read(&app, &headers, &body).and_then(|request: Partial| {
        change(&app, &request.unique_code, |transaction| {
            transaction.refund(Some(request.amount.value()))?;
            Ok(request.amount.clone())
        })
    });
    Json(Envelope::of(&headers, answer)).into_response()
}

pub(super) async fn complete(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let answer = read(&app, &headers, &body).and_then(|request: Whole| {
        change(&app, &request.unique_code, |transaction| {
            transaction.complete()?;
            Ok(transaction.order.amount.clone())
        })
    });
    Json(Envelope::of(&headers, answer)).into_response()
}

fn read<T: DeserializeOwned>(app: &App, headers: &HeaderMap, body: &[u8]) -> Result<T, General> {
    public_keys(app, headers)?;
    Ok(json(headers, body)?)
}

/// `deed` tells the amount that it moved.
fn change(
    app: &App,
    code: &Text,
    deed: impl FnOnce(&mut Transaction) -> Result<Amount, General>,
) -> Result<Answer, General> {
    let code = unique_code(code)?;
    let mut state = app.apm.lock();
    let transaction = state
        .by_unique_code(code, app.clock.now())
        .ok_or(General::ApmTransactionNotFound)?;
    let amount = deed(transaction)?;
    Ok(Answer {
        transaction: provider::named(transaction),
        provider_dummy_response: provider::done(transaction, amount),
    })
}
