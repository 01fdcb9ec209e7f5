//! What holds of a field while somebody writes in it, however they do it.

use proptest::collection::vec;
use proptest::prelude::*;

use super::digits_of;
use crate::core::edit::{Stroke, edit};
use crate::core::field::Field;
use crate::wire::properties::holds;

const EDITED: [Field; 9] = [
    Field::Number,
    Field::CardNumber,
    Field::Expiry,
    Field::Cvc,
    Field::IdentityNumber,
    Field::Phone,
    Field::Code,
    Field::FirstDigits,
    Field::LastDigits,
];

fn stroke() -> impl Strategy<Value = Stroke> {
    prop::sample::select(vec![
        Stroke::Wrote,
        Stroke::Erased,
        Stroke::ErasedGapBack,
        Stroke::ErasedGapOn,
    ])
}

#[test]
fn a_caret_is_never_outside_of_its_text() {
    let field = prop::sample::select(EDITED.to_vec());
    let text = "\\PC{0,30}|[0-9 /]{0,25}";
    holds(
        (
            field,
            text,
            0..40_usize,
            stroke(),
            prop::option::of(4..=8_u8),
        ),
        |(field, text, caret, stroke, length)| {
            if let Some(edited) = edit(field, &text, caret, stroke, length) {
                prop_assert!(edited.text.is_ascii(), "{:?}", edited);
                prop_assert!(edited.caret <= edited.text.len(), "{:?}", edited);
            }
            Ok(())
        },
    );
}

/// What a hand does to a field.
#[derive(Clone, Debug)]
enum Hand {
    Type(String),
    Back,
    On,
    Move(usize),
}

fn hand() -> impl Strategy<Value = Hand> {
    prop_oneof![
        4 => "[0-9]{1,4}".prop_map(Hand::Type),
        2 => Just(Hand::Back),
        1 => Just(Hand::On),
        2 => (0..24_usize).prop_map(Hand::Move),
    ]
}

/// A field of a card number and its caret, as a browser would change them, and
/// the digits as they should stand.
#[test]
fn no_digit_is_lost_or_added_by_typing_pasting_and_erasing_in_any_order() {
    holds(vec(hand(), 0..24), |hands| {
        let (mut text, mut caret) = (String::new(), 0);
        let (mut digits, mut before) = (String::new(), 0);
        for hand in hands {
            let gap = |place: usize| text.as_bytes().get(place) == Some(&b' ');
            let stroke = match &hand {
                Hand::Type(typed) if digits.len() + typed.len() <= 19 => {
                    text.insert_str(caret, typed);
                    caret += typed.len();
                    digits.insert_str(before, typed);
                    before += typed.len();
                    Stroke::Wrote
                }
                Hand::Back if caret > 0 => {
                    let stroke = if gap(caret - 1) {
                        Stroke::ErasedGapBack
                    } else {
                        Stroke::Erased
                    };
                    caret -= 1;
                    text.remove(caret);
                    before -= 1;
                    digits.remove(before);
                    stroke
                }
                Hand::On if caret < text.len() => {
                    let stroke = if gap(caret) {
                        Stroke::ErasedGapOn
                    } else {
                        Stroke::Erased
                    };
                    text.remove(caret);
                    digits.remove(before);
                    stroke
                }
                Hand::Move(to) => {
                    caret = (*to).min(text.len());
                    before = digits_of(&text[..caret]).len();
                    continue;
                }
                Hand::Type(_) | Hand::Back | Hand::On => continue,
            };
            let edited = edit(Field::Number, &text, caret, stroke, None).expect("it is grouped");
            (text, caret) = (edited.text, edited.caret);
            prop_assert_eq!(&digits_of(&text), &digits);
            prop_assert_eq!(
                digits_of(&text[..caret]).len(),
                before,
                "{} at {}",
                text,
                caret
            );
        }
        Ok(())
    });
}

#[test]
fn what_is_grouped_already_stays_as_it_is() {
    let field = prop::sample::select(vec![
        Field::Number,
        Field::Cvc,
        Field::IdentityNumber,
        Field::FirstDigits,
    ]);
    holds((field, "[0-9]{0,19}"), |(field, text)| {
        let once = edit(field, &text, text.len(), Stroke::Wrote, None).expect("it is grouped");
        let twice = edit(field, &once.text, once.caret, Stroke::Wrote, None);
        prop_assert_eq!(twice, Some(once));
        Ok(())
    });
}
