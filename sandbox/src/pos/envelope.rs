//! PhysicalAPI's envelope (paywall.md §0.3) in both its spellings, and requests
//! in either.

use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Json, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::refusal::Refusal;
use crate::paywall::api;

/// How the keys of an answer are spelled: each service as its sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spelling {
    /// `PaymentRequestId`
    Pascal,
    /// `paymentRequestId`
    Camel,
}

/// HTTP 200, refused or not.
pub(super) fn respond<T: Serialize>(spelling: Spelling, answer: Result<T, Refusal>) -> Response {
    let envelope = match answer {
        Ok(result) => json!({
            "Result": result, "Failed": false, "Message": null, "ClientMessage": null,
            "Succeeded": true,
        }),
        Err(refusal) => refused(refusal.words(), refusal.code()),
    };
    let envelope = match spelling {
        Spelling::Pascal => envelope,
        Spelling::Camel => respelled(envelope, |first| first.to_ascii_lowercase()),
    };
    Json(envelope).into_response()
}

fn refused(message: &str, code: &str) -> Value {
    json!({
        "Result": null, "Failed": true, "Message": message, "ClientMessage": code,
        "Succeeded": false,
    })
}

/// A call that the sandbox does not have must not look like a refusal of one it has.
pub(super) async fn not_implemented() -> Response {
    let envelope = refused(super::text::NOT_IMPLEMENTED, "System.ServerError");
    (StatusCode::NOT_IMPLEMENTED, Json(envelope)).into_response()
}

/// Reads a body whose keys are spelled in either way.
pub(super) fn read<T: DeserializeOwned>(headers: &HeaderMap, body: &[u8]) -> Result<T, Refusal> {
    let sent: Value = api::json(headers, body)?;
    let pascal = respelled(sent, |first| first.to_ascii_uppercase());
    serde_json::from_value(pascal).map_err(|_| Refusal::Validation)
}

/// With the first letter of every key, at every depth, turned by `turn`.
fn respelled(value: Value, turn: fn(char) -> char) -> Value {
    let key = |key: String| {
        let mut letters = key.chars();
        let first: String = letters.next().map(turn).into_iter().collect();
        first + letters.as_str()
    };
    match value {
        Value::Object(fields) => fields
            .into_iter()
            .map(|(name, value)| (key(name), respelled(value, turn)))
            .collect(),
        Value::Array(items) => items
            .into_iter()
            .map(|item| respelled(item, turn))
            .collect(),
        other => other,
    }
}
