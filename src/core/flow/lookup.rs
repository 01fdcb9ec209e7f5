//! What the form asks the server for while it is filled in: the plans of a
//! card's BIN, and the cards kept for this customer. No money moves here; what
//! cannot be had is left out, and the form does without.

use crate::core::flow::{Answer, Attempt, Call, Event, Outbox};
use crate::wire::merchant::{BinInfo, SavedCard, SavedCards};

/// Fewer digits name no issuer, more than eight none either.
const BIN_LENGTHS: std::ops::RangeInclusive<usize> = 6..=8;

/// So many BINs are remembered; the form and the page may ask about different ones.
const KEPT: usize = 8;

#[derive(Debug, Default)]
#[cfg_attr(test, derive(Clone))]
pub struct Lookup {
    /// Each asked about once; oldest first.
    bins: Vec<Bin>,
    cards: Cards,
    revision: u32,
}

#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
struct Bin {
    digits: String,
    plans: Plans,
}

#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
enum Plans {
    /// The merchant server is asked.
    Asking(Attempt),
    /// What the card can be divided into.
    Known(BinInfo),
    /// Not to be had.
    Unknown,
}

#[derive(Debug, Default)]
#[cfg_attr(test, derive(Clone))]
enum Cards {
    /// This order is not paid with one.
    #[default]
    None,
    /// The merchant server is asked.
    Listing { attempt: Attempt },
    /// These; where they cannot be had, none.
    Known(Vec<SavedCard>),
    /// The merchant server is asked to forget one; the list as it was.
    Deleting {
        attempt: Attempt,
        card: String,
        cards: Vec<SavedCard>,
    },
}

impl Lookup {
    /// Asks for the cards kept for this customer.
    pub fn list_cards(&mut self, out: &mut Outbox) {
        let attempt = out.ask(Call::ListCards);
        self.cards = Cards::Listing { attempt };
    }

    /// Nobody needs them: as if there were none.
    pub fn list_no_cards(&mut self) {
        self.cards = Cards::Known(Vec::new());
    }

    /// Of the card that begins so, as soon as they are known.
    pub fn plans(&self, bin: &str) -> Option<&BinInfo> {
        let (_, known) = self.bins().find(|(digits, _)| *digits == bin)?;
        known.flatten()
    }

    /// The BINs that were asked about, and what is known of each: nothing yet,
    /// nothing at all, or this.
    pub fn bins(&self) -> impl Iterator<Item = (&str, Option<Option<&BinInfo>>)> {
        self.bins.iter().map(|bin| {
            let known = match &bin.plans {
                Plans::Asking(_) => None,
                Plans::Unknown => Some(None),
                Plans::Known(info) => Some(Some(info)),
            };
            (bin.digits.as_str(), known)
        })
    }

    /// `None` while they are being listed, or where there are none to list.
    pub fn cards(&self) -> Option<&[SavedCard]> {
        match &self.cards {
            Cards::Known(cards) | Cards::Deleting { cards, .. } => Some(cards),
            Cards::None | Cards::Listing { .. } => None,
        }
    }

    /// The card that is being deleted.
    pub fn deleting(&self) -> Option<&str> {
        match &self.cards {
            Cards::Deleting { card, .. } => Some(card),
            _ => None,
        }
    }

    /// Grows with everything that may have changed here.
    pub fn revision(&self) -> u32 {
        self.revision
    }

    /// True for the events that are this flow's.
    pub fn hears(event: &Event) -> bool {
        matches!(
            event,
            Event::BinTyped { .. }
                | Event::DeleteCard { .. }
                | Event::Bin { .. }
                | Event::Cards { .. }
                | Event::CardDeleted { .. }
        )
    }

    pub fn update(&mut self, event: Event, out: &mut Outbox) {
        let changed = match event {
            Event::BinTyped { digits } => self.typed(&digits, out),
            Event::Bin { attempt, answer } => self.told(attempt, answer),
            Event::Cards { attempt, answer } => self.listed(attempt, answer),
            Event::DeleteCard { card } => self.delete(card, out),
            Event::CardDeleted { attempt, answer } => self.deleted(attempt, &answer, out),
            _ => false,
        };
        self.revision = self.revision.wrapping_add(u32::from(changed));
    }

    fn typed(&mut self, digits: &str, out: &mut Outbox) -> bool {
        let bin = digits.get(..*BIN_LENGTHS.end()).unwrap_or(digits);
        let asked = self.bins.iter().any(|known| known.digits == bin);
        if asked || !BIN_LENGTHS.contains(&bin.len()) {
            return false;
        }
        if self.bins.len() == KEPT {
            self.bins.remove(0);
        }
        let digits = bin.to_owned();
        let attempt = out.ask(Call::ReadBin {
            bin: digits.clone(),
        });
        self.bins.push(Bin {
            digits,
            plans: Plans::Asking(attempt),
        });
        true
    }

    fn told(&mut self, answered: Attempt, answer: Answer<BinInfo>) -> bool {
        let waits =
            |bin: &&mut Bin| matches!(bin.plans, Plans::Asking(attempt) if attempt == answered);
        let Some(bin) = self.bins.iter_mut().find(waits) else {
            return false;
        };
        bin.plans = match answer {
            Answer::Ok(info) => Plans::Known(info),
            Answer::Refused(_) | Answer::Lost(_) => Plans::Unknown,
        };
        true
    }

    fn listed(&mut self, answered: Attempt, answer: Answer<SavedCards>) -> bool {
        if !matches!(self.cards, Cards::Listing { attempt } if attempt == answered) {
            return false;
        }
        self.cards = match answer {
            Answer::Ok(SavedCards { cards }) => Cards::Known(cards),
            Answer::Refused(_) | Answer::Lost(_) => Cards::Known(Vec::new()),
        };
        true
    }

    fn delete(&mut self, card: String, out: &mut Outbox) -> bool {
        let Cards::Known(cards) = &mut self.cards else {
            return false;
        };
        if !cards.iter().any(|known| known.id == card) {
            return false;
        }
        let cards = std::mem::take(cards);
        let attempt = out.ask(Call::DeleteCard { card: card.clone() });
        self.cards = Cards::Deleting {
            attempt,
            card,
            cards,
        };
        true
    }

    fn deleted(&mut self, answered: Attempt, answer: &Answer<()>, out: &mut Outbox) -> bool {
        let Cards::Deleting {
            attempt,
            card,
            cards,
        } = &mut self.cards
        else {
            return false;
        };
        if *attempt != answered {
            return false;
        }
        match answer {
            Answer::Ok(()) => {
                let mut cards = std::mem::take(cards);
                cards.retain(|known| known.id != *card);
                self.cards = Cards::Known(cards);
            }
            // Whether it is gone is for the list to say.
            Answer::Refused(_) | Answer::Lost(_) => self.list_cards(out),
        }
        true
    }
}

#[cfg(test)]
#[path = "lookup_tests.rs"]
mod tests;
