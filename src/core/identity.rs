//! Numbers that name a person, a company or an account in Turkey, and their
//! check digits. A number that fails is a typing slip worth telling; whether
//! it exists is for the provider to know.

/// A Turkish identity number (TCKN): 11 digits, the first not 0, the last two
/// computed from those before.
pub fn is_tckn(text: &str) -> bool {
    let Some(digits) = digits::<11>(text) else {
        return false;
    };
    let [d1, d2, d3, d4, d5, d6, d7, d8, d9, d10, d11] = digits;
    let odd = d1 + d3 + d5 + d7 + d9;
    let even = d2 + d4 + d6 + d8;
    d1 != 0 && (odd * 7 + 100 - even) % 10 == d10 && (odd + even + d10) % 10 == d11
}

/// A Turkish tax number (VKN): 10 digits, the last one computed.
pub fn is_vkn(text: &str) -> bool {
    let Some([first @ .., last]) = digits::<10>(text) else {
        return false;
    };
    let sum: u32 = (1..=9)
        .rev()
        .zip::<[u32; 9]>(first)
        .map(|(place, digit)| match (digit + place) % 10 {
            0 => 0,
            moved => match (moved << place) % 9 {
                0 => 9,
                rest => rest,
            },
        })
        .sum();
    (10 - sum % 10) % 10 == last
}

/// A Turkish IBAN (ISO 13616): `TR`, two check digits, five digits of the bank,
/// a zero and sixteen letters or digits. Blanks and case do not matter.
pub fn is_turkish_iban(text: &str) -> bool {
    let iban: String = text
        .chars()
        .filter(|c| *c != ' ')
        .map(|c| c.to_ascii_uppercase())
        .collect();
    let (Some(country), Some(check), Some(account)) =
        (iban.get(..2), iban.get(2..4), iban.get(4..))
    else {
        return false;
    };
    let number = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let fits = country == "TR"
        && number(check)
        && account.len() == 22
        && account
            .get(..6)
            .is_some_and(|bank| number(bank) && bank.ends_with('0'))
        && account.bytes().all(|b| b.is_ascii_alphanumeric());
    let moved = account.chars().chain(country.chars()).chain(check.chars());
    fits && moved.fold(0, remainder_97) == 1
}

/// The remainder by 97 of the number so far with `c` written behind it; letters
/// count as 10 to 35.
fn remainder_97(so_far: u32, c: char) -> u32 {
    let value = c.to_digit(36).unwrap_or(0);
    let shifted = if value < 10 {
        so_far * 10
    } else {
        so_far * 100
    };
    (shifted + value) % 97
}

fn digits<const N: usize>(text: &str) -> Option<[u32; N]> {
    let digits: Vec<u32> = text
        .chars()
        .map(|c| c.to_digit(10))
        .collect::<Option<_>>()?;
    digits.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The golden numbers of one kind: each with whether it is a good one.
    fn vectors(kind: &str) -> Vec<(String, bool)> {
        let all: serde_json::Value =
            serde_json::from_str(include_str!("../../tests/contracts/vectors.json")).expect("JSON");
        let list = all[kind]["vectors"].as_array().expect("a list");
        let vector = |each: &serde_json::Value| {
            let value = each["value"].as_str().expect("a value");
            (
                value.to_owned(),
                each["valid"].as_bool().expect("a verdict"),
            )
        };
        list.iter().map(vector).collect()
    }

    fn holds(kind: &str, count: usize, check: fn(&str) -> bool) {
        let vectors = vectors(kind);
        assert_eq!(vectors.len(), count);
        for (value, valid) in vectors {
            assert_eq!(check(&value), valid, "{kind} {value}");
        }
    }

    #[test]
    fn identity_numbers_hold_their_check_digits() {
        holds("tckn", 22, is_tckn);
    }

    #[test]
    fn tax_numbers_hold_their_check_digit() {
        holds("vkn", 7, is_vkn);
    }

    #[test]
    fn ibans_hold_their_check_digits() {
        holds("iban_tr", 17, is_turkish_iban);
    }
}
