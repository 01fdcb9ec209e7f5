//! Reads a JSON:API document's attributes and notes all that is wrong with them,
//! each with its pointer. Knows nothing of what the attributes mean.

use std::cell::RefCell;
use std::str::FromStr;

use axum::http::Uri;
use rust_decimal::Decimal;
use serde_json::{Map, Value};

use super::problem::{Problem, Refusal};

/// Characters of a text.
const LONGEST_TEXT: usize = 255;

/// Characters of an address.
const LONGEST_ADDRESS: usize = 2_000;

/// The attributes of the document, if it is one of these types.
pub(super) fn attributes(body: &[u8], types: [&str; 2]) -> Result<Map<String, Value>, Refusal> {
    let document: Value = serde_json::from_slice(body).map_err(|_| Refusal::Malformed(""))?;
    let mut data = match document {
        Value::Object(mut document) => match document.remove("data") {
            Some(Value::Object(data)) => data,
            _ => return Err(Refusal::Malformed("/data")),
        },
        _ => return Err(Refusal::Malformed("")),
    };
    let known = data
        .get("type")
        .and_then(Value::as_str)
        .is_some_and(|sent| types.contains(&sent));
    match data.remove("attributes") {
        _ if !known => Err(Refusal::Malformed("/data/type")),
        Some(Value::Object(attributes)) => Ok(attributes),
        _ => Err(Refusal::Malformed("/data/attributes")),
    }
}

/// What was found wrong so far.
#[derive(Debug, Default)]
pub(super) struct Problems(RefCell<Vec<Problem>>);

impl Problems {
    pub(super) fn fields<'a>(&'a self, attributes: &'a Map<String, Value>) -> Fields<'a> {
        Fields {
            path: "/data/attributes".into(),
            map: Some(attributes),
            problems: self,
        }
    }

    pub(super) fn none_or_refused(self) -> Result<(), Refusal> {
        match self.0.into_inner() {
            none if none.is_empty() => Ok(()),
            some => Err(Refusal::Invalid(some)),
        }
    }
}

/// An object of the document. Absent and `null` are the same, and PHP writes an
/// empty object as `[]`. A getter that finds a problem notes it and answers with
/// something harmless.
#[derive(Debug)]
pub(super) struct Fields<'a> {
    path: String,
    map: Option<&'a Map<String, Value>>,
    problems: &'a Problems,
}

impl<'a> Fields<'a> {
    pub(super) fn problem(&self, name: &str, detail: &'static str) {
        let pointer = format!("{}/{name}", self.path);
        self.problems
            .0
            .borrow_mut()
            .push(Problem { pointer, detail });
    }

    fn value(&self, name: &str) -> Option<&'a Value> {
        self.map?.get(name).filter(|value| !value.is_null())
    }

    pub(super) fn text(&self, name: &str) -> Option<String> {
        match self.value(name)? {
            Value::String(text) if text.chars().count() <= LONGEST_TEXT => Some(text.clone()),
            Value::String(_) => {
                self.problem(name, "This text is too long.");
                None
            }
            _ => {
                self.problem(name, "This must be a text.");
                None
            }
        }
    }

    /// A text that must be there, and not blank.
    pub(super) fn required(&self, name: &str) -> String {
        match self.value(name) {
            None => {
                self.problem(name, "This is required.");
                String::new()
            }
            Some(_) => self
                .text(name)
                .inspect(|text| {
                    if text.trim().is_empty() {
                        self.problem(name, "This must not be blank.");
                    }
                })
                .unwrap_or_default(),
        }
    }

    /// A required text that `fits`.
    pub(super) fn fitting(
        &self,
        name: &str,
        fits: impl FnOnce(&str) -> bool,
        detail: &'static str,
    ) -> String {
        let text = self.required(name);
        if !text.trim().is_empty() && !fits(&text) {
            self.problem(name, detail);
        }
        text
    }

    pub(super) fn flag(&self, name: &str) -> bool {
        match self.value(name) {
            None => false,
            Some(Value::Bool(flag)) => *flag,
            Some(_) => {
                self.problem(name, "This must be true or false.");
                false
            }
        }
    }

    pub(super) fn whole(&self, name: &str) -> Option<i64> {
        let number = self.value(name)?;
        let whole = number.as_i64();
        if whole.is_none() {
            self.problem(name, "This must be a whole number.");
        }
        whole
    }

    /// Major units, in a number of at most two decimals.
    pub(super) fn amount(&self, name: &str) -> Decimal {
        let decimal = match self.value(name) {
            None => {
                self.problem(name, "This is required.");
                return Decimal::ZERO;
            }
            Some(Value::Number(number)) => Decimal::from_str(&number.to_string()).ok(),
            Some(_) => None,
        };
        let payable = |amount: &Decimal| {
            let most = Decimal::from(1_000_000_000);
            *amount > Decimal::ZERO && *amount < most && amount.scale() <= 2
        };
        let amount = decimal.map(|amount| amount.normalize()).filter(payable);
        if amount.is_none() {
            self.problem(
                name,
                "This must be a number over zero with at most two decimals.",
            );
        }
        amount.unwrap_or_default()
    }

    /// An absolute web address.
    pub(super) fn address(&self, name: &str) -> Option<String> {
        let text = match self.value(name)? {
            Value::String(text) if text.len() <= LONGEST_ADDRESS => text,
            _ => "",
        };
        let is_web = |uri: Uri| matches!(uri.scheme_str(), Some("http" | "https"));
        if text.parse().is_ok_and(is_web) {
            return Some(text.to_owned());
        }
        self.problem(name, "This must be an absolute http or https address.");
        None
    }

    pub(super) fn object(&self, name: &str) -> Fields<'a> {
        Fields {
            path: format!("{}/{name}", self.path),
            map: self.map(name),
            problems: self.problems,
        }
    }

    /// The same as it was sent.
    pub(super) fn map(&self, name: &str) -> Option<&'a Map<String, Value>> {
        match self.value(name)? {
            Value::Object(map) => Some(map),
            Value::Array(list) if list.is_empty() => None,
            _ => {
                self.problem(name, "This must be an object.");
                None
            }
        }
    }
}
