//! The callback hash and Base64 texts (paywall.md §0.3, §0.4). Knows nothing of
//! where they are sent.

use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};

use crate::secret::Secret;

/// `hashFormat` of a payment.
pub const PAYMENT_FORMAT: &str = "Payment";

/// `hashKeyType` of the key for 3-D Secure call-backs.
pub const THREE_D_KEY_TYPE: u8 = 1;

/// What the format `Payment` signs, in its order; each text as it is sent.
#[derive(Clone, Copy, Debug)]
pub struct PaymentParts<'a> {
    pub payment_id: &'a str,
    pub merchant_unique_code: &'a str,
    pub amount: &'a str,
    pub installment: &'a str,
}

/// Lower-case hex SHA-256 of the key and the parts, joined by `###`.
pub fn payment(key: &Secret, parts: PaymentParts<'_>) -> String {
    let signed = [
        key.reveal(),
        parts.payment_id,
        parts.merchant_unique_code,
        parts.amount,
        parts.installment,
    ]
    .join("###");
    hex::encode(Sha256::digest(signed))
}

/// Standard Base64 of the UTF-8 text.
pub fn base64(text: &str) -> String {
    STANDARD.encode(text)
}
