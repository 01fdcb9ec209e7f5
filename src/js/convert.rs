//! JavaScript values to ours and back, field by field: no message of a
//! conversion can quote a card number.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use crate::browser::page;
use crate::core::card::CardInput;
use crate::core::card::Fault;
use crate::core::error::Error;
use crate::core::flow::Outcome;
use crate::core::flow::checkout::{Doing, View};
use crate::core::flow::following::Rules;
use crate::core::redirect::AllowList;
use crate::core::secret::Secret;
use crate::core::text::Language;
use crate::ui::mount::outcome_name;
use crate::wire::merchant::{Challenge, Method};

/// `init`'s options, judged.
pub struct Options {
    /// Without a trailing slash.
    pub merchant: String,
    pub checkout: String,
    /// The page was opened by a return from the bank.
    pub returning: bool,
    pub language: Option<Language>,
    challenge: Challenge,
    redirect_hosts: Vec<String>,
}

impl Options {
    pub fn rules(&self) -> Rules {
        Rules {
            challenge: self.challenge,
            redirects: AllowList::new(&self.merchant, self.redirect_hosts.clone()),
        }
    }
}

/// No server needs more, and no id that ours makes is longer.
const CHECKOUT_MAX: usize = 128;

pub fn options(value: &JsValue) -> Result<Options, Error> {
    let invalid = |what| Err(Error::InvalidOptions(what));
    let merchant = match text(value, "merchant") {
        Some(merchant) if is_base_address(&merchant) => merchant.trim_end_matches('/').to_owned(),
        _ => {
            return invalid(
                "`merchant` must be the address of your merchant server, like \"https://pay.shop.example\".",
            );
        }
    };
    let returned = page::returned_checkout();
    let given = text(value, "checkout");
    let returning = returned.is_some() && (given.is_none() || given == returned);
    let checkout = match given.or(returned) {
        Some(checkout) if !checkout.is_empty() && checkout.len() <= CHECKOUT_MAX => checkout,
        _ => {
            return invalid(
                "`checkout` must be the id that POST /v1/orders answered, or stand in the page's address as `kasa_checkout`.",
            );
        }
    };
    let challenge = match text(value, "challenge").as_deref() {
        None | Some("redirect") => Challenge::Redirect,
        Some("frame") => Challenge::Frame,
        Some(_) => return invalid("`challenge` must be \"redirect\" or \"frame\"."),
    };
    let hosts = property(value, "redirectHosts");
    let redirect_hosts = if hosts.is_undefined() || hosts.is_null() {
        Vec::new()
    } else if Array::is_array(&hosts) {
        let hosts: Array = hosts.unchecked_into();
        hosts
            .iter()
            .filter_map(|host| host.as_string())
            .map(|host| host.to_ascii_lowercase())
            .collect()
    } else {
        return invalid("`redirectHosts` must be an array of host names.");
    };
    Ok(Options {
        merchant,
        checkout,
        returning,
        language: text(value, "locale").as_deref().map(Language::of),
        challenge,
        redirect_hosts,
    })
}

fn is_base_address(address: &str) -> bool {
    web_sys::Url::new(address).is_ok_and(|url| {
        matches!(url.protocol().as_str(), "https:" | "http:")
            && url.search().is_empty()
            && url.hash().is_empty()
    })
}

/// `{method: "card", card, installments?}`.
pub fn pay_request(value: &JsValue) -> Result<(CardInput, u8), Error> {
    if text(value, "method").as_deref() != Some(Method::CARD) {
        return Err(Error::InvalidOptions("`method` must be \"card\"."));
    }
    let installments = property(value, "installments");
    let installments = match installments.as_f64() {
        None if installments.is_undefined() => 1,
        Some(count) if (1.0..=36.0).contains(&count) && count.fract() == 0.0 => count as u8,
        _ => {
            return Err(Error::InvalidOptions(
                "`installments` must be a whole number from 1 to 36.",
            ));
        }
    };
    Ok((card(&property(value, "card"))?, installments))
}

/// `{number, expiryMonth, expiryYear, cvc, holder}`; or `expiry` ("09/28") in
/// place of month and year.
pub fn card(value: &JsValue) -> Result<CardInput, Error> {
    if !value.is_object() {
        return Err(Error::InvalidOptions(
            "`card` must be {number, expiryMonth, expiryYear, cvc, holder}.",
        ));
    }
    let secret = |name| Secret::new(text_or_number(value, name).unwrap_or_default());
    let expiry = match text(value, "expiry") {
        Some(expiry) => Secret::new(expiry),
        None => {
            let mut text = text_or_number(value, "expiryMonth").unwrap_or_default();
            let year = text_or_number(value, "expiryYear").unwrap_or_default();
            if !text.is_empty() || !year.is_empty() {
                text.push('/');
                text.push_str(&year);
            }
            Secret::new(text)
        }
    };
    Ok(CardInput {
        number: secret("number"),
        expiry,
        cvc: secret("cvc"),
        holder: secret("holder"),
    })
}

fn property(value: &JsValue, name: &str) -> JsValue {
    if value.is_object() {
        Reflect::get(value, &name.into()).unwrap_or(JsValue::UNDEFINED)
    } else {
        JsValue::UNDEFINED
    }
}

fn text(value: &JsValue, name: &str) -> Option<String> {
    property(value, name).as_string()
}

fn text_or_number(value: &JsValue, name: &str) -> Option<String> {
    let value = property(value, name);
    value.as_string().or_else(|| {
        let number = value.as_f64()?;
        (number.fract() == 0.0 && (0.0..1e9).contains(&number)).then(|| (number as u32).to_string())
    })
}

pub fn object(fields: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        // A plain object takes every property.
        let _ = Reflect::set(&object, &(*name).into(), value);
    }
    object.into()
}

/// What `index.js` makes a `KasaError` of.
pub fn error(error: &Error) -> JsValue {
    let mut fields = vec![
        ("code", error.code().into()),
        ("message", error.message().into()),
        ("retryable", error.retryable().into()),
    ];
    if let Error::InvalidCard(faults) = error {
        let at: Vec<(&str, JsValue)> = faults
            .iter()
            .map(|(field, fault)| (field.name(), fault_name(*fault).into()))
            .collect();
        fields.push(("fields", object(&at)));
    }
    object(&fields)
}

fn fault_name(fault: Fault) -> &'static str {
    match fault {
        Fault::Missing => "missing",
        Fault::Invalid => "invalid",
        Fault::Expired => "expired",
    }
}

/// A `PaymentResult`.
pub fn result(outcome: &Outcome) -> JsValue {
    let mut fields = vec![("status", outcome_name(outcome).into())];
    let payment = match outcome {
        Outcome::Final(payment) => Some(payment),
        Outcome::Unknown(payment) => payment.as_ref(),
    };
    if let Some(payment) = payment {
        fields.push(("payment", payment.id.as_str().into()));
        fields.push(("method", payment.method.as_str().into()));
        if let Some(error) = &payment.error {
            let message = error
                .message
                .as_deref()
                .map_or(JsValue::UNDEFINED, Into::into);
            let error = object(&[("code", error.code.as_str().into()), ("message", message)]);
            fields.push(("error", error));
        }
        if let Some(card) = &payment.card {
            fields.push(("card", object(&[("masked", card.masked.as_str().into())])));
        }
        if let Some(installments) = payment.installments {
            fields.push(("installments", installments.into()));
        }
    }
    object(&fields)
}

/// `phase` of a `change` event.
pub fn phase(view: &View) -> &'static str {
    match view {
        View::Opening => "opening",
        View::Closed(_) => "closed",
        View::Form { busy: None, .. } => "ready",
        View::Form { busy: Some(_), .. } => "busy",
        View::Waiting { .. } => "waiting",
        View::Done { .. } => "done",
    }
}

/// `type` of an `action` event: what the shopper is to do now; empty for nothing.
pub fn action(view: &View) -> &'static str {
    match view {
        View::Waiting { doing, .. } => match doing {
            Doing::Leaving => "redirect",
            Doing::AtBank => "frame",
            Doing::Held => "held",
            Doing::Checking | Doing::Confirming | Doing::Canceling => "",
        },
        _ => "",
    }
}
