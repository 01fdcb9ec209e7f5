//! The commerce account's keys (corefy.md §2).

use crate::secret::Secret;
use crate::settings::{Lookup, SettingsError};

#[derive(Clone, Debug)]
pub struct CorefySettings {
    /// User of Basic auth.
    pub account: Secret,
    /// Password of Basic auth.
    pub api_key: Secret,
    /// Sign callbacks, by the operation's mode; never travel.
    pub secret_test: Secret,
    pub secret_live: Secret,
}

impl CorefySettings {
    pub(crate) fn read(lookup: Lookup<'_>) -> Result<Self, SettingsError> {
        Ok(Self {
            account: lookup.key("COREFY_ACCOUNT", "coma_sandbox0001")?,
            api_key: lookup.key("COREFY_API_KEY", "api_key_sandbox")?,
            secret_test: lookup.key("COREFY_SECRET_TEST", "sk_test_sandbox")?,
            secret_live: lookup.key("COREFY_SECRET_LIVE", "sk_live_sandbox")?,
        })
    }
}
