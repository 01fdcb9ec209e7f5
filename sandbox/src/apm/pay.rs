//! `apm/pay` and its older form `apm/pay/request/otp` (paywall.md §3.3, §3.4):
//! pays at once, or sends the payer a one-time code.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Json, Response};
use serde::Serialize;

use super::provider::{self, Dummy, Started};
use super::request::{self, BackUrls, Naming, Payer};
use super::transaction::{Failure, Phase, Transaction};
use crate::app::App;
use crate::paywall::api::Envelope;
use crate::paywall::general::General;

/// A meal card that ends so is refused when the code is asked for.
pub(super) const CARD_REFUSED: &str = "0002";

/// A meal card that ends so pays without a code.
pub(super) const CARD_WITHOUT_CODE: &str = "0003";

/// A phone that ends so is refused.
pub(super) const PHONE_REFUSED: &str = "00";

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    #[serde(flatten)]
    transaction: provider::Named,
    /// Whether `confirm/otp` has to follow.
    pending_otp_confirm: bool,
    provider_dummy_response: Dummy<Started>,
}

pub(super) async fn handle(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    Json(Envelope::of(&headers, pay(&app, &headers, &body))).into_response()
}

fn pay(app: &App, headers: &HeaderMap, body: &[u8]) -> Result<Answer, General> {
    let request = request::read(app, headers, body)?;
    let (order, payer) = request.check(Naming::Either, BackUrls::Unused, |connection| {
        connection.features.otp || connection.features.direct_pay
    })?;
    let now = app.clock.now();
    let phase = if order.connection.features.otp {
        by_code(&payer).unwrap_or_else(|| Transaction::code_sent(now))
    } else {
        at_once(&payer)
    };
    let transaction = app.apm.lock().start(&app.ids, order, phase, now)?;
    // The refused one is remembered too: the merchant may ask what became of it.
    if matches!(phase, Phase::CodeNotSent | Phase::Failed(_)) {
        return Err(General::PaymentError);
    }
    Ok(Answer {
        pending_otp_confirm: matches!(phase, Phase::CodeSent { .. }),
        provider_dummy_response: provider::started(&transaction),
        transaction: provider::named(&transaction),
    })
}

/// None: the code goes out.
fn by_code(payer: &Payer) -> Option<Phase> {
    match payer.card_number.0.trim() {
        number if number.ends_with(CARD_REFUSED) => Some(Phase::CodeNotSent),
        number if number.ends_with(CARD_WITHOUT_CODE) => Some(Phase::Paid),
        _ => None,
    }
}

fn at_once(payer: &Payer) -> Phase {
    if payer.phone.0.trim().ends_with(PHONE_REFUSED) {
        Phase::Failed(Failure::Declined)
    } else {
        Phase::Paid
    }
}
