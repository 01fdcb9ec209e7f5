//! Money between our kuruş and Corefy's lira with decimals (corefy.md §3, §12).
//! Exact: no floats.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

/// Digits of the kuruş.
const EXPONENT: u32 = 2;

/// `12990` is `129.9`, and `10000` is `100`: some of Corefy's brands take whole
/// numbers only where the sum is one.
pub fn lira(kurus: i64) -> Decimal {
    Decimal::new(kurus, EXPONENT).normalize()
}

/// `None` for what is not a whole number of kuruş.
pub fn kurus(lira: Decimal) -> Option<i64> {
    let kurus = lira.checked_mul(Decimal::ONE_HUNDRED)?;
    kurus.is_integer().then(|| kurus.to_i64()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kurus_become_lira_and_come_back() {
        let cases = [
            (1, "0.01"),
            (10, "0.1"),
            (100, "1"),
            (333, "3.33"),
            (10000, "100"),
            (12990, "129.9"),
            (100_000_000_001, "1000000000.01"),
        ];
        for (minor, text) in cases {
            assert_eq!(lira(minor).to_string(), text);
            assert_eq!(kurus(text.parse().unwrap()), Some(minor));
        }
    }

    #[test]
    fn what_is_no_whole_number_of_kurus_is_no_amount() {
        for text in ["0.001", "129.905", "79228162514264337593543950335"] {
            assert_eq!(kurus(text.parse().unwrap()), None, "{text}");
        }
        assert_eq!(kurus("129.900".parse().unwrap()), Some(12990));
    }
}
