//! The callback to CallbackAddress (paywall.md §4.6), at every change of status.

use std::sync::Arc;

use serde::Serialize;
use uuid::Uuid;

use super::payment::{Payment, Status};
use super::sale::SALE;
use super::terminals::CONNECTION;
use super::{CALLBACK, text};
use crate::app::App;
use crate::callback::{self, Message, Signing};
use crate::money::Amount;
use crate::paywall::hash::{self, Proof};
use crate::secret::Secret;

/// `PhysicalPosCallbackModel`
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Body<'a> {
    connection_id: Uuid,
    terminal_id: Uuid,
    payment_request_id: Uuid,
    payment_request_activity_id: Uuid,
    payment_type_id: u8,
    payment_status_id: u8,
    merchant_unique_code: &'a str,
    display_code: &'a str,
    amount: &'a Amount,
    /// Why it failed; null when it did not.
    message: Option<&'static str>,
    #[serde(flatten)]
    signed: Option<Proof>,
}

/// Nothing is sent to a merchant that gave no address.
pub(super) fn send(app: &Arc<App>, payment: &Payment) {
    if payment.order.callback_address.is_empty() {
        return;
    }
    callback::send(app, CALLBACK, |signing| message(app, payment, signing));
}

fn message(app: &App, payment: &Payment, signing: Signing) -> Message {
    let order = &payment.order;
    let failed = matches!(payment.status, Status::Failed | Status::NotSentToDevice);
    let forged = Secret::new("forged");
    let key = match signing {
        Signing::Right => app.settings.pos.hash_key.as_ref(),
        Signing::Forged => Some(&forged),
    };
    let proved = [
        &payment.id.to_string(),
        &order.merchant_unique_code,
        &order.amount.text(),
    ];
    let body = Body {
        connection_id: CONNECTION,
        terminal_id: order.terminal.id,
        payment_request_id: payment.id,
        payment_request_activity_id: payment.activity,
        payment_type_id: SALE,
        payment_status_id: payment.status.id(),
        merchant_unique_code: &order.merchant_unique_code,
        display_code: &order.display_code,
        amount: &order.amount,
        message: failed.then(|| text::failure(payment.status)),
        signed: key.map(|key| hash::PHYSICAL_POS.prove(key, &proved.map(String::as_str))),
    };
    Message::json(&order.callback_address, &body)
}
