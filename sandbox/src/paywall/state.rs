//! What PayWall remembers: tokens, temporary and saved cards, payments. Knows no HTTP.

use std::collections::HashMap;

use jiff::Timestamp;
use uuid::Uuid;

use super::payment::{Order, Payment, Phase, Source};
use super::plans;
use super::refusal::Refusal;
use super::wallet::{NoCard, Wallet};
use crate::app::Ids;
use crate::card::Card;
use crate::time;

#[derive(Debug, Default)]
pub(crate) struct State {
    tokens: HashMap<Uuid, TempToken>,
    temp_cards: HashMap<Uuid, TempCard>,
    pub(crate) wallet: Wallet,
    /// Oldest first.
    payments: Vec<Payment>,
    /// start3d calls by MerchantUniqueCode, refused ones too.
    start_calls: HashMap<String, u32>,
}

/// A TempToken as PayWall treats it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TempToken {
    /// Whether tempcard may be called with it.
    pub(crate) card_save: bool,
    pub(crate) expires_at: Timestamp,
}

#[derive(Clone, Debug)]
pub(crate) struct TempCard {
    pub(crate) content: TempCardContent,
    pub(crate) expires_at: Timestamp,
    pub(crate) used: bool,
}

#[derive(Clone, Debug)]
pub(crate) enum TempCardContent {
    Ecom(Card),
    /// Insurance cards pay through another service, which start3d is not.
    Insurance,
}

/// How start3d names the card that is to pay.
#[derive(Debug)]
pub(crate) enum CardSource {
    Plain(Card),
    TempCard(Uuid),
    /// The UniqueCode of a saved card.
    Saved(String),
}

impl State {
    /// Returns the Token.
    pub(crate) fn add_token(&mut self, token: TempToken) -> Uuid {
        let name = Uuid::new_v4();
        self.tokens.insert(name, token);
        name
    }

    pub(crate) fn token(&self, name: Uuid) -> Option<TempToken> {
        self.tokens.get(&name).copied()
    }

    /// Returns the CardToken.
    pub(crate) fn add_temp_card(
        &mut self,
        content: TempCardContent,
        expires_at: Timestamp,
    ) -> Uuid {
        let name = Uuid::new_v4();
        self.temp_cards.insert(
            name,
            TempCard {
                content,
                expires_at,
                used: false,
            },
        );
        name
    }

    /// Counts a start3d call, whatever becomes of it.
    pub(crate) fn count_start(&mut self, merchant_unique_code: &str) {
        *self
            .start_calls
            .entry(merchant_unique_code.to_owned())
            .or_default() += 1;
    }

    pub(crate) fn start_calls(&self, merchant_unique_code: &str) -> u32 {
        self.start_calls
            .get(merchant_unique_code)
            .copied()
            .unwrap_or(0)
    }

    /// Creates the payment; only then is a temporary card used up. A repeated
    /// code is refused before the card is looked at: whoever sends a lost
    /// start3d again must learn that the payment exists, not that its card is
    /// spent.
    pub(crate) fn start_payment(
        &mut self,
        ids: &Ids,
        order: Order,
        source: CardSource,
        now: Timestamp,
    ) -> Result<Payment, Refusal> {
        if self.by_merchant_code(&order.merchant_unique_code).is_some() {
            return Err(Refusal::DuplicateMerchantUniqueCode);
        }
        let (card, kind) = self.card(&source, now)?;
        let plan =
            plans::of(&card, order.currency_id, order.installment).ok_or(Refusal::Installment)?;
        if let CardSource::TempCard(name) = source
            && let Some(temp_card) = self.temp_cards.get_mut(&name)
        {
            temp_card.used = true;
        }
        let payment = Payment {
            payment_id: ids.next(),
            activity_id: ids.next(),
            unique_code: Uuid::new_v4(),
            session: Uuid::new_v4(),
            order,
            card,
            source: kind,
            plan,
            created_at: now,
            phase: Phase::Created,
            saved_as: None,
        };
        self.payments.push(payment.clone());
        Ok(payment)
    }

    fn card(&self, source: &CardSource, now: Timestamp) -> Result<(Card, Source), Refusal> {
        match source {
            CardSource::Plain(card) => Ok((card.clone(), Source::Plain)),
            CardSource::TempCard(name) => {
                let card = self.temp_card(*name, now)?;
                Ok((card.clone(), Source::TempCard))
            }
            CardSource::Saved(code) => {
                let saved = self.wallet.find(code).map_err(|reason| match reason {
                    NoCard::Unknown => Refusal::SavedCardNotFound,
                    NoCard::Rotated => Refusal::SavedCardCode,
                    NoCard::Deleted => Refusal::SavedCardDeleted,
                })?;
                if time::is_past(saved.card.year, saved.card.month, now) {
                    return Err(Refusal::CardExpired);
                }
                Ok((saved.card.clone(), Source::SavedCard))
            }
        }
    }

    fn temp_card(&self, name: Uuid, now: Timestamp) -> Result<&Card, Refusal> {
        let temp_card = self
            .temp_cards
            .get(&name)
            .ok_or(Refusal::TempCardNotFound)?;
        if temp_card.used || temp_card.expires_at <= now {
            return Err(Refusal::TempCardSpent);
        }
        match &temp_card.content {
            TempCardContent::Insurance => Err(Refusal::TempCardNotSupported),
            TempCardContent::Ecom(card) => Ok(card),
        }
    }

    /// The shopper gave a code to the bank. A card that was to be saved is saved
    /// when it has paid.
    pub(crate) fn confirm(&mut self, session: Uuid, code: &str, now: Timestamp) {
        let Self {
            payments, wallet, ..
        } = self;
        let Some(payment) = payments.iter_mut().find(|known| known.session == session) else {
            return;
        };
        payment.confirm(code, now);
        if payment.was_paid()
            && payment.saved_as.is_none()
            && payment.source != Source::SavedCard
            && let Some(wish) = payment.order.save_card.clone()
        {
            let saved = wallet.save(wish, payment.card.clone());
            payment.saved_as = Some(saved.unique_code);
        }
    }

    /// Oldest first.
    pub(crate) fn payments(&self) -> &[Payment] {
        &self.payments
    }

    pub(crate) fn by_merchant_code(&self, code: &str) -> Option<&Payment> {
        self.payments
            .iter()
            .find(|payment| payment.order.merchant_unique_code == code)
    }

    pub(crate) fn by_merchant_code_mut(&mut self, code: &str) -> Option<&mut Payment> {
        self.payments
            .iter_mut()
            .find(|payment| payment.order.merchant_unique_code == code)
    }

    pub(crate) fn by_session_mut(&mut self, session: Uuid) -> Option<&mut Payment> {
        self.payments
            .iter_mut()
            .find(|payment| payment.session == session)
    }
}
