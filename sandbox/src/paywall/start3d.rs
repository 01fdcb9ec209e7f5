//! start3d (paywall.md §2.1): creates a payment and answers with the link to
//! the agent page. One of three cards pays: a temporary, a plain or a saved one.

use std::net::Ipv4Addr;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Json, Response};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::api::{Envelope, Text, is_too_long, is_web_address, json, public_keys};
use super::currency;
use super::refusal::Refusal;
use super::state::CardSource;
use super::wallet::{Holder, Wish};
use crate::app::App;
use crate::card::{Card, Sent};
use crate::money::Amount;
use crate::paywall::payment::Order;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Request {
    payment_detail: Option<PaymentDetail>,
    card: Option<RequestCard>,
    customer: Option<Customer>,
    products: Option<Vec<Product>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PaymentDetail {
    amount: Amount,
    #[serde(default)]
    merchant_unique_code: Text,
    #[serde(default)]
    tracking_code: Text,
    #[serde(default)]
    merchant_success_back_url: Text,
    #[serde(default)]
    merchant_fail_back_url: Text,
    currency_id: i64,
    installment: i64,
    #[serde(default, rename = "Half3D")]
    half_3d: Option<bool>,
    #[serde(default, rename = "ClientIP")]
    client_ip: Text,
    channel_id: Option<i64>,
    tag_id: Option<i64>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct RequestCard {
    owner_name: Text,
    number: Text,
    expire_month: Text,
    expire_year: Text,
    cvv: Text,
    unique_code: Text,
    /// For saved cards: the Cvv counts. Without it all but UniqueCode is read over.
    force_cvv: Option<bool>,
    temp_card_token: Text,
    card_save: Option<CardSave>,
    partner: Option<Partner>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct CardSave {
    save: bool,
    nickname: Text,
    relational_id1: Text,
    relational_id2: Text,
    relational_id3: Text,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Partner {
    partner_based: bool,
    partner_identity: Text,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Customer {
    full_name: Text,
    phone: Text,
    email: Text,
    country: Text,
    city: Text,
    address: Text,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Product {
    #[serde(default)]
    product_id: Text,
    #[serde(default)]
    product_name: Text,
    #[serde(default)]
    product_category: Text,
    #[serde(default)]
    product_description: Text,
    product_amount: Amount,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    message: Option<&'static str>,
    redirect_url: String,
    payment: AnswerPayment,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct AnswerPayment {
    payment_id: i64,
    activity_id: i64,
    unique_code: Uuid,
    /// The request's MerchantUniqueCode under the response's name.
    merchant_unique_key: String,
}

pub(super) async fn handle(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let answer = start(&app, &headers, &body);
    Json(Envelope::of(&headers, answer).newer()).into_response()
}

fn start(app: &App, headers: &HeaderMap, body: &[u8]) -> Result<Answer, Refusal> {
    public_keys(app, headers)?;
    let request: Request = json(headers, body)?;
    let detail = request.payment_detail.ok_or(Refusal::PaymentDetail)?;
    app.paywall
        .lock()
        .count_start(&detail.merchant_unique_code.0);

    let customer = request.customer.ok_or(Refusal::PaymentDetail)?;
    let products = request.products.unwrap_or_default();
    let mut card = request.card.unwrap_or_default();
    check_customer(&customer)?;
    check_products(&products, &detail.amount)?;
    let mut order = order(detail)?;
    let source = card_source(&card)?;
    order.save_card = wish(card.card_save.take(), card.partner.take())?;

    let now = app.clock.now();
    let payment = app
        .paywall
        .lock()
        .start_payment(&app.ids, order, source, now)?;
    Ok(Answer {
        message: None,
        redirect_url: format!(
            "{}/paywall/callback?UniqueNumber={}",
            app.public_url, payment.session
        ),
        payment: AnswerPayment {
            payment_id: payment.payment_id,
            activity_id: payment.activity_id,
            unique_code: payment.unique_code,
            merchant_unique_key: payment.order.merchant_unique_code,
        },
    })
}

fn order(detail: PaymentDetail) -> Result<Order, Refusal> {
    // Pre-authorisation needs the provision calls, which the sandbox does not have.
    if detail.half_3d == Some(true) {
        return Err(Refusal::PaymentDetail);
    }
    if detail.merchant_unique_code.is_blank() || is_too_long(&detail.merchant_unique_code) {
        return Err(Refusal::MerchantUniqueCode);
    }
    if !is_web_address(&detail.merchant_success_back_url) {
        return Err(Refusal::SuccessBackUrl);
    }
    if !is_web_address(&detail.merchant_fail_back_url) {
        return Err(Refusal::FailBackUrl);
    }
    if detail.client_ip.0.parse::<Ipv4Addr>().is_err() {
        return Err(Refusal::ClientIp);
    }
    let currency_id = currency::known(detail.currency_id).ok_or(Refusal::Currency)?;
    let installment = u8::try_from(detail.installment)
        .ok()
        .ok_or(Refusal::Installment)?;
    Ok(Order {
        merchant_unique_code: detail.merchant_unique_code.0,
        tracking_code: detail.tracking_code.0,
        amount: detail.amount,
        currency_id,
        installment,
        success_url: detail.merchant_success_back_url.0,
        fail_url: detail.merchant_fail_back_url.0,
        client_ip: detail.client_ip.0,
        channel_id: detail.channel_id,
        tag_id: detail.tag_id,
        save_card: None,
    })
}

/// None when the card is not to be saved.
fn wish(save: Option<CardSave>, partner: Option<Partner>) -> Result<Option<Wish>, Refusal> {
    let Some(save) = save.filter(|save| save.save) else {
        return Ok(None);
    };
    if save.relational_id1.is_blank() {
        return Err(Refusal::CardDetail);
    }
    let partner = partner.filter(|partner| partner.partner_based);
    let ids = [
        save.relational_id1,
        save.relational_id2,
        save.relational_id3,
    ];
    Ok(Some(Wish {
        holder: Holder {
            relational_ids: ids.map(|id| id.0),
            partner: partner.unwrap_or_default().partner_identity.0,
        },
        nickname: save.nickname.0,
    }))
}

fn check_customer(customer: &Customer) -> Result<(), Refusal> {
    let required = [
        &customer.full_name,
        &customer.phone,
        &customer.email,
        &customer.country,
        &customer.city,
        &customer.address,
    ];
    if required.into_iter().any(Text::is_blank) {
        Err(Refusal::PaymentDetail)
    } else {
        Ok(())
    }
}

fn check_products(products: &[Product], amount: &Amount) -> Result<(), Refusal> {
    if amount.value() <= Decimal::ZERO {
        return Err(Refusal::AmountNotPositive);
    }
    if products.is_empty() {
        return Err(Refusal::NoProducts);
    }
    let incomplete = |product: &Product| {
        [
            &product.product_id,
            &product.product_name,
            &product.product_category,
            &product.product_description,
        ]
        .into_iter()
        .any(Text::is_blank)
    };
    if products.iter().any(incomplete) {
        return Err(Refusal::UnexpectedParameters);
    }
    let sum = products.iter().try_fold(Decimal::ZERO, |sum, product| {
        sum.checked_add(product.product_amount.value())
    });
    if sum == Some(amount.value()) {
        Ok(())
    } else {
        Err(Refusal::ProductSum)
    }
}

fn card_source(card: &RequestCard) -> Result<CardSource, Refusal> {
    let given = (
        !card.temp_card_token.is_blank(),
        !card.number.is_blank(),
        !card.unique_code.is_blank(),
    );
    match given {
        (true, false, false) => Uuid::parse_str(&card.temp_card_token.0)
            .map(CardSource::TempCard)
            .map_err(|_| Refusal::TempCardNotFound),
        (false, true, false) => Card::read(Sent {
            owner: &card.owner_name.0,
            number: &card.number.0,
            month: &card.expire_month.0,
            year: &card.expire_year.0,
            cvv: Some(&card.cvv.0),
        })
        .map(CardSource::Plain)
        .map_err(Refusal::from),
        (false, _, true) => {
            let cvv = &card.cvv.0;
            let digits = (3..=4).contains(&cvv.len()) && cvv.bytes().all(|b| b.is_ascii_digit());
            if card.force_cvv == Some(true) && !digits {
                return Err(Refusal::CardDetail);
            }
            Ok(CardSource::Saved(card.unique_code.0.clone()))
        }
        _ => Err(Refusal::CardDetail),
    }
}
