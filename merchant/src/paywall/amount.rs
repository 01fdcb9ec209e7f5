//! Money between our minor units and PayWall's decimals, and currencies between
//! ISO 4217 codes and PayWall's ids (paywall.md §5.4). Exact: no floats.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

/// A currency that PayWall can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Currency {
    /// ISO 4217.
    pub code: &'static str,
    /// PayWall's `CurrencyId`; not the ISO number.
    pub id: i32,
    /// Digits of the minor unit.
    pub exponent: u32,
}

const fn two(id: i32, code: &'static str) -> Currency {
    Currency {
        code,
        id,
        exponent: 2,
    }
}

const fn none(id: i32, code: &'static str) -> Currency {
    Currency {
        code,
        id,
        exponent: 0,
    }
}

const CURRENCIES: [Currency; 33] = [
    two(1, "TRY"),
    two(2, "USD"),
    two(3, "EUR"),
    two(4, "BAM"),
    two(5, "MKD"),
    two(6, "ALL"),
    two(7, "GBP"),
    two(8, "AUD"),
    two(9, "CHF"),
    two(10, "BRL"),
    two(11, "PLN"),
    two(12, "MXN"),
    two(13, "PEN"),
    two(14, "BGN"),
    two(15, "CZK"),
    two(16, "DKK"),
    two(17, "HRK"),
    two(18, "HUF"),
    none(19, "ISK"),
    two(20, "NOK"),
    two(21, "RON"),
    two(22, "SEK"),
    two(23, "PHP"),
    two(24, "SGD"),
    two(25, "NZD"),
    two(26, "ARS"),
    none(27, "CLP"),
    two(28, "COP"),
    two(29, "CRC"),
    two(30, "UYU"),
    two(31, "VES"),
    two(32, "CNY"),
    two(33, "THB"),
];

impl Currency {
    /// `None` for a currency that PayWall does not take.
    pub fn of(code: &str) -> Option<Currency> {
        CURRENCIES
            .into_iter()
            .find(|currency| currency.code == code)
    }

    /// `1050` kuruş is `10.50`.
    pub fn decimal(self, minor: i64) -> Decimal {
        Decimal::new(minor, self.exponent)
    }

    /// `10.50` is `1050` kuruş. `None` for parts of the minor unit, and beyond what an order can be.
    pub fn minor(self, decimal: Decimal) -> Option<i64> {
        let scaled = decimal.checked_mul(Decimal::from(10_i64.pow(self.exponent)))?;
        scaled.is_integer().then(|| scaled.to_i64())?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minor_units_become_exact_decimals() {
        let cases = [
            ("TRY", 1, "0.01"),
            ("TRY", 10, "0.10"),
            ("TRY", 1050, "10.50"),
            ("TRY", 100_000_000_001, "1000000000.01"),
            ("CLP", 1050, "1050"),
            ("ISK", 1, "1"),
        ];
        for (code, minor, text) in cases {
            assert_eq!(Currency::of(code).unwrap().decimal(minor).to_string(), text);
        }
    }

    #[test]
    fn decimals_become_minor_units_or_nothing() {
        let cases = [
            ("TRY", "10.5", Some(1050)),
            ("TRY", "10.500", Some(1050)),
            ("TRY", "10.505", None),
            ("TRY", "-1", Some(-100)),
            ("CLP", "1050", Some(1050)),
            ("CLP", "0.5", None),
            ("TRY", "79228162514264337593543950335", None),
        ];
        for (code, decimal, minor) in cases {
            let currency = Currency::of(code).unwrap();
            assert_eq!(currency.minor(decimal.parse().unwrap()), minor, "{decimal}");
        }
    }

    #[test]
    fn ids_are_those_of_paywalls_table() {
        for (position, currency) in CURRENCIES.iter().enumerate() {
            assert_eq!(currency.id as usize, position + 1, "{}", currency.code);
        }
        assert_eq!(Currency::of("GBP").unwrap().id, 7);
        assert_eq!(Currency::of("XXX"), None);
        assert_eq!(Currency::of("try"), None);
    }
}
