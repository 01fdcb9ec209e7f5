//! The sandbox's settings and their defaults: environment variables that begin
//! with `KASA_SANDBOX_`. Knows nothing of what they are used for.
//!
//! Values are taken as they stand: a settings library that guesses types would
//! turn the key `007` into the number seven.

use std::net::SocketAddr;
use std::time::Duration;

use thiserror::Error;

use crate::apm::settings::ApmSettings;
use crate::corefy::settings::CorefySettings;
use crate::hepsipay::settings::HepsipaySettings;
use crate::paywall::settings::PayWallSettings;
use crate::pos::settings::PosSettings;
use crate::secret::Secret;

const PREFIX: &str = "KASA_SANDBOX_";

#[derive(Clone, Debug)]
pub struct Settings {
    pub listen: SocketAddr,
    /// Base of the addresses that are handed out, no trailing slash; by default
    /// the address that the server got.
    pub public_url: Option<String>,
    /// Before a callback that was not accepted is sent for the second time.
    pub callback_pause: Duration,
    /// One field a room.
    pub paywall: PayWallSettings,
    pub apm: ApmSettings,
    pub pos: PosSettings,
    pub hepsipay: HepsipaySettings,
    pub corefy: CorefySettings,
}

#[derive(Debug, Error)]
pub enum SettingsError {
    #[error("{PREFIX}LISTEN is no address: it takes IP:PORT, as in 127.0.0.1:8402")]
    Listen,
    #[error("{PREFIX}PUBLIC_URL is no address: it takes http://… or https://…")]
    PublicUrl,
    #[error("{PREFIX}CALLBACK_PAUSE_MS is no number of milliseconds")]
    CallbackPause,
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
        let lookup = Lookup(&lookup);
        Ok(Self {
            listen: lookup
                .text("LISTEN", "127.0.0.1:8402")
                .parse()
                .map_err(|_| SettingsError::Listen)?,
            public_url: lookup.get("PUBLIC_URL").map(public_url).transpose()?,
            callback_pause: lookup
                .text("CALLBACK_PAUSE_MS", "1000")
                .parse()
                .map(Duration::from_millis)
                .map_err(|_| SettingsError::CallbackPause)?,
            paywall: PayWallSettings::read(lookup)?,
            apm: ApmSettings::read(lookup),
            pos: PosSettings::read(lookup),
            hepsipay: HepsipaySettings::read(lookup)?,
            corefy: CorefySettings::read(lookup)?,
        })
    }
}

/// Values by their names without the prefix, for the rooms' own settings.
#[derive(Clone, Copy)]
pub(crate) struct Lookup<'a>(&'a dyn Fn(&str) -> Option<String>);

impl Lookup<'_> {
    pub(crate) fn get(self, name: &str) -> Option<String> {
        (self.0)(name)
    }

    pub(crate) fn text(self, name: &str, default: &str) -> String {
        self.get(name).unwrap_or_else(|| default.to_owned())
    }

    /// A key that a room cannot do without.
    pub(crate) fn key(self, name: &'static str, default: &str) -> Result<Secret, SettingsError> {
        self.optional_key(name, default)
            .ok_or(SettingsError::Empty(name))
    }

    /// A key that can be switched off by setting it to nothing.
    pub(crate) fn optional_key(self, name: &str, default: &str) -> Option<Secret> {
        Some(self.text(name, default))
            .filter(|key| !key.is_empty())
            .map(Secret::new)
    }
}

fn public_url(text: String) -> Result<String, SettingsError> {
    let url: axum::http::Uri = text.parse().map_err(|_| SettingsError::PublicUrl)?;
    match (url.scheme_str(), url.authority()) {
        (Some("http" | "https"), Some(_)) => Ok(text.trim_end_matches('/').to_owned()),
        _ => Err(SettingsError::PublicUrl),
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
        assert_eq!(settings.paywall.public_keys.key.reveal(), "sbx-public-key");
        assert!(matches!(
            settings.paywall.allow_origin,
            crate::paywall::settings::AllowOrigin::Any
        ));
    }

    #[test]
    fn a_key_of_digits_keeps_its_zeros() {
        assert_eq!(
            with("PRIVATE_KEY", "007")
                .unwrap()
                .paywall
                .private_keys
                .key
                .reveal(),
            "007"
        );
    }

    #[test]
    fn an_empty_hash_key_switches_the_hash_off_but_an_empty_api_key_is_refused() {
        assert_eq!(with("HASH_KEY_3D", "").unwrap().paywall.hash_key_3d, None);
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
