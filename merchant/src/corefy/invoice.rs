//! Corefy's answers (corefy.md §4), read leniently: PHP writes empty maps as
//! `[]`, and much of the resource is described by samples alone.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::amount::kurus;
use super::status::{PaymentStatus, PayoutStatus};
use crate::outbound::tidy;

/// `data.id`. Fit to stand in a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvoiceId(String);

impl InvoiceId {
    /// `None` for a text of another shape.
    pub fn new(text: &str) -> Option<Self> {
        let fits = (1..=64).contains(&text.len())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
        fits.then(|| InvoiceId(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A kind of invoice: how it is called, and the shape of its ids.
pub trait Kind: for<'a> From<&'a str> {
    /// The collection's path, and `data.type` in the plural.
    const COLLECTION: &'static str;

    fn is_id(id: &str) -> bool;
}

impl Kind for PaymentStatus {
    const COLLECTION: &'static str = "payment-invoices";

    /// `cpi_` and letters or digits: it goes into an address that a browser opens.
    fn is_id(id: &str) -> bool {
        id.strip_prefix("cpi_").is_some_and(|rest| {
            !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
    }
}

impl Kind for PayoutStatus {
    const COLLECTION: &'static str = "payout-invoices";

    /// The prefix of payouts is not documented.
    fn is_id(_: &str) -> bool {
        true
    }
}

/// An invoice, as far as anything here decides by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invoice<S> {
    pub id: InvoiceId,
    pub status: S,
    /// The status as Corefy calls it.
    pub word: String,
    pub reference_id: String,
    /// Kuruş that were asked for; `None` also for an amount that is no whole number of them.
    pub amount: Option<i64>,
    pub currency: Option<String>,
    pub test_mode: Option<bool>,
    hpp_url: Option<String>,
    flow_data: Option<Hop>,
}

/// How a shopper gets to a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hop {
    /// An address to open.
    Get(String),
    /// A form to post.
    Post {
        url: String,
        fields: BTreeMap<String, String>,
    },
}

#[derive(Deserialize)]
struct Document {
    data: Value,
}

#[derive(Deserialize)]
struct Data {
    #[serde(rename = "type")]
    kind: String,
    id: String,
    attributes: Attributes,
}

#[derive(Deserialize)]
struct Attributes {
    status: String,
    #[serde(default)]
    reference_id: Option<String>,
    #[serde(default, with = "rust_decimal::serde::arbitrary_precision_option")]
    amount: Option<Decimal>,
    #[serde(default)]
    currency: Option<String>,
    #[serde(default)]
    test_mode: Option<bool>,
    #[serde(default)]
    hpp_url: Value,
    #[serde(default)]
    flow_data: Value,
}

impl<S: Kind> Invoice<S> {
    /// `None` for a body that is no invoice of this kind, in either spelling of the type.
    pub fn read(body: &[u8]) -> Option<Self> {
        let document: Document = serde_json::from_slice(body).ok()?;
        Invoice::of(document.data)
    }

    /// The invoice of a list with this reference. `Err` for what is no list: it
    /// proves nothing, least of all that there is no such invoice.
    pub(super) fn find(body: &[u8], reference: &str) -> Result<Option<Self>, NoList> {
        let document: Document = serde_json::from_slice(body).map_err(|_| NoList)?;
        let Value::Array(list) = document.data else {
            return Err(NoList);
        };
        // A filter that Corefy did not understand would bring everybody's invoices.
        for data in list {
            let invoice = Invoice::of(data).ok_or(NoList)?;
            if invoice.reference_id == reference {
                return Ok(Some(invoice));
            }
        }
        Ok(None)
    }

    fn of(data: Value) -> Option<Self> {
        let Data {
            kind,
            id,
            attributes,
        } = serde_json::from_value(data).ok()?;
        let plural = S::COLLECTION;
        let right_kind = kind == plural || Some(kind.as_str()) == plural.strip_suffix('s');
        if !right_kind || !S::is_id(&id) {
            return None;
        }
        Some(Invoice {
            id: InvoiceId::new(&id)?,
            status: S::from(&attributes.status),
            word: tidy(&attributes.status)
                .unwrap_or_default()
                .chars()
                .take(40)
                .collect(),
            reference_id: attributes.reference_id.unwrap_or_default(),
            amount: attributes.amount.and_then(kurus),
            currency: attributes.currency,
            test_mode: attributes.test_mode,
            hpp_url: attributes.hpp_url.as_str().and_then(opened),
            flow_data: hop(&attributes.flow_data),
        })
    }
}

impl Invoice<PaymentStatus> {
    /// The way to the page: `hpp_url` where there is one, else Corefy's page at
    /// `hpp` by the invoice's id, else what `flow_data` says (§4, §5).
    pub(super) fn hop(&self, hpp: Option<&str>) -> Option<Hop> {
        let by_id = || Some(format!("{}/?cpi={}", hpp?, self.id.as_str()));
        let address = self.hpp_url.clone().or_else(by_id);
        address.map(Hop::Get).or_else(|| self.flow_data.clone())
    }
}

/// Not a list of invoices.
#[derive(Debug)]
pub(super) struct NoList;

/// `{action, method, params, metadata}`; `metadata` holds a token that no browser needs.
fn hop(flow_data: &Value) -> Option<Hop> {
    let action = flow_data.get("action")?.as_str()?;
    let fields = params(flow_data.get("params"))?;
    let method = flow_data.get("method").and_then(Value::as_str);
    match method.unwrap_or("GET") {
        get if get.eq_ignore_ascii_case("GET") => {
            let mut url = Url::parse(&opened(action)?).ok()?;
            if !fields.is_empty() {
                url.query_pairs_mut().extend_pairs(fields);
            }
            Some(Hop::Get(url.into()))
        }
        post if post.eq_ignore_ascii_case("POST") => Some(Hop::Post {
            url: opened(action)?,
            fields,
        }),
        _ => None,
    }
}

/// A map, or the `[]` that PHP writes for an empty one.
fn params(value: Option<&Value>) -> Option<BTreeMap<String, String>> {
    match value {
        None | Some(Value::Null) => Some(BTreeMap::new()),
        Some(Value::Array(list)) if list.is_empty() => Some(BTreeMap::new()),
        Some(Value::Object(map)) => map
            .iter()
            .map(|(name, value)| Some((name.clone(), scalar(value)?)))
            .collect(),
        Some(_) => None,
    }
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null => Some(String::new()),
        Value::Array(_) | Value::Object(_) => None,
    }
}

/// An address that a browser can be sent to.
fn opened(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    matches!(url.scheme(), "http" | "https").then(|| address.to_owned())
}
