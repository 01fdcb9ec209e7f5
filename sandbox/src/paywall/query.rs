//! private/query (paywall.md §2.6): what became of a payment. The truth that a
//! merchant's server asks for after every hint.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Json, Response};
use serde::Serialize;
use uuid::Uuid;

use super::api::{Envelope, private_keys, text_header};
use super::refusal::Refusal;
use super::{currency, names, text};
use crate::app::App;
use crate::money::Amount;
use crate::paywall::gateway::GATEWAY;
use crate::paywall::payment::{Outcome, Payment, Phase, Source};
use crate::time;

pub(super) async fn by_merchant_code(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    let asked = text_header(&headers, "merchantuniquecode");
    answer(&app, &headers, asked, |asked, payment| {
        payment.order.merchant_unique_code == asked
    })
}

pub(super) async fn by_payment_id(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    let asked = text_header(&headers, "paymentid").and_then(|text| text.parse().ok());
    answer(&app, &headers, asked, |asked: i64, payment| {
        payment.payment_id == asked
    })
}

pub(super) async fn by_unique_code(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    let asked = text_header(&headers, "uniquecode").and_then(|text| Uuid::parse_str(text).ok());
    answer(&app, &headers, asked, |asked, payment| {
        payment.unique_code == asked
    })
}

/// `asked` is none when the header is missing or malformed.
fn answer<A: Copy>(
    app: &App,
    headers: &HeaderMap,
    asked: Option<A>,
    is: impl Fn(A, &Payment) -> bool,
) -> Response {
    let find = || -> Result<Answer, Refusal> {
        private_keys(app, headers)?;
        let asked = asked.ok_or(Refusal::UnexpectedParameters)?;
        let state = app.paywall.lock();
        let found = state.payments().iter().find(|payment| is(asked, payment));
        found
            .map(|payment| Answer {
                paywall: Record::of(payment),
            })
            .ok_or(Refusal::NotFound)
    };
    Json(Envelope::of(headers, find())).into_response()
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    paywall: Record,
}

/// `Body.Paywall`. Fields whose values the sandbox cannot know are empty;
/// `Activities` is left out, as in the documented sample.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Record {
    payment_id: i64,
    unique_code: Uuid,
    merchant_unique_code: String,
    tracking_code: String,
    activity_id: i64,
    payment_gateway_id: i64,
    payment_gateway_name: &'static str,
    payment_gateway_provider_name: &'static str,
    is_three_d_secure: bool,
    is_non_three_d_secure: bool,
    is_insurance_secure: bool,
    is_provision: bool,
    is_otp: bool,
    any_success_payment: bool,
    any_success_refund: bool,
    any_success_partial_refund: bool,
    any_success_cancel: bool,
    error: RecordError,
    /// About the last activity only.
    status: bool,
    status_name: &'static str,
    status_id: u8,
    type_name: &'static str,
    type_id: u8,
    installment: u8,
    currency_id: u8,
    currency_name: &'static str,
    payment_method_id: u8,
    payment_method_name: &'static str,
    payment_channel_id: i64,
    payment_channel_name: &'static str,
    payment_tag_id: i64,
    payment_tag_name: &'static str,
    card_number: String,
    card_owner_name: String,
    card_bank_id: u8,
    card_bank_name: &'static str,
    card_brand_id: u8,
    card_brand_name: &'static str,
    card_type_id: u8,
    card_type_name: &'static str,
    card_family_id: u8,
    card_family_name: &'static str,
    last_activity_date_time: String,
    payment_amount: Amount,
    activity_amount: Amount,
    #[serde(rename = "IP")]
    ip: &'static str,
    #[serde(rename = "ClientIP")]
    client_ip: String,
    applied_interest: bool,
    /// Percent.
    interest_rate: Amount,
    /// Percent.
    commission_rate: Amount,
    original_amount: Amount,
    interest_amount: Amount,
    commission_amount: Amount,
    used_saved_card: bool,
    used_temp_card: bool,
    is_fully_refunded: bool,
    remaining_refund_amount: Amount,
    payment_external_auth_code: &'static str,
    payment_external_order_id: &'static str,
    payment_external_trans_id: &'static str,
    payment_external_host_reference: &'static str,
    payment_external_merchant_id: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct RecordError {
    any_error: bool,
    error_type: u8,
    error_message: &'static str,
}

impl Record {
    fn of(payment: &Payment) -> Self {
        let Payment {
            order, card, phase, ..
        } = payment;
        let reversed = matches!(phase, Phase::Reversed { .. });
        let refunded = match phase {
            Phase::Refunded { last, whole, .. } => Some((*last, *whole)),
            _ => None,
        };
        let (brand_id, brand_name) = names::brand(card.brand);
        let (type_id, type_name) = names::kind(card.kind);
        let (family_id, family_name) = names::family(card.family);
        let (plan, interest) = (payment.plan, payment.interest());
        let refundable = payment.refundable();
        Self {
            payment_id: payment.payment_id,
            unique_code: payment.unique_code,
            merchant_unique_code: order.merchant_unique_code.clone(),
            tracking_code: order.tracking_code.clone(),
            activity_id: payment.activity_id,
            payment_gateway_id: GATEWAY.id,
            payment_gateway_name: GATEWAY.name,
            payment_gateway_provider_name: GATEWAY.provider,
            is_three_d_secure: true,
            is_non_three_d_secure: false,
            is_insurance_secure: false,
            is_provision: false,
            is_otp: false,
            any_success_payment: payment.was_paid(),
            any_success_refund: refunded.is_some_and(|(_, whole)| whole),
            any_success_partial_refund: refunded.is_some_and(|(_, whole)| !whole),
            any_success_cancel: reversed,
            error: RecordError::of(*phase),
            status: payment.was_paid(),
            status_name: text::status_name(*phase),
            status_id: phase.status_id(),
            type_name: text::type_name(*phase),
            type_id: phase.type_id(),
            installment: order.installment,
            currency_id: order.currency_id,
            currency_name: currency::code(order.currency_id),
            payment_method_id: 1,
            payment_method_name: "3D",
            payment_channel_id: order.channel_id.unwrap_or(0),
            payment_channel_name: channel(order.channel_id),
            payment_tag_id: order.tag_id.unwrap_or(0),
            payment_tag_name: "",
            card_number: card.masked.clone(),
            card_owner_name: card.owner.clone(),
            card_bank_id: 0,
            card_bank_name: card.issuer,
            card_brand_id: brand_id,
            card_brand_name: brand_name,
            card_type_id: type_id,
            card_type_name: type_name,
            card_family_id: family_id,
            card_family_name: family_name,
            last_activity_date_time: time::without_offset(payment.last_activity_at()),
            payment_amount: payment.charged(),
            activity_amount: refunded.map_or(payment.charged(), |(last, _)| Amount::of(last)),
            ip: "",
            client_ip: order.client_ip.clone(),
            applied_interest: !interest.is_zero(),
            interest_rate: Amount::of(plan.interest_rate()),
            commission_rate: Amount::of(plan.commission_rate()),
            original_amount: order.amount.clone(),
            interest_amount: Amount::of(interest),
            commission_amount: Amount::of(plan.commission_on(order.amount.value())),
            used_saved_card: payment.source == Source::SavedCard,
            used_temp_card: payment.source == Source::TempCard,
            is_fully_refunded: refunded.is_some() && refundable.value().is_zero(),
            remaining_refund_amount: refundable,
            payment_external_auth_code: "",
            payment_external_order_id: "",
            payment_external_trans_id: "",
            payment_external_host_reference: "",
            payment_external_merchant_id: "",
        }
    }
}

impl RecordError {
    fn of(phase: Phase) -> Self {
        let message = match phase {
            Phase::Ended { outcome, .. } if outcome != Outcome::Paid => {
                text::reason(outcome).paywall
            }
            _ => "",
        };
        let any_error = !message.is_empty();
        Self {
            any_error,
            error_type: any_error.into(),
            error_message: message,
        }
    }
}

fn channel(id: Option<i64>) -> &'static str {
    match id {
        Some(1) => "Web",
        Some(2) => "Android",
        Some(3) => "IOS",
        Some(4) => "Custom",
        _ => "",
    }
}
