//! Signatures of Hepsipay's messages (hepsipay.md §5): the parts in their order,
//! without separator, the secret first. Knows nothing of how they are sent.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256, Sha512};
use subtle::ConstantTimeEq;

use crate::secret::Secret;

/// What `HashVersion` names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    Sha256,
    HmacSha512,
}

impl Algorithm {
    /// `"1.1"` is HMAC-SHA-512; absent and anything else are SHA-256.
    pub fn of(hash_version: Option<&str>) -> Self {
        match hash_version {
            Some("1.1") => Self::HmacSha512,
            _ => Self::Sha256,
        }
    }
}

/// The parts that most messages share.
#[derive(Clone, Copy, Debug)]
pub struct SaleParts<'a> {
    pub transaction_id: &'a str,
    /// Unix seconds, as sent.
    pub transaction_time: &'a str,
    /// Kuruş.
    pub amount: u64,
    pub currency: &'a str,
    pub installment: Option<u8>,
}

#[derive(Clone, Copy, Debug)]
pub struct RefundParts<'a> {
    pub transaction_id: &'a str,
    pub reference_transaction_id: &'a str,
    pub transaction_time: &'a str,
    /// Kuruş.
    pub amount: u64,
    pub currency: &'a str,
}

/// Signs in one merchant's name.
#[derive(Clone, Copy, Debug)]
pub struct Signer<'a> {
    pub secret: &'a Secret,
    pub algorithm: Algorithm,
}

impl Signer<'_> {
    pub fn save_request(&self, sale: SaleParts<'_>) -> String {
        self.sale(sale, &[])
    }

    pub fn save_response(&self, sale: SaleParts<'_>, page: &str) -> String {
        self.sale(sale, &[page])
    }

    pub fn query_request(&self, transaction_id: &str, page: &str) -> String {
        self.sign(&[transaction_id, page])
    }

    /// `x` is the code or the message of the payment: the documentation's own
    /// sample and client differ. The return form is signed in the same way.
    pub fn query_response(&self, sale: SaleParts<'_>, page: &str, x: &str) -> String {
        self.sale(sale, &[page, x])
    }

    pub fn refund_request(&self, refund: RefundParts<'_>) -> String {
        self.refund_response(refund, "")
    }

    pub fn refund_response(&self, refund: RefundParts<'_>, message_code: &str) -> String {
        self.sign(&[
            refund.transaction_id,
            refund.reference_transaction_id,
            refund.transaction_time,
            &refund.amount.to_string(),
            refund.currency,
            message_code,
        ])
    }

    fn sale(&self, sale: SaleParts<'_>, rest: &[&str]) -> String {
        let amount = sale.amount.to_string();
        let installment = sale
            .installment
            .map(|count| count.to_string())
            .unwrap_or_default();
        let mut parts = vec![
            sale.transaction_id,
            sale.transaction_time,
            &amount,
            sale.currency,
            &installment,
        ];
        parts.extend(rest);
        self.sign(&parts)
    }

    /// Lower-case hex over the secret and these parts. The secret begins the
    /// text in both algorithms, though HMAC has it as its key already.
    pub fn sign(&self, parts: &[&str]) -> String {
        let secret = self.secret.reveal();
        let text = format!("{secret}{}", parts.concat());
        match self.algorithm {
            Algorithm::Sha256 => hex::encode(Sha256::digest(text)),
            // HMAC takes keys of every length.
            Algorithm::HmacSha512 => Hmac::<Sha512>::new_from_slice(secret.as_bytes())
                .map(|mac| hex::encode(mac.chain_update(text).finalize().into_bytes()))
                .unwrap_or_default(),
        }
    }
}

/// Compares in a time that does not tell where the texts differ.
pub(super) fn same(sent: &str, wanted: &str) -> bool {
    sent.as_bytes().ct_eq(wanted.as_bytes()).into()
}
