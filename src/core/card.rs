//! A payment card as a shopper types it: number, expiry, CVC, holder, and the
//! rules that can be known without asking anyone. Whether a card pays is the
//! provider's to say: Luhn is a warning here, never a wall (two of PayWall's
//! own test cards fail it; paywall.md §5.8).

use crate::core::field::{Fault, Faults, Field};
use crate::core::payer;
use crate::core::secret::Secret;
use crate::wire::paywall::{
    CARD_TYPE_ECOM, CARD_TYPE_INSURANCE, InsuranceCardRequest, TempCardRequest,
};

/// How long PayWall keeps the card token, in minutes: a payment is started at
/// once, and an answer that was lost may be asked for again within it.
const CARD_TOKEN_MINUTES: u16 = 15;

/// ISO/IEC 7812 allows 19; no brand here has fewer than 12.
const NUMBER_LENGTHS: std::ops::RangeInclusive<usize> = 12..=19;

/// PayWall's limit for `CardOwnerName` in its older validators (paywall.md §6).
const HOLDER_MAX: usize = 60;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Brand {
    Visa,
    Mastercard,
    Troy,
    Amex,
    Maestro,
}

impl Brand {
    /// From the leading digits. 65 is Troy's here: Turkish issuers use it for
    /// Troy, and Discover, which shares it, issues no card in Turkey.
    pub fn of(digits: &str) -> Option<Brand> {
        let lead = |n: usize| digits.get(..n).and_then(|d| d.parse::<u32>().ok());
        if digits.starts_with("9792") || digits.starts_with("65") {
            return Some(Brand::Troy);
        }
        if digits.starts_with('4') {
            return Some(Brand::Visa);
        }
        match lead(2) {
            Some(34 | 37) => return Some(Brand::Amex),
            Some(51..=55) => return Some(Brand::Mastercard),
            Some(50 | 56..=69) => return Some(Brand::Maestro),
            _ => {}
        }
        match lead(4) {
            Some(2221..=2720) => Some(Brand::Mastercard),
            _ => None,
        }
    }

    /// The brand's own name; the same in every language.
    pub fn name(self) -> &'static str {
        match self {
            Brand::Visa => "Visa",
            Brand::Mastercard => "Mastercard",
            Brand::Troy => "Troy",
            Brand::Amex => "American Express",
            Brand::Maestro => "Maestro",
        }
    }

    /// How many digits a complete number has, where the brand has one answer.
    fn length(self) -> Option<usize> {
        match self {
            Brand::Visa | Brand::Maestro => None,
            Brand::Mastercard | Brand::Troy => Some(16),
            Brand::Amex => Some(15),
        }
    }
}

/// The check digit of ISO/IEC 7812.
pub fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let digit = u32::from(byte.wrapping_sub(b'0'));
            match (place % 2, digit) {
                (0, digit) => digit,
                (_, digit) if digit > 4 => digit * 2 - 9,
                (_, digit) => digit * 2,
            }
        })
        .sum();
    !digits.is_empty() && sum.is_multiple_of(10)
}

/// A month of a year, as on a card and on the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month {
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
}

impl Month {
    pub fn new(month: u32, year: u32) -> Option<Month> {
        let year = match year {
            0..=99 => 2000 + year,
            2000..=2099 => year,
            _ => return None,
        };
        (1..=12).contains(&month).then_some(Month {
            year: u16::try_from(year).ok()?,
            month: u8::try_from(month).ok()?,
        })
    }

    /// Understands `05/28`, `0528`, `528`, `5/2028`, `05 - 2028`, `2028-05`, `202805`.
    pub fn parse(text: &str) -> Option<Month> {
        let parts: Vec<&str> = text
            .split(|c: char| !c.is_ascii_digit())
            .filter(|part| !part.is_empty())
            .collect();
        let number = |text: &str| text.parse::<u32>().ok();
        match parts.as_slice() {
            [year, month] if year.len() == 4 => Month::new(number(month)?, number(year)?),
            [month, year] if month.len() <= 2 && matches!(year.len(), 2 | 4) => {
                Month::new(number(month)?, number(year)?)
            }
            [digits] if matches!(digits.len(), 3..=6) => {
                let month_digits = if digits.len() % 2 == 1 { 1 } else { 2 };
                let (month, year) = digits.split_at_checked(month_digits)?;
                (matches!(year.len(), 2 | 4)).then_some(())?;
                Month::new(number(month)?, number(year)?).or_else(|| {
                    let (year, month) = digits.split_at_checked(4)?;
                    (month.len() == 2).then_some(())?;
                    Month::new(number(month)?, number(year)?)
                })
            }
            _ => None,
        }
    }
}

/// What was typed or handed over, not yet judged.
#[derive(Clone, Debug, Default)]
pub struct CardInput {
    /// Digits with any separators.
    pub number: Secret,
    pub expiry: Secret,
    pub cvc: Secret,
    pub holder: Secret,
}

impl CardInput {
    fn of(&self, field: Field) -> &Secret {
        match field {
            Field::Number => &self.number,
            Field::Expiry => &self.expiry,
            Field::Cvc => &self.cvc,
            _ => &self.holder,
        }
    }
}

/// The fields of a card, in the order of the form.
pub const FIELDS: [Field; 4] = [Field::Number, Field::Expiry, Field::Cvc, Field::Holder];

/// An insurance card, whose whole number is never asked for.
#[derive(Clone, Debug, Default)]
pub struct InsuranceInput {
    pub first_digits: Secret,
    pub last_digits: Secret,
    pub identity_number: Secret,
    pub holder: Secret,
}

/// The digits of `text`, separators and all else left out.
pub fn digits(text: &str) -> Secret {
    Secret::new(text.chars().filter(char::is_ascii_digit).collect())
}

/// Judges one of [`FIELDS`]; `today` is the calendar month.
pub fn fault(field: Field, typed: &Secret, today: Month) -> Option<Fault> {
    let text = typed.expose().trim();
    if text.is_empty() {
        return Some(Fault::Missing);
    }
    match field {
        Field::Number => number_fault(text),
        Field::Expiry => match Month::parse(text) {
            None => Some(Fault::Invalid),
            Some(month) if month < today => Some(Fault::Expired),
            Some(_) => None,
        },
        // Not tied to the brand: PayWall's Amex test cards have three digits,
        // two of its Mastercards four.
        Field::Cvc => {
            let fits = matches!(text.len(), 3 | 4) && text.bytes().all(|b| b.is_ascii_digit());
            (!fits).then_some(Fault::Invalid)
        }
        _ => holder_fault(text),
    }
}

fn holder_fault(text: &str) -> Option<Fault> {
    let fits = text.chars().count() <= HOLDER_MAX && !text.chars().any(|c| c.is_numeric());
    (!fits).then_some(Fault::Invalid)
}

fn number_fault(text: &str) -> Option<Fault> {
    let separators_only = text
        .chars()
        .all(|c| c.is_ascii_digit() || c.is_whitespace() || matches!(c, '-' | '.'));
    let digits = digits(text);
    let length = digits.expose().len();
    let fits = match Brand::of(digits.expose()).and_then(Brand::length) {
        Some(exact) => length == exact,
        None => NUMBER_LENGTHS.contains(&length),
    };
    // ISO/IEC 7812 gives no payment card a leading zero.
    let leads = !digits.expose().starts_with('0');
    (!fits || !leads || !separators_only).then_some(Fault::Invalid)
}

/// The request that tokenises the card, or what is wrong, a field at a time in
/// the order of the form.
pub fn check(input: &CardInput, today: Month) -> Result<TempCardRequest, Faults> {
    let faults: Faults = FIELDS
        .into_iter()
        .filter_map(|field| Some((field, fault(field, input.of(field), today)?)))
        .collect();
    match Month::parse(input.expiry.expose()) {
        Some(expiry) if faults.is_empty() => Ok(TempCardRequest {
            card_type: CARD_TYPE_ECOM,
            card_owner_name: input.holder.expose().trim().to_owned(),
            card_number: digits(input.number.expose()).expose().to_owned(),
            card_cvv: input.cvc.expose().trim().to_owned(),
            card_expiry_month: two_digits(u16::from(expiry.month)),
            card_expiry_year: two_digits(expiry.year % 100),
            expiry_min: CARD_TOKEN_MINUTES,
        }),
        _ => Err(faults),
    }
}

/// The same of an insurance card.
pub fn check_insurance(input: &InsuranceInput) -> Result<InsuranceCardRequest, Faults> {
    let holder = input.holder.expose().trim();
    let digits_fault = |text: &Secret, length| match text.expose().trim() {
        "" => Some(Fault::Missing),
        text if text.len() == length && text.bytes().all(|b| b.is_ascii_digit()) => None,
        _ => Some(Fault::Invalid),
    };
    let faults: Faults = [
        (Field::FirstDigits, digits_fault(&input.first_digits, 8)),
        (Field::LastDigits, digits_fault(&input.last_digits, 4)),
        (
            Field::IdentityNumber,
            payer::fault(Field::IdentityNumber, &input.identity_number),
        ),
        (
            Field::Holder,
            match holder {
                "" => Some(Fault::Missing),
                holder => holder_fault(holder),
            },
        ),
    ]
    .into_iter()
    .filter_map(|(field, fault)| Some((field, fault?)))
    .collect();
    if !faults.is_empty() {
        return Err(faults);
    }
    let trimmed = |text: &Secret| text.expose().trim().to_owned();
    Ok(InsuranceCardRequest {
        card_type: CARD_TYPE_INSURANCE,
        card_owner_name: holder.to_owned(),
        card_no_first: trimmed(&input.first_digits),
        card_no_last: trimmed(&input.last_digits),
        identity_number: trimmed(&input.identity_number),
        expiry_min: CARD_TOKEN_MINUTES,
    })
}

fn two_digits(number: u16) -> String {
    let mut text = String::from(if number < 10 { "0" } else { "" });
    text.push_str(&number.to_string());
    text
}

/// First digits of a masked number and the last four, `("557920", "1297")`.
pub fn ends(masked: &str) -> (&str, &str) {
    let is_mask = |c: char| !c.is_ascii_digit();
    let first = masked.split(is_mask).next().unwrap_or_default();
    let last = masked.rsplit(is_mask).next().unwrap_or_default();
    (
        first,
        last.get(last.len().saturating_sub(4)..).unwrap_or_default(),
    )
}

#[cfg(test)]
#[path = "card_tests.rs"]
mod tests;
