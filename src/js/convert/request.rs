//! What `pay` and `tokenize` are asked for. All of it is read at once: a getter
//! of the page's own must not run in the midst of ours.

use wasm_bindgen::JsValue;

use super::given::{misuse, misuse_unquoted, property, secret, secret_or_number, text};
use crate::core::card::{self, CardInput, InsuranceInput, Month};
use crate::core::error::Error;
use crate::core::field::Field;
use crate::core::payer;
use crate::core::secret::Secret;
use crate::wire::merchant::{ApmOffer, Instrument, Method, Payer, payer_field};
use crate::wire::paywall::TempCardBody;

const REQUEST: &str = "an object, like { method: \"card\", card: { … } }";
const METHOD: &str = "\"card\", \"saved_card\", \"apm\", \"hepsipay\", \"aspay\" or \"terminal\"";
const CARD: &str = "an object, { number, expiry, cvc, holder }";
const SAVED_CARD: &str = "the id of a saved card; see `kasa.cards()`";
const CONNECTION: &str = "that of an `apm` in `kasa.methods`";
const KIND: &str = "\"otp\", \"redirect\", \"qr\" or \"direct\"";
const TERMINAL: &str = "the id of a terminal of the `terminal` in `kasa.methods`";

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
        payer: Given,
    },
    Hepsipay,
    Aspay {
        payer: Given,
    },
    Terminal {
        terminal: Option<String>,
    },
}

/// What was given of a payer.
pub type Given = Vec<(&'static str, Secret)>;

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
    if !value.is_object() {
        return Err(misuse_unquoted("request", REQUEST, value));
    }
    let method = property(value, "method")?;
    Ok(match method.as_string().as_deref() {
        Some(Method::CARD) => Wanted::Card {
            card: card(&property(value, "card")?)?,
            installments: installments(value)?,
            save: save(value)?,
        },
        Some(Method::SAVED_CARD) => Wanted::SavedCard {
            card: needed(value, "card", SAVED_CARD)?,
            installments: installments(value)?,
        },
        Some(Method::APM) => Wanted::Apm {
            connection: needed(value, "connection", CONNECTION)?,
            kind: kind(value)?,
            payer: payer_given(value)?,
        },
        Some(Method::HEPSIPAY) => Wanted::Hepsipay,
        Some(Method::ASPAY) => Wanted::Aspay {
            payer: payer_given(value)?,
        },
        Some(Method::TERMINAL) => Wanted::Terminal {
            terminal: text(value, "terminal", TERMINAL)?,
        },
        _ => return Err(misuse("method", METHOD, &method)),
    })
}

/// A text that must be there.
fn needed(value: &JsValue, name: &str, expected: &str) -> Result<String, Error> {
    let given = property(value, name)?;
    let text = given.as_string().filter(|text| !text.is_empty());
    text.ok_or_else(|| misuse_unquoted(name, expected, &given))
}

fn installments(value: &JsValue) -> Result<u8, Error> {
    let installments = property(value, "installments")?;
    match installments.as_f64() {
        None if installments.is_undefined() => Ok(1),
        Some(count) if (1.0..=36.0).contains(&count) && count.fract() == 0.0 => Ok(count as u8),
        _ => Err(misuse(
            "installments",
            "a whole number from 1 to 36",
            &installments,
        )),
    }
}

/// Nothing but a plain `true` keeps a card: it is the shopper's to allow.
fn save(value: &JsValue) -> Result<bool, Error> {
    let save = property(value, "save")?;
    match save.as_bool() {
        Some(save) => Ok(save),
        None if save.is_undefined() => Ok(false),
        None => Err(misuse("save", "true or false", &save)),
    }
}

fn kind(value: &JsValue) -> Result<Option<String>, Error> {
    let kind = text(value, "kind", KIND)?;
    match kind.as_deref() {
        None | Some("otp" | "redirect" | "qr" | "direct") => Ok(kind),
        Some(other) => Err(misuse("kind", KIND, &other.into())),
    }
}

fn payer_given(value: &JsValue) -> Result<Given, Error> {
    let payer = property(value, "payer")?;
    if !payer.is_undefined() && !payer.is_object() {
        return Err(misuse_unquoted(
            "payer",
            "an object with the `fields` of the method",
            &payer,
        ));
    }
    let names = [
        payer_field::FULL_NAME,
        payer_field::PHONE,
        payer_field::EMAIL,
        payer_field::IDENTITY_NUMBER,
        payer_field::CARD_NUMBER,
    ];
    let mut given = Given::new();
    for name in names {
        given.push((name, secret(&payer, name)?));
    }
    Ok(given)
}

/// Whether the card may be kept, as it is asked for.
pub fn may_save(save: bool, offers: &[Method]) -> Result<(), Error> {
    if !save || offers.contains(&Method::Card { save: true }) {
        return Ok(());
    }
    let expected = "left out: the `card` of this order's methods has no `save`, which takes an order with `customer.id`";
    Err(misuse_unquoted("save", expected, &true.into()))
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
        Wanted::Terminal { terminal } => {
            let many = |offer: &Method| matches!(offer, Method::Terminal { terminals } if terminals.len() > 1);
            if terminal.is_none() && offers.iter().any(many) {
                return Err(misuse("terminal", TERMINAL, &JsValue::UNDEFINED));
            }
            Ok(Instrument::Terminal { terminal })
        }
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
            let offer = offered(&connection, kind.as_deref(), offers)?;
            let (kind, payer) = (offer.kind, payer_of(&offer.fields, &payer)?);
            Ok(Instrument::Apm {
                connection,
                kind,
                payer,
            })
        }
    }
}

/// The one offer of this connection, and of this kind where it is offered in several.
fn offered<'a>(
    connection: &str,
    kind: Option<&str>,
    offers: &'a [Method],
) -> Result<&'a ApmOffer, Error> {
    let mut fitting = offers.iter().filter_map(|offer| match offer {
        Method::Apm(apm) if apm.connection == connection => kind
            .is_none_or(|kind| kind == apm.kind.name())
            .then_some(apm),
        _ => None,
    });
    let offer = fitting.next().ok_or(Error::MethodNotAllowed)?;
    match fitting.next() {
        Some(_) => Err(misuse("kind", KIND, &JsValue::UNDEFINED)),
        None => Ok(offer),
    }
}

fn payer_of(names: &[String], given: &Given) -> Result<Payer, Error> {
    let fields = payer::fields(names).ok_or(Error::MethodNotAllowed)?;
    payer::check(&fields, |field| {
        let known = given.iter().find(|(name, _)| *name == field.name());
        known.map_or_else(Secret::default, |(_, text)| text.clone())
    })
    .map_err(Error::InvalidPayer)
}

/// A card to be tokenised, judged: as for a payment, or `{type: "insurance",
/// firstDigits, lastDigits, identityNumber, holder}`.
pub fn token_request(value: &JsValue, today: Month) -> Result<TempCardBody, Error> {
    if property(value, "type")?.as_string().as_deref() != Some("insurance") {
        let card = card::check(&card(value)?, today).map_err(Error::InvalidCard)?;
        return Ok(TempCardBody::Ecom(card));
    }
    let input = InsuranceInput {
        first_digits: secret(value, Field::FirstDigits.name())?,
        last_digits: secret(value, Field::LastDigits.name())?,
        identity_number: secret(value, Field::IdentityNumber.name())?,
        holder: secret(value, Field::Holder.name())?,
    };
    let card = card::check_insurance(&input).map_err(Error::InvalidCard)?;
    Ok(TempCardBody::Insurance(card))
}

/// `{number, expiryMonth, expiryYear, cvc, holder}`; or `expiry` ("09/28") in
/// place of month and year.
fn card(value: &JsValue) -> Result<CardInput, Error> {
    if !value.is_object() {
        return Err(misuse_unquoted("card", CARD, value));
    }
    Ok(CardInput {
        number: secret(value, Field::Number.name())?,
        expiry: expiry(value)?,
        cvc: secret(value, Field::Cvc.name())?,
        holder: secret(value, Field::Holder.name())?,
    })
}

fn expiry(value: &JsValue) -> Result<Secret, Error> {
    let whole = secret(value, Field::Expiry.name())?;
    let month = secret_or_number(value, "expiryMonth")?;
    let year = secret_or_number(value, "expiryYear")?;
    if !whole.expose().is_empty() || (month.expose().is_empty() && year.expose().is_empty()) {
        return Ok(whole);
    }
    let mut text = String::with_capacity(month.expose().len() + year.expose().len() + 1);
    text.push_str(month.expose());
    text.push('/');
    text.push_str(year.expose());
    Ok(Secret::new(text))
}
