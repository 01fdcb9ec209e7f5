//! Hepsipay's addresses and keys (hepsipay.md §1, §4, §5).

use super::SettingsError;
use super::given::Given;
use crate::secret::Secret;

/// All names begin with `KASA_HEPSIPAY_`. Base addresses have no trailing slash.
#[derive(Clone, Debug)]
pub struct HepsipaySettings {
    /// Of save and query.
    pub api: String,
    /// Of refunds, which Hepsipay keeps on another host; `api` unless given.
    pub payment_api: String,
    /// Where the shopper's browser goes.
    pub page: String,
    /// A JWT with its dots.
    pub api_key: Secret,
    pub secret_key: Secret,
    pub hash: HepsipayHash,
}

/// How messages are signed (§5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HepsipayHash {
    Sha256,
    HmacSha512,
}

impl HepsipaySettings {
    /// `None` when nothing of it was given.
    pub(super) fn read(given: &Given) -> Result<Option<Self>, SettingsError> {
        if !given.any("HEPSIPAY_") {
            return Ok(None);
        }
        let api = given.base("HEPSIPAY_API")?;
        let payment_api = given.optional_base("HEPSIPAY_PAYMENT_API")?;
        Ok(Some(HepsipaySettings {
            payment_api: payment_api.unwrap_or_else(|| api.clone()),
            api,
            page: given.base("HEPSIPAY_PAGE")?,
            api_key: given.secret("HEPSIPAY_API_KEY")?,
            secret_key: given.secret("HEPSIPAY_SECRET_KEY")?,
            hash: given.choice(
                "HEPSIPAY_HASH",
                [
                    ("sha256", HepsipayHash::Sha256),
                    ("hmac_sha512", HepsipayHash::HmacSha512),
                ],
            )?,
        }))
    }
}
