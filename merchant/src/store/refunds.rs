//! Money given back.

use jiff::Timestamp;

use crate::ids::PaymentId;

/// A refund as stored, before its provider is told.
#[expect(dead_code, reason = "for providers that give money back")]
#[derive(Clone, Debug)]
pub(crate) struct Refund {
    /// `ref_…`
    pub(crate) id: String,
    pub(crate) payment: PaymentId,
    /// Minor units of the payment's currency; all of the payment, or a part.
    pub(crate) amount: i64,
    /// The shop's words.
    pub(crate) reason: Option<String>,
    /// What the provider calls it.
    pub(crate) provider_id: Option<String>,
    pub(crate) created_at: Timestamp,
}
