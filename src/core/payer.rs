//! What a method asks of its payer beside the order's own data: phone, identity
//! number, the number of a meal card. A card number is kept in a [`Secret`] and
//! in the [`Payer`] that leaves, both wiped when dropped.

use crate::core::card;
use crate::core::field::{Fault, Faults, Field};
use crate::core::identity;
use crate::core::secret::Secret;
use crate::wire::merchant::{Payer, payer_field};

/// Longest name and address that providers take.
const TEXT_MAX: usize = 100;

/// The fields of these names; `None` where a name is of a later version, so
/// that the method cannot be paid by with this one.
pub fn fields(names: &[String]) -> Option<Vec<Field>> {
    names
        .iter()
        .map(|name| match name.as_str() {
            payer_field::FULL_NAME => Some(Field::FullName),
            payer_field::PHONE => Some(Field::Phone),
            payer_field::EMAIL => Some(Field::Email),
            payer_field::IDENTITY_NUMBER => Some(Field::IdentityNumber),
            payer_field::CARD_NUMBER => Some(Field::CardNumber),
            _ => None,
        })
        .collect()
}

/// Judges one field as it was typed.
pub fn fault(field: Field, typed: &Secret) -> Option<Fault> {
    let text = typed.expose().trim();
    if text.is_empty() {
        return Some(Fault::Missing);
    }
    let fits = match field {
        Field::Phone => mobile(text).is_some(),
        Field::Email => is_email(text),
        Field::IdentityNumber => identity::is_tckn(text) || identity::is_vkn(text),
        Field::CardNumber => {
            let digits = card::digits(text);
            let only = |c: char| c.is_ascii_digit() || c == ' ' || c == '-';
            (12..=19).contains(&digits.expose().len()) && text.chars().all(only)
        }
        _ => text.chars().count() <= TEXT_MAX && !text.chars().any(char::is_control),
    };
    (!fits).then_some(Fault::Invalid)
}

/// The payer with every field of `wanted`, or what is wrong.
pub fn check(wanted: &[Field], typed: impl Fn(Field) -> Secret) -> Result<Payer, Faults> {
    let faults: Faults = wanted
        .iter()
        .filter_map(|&field| Some((field, fault(field, &typed(field))?)))
        .collect();
    if !faults.is_empty() {
        return Err(faults);
    }
    let mut payer = Payer::default();
    for &field in wanted {
        let text = typed(field);
        let text = text.expose().trim();
        match field {
            Field::FullName => payer.full_name = Some(text.to_owned()),
            Field::Phone => payer.phone = mobile(text),
            Field::Email => payer.email = Some(text.to_owned()),
            Field::IdentityNumber => payer.identity_number = Some(text.to_owned()),
            Field::CardNumber => payer.card_number = Some(card::digits(text).expose().to_owned()),
            _ => {}
        }
    }
    Ok(payer)
}

/// Ten digits of a Turkish mobile number, out of all its usual shapes:
/// `0555 111 22 33`, `+90 555…`, `(555) 111-2233`.
fn mobile(text: &str) -> Option<String> {
    let usual = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '-' | '(' | ')' | '.' | '+');
    if !text.chars().all(usual) {
        return None;
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let bare = match digits.len() {
        13 => digits.strip_prefix("090"),
        12 => digits.strip_prefix("90"),
        11 => digits.strip_prefix('0'),
        _ => Some(digits.as_str()),
    }?;
    (bare.len() == 10 && bare.starts_with('5')).then(|| bare.to_owned())
}

fn is_email(text: &str) -> bool {
    let parts = text.split_once('@');
    parts.is_some_and(|(name, host)| {
        !name.is_empty() && host.contains('.') && !host.starts_with('.') && !host.ends_with('.')
    }) && text.len() <= 254
        && text.matches('@').count() == 1
        && !text.chars().any(|c| c.is_whitespace() || c.is_control())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(field: Field, text: &str) -> Option<Fault> {
        fault(field, &Secret::new(text.into()))
    }

    #[test]
    fn each_field_has_its_rule() {
        for (field, good, bad) in [
            (
                Field::Phone,
                ["5551112233", "0555 111 22 33", "+90 (555) 111-2233"],
                ["2121112233", "555111223", "555111223a"],
            ),
            (
                Field::Email,
                ["elif@example.com", "a.b+c@d.co", " elif@example.com "],
                ["elif@", "@example.com", "elif@ex ample.com"],
            ),
            (
                Field::IdentityNumber,
                ["10000000146", "48570756934", "1234567890"],
                ["10000000147", "00000000000", "1234567891"],
            ),
            (
                Field::CardNumber,
                ["6375780000000000", "6375 7800 0000 0000", "637578000000"],
                ["63757800", "637578000000000x", "63757800000000000000"],
            ),
        ] {
            for text in good {
                assert_eq!(judged(field, text), None, "{field:?} {text}");
            }
            for text in bad {
                assert_eq!(
                    judged(field, text),
                    Some(Fault::Invalid),
                    "{field:?} {text}"
                );
            }
            assert_eq!(judged(field, "  "), Some(Fault::Missing));
        }
    }

    #[test]
    fn a_payer_has_what_was_wanted_in_its_plain_form() {
        let wanted = [Field::CardNumber, Field::Phone];
        let payer = check(&wanted, |field| {
            Secret::new(
                match field {
                    Field::CardNumber => "6375 7800 0000 0000",
                    _ => "+90 555 111 22 33",
                }
                .into(),
            )
        })
        .expect("a payer");
        assert_eq!(payer.card_number.as_deref(), Some("6375780000000000"));
        assert_eq!(payer.phone.as_deref(), Some("5551112233"));
        assert_eq!(payer.email, None);
    }

    #[test]
    fn every_fault_is_named_at_its_field() {
        let wanted = [Field::Phone, Field::IdentityNumber];
        let faults = check(&wanted, |_| Secret::new("1".into())).expect_err("faults");
        let invalid = wanted.map(|field| (field, Fault::Invalid));
        assert_eq!(faults, invalid);
    }

    #[test]
    fn a_field_of_a_later_version_makes_a_method_unusable() {
        let names = |names: &[&str]| -> Vec<String> { names.iter().map(|n| (*n).into()).collect() };
        assert_eq!(fields(&names(&["phone"])), Some(vec![Field::Phone]));
        assert_eq!(fields(&names(&["phone", "shoeSize"])), None);
        assert_eq!(fields(&[]), Some(vec![]));
    }
}
