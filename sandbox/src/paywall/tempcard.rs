//! TempCard (paywall.md §1.4): the browser trades a card for a token. The only
//! call with a TempToken instead of keys, and the only one with CORS.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Json, Response};
use jiff::SignedDuration;
use kasa_checkout::wire::paywall::{CARD_TYPE_ECOM, TOKEN_HEADER, TempCard, TempCardRequest};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::api::{Envelope, Text, json, text_header};
use super::refusal::Refusal;
use super::state::TempCardContent;
use crate::app::App;
use crate::card::{Card, Sent};
use crate::time;

const CARD_TYPE_INSURANCE: u8 = 2;

/// Minutes.
const LONGEST_LIFE: u16 = 30;

/// What an absent ExpiryMin (the oldest form has none) or 0 is taken for.
const DEFAULT_LIFE: u16 = 30;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Kind {
    #[serde(default = "ecom")]
    card_type: i64,
}

fn ecom() -> i64 {
    CARD_TYPE_ECOM.into()
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[derive(Default)]
struct InsuranceRequest {
    card_owner_name: Text,
    /// Eight digits.
    card_no_first: Text,
    /// Four digits.
    card_no_last: Text,
    /// TCKN or tax number.
    identity_number: Text,
    expiry_min: u16,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    temp_card_id: i64,
    #[serde(flatten)]
    temp_card: TempCard,
}

pub(super) async fn handle(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let answer = keep(&app, &headers, &body);
    Json(Envelope::of(&headers, answer)).into_response()
}

fn keep(app: &App, headers: &HeaderMap, body: &[u8]) -> Result<Answer, Refusal> {
    let now = app.clock.now();
    may_save_cards(app, headers)?;
    let kind: Kind = json(headers, body)?;
    let (content, minutes) = match u8::try_from(kind.card_type) {
        Ok(CARD_TYPE_ECOM) => ecom_card(&json(headers, body)?)?,
        Ok(CARD_TYPE_INSURANCE) => insurance_card(&json(headers, body)?)?,
        _ => return Err(Refusal::CardType),
    };
    let minutes = match minutes {
        0 => DEFAULT_LIFE,
        1..=LONGEST_LIFE => minutes,
        _ => return Err(Refusal::Expiry),
    };
    let expires_at = now + SignedDuration::from_mins(minutes.into());
    let card_token = app.paywall.lock().add_temp_card(content, expires_at);
    let temp_card = TempCard {
        card_token: card_token.to_string(),
        expiry_date_time: time::with_offset(expires_at),
    };
    Ok(Answer {
        temp_card_id: app.ids.next(),
        temp_card,
    })
}

/// An unknown, expired or missing token is 401; one without the right is 403.
fn may_save_cards(app: &App, headers: &HeaderMap) -> Result<(), Refusal> {
    let token = text_header(headers, TOKEN_HEADER)
        .and_then(|text| Uuid::parse_str(text).ok())
        .and_then(|name| app.paywall.lock().token(name))
        .filter(|token| token.expires_at > app.clock.now())
        .ok_or(Refusal::Unauthorized)?;
    if token.card_save {
        Ok(())
    } else {
        Err(Refusal::Forbidden)
    }
}

fn ecom_card(request: &TempCardRequest) -> Result<(TempCardContent, u16), Refusal> {
    let card = Card::read(Sent {
        owner: &request.card_owner_name,
        number: &request.card_number,
        month: &request.card_expiry_month,
        year: &request.card_expiry_year,
        cvv: Some(&request.card_cvv),
    })?;
    Ok((TempCardContent::Ecom(card), request.expiry_min))
}

fn insurance_card(request: &InsuranceRequest) -> Result<(TempCardContent, u16), Refusal> {
    let digits = |text: &Text, length: &[usize]| {
        length.contains(&text.0.len()) && text.0.bytes().all(|byte| byte.is_ascii_digit())
    };
    if request.card_owner_name.is_blank() {
        return Err(Refusal::CardOwner);
    }
    if !digits(&request.card_no_first, &[8]) || !digits(&request.card_no_last, &[4]) {
        return Err(Refusal::CardNumber);
    }
    if !digits(&request.identity_number, &[10, 11]) {
        return Err(Refusal::UnexpectedParameters);
    }
    Ok((TempCardContent::Insurance, request.expiry_min))
}
