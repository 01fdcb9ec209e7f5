//! The merchant API, version 1: what the component and the merchant server say
//! to each other. JSON in camelCase; amounts are integers in minor units
//! (kuruş) of an ISO 4217 currency; times are RFC 3339 in UTC.
//!
//! | call | body | answer |
//! |---|---|---|
//! | `GET /v1/checkouts/{id}?wait=25&since={revision}` | – | [`Checkout`] |
//! | `POST /v1/checkouts/{id}/temp-token` | [`TempTokenRequest`] | [`TempToken`] |
//! | `POST /v1/checkouts/{id}/payments`, header [`IDEMPOTENCY_KEY`] | [`PaymentRequest`] | [`Payment`] |
//! | `POST /v1/checkouts/{id}/payments/{payment}/cancel` | – | [`Payment`] |
//!
//! Every refusal is a [`Problem`] (`application/problem+json`, RFC 9457).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Header of `POST …/payments`: 16 to 64 of `[A-Za-z0-9_-]`. The same key
/// always answers with the same payment.
pub const IDEMPOTENCY_KEY: &str = "Idempotency-Key";

/// The longest a long poll may be asked to wait, in seconds.
pub const MAX_WAIT_SECONDS: u32 = 25;

/// Query parameter with which a shop's page is reopened after a redirect; its
/// value is the checkout id.
pub const RETURN_PARAMETER: &str = "kasa_checkout";

/// `type` of the message that the frame's return page posts to its parent:
/// `{type: "kasa:returned", payment: "pay_…"}`. A hint to ask the server.
pub const RETURNED_MESSAGE: &str = "kasa:returned";

/// One order, as its shopper may see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Checkout {
    /// `co_` and at least 128 unguessable bits.
    pub id: String,
    /// Grows with every change of the order or of its payment.
    pub revision: u64,
    /// Minor units, above zero.
    pub amount: i64,
    /// ISO 4217, `TRY`.
    pub currency: String,
    /// What is bought, in the shop's words.
    pub description: String,
    /// What this order may be paid with, in the order to show.
    pub methods: Vec<Method>,
    /// The latest payment, whatever became of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment: Option<Payment>,
    pub expires_at: String,
    /// BCP 47, `tr` or `en`.
    pub locale: String,
}

/// A way to pay. An object, so that a method can carry data of its own later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Method {
    /// [`Method::CARD`]; others are to be ignored by a component that does not know them.
    #[serde(rename = "type")]
    pub kind: String,
}

impl Method {
    pub const CARD: &'static str = "card";
}

/// Body of `POST …/temp-token`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TempTokenRequest {
    pub purpose: Purpose,
}

/// What a TempToken is fetched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// To tokenise a card: `ClientCardSave` of paywall.md §1.1.
    Card,
}

/// A PayWall TempToken: the only credential that ever reaches a browser.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TempToken {
    pub token: String,
    pub expires_at: String,
    /// The right it carries.
    pub scope: Purpose,
    /// Base address of PayWall's PaymentAPI, no trailing slash.
    pub payment_api: String,
}

impl std::fmt::Debug for TempToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TempToken(…)")
    }
}

/// Body of `POST …/payments`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PaymentRequest {
    /// [`Method::CARD`].
    pub method: String,
    /// `CardToken` of PayWall's tempcard.
    pub card_token: String,
    /// 1 is a single payment.
    pub installments: u8,
    pub challenge: Challenge,
}

/// How the shopper meets the bank's page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Challenge {
    /// The whole page goes to the bank and comes back.
    #[default]
    Redirect,
    /// The bank's page stands in a frame of the shop's page.
    Frame,
}

/// One try to pay an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Payment {
    /// `pay_…`
    pub id: String,
    pub method: String,
    pub status: Status,
    /// What the shopper has to do now; only while pending.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Next>,
    /// Why it failed; only when failed or canceled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<PaymentError>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<CardSummary>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub installments: Option<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Pending,
    Paid,
    Failed,
    Canceled,
}

/// Why a payment failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PaymentError {
    /// `declined`, `card_refused`, `card_expired`, `card_token_invalid`, `canceled`, `expired`,
    /// `provider_unavailable` or `provider_error`; new ones may come.
    pub code: String,
    /// The provider's own words, for the shop's log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// What may be said of a card that paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CardSummary {
    /// As the provider masks it, `557920******1297`.
    pub masked: String,
}

/// What the shopper has to do now: `{type: "redirect", url, method, fields}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "NextFields", into = "NextFields")]
pub enum Next {
    Redirect(Redirect),
    /// Of a later version; its `type`. The shopper can wait or cancel.
    Unknown(String),
}

/// A navigation of the browser to another page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirect {
    pub url: String,
    pub method: RedirectMethod,
    /// Form fields of a `POST`.
    pub fields: BTreeMap<String, String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum RedirectMethod {
    Get,
    Post,
}

/// `Next` as it stands in JSON. Written out because serde's own tagged enums
/// add seven kilobytes to the wasm.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct NextFields {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    method: Option<RedirectMethod>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    fields: BTreeMap<String, String>,
}

impl TryFrom<NextFields> for Next {
    type Error = &'static str;

    fn try_from(fields: NextFields) -> Result<Self, Self::Error> {
        match (fields.kind.as_str(), fields.url) {
            ("redirect", Some(url)) => Ok(Next::Redirect(Redirect {
                url,
                method: fields.method.unwrap_or(RedirectMethod::Get),
                fields: fields.fields,
            })),
            ("redirect", None) => Err("next: redirect without url"),
            (_, _) => Ok(Next::Unknown(fields.kind)),
        }
    }
}

impl From<Next> for NextFields {
    fn from(next: Next) -> Self {
        match next {
            Next::Redirect(to) => NextFields {
                kind: "redirect".into(),
                url: Some(to.url),
                method: Some(to.method),
                fields: to.fields,
            },
            Next::Unknown(kind) => NextFields {
                kind,
                url: None,
                method: None,
                fields: BTreeMap::new(),
            },
        }
    }
}

/// RFC 9457. `code` is stable and machine-readable; `title` is for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    pub title: String,
    /// The HTTP status again.
    pub status: u16,
    pub code: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// Codes of [`Problem`] on the calls of the browser.
pub mod problem {
    /// 404: no such checkout, or an id of another shape.
    pub const CHECKOUT_NOT_FOUND: &str = "checkout_not_found";
    /// 410: its time is over and it was not paid.
    pub const CHECKOUT_EXPIRED: &str = "checkout_expired";
    /// 409: the order is paid; read the checkout.
    pub const ALREADY_PAID: &str = "already_paid";
    /// 409: a payment is still pending; read the checkout.
    pub const PAYMENT_PENDING: &str = "payment_pending";
    /// 404: no such payment in this checkout.
    pub const PAYMENT_NOT_FOUND: &str = "payment_not_found";
    /// 429: too many tries for this checkout.
    pub const TOO_MANY_ATTEMPTS: &str = "too_many_attempts";
    /// 400 or 422: the request does not fit; `detail` says where.
    pub const INVALID_REQUEST: &str = "invalid_request";
    /// 409: the key was used with another body.
    pub const IDEMPOTENCY_MISMATCH: &str = "idempotency_mismatch";
    /// 502: PayWall could not be reached or refused the server's keys.
    pub const PROVIDER_UNAVAILABLE: &str = "provider_unavailable";
    /// 404: no such call; the address is not that of a merchant server.
    pub const NOT_FOUND: &str = "not_found";
    /// 405: the same.
    pub const METHOD_NOT_ALLOWED: &str = "method_not_allowed";
    /// 500.
    pub const INTERNAL: &str = "internal";
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[path = "merchant_tests.rs"]
mod tests;
