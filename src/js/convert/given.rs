//! Reads what a call was given. What does not fit is an `invalid_options` that
//! says what was given and what is expected; a text that may be a card's is
//! never quoted.

use js_sys::{Array, JsString, Number, Object, Reflect};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use crate::core::error::Error;
use crate::core::secret::Secret;

/// Longer texts, and those with more digits, are not quoted: they could be
/// anything, a card number too.
const QUOTED_MAX: usize = 60;
const DIGITS_MAX: usize = 6;

#[wasm_bindgen]
extern "C" {
    // Throws at a proxy that was revoked.
    #[wasm_bindgen(js_namespace = Array, js_name = isArray, catch)]
    fn is_array(value: &JsValue) -> Result<bool, JsValue>;
}

/// What is there by this name; `undefined` where there is nothing, or `null`.
pub fn property(of: &JsValue, name: &str) -> Result<JsValue, Error> {
    if !of.is_object() {
        return Ok(JsValue::UNDEFINED);
    }
    if is_everyones(of, name).unwrap_or(false) {
        return Ok(JsValue::UNDEFINED);
    }
    match Reflect::get(of, &name.into()) {
        Ok(value) if value.is_null() => Ok(JsValue::UNDEFINED),
        Ok(value) => Ok(value),
        Err(_) => {
            let mut text = quoted(name);
            text.push_str(" cannot be read: it throws.");
            Err(Error::InvalidOptions(text))
        }
    }
}

/// What stands on `Object.prototype` was given to no call.
fn is_everyones(of: &JsValue, name: &str) -> Result<bool, JsValue> {
    let name = JsString::from(name);
    let everyone = Object::get_prototype_of(&Object::new());
    Ok(Reflect::has(&everyone, &name)?
        && !Object::has_own_str(of.unchecked_ref::<Object>(), &name)?)
}

/// A text, or `None` where nothing was given.
pub fn text(of: &JsValue, name: &str, expected: &str) -> Result<Option<String>, Error> {
    let value = property(of, name)?;
    match value.as_string() {
        Some(text) => Ok(Some(text)),
        None if value.is_undefined() => Ok(None),
        None => Err(misuse(name, expected, &value)),
    }
}

/// A text that may be card data, empty where nothing was given.
pub fn secret(of: &JsValue, name: &str) -> Result<Secret, Error> {
    let value = property(of, name)?;
    match value.as_string() {
        Some(text) => Ok(Secret::new(text)),
        None if value.is_undefined() => Ok(Secret::default()),
        None => Err(misuse_unquoted(
            name,
            "text, which keeps leading zeros",
            &value,
        )),
    }
}

/// The same, of what may be a small whole number too: a month, a year.
pub fn secret_or_number(of: &JsValue, name: &str) -> Result<Secret, Error> {
    let value = property(of, name)?;
    match value.as_f64() {
        Some(number) if number.fract() == 0.0 && (0.0..10_000.0).contains(&number) => {
            Ok(Secret::new((number as u32).to_string()))
        }
        Some(_) => Err(misuse_unquoted(name, "text or a whole number", &value)),
        None => secret(of, name),
    }
}

/// "`name` must be …; it is …."
pub fn misuse(name: &str, expected: &str, given: &JsValue) -> Error {
    let given = quotable(given).unwrap_or_else(|| kind(given));
    sentence(name, expected, &given)
}

/// The same of a value that may be card data.
pub fn misuse_unquoted(name: &str, expected: &str, given: &JsValue) -> Error {
    sentence(name, expected, &kind(given))
}

fn sentence(name: &str, expected: &str, given: &str) -> Error {
    let mut text = quoted(name);
    for part in [" must be ", expected, "; it is ", given, "."] {
        text.push_str(part);
    }
    Error::InvalidOptions(text)
}

fn quoted(name: &str) -> String {
    let mut text = String::from("`");
    text.push_str(name);
    text.push('`');
    text
}

/// The value itself, where it is short and cannot be a card's.
fn quotable(value: &JsValue) -> Option<String> {
    if let Some(text) = value.as_string() {
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        if text.len() > QUOTED_MAX || digits > DIGITS_MAX {
            return None;
        }
        let mut quoted = String::from("\"");
        quoted.push_str(&text);
        quoted.push('"');
        return Some(quoted);
    }
    let number = value.as_f64().filter(|number| number.abs() < 10_000.0)?;
    // JavaScript's own way to write it: ours would weigh kilobytes.
    let text = Number::from(number).to_string_with_radix(10).ok()?;
    Some(String::from(text))
}

/// What kind of value it is, in words.
fn kind(value: &JsValue) -> String {
    if value.is_null() {
        return "null".into();
    }
    if is_array(value).unwrap_or(false) {
        return "an array".into();
    }
    match value.js_typeof().as_string().as_deref() {
        None | Some("undefined") => "not given".into(),
        Some("object") => "an object".into(),
        Some("string") => "a text".into(),
        Some(kind) => {
            let mut text = String::from("a ");
            text.push_str(kind);
            text
        }
    }
}

/// True for the list of an option; its values are for the caller to judge.
pub fn array(value: &JsValue) -> Option<&Array> {
    value.dyn_ref()
}
