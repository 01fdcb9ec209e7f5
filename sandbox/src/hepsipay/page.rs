//! The common payment page and the form it posts back (hepsipay.md §6, §7): what
//! the shopper does there and what becomes of it.

use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Deserialize;
use uuid::Uuid;

use super::pages;
use super::query::sign;
use super::sale::{CHOICES, Deed, Sale};
use super::signer;
use super::text::{self, Say};
use crate::app::App;

pub(super) fn router() -> Router<Arc<App>> {
    Router::new().route("/hepsipay/page/{id}", get(show).post(submit))
}

/// Can be opened again and again until the payment has ended.
async fn show(State(app): State<Arc<App>>, Path(id): Path<String>) -> Response {
    let mut state = app.hepsipay.lock();
    match parse(&id).and_then(|page| state.by_page_mut(page)) {
        None => unknown(),
        Some(sale) if sale.is_open() => pages::choice(sale).into_response(),
        Some(_) => (StatusCode::GONE, pages::closed()).into_response(),
    }
}

#[derive(Deserialize)]
struct Submission {
    #[serde(rename = "do")]
    deed: Deed,
    installment: Option<u8>,
}

/// Ends the payment. Sent again, as by a reload, it hands back the same result.
async fn submit(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    submission: Result<Form<Submission>, FormRejection>,
) -> Response {
    let Ok(Form(Submission { deed, installment })) = submission else {
        return bad_request();
    };
    if installment.is_some_and(|count| !CHOICES.contains(&count)) {
        return bad_request();
    }
    let mut state = app.hepsipay.lock();
    let x = state.switches.query_x;
    let Some(sale) = parse(&id).and_then(|page| state.by_page_mut(page)) else {
        return unknown();
    };
    sale.end(deed, installment);
    let signature = sign(sale, signer(&app, sale.order.algorithm), x);
    let api_key = app.settings.hepsipay.api_key.reveal();
    pages::post_back(sale, &return_fields(sale, signature, api_key)).into_response()
}

/// The return form. Its fields are those that the official sample binds; how it
/// is signed and how `Extras` are written is not documented.
fn return_fields(sale: &Sale, signature: String, api_key: &str) -> Vec<(String, String)> {
    let order = &sale.order;
    let code = sale.code().unwrap_or_default();
    let Say { message, user } = text::end(code);
    let installment = sale.installment().map(|count| count.to_string());
    let success = if code == "0000" { "True" } else { "False" };
    let fields = [
        ("Success", success.to_owned()),
        ("MessageCode", code.to_owned()),
        ("Message", message.to_owned()),
        ("UserMessage", user.to_owned()),
        ("TransactionId", order.transaction_id.clone()),
        ("CommonPaymentUniqueId", sale.page_id()),
        ("TransactionTime", order.transaction_time.clone()),
        ("Amount", order.amount.to_string()),
        ("Currency", order.currency.clone()),
        ("Installment", installment.unwrap_or_default()),
        ("ApiKey", api_key.to_owned()),
        ("Signature", signature),
        ("Status", sale.status().to_string()),
        ("PaymentTransactionResponseCode", code.to_owned()),
        ("PaymentTransactionReponseMessage", message.to_owned()),
        ("ReturnUrl", order.return_url.clone()),
        ("TransactionType", "Sales".to_owned()),
    ];
    let named = fields.map(|(name, value)| (name.to_owned(), value));
    let extras = order.extras.iter().enumerate();
    let extras = extras.flat_map(|(index, (key, value))| {
        [
            (format!("Extras[{index}].Key"), key.clone()),
            (format!("Extras[{index}].Value"), value.clone()),
        ]
    });
    named.into_iter().chain(extras).collect()
}

fn unknown() -> Response {
    (StatusCode::NOT_FOUND, pages::unknown()).into_response()
}

fn bad_request() -> Response {
    (StatusCode::BAD_REQUEST, pages::bad_request()).into_response()
}

/// 32 lower-case hex digits, no other way to write them.
fn parse(id: &str) -> Option<Uuid> {
    Uuid::parse_str(id)
        .ok()
        .filter(|page| page.simple().to_string() == id)
}
