//! Reads the bodies of Hepsipay's calls as leniently as Hepsipay does
//! (hepsipay.md §2): keys without regard to case, numbers also as texts of
//! digits. Knows nothing of what the fields mean.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::refusal::Refusal;

/// Reads a body into a type whose fields are named in lower case.
pub(super) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    let value = serde_json::from_slice(body).map_err(|_| Refusal::Unreadable)?;
    let folded = fold(value).ok_or(Refusal::Unreadable)?;
    serde_json::from_value(folded).map_err(|_| Refusal::Unreadable)
}

/// Lower-cases every key; `None` when two keys become one, because then nobody
/// can say which of them was signed.
fn fold(value: Value) -> Option<Value> {
    match value {
        Value::Object(map) => {
            let mut folded = Map::new();
            for (key, value) in map {
                let before = folded.insert(key.to_ascii_lowercase(), fold(value)?);
                if before.is_some() {
                    return None;
                }
            }
            Some(Value::Object(folded))
        }
        Value::Array(list) => list
            .into_iter()
            .map(fold)
            .collect::<Option<_>>()
            .map(Value::Array),
        plain => Some(plain),
    }
}

/// A whole number that is not negative, or a text of its digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Value")]
pub(super) struct Whole(pub(super) u64);

impl TryFrom<Value> for Whole {
    type Error = &'static str;

    fn try_from(value: Value) -> Result<Self, Self::Error> {
        let number = match &value {
            Value::Number(number) => number.as_u64(),
            Value::String(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => {
                text.parse().ok()
            }
            _ => None,
        };
        number.map(Self).ok_or("not a whole number")
    }
}

/// A text, or a number in its digits; absent and `null` are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Value")]
pub(super) struct Text(pub(super) String);

impl TryFrom<Value> for Text {
    type Error = &'static str;

    fn try_from(value: Value) -> Result<Self, Self::Error> {
        match value {
            Value::Null => Ok(Self::default()),
            Value::String(text) => Ok(Self(text)),
            Value::Number(number) => Ok(Self(number.to_string())),
            _ => Err("not a text"),
        }
    }
}

impl Text {
    pub(super) fn is_longer_than(&self, characters: usize) -> bool {
        self.0.chars().count() > characters
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Body {
        amount: Whole,
        #[serde(default)]
        code: Text,
    }

    fn body(amount: u64, code: &str) -> Body {
        Body {
            amount: Whole(amount),
            code: Text(code.into()),
        }
    }

    #[test]
    fn keys_of_any_case_and_numbers_as_texts_are_read() {
        for sent in [
            r#"{"Amount":12348,"Code":"7"}"#,
            r#"{"amount":"12348","CODE":7}"#,
        ] {
            assert_eq!(read::<Body>(sent.as_bytes()), Ok(body(12_348, "7")));
        }
        assert_eq!(read(br#"{"AMOUNT":1,"code":null}"#), Ok(body(1, "")));
    }

    #[test]
    fn what_is_no_whole_number_is_refused() {
        for amount in ["-1", "1.5", "\"1,5\"", "\"\"", "\" 1\"", "null", "true"] {
            let sent = format!(r#"{{"amount":{amount}}}"#);
            assert_eq!(
                read::<Body>(sent.as_bytes()),
                Err(Refusal::Unreadable),
                "{amount}"
            );
        }
    }

    #[test]
    fn a_key_that_comes_twice_in_two_spellings_is_refused() {
        assert_eq!(
            read::<Body>(br#"{"Amount":1,"amount":1000}"#),
            Err(Refusal::Unreadable)
        );
    }
}
