//! The callback hash and Base64 texts (paywall.md §0.3, §0.4). Knows nothing of
//! where they are sent.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::secret::Secret;

/// A scenario that is signed: which fields, by which key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Format {
    /// `hashFormat`
    pub name: &'static str,
    /// `hashKeyType`
    pub key_type: u8,
}

/// paymentId, merchantUniqueCode, amount, installment; the key for 3-D Secure callbacks.
pub const PAYMENT: Format = Format {
    name: "Payment",
    key_type: 1,
};

/// apmId, merchantUniqueCode, amount.
pub const APM: Format = Format {
    name: "Apm",
    key_type: 6,
};

/// paymentRequestId, merchantUniqueCode, amount.
pub const PHYSICAL_POS: Format = Format {
    name: "PhysicalPos",
    key_type: 7,
};

/// What a notification is proved by, as the last fields of its JSON.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Proof {
    hash: String,
    hash_format: &'static str,
    hash_key_type: u8,
}

impl Format {
    /// `parts`: its fields, in the letters they are sent in.
    pub(crate) fn prove(&self, key: &Secret, parts: &[&str]) -> Proof {
        Proof {
            hash: sign(key, parts),
            hash_format: self.name,
            hash_key_type: self.key_type,
        }
    }
}

/// Lower-case hex SHA-256 of the key and the parts, joined by `###`. Each part
/// is the very text that is sent, in the order of its format.
pub fn sign(key: &Secret, parts: &[&str]) -> String {
    let mut signed = key.reveal().to_owned();
    for part in parts {
        signed.push_str("###");
        signed.push_str(part);
    }
    hex::encode(Sha256::digest(signed))
}

/// Standard Base64 of the UTF-8 text.
pub fn base64(text: &str) -> String {
    STANDARD.encode(text)
}
