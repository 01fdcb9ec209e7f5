//! The sandbox's settings and their defaults: environment variables that begin
//! with `KASA_SANDBOX_`. Knows nothing of what they are used for.
//!
//! Values are taken as they stand: a settings library that guesses types would
//! turn the key `007` into the number seven.

use std::net::SocketAddr;

use axum::http::HeaderValue;
use thiserror::Error;

use crate::secret::Secret;

const PREFIX: &str = "KASA_SANDBOX_";

#[derive(Clone, Debug)]
pub struct Settings {
    pub listen: SocketAddr,
    /// Base of RedirectUrl and of the pages, no trailing slash; by default the
    /// address that the server got.
    pub public_url: Option<String>,
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

#[derive(Debug, Error)]
pub enum SettingsError {
    #[error("{PREFIX}LISTEN is no address: it takes IP:PORT, as in 127.0.0.1:8402")]
    Listen,
    #[error("{PREFIX}PUBLIC_URL is no address: it takes http://… or https://…")]
    PublicUrl,
    #[error("{PREFIX}ALLOW_ORIGIN is neither * nor a comma list of origins")]
    AllowOrigin,
    #[error("{PREFIX}{0} must not be empty")]
    Empty(&'static str),
}

impl Settings {
    pub fn from_env() -> Result<Self, SettingsError> {
        Self::read(|name| std::env::var(format!("{PREFIX}{name}")).ok())
    }

    /// Reads each setting, by its name without the prefix, from `lookup`.
    pub fn read(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, SettingsError> {
        let key = |name: &'static str, default: &str| match lookup(name) {
            Some(value) if value.is_empty() => Err(SettingsError::Empty(name)),
            Some(value) => Ok(Secret::new(value)),
            None => Ok(Secret::new(default)),
        };
        Ok(Self {
            listen: lookup("LISTEN")
                .as_deref()
                .unwrap_or("127.0.0.1:8402")
                .parse()
                .map_err(|_| SettingsError::Listen)?,
            public_url: lookup("PUBLIC_URL").map(public_url).transpose()?,
            public_keys: KeyPair {
                key: key("PUBLIC_KEY", "sbx-public-key")?,
                client: key("PUBLIC_CLIENT", "sbx-public-client")?,
            },
            private_keys: KeyPair {
                key: key("PRIVATE_KEY", "sbx-private-key")?,
                client: key("PRIVATE_CLIENT", "sbx-private-client")?,
            },
            hash_key_3d: Some(lookup("HASH_KEY_3D").unwrap_or_else(|| "sbx-hash-3d-5b1f0c".into()))
                .filter(|key| !key.is_empty())
                .map(Secret::new),
            allow_origin: allow_origin(lookup("ALLOW_ORIGIN").as_deref().unwrap_or("*"))?,
        })
    }
}

fn public_url(text: String) -> Result<String, SettingsError> {
    let url: axum::http::Uri = text.parse().map_err(|_| SettingsError::PublicUrl)?;
    match (url.scheme_str(), url.authority()) {
        (Some("http" | "https"), Some(_)) => Ok(text.trim_end_matches('/').to_owned()),
        _ => Err(SettingsError::PublicUrl),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: &'static str, value: &'static str) -> Result<Settings, SettingsError> {
        Settings::read(|asked| (asked == name).then(|| value.to_owned()))
    }

    #[test]
    fn nothing_set_gives_the_documented_defaults() {
        let settings = Settings::read(|_| None).unwrap();
        assert_eq!(settings.listen.to_string(), "127.0.0.1:8402");
        assert_eq!(settings.public_keys.key.reveal(), "sbx-public-key");
        assert!(matches!(settings.allow_origin, AllowOrigin::Any));
    }

    #[test]
    fn a_key_of_digits_keeps_its_zeros() {
        assert_eq!(
            with("PRIVATE_KEY", "007")
                .unwrap()
                .private_keys
                .key
                .reveal(),
            "007"
        );
    }

    #[test]
    fn an_empty_hash_key_switches_the_hash_off_but_an_empty_api_key_is_refused() {
        assert_eq!(with("HASH_KEY_3D", "").unwrap().hash_key_3d, None);
        assert!(matches!(
            with("PUBLIC_KEY", ""),
            Err(SettingsError::Empty("PUBLIC_KEY"))
        ));
    }

    #[test]
    fn a_public_url_loses_its_trailing_slash_and_needs_a_scheme() {
        let settings = with("PUBLIC_URL", "https://pay.example/").unwrap();
        assert_eq!(settings.public_url.as_deref(), Some("https://pay.example"));
        assert!(matches!(
            with("PUBLIC_URL", "pay.example"),
            Err(SettingsError::PublicUrl)
        ));
    }

    #[test]
    fn debug_output_holds_no_key() {
        let shown = format!("{:?}", Settings::read(|_| None).unwrap());
        assert!(!shown.contains("sbx-"), "{shown}");
    }
}
