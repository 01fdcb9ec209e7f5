//! Hepsipay's two keys (hepsipay.md §4).

use crate::secret::Secret;
use crate::settings::{Lookup, SettingsError};

/// The key that the documentation prints; its dots are lost there.
const PRINTED_API_KEY: &str = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.\
    eyJyb2xlIjoxLCJBcGlLZXkiOiJhNTNkZjYwZjUwNmY0MzBjYTRjNzQzNTRkNDU1Y2RlYyJ9.\
    O-eJWMK1sHt3JZgHFsnJp6yyiqmbzdyuOOe0-AvnHzg";

#[derive(Clone, Debug)]
pub struct HepsipaySettings {
    /// Opaque, though it looks like a JWT; travels in every request and answer.
    pub api_key: Secret,
    /// Signs; never travels.
    pub secret_key: Secret,
}

impl HepsipaySettings {
    pub(crate) fn read(lookup: Lookup<'_>) -> Result<Self, SettingsError> {
        Ok(Self {
            api_key: lookup.key("HEPSIPAY_API_KEY", PRINTED_API_KEY)?,
            secret_key: lookup.key("HEPSIPAY_SECRET_KEY", "SbxSecret-7f3a")?,
        })
    }
}
