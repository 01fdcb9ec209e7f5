//! `apm/pay/byid` and `apm/pay/bykey` (paywall.md §3.2): the payer pays on the
//! provider's page.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Json, Response};
use serde::Serialize;
use uuid::Uuid;

use super::request::{self, BackUrls, Naming};
use super::transaction::Phase;
use crate::app::App;
use crate::money::Amount;
use crate::paywall::api::Envelope;
use crate::paywall::general::General;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    redirect_url: String,
    transaction: AnswerTransaction,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct AnswerTransaction {
    apm_transaction_id: i64,
    unique_code: Uuid,
    merchant_unique_code: String,
    amount: Amount,
}

pub(super) async fn by_id(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let answer = start(&app, &headers, &body, Naming::Id);
    Json(Envelope::of(&headers, answer)).into_response()
}

pub(super) async fn by_key(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let answer = start(&app, &headers, &body, Naming::Key);
    Json(Envelope::of(&headers, answer)).into_response()
}

fn start(app: &App, headers: &HeaderMap, body: &[u8], naming: Naming) -> Result<Answer, General> {
    let request = request::read(app, headers, body)?;
    let (order, _) = request.check(naming, BackUrls::Needed, |connection| {
        connection.features.checkout
    })?;
    let now = app.clock.now();
    let transaction = app.apm.lock().start(&app.ids, order, Phase::Created, now)?;
    Ok(Answer {
        redirect_url: format!(
            "{}/paywall/callbackapm?UniqueNumber={}",
            app.public_url, transaction.unique_code
        ),
        transaction: AnswerTransaction {
            apm_transaction_id: transaction.id,
            unique_code: transaction.unique_code,
            merchant_unique_code: transaction.order.merchant_unique_code,
            amount: transaction.order.amount,
        },
    })
}
