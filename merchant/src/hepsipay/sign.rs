//! Hepsipay's signatures (hepsipay.md §5): a digest over the secret and the
//! values of a message, written one after the other.
//!
//! Nothing parts the values, so two messages can bear one signature: whoever
//! verifies must also compare each value with their own.

use hmac::digest::InvalidLength;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256, Sha512};
use subtle::ConstantTimeEq as _;

use crate::secret::Secret;
use crate::settings::HepsipayHash;

/// `HashVersion` as it travels.
pub(super) fn version(hash: HepsipayHash) -> Option<&'static str> {
    match hash {
        HepsipayHash::Sha256 => None,
        HepsipayHash::HmacSha512 => Some("1.1"),
    }
}

/// Signs and verifies with the shop's SecretKey.
pub struct Signer {
    secret: Secret,
    /// For [`HepsipayHash::HmacSha512`] alone.
    keyed: Option<Hmac<Sha512>>,
}

impl Signer {
    /// Fails for a secret that cannot be a key.
    pub fn new(secret: &Secret, hash: HepsipayHash) -> Result<Self, InvalidLength> {
        let keyed = match hash {
            HepsipayHash::Sha256 => None,
            HepsipayHash::HmacSha512 => Some(Hmac::new_from_slice(secret.expose().as_bytes())?),
        };
        Ok(Signer {
            secret: secret.clone(),
            keyed,
        })
    }

    /// Lower-case hex over the secret and `values`, which are a message's in their order.
    pub fn sign(&self, values: &str) -> String {
        let text = format!("{}{values}", self.secret.expose());
        match &self.keyed {
            None => hex::encode(Sha256::digest(text)),
            Some(keyed) => {
                let mut mac = keyed.clone();
                mac.update(text.as_bytes());
                hex::encode(mac.finalize().into_bytes())
            }
        }
    }

    /// Whether `signature` is that of `values`, in a time that says nothing about how nearly.
    pub fn proves(&self, values: &str, signature: &str) -> bool {
        let right = self.sign(values);
        right.as_bytes().ct_eq(signature.as_bytes()).into()
    }
}
