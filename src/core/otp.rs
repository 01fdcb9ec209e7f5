//! A one-time code as a payer types or pastes it.

use crate::core::card;
use crate::core::field::Fault;
use crate::core::secret::Secret;
use crate::wire::merchant::OtpRequest;

/// No provider sends a longer one.
pub(super) const LENGTH_MAX: usize = 10;

/// Nor a shorter one.
const LENGTH_MIN: usize = 4;

/// The code to send, or what is wrong. `length`: where the provider says so.
pub fn check(typed: &Secret, length: Option<u8>) -> Result<OtpRequest, Fault> {
    if typed.expose().trim().is_empty() {
        return Err(Fault::Missing);
    }
    let code = card::digits(typed.expose()).expose().to_owned();
    let fits = match length {
        Some(exact) => code.len() == usize::from(exact),
        None => (1..=LENGTH_MAX).contains(&code.len()),
    };
    if fits {
        Ok(OtpRequest { code })
    } else {
        Err(Fault::Invalid)
    }
}

/// The code in a whole message, which may name an amount, a date, a card too:
/// the number as long as the code is, else the longest. `None` where `text` is
/// no message, or has no code in it.
pub(super) fn in_message(text: &str, length: Option<u8>) -> Option<String> {
    if !text.chars().any(char::is_alphabetic) {
        return None;
    }
    let fits = |number: &str| length.is_some_and(|exact| number.len() == usize::from(exact));
    // Within an amount, a date, a time; or at the end of a sentence.
    let point = |c: char| matches!(c, '.' | ',' | ':' | '/' | '-');
    let mut longest = "";
    for number in text.split(|c: char| !c.is_ascii_digit() && !point(c)) {
        let number = number.trim_matches(point);
        if number.contains(point) {
            continue;
        }
        if fits(number) {
            return Some(number.to_owned());
        }
        if number.len() > longest.len() {
            longest = number;
        }
    }
    // As it is printed in two groups.
    let groups = text.split(|c: char| !c.is_ascii_digit() && c != ' ' && c != '-');
    let mut joined = groups.map(|groups| card::digits(groups).expose().to_owned());
    joined.find(|number| fits(number)).or_else(|| {
        (LENGTH_MIN..=LENGTH_MAX)
            .contains(&longest.len())
            .then(|| longest.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_its_digits_and_as_long_as_the_provider_says() {
        for (typed, length, code) in [
            ("123456", Some(6), Ok("123456")),
            (" 123 456 ", Some(6), Ok("123456")),
            ("1234", None, Ok("1234")),
            ("12345", Some(6), Err(Fault::Invalid)),
            ("1234567", Some(6), Err(Fault::Invalid)),
            ("12345678901", None, Err(Fault::Invalid)),
            ("abc", None, Err(Fault::Invalid)),
            ("  ", Some(6), Err(Fault::Missing)),
        ] {
            let checked = check(&Secret::new(typed.into()), length);
            assert_eq!(checked.map(|checked| checked.code), code.map(String::from));
        }
    }

    #[test]
    fn a_code_is_told_from_the_other_numbers_of_its_message() {
        for (message, length, code) in [
            ("Kodunuz: 123456.", Some(6), Some("123456")),
            ("KASA 22.11.2026 14:05 kod 4821", Some(4), Some("4821")),
            (
                "1.234,56 TL, 7907 ile biten kart, onay kodu 482913. B002",
                Some(6),
                Some("482913"),
            ),
            (
                "Onay kodu 482 913, kimseyle paylaşmayın",
                Some(6),
                Some("482913"),
            ),
            ("129,90 TL için kod 482913", None, Some("482913")),
            ("kod 12", None, None),
            ("kod", Some(6), None),
            ("482 913", Some(6), None),
        ] {
            assert_eq!(in_message(message, length).as_deref(), code, "{message}");
        }
    }
}
