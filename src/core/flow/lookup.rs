//! What the form asks the server for while it is filled in: the plans of a
//! card's BIN, and the cards kept for this customer. No money moves here; what
//! cannot be had is left out, and the form does without.

use crate::core::flow::{Answer, Attempt, Call, Event, Outbox};
use crate::wire::merchant::{BinInfo, SavedCard, SavedCards};

/// Fewer digits name no issuer, more than eight none either.
const BIN_LENGTHS: std::ops::RangeInclusive<usize> = 6..=8;

#[derive(Debug, Default)]
pub struct Lookup {
    bin: Bin,
    cards: Cards,
    revision: u32,
}

#[derive(Debug, Default)]
enum Bin {
    #[default]
    None,
    Asking {
        bin: String,
        attempt: Attempt,
    },
    Known {
        bin: String,
        info: BinInfo,
    },
    /// Not to be had; the same digits are not asked about again.
    Unknown {
        bin: String,
    },
}

#[derive(Debug, Default)]
enum Cards {
    #[default]
    None,
    Listing {
        attempt: Attempt,
    },
    Known(Vec<SavedCard>),
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

    /// Of the card that is being typed, as soon as they are known.
    pub fn plans(&self) -> Option<&BinInfo> {
        match &self.bin {
            Bin::Known { info, .. } => Some(info),
            Bin::None | Bin::Asking { .. } | Bin::Unknown { .. } => None,
        }
    }

    /// The BIN in hand, and what is known of it: nothing yet, nothing at all, or this.
    pub fn bin(&self) -> Option<(&str, Option<Option<&BinInfo>>)> {
        match &self.bin {
            Bin::None => None,
            Bin::Asking { bin, .. } => Some((bin, None)),
            Bin::Unknown { bin } => Some((bin, Some(None))),
            Bin::Known { bin, info } => Some((bin, Some(Some(info)))),
        }
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
        if !BIN_LENGTHS.contains(&bin.len()) {
            let changed = !matches!(self.bin, Bin::None);
            self.bin = Bin::None;
            return changed;
        }
        let same = self.bin().is_some_and(|(known, _)| known == bin);
        if !same {
            let bin = bin.to_owned();
            let attempt = out.ask(Call::ReadBin { bin: bin.clone() });
            self.bin = Bin::Asking { bin, attempt };
        }
        !same
    }

    fn told(&mut self, answered: Attempt, answer: Answer<BinInfo>) -> bool {
        let Bin::Asking { bin, attempt } = &mut self.bin else {
            return false;
        };
        if *attempt != answered {
            return false;
        }
        let bin = std::mem::take(bin);
        self.bin = match answer {
            Answer::Ok(info) => Bin::Known { bin, info },
            Answer::Refused(_) | Answer::Lost(_) => Bin::Unknown { bin },
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
