//! The notification to the merchant's server about a transaction that has ended
//! (paywall.md §3.8). Knows the address from the settings, and no transaction's.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use serde::Serialize;
use uuid::Uuid;

use super::CALLBACK;
use super::transaction::Transaction;
use crate::app::App;
use crate::callback::{self, Message, Signing};
use crate::money::Amount;
use crate::paywall::hash::{self, Proof};
use crate::secret::Secret;
use crate::time;

/// `ApmCallbackRequestModel`
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Body<'a> {
    id: i64,
    result: bool,
    result_message: &'static str,
    currency_id: u8,
    apm_provider_id: i64,
    apm_provider_name: &'static str,
    apm_provider_connection_id: i64,
    apm_provider_connection_name: &'static str,
    amount: &'a Amount,
    unique_code: Uuid,
    merchant_unique_code: &'a str,
    callback_address: &'a str,
    date: String,
    #[serde(flatten)]
    signed: Option<Proof>,
}

/// Tells of whatever a request has ended, by whomever it came.
pub(super) async fn after(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let answer = next.run(request).await;
    let ended = app.apm.lock().just_ended(app.clock.now());
    if let Some(address) = &app.settings.apm.callback_url {
        for transaction in ended {
            callback::send(&app, CALLBACK, |signing| {
                message(&app, address, &transaction, signing)
            });
        }
    }
    answer
}

fn message(app: &App, address: &str, transaction: &Transaction, signing: Signing) -> Message {
    let order = &transaction.order;
    let paid = matches!(transaction.outcome(), Some(Ok(())));
    let forged = Secret::new("forged");
    let key = match signing {
        Signing::Right => app.settings.apm.hash_key.as_ref(),
        Signing::Forged => Some(&forged),
    };
    let proved = [
        &transaction.id.to_string(),
        &order.merchant_unique_code,
        &order.amount.text(),
    ];
    let body = Body {
        id: transaction.id,
        result: paid,
        result_message: if paid { "Success" } else { "Unsuccessful" },
        currency_id: order.currency_id,
        apm_provider_id: order.connection.provider_id,
        apm_provider_name: order.connection.name,
        apm_provider_connection_id: order.connection.id,
        apm_provider_connection_name: order.connection.name,
        amount: &order.amount,
        unique_code: transaction.unique_code,
        merchant_unique_code: &order.merchant_unique_code,
        callback_address: address,
        date: time::without_offset(transaction.ended_at.unwrap_or(transaction.created_at)),
        signed: key.map(|key| hash::APM.prove(key, &proved.map(String::as_str))),
    };
    Message::json(address, &body)
}
