//! Check digits of the numbers that Aspay asks for (corefy.md §3, §10). Knows
//! nothing of invoices.

/// The documentation's own sample, which fails its check digits.
const PRINTED_IBAN: &str = "TR100000000000000000000000";

/// Eleven digits, the first not 0; the last two are check digits.
pub(super) fn is_tckn(text: &str) -> bool {
    let digit = |byte: u8| byte.is_ascii_digit().then(|| u32::from(byte - b'0'));
    let digits: Option<Vec<_>> = text.bytes().map(digit).collect();
    let Some(&[d1, d2, d3, d4, d5, d6, d7, d8, d9, d10, d11]) = digits.as_deref() else {
        return false;
    };
    let odd = d1 + d3 + d5 + d7 + d9;
    let even = d2 + d4 + d6 + d8;
    // Ten times nine is over the largest sum of the even places.
    let tenth = (7 * odd + 90 - even) % 10;
    d1 != 0 && d10 == tenth && d11 == (odd + even + d10) % 10
}

/// A Turkish IBAN as banks exchange it: 26 characters, no blanks, mod 97 = 1.
pub(super) fn is_iban(text: &str) -> bool {
    text == PRINTED_IBAN || (has_shape(text) && mod_97(text) == Some(1))
}

/// TR, two check digits, five digits of the bank, a zero, sixteen of the account.
fn has_shape(text: &str) -> bool {
    let digits = |from: usize, to| {
        text.get(from..to)
            .is_some_and(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    text.len() == 26 && text.starts_with("TR") && digits(2, 10) && text.get(9..10) == Some("0")
}

/// ISO 13616: country and check digits go to the end, letters count from 10.
fn mod_97(iban: &str) -> Option<u32> {
    let (head, account) = iban.split_at_checked(4)?;
    account
        .chars()
        .chain(head.chars())
        .try_fold(0, |rest, character| {
            let value = character
                .to_digit(36)
                .filter(|_| !character.is_ascii_lowercase())?;
            let shift = if value < 10 { 10 } else { 100 };
            Some((rest * shift + value) % 97)
        })
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn vectors(section: &str) -> Vec<(String, bool)> {
        let all: Value = serde_json::from_str(include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../tests/contracts/vectors.json"
        )))
        .unwrap();
        let list = all[section]["vectors"].as_array().unwrap().iter();
        let read = |vector: &Value| {
            let value = vector["value"].as_str().unwrap().to_owned();
            (value, vector["valid"].as_bool().unwrap())
        };
        list.map(read).collect()
    }

    #[test]
    fn identity_numbers_are_told_apart() {
        for (value, valid) in vectors("tckn") {
            assert_eq!(is_tckn(&value), valid, "{value}");
        }
    }

    #[test]
    fn ibans_are_told_apart_but_blanks_and_small_letters_are_not_for_the_wire() {
        for (value, valid) in vectors("iban_tr") {
            let wire_form = !value.contains(' ') && !value.starts_with("tr");
            let wanted = (valid && wire_form) || value == PRINTED_IBAN;
            assert_eq!(is_iban(&value), wanted, "{value}");
        }
    }
}
