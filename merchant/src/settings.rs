//! The server's settings: an optional TOML file named by `KASA_CONFIG`, then
//! the environment (prefix `KASA_`). Checked once, at start-up; every error
//! names the variable to set.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use figment::Figment;
use figment::error::Kind;
use figment::providers::{Format as _, Serialized, Toml};
use serde::{Deserialize, Deserializer};
use url::Url;

use crate::secret::Secret;

const PREFIX: &str = "KASA_";

/// PayWall takes back URLs of at most 250 characters (paywall.md §2.1); the path
/// `/return/paywall/pay_…` needs some of them.
const LONGEST_PUBLIC_URL: usize = 190;

/// Everything the server must be told. `Debug` shows no secret.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `host:port` to listen on; port 0 takes a free one.
    pub listen: String,
    /// Where browsers reach this server; no trailing slash.
    pub public_url: String,
    pub database_url: String,
    /// Bearer of the shop's back end.
    pub api_key: Secret,
    /// Origins of the shop's pages: CORS and `returnUrl`.
    pub shop_origins: Vec<String>,
    pub paywall: PayWallSettings,
    pub reconcile_every: Duration,
    pub payment_lifetime: Duration,
    /// How long one PayWall call may take.
    pub provider_timeout: Duration,
    /// True only behind one reverse proxy that appends to `X-Forwarded-For`.
    pub trust_forwarded_for: bool,
}

/// PayWall's base addresses and keys (paywall.md §0.1, §0.2).
#[derive(Clone, Debug)]
pub struct PayWallSettings {
    /// No trailing slash.
    pub payment_api: String,
    /// No trailing slash.
    pub private_api: String,
    pub public_key: Secret,
    pub public_client: Secret,
    pub private_key: Secret,
    pub private_client: Secret,
    /// Key of the hash on 3D results (§0.4); without one, forms carry no proof
    /// and are hints only.
    pub hash_key_3d: Option<Secret>,
}

#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    #[error("{0} is not set")]
    Missing(String),
    #[error("{name} does not fit: {reason}")]
    Invalid { name: String, reason: String },
}

impl SettingsError {
    /// Names the variable, and never quotes its value: it may be a secret.
    fn of(error: figment::Error) -> Self {
        let name = error
            .path
            .last()
            .map_or("CONFIG".into(), |key| key.to_ascii_uppercase());
        let reason = match error.kind {
            Kind::Message(reason) => reason.trim().to_owned(),
            _ => "a value of another type is needed".to_owned(),
        };
        invalid(&name, reason)
    }
}

impl Settings {
    /// From this process's environment.
    pub fn load() -> Result<Self, SettingsError> {
        Settings::from_variables(std::env::vars())
    }

    /// From variables as an environment would hold them.
    pub fn from_variables(
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, SettingsError> {
        // Not figment's own `Env`: it guesses types, and a key of digits would lose its zeros.
        let mut given: BTreeMap<String, String> = variables
            .into_iter()
            .filter_map(|(name, value)| {
                Some((name.strip_prefix(PREFIX)?.to_ascii_lowercase(), value))
            })
            .filter(|(_, value)| !value.is_empty())
            .collect();
        let mut figment = Figment::new();
        if let Some(file) = given.remove("config") {
            figment = figment.merge(Toml::file_exact(PathBuf::from(file)));
        }
        let raw: Raw = figment
            .merge(Serialized::defaults(given))
            .extract()
            .map_err(SettingsError::of)?;
        raw.check()
    }
}

/// As written, before anything is asked of it.
#[derive(Deserialize)]
struct Raw {
    listen: Option<String>,
    public_url: Option<String>,
    database_url: Option<String>,
    api_key: Option<String>,
    shop_origins: Option<String>,
    paywall_payment_api: Option<String>,
    paywall_private_api: Option<String>,
    paywall_public_key: Option<String>,
    paywall_public_client: Option<String>,
    paywall_private_key: Option<String>,
    paywall_private_client: Option<String>,
    paywall_hash_key_3d: Option<String>,
    #[serde(default, deserialize_with = "seconds")]
    reconcile_seconds: Option<u64>,
    #[serde(default, deserialize_with = "seconds")]
    payment_lifetime_seconds: Option<u64>,
    #[serde(default, deserialize_with = "seconds")]
    provider_timeout_seconds: Option<u64>,
    #[serde(default, deserialize_with = "switch")]
    trust_forwarded_for: bool,
}

impl Raw {
    fn check(self) -> Result<Settings, SettingsError> {
        Ok(Settings {
            listen: self.listen.unwrap_or_else(|| "127.0.0.1:8401".into()),
            public_url: public_url(self.public_url)?,
            database_url: self
                .database_url
                .unwrap_or_else(|| "sqlite://var/kasa.db?mode=rwc".into()),
            api_key: secret("API_KEY", self.api_key)?,
            shop_origins: origins(self.shop_origins)?,
            paywall: PayWallSettings {
                payment_api: base("PAYWALL_PAYMENT_API", self.paywall_payment_api)?,
                private_api: base("PAYWALL_PRIVATE_API", self.paywall_private_api)?,
                public_key: secret("PAYWALL_PUBLIC_KEY", self.paywall_public_key)?,
                public_client: secret("PAYWALL_PUBLIC_CLIENT", self.paywall_public_client)?,
                private_key: secret("PAYWALL_PRIVATE_KEY", self.paywall_private_key)?,
                private_client: secret("PAYWALL_PRIVATE_CLIENT", self.paywall_private_client)?,
                hash_key_3d: self.paywall_hash_key_3d.map(Secret::new),
            },
            reconcile_every: duration("RECONCILE_SECONDS", self.reconcile_seconds, 10)?,
            payment_lifetime: duration(
                "PAYMENT_LIFETIME_SECONDS",
                self.payment_lifetime_seconds,
                3600,
            )?,
            provider_timeout: duration(
                "PROVIDER_TIMEOUT_SECONDS",
                self.provider_timeout_seconds,
                20,
            )?,
            trust_forwarded_for: self.trust_forwarded_for,
        })
    }
}

fn missing(name: &str) -> SettingsError {
    SettingsError::Missing(format!("{PREFIX}{name}"))
}

fn invalid(name: &str, reason: impl Into<String>) -> SettingsError {
    SettingsError::Invalid {
        name: format!("{PREFIX}{name}"),
        reason: reason.into(),
    }
}

fn secret(name: &str, value: Option<String>) -> Result<Secret, SettingsError> {
    value
        .filter(|value| !value.is_empty())
        .map(Secret::new)
        .ok_or_else(|| missing(name))
}

fn base(name: &str, value: Option<String>) -> Result<String, SettingsError> {
    let value = value.ok_or_else(|| missing(name))?;
    let url = Url::parse(&value).map_err(|error| invalid(name, error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https")
        || url.query().is_some()
        || url.fragment().is_some()
    {
        return Err(invalid(
            name,
            "an http or https address without query is needed",
        ));
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

fn public_url(value: Option<String>) -> Result<String, SettingsError> {
    const NAME: &str = "PUBLIC_URL";
    let url = base(
        NAME,
        Some(value.unwrap_or_else(|| "http://localhost:8401".into())),
    )?;
    if url.len() > LONGEST_PUBLIC_URL {
        return Err(invalid(
            NAME,
            format!("longer than {LONGEST_PUBLIC_URL} characters"),
        ));
    }
    Ok(url)
}

fn origins(value: Option<String>) -> Result<Vec<String>, SettingsError> {
    const NAME: &str = "SHOP_ORIGINS";
    let value = value.ok_or_else(|| missing(NAME))?;
    let texts = value
        .split(',')
        .map(str::trim)
        .filter(|text| !text.is_empty());
    let origins = texts.map(origin).collect::<Result<Vec<_>, _>>()?;
    if origins.is_empty() {
        Err(missing(NAME))
    } else {
        Ok(origins)
    }
}

fn origin(text: &str) -> Result<String, SettingsError> {
    let refuse = || {
        invalid(
            "SHOP_ORIGINS",
            format!("{text} is not an origin like https://shop.example"),
        )
    };
    let origin = Url::parse(text).map_err(|_| refuse())?.origin();
    let written = origin.ascii_serialization();
    if origin.is_tuple() && text.trim_end_matches('/').eq_ignore_ascii_case(&written) {
        Ok(written)
    } else {
        Err(refuse())
    }
}

fn duration(name: &str, given: Option<u64>, default: u64) -> Result<Duration, SettingsError> {
    match given.unwrap_or(default) {
        0 => Err(invalid(name, "at least 1 second is needed")),
        seconds if seconds > 30 * 24 * 3600 => Err(invalid(name, "more than 30 days")),
        seconds => Ok(Duration::from_secs(seconds)),
    }
}

/// A number in TOML, digits in the environment.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written<T> {
    Plain(T),
    Text(String),
}

impl<T: std::str::FromStr<Err: fmt::Display>> Written<T> {
    fn read<E: serde::de::Error>(self) -> Result<T, E> {
        match self {
            Written::Plain(value) => Ok(value),
            Written::Text(text) => text.trim().parse().map_err(E::custom),
        }
    }
}

fn seconds<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u64>, D::Error> {
    Written::<u64>::deserialize(from)?.read().map(Some)
}

fn switch<'de, D: Deserializer<'de>>(from: D) -> Result<bool, D::Error> {
    Written::<bool>::deserialize(from)?.read()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complete() -> BTreeMap<String, String> {
        let named = [
            ("API_KEY", "0012"),
            (
                "SHOP_ORIGINS",
                "http://localhost:8400, https://shop.example/",
            ),
            ("PAYWALL_PAYMENT_API", "http://127.0.0.1:8402/"),
            ("PAYWALL_PRIVATE_API", "http://127.0.0.1:8402"),
            ("PAYWALL_PUBLIC_KEY", "a"),
            ("PAYWALL_PUBLIC_CLIENT", "b"),
            ("PAYWALL_PRIVATE_KEY", "c"),
            ("PAYWALL_PRIVATE_CLIENT", "d"),
        ];
        named
            .map(|(name, value)| (format!("{PREFIX}{name}"), value.to_owned()))
            .into()
    }

    #[test]
    fn defaults_fill_what_is_not_secret() {
        let settings = Settings::from_variables(complete()).unwrap();
        assert_eq!(settings.listen, "127.0.0.1:8401");
        assert_eq!(
            settings.shop_origins,
            ["http://localhost:8400", "https://shop.example"]
        );
        assert_eq!(settings.paywall.payment_api, "http://127.0.0.1:8402");
        assert_eq!(settings.provider_timeout, Duration::from_secs(20));
        assert_eq!(settings.api_key.expose(), "0012");
    }

    #[test]
    fn each_missing_variable_is_named() {
        for name in complete().into_keys() {
            let mut variables = complete();
            variables.insert(name.clone(), String::new());
            let error = Settings::from_variables(variables).unwrap_err().to_string();
            assert!(error.contains(&name), "{error}");
        }
    }

    #[test]
    fn seconds_are_read_and_bounded() {
        let mut variables = complete();
        variables.insert("KASA_RECONCILE_SECONDS".into(), "3".into());
        let settings = Settings::from_variables(variables.clone()).unwrap();
        assert_eq!(settings.reconcile_every, Duration::from_secs(3));
        for unfit in ["0", "-1", "ten", "99999999999"] {
            variables.insert("KASA_RECONCILE_SECONDS".into(), unfit.into());
            let error = Settings::from_variables(variables.clone())
                .unwrap_err()
                .to_string();
            assert!(error.starts_with("KASA_RECONCILE_SECONDS"), "{error}");
        }
    }

    #[test]
    fn the_environment_wins_over_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("kasa.toml");
        std::fs::write(
            &file,
            "listen = \"127.0.0.1:1\"\nreconcile_seconds = 7\ntrust_forwarded_for = true\n",
        )
        .unwrap();
        let mut variables = complete();
        variables.insert("KASA_CONFIG".into(), file.display().to_string());
        variables.insert("KASA_LISTEN".into(), "127.0.0.1:2".into());
        let settings = Settings::from_variables(variables).unwrap();
        assert_eq!(settings.listen, "127.0.0.1:2");
        assert_eq!(settings.reconcile_every, Duration::from_secs(7));
        assert!(settings.trust_forwarded_for);
    }

    #[test]
    fn a_file_that_does_not_fit_is_told_without_its_values() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("kasa.toml");
        let mut variables = complete();
        variables.remove("KASA_API_KEY");
        variables.insert("KASA_CONFIG".into(), file.display().to_string());
        let error = Settings::from_variables(variables.clone())
            .unwrap_err()
            .to_string();
        assert!(error.starts_with("KASA_CONFIG"), "{error}");
        std::fs::write(&file, "api_key = 4711\n").unwrap();
        let error = Settings::from_variables(variables).unwrap_err().to_string();
        assert!(
            error.starts_with("KASA_API_KEY") && !error.contains("4711"),
            "{error}"
        );
    }

    #[test]
    fn an_origin_with_a_path_is_refused() {
        let mut variables = complete();
        variables.insert(
            "KASA_SHOP_ORIGINS".into(),
            "https://shop.example/kasa".into(),
        );
        assert!(Settings::from_variables(variables).is_err());
    }

    #[test]
    fn debug_shows_no_secret() {
        let mut variables = complete();
        variables.insert("KASA_API_KEY".into(), "canary-of-a-secret".into());
        let settings = Settings::from_variables(variables).unwrap();
        assert!(!format!("{settings:?}").contains("canary"));
    }
}
