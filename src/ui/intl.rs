//! Amounts and counts as the shopper reads them, by the browser's own `Intl`.
//! Digits are Latin in every language, as on the card and on the terminal.

use js_sys::Intl::{NumberFormat, PluralRules};
use js_sys::{Array, Object, Reflect};
use wasm_bindgen::JsValue;

use crate::browser::page;
use crate::core::money;
use crate::core::text::{Texts, fill, form};

/// `129990`, `TRY` is `1.299,90 ₺` in Turkish. What `Intl` cannot format is
/// shown as number and code.
pub fn format_amount(minor_units: i64, currency: &str, language: &str) -> String {
    try_format(minor_units, currency, language).unwrap_or_else(|_| {
        let mut text = money::decimal(minor_units, 2);
        text.push(' ');
        text.push_str(currency);
        text
    })
}

fn try_format(minor_units: i64, currency: &str, language: &str) -> Result<String, JsValue> {
    // `Intl` throws at anything else, and nothing of ours would catch it.
    if currency.len() != 3 || !currency.bytes().all(|letter| letter.is_ascii_alphabetic()) {
        return Err(JsValue::NULL);
    }
    let options: Object = page::bare();
    Reflect::set(&options, &"style".into(), &"currency".into())?;
    Reflect::set(&options, &"currency".into(), &currency.into())?;
    Reflect::set(&options, &"currencyDisplay".into(), &"narrowSymbol".into())?;
    Reflect::set(&options, &"numberingSystem".into(), &"latn".into())?;
    let format = NumberFormat::new(&Array::of1(&language.into()), &options);
    let digits = Reflect::get(&format.resolved_options(), &"maximumFractionDigits".into())?
        .as_f64()
        .ok_or(JsValue::NULL)?;
    // A whole number between 0 and 100 by the standard.
    let decimal = money::decimal(minor_units, digits as usize);
    let text = format.format().call1(&format, &decimal.into())?;
    let text = text.as_string().ok_or(JsValue::NULL)?;
    let turkish = language.split('-').next() == Some("tr");
    Ok(if turkish { unit_behind(&text) } else { text })
}

/// `₺5` as Turkish spelling has it, `5 ₺`; Unicode's tables know it in front only.
fn unit_behind(text: &str) -> String {
    let start = text.find(|c: char| c.is_ascii_digit()).unwrap_or(0);
    let (unit, number) = text.split_at(start);
    let mut behind = String::from(number);
    if !unit.is_empty() {
        behind.push('\u{a0}');
        behind.push_str(unit.trim_end());
    }
    behind
}

/// `text` in the form that goes with this count, and the count in its place.
pub fn format_count(count: u32, text: &str, texts: &Texts) -> String {
    let rules = PluralRules::new(&Array::of1(&texts.tag.into()), &page::bare());
    let category = String::from(rules.select(f64::from(count)));
    fill(form(text, &category), &count.to_string())
}
