//! `payment/async/sale` (paywall.md §4.1): sends a sale to a terminal.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::envelope::{self, Spelling};
use super::notify;
use super::payment::{Order, Payment};
use super::refusal::Refusal;
use super::terminals::{self, Terminal};
use crate::app::App;
use crate::money::Amount;
use crate::paywall::api::{Text, is_web_address, private_keys};

/// Characters.
const LONGEST_CODE: usize = 25;
const LONGEST_ADDRESS: usize = 150;
const LONGEST_NAME: usize = 75;

/// PhysicalAPI's currencies are the first seven of PayWall's (§4.7).
const CURRENCIES: std::ops::RangeInclusive<u8> = 1..=7;

/// Percent of VAT.
const TAX_GROUPS: [u8; 4] = [0, 1, 10, 20];

/// `PaymentTypeId` and `PaymentRequestActivityTypeId` of a sale.
pub(super) const SALE: u8 = 1;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Request {
    #[serde(default)]
    terminal_id: Text,
    #[serde(default)]
    terminal_tag_code: Text,
    #[serde(default)]
    merchant_unique_code: Text,
    amount: Amount,
    #[serde(default)]
    display_code: Text,
    /// A text in tables, a number in the sample.
    currency_id: Value,
    #[serde(default)]
    callback_address: Text,
    methods: Option<Vec<Method>>,
    customer: Option<Customer>,
    #[serde(default)]
    products: Vec<Product>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Method {
    payment_method_id: u8,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Customer {
    /// 0 unknown, 1 person, 2 company.
    r#type: u8,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Product {
    #[serde(default)]
    name: Text,
    tax_group_id: u8,
    unit_code_id: u8,
    amount: Amount,
    quantity: u32,
}

/// Of a sale and of a cancel.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Answer {
    payment_request_id: Uuid,
    payment_request_activity_id: Uuid,
    payment_request_activity_type_id: u8,
    payment_status: u8,
}

impl Answer {
    pub(super) fn of(payment: &Payment, activity_type: u8) -> Self {
        Self {
            payment_request_id: payment.id,
            payment_request_activity_id: payment.activity,
            payment_request_activity_type_id: activity_type,
            payment_status: payment.status.id(),
        }
    }
}

pub(super) async fn handle(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    envelope::respond(Spelling::Pascal, sell(&app, &headers, &body))
}

fn sell(app: &Arc<App>, headers: &HeaderMap, body: &[u8]) -> Result<Answer, Refusal> {
    private_keys(app, headers)?;
    let request: Request = envelope::read(headers, body)?;
    let order = order(request)?;
    // Told inside the lock, so that callbacks keep the order of the changes.
    let mut state = app.pos.lock();
    let payment = state.start(order, app.clock.now())?;
    notify::send(app, payment);
    Ok(Answer::of(payment, SALE))
}

fn order(request: Request) -> Result<Order, Refusal> {
    let terminal = terminal(&request.terminal_id, &request.terminal_tag_code)?;
    let code = Uuid::parse_str(&request.merchant_unique_code.0);
    let code = code.map_err(|_| Refusal::Validation)?;
    let currency_id = match &request.currency_id {
        Value::String(text) => text.parse().ok(),
        number => number.as_u64().and_then(|id| id.try_into().ok()),
    };
    let currency_id = currency_id
        .filter(|id| CURRENCIES.contains(id))
        .ok_or(Refusal::Validation)?;
    let address = &request.callback_address;
    let long = |text: &Text, most: usize| text.0.chars().count() > most;
    let methods = request.methods.as_deref().unwrap_or_default();
    let wrong = long(&request.display_code, LONGEST_CODE)
        || long(address, LONGEST_ADDRESS)
        || (!address.is_blank() && !is_web_address(address))
        || methods
            .iter()
            .any(|method| !(1..=14).contains(&method.payment_method_id))
        || request.customer.is_some_and(|customer| customer.r#type > 2);
    if wrong {
        return Err(Refusal::Validation);
    }
    check_products(&request.products, &request.amount)?;
    Ok(Order {
        terminal,
        code,
        merchant_unique_code: request.merchant_unique_code.0,
        display_code: request.display_code.0,
        amount: request.amount,
        currency_id,
        callback_address: request.callback_address.0,
    })
}

/// By exactly one of id and tag.
fn terminal(id: &Text, tag: &Text) -> Result<&'static Terminal, Refusal> {
    match (id.is_blank(), tag.is_blank()) {
        (false, true) => {
            let id = Uuid::parse_str(&id.0).map_err(|_| Refusal::Validation)?;
            terminals::by_id(id).ok_or(Refusal::TerminalNotFound)
        }
        (true, false) => terminals::by_tag(&tag.0).ok_or(Refusal::TagNotFound),
        _ => Err(Refusal::Validation),
    }
}

fn check_products(products: &[Product], amount: &Amount) -> Result<(), Refusal> {
    let wrong = |product: &Product| {
        product.name.is_blank()
            || product.name.0.chars().count() > LONGEST_NAME
            || !TAX_GROUPS.contains(&product.tax_group_id)
            || !(1..=10).contains(&product.unit_code_id)
            || product.quantity == 0
    };
    let sum = products.iter().try_fold(Decimal::ZERO, |sum, product| {
        sum.checked_add(product.amount.value())
    });
    if amount.value() <= Decimal::ZERO || products.iter().any(wrong) || sum != Some(amount.value())
    {
        return Err(Refusal::Validation);
    }
    Ok(())
}
