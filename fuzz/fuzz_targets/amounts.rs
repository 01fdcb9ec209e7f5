//! Money is exact on every way between minor units and providers' decimals:
//! there and back it is the same, and what is not a whole number of minor
//! units is none.

#![no_main]

use arbitrary::Arbitrary;
use kasa_checkout::core::money;
use kasa_merchant::fuzzing::{decimal, kurus, lira};
use kasa_merchant::paywall::amount::Currency;
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
struct Input {
    minor: i64,
    /// As a provider may write an amount.
    text: String,
    digits: u8,
}

fuzz_target!(|input: Input| {
    let Input { minor, digits, .. } = input;
    for code in ["TRY", "EUR", "CLP", "ISK"] {
        let currency = Currency::of(code).expect("known");
        assert_eq!(currency.minor(currency.decimal(minor)), Some(minor));
        let written = currency.decimal(minor).to_string();
        assert_eq!(
            decimal(&written).and_then(|read| currency.minor(read)),
            Some(minor)
        );
        if let Some(read) = decimal(&input.text)
            && let Some(minor) = currency.minor(read)
        {
            assert_eq!(currency.decimal(minor), read);
        }
    }
    assert_eq!(kurus(lira(minor)), Some(minor));
    if let Some(read) = decimal(&input.text)
        && let Some(kurus) = kurus(read)
    {
        assert_eq!(lira(kurus), read);
    }
    // What the component shows, read as a person would.
    let digits = usize::from(digits % 5);
    let shown = money::decimal(minor, digits);
    let point = shown.find('.');
    assert_eq!(point.map_or(0, |point| shown.len() - point - 1), digits);
    assert_eq!(shown.replace('.', "").parse(), Ok(minor));
});
