//! The shapes of the fields, keystroke by keystroke; `|` marks the caret.

use super::*;

fn edited(field: Field, marked: &str, stroke: Stroke) -> String {
    let caret = marked.find('|').expect("a caret");
    let text = marked.replace('|', "");
    let Some(Edit { mut text, caret }) = edit(field, &text, caret, stroke, Some(6)) else {
        return marked.to_owned();
    };
    text.insert(caret, '|');
    text
}

/// Each text with what becomes of it.
fn holds(field: Field, stroke: Stroke, table: &[(&str, &str)]) {
    for (before, after) in table {
        let found = edited(field, before, stroke);
        assert_eq!(found, *after, "{field:?} {stroke:?} {before}");
    }
}

/// Key by key, at the end.
fn typed(field: Field, keys: &str) -> String {
    keys.chars().fold(String::new(), |text, key| {
        let mut text = format!("{text}{key}");
        text.push('|');
        edited(field, &text, Stroke::Wrote).replace('|', "")
    })
}

#[test]
fn numbers_are_grouped_and_the_caret_stays_at_its_digit() {
    holds(
        Field::Number,
        Stroke::Wrote,
        &[
            ("|", "|"),
            ("5|", "5|"),
            ("51411|", "5141 1|"),
            ("5141181677407907|", "5141 1816 7740 7907|"),
            ("5141 18|16 7740 7907", "5141 18|16 7740 7907"),
            ("5141 189|16 7740 790", "5141 189|1 6774 0790"),
            ("5141|1816 7740 7907", "5141| 1816 7740 7907"),
            ("51419| 1816 7740 790", "5141 9|181 6774 0790"),
            ("514|1816 7740 7907", "514|1 8167 7407 907"),
            ("5141-1816.7740 7907|", "5141 1816 7740 7907|"),
            ("375607798279765|", "3756 077982 79765|"),
            ("3756 0779|", "3756 0779|"),
            ("51a41|", "5141|"),
            ("12345678901234567890123|", "1234 5678 9012 3456 789|"),
        ],
    );
}

#[test]
fn erasing_a_separator_erases_the_digit_that_was_meant() {
    holds(
        Field::Number,
        Stroke::ErasedGapBack,
        &[("5141|1816", "514|1 816"), ("|5141 1816", "|5141 1816")],
    );
    holds(
        Field::Number,
        Stroke::ErasedGapOn,
        &[("5141|1816", "5141| 816"), ("5141 1816|", "5141 1816|")],
    );
    holds(Field::Expiry, Stroke::ErasedGapBack, &[("05|28", "0|2/8")]);
}

#[test]
fn an_expiry_takes_its_shape_as_it_is_typed() {
    holds(
        Field::Expiry,
        Stroke::Wrote,
        &[
            ("|", "|"),
            ("0|", "0|"),
            ("1|", "1|"),
            ("5|", "05|"),
            ("1/|", "01|"),
            ("1/2|", "01/2|"),
            ("12|", "12|"),
            ("52|", "05/2|"),
            ("052|", "05/2|"),
            ("05/28|", "05/28|"),
            ("0528|", "05/28|"),
            ("528|", "05/28|"),
            ("5/28|", "05/28|"),
            ("1/28|", "01/28|"),
            ("05/2028|", "05/28|"),
            ("052028|", "05/28|"),
            ("2028-05|", "05/28|"),
            ("202805|", "05/28|"),
            ("2028/5|", "05/28|"),
            ("05/289|", "05/28|"),
            ("05/|", "05|"),
        ],
    );
    for (keys, text) in [
        ("528", "05/28"),
        ("0528", "05/28"),
        ("1/28", "01/28"),
        ("12/28", "12/28"),
        ("05/2028", "05/28"),
        ("1/2030", "01/30"),
    ] {
        assert_eq!(typed(Field::Expiry, keys), text, "{keys}");
    }
}

/// It is told as wrong where it is left, never made into another date.
#[test]
fn an_expiry_that_is_no_date_is_not_made_into_one() {
    for text in ["2805", "31/05/2028", "1328", "05/202"] {
        let found = edited(Field::Expiry, &format!("{text}|"), Stroke::Wrote);
        assert_eq!(Month::parse(&found.replace('|', "")), None, "{text}");
    }
}

#[test]
fn an_expiry_is_not_filled_up_while_it_is_erased() {
    holds(
        Field::Expiry,
        Stroke::Erased,
        &[("05/|", "05|"), ("0|", "0|"), ("|5", "|5"), ("1/|2", "1|2")],
    );
}

#[test]
fn a_phone_number_takes_its_national_shape() {
    holds(
        Field::Phone,
        Stroke::Wrote,
        &[
            ("|", "|"),
            ("0|", "0|"),
            ("5|", "05|"),
            ("05551|", "0555 1|"),
            ("5551112233|", "0555 111 22 33|"),
            ("05551112233|", "0555 111 22 33|"),
            ("905551112233|", "0555 111 22 33|"),
            ("+90 555 111 22 33|", "0555 111 22 33|"),
            ("00905551112233|", "0555 111 22 33|"),
            ("+90 (555) 111-2233|", "0555 111 22 33|"),
            ("0555 9|111 22 33", "0555 9|11 12 23"),
            ("|5551112233", "|0555 111 22 33"),
            ("+90|", "+90|"),
            ("+49 151 1234|", "+49 151 1234|"),
            ("0212 555 11 22|", "0212 555 11 22|"),
        ],
    );
    for keys in ["05551112233", "5551112233", "905551112233", "+905551112233"] {
        assert_eq!(typed(Field::Phone, keys), "0555 111 22 33", "{keys}");
    }
    holds(
        Field::Phone,
        Stroke::Erased,
        &[("|555 1", "|5551"), ("0555 |", "0555|"), ("|", "|")],
    );
}

#[test]
fn numbers_without_groups_are_their_digits() {
    holds(
        Field::IdentityNumber,
        Stroke::Wrote,
        &[
            ("100 000 001 46|", "10000000146|"),
            ("1000|0000146", "1000|0000146"),
            ("100000001467|", "10000000146|"),
        ],
    );
    holds(
        Field::Cvc,
        Stroke::Wrote,
        &[(" 360|", "360|"), ("3a6|", "36|"), ("12345|", "1234|")],
    );
}

#[test]
fn a_code_is_found_in_the_message_that_was_pasted() {
    holds(
        Field::Code,
        Stroke::Wrote,
        &[
            ("123|4", "123|4"),
            ("123 456|", "123456|"),
            ("Kodunuz: 123456.|", "123456|"),
            ("129,90 TL tutarındaki işlem için kod 123456|", "123456|"),
            ("123456789012|", "1234567890|"),
        ],
    );
}

#[test]
fn free_text_is_left_as_it_is() {
    for field in [Field::Holder, Field::FullName, Field::Email] {
        assert_eq!(edit(field, "Elif 1", 6, Stroke::Wrote, None), None);
    }
}
