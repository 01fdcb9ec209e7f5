//! What the payer of an alternative method is asked for, and whether the answer
//! fits. PayWall leaves it to the provider which fields it needs (paywall.md
//! §3.3), so this is a table by provider; where nothing is known, nothing is asked.

use kasa_checkout::wire::merchant::{Payer, payer_field};

use crate::problem::{Error, Result};
use crate::store::Customer;

/// Providers of meal cards and the like: they want the number of a card that
/// they themselves issued.
const CARD_PROVIDERS: [&str; 3] = ["foodcardprovider", "metropolcard", "edenred"];

/// Those that send their code to a phone which the payer names.
const PHONE_PROVIDERS: [&str; 2] = ["metropolcard", "paye"];

/// The fields to ask for; what the order says of its customer already is not among them.
pub(super) fn fields(provider_key: &str, customer: &Customer) -> Vec<String> {
    // Keys come in any case (§3.7), and these are ASCII.
    let key = provider_key.to_ascii_lowercase();
    let mut fields = Vec::new();
    if CARD_PROVIDERS.contains(&key.as_str()) {
        fields.push(payer_field::CARD_NUMBER.to_owned());
    }
    if PHONE_PROVIDERS.contains(&key.as_str()) && mobile(&customer.phone).is_none() {
        fields.push(payer_field::PHONE.to_owned());
    }
    fields
}

/// Whether `payer` answers everything that was asked.
pub(super) fn check(asked: &[String], payer: &Payer) -> Result<()> {
    for field in asked {
        let fits = match field.as_str() {
            payer_field::CARD_NUMBER => payer.card_number.as_deref().is_some_and(is_card_number),
            payer_field::PHONE => payer.phone.as_deref().and_then(mobile).is_some(),
            _ => true,
        };
        if !fits {
            return Err(Error::unfit(format!(
                "payer.{field}: missing or does not fit"
            )));
        }
    }
    Ok(())
}

/// Ten digits of a Turkish mobile, out of the ways to write one. `None` for other numbers.
pub(super) fn mobile(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let written = text
        .chars()
        .all(|letter| letter.is_ascii_digit() || "+-() ".contains(letter));
    let bare = ["0090", "90", "0"]
        .iter()
        .find_map(|prefix| digits.strip_prefix(prefix).filter(|rest| rest.len() == 10))
        .unwrap_or(&digits);
    (written && bare.len() == 10 && bare.starts_with('5')).then(|| bare.to_owned())
}

fn is_card_number(text: &str) -> bool {
    (12..=19).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn customer(phone: &str) -> Customer {
        let text = String::new;
        Customer {
            full_name: text(),
            phone: phone.into(),
            email: text(),
            country: text(),
            city: text(),
            address: text(),
            identity_number: None,
        }
    }

    #[test]
    fn each_provider_asks_for_what_it_needs_and_the_order_does_not_say() {
        let cases: [(&str, &str, &[&str]); 7] = [
            ("FoodCardProvider", "", &["cardNumber"]),
            ("metropolcard", "", &["cardNumber", "phone"]),
            ("MetropolCard", "0500 000 00 00", &["cardNumber"]),
            ("Edenred", "", &["cardNumber"]),
            ("Paye", "+44 20 7946 0000", &["phone"]),
            ("PAYE", "5000000000", &[]),
            ("papara", "", &[]),
        ];
        for (key, phone, asked) in cases {
            assert_eq!(fields(key, &customer(phone)), asked, "{key} {phone}");
        }
    }

    #[test]
    fn a_mobile_is_found_in_every_way_of_writing_it() {
        for text in [
            "5000000000",
            "05000000000",
            "+90 500 000 00 00",
            "0090 (500) 000-00-00",
        ] {
            assert_eq!(mobile(text).as_deref(), Some("5000000000"), "{text}");
        }
        for text in [
            "",
            "500000000",
            "2120000000",
            "+44 20 7946 0000",
            "5oooooooo0",
            "90500000000",
        ] {
            assert_eq!(mobile(text), None, "{text}");
        }
    }

    #[test]
    fn an_answer_must_be_there_and_fit() {
        let asked = ["cardNumber", "phone"].map(str::to_owned);
        let payer = |card: Option<&str>, phone: Option<&str>| {
            let mut payer = Payer::default();
            payer.card_number = card.map(str::to_owned);
            payer.phone = phone.map(str::to_owned);
            payer
        };
        let card = Some("6375780000000000");
        assert!(check(&asked, &payer(card, Some("5000000000"))).is_ok());
        assert!(check(&[], &payer(None, None)).is_ok());
        for unfit in [
            payer(None, Some("5000000000")),
            payer(card, None),
            payer(card, Some("212")),
            payer(Some("6375 7800"), Some("5000000000")),
            payer(Some("637578**********"), Some("5000000000")),
        ] {
            assert!(check(&asked, &unfit).is_err());
        }
    }
}
