//! Installment (paywall.md §5.2): in how many parts an amount can be paid, with
//! one card's BIN or for every card family.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Json, Response};
use rust_decimal::Decimal;
use serde::Serialize;

use super::api::{Envelope, public_keys, text_header};
use super::gateway::GATEWAY;
use super::plans::{self, Plan};
use super::refusal::Refusal;
use super::{bin, currency, names};
use crate::app::App;
use crate::card::{Family, Kind};
use crate::money::Amount;

const FAMILIES: [Family; 4] = [Family::World, Family::Bonus, Family::Maximum, Family::Axess];

#[derive(Serialize)]
#[serde(untagged)]
enum Answer {
    OfCard(OfCard),
    OfFamilies(Vec<OfFamily>),
}

/// With a BIN.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct OfCard {
    card_bank: &'static str,
    card_brand: &'static str,
    card_family: &'static str,
    card_kind: &'static str,
    card_type: &'static str,
    options: Vec<Offer>,
}

/// Without one. The list's name is another, as documented.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct OfFamily {
    card_family_id: u8,
    card_family: &'static str,
    option: Vec<Offer>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Offer {
    payment_gateway_id: i64,
    payment_gateway_name: &'static str,
    installment: u8,
    /// Percent.
    commission: Amount,
    /// Percent.
    interest: Amount,
    /// As asked, without interest.
    raw_amount: Amount,
    /// On top of RawAmount.
    interest_amount: Amount,
}

pub(super) async fn handle(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    Json(Envelope::of(&headers, answer(&app, &headers))).into_response()
}

fn answer(app: &App, headers: &HeaderMap) -> Result<Answer, Refusal> {
    public_keys(app, headers)?;
    let currency_id = text_header(headers, "currencyid")
        .and_then(|id| id.parse().ok())
        .and_then(currency::known)
        .ok_or(Refusal::Currency)?;
    let amount: Amount = text_header(headers, "amount")
        .and_then(|amount| serde_json::from_str(amount).ok())
        .ok_or(Refusal::UnexpectedParameters)?;
    if amount.value() <= Decimal::ZERO {
        return Err(Refusal::AmountNotPositive);
    }
    let distinct = text_header(headers, "distinctduplicates").map(str::to_ascii_lowercase);
    if !matches!(distinct.as_deref(), Some("true" | "false")) {
        return Err(Refusal::UnexpectedParameters);
    }
    match text_header(headers, "binnumber").filter(|bin| !bin.is_empty()) {
        Some(bin) => of_card(bin, &amount, currency_id).map(Answer::OfCard),
        None => Ok(Answer::OfFamilies(of_families(&amount, currency_id))),
    }
}

/// A BIN that leads nowhere can pay at once, as its card can.
fn of_card(bin: &str, amount: &Amount, currency_id: u8) -> Result<OfCard, Refusal> {
    let card = bin::find(bin)?.map(|found| found.card);
    let kind = card.and_then(|card| card.kind);
    Ok(OfCard {
        card_bank: card.map_or("", |card| card.issuer),
        card_brand: card.map_or("", |card| names::brand(card.brand).1),
        card_family: names::family(card.and_then(|card| card.family())).1,
        card_kind: card.map_or("", |_| names::PERSONAL),
        card_type: names::kind(kind).1,
        options: offers(plans::offered(kind, currency_id), amount),
    })
}

fn of_families(amount: &Amount, currency_id: u8) -> Vec<OfFamily> {
    let of = |family| {
        let (card_family_id, card_family) = names::family(Some(family));
        OfFamily {
            card_family_id,
            card_family,
            option: offers(plans::offered(Some(Kind::Credit), currency_id), amount),
        }
    };
    FAMILIES.map(of).into()
}

fn offers(plans: &[Plan], amount: &Amount) -> Vec<Offer> {
    let offer = |plan: &Plan| Offer {
        payment_gateway_id: GATEWAY.id,
        payment_gateway_name: GATEWAY.name,
        installment: plan.installments,
        commission: Amount::of(plan.commission_rate()),
        interest: Amount::of(plan.interest_rate()),
        raw_amount: amount.clone(),
        interest_amount: Amount::of(plan.interest_on(amount.value())),
    };
    plans.iter().map(offer).collect()
}
