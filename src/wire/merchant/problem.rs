//! How the merchant API refuses: RFC 9457, and the codes on the browser's calls.

use serde::{Deserialize, Serialize};

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
/// 429: too many tries of this shopper or address in a short time; `Retry-After`
/// says when the next one is taken.
pub const TRY_LATER: &str = "try_later";
/// 400 or 422: the request does not fit; `detail` says where.
pub const INVALID_REQUEST: &str = "invalid_request";
/// 409: the key was used with another body.
pub const IDEMPOTENCY_MISMATCH: &str = "idempotency_mismatch";
/// 422: this order is not offered that method, connection, terminal or count of
/// installments; read the checkout.
pub const METHOD_NOT_OFFERED: &str = "method_not_offered";
/// 404: no such saved card in this checkout, or no longer.
pub const CARD_NOT_FOUND: &str = "card_not_found";
/// 409: this payment awaits no one-time code now.
pub const OTP_NOT_AWAITED: &str = "otp_not_awaited";
/// 409: no new code can be sent yet, or none any more; `next` says when.
pub const RESEND_NOT_ALLOWED: &str = "resend_not_allowed";
/// 502: the provider could not be reached or refused the server's keys.
pub const PROVIDER_UNAVAILABLE: &str = "provider_unavailable";
/// 404: no such call; the address is not that of a merchant server.
pub const NOT_FOUND: &str = "not_found";
/// 405: the same.
pub const METHOD_NOT_ALLOWED: &str = "method_not_allowed";
/// 500.
pub const INTERNAL: &str = "internal";
