//! refund (hepsipay.md §9): gives back a paid sale, or a part of it.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Json, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::refusal::Refusal;
use super::save::{amount, currency, transaction_id, transaction_time};
use super::signature::{Algorithm, RefundParts, same};
use super::state::RefundMode;
use super::text::{self, Say};
use super::wire::{self, Text, Whole};
use super::{Spelling, check_api_key, refused, signer};
use crate::app::App;

#[derive(Deserialize)]
struct Request {
    version: Text,
    #[serde(default, rename = "apikey")]
    api_key: Text,
    #[serde(default, rename = "transactionid")]
    transaction_id: Text,
    #[serde(default, rename = "referencetransactionid")]
    reference_transaction_id: Text,
    #[serde(default, rename = "transactiontime")]
    transaction_time: Text,
    #[serde(default)]
    signature: Text,
    #[serde(rename = "hashversion")]
    hash_version: Option<Text>,
    amount: Whole,
    #[serde(default)]
    currency: Text,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    api_key: String,
    transaction_id: String,
    reference_transaction_id: String,
    transaction_time: String,
    /// None while it waits for an approval: nothing is done yet.
    signature: Option<String>,
    amount: u64,
    currency: String,
    extra: [Value; 0],
    waiting_approval: bool,
    success: bool,
    message_code: &'static str,
    message: &'static str,
    user_message: &'static str,
}

pub(super) async fn handle(State(app): State<Arc<App>>, body: Bytes) -> Response {
    match refund(&app, &body) {
        Ok(answer) => Json(answer).into_response(),
        Err(refusal) => refused(&app, refusal, Spelling::Pascal),
    }
}

fn refund(app: &App, body: &[u8]) -> Result<Answer, Refusal> {
    let request: Request = wire::read(body)?;
    check_api_key(app, &request.api_key)?;
    if request.version.0 != "1.0" {
        return Err(Refusal::Field("Version"));
    }
    let transaction_id = transaction_id(request.transaction_id, "TransactionId")?;
    let reference_transaction_id =
        self::transaction_id(request.reference_transaction_id, "ReferenceTransactionId")?;
    let transaction_time = transaction_time(request.transaction_time)?;
    let amount = amount(request.amount)?;
    let currency = currency(request.currency)?;
    let parts = RefundParts {
        transaction_id: &transaction_id,
        reference_transaction_id: &reference_transaction_id,
        transaction_time: &transaction_time,
        amount,
        currency: &currency,
    };
    let hash_version = request.hash_version.map(|version| version.0);
    let signer = signer(app, Algorithm::of(hash_version.as_deref()));
    if !same(&request.signature.0, &signer.refund_request(parts)) {
        return Err(Refusal::Signature);
    }

    let mut state = app.hepsipay.lock();
    state.refund(
        &transaction_id,
        &reference_transaction_id,
        amount,
        &currency,
    )?;
    let waiting_approval = state.switches.refund == RefundMode::Waiting;
    let signature = (!waiting_approval).then(|| signer.refund_response(parts, "0000"));
    let Say { message, user } = text::SUCCESS;
    Ok(Answer {
        api_key: app.settings.hepsipay.api_key.reveal().to_owned(),
        signature,
        transaction_id,
        reference_transaction_id,
        transaction_time,
        amount,
        currency,
        extra: [],
        waiting_approval,
        success: true,
        message_code: "0000",
        message,
        user_message: user,
    })
}
