//! The card rules, case by case, and held against the golden cards.

use super::*;

const TODAY: Month = Month {
    year: 2026,
    month: 11,
};

fn card(number: &str, expiry: &str, cvc: &str, holder: &str) -> CardInput {
    let secret = |text: &str| Secret::new(text.into());
    CardInput {
        number: secret(number),
        expiry: secret(expiry),
        cvc: secret(cvc),
        holder: secret(holder),
    }
}

#[test]
fn a_masked_number_shows_its_ends() {
    for (masked, shown) in [
        ("557920******1297", ("557920", "1297")),
        ("5579 20** **** 1297", ("5579", "1297")),
        ("****1297", ("", "1297")),
        ("557920**001297", ("557920", "1297")),
        ("********", ("", "")),
        ("", ("", "")),
    ] {
        assert_eq!(ends(masked), shown, "{masked}");
    }
}

#[test]
fn brands_are_told_by_their_leading_digits() {
    for (digits, brand) in [
        ("4", Some(Brand::Visa)),
        ("5141181677407907", Some(Brand::Mastercard)),
        ("2221", Some(Brand::Mastercard)),
        ("2720", Some(Brand::Mastercard)),
        ("2721", None),
        ("222", None),
        ("9792088780144513", Some(Brand::Troy)),
        ("979", None),
        ("6501", Some(Brand::Troy)),
        ("375607798279765", Some(Brand::Amex)),
        ("34", Some(Brand::Amex)),
        ("67", Some(Brand::Maestro)),
        ("50", Some(Brand::Maestro)),
        ("", None),
        ("1", None),
    ] {
        assert_eq!(Brand::of(digits), brand, "{digits}");
    }
}

#[test]
fn expiry_is_understood_in_every_common_shape() {
    let may = Month::new(5, 28);
    for text in [
        "05/28", "0528", "528", "5/28", "05/2028", "052028", "52028", "05 / 28", "2028-05",
        "05-28", " 05/28 ",
    ] {
        assert_eq!(Month::parse(text), may, "{text}");
    }
    for text in [
        "", "0", "13/28", "00/28", "05/", "05/2", "05/228", "1/2/3", "05/1999", "aa",
    ] {
        assert_eq!(Month::parse(text), None, "{text}");
    }
}

#[test]
fn a_good_card_becomes_the_request_of_paywall() {
    let request = check(
        &card("5141 1816 7740 7907", "9/28", "360", " Ada Deneme "),
        TODAY,
    );
    let request = request.expect("a good card");
    assert_eq!(request.card_type, 1);
    assert_eq!(request.card_number, "5141181677407907");
    assert_eq!(request.card_expiry_month, "09");
    assert_eq!(request.card_expiry_year, "28");
    assert_eq!(request.card_cvv, "360");
    assert_eq!(request.card_owner_name, "Ada Deneme");
    assert!((0..=30).contains(&request.expiry_min));
}

#[test]
fn every_fault_is_named_at_its_field() {
    for (input, expected) in [
        (
            card("", "", "", ""),
            vec![
                (Field::Number, Fault::Missing),
                (Field::Expiry, Fault::Missing),
                (Field::Cvc, Fault::Missing),
                (Field::Holder, Fault::Missing),
            ],
        ),
        (
            card("5141 1816 7740 790", "09/28", "360", "Ada"),
            vec![(Field::Number, Fault::Invalid)],
        ),
        (
            card("41111111111", "09/28", "360", "Ada"),
            vec![(Field::Number, Fault::Invalid)],
        ),
        (
            card("4111x11111111111", "09/28", "360", "Ada"),
            vec![(Field::Number, Fault::Invalid)],
        ),
        (
            card("5141181677407907", "10/26", "360", "Ada"),
            vec![(Field::Expiry, Fault::Expired)],
        ),
        (
            card("5141181677407907", "13/28", "360", "Ada"),
            vec![(Field::Expiry, Fault::Invalid)],
        ),
        (
            card("5141181677407907", "09/28", "36", "Ada"),
            vec![(Field::Cvc, Fault::Invalid)],
        ),
        (
            card("5141181677407907", "09/28", "36a", "Ada"),
            vec![(Field::Cvc, Fault::Invalid)],
        ),
        (
            card("5141181677407907", "09/28", "360", "5141181677407907"),
            vec![(Field::Holder, Fault::Invalid)],
        ),
    ] {
        assert_eq!(check(&input, TODAY).expect_err("a fault"), expected);
    }
}

#[test]
fn the_month_of_the_card_is_still_good_in_that_month() {
    assert!(check(&card("5141181677407907", "11/26", "360", "Ada"), TODAY).is_ok());
}

#[test]
fn a_number_that_fails_luhn_is_warned_of_but_not_stopped() {
    assert!(!luhn("5293601234567896"));
    assert!(luhn("5141181677407907"));
    assert!(!luhn(""));
    assert!(check(&card("5293601234567896", "12/29", "0000", "Ada"), TODAY).is_ok());
}

#[test]
fn an_insurance_card_is_its_ends_and_an_identity_number() {
    let secret = |text: &str| Secret::new(text.into());
    let input = |first: &str, last: &str, identity: &str| InsuranceInput {
        first_digits: secret(first),
        last_digits: secret(last),
        identity_number: secret(identity),
        holder: secret("Ada Deneme"),
    };
    let request = check_insurance(&input("51411816", "7907", "11111111110")).expect("a card");
    assert_eq!(request.card_type, 2);
    assert_eq!(request.card_no_first, "51411816");
    assert_eq!(request.card_no_last, "7907");
    let faults = check_insurance(&input("5141", "", "11111111111")).expect_err("faults");
    assert_eq!(
        faults,
        [
            (Field::FirstDigits, Fault::Invalid),
            (Field::LastDigits, Fault::Missing),
            (Field::IdentityNumber, Fault::Invalid),
        ]
    );
}

#[test]
fn the_golden_cards_are_read_as_their_providers_print_them() {
    let vectors: serde_json::Value =
        serde_json::from_str(include_str!("../../tests/contracts/vectors.json")).expect("JSON");
    let cards = vectors["cards"]["vectors"].as_array().expect("cards");
    assert!(cards.len() > 80);
    for golden in cards {
        let number = golden["number"].as_str().expect("a number");
        let brand = match golden["brand"].as_str() {
            Some("Visa") => Some(Brand::Visa),
            Some("MasterCard") => Some(Brand::Mastercard),
            Some("Amex") => Some(Brand::Amex),
            Some("Troy") => Some(Brand::Troy),
            Some("Maestro") => Some(Brand::Maestro),
            _ => None,
        };
        assert_eq!(Brand::of(number), brand, "{number}");
        assert_eq!(luhn(number), golden["luhn"] == true, "{number}");
        assert_eq!(golden["length"], number.len(), "{number}");
        // The edge ones pass Luhn, but no card has that length or first digit.
        let fault = match golden["set"].as_str() {
            Some("computed-edge") => Some(Fault::Invalid),
            _ => None,
        };
        assert_eq!(number_fault(number), fault, "{number}");
    }
}
