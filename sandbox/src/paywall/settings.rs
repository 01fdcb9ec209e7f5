//! PayWall's keys, and which pages may call tempcard.

use axum::http::HeaderValue;

use crate::secret::Secret;
use crate::settings::{Lookup, SettingsError};

#[derive(Clone, Debug)]
pub struct PayWallSettings {
    pub public_keys: KeyPair,
    pub private_keys: KeyPair,
    /// Key of the callback hash (paywall.md §0.4). Without one no hash is sent,
    /// as with a merchant that has no active 3D key.
    pub hash_key_3d: Option<Secret>,
    pub allow_origin: AllowOrigin,
}

/// The two headers that name a merchant (paywall.md §0.2).
#[derive(Clone, Debug)]
pub struct KeyPair {
    pub key: Secret,
    pub client: Secret,
}

/// Which pages may call tempcard.
#[derive(Clone, Debug)]
pub enum AllowOrigin {
    Any,
    List(Vec<HeaderValue>),
}

impl PayWallSettings {
    pub(crate) fn read(lookup: Lookup<'_>) -> Result<Self, SettingsError> {
        Ok(Self {
            public_keys: KeyPair {
                key: lookup.key("PUBLIC_KEY", "sbx-public-key")?,
                client: lookup.key("PUBLIC_CLIENT", "sbx-public-client")?,
            },
            private_keys: KeyPair {
                key: lookup.key("PRIVATE_KEY", "sbx-private-key")?,
                client: lookup.key("PRIVATE_CLIENT", "sbx-private-client")?,
            },
            hash_key_3d: lookup.optional_key("HASH_KEY_3D", "sbx-hash-3d-5b1f0c"),
            allow_origin: allow_origin(&lookup.text("ALLOW_ORIGIN", "*"))?,
        })
    }
}

fn allow_origin(text: &str) -> Result<AllowOrigin, SettingsError> {
    if text.trim() == "*" {
        return Ok(AllowOrigin::Any);
    }
    let origins = text
        .split(',')
        .map(str::trim)
        .filter(|origin| !origin.is_empty());
    let list: Vec<_> = origins
        .map(|origin| match origin {
            "*" => Err(SettingsError::AllowOrigin),
            _ => HeaderValue::from_str(origin).map_err(|_| SettingsError::AllowOrigin),
        })
        .collect::<Result<_, _>>()?;
    if list.is_empty() {
        Err(SettingsError::AllowOrigin)
    } else {
        Ok(AllowOrigin::List(list))
    }
}
