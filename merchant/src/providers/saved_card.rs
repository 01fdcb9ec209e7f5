//! A card that PayWall keeps for a customer of the shop's (paywall.md §5.3), paid
//! with as a new one is (§2.1).
//!
//! PayWall's code of a saved card changes, so it is neither stored nor told to a
//! browser: the cards are listed again for each use, and go by names of ours that
//! are good for one checkout only.

use std::sync::Arc;

use async_trait::async_trait;
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;
use axum::routing::{delete, get};
use axum::{Json, Router};
use hmac::{Hmac, KeyInit as _, Mac as _};
use kasa_checkout::wire::merchant::{Instrument, Method, SavedCard as Shown, SavedCards};
use sha2::Sha256;

use super::card::MOST_INSTALLMENTS;
use super::plans;
use super::{
    Parts, Payable, Provider, RefundAnswer, Routes, SetUpError, Start, Told, Unavailable, by_card,
    card_refunds,
};
use crate::address::ClientAddress;
use crate::app::App;
use crate::checkouts::open_order;
use crate::extract::CheckoutPath;
use crate::ids::CheckoutId;
use crate::limits;
use crate::paywall::amount::Currency;
use crate::paywall::cardwall::SavedCard as Kept;
use crate::paywall::{CardWall, PayWall, types};
use crate::problem::{Error, Result};
use crate::secret::Secret;
use crate::settle::is_masked;
use crate::store::{Ledger, Order, OrderDraft, Payment, Question, Refund};

/// Hex digits of a card's name.
const NAME_DIGITS: usize = 32;

pub(super) struct SavedCard {
    paywall: Arc<PayWall>,
    wall: CardWall,
    /// Names are made with it, so that nobody can tell one from a card.
    naming_key: Secret,
    public_url: String,
}

pub(super) fn set_up(
    parts: &Parts<'_>,
) -> std::result::Result<Option<Arc<dyn Provider>>, SetUpError> {
    let (Some(settings), Some(paywall)) = (&parts.settings.paywall, &parts.paywall) else {
        return Ok(None);
    };
    let Some(base) = &settings.card_api else {
        return Ok(None);
    };
    Ok(Some(Arc::new(SavedCard {
        wall: paywall.card_wall(base),
        paywall: Arc::clone(paywall),
        naming_key: parts.settings.api_key.clone(),
        public_url: parts.settings.public_url.clone(),
    })))
}

/// Under which a customer's cards are kept: the shop's own name for them, where
/// it can travel as a header (§0.2).
pub(super) fn keeper(customer_id: Option<&str>) -> Option<&str> {
    customer_id.filter(|id| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_graphic()))
}

#[async_trait]
impl Provider for SavedCard {
    fn method(&self) -> &'static str {
        Method::SAVED_CARD
    }

    fn provider(&self) -> &'static str {
        "paywall"
    }

    /// Where the customer has a card that can pay: an empty list is no way to pay.
    async fn offers(&self, draft: &OrderDraft) -> std::result::Result<Vec<Method>, Unavailable> {
        let keeper = keeper(draft.customer_id.as_deref());
        let (Some(keeper), Some(_)) = (keeper, Currency::of(&draft.currency)) else {
            return Ok(Vec::new());
        };
        let cards = self.wall.list(keeper).await?;
        let offered = cards.iter().any(|card| !card.expired);
        Ok(offered.then_some(Method::SavedCard).into_iter().collect())
    }

    fn check(&self, _: &Order, instrument: &Instrument) -> Result<()> {
        let Instrument::SavedCard { card, installments } = instrument else {
            return Err(Error::unfit("method: saved_card"));
        };
        let named = card.len() == NAME_DIGITS && card.bytes().all(|it| it.is_ascii_hexdigit());
        if !named {
            return Err(Error::CardNotFound);
        }
        if (1..=MOST_INSTALLMENTS).contains(installments) {
            Ok(())
        } else {
            Err(Error::unfit(format!(
                "installments: 1 to {MOST_INSTALLMENTS}"
            )))
        }
    }

    async fn start(&self, payable: Payable<'_>, instrument: &Instrument) -> Start {
        let Instrument::SavedCard { card, installments } = instrument else {
            return by_card::refused("provider_error");
        };
        // Nothing was started yet: whatever goes wrong here is an end.
        let cards = match self.cards(payable.order).await {
            Ok(cards) => cards,
            Err(error) => {
                tracing::warn!(%error, "saved cards cannot be listed");
                return by_card::refused("provider_unavailable");
            }
        };
        let Some(kept) = find(cards, card) else {
            return by_card::refused("card_refused");
        };
        if kept.expired {
            return by_card::refused("card_expired");
        }
        let bin = kept.card_bin.as_deref().unwrap_or_default();
        match plans::grants(&self.paywall, payable.order, bin, *installments).await {
            Ok(true) => {}
            Ok(false) => return by_card::refused("installments_refused"),
            Err(error) => {
                tracing::warn!(%error, "installments cannot be asked for");
                return by_card::refused("provider_unavailable");
            }
        }
        let card = types::Card::saved(&kept.unique_code);
        by_card::start_3d(&self.paywall, payable, card, &self.public_url).await
    }

    async fn ask(&self, payment: &Payment) -> Told {
        by_card::ask(&self.paywall, payment).await
    }

    fn closes(&self) -> bool {
        true
    }

    async fn close(&self, payment: &Payment) {
        by_card::close(&self.paywall, payment).await;
    }

    async fn refund(&self, payment: &Payment, refund: &Refund, ledger: Ledger) -> RefundAnswer {
        card_refunds::refund(&self.paywall, payment, refund, ledger).await
    }

    async fn ask_refund(&self, payment: &Payment, refund: &Refund, ledger: Ledger) -> RefundAnswer {
        card_refunds::ask(&self.paywall, payment, refund, ledger).await
    }

    fn routes(self: Arc<Self>) -> Routes {
        Routes {
            browser: Router::new()
                .route("/{checkout}/cards", get(list))
                .route("/{checkout}/cards/{card}", delete(forget))
                .layer(Extension(self)),
            ..Routes::default()
        }
    }
}

impl SavedCard {
    /// The customer's cards, each with its name for this checkout. Two that
    /// cannot be told apart go by one name, and are one to the shopper.
    async fn cards(
        &self,
        order: &Order,
    ) -> std::result::Result<Vec<(String, Kept)>, crate::paywall::Error> {
        let Some(keeper) = keeper(order.customer_id.as_deref()) else {
            return Ok(Vec::new());
        };
        let mut named: Vec<(String, Kept)> = Vec::new();
        for card in self.wall.list(keeper).await? {
            let Some(name) = self.name(&order.checkout, &card) else {
                continue;
            };
            if named.iter().all(|(other, _)| *other != name) {
                named.push((name, card));
            }
        }
        Ok(named)
    }

    /// Made of what stays the same while PayWall's own code changes.
    fn name(&self, checkout: &CheckoutId, card: &Kept) -> Option<String> {
        let mut hash = Hmac::<Sha256>::new_from_slice(self.naming_key.expose().as_bytes()).ok()?;
        let (month, year) = (card.month?, card.year?);
        let text = format!(
            "saved card|{}|{}|{month}|{year}",
            checkout.as_str(),
            masked(card)?
        );
        hash.update(text.as_bytes());
        let mut name = hex::encode(hash.finalize().into_bytes());
        name.truncate(NAME_DIGITS);
        Some(name)
    }
}

fn find(cards: Vec<(String, Kept)>, wanted: &str) -> Option<Kept> {
    let found = cards.into_iter().find(|(name, _)| name == wanted);
    found.map(|(_, card)| card)
}

/// `557920******1297`. PayWall masks; should it ever not, the card is not shown.
fn masked(card: &Kept) -> Option<String> {
    if let Some(number) = card.card_number.as_ref().filter(|number| is_masked(number)) {
        return Some(number.clone());
    }
    let (bin, last) = (card.card_bin.as_deref()?, card.card_last_four.as_deref()?);
    let number = format!("{bin}******{last}");
    is_masked(&number).then_some(number)
}

fn shown((id, card): (String, Kept)) -> Option<Shown> {
    let filled = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
    let masked = masked(&card)?;
    let details = card.details;
    let (brand, bank) = match details {
        Some(details) => (filled(details.card_brand), filled(details.card_bank)),
        None => (None, None),
    };
    Some(Shown {
        id,
        masked,
        brand,
        bank,
        name: filled(card.name),
        expiry_month: card.month?,
        expiry_year: card.year?,
        expired: card.expired,
    })
}

/// An open order, and one question of its shopper's counted.
async fn counted(app: &App, checkout: &CheckoutId, from: ClientAddress) -> Result<Order> {
    let order = open_order(app, checkout).await?;
    limits::ask(app, checkout, Question::Lookup, from).await?;
    Ok(order)
}

fn unavailable(error: crate::paywall::Error) -> Error {
    Error::ProviderUnavailable(error.into())
}

/// `GET …/cards`.
async fn list(
    Extension(saved): Extension<Arc<SavedCard>>,
    State(app): State<Arc<App>>,
    CheckoutPath(id): CheckoutPath,
    from: ClientAddress,
) -> Result<Json<SavedCards>> {
    let order = counted(&app, &id, from).await?;
    let cards = saved.cards(&order).await.map_err(unavailable)?;
    let cards = cards.into_iter().filter_map(shown).collect();
    Ok(Json(SavedCards { cards }))
}

/// `DELETE …/cards/{card}`.
async fn forget(
    Extension(saved): Extension<Arc<SavedCard>>,
    State(app): State<Arc<App>>,
    from: ClientAddress,
    path: std::result::Result<Path<(String, String)>, PathRejection>,
) -> Result<StatusCode> {
    let Path((checkout, card)) = path.map_err(|_| Error::CardNotFound)?;
    let id = CheckoutId::try_from(checkout).map_err(|_| Error::CheckoutNotFound)?;
    let order = counted(&app, &id, from).await?;
    let keeper = keeper(order.customer_id.as_deref()).ok_or(Error::CardNotFound)?;
    let cards = saved.cards(&order).await.map_err(unavailable)?;
    let kept = find(cards, &card).ok_or(Error::CardNotFound)?;
    let deleted = saved.wall.delete(keeper, &kept.unique_code).await;
    deleted.map_err(unavailable)?;
    tracing::info!(checkout = ?id, "saved card forgotten");
    Ok(StatusCode::NO_CONTENT)
}
