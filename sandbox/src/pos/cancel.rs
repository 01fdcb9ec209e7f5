//! `payment/async/cancel` (paywall.md §4.2): withdraws a sale that is not paid.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;
use uuid::Uuid;

use super::envelope::{self, Spelling};
use super::notify;
use super::refusal::Refusal;
use super::sale::Answer;
use crate::app::App;
use crate::paywall::api::private_keys;

/// `PaymentRequestActivityTypeId`
const CANCEL: u8 = 2;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Request {
    payment_request_id: Uuid,
}

pub(super) async fn handle(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    // This service's sample is in camelCase.
    envelope::respond(Spelling::Camel, cancel(&app, &headers, &body))
}

fn cancel(app: &Arc<App>, headers: &HeaderMap, body: &[u8]) -> Result<Answer, Refusal> {
    private_keys(app, headers)?;
    let request: Request = envelope::read(headers, body)?;
    let mut state = app.pos.lock();
    let payment = state
        .by_id(request.payment_request_id)
        .ok_or(Refusal::RequestNotFound)?;
    payment.cancel(app.clock.now())?;
    notify::send(app, payment);
    Ok(Answer::of(payment, CANCEL))
}
