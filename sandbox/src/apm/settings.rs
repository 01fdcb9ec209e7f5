//! The key that signs APM results, and where the merchant hears of them.

use crate::secret::Secret;
use crate::settings::Lookup;

#[derive(Clone, Debug)]
pub struct ApmSettings {
    /// Without one no hash is sent, as with a merchant that has no active key.
    pub hash_key: Option<Secret>,
    /// What a merchant would set in PayWall's panel; without one nothing is sent.
    pub callback_url: Option<String>,
}

impl ApmSettings {
    pub(crate) fn read(lookup: Lookup<'_>) -> Self {
        Self {
            hash_key: lookup.optional_key("HASH_KEY_APM", "sbx-hash-apm-2c9e41"),
            callback_url: lookup.get("APM_CALLBACK_URL").filter(|url| !url.is_empty()),
        }
    }
}
