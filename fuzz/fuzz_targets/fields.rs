//! What a shopper types: editing keeps the digits and the caret between them,
//! and what a check lets through has the shape that providers take.

#![no_main]

use arbitrary::Arbitrary;
use kasa_checkout::core::card::{self, CardInput, InsuranceInput, Month};
use kasa_checkout::core::edit::{Edit, Stroke, count_digits, edit};
use kasa_checkout::core::field::Field;
use kasa_checkout::core::identity::{is_tckn, is_turkish_iban, is_vkn};
use kasa_checkout::core::secret::Secret;
use kasa_checkout::core::{otp, payer};
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
struct Input {
    field: u8,
    text: String,
    caret: u8,
    stroke: u8,
    length: Option<u8>,
    others: [String; 3],
}

const FIELDS: [Field; 12] = [
    Field::Number,
    Field::Expiry,
    Field::Cvc,
    Field::Holder,
    Field::FullName,
    Field::Phone,
    Field::Email,
    Field::IdentityNumber,
    Field::CardNumber,
    Field::FirstDigits,
    Field::LastDigits,
    Field::Code,
];
const STROKES: [Stroke; 4] = [
    Stroke::Wrote,
    Stroke::Erased,
    Stroke::ErasedGapBack,
    Stroke::ErasedGapOn,
];

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

fn only_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The digits that were meant to stay, and how many of them before the caret.
fn meant(text: &str, caret: usize, stroke: Stroke) -> (String, usize) {
    let mut all = digits(text);
    let mut before = digits(&text.chars().take(caret).collect::<String>()).len();
    if stroke == Stroke::ErasedGapBack && before > 0 {
        before -= 1;
        all.remove(before);
    } else if stroke == Stroke::ErasedGapOn && before < all.len() {
        all.remove(before);
    }
    (all, before)
}

fn check_edit(field: Field, text: &str, caret: usize, stroke: Stroke, length: Option<u8>) {
    let Some(done) = edit(field, text, caret, stroke, length) else {
        return;
    };
    let Edit {
        text: new,
        caret: at,
    } = &done;
    assert!(new.is_ascii() && *at <= new.len(), "{done:?}");
    let kept = digits(new);
    assert_eq!(count_digits(new), kept.len());
    let (all, before) = meant(text, caret, stroke);
    let most = match field {
        Field::Cvc => Some(4),
        Field::IdentityNumber => Some(11),
        Field::Number | Field::CardNumber | Field::FirstDigits | Field::LastDigits => Some(19),
        _ => None,
    };
    match (most, field) {
        (Some(most), _) => {
            let most = most.min(all.len());
            assert_eq!(kept, all[..most], "{field:?} {text:?}");
            assert_eq!(
                digits(&new[..*at]).len(),
                before.min(most),
                "{field:?} {text:?}"
            );
        }
        (None, Field::Phone) => {
            let rest = kept.strip_prefix('0').unwrap_or(&kept);
            assert!(kept.len() <= 11 && all.contains(rest), "{text:?} {new:?}");
        }
        (None, Field::Code) => assert!(
            all.contains(&kept) || digits(text).contains(&kept),
            "{text:?} {new:?}"
        ),
        (None, _) => {
            assert!(new.len() <= 6, "{text:?} {new:?}");
            if let (Some(now), Some(was)) = (Month::parse(new), Month::parse(text))
                && stroke == Stroke::Wrote
                && all.len() > 4
            {
                assert_eq!(now, was, "{text:?} {new:?}");
            }
        }
    }
    // What was grouped stays as it is.
    if matches!(
        field,
        Field::Number | Field::CardNumber | Field::Cvc | Field::IdentityNumber
    ) {
        assert_eq!(
            edit(field, new, *at, Stroke::Wrote, length).as_ref(),
            Some(&done)
        );
    }
}

fn check_card(texts: [&str; 4]) {
    let secret = |text: &str| Secret::new(text.to_owned());
    let [number, expiry, cvc, holder] = texts;
    let today = Month {
        year: 2026,
        month: 1,
    };
    let input = CardInput {
        number: secret(number),
        expiry: secret(expiry),
        cvc: secret(cvc),
        holder: secret(holder),
    };
    match card::check(&input, today) {
        Ok(card) => {
            assert_eq!(card.card_number, digits(number));
            assert!(
                (12..=19).contains(&card.card_number.len()) && !card.card_number.starts_with('0')
            );
            assert!(matches!(card.card_cvv.len(), 3 | 4) && only_digits(&card.card_cvv));
            let written = format!("{}/{}", card.card_expiry_month, card.card_expiry_year);
            let month = Month::parse(&written).expect("a month");
            assert_eq!(Some(month), Month::parse(expiry));
            assert!(month >= today && written.len() == 5);
            assert!(!card.card_owner_name.trim().is_empty());
        }
        Err(faults) => assert!(!faults.is_empty()),
    }
    let insurance = InsuranceInput {
        first_digits: secret(number),
        last_digits: secret(cvc),
        identity_number: secret(expiry),
        holder: secret(holder),
    };
    if let Ok(card) = card::check_insurance(&insurance) {
        assert!(card.card_no_first.len() == 8 && only_digits(&card.card_no_first));
        assert!(card.card_no_last.len() == 4 && only_digits(&card.card_no_last));
        assert!(is_tckn(&card.identity_number) || is_vkn(&card.identity_number));
    }
    let (first, last) = card::ends(number);
    assert!(only_digits(first) && only_digits(last) && last.len() <= 4);
    card::luhn(&digits(number));
}

fn check_payer(texts: [&str; 4]) {
    let wanted = [
        Field::Phone,
        Field::Email,
        Field::IdentityNumber,
        Field::CardNumber,
    ];
    for (place, field) in wanted.into_iter().enumerate() {
        let typed = Secret::new(texts[place].to_owned());
        let fault = payer::fault(field, &typed);
        let checked = payer::check(&[field], |_| typed.clone());
        assert_eq!(fault.is_none(), checked.is_ok());
        let Ok(payer) = checked else { continue };
        assert!(
            payer.phone.as_deref().is_none_or(|phone| phone.len() == 10
                && phone.starts_with('5')
                && only_digits(phone))
        );
        assert!(
            payer
                .card_number
                .as_deref()
                .is_none_or(|number| (12..=19).contains(&number.len()) && only_digits(number))
        );
        assert!(
            payer
                .email
                .as_deref()
                .is_none_or(|email| email.matches('@').count() == 1)
        );
    }
}

/// ISO 13616, digit by digit.
fn remainder(iban: &str) -> u32 {
    let plain: String = iban
        .chars()
        .filter(|c| *c != ' ')
        .collect::<String>()
        .to_ascii_uppercase();
    let moved = plain[4..].chars().chain(plain[..4].chars());
    let number: String = moved
        .map(|c| c.to_digit(36).expect("a letter or a digit").to_string())
        .collect();
    number
        .bytes()
        .fold(0, |rest, byte| (rest * 10 + u32::from(byte - b'0')) % 97)
}

fuzz_target!(|input: Input| {
    let field = FIELDS[usize::from(input.field) % FIELDS.len()];
    let stroke = STROKES[usize::from(input.stroke) % STROKES.len()];
    let [one, two, three] = &input.others;
    let text = input.text.as_str();
    check_edit(field, text, input.caret.into(), stroke, input.length);
    check_card([text, one, two, three]);
    check_payer([text, one, two, three]);
    if let Ok(request) = otp::check(&Secret::new(text.to_owned()), input.length) {
        assert!(only_digits(&request.code) && request.code == digits(text));
        assert!(
            input
                .length
                .is_none_or(|length| request.code.len() == usize::from(length))
        );
    }
    if is_turkish_iban(text) {
        assert_eq!(remainder(text), 1);
    }
    if is_tckn(text) {
        assert!(text.len() == 11 && only_digits(text) && !text.starts_with('0'));
    }
    if is_vkn(text) {
        assert!(text.len() == 10 && only_digits(text));
    }
});
