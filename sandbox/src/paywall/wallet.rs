//! The cards that shoppers saved (paywall.md §5.3), and the codes that stand for
//! them: a listing gives every card a new one. Knows no HTTP.

use std::collections::HashMap;

use base64::{Engine, engine::general_purpose::STANDARD};
use uuid::Uuid;

use crate::card::Card;

/// Whose cards: `RelationalId1` to `RelationalId3` and `PartnerIdentity`. All that
/// were used at saving must be used again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Holder {
    pub(crate) relational_ids: [String; 3],
    pub(crate) partner: String,
}

#[derive(Clone, Debug)]
pub(crate) struct SavedCard {
    pub(crate) holder: Holder,
    pub(crate) nickname: String,
    pub(crate) card: Card,
    /// Good until the next listing.
    pub(crate) unique_code: String,
}

/// What a new card is saved with.
#[derive(Clone, Debug)]
pub(crate) struct Wish {
    pub(crate) holder: Holder,
    pub(crate) nickname: String,
}

/// Why a UniqueCode leads to no card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoCard {
    Unknown,
    /// A listing gave the card another code since.
    Rotated,
    Deleted,
}

#[derive(Debug, Default)]
pub(crate) struct Wallet {
    /// Oldest first.
    cards: Vec<SavedCard>,
    /// Codes that once were good.
    spent: HashMap<String, NoCard>,
}

impl Wallet {
    /// Saves a card; one that the holder has already is renewed. Returns it.
    pub(crate) fn save(&mut self, wish: Wish, card: Card) -> SavedCard {
        let same =
            |saved: &SavedCard| saved.holder == wish.holder && saved.card.masked == card.masked;
        if let Some(index) = self.cards.iter().position(same) {
            let known = self.cards.remove(index);
            self.spent.insert(known.unique_code, NoCard::Rotated);
        }
        let saved = SavedCard {
            holder: wish.holder,
            nickname: wish.nickname,
            card,
            unique_code: new_code(),
        };
        self.cards.push(saved.clone());
        saved
    }

    /// The holder's cards, oldest first, each with a new code; the codes before
    /// are good no longer.
    pub(crate) fn list(&mut self, holder: &Holder) -> Vec<SavedCard> {
        let mine = self.cards.iter_mut().filter(|card| card.holder == *holder);
        mine.map(|card| {
            let before = std::mem::replace(&mut card.unique_code, new_code());
            self.spent.insert(before, NoCard::Rotated);
            card.clone()
        })
        .collect()
    }

    /// Whoever holds the code may pay.
    pub(crate) fn find(&self, code: &str) -> Result<&SavedCard, NoCard> {
        let found = self.cards.iter().find(|card| card.unique_code == code);
        found.ok_or_else(|| self.why_not(code))
    }

    pub(crate) fn find_of(
        &mut self,
        holder: &Holder,
        code: &str,
    ) -> Result<&mut SavedCard, NoCard> {
        let reason = self.why_not(code);
        self.cards
            .iter_mut()
            .find(|card| card.unique_code == code && card.holder == *holder)
            .ok_or(reason)
    }

    pub(crate) fn delete(&mut self, holder: &Holder, code: &str) -> Result<(), NoCard> {
        self.find_of(holder, code)?;
        self.cards.retain(|card| card.unique_code != code);
        self.spent.insert(code.to_owned(), NoCard::Deleted);
        Ok(())
    }

    /// Oldest first.
    pub(crate) fn all(&self) -> &[SavedCard] {
        &self.cards
    }

    fn why_not(&self, code: &str) -> NoCard {
        self.spent.get(code).copied().unwrap_or(NoCard::Unknown)
    }
}

/// A Base64 text, as in the samples.
fn new_code() -> String {
    let half = || *Uuid::new_v4().as_bytes();
    STANDARD.encode([half(), half()].concat())
}
