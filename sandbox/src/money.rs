//! Amounts as PayWall sends them: decimal JSON numbers whose very digits count,
//! because they go into the hash. Knows nothing of minor units.

use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::Number;

/// A decimal amount, in major units, with the text it was sent with.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(try_from = "Number", into = "Number")]
pub(crate) struct Amount {
    sent: Number,
    value: Decimal,
}

impl Amount {
    pub(crate) fn zero() -> Self {
        Self {
            sent: Number::from(0),
            value: Decimal::ZERO,
        }
    }

    /// With the digits of `value`, which is a computed one.
    pub(crate) fn of(value: Decimal) -> Self {
        let sent = Number::from_str(&value.to_string()).unwrap_or_else(|_| Number::from(0));
        Self { sent, value }
    }

    pub(crate) fn value(&self) -> Decimal {
        self.value
    }

    /// The digits as they were sent: `10.50` stays `10.50`, `10.5` stays `10.5`.
    pub(crate) fn text(&self) -> String {
        self.sent.to_string()
    }

    pub(crate) fn shown(&self) -> String {
        shown(self.value)
    }
}

/// For people in Turkey: `1.299,90`.
pub(crate) fn shown(value: Decimal) -> String {
    let plain = format!("{:.2}", value.abs());
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, "00"));
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            grouped.push('.');
        }
        grouped.push(digit);
    }
    let sign = if value.is_sign_negative() { "-" } else { "" };
    format!("{sign}{grouped},{fraction}")
}

impl TryFrom<Number> for Amount {
    type Error = rust_decimal::Error;

    fn try_from(sent: Number) -> Result<Self, Self::Error> {
        let value = Decimal::from_str(&sent.to_string())?;
        Ok(Self { sent, value })
    }
}

impl From<Amount> for Number {
    fn from(amount: Amount) -> Self {
        amount.sent
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(json: &str) -> Amount {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn the_sent_digits_survive_reading_and_writing() {
        for sent in ["10.50", "10.5", "1", "1299.90", "129990.00", "0.10"] {
            assert_eq!(amount(sent).text(), sent);
            assert_eq!(serde_json::to_string(&amount(sent)).unwrap(), sent);
        }
    }

    #[test]
    fn a_text_is_no_amount() {
        assert!(serde_json::from_str::<Amount>("\"10.50\"").is_err());
    }

    #[test]
    fn people_read_groups_and_a_comma() {
        let cases = [
            ("10.5", "10,50"),
            ("999", "999,00"),
            ("1299.90", "1.299,90"),
            ("1234567.8", "1.234.567,80"),
        ];
        for (sent, shown) in cases {
            assert_eq!(amount(sent).shown(), shown);
        }
    }
}
