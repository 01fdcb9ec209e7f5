//! The key that signs what terminals report.

use crate::secret::Secret;
use crate::settings::Lookup;

#[derive(Clone, Debug)]
pub struct PosSettings {
    /// Without one no hash is sent, as with a merchant that has no active key.
    pub hash_key: Option<Secret>,
}

impl PosSettings {
    pub(crate) fn read(lookup: Lookup<'_>) -> Self {
        Self {
            hash_key: lookup.optional_key("HASH_KEY_POS", "sbx-hash-pos-77ad03"),
        }
    }
}
