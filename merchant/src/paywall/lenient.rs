//! Fields that PayWall's pages, samples and clients write in different types
//! (paywall.md §8): a number or its text. What fits neither is left out, not an
//! error: no answer is thrown away for a field that may not matter.

use rust_decimal::Decimal;
use serde::{Deserialize as _, Deserializer};
use serde_json::Value;

fn text(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(text.trim().to_owned()),
        _ => None,
    }
}

/// A number's or text's very letters; empty for anything else.
pub(super) fn letters<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text,
        _ => String::new(),
    })
}

pub(super) fn integer<'de, D: Deserializer<'de>, T: std::str::FromStr>(
    from: D,
) -> Result<Option<T>, D::Error> {
    Ok(text(&Value::deserialize(from)?).and_then(|text| text.parse().ok()))
}

/// Exact: `10.5`, `"10.50"`, `1e1`.
pub(super) fn decimal<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Decimal>, D::Error> {
    let text = text(&Value::deserialize(from)?);
    Ok(text.and_then(|text| {
        text.parse()
            .or_else(|_| Decimal::from_scientific(&text))
            .ok()
    }))
}

/// True for `true`, `"true"` and `1`.
pub(super) fn truth<'de, D: Deserializer<'de>>(from: D) -> Result<bool, D::Error> {
    let value = Value::deserialize(from)?;
    Ok(value == Value::Bool(true)
        || text(&value).is_some_and(|text| text == "1" || text.eq_ignore_ascii_case("true")))
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    struct Given {
        #[serde(default, deserialize_with = "letters")]
        letters: String,
        #[serde(default, deserialize_with = "integer")]
        integer: Option<i32>,
        #[serde(default, deserialize_with = "decimal")]
        decimal: Option<Decimal>,
        #[serde(default, deserialize_with = "truth")]
        truth: bool,
    }

    fn read(json: &str) -> Given {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_number_may_be_text_and_keeps_its_letters() {
        let cases = [
            ("1.0", "1.0", None, Some(Decimal::new(1, 0))),
            (r#""22.00""#, "22.00", None, Some(Decimal::new(22, 0))),
            ("7", "7", Some(7), Some(Decimal::new(7, 0))),
            (r#"" 7""#, " 7", Some(7), Some(Decimal::new(7, 0))),
            ("1e1", "1e+1", None, Some(Decimal::new(10, 0))),
            ("null", "", None, None),
            ("{}", "", None, None),
            (r#""10,50""#, "10,50", None, None),
            (
                "99999999999",
                "99999999999",
                None,
                Some(Decimal::new(99_999_999_999, 0)),
            ),
        ];
        for (json, letters, integer, decimal) in cases {
            let given = read(&format!(
                r#"{{"letters":{json},"integer":{json},"decimal":{json}}}"#
            ));
            assert_eq!(given.integer, integer, "{json}");
            assert_eq!(given.decimal, decimal, "{json}");
            if !json.contains('e') {
                assert_eq!(given.letters, letters, "{json}");
            }
        }
        assert_eq!(read("{}").letters, "");
    }

    #[test]
    fn truth_is_said_in_three_ways() {
        for (json, truth) in [
            ("true", true),
            (r#""True""#, true),
            ("1", true),
            ("false", false),
            ("0", false),
            ("null", false),
            (r#""yes""#, false),
        ] {
            assert_eq!(
                read(&format!(r#"{{"truth":{json}}}"#)).truth,
                truth,
                "{json}"
            );
        }
    }
}
