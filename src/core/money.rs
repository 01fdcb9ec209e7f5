//! Amounts: integers in minor units. How many digits a currency's minor unit
//! has and how an amount is written is the browser's to know (`Intl`).

/// `129990` with two digits is `"1299.90"`: exact, for `Intl.NumberFormat`.
pub fn decimal(minor_units: i64, digits: usize) -> String {
    let sign = if minor_units < 0 { "-" } else { "" };
    let mut text = minor_units.unsigned_abs().to_string();
    while text.len() <= digits {
        text.insert(0, '0');
    }
    if digits > 0 {
        text.insert(text.len() - digits, '.');
    }
    text.insert_str(0, sign);
    text
}

#[cfg(test)]
mod tests {
    use super::decimal;

    #[test]
    fn minor_units_become_exact_decimals() {
        for (minor_units, digits, text) in [
            (129_990, 2, "1299.90"),
            (5, 2, "0.05"),
            (0, 2, "0.00"),
            (100, 0, "100"),
            (-250, 2, "-2.50"),
            (1_234, 3, "1.234"),
            (i64::MAX, 2, "92233720368547758.07"),
            (i64::MIN, 2, "-92233720368547758.08"),
        ] {
            assert_eq!(decimal(minor_units, digits), text);
        }
    }
}
