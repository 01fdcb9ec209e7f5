//! BIN inquiry (paywall.md §5.1): what the first digits of a card say about it.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Json, Response};
use serde::Serialize;

use super::api::{Envelope, public_keys, text_header};
use super::names;
use super::refusal::Refusal;
use crate::app::App;
use crate::cards::{self, TestCard};

/// Digits of a BIN, the longer first.
const LENGTHS: [usize; 2] = [8, 6];

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    bin_number: String,
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
    is_matched_by_eight_digit_bin: bool,
    is_matched_by_six_digit_bin: bool,
}

/// A card that a BIN leads to, and how many digits led there.
pub(super) struct Match {
    pub(super) card: &'static TestCard,
    digits: usize,
}

pub(super) async fn handle(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    Json(Envelope::of(&headers, inquire(&app, &headers))).into_response()
}

fn inquire(app: &App, headers: &HeaderMap) -> Result<Answer, Refusal> {
    public_keys(app, headers)?;
    let bin = text_header(headers, "binnumber").ok_or(Refusal::UnexpectedParameters)?;
    let found = find(bin)?.ok_or(Refusal::NotFound)?;
    let (brand_id, brand) = names::brand(found.card.brand);
    let (family_id, family) = names::family(found.card.family());
    let (type_id, kind) = names::kind(found.card.kind);
    Ok(Answer {
        bin_number: bin.to_owned(),
        card_bank_id: 0,
        card_bank: found.card.issuer,
        card_brand_id: brand_id,
        card_brand: brand,
        card_family_id: family_id,
        card_family: family,
        card_kind_id: 1,
        card_kind: names::PERSONAL,
        card_type_id: type_id,
        card_type: kind,
        is_matched_by_eight_digit_bin: found.digits == 8,
        is_matched_by_six_digit_bin: found.digits == 6,
    })
}

/// The first documented card whose number begins so; eight digits that lead
/// nowhere count as six.
pub(super) fn find(bin: &str) -> Result<Option<Match>, Refusal> {
    if !LENGTHS.contains(&bin.len()) || !bin.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Refusal::CardNumber);
    }
    let by = |digits: usize| {
        let card = cards::beginning_with(bin.get(..digits)?).next()?;
        Some(Match { card, digits })
    };
    Ok(LENGTHS.into_iter().find_map(by))
}
