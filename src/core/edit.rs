//! The text of a field while it is being typed: what it is grouped by, and the
//! caret, which is kept by the count of digits before it, so that it never
//! jumps. Knows no DOM, and judges nothing.

use zeroize::Zeroizing;

use crate::core::card::{Brand, Month};
use crate::core::field::Field;
use crate::core::otp;

/// More is no card number (ISO/IEC 7812).
const NUMBER_MAX: usize = 19;
const CVC_MAX: usize = 4;
/// Of a TCKN; a VKN has ten.
const IDENTITY_NUMBER_MAX: usize = 11;
/// With the leading zero: `0555 111 22 33`.
const PHONE_LENGTH: usize = 11;

/// A field's text and its caret, both in characters (all are ASCII here).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    pub text: String,
    pub caret: usize,
}

/// What was done to the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stroke {
    /// Typed, pasted, filled in by the browser.
    Wrote,
    Erased,
    /// Backspace took a separator away; the digit before it was meant.
    ErasedGapBack,
    /// Delete took a separator away; the digit after it was meant.
    ErasedGapOn,
}

/// What is to stand there instead; `None` for a field of free text.
/// `code_length`: of the one-time code that is awaited, where it is known.
pub fn edit(
    field: Field,
    text: &str,
    caret: usize,
    stroke: Stroke,
    code_length: Option<u8>,
) -> Option<Edit> {
    let digits = Digits::of(text, caret, stroke);
    Some(match field {
        Field::Number | Field::CardNumber => number(digits),
        Field::Expiry => expiry(digits, text, stroke),
        Field::Cvc => digits.grouped(CVC_MAX, &[], ' '),
        Field::IdentityNumber => digits.grouped(IDENTITY_NUMBER_MAX, &[], ' '),
        Field::Phone => phone(digits, text, stroke)?,
        Field::Code => code(digits, text, code_length),
        Field::FirstDigits | Field::LastDigits => digits.grouped(NUMBER_MAX, &[], ' '),
        Field::Holder | Field::FullName | Field::Email => return None,
    })
}

/// How many digits a text has: where erasing leaves them as they were, nothing
/// but a separator was erased.
pub fn count_digits(text: &str) -> usize {
    text.chars().filter(char::is_ascii_digit).count()
}

/// The digits of a text, and how many of them stand before the caret.
struct Digits {
    all: Zeroizing<String>,
    before: usize,
}

impl Digits {
    fn of(text: &str, caret: usize, stroke: Stroke) -> Self {
        let mut all: String = text.chars().filter(char::is_ascii_digit).collect();
        let mut before = text
            .chars()
            .take(caret)
            .filter(char::is_ascii_digit)
            .count();
        match stroke {
            Stroke::ErasedGapBack if before > 0 => {
                before -= 1;
                all.remove(before);
            }
            Stroke::ErasedGapOn if before < all.len() => {
                all.remove(before);
            }
            _ => {}
        }
        Digits {
            all: Zeroizing::new(all),
            before,
        }
    }

    /// Puts `prefix` in the place of the first `taken` digits.
    fn lead_with(&mut self, prefix: &str, taken: usize) {
        let taken = taken.min(self.all.len());
        self.all.replace_range(..taken, prefix);
        if self.before > 0 {
            self.before = self.before.saturating_sub(taken) + prefix.len();
        }
    }

    /// No more than `most` of them, with `separator` before each of `gaps`.
    fn grouped(mut self, most: usize, gaps: &[usize], separator: char) -> Edit {
        self.all.truncate(most);
        self.before = self.before.min(self.all.len());
        let mut edit = Edit {
            text: String::with_capacity(self.all.len() + gaps.len()),
            caret: self.before,
        };
        for (place, digit) in self.all.chars().enumerate() {
            if gaps.contains(&place) {
                edit.text.push(separator);
                edit.caret += usize::from(place < self.before);
            }
            edit.text.push(digit);
        }
        edit
    }
}

/// Amex 4-6-5, everything else by four.
fn number(digits: Digits) -> Edit {
    let gaps: &[usize] = match Brand::of(&digits.all) {
        Some(Brand::Amex) => &[4, 10],
        _ => &[4, 8, 12, 16],
    };
    digits.grouped(NUMBER_MAX, gaps, ' ')
}

/// `05XX XXX XX XX`, whether it was begun with `+90`, `90`, `0` or none; other
/// countries' numbers are left as they are.
fn phone(mut digits: Digits, text: &str, stroke: Stroke) -> Option<Edit> {
    let country = ["0090", "090", "90"].into_iter().find(|country| {
        let rest = digits.all.strip_prefix(country);
        rest.is_some_and(|rest| rest.starts_with('5'))
    });
    if let Some(country) = country {
        digits.lead_with("0", country.len());
    } else if text.trim_start().starts_with('+') {
        return None;
    } else if digits.all.starts_with('5') && stroke == Stroke::Wrote {
        digits.lead_with("0", 0);
    }
    let gaps: &[usize] = if digits.all.starts_with('0') {
        &[4, 7, 9]
    } else {
        &[]
    };
    Some(digits.grouped(PHONE_LENGTH, gaps, ' '))
}

/// A message may be pasted whole: the code is found in it.
fn code(digits: Digits, text: &str, length: Option<u8>) -> Edit {
    match otp::in_message(text, length) {
        Some(code) => Edit {
            caret: code.len(),
            text: code,
        },
        None => digits.grouped(otp::LENGTH_MAX, &[], ' '),
    }
}

/// `MM/YY` as soon as that is certain; a paste or autofill in another shape is
/// understood whole, and so is a year of four digits while it is typed.
fn expiry(mut digits: Digits, text: &str, stroke: Stroke) -> Edit {
    let wrote = stroke == Stroke::Wrote;
    if wrote
        && digits.all.len() > 4
        && let Some(month) = Month::parse(text)
    {
        let text = month_text(month);
        let caret = text.len();
        return Edit { text, caret };
    }
    if wrote && is_short_month(&digits.all, text.trim()) {
        digits.lead_with("0", 0);
    }
    // No card is good until a year of the last century's twenties.
    let long_year = wrote && digits.all.get(2..4) == Some("20");
    digits.grouped(if long_year { 5 } else { 4 }, &[2], '/')
}

/// 2 to 9 can only be a month of one digit; so can a digit before a separator.
fn is_short_month(digits: &str, text: &str) -> bool {
    let mut typed = text.chars();
    let alone =
        typed.next().is_some() && typed.next().is_some_and(|second| !second.is_ascii_digit());
    match digits.chars().next() {
        None | Some('0') => false,
        Some('1') => alone && digits.len() <= 3,
        Some(_) => digits.len() <= 3,
    }
}

fn month_text(month: Month) -> String {
    let mut text = String::with_capacity(5);
    for number in [u16::from(month.month), month.year % 100] {
        if !text.is_empty() {
            text.push('/');
        }
        if number < 10 {
            text.push('0');
        }
        text.push_str(&number.to_string());
    }
    text
}

#[cfg(test)]
#[path = "edit_tests.rs"]
mod tests;
