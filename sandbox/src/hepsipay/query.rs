//! query (hepsipay.md §8): how a common payment stands.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Json, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::refusal::Refusal;
use super::sale::Sale;
use super::signature::{Algorithm, Signer, same};
use super::state::{QueryPage, QueryX, Switches};
use super::text::{self, Say};
use super::wire::{self, Text};
use super::{Spelling, check_api_key, refused, signer};
use crate::app::App;

#[derive(Deserialize)]
struct Request {
    #[serde(default, rename = "apikey")]
    api_key: Text,
    #[serde(default, rename = "transactionid")]
    transaction_id: Text,
    #[serde(default, rename = "commonpaymentuniqueid")]
    page: Text,
    #[serde(default)]
    signature: Text,
    #[serde(rename = "hashversion")]
    hash_version: Option<Text>,
}

pub(super) async fn handle(State(app): State<Arc<App>>, body: Bytes) -> Response {
    match query(&app, &body) {
        Ok(answer) => Json(answer).into_response(),
        Err(refusal) => refused(&app, refusal, Spelling::Camel),
    }
}

fn query(app: &App, body: &[u8]) -> Result<Value, Refusal> {
    let request: Request = wire::read(body)?;
    check_api_key(app, &request.api_key)?;
    let hash_version = request.hash_version.map(|version| version.0);
    let signer = signer(app, Algorithm::of(hash_version.as_deref()));
    let wanted = signer.query_request(&request.transaction_id.0, &request.page.0);
    if !same(&request.signature.0, &wanted) {
        return Err(Refusal::Signature);
    }
    let state = app.hepsipay.lock();
    let nameless = request.page.0.is_empty();
    if nameless && state.switches.query_page == QueryPage::Required {
        return Err(Refusal::Field("CommonPaymentUniqueId"));
    }
    let asked = |sale: &&Sale| {
        sale.order.transaction_id == request.transaction_id.0
            && (nameless || sale.page_id() == request.page.0)
    };
    let sale = state.sales().iter().find(asked);
    let sale = sale.ok_or(Refusal::UnknownPayment)?;
    let api_key = app.settings.hepsipay.api_key.reveal();
    Ok(answer(sale, signer, state.switches, api_key))
}

/// `success` and `messageCode` speak of the question, the payment has its own
/// code and message.
fn answer(sale: &Sale, signer: Signer<'_>, switches: Switches, api_key: &str) -> Value {
    let Say { message, user } = text::SUCCESS;
    let mut answer = json!({
        "amount": sale.order.amount,
        "apiKey": api_key,
        "commonPaymentUniqueId": sale.page_id(),
        "currency": sale.order.currency,
        "installment": sale.installment(),
        "signature": sign(sale, signer, switches.query_x),
        "transactionId": sale.order.transaction_id,
        "transactionTime": sale.order.transaction_time,
        "status": sale.status(),
        "success": true,
        "messageCode": "0000",
        "message": message,
        "userMessage": user,
        "paymentTransactionReponseMessage": sale.code().map(|code| text::end(code).message),
    });
    if let Some(fields) = answer.as_object_mut() {
        fields.insert(switches.code_key.spelled().to_owned(), json!(sale.code()));
    }
    answer
}

/// Signs as the query's answer is signed; the return form is signed alike.
pub(super) fn sign(sale: &Sale, signer: Signer<'_>, x: QueryX) -> String {
    let code = sale.code().unwrap_or_default();
    let x = match x {
        QueryX::Code => code,
        QueryX::Message => text::end(code).message,
    };
    signer.query_response(sale.parts(), &sale.page_id(), x)
}
