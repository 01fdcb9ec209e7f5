//! save (hepsipay.md §2, §3): keeps the order and answers with the page's id.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::Uri;
use axum::response::{IntoResponse, Json, Response};
use serde::{Deserialize, Serialize};

use super::refusal::Refusal;
use super::sale::{Order, Sale};
use super::signature::{Algorithm, SaleParts, same};
use super::text::{self, Say};
use super::wire::{self, Text, Whole};
use super::{Spelling, check_api_key, refused, signer};
use crate::app::App;

/// The table of limits says 40, the printed sample has 42.
pub(super) const LONGEST_TRANSACTION_ID: usize = 42;

const LONGEST_ADDRESS: usize = 2_000;

#[derive(Deserialize)]
struct Request {
    version: Text,
    #[serde(default, rename = "apikey")]
    api_key: Text,
    #[serde(default, rename = "transactionid")]
    transaction_id: Text,
    #[serde(default, rename = "transactiontime")]
    transaction_time: Text,
    #[serde(default)]
    signature: Text,
    #[serde(rename = "hashversion")]
    hash_version: Option<Text>,
    #[serde(default)]
    description: Text,
    installment: Option<Whole>,
    amount: Whole,
    #[serde(default)]
    currency: Text,
    #[serde(rename = "basketitems")]
    basket_items: Option<Vec<BasketItem>>,
    customer: Option<Customer>,
    #[serde(rename = "shippingaddress")]
    shipping_address: Option<Address>,
    #[serde(rename = "invoiceaddress")]
    invoice_address: Option<Address>,
    extras: Option<Vec<Extra>>,
    #[serde(default, rename = "returnurl")]
    return_url: Text,
    #[serde(rename = "hasinstallmentchoice")]
    has_installment_choice: Option<bool>,
    #[serde(rename = "commissionamountreflect")]
    commission_amount_reflect: Option<Whole>,
}

#[derive(Deserialize)]
struct BasketItem {
    #[serde(default, rename = "basketitemid")]
    id: Text,
    #[serde(default)]
    description: Text,
    #[serde(default, rename = "productcode")]
    product_code: Text,
    amount: Option<Whole>,
    count: Option<Whole>,
}

#[derive(Deserialize)]
struct Customer {
    #[serde(default)]
    name: Text,
    #[serde(default)]
    surname: Text,
    #[serde(default, rename = "phonenumber")]
    phone_number: Text,
    #[serde(default)]
    code: Text,
}

#[derive(Deserialize)]
struct Address {
    #[serde(default)]
    name: Text,
    #[serde(default)]
    address: Text,
    #[serde(default)]
    country: Text,
    #[serde(default)]
    city: Text,
}

#[derive(Deserialize)]
struct Extra {
    #[serde(default)]
    key: Text,
    #[serde(default)]
    value: Text,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    common_payment_unique_id: String,
    signature: String,
    api_key: String,
    transaction_id: String,
    amount: u64,
    currency: String,
    transaction_time: String,
    installment: Option<u8>,
    success: bool,
    message_code: &'static str,
    message: &'static str,
    user_message: &'static str,
}

pub(super) async fn handle(State(app): State<Arc<App>>, body: Bytes) -> Response {
    match save(&app, &body) {
        Ok(answer) => Json(answer).into_response(),
        Err(refusal) => refused(&app, refusal, Spelling::Camel),
    }
}

fn save(app: &App, body: &[u8]) -> Result<Answer, Refusal> {
    let request: Request = wire::read(body)?;
    app.hepsipay.lock().count_save(&request.transaction_id.0);
    check_api_key(app, &request.api_key)?;
    check_limits(&request)?;
    let sent = request.signature.clone();
    let order = order(request)?;
    let signer = signer(app, order.algorithm);
    if !same(&sent.0, &signer.save_request(parts(&order))) {
        return Err(Refusal::Signature);
    }
    let mut state = app.hepsipay.lock();
    let sale: &Sale = state.save(order)?;
    let Say { message, user } = text::SUCCESS;
    Ok(Answer {
        common_payment_unique_id: sale.page_id(),
        signature: signer.save_response(sale.parts(), &sale.page_id()),
        api_key: app.settings.hepsipay.api_key.reveal().to_owned(),
        transaction_id: sale.order.transaction_id.clone(),
        amount: sale.order.amount,
        currency: sale.order.currency.clone(),
        transaction_time: sale.order.transaction_time.clone(),
        installment: sale.order.installment,
        success: true,
        message_code: "0000",
        message,
        user_message: user,
    })
}

fn parts(order: &Order) -> SaleParts<'_> {
    SaleParts {
        transaction_id: &order.transaction_id,
        transaction_time: &order.transaction_time,
        amount: order.amount,
        currency: &order.currency,
        installment: order.installment,
    }
}

fn order(request: Request) -> Result<Order, Refusal> {
    let hash_version = request.hash_version.map(|version| version.0);
    Ok(Order {
        transaction_id: transaction_id(request.transaction_id, "TransactionId")?,
        transaction_time: transaction_time(request.transaction_time)?,
        amount: amount(request.amount)?,
        currency: currency(request.currency)?,
        installment: request.installment.map(installment).transpose()?,
        installment_choice: request.has_installment_choice.unwrap_or(false),
        description: request.description.0,
        return_url: return_url(request.return_url)?,
        extras: request
            .extras
            .unwrap_or_default()
            .into_iter()
            .map(|extra| (extra.key.0, extra.value.0))
            .collect(),
        algorithm: Algorithm::of(hash_version.as_deref()),
    })
}

pub(super) fn transaction_id(text: Text, field: &'static str) -> Result<String, Refusal> {
    if text.0.trim().is_empty() || text.is_longer_than(LONGEST_TRANSACTION_ID) {
        return Err(Refusal::Field(field));
    }
    Ok(text.0)
}

/// Whole seconds: ten digits until the year 2286. Milliseconds would be thirteen.
pub(super) fn transaction_time(text: Text) -> Result<String, Refusal> {
    let seconds = text.0.len() == 10 && text.0.bytes().all(|byte| byte.is_ascii_digit());
    seconds
        .then_some(text.0)
        .ok_or(Refusal::Field("TransactionTime"))
}

pub(super) fn amount(amount: Whole) -> Result<u64, Refusal> {
    // Beyond this the page could not show it as a decimal.
    let payable = 1..=999_999_999_999;
    payable
        .contains(&amount.0)
        .then_some(amount.0)
        .ok_or(Refusal::Field("Amount"))
}

pub(super) fn currency(text: Text) -> Result<String, Refusal> {
    (text.0 == "TRY")
        .then_some(text.0)
        .ok_or(Refusal::Field("Currency"))
}

fn installment(count: Whole) -> Result<u8, Refusal> {
    u8::try_from(count.0)
        .ok()
        .filter(|count| (1..=12).contains(count))
        .ok_or(Refusal::Field("Installment"))
}

fn return_url(text: Text) -> Result<String, Refusal> {
    let is_web = |uri: Uri| matches!(uri.scheme_str(), Some("http" | "https"));
    let address = !text.is_longer_than(LONGEST_ADDRESS) && text.0.parse().is_ok_and(is_web);
    address.then_some(text.0).ok_or(Refusal::Field("ReturnUrl"))
}

/// The limits that the documentation prints (hepsipay.md §2). Which letters each
/// text may hold is not judged: the printed sample would fail.
fn check_limits(request: &Request) -> Result<(), Refusal> {
    if request.version.0 != "1.0" {
        return Err(Refusal::Field("Version"));
    }
    if let Some(Whole(bearer)) = request.commission_amount_reflect
        && !(1..=2).contains(&bearer)
    {
        return Err(Refusal::Field("CommissionAmountReflect"));
    }
    let mut limits = vec![("Description", &request.description, 40)];
    for item in request.basket_items.iter().flatten() {
        limits.extend([
            ("BasketItems.basketitemid", &item.id, 40),
            ("BasketItems.description", &item.description, 40),
            ("BasketItems.productcode", &item.product_code, 36),
        ]);
        if item.amount.is_none() {
            return Err(Refusal::Field("BasketItems.amount"));
        }
        if item.count.is_some_and(|count| count.0 > 999) {
            return Err(Refusal::Field("BasketItems.count"));
        }
    }
    if let Some(customer) = &request.customer {
        limits.extend([
            ("Customer.name", &customer.name, 20),
            ("Customer.surname", &customer.surname, 20),
            ("Customer.phonenumber", &customer.phone_number, 13),
            ("Customer.code", &customer.code, 36),
        ]);
    }
    let addresses = [&request.shipping_address, &request.invoice_address];
    for address in addresses.into_iter().flatten() {
        limits.extend([
            ("Address.name", &address.name, 40),
            ("Address.address", &address.address, 500),
            ("Address.country", &address.country, 20),
            ("Address.city", &address.city, 20),
        ]);
    }
    match limits.iter().find(|limit| limit.1.is_longer_than(limit.2)) {
        Some((field, ..)) => Err(Refusal::Field(field)),
        None => Ok(()),
    }
}
