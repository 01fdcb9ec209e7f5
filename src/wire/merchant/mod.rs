//! The merchant API, version 1: what the component and the merchant server say
//! to each other. JSON in camelCase; amounts are integers in minor units
//! (kuruş) of an ISO 4217 currency; times are RFC 3339 in UTC.
//!
//! | call, below `/v1/checkouts/{id}` | body | answer |
//! |---|---|---|
//! | `GET ?wait=25&since={revision}` | – | [`Checkout`] |
//! | `POST /temp-token` | [`TempTokenRequest`] | [`TempToken`] |
//! | `POST /bin` | [`BinRequest`] | [`BinInfo`] |
//! | `GET /cards` | – | [`SavedCards`] |
//! | `DELETE /cards/{card}` | – | 204 |
//! | `POST /payments`, header [`IDEMPOTENCY_KEY`] | [`PaymentRequest`] | [`Payment`] |
//! | `POST /payments/{payment}/otp` | [`OtpRequest`] | [`Payment`] |
//! | `POST /payments/{payment}/otp/resend` | [`ResendRequest`] | [`Payment`] |
//! | `POST /payments/{payment}/cancel` | – | [`Payment`] |
//!
//! Every refusal is a [`Problem`] (`application/problem+json`, RFC 9457).

mod card;
mod method;
mod next;
mod payment;
pub mod problem;

use serde::{Deserialize, Serialize};

pub use card::{BinInfo, BinRequest, CardKind, PaidBy, Plan, SavedCard, SavedCards};
pub use method::{ApmKind, ApmOffer, Method, Terminal, payer_field};
pub use next::{Next, Otp, OtpFault, Qr, Redirect, RedirectMethod, Wait, stage};
pub use payment::{
    CardSummary, Challenge, Instrument, OtpRequest, Payer, Payment, PaymentError, PaymentRequest,
    ResendRequest, Status,
};
pub use problem::Problem;

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

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
