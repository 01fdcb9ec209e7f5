//! What the core says, as JavaScript values.

use js_sys::{Array, JSON, Object};
use serde::Serialize;
use wasm_bindgen::JsValue;

use crate::core::error::Error;
use crate::core::field::Fault;
use crate::core::flow::Outcome;
use crate::core::flow::checkout::{Doing, View};
use crate::core::flow::lookup::Lookup;
use crate::core::flow::trace::Trace;
use crate::ui::mount::outcome_name;
use crate::wire::json;
use crate::wire::merchant::{Next, Otp};

pub fn object(fields: &[(&str, JsValue)]) -> JsValue {
    let fields: Array = fields
        .iter()
        .map(|(name, value)| Array::of2(&(*name).into(), value))
        .collect();
    // Defined, not set: nothing that a page has put on `Object.prototype` hears of it.
    Object::from_entries(&fields).map_or(JsValue::UNDEFINED, JsValue::from)
}

/// A line of the trace; `index.js` adds the times.
pub fn trace(line: &Trace) -> JsValue {
    let mut told = vec![("attempt", line.attempt.into())];
    for (name, value) in [
        ("kind", Some(line.kind)),
        ("step", Some(line.step)),
        ("to", line.to),
        ("ended", line.ended),
        ("code", line.code),
        ("status", line.status),
        ("next", line.next),
        ("method", line.method),
    ] {
        if let Some(value) = value {
            told.push((name, value.into()));
        }
    }
    object(&told)
}

/// What `index.js` makes a `KasaError` of.
pub fn error(error: &Error) -> JsValue {
    let mut fields = vec![
        ("code", error.code().into()),
        ("message", error.message().into()),
        ("retryable", error.retryable().into()),
    ];
    if let Error::InvalidCard(faults) | Error::InvalidPayer(faults) = error {
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
            let mut told = vec![("code", error.code.as_str().into())];
            if let Some(message) = error.message.as_deref() {
                told.push(("message", message.into()));
            }
            fields.push(("error", object(&told)));
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

/// What the shopper is to do now, as an `action` event tells it; `None` for nothing.
pub fn action(view: &View) -> Option<Action> {
    let View::Waiting { doing, payment, .. } = view else {
        return None;
    };
    let next = payment.and_then(|payment| payment.next.clone());
    match (doing, next) {
        (Doing::Leaving, _) => Some(Action::Of("redirect")),
        (Doing::AtBank, _) => Some(Action::Of("frame")),
        (Doing::Held, _) => Some(Action::Of("held")),
        (
            Doing::Code {
                checking: false, ..
            },
            Some(Next::Otp(otp)),
        ) => {
            // The server's clock moves on without there being anything new.
            Some(Action::Next(Next::Otp(Box::new(Otp { now: None, ..*otp }))))
        }
        (Doing::Scan | Doing::Elsewhere, Some(next)) => Some(Action::Next(next)),
        _ => None,
    }
}

/// What an `action` event holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    Of(&'static str),
    /// As the merchant API has it.
    Next(Next),
}

impl Action {
    pub fn to_js(&self) -> JsValue {
        match self {
            Action::Of(kind) => object(&[("type", (*kind).into())]),
            Action::Next(next) => plain(next),
        }
    }
}

/// A message of the merchant API as a plain object.
pub fn plain<T: Serialize>(value: &T) -> JsValue {
    let text = json::text(value);
    text.and_then(|text| JSON::parse(&text).ok())
        .unwrap_or(JsValue::UNDEFINED)
}

/// What is looked up for a form: `{bins, cards?, deleting}`, where `bins` has
/// `{bin, plans?}`. `plans` is null where there are none to be had, and absent
/// while they are asked for.
pub fn lookup(lookup: &Lookup) -> JsValue {
    let bins = js_sys::Array::new();
    for (bin, known) in lookup.bins() {
        let plans = match known {
            Some(Some(info)) => plain(info),
            Some(None) => JsValue::NULL,
            None => JsValue::UNDEFINED,
        };
        bins.push(&object(&[("bin", bin.into()), ("plans", plans)]));
    }
    let mut fields = vec![("bins", bins.into())];
    if let Some(cards) = lookup.cards() {
        fields.push(("cards", plain(&cards)));
    }
    fields.push(("deleting", lookup.deleting().is_some().into()));
    object(&fields)
}
