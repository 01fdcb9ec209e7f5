//! CardWall (paywall.md §5.3): `/paywall/card`, the merchant's server's way to
//! the saved cards.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Json, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::api::{Envelope, Text, json, private_keys, text_header};
use super::general::General;
use super::names;
use super::wallet::{Holder, NoCard, SavedCard, Wish};
use crate::app::App;
use crate::card::{Card, Sent};
use crate::time;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Whose {
    #[serde(default)]
    partner_based: bool,
    #[serde(default)]
    partner_identity: Text,
    #[serde(default)]
    relational_id1: Text,
    #[serde(default)]
    relational_id2: Text,
    #[serde(default)]
    relational_id3: Text,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct NewRequest {
    #[serde(flatten)]
    whose: Whose,
    card: NewCard,
    #[serde(default)]
    include_details: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct NewCard {
    #[serde(default)]
    nickname: Text,
    #[serde(default)]
    holder_name: Text,
    #[serde(default)]
    number: Text,
    month: u8,
    /// Four digits.
    year: u16,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Existing {
    #[serde(flatten)]
    whose: Whose,
    #[serde(default)]
    unique_code: Text,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ChangeRequest {
    #[serde(flatten)]
    existing: Existing,
    #[serde(default)]
    nickname: Text,
    month: u8,
    year: u16,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Shown {
    name: String,
    card_bin: String,
    card_last_four: String,
    card_holder_name: String,
    card_number: String,
    /// In lists only.
    #[serde(skip_serializing_if = "Option::is_none")]
    expired: Option<bool>,
    card_type_id: u8,
    card_type: &'static str,
    month: u8,
    year: u16,
    unique_code: String,
    /// Null unless asked for.
    details: Option<Details>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Details {
    card_bank_id: u8,
    card_bank: &'static str,
    card_brand_id: u8,
    card_brand: &'static str,
    card_family_id: u8,
    card_family: &'static str,
    card_kind_id: u8,
    card_kind: &'static str,
    card_type_id: u8,
    card_type: &'static str,
}

pub(super) async fn add(State(app): State<Arc<App>>, headers: HeaderMap, body: Bytes) -> Response {
    let answer = || -> Result<Shown, General> {
        private_keys(&app, &headers)?;
        let request: NewRequest = json(&headers, &body)?;
        let holder = holder(request.whose)?;
        let NewCard { month, year, .. } = request.card;
        let card = Card::read(Sent {
            owner: &request.card.holder_name.0,
            number: &request.card.number.0,
            month: &month.to_string(),
            year: &year.to_string(),
            cvv: None,
        })?;
        let wish = Wish {
            holder,
            nickname: request.card.nickname.0,
        };
        let saved = app.paywall.lock().wallet.save(wish, card);
        let owner = hidden(&saved.card.owner);
        Ok(Shown::of(saved, owner, None, request.include_details))
    };
    Json(Envelope::of(&headers, answer())).into_response()
}

pub(super) async fn list(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    let answer = || -> Result<Vec<Shown>, General> {
        private_keys(&app, &headers)?;
        let text = |name| Text(text_header(&headers, name).unwrap_or_default().to_owned());
        let partner = text("partneridentity");
        let holder = holder(Whose {
            partner_based: !partner.is_blank(),
            partner_identity: partner,
            relational_id1: text("relationalid1"),
            relational_id2: text("relationalid2"),
            relational_id3: text("relationalid3"),
        })?;
        let details = text("includedetails").0.eq_ignore_ascii_case("true");
        let now = app.clock.now();
        let cards = app.paywall.lock().wallet.list(&holder);
        let shown = cards.into_iter().map(|saved| {
            let owner = saved.card.owner.clone();
            Shown::of(saved, owner, Some(now), details)
        });
        Ok(shown.collect())
    };
    Json(Envelope::of(&headers, answer())).into_response()
}

pub(super) async fn change(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let answer = || -> Result<(), General> {
        private_keys(&app, &headers)?;
        let request: ChangeRequest = json(&headers, &body)?;
        if !(1..=12).contains(&request.month) {
            return Err(General::ExpireMonth);
        }
        if !(2000..=2999).contains(&request.year) {
            return Err(General::ExpireYear);
        }
        let (holder, code) = existing(request.existing)?;
        let mut state = app.paywall.lock();
        let saved = state.wallet.find_of(&holder, &code).map_err(refusal)?;
        saved.nickname = request.nickname.0;
        saved.card.month = request.month;
        saved.card.year = request.year;
        Ok(())
    };
    Json(Envelope::of(&headers, answer())).into_response()
}

pub(super) async fn delete(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let answer = || -> Result<(), General> {
        private_keys(&app, &headers)?;
        let (holder, code) = existing(json(&headers, &body)?)?;
        let mut state = app.paywall.lock();
        state.wallet.delete(&holder, &code).map_err(refusal)
    };
    Json(Envelope::of(&headers, answer())).into_response()
}

fn holder(whose: Whose) -> Result<Holder, General> {
    if whose.relational_id1.is_blank() || (whose.partner_based && whose.partner_identity.is_blank())
    {
        return Err(General::InvalidData);
    }
    let ids = [
        whose.relational_id1,
        whose.relational_id2,
        whose.relational_id3,
    ];
    let partner = whose.partner_identity.0;
    Ok(Holder {
        relational_ids: ids.map(|id| id.0),
        partner: if whose.partner_based {
            partner
        } else {
            String::new()
        },
    })
}

fn existing(request: Existing) -> Result<(Holder, String), General> {
    if request.unique_code.is_blank() {
        return Err(General::CardUniqueCode);
    }
    Ok((holder(request.whose)?, request.unique_code.0))
}

fn refusal(reason: NoCard) -> General {
    match reason {
        NoCard::Unknown => General::CardNotFound,
        NoCard::Rotated => General::CardUniqueCode,
        NoCard::Deleted => General::CardNotAvailable,
    }
}

/// `Ada Deneme` as `A** D*****`.
fn hidden(name: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        let first: String = letters.next().into_iter().collect();
        first + &"*".repeat(letters.count())
    };
    name.split_whitespace()
        .map(word)
        .collect::<Vec<_>>()
        .join(" ")
}

impl Shown {
    /// `listed_at` when the card is one of a list.
    fn of(saved: SavedCard, owner: String, listed_at: Option<Timestamp>, details: bool) -> Self {
        let card = saved.card;
        let (card_type_id, card_type) = names::scheme(card.brand);
        Self {
            name: saved.nickname,
            card_bin: card.bin().to_owned(),
            card_last_four: card.last_four().to_owned(),
            card_holder_name: owner,
            expired: listed_at.map(|now| time::is_past(card.year, card.month, now)),
            card_type_id,
            card_type,
            month: card.month,
            year: card.year,
            unique_code: saved.unique_code,
            details: details.then(|| Details::of(&card)),
            card_number: card.masked,
        }
    }
}

impl Details {
    fn of(card: &Card) -> Self {
        let (card_brand_id, card_brand) = names::brand(card.brand);
        let (card_family_id, card_family) = names::family(card.family);
        let (card_type_id, card_type) = names::kind(card.kind);
        Self {
            card_bank_id: 0,
            card_bank: card.issuer,
            card_brand_id,
            card_brand,
            card_family_id,
            card_family,
            card_kind_id: 1,
            card_kind: names::PERSONAL,
            card_type_id,
            card_type,
        }
    }
}
