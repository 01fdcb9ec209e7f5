//! A card after it was looked at: masked, with what it will do. The number and
//! the CVC end here; nothing else of the sandbox ever holds them.

use thiserror::Error;

use crate::cards::{self, TestCard};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Brand {
    Mastercard,
    Visa,
    Amex,
    Troy,
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Credit,
    Debit,
    Prepaid,
}

/// The field of a sent card that has not the form it must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("malformed card: {self:?}")]
pub(crate) enum Malformed {
    Owner,
    Number,
    Month,
    Year,
    Cvc,
}

/// A bank's programme of points and installments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    World,
    Bonus,
    Maximum,
    Axess,
}

/// What may be kept of a card.
#[derive(Clone, Debug)]
pub(crate) struct Card {
    /// First six and last four digits, `557920******1297`.
    pub(crate) masked: String,
    pub(crate) owner: String,
    pub(crate) brand: Brand,
    pub(crate) kind: Option<Kind>,
    pub(crate) family: Option<Family>,
    /// 1 to 12.
    pub(crate) month: u8,
    /// Four digits.
    pub(crate) year: u16,
    /// Name of the issuer; empty for a card the documentation does not name.
    pub(crate) issuer: &'static str,
    /// Whether the bank pays after the right code.
    pub(crate) pays: bool,
}

/// A card as it is sent, in tempcard or in start3d.
#[derive(Clone, Copy)]
pub(crate) struct Sent<'a> {
    pub(crate) owner: &'a str,
    pub(crate) number: &'a str,
    pub(crate) month: &'a str,
    /// Two digits (tempcard) or four (start3d).
    pub(crate) year: &'a str,
    /// None where a service takes cards without.
    pub(crate) cvv: Option<&'a str>,
}

impl Card {
    /// Checks the form of every field. The check digit and the date are not
    /// judged: documented test cards fail both. A card that the documentation
    /// does not name pays.
    pub(crate) fn read(sent: Sent<'_>) -> Result<Self, Malformed> {
        if sent.owner.trim().is_empty() || sent.owner.chars().count() > 150 {
            return Err(Malformed::Owner);
        }
        if !digits(sent.number, 12..=19) {
            return Err(Malformed::Number);
        }
        if !digits(sent.month, 1..=2) || !(1..=12).contains(&sent.month.parse().unwrap_or(0)) {
            return Err(Malformed::Month);
        }
        if !digits(sent.year, 2..=2) && !digits(sent.year, 4..=4) {
            return Err(Malformed::Year);
        }
        if sent.cvv.is_some_and(|cvv| !digits(cvv, 3..=4)) {
            return Err(Malformed::Cvc);
        }
        let month = sent.month.parse().map_err(|_| Malformed::Month)?;
        let year: u16 = sent.year.parse().map_err(|_| Malformed::Year)?;
        let known = cards::find(sent.number);
        Ok(Self {
            masked: mask(sent.number),
            owner: sent.owner.trim().to_owned(),
            brand: known.map_or_else(|| brand(sent.number), |card| card.brand),
            kind: known.and_then(|card| card.kind),
            family: known.and_then(TestCard::family),
            month,
            year: if year < 100 { year + 2000 } else { year },
            issuer: known.map_or("", |card| card.issuer),
            pays: known.is_none_or(|card| card.pays),
        })
    }

    /// The first six digits.
    pub(crate) fn bin(&self) -> &str {
        self.masked.get(..6).unwrap_or_default()
    }

    pub(crate) fn last_four(&self) -> &str {
        let from = self.masked.len().saturating_sub(4);
        self.masked.get(from..).unwrap_or_default()
    }
}

fn digits(text: &str, length: std::ops::RangeInclusive<usize>) -> bool {
    length.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `number` holds twelve ASCII digits or more.
fn mask(number: &str) -> String {
    let (first, last) = (&number[..6], &number[number.len() - 4..]);
    format!("{first}{}{last}", "*".repeat(number.len() - 10))
}

fn brand(number: &str) -> Brand {
    let prefix = |length: usize| number[..length].parse().unwrap_or(0);
    match (prefix(1), prefix(2), prefix(4)) {
        (_, _, 9792) => Brand::Troy,
        (4, _, _) => Brand::Visa,
        (_, 34 | 37, _) => Brand::Amex,
        (_, 51..=55, _) | (_, _, 2221..=2720) => Brand::Mastercard,
        _ => Brand::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: Sent<'static> = Sent {
        owner: "Ada Deneme",
        number: "5141181677407907",
        month: "09",
        year: "28",
        cvv: Some("360"),
    };

    #[test]
    fn a_card_is_kept_masked_only() {
        let card = Card::read(GOOD).unwrap();
        assert_eq!(card.masked, "514118******7907");
        assert!(!format!("{card:?}").contains(GOOD.number));
        let amex = Card::read(Sent {
            number: "375607798279765",
            ..GOOD
        })
        .unwrap();
        assert_eq!(
            (amex.masked.as_str(), amex.brand),
            ("375607*****9765", Brand::Amex)
        );
    }

    #[test]
    fn each_malformed_field_has_its_own_code() {
        let cases = [
            (Sent { owner: " ", ..GOOD }, Malformed::Owner),
            (
                Sent {
                    number: "5141 1816 7740 7907",
                    ..GOOD
                },
                Malformed::Number,
            ),
            (
                Sent {
                    number: "51411816774",
                    ..GOOD
                },
                Malformed::Number,
            ),
            (
                Sent {
                    month: "13",
                    ..GOOD
                },
                Malformed::Month,
            ),
            (
                Sent {
                    month: "00",
                    ..GOOD
                },
                Malformed::Month,
            ),
            (
                Sent {
                    year: "028",
                    ..GOOD
                },
                Malformed::Year,
            ),
            (
                Sent {
                    cvv: Some("12"),
                    ..GOOD
                },
                Malformed::Cvc,
            ),
        ];
        for (sent, field) in cases {
            assert_eq!(Card::read(sent).unwrap_err(), field);
        }
    }

    #[test]
    fn documented_cards_do_as_documented_and_others_pay() {
        let pays = |number| Card::read(Sent { number, ..GOOD }).unwrap().pays;
        for card in cards::PAYWALL.iter().chain(cards::PROVIDERS) {
            assert_eq!(pays(card.number), card.pays, "{}", card.number);
        }
        assert!(pays("4111111111111111"));
    }

    #[test]
    fn an_expired_test_card_is_not_refused_for_its_date() {
        assert!(
            Card::read(Sent {
                number: "4506344103118942",
                month: "01",
                year: "24",
                ..GOOD
            })
            .is_ok()
        );
    }
}
