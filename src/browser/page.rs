//! The web page around us: where it is, where it goes, what day it is, and
//! numbers nobody can guess.

use js_sys::Object;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Document, Event, HtmlFormElement, HtmlInputElement, SecurityPolicyViolationEvent, Window,
};

use crate::browser::listen::Listener;
use crate::core::card::Month;
use crate::wire::merchant::{RETURN_PARAMETER, Redirect, RedirectMethod};

/// An object that inherits nothing, for what the browser is told: what a page
/// has put on `Object.prototype` is neither read with it nor called by it.
pub fn bare<T: JsCast>() -> T {
    Object::create(JsValue::NULL.unchecked_ref::<Object>()).unchecked_into()
}

pub fn window() -> Option<Window> {
    web_sys::window()
}

pub fn document() -> Option<Document> {
    window()?.document()
}

/// Tells, as soon as the browser does, that the page's policy has kept something
/// from being done by one of `directives`. What is only reported is done all the same.
pub fn on_blocked(
    directives: &'static [&'static str],
    then: impl Fn() + 'static,
) -> Option<Listener> {
    let heard = move |event: Event| {
        let disposition = js_sys::Reflect::get(&event, &"disposition".into());
        let enforced = disposition.is_ok_and(|disposition| disposition == "enforce");
        let event: SecurityPolicyViolationEvent = event.unchecked_into();
        if enforced && directives.contains(&event.effective_directive().as_str()) {
            then();
        }
    };
    Some(Listener::on_page(
        &document()?.into(),
        "securitypolicyviolation",
        heard,
    ))
}

/// The checkout id in the page's own address, as a return from the bank leaves it.
pub fn returned_checkout() -> Option<String> {
    let search = window()?.location().search().ok()?;
    web_sys::UrlSearchParams::new_with_str(&search)
        .ok()?
        .get(RETURN_PARAMETER)
}

/// The month by the shopper's calendar.
pub fn today() -> Month {
    let now = js_sys::Date::new_0();
    Month {
        year: u16::try_from(now.get_full_year()).unwrap_or(u16::MAX),
        month: u8::try_from(now.get_month() + 1).unwrap_or(12),
    }
}

/// A fresh idempotency key: 128 random bits in hex. `crypto.randomUUID` would
/// do the same, but is missing on pages without https.
pub fn idempotency_key() -> Result<String, JsValue> {
    let crypto = window().ok_or(JsValue::NULL)?.crypto()?;
    let bytes = js_sys::Uint8Array::new_with_length(16);
    crypto.get_random_values_with_array_buffer_view(&bytes)?;
    let mut key = String::with_capacity(32);
    for byte in bytes.to_vec() {
        for digit in [byte >> 4, byte & 15] {
            key.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
        }
    }
    Ok(key)
}

/// Sends the whole page to `to`. The address has passed the core's allow-list.
pub fn leave(to: &Redirect) -> Result<(), JsValue> {
    let window = window().ok_or(JsValue::NULL)?;
    match to.method {
        RedirectMethod::Get => window.location().assign(&to.url),
        RedirectMethod::Post => {
            let document = window.document().ok_or(JsValue::NULL)?;
            let form: HtmlFormElement = document.create_element("form")?.unchecked_into();
            form.set_method("post");
            form.set_action(&to.url);
            form.set_hidden(true);
            for (name, value) in &to.fields {
                let input: HtmlInputElement = document.create_element("input")?.unchecked_into();
                input.set_type("hidden");
                input.set_name(name);
                input.set_value(value);
                form.append_child(&input)?;
            }
            document.body().ok_or(JsValue::NULL)?.append_child(&form)?;
            let sent = form.submit();
            form.remove();
            sent
        }
    }
}
