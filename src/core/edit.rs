//! The text of a field while it is being typed: grouping and the caret. The
//! caret is kept by the count of digits before it, so that it never jumps.

use crate::core::card::{Brand, Month};
use crate::core::otp;

/// A field's text and its caret, both in characters (all are ASCII here).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    pub text: String,
    pub caret: usize,
}

/// Regroups a card number: Amex 4-6-5, everything else by four.
pub fn number(text: &str, caret: usize) -> Edit {
    let mut digits: String = text.chars().filter(char::is_ascii_digit).collect();
    digits.truncate(19);
    let before = digits_before(text, caret).min(digits.len());
    let gaps: &[usize] = match Brand::of(&digits) {
        Some(Brand::Amex) => &[4, 10],
        _ => &[4, 8, 12, 16],
    };
    let mut edit = Edit {
        text: String::with_capacity(24),
        caret: before,
    };
    for (place, digit) in digits.chars().enumerate() {
        if gaps.contains(&place) {
            edit.text.push(' ');
            if place < before {
                edit.caret += 1;
            }
        }
        edit.text.push(digit);
    }
    zeroize::Zeroize::zeroize(&mut digits);
    edit
}

/// Leaves the digits of a one-time code: a message may be pasted whole.
pub fn code(text: &str, caret: usize) -> Edit {
    let mut digits: String = text.chars().filter(char::is_ascii_digit).collect();
    digits.truncate(otp::LENGTH_MAX);
    let caret = digits_before(text, caret).min(digits.len());
    Edit {
        text: digits,
        caret,
    }
}

/// Writes an expiry as `MM/YY` as soon as that is certain; a paste or autofill
/// in another shape is understood whole.
pub fn expiry(text: &str, caret: usize) -> Edit {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let separated = text.trim().contains(|c: char| !c.is_ascii_digit());
    if digits.len() > 4
        && let Some(month) = Month::parse(text)
    {
        let text = month_text(month);
        let caret = text.len();
        return Edit { text, caret };
    }
    let mut before = digits_before(text, caret);
    let mut kept = digits;
    // 2 to 9 can only be a month of one digit; so can a digit before a separator.
    let first_alone = !text.trim().chars().take(2).all(|c| c.is_ascii_digit());
    let short_month = match kept.as_str() {
        "0" => false,
        "1" => separated,
        other => other.len() == 1 || (other.len() == 3 && separated && first_alone),
    };
    if short_month {
        kept.insert(0, '0');
        before += 1;
    }
    kept.truncate(4);
    let before = before.min(kept.len());
    let mut text = String::with_capacity(5);
    for (place, digit) in kept.chars().enumerate() {
        if place == 2 {
            text.push('/');
        }
        text.push(digit);
    }
    let caret = before + usize::from(before > 2);
    Edit { text, caret }
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

fn digits_before(text: &str, caret: usize) -> usize {
    text.chars()
        .take(caret)
        .filter(char::is_ascii_digit)
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `|` marks the caret.
    fn typed(edit: fn(&str, usize) -> Edit, marked: &str) -> String {
        let caret = marked.find('|').expect("a caret");
        let Edit { mut text, caret } = edit(&marked.replace('|', ""), caret);
        text.insert(caret, '|');
        text
    }

    #[test]
    fn numbers_are_grouped_and_the_caret_stays_at_its_digit() {
        for (before, after) in [
            ("|", "|"),
            ("5|", "5|"),
            ("51411|", "5141 1|"),
            ("5141181677407907|", "5141 1816 7740 7907|"),
            ("5141 18|16 7740 7907", "5141 18|16 7740 7907"),
            ("5141 189|16 7740 790", "5141 189|1 6774 0790"),
            ("514|1816 7740 7907", "514|1 8167 7407 907"),
            ("5141-1816.7740 7907|", "5141 1816 7740 7907|"),
            ("375607798279765|", "3756 077982 79765|"),
            ("3756 0779|", "3756 0779|"),
            ("51a41|", "5141|"),
            ("12345678901234567890123|", "1234 5678 9012 3456 789|"),
        ] {
            assert_eq!(typed(number, before), after, "{before}");
        }
    }

    #[test]
    fn a_code_is_left_of_the_message_that_was_pasted() {
        for (before, after) in [
            ("123|4", "123|4"),
            ("123 456|", "123456|"),
            ("Kodunuz: 123456.|", "123456|"),
            ("123456789012|", "1234567890|"),
        ] {
            assert_eq!(typed(code, before), after, "{before}");
        }
    }

    #[test]
    fn an_expiry_takes_its_shape_as_it_is_typed() {
        for (before, after) in [
            ("|", "|"),
            ("0|", "0|"),
            ("1|", "1|"),
            ("5|", "05|"),
            ("1/|", "01|"),
            ("12|", "12|"),
            ("052|", "05/2|"),
            ("05/28|", "05/28|"),
            ("0528|", "05/28|"),
            ("5/28|", "05/28|"),
            ("05/2028|", "05/28|"),
            ("2028-05|", "05/28|"),
            ("05/289|", "05/28|"),
            ("05/|", "05|"),
        ] {
            assert_eq!(typed(expiry, before), after, "{before}");
        }
    }
}
