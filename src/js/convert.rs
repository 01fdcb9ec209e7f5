//! JavaScript values to ours and back, field by field: no message of a
//! conversion can quote a card number.

use js_sys::{Array, Object, Reflect};
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue};

use crate::browser::page;
use crate::core::card::{self, CardInput, InsuranceInput, Month};
use crate::core::error::Error;
use crate::core::field::{Fault, Field};
use crate::core::flow::Outcome;
use crate::core::flow::checkout::{Doing, View};
use crate::core::flow::following::Rules;
use crate::core::flow::lookup::Lookup;
use crate::core::flow::trace::Trace;
use crate::core::payer;
use crate::core::redirect::AllowList;
use crate::core::secret::Secret;
use crate::ui::mount::outcome_name;
use crate::wire::merchant::{Challenge, Instrument, Method, Next, Otp, Payer};
use crate::wire::paywall::TempCardBody;

/// `init`'s options, judged.
pub struct Options {
    /// Without a trailing slash.
    pub merchant: String,
    pub checkout: String,
    /// The page was opened by a return from the bank.
    pub returning: bool,
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

/// What `pay` was asked for, not yet judged by the order.
pub enum Wanted {
    Card {
        card: CardInput,
        installments: u8,
        save: bool,
    },
    SavedCard {
        card: String,
        installments: u8,
    },
    Apm {
        connection: String,
        kind: Option<String>,
        payer: JsValue,
    },
    Hepsipay,
    Aspay {
        payer: JsValue,
    },
    Terminal {
        terminal: Option<String>,
    },
}

impl Wanted {
    pub fn method(&self) -> &'static str {
        match self {
            Wanted::Card { .. } => Method::CARD,
            Wanted::SavedCard { .. } => Method::SAVED_CARD,
            Wanted::Apm { .. } => Method::APM,
            Wanted::Hepsipay => Method::HEPSIPAY,
            Wanted::Aspay { .. } => Method::ASPAY,
            Wanted::Terminal { .. } => Method::TERMINAL,
        }
    }
}

/// `{method, …what the method needs}`.
pub fn pay_request(value: &JsValue) -> Result<Wanted, Error> {
    match text(value, "method").as_deref() {
        Some(Method::CARD) => Ok(Wanted::Card {
            card: card(&property(value, "card"))?,
            installments: installments(value)?,
            save: property(value, "save").is_truthy(),
        }),
        Some(Method::SAVED_CARD) => Ok(Wanted::SavedCard {
            card: text(value, "card").ok_or(Error::InvalidOptions(
                "`card` must be the id of a saved card; see `kasa.cards()`.",
            ))?,
            installments: installments(value)?,
        }),
        Some(Method::APM) => Ok(Wanted::Apm {
            connection: text_or_number(value, "connection").ok_or(Error::InvalidOptions(
                "`connection` must be one of an `apm` in `kasa.methods`.",
            ))?,
            kind: text(value, "kind"),
            payer: property(value, "payer"),
        }),
        Some(Method::HEPSIPAY) => Ok(Wanted::Hepsipay),
        Some(Method::ASPAY) => Ok(Wanted::Aspay {
            payer: property(value, "payer"),
        }),
        Some(Method::TERMINAL) => Ok(Wanted::Terminal {
            terminal: text(value, "terminal"),
        }),
        _ => Err(Error::InvalidOptions(
            "`method` must be \"card\", \"saved_card\", \"apm\", \"hepsipay\", \"aspay\" or \"terminal\".",
        )),
    }
}

fn installments(value: &JsValue) -> Result<u8, Error> {
    let installments = property(value, "installments");
    match installments.as_f64() {
        None if installments.is_undefined() => Ok(1),
        Some(count) if (1.0..=36.0).contains(&count) && count.fract() == 0.0 => Ok(count as u8),
        _ => Err(Error::InvalidOptions(
            "`installments` must be a whole number from 1 to 36.",
        )),
    }
}

/// What is paid with, judged by what the order offers.
pub fn instrument(wanted: Wanted, offers: &[Method]) -> Result<Instrument, Error> {
    match wanted {
        // Becomes one with its card token only.
        Wanted::Card { .. } => Err(Error::MethodNotAllowed),
        Wanted::SavedCard { card, installments } => {
            Ok(Instrument::SavedCard { card, installments })
        }
        Wanted::Hepsipay => Ok(Instrument::Hepsipay),
        Wanted::Terminal { terminal } => Ok(Instrument::Terminal { terminal }),
        Wanted::Aspay { payer } => {
            let asked = offers.iter().find_map(|offer| match offer {
                Method::Aspay { fields } => Some(fields),
                _ => None,
            });
            let payer = payer_of(asked.ok_or(Error::MethodNotAllowed)?, &payer)?;
            Ok(Instrument::Aspay { payer })
        }
        Wanted::Apm {
            connection,
            kind,
            payer,
        } => {
            let offer = offers.iter().find_map(|offer| match offer {
                Method::Apm(apm)
                    if apm.connection == connection
                        && kind.as_deref().is_none_or(|kind| kind == apm.kind.name()) =>
                {
                    Some(apm)
                }
                _ => None,
            });
            let offer = offer.ok_or(Error::MethodNotAllowed)?;
            let (kind, payer) = (offer.kind, payer_of(&offer.fields, &payer)?);
            Ok(Instrument::Apm {
                connection,
                kind,
                payer,
            })
        }
    }
}

fn payer_of(names: &[String], given: &JsValue) -> Result<Payer, Error> {
    let fields = payer::fields(names).ok_or(Error::MethodNotAllowed)?;
    payer::check(&fields, |field| {
        Secret::new(text_or_number(given, field.name()).unwrap_or_default())
    })
    .map_err(Error::InvalidPayer)
}

/// A card to be tokenised, judged: as for a payment, or `{type: "insurance",
/// firstDigits, lastDigits, identityNumber, holder}`.
pub fn token_request(value: &JsValue, today: Month) -> Result<TempCardBody, Error> {
    if text(value, "type").as_deref() != Some("insurance") {
        let card = card::check(&card(value)?, today).map_err(Error::InvalidCard)?;
        return Ok(TempCardBody::Ecom(card));
    }
    let secret = |field: Field| Secret::new(text(value, field.name()).unwrap_or_default());
    let input = InsuranceInput {
        first_digits: secret(Field::FirstDigits),
        last_digits: secret(Field::LastDigits),
        identity_number: secret(Field::IdentityNumber),
        holder: secret(Field::Holder),
    };
    let card = card::check_insurance(&input).map_err(Error::InvalidCard)?;
    Ok(TempCardBody::Insurance(card))
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

/// A line of the trace; `index.js` adds the times.
pub fn trace(line: &Trace) -> JsValue {
    let told = object(&[("attempt", line.attempt.into())]);
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
            let _ = Reflect::set(&told, &name.into(), &value.into());
        }
    }
    told
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
    value
        .serialize(&serde_wasm_bindgen::Serializer::json_compatible())
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
