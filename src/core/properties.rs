//! What holds of values whatever is typed: said of strings made at random, from a
//! fixed seed unless `KASA_DEEP` asks for more and for others.

mod fields;

use proptest::collection::vec;
use proptest::prelude::*;

use crate::core::card::{self, Brand, CardInput, Month};
use crate::core::field::Field;
use crate::core::identity::{is_tckn, is_turkish_iban, is_vkn};
use crate::core::money::decimal;
use crate::core::otp;
use crate::core::payer;
use crate::core::redirect::AllowList;
use crate::core::secret::Secret;
use crate::core::text::TURKISH;
use crate::wire::properties::holds;

fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

fn digits_of(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// With the digit that makes it pass.
fn with_check_digit(digits: &str) -> String {
    let whole = (0..10).map(|check| format!("{digits}{check}"));
    let mut passing = whole.filter(|number| card::luhn(number));
    let found = passing.next().expect("one of ten passes");
    assert_eq!(passing.next(), None, "two check digits pass");
    found
}

#[test]
fn luhn_notices_each_single_wrong_digit() {
    holds(
        ("[0-9]{11,18}", any::<prop::sample::Index>(), 1..10_u8),
        |(digits, at, by)| {
            let number = with_check_digit(&digits);
            let mut wrong = number.clone().into_bytes();
            let place = at.index(wrong.len());
            wrong[place] = b'0' + (wrong[place] - b'0' + by) % 10;
            let wrong = String::from_utf8(wrong).expect("digits");
            prop_assert!(!card::luhn(&wrong));
            Ok(())
        },
    );
}

#[test]
fn a_brand_is_kept_while_more_digits_are_typed() {
    holds("[0-9]{0,19}", |digits: String| {
        let known: Vec<Brand> = (0..=digits.len())
            .filter_map(|length| Brand::of(&digits[..length]))
            .collect();
        // A number of 65 begins as a 6 of Maestro would, but two digits tell.
        prop_assert!(known.windows(2).all(|two| two[0] == two[1]), "{known:?}");
        Ok(())
    });
}

#[test]
fn a_month_is_read_as_it_is_written() {
    holds(
        (
            1..=12_u32,
            0..=99_u32,
            prop::sample::select(vec!["/", " / ", "-", ""]),
        ),
        |(month, year, between)| {
            let expected = Month::new(month, year);
            for text in [
                format!("{month:02}{between}{year:02}"),
                format!("{month:02}{between}20{year:02}"),
            ] {
                prop_assert_eq!(Month::parse(&text), expected, "{}", text);
            }
            Ok(())
        },
    );
}

#[test]
fn whatever_is_typed_as_a_card_is_judged_and_only_digits_leave() {
    let typed = (
        "\\PC{0,24}|[0-9 ]{12,23}",
        "[0-9/ ]{0,7}",
        "\\PC{0,5}|[0-9]{3}",
        "\\PC{0,70}|[A-Z ]{1,20}",
    );
    holds(typed, |(number, expiry, cvc, holder)| {
        let input = CardInput {
            number: secret(&number),
            expiry: secret(&expiry),
            cvc: secret(&cvc),
            holder: secret(&holder),
        };
        let today = Month {
            year: 2026,
            month: 11,
        };
        if let Ok(request) = card::check(&input, today) {
            prop_assert_eq!(&request.card_number, &digits_of(&number));
            prop_assert!((12..=19).contains(&request.card_number.len()));
            prop_assert!(request.card_cvv.bytes().all(|byte| byte.is_ascii_digit()));
            prop_assert_eq!(
                request.card_expiry_month.len() + request.card_expiry_year.len(),
                4
            );
            prop_assert!(!request.card_owner_name.trim().is_empty());
        }
        Ok(())
    });
}

#[test]
fn an_amount_is_neither_rounded_nor_moved() {
    holds((any::<i64>(), 0..6_usize), |(amount, digits)| {
        let text = decimal(amount, digits);
        prop_assert_eq!(text.replace('.', "").parse::<i64>().ok(), Some(amount));
        let fraction = text
            .split_once('.')
            .map_or(0, |(_, fraction)| fraction.len());
        prop_assert_eq!(fraction, digits);
        Ok(())
    });
}

/// The check digits of a TCKN, by its definition.
fn tckn(nine: [u32; 9]) -> String {
    let odd: u32 = nine.iter().step_by(2).sum();
    let even: u32 = nine.iter().skip(1).step_by(2).sum();
    let tenth = (odd * 7 + 100 - even) % 10;
    let last = (nine.iter().sum::<u32>() + tenth) % 10;
    nine.iter()
        .chain(&[tenth, last])
        .map(u32::to_string)
        .collect()
}

#[test]
fn of_all_identity_numbers_only_those_with_their_check_digits_pass() {
    let nine = (1..10_u32, prop::array::uniform8(0..10_u32));
    holds(
        (nine, 0..11_usize, 1..10_u8),
        |((first, rest), place, by)| {
            let [b, c, d, e, f, g, h, i] = rest;
            let number = tckn([first, b, c, d, e, f, g, h, i]);
            prop_assert!(is_tckn(&number), "{}", number);
            let mut wrong = number.into_bytes();
            wrong[place] = b'0' + (wrong[place] - b'0' + by) % 10;
            let wrong = String::from_utf8(wrong).expect("digits");
            prop_assert!(!is_tckn(&wrong), "{}", wrong);
            Ok(())
        },
    );
}

#[test]
fn a_tax_number_has_one_check_digit() {
    holds("[0-9]{9}", |digits: String| {
        let passing = (0..10).filter(|check| is_vkn(&format!("{digits}{check}")));
        prop_assert_eq!(passing.count(), 1);
        Ok(())
    });
}

#[test]
fn an_iban_has_one_pair_of_check_digits_and_notices_a_wrong_sign() {
    holds(
        ("[0-9]{5}0[0-9A-Z]{16}", 0..22_usize, "[0-9]"),
        |(account, place, other)| {
            let passing: Vec<String> = (2..=98)
                .map(|check| format!("TR{check:02}{account}"))
                .filter(|iban| is_turkish_iban(iban))
                .collect();
            prop_assert_eq!(passing.len(), 1);
            let mut wrong = passing[0].clone();
            // A letter stands for two digits: one for a digit may go unnoticed.
            if wrong.as_bytes()[place + 4].is_ascii_digit() {
                wrong.replace_range(place + 4..place + 5, &other);
            }
            prop_assert!(wrong == passing[0] || !is_turkish_iban(&wrong));
            prop_assert!(is_turkish_iban(&passing[0].to_lowercase()));
            Ok(())
        },
    );
}

#[test]
fn no_text_is_taken_for_a_number_that_it_is_not() {
    holds("\\PC{0,40}", |text: String| {
        prop_assert!(!is_tckn(&text) || digits_of(&text).len() == 11);
        prop_assert!(!is_vkn(&text) || digits_of(&text).len() == 10);
        prop_assert!(!is_turkish_iban(&text) || text.is_ascii());
        Ok(())
    });
}

#[test]
fn a_mobile_number_is_its_ten_digits_in_every_shape() {
    let shape = prop::sample::select(vec!["", "0", "90", "+90", "+90 ", "090", "(0"]);
    holds(
        (
            "5[0-9]{9}",
            shape,
            prop::sample::select(vec!["", " ", "-", "."]),
        ),
        |(bare, before, between)| {
            let text = format!("{before}{}{between}{}", &bare[..3], &bare[3..]);
            let payer = payer::check(&[Field::Phone], |_| secret(&text));
            prop_assert_eq!(payer.ok().and_then(|payer| payer.phone.clone()), Some(bare));
            Ok(())
        },
    );
}

#[test]
fn a_payer_is_judged_whatever_is_typed() {
    let fields = [
        Field::FullName,
        Field::Phone,
        Field::Email,
        Field::IdentityNumber,
        Field::CardNumber,
    ];
    holds(
        ("\\PC{0,120}", prop::sample::select(fields.to_vec())),
        |(text, field)| {
            if let Ok(payer) = payer::check(&[field], |_| secret(&text)) {
                let digits = |text: &Option<String>| {
                    text.as_ref()
                        .is_none_or(|text| text.bytes().all(|b| b.is_ascii_digit()))
                };
                prop_assert!(
                    digits(&payer.phone)
                        && digits(&payer.card_number)
                        && digits(&payer.identity_number)
                );
            }
            Ok(())
        },
    );
}

#[test]
fn a_code_is_the_digits_that_were_typed() {
    holds(
        ("\\PC{0,24}|[0-9 ]{0,14}", prop::option::of(1..=10_u8)),
        |(typed, length)| {
            if let Ok(sent) = otp::check(&secret(&typed), length) {
                prop_assert_eq!(&sent.code, &digits_of(&typed));
                prop_assert!(length.is_none_or(|length| sent.code.len() == usize::from(length)));
            }
            Ok(())
        },
    );
}

/// Addresses as an attacker writes them: parts that mean something to a browser,
/// in any order.
fn address() -> impl Strategy<Value = String> {
    let parts = vec![
        "https://",
        "http://",
        "https:",
        "HTTPS://",
        "javascript:",
        "data:text/html,",
        "//",
        "/",
        "\\",
        "@",
        ":",
        "#",
        "?",
        "%2e",
        "%00",
        "\t",
        "\n",
        " ",
        ".",
        "..",
        "evil.example",
        "itspaywall.com",
        "bank.example",
        "localhost",
        "127.0.0.1",
        "[::1]",
        ":8402",
        ":99999",
        "ı",
        "。",
        "ｅ",
        "\u{200b}",
        "user:pass@",
        "xn--",
        "alert(1)",
    ];
    vec(prop::sample::select(parts), 0..7).prop_map(|parts| parts.concat())
}

#[test]
fn no_address_leads_anywhere_but_to_an_expected_host() {
    let lists = [
        AllowList::new("https://pay.shop.example", vec!["bank.example".into()]),
        AllowList::new("http://localhost:8401", vec![]),
    ];
    let addresses = prop_oneof![9 => address(), 1 => "\\PC{0,60}", 2 => "https://\\PC{0,40}"];
    holds(addresses, |url| {
        for (list, loopback) in lists.iter().zip([false, true]) {
            if !list.allows(&url) {
                continue;
            }
            // Read as narrowly as can be, and by other means than the list does.
            let (scheme, rest) = url.split_once("://").expect("an absolute address");
            let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
            let (authority, path) = rest.split_at(end);
            let host = authority
                .split(':')
                .next()
                .unwrap_or("")
                .to_ascii_lowercase();
            let below = |name: &str| host == name || host.ends_with(&format!(".{name}"));
            let own = matches!(host.as_str(), "localhost" | "127.0.0.1");
            prop_assert!(
                scheme == "https" || (scheme == "http" && loopback && own),
                "{}",
                url
            );
            prop_assert!(
                !authority.contains(['@', '\\', '%', '[']) && authority.is_ascii(),
                "{}",
                url
            );
            prop_assert!(
                !path.contains(['\\', '\t', '\n', '\r', ' ', '\0']),
                "{}",
                url
            );
            let known = ["itspaywall.com", "bank.example", "pay.shop.example"]
                .into_iter()
                .any(below)
                || ["localhost", "127.0.0.1"]
                    .into_iter()
                    .any(|name| loopback && below(name));
            prop_assert!(known, "{}", url);
        }
        Ok(())
    });
}

#[test]
fn no_error_of_a_payment_is_without_a_sentence() {
    holds("\\PC{0,24}|[a-z_]{0,24}", |code: String| {
        let error = crate::wire::merchant::PaymentError {
            code,
            message: None,
        };
        let outcome = crate::core::flow::Outcome::Final(crate::wire::merchant::Payment {
            id: "pay_1".into(),
            method: "card".into(),
            status: crate::wire::merchant::Status::Failed,
            next: None,
            error: Some(error),
            card: None,
            installments: None,
        });
        prop_assert!(!TURKISH.outcome(&outcome).is_empty());
        Ok(())
    });
}
