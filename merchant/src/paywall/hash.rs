//! The hash on PayWall's 3D result (paywall.md §0.4): lower-case hex SHA-256 of
//! `{key}###{paymentId}###{merchantUniqueCode}###{amount}###{installment}`.
//!
//! Only the format "Payment" with the 3D key is known here: it is the only one
//! a card's return can carry, and another one fails like any other forgery.

use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::secret::Secret;

const SEPARATOR: &str = "###";

/// The hashed fields, as the very texts that were received: how PayWall writes
/// decimals is not documented. The code must be one of ours, without `#`: with a
/// separator inside, two different forms could hash alike.
#[derive(Clone, Copy, Debug)]
pub struct Hashed<'a> {
    pub payment_id: &'a str,
    pub merchant_unique_code: &'a str,
    pub amount: &'a str,
    pub installment: &'a str,
}

impl Hashed<'_> {
    /// The 32 bytes that PayWall writes as hex.
    pub fn digest(&self, key: &Secret) -> [u8; 32] {
        let parts = [
            key.expose(),
            self.payment_id,
            self.merchant_unique_code,
            self.amount,
            self.installment,
        ];
        Sha256::digest(parts.join(SEPARATOR)).into()
    }

    /// Whether `hash` is the right one, in a time that says nothing about how nearly.
    pub fn proves(&self, key: &Secret, hash: &str) -> bool {
        let mut given = [0; 32];
        hex::decode_to_slice(hash, &mut given).is_ok() && bool::from(self.digest(key).ct_eq(&given))
    }
}
