//! The server's settings: an optional TOML file named by `KASA_CONFIG`, then
//! the environment (prefix `KASA_`). Checked once, at start-up; every error
//! names the variable to set. One file a provider: a provider of which nothing
//! is given is not offered, one that is half given stops the start.

mod connections;
mod corefy;
#[cfg(test)]
mod documentation_tests;
mod given;
mod hepsipay;
mod limits;
mod operation;
mod origins;
mod paywall;
mod proxies;
mod webhook;

use std::time::Duration;

pub use connections::ConnectionSettings;
pub use corefy::CorefySettings;
pub use hepsipay::{HepsipayHash, HepsipaySettings};
pub use limits::LimitSettings;
pub use operation::{LogFormat, OperationSettings};
pub use origins::ShopOrigins;
pub use paywall::{ApmStart, PayWallSettings};
pub use proxies::{ForwardedHeader, TrustedProxies};
pub use webhook::WebhookSettings;

use crate::secret::Secret;
use given::{Given, invalid};

const PREFIX: &str = "KASA_";

/// PayWall takes back URLs of at most 250 characters (paywall.md §2.1), and
/// callback addresses of at most 150 (§4.1); the paths need some of them.
const LONGEST_PUBLIC_URL: usize = 190;

/// Everything the server must be told. `Debug` shows no secret.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `host:port` to listen on; port 0 takes a free one.
    pub listen: String,
    /// Where browsers and providers reach this server; no trailing slash.
    pub public_url: String,
    /// `sqlite://…` or `postgres://…`, which may hold a password.
    pub database_url: Secret,
    /// Bearer of the shop's back end.
    pub api_key: Secret,
    /// Origins of the shop's pages: CORS and `returnUrl`.
    pub shop_origins: ShopOrigins,
    pub paywall: Option<PayWallSettings>,
    pub hepsipay: Option<HepsipaySettings>,
    pub corefy: Option<CorefySettings>,
    /// Without it the shop's back end has to ask.
    pub webhook: Option<WebhookSettings>,
    /// How often payments that are due are looked for.
    pub reconcile_every: Duration,
    pub payment_lifetime: Duration,
    /// How long one call of a provider may take.
    pub provider_timeout: Duration,
    pub proxies: TrustedProxies,
    pub limits: LimitSettings,
    pub connections: ConnectionSettings,
    pub operation: OperationSettings,
    /// Variables with our prefix that no setting has: misspelt, most likely.
    pub unknown: Vec<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    #[error("{0} is not set")]
    Missing(String),
    #[error("{name} does not fit: {reason}")]
    Invalid { name: String, reason: String },
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
        Settings::of(&Given::read(variables)?)
    }

    fn of(given: &Given) -> Result<Self, SettingsError> {
        Ok(Settings {
            listen: given.text_or("LISTEN", "127.0.0.1:8401")?,
            public_url: public_url(given)?,
            database_url: Secret::new(
                given.text_or("DATABASE_URL", "sqlite://var/kasa.db?mode=rwc")?,
            ),
            api_key: given.secret("API_KEY")?,
            shop_origins: ShopOrigins::read(given)?,
            paywall: PayWallSettings::read(given)?,
            hepsipay: HepsipaySettings::read(given)?,
            corefy: CorefySettings::read(given)?,
            webhook: WebhookSettings::read(given)?,
            reconcile_every: given.duration("RECONCILE_SECONDS", 1)?,
            payment_lifetime: given.duration("PAYMENT_LIFETIME_SECONDS", 3600)?,
            provider_timeout: given.duration("PROVIDER_TIMEOUT_SECONDS", 20)?,
            proxies: TrustedProxies::read(given)?,
            limits: LimitSettings::read(given)?,
            connections: ConnectionSettings::read(given)?,
            operation: OperationSettings::read(given)?,
            // Last: by now everything was asked for.
            unknown: given.unknown(),
        })
    }
}

fn public_url(given: &Given) -> Result<String, SettingsError> {
    const NAME: &str = "PUBLIC_URL";
    let url = given.base_or(NAME, "http://localhost:8401")?;
    if url.len() > LONGEST_PUBLIC_URL {
        return Err(invalid(
            NAME,
            format!("longer than {LONGEST_PUBLIC_URL} characters"),
        ));
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

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
        assert!(settings.shop_origins.allow("https://shop.example"));
        assert_eq!(
            settings.paywall.unwrap().payment_api,
            "http://127.0.0.1:8402"
        );
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
    fn a_provider_of_which_nothing_is_given_is_none_and_a_half_given_one_is_named() {
        let mut variables = complete();
        variables.retain(|name, _| !name.starts_with("KASA_PAYWALL_"));
        let settings = Settings::from_variables(variables.clone()).unwrap();
        assert!(settings.paywall.is_none() && settings.hepsipay.is_none());
        assert!(settings.corefy.is_none());
        for (given, missing) in [
            ("KASA_PAYWALL_HASH_KEY_APM", "KASA_PAYWALL_PAYMENT_API"),
            ("KASA_HEPSIPAY_HASH", "KASA_HEPSIPAY_API"),
            ("KASA_COREFY_API_KEY", "KASA_COREFY_SECRET_LIVE"),
        ] {
            let mut variables = variables.clone();
            variables.insert(given.into(), "sha256".into());
            let error = Settings::from_variables(variables).unwrap_err().to_string();
            assert_eq!(error, format!("{missing} is not set"));
        }
    }

    #[test]
    fn a_webhook_needs_an_address_and_a_secret_of_its_kind() {
        let read = |url: &str, secret: &str| {
            let mut variables = complete();
            variables.insert("KASA_WEBHOOK_URL".into(), url.into());
            variables.insert("KASA_WEBHOOK_SECRET".into(), secret.into());
            Settings::from_variables(variables).map(|settings| settings.webhook)
        };
        let (url, secret) = (
            "https://shop.example/kasa",
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        );
        assert_eq!(read(url, secret).unwrap().unwrap().key.len(), 24);
        assert!(read("", "").unwrap().is_none());
        for (url, secret, named) in [
            ("", secret, "KASA_WEBHOOK_URL"),
            (url, "", "KASA_WEBHOOK_SECRET"),
            ("ftp://shop.example/", secret, "KASA_WEBHOOK_URL"),
            (
                url,
                "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                "KASA_WEBHOOK_SECRET",
            ),
            (url, "whsec_c2hvcnQ=", "KASA_WEBHOOK_SECRET"),
        ] {
            let error = read(url, secret).unwrap_err().to_string();
            assert!(error.starts_with(named), "{error}");
            assert!(!error.contains("MfKQ9"), "{error}");
        }
    }

    #[test]
    fn a_choice_is_one_of_its_words() {
        let read = |word: &str| {
            let mut variables = complete();
            variables.insert("KASA_PAYWALL_APM_START".into(), word.into());
            Settings::from_variables(variables)
        };
        let chosen = |word: &str| read(word).unwrap().paywall.unwrap().apm_start;
        assert_eq!(chosen(""), ApmStart::Pay);
        assert_eq!(chosen("request_otp"), ApmStart::RequestOtp);
        assert_eq!(
            read("soon").unwrap_err().to_string(),
            "KASA_PAYWALL_APM_START does not fit: pay or request_otp is needed"
        );
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
            "listen = \"127.0.0.1:1\"\nreconcile_seconds = 7\npaywall_apm = true\nlimit_customer_payments = 9\n",
        )
        .unwrap();
        let mut variables = complete();
        variables.insert("KASA_CONFIG".into(), file.display().to_string());
        variables.insert("KASA_LISTEN".into(), "127.0.0.1:2".into());
        let settings = Settings::from_variables(variables).unwrap();
        assert_eq!(settings.listen, "127.0.0.1:2");
        assert_eq!(settings.reconcile_every, Duration::from_secs(7));
        assert!(settings.paywall.unwrap().apm);
        assert_eq!(settings.limits.customer_payments, 9);
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
    fn debug_and_check_show_no_secret() {
        let canary = |name: &str| match name {
            "DATABASE_URL" => "postgres://user:canary@db.example/kasa".to_owned(),
            "WEBHOOK_URL" => "https://shop.example/hook?token=canary".to_owned(),
            // 27 bytes, "canary-canary-canary-canary".
            "WEBHOOK_SECRET" => "whsec_Y2FuYXJ5LWNhbmFyeS1jYW5hcnktY2FuYXJ5".to_owned(),
            name => format!("canary-{name}"),
        };
        let mut variables = complete();
        for name in [
            "API_KEY",
            "DATABASE_URL",
            "PAYWALL_PUBLIC_KEY",
            "PAYWALL_PUBLIC_CLIENT",
            "PAYWALL_PRIVATE_KEY",
            "PAYWALL_PRIVATE_CLIENT",
            "PAYWALL_HASH_KEY_3D",
            "PAYWALL_HASH_KEY_APM",
            "PAYWALL_HASH_KEY_POS",
            "HEPSIPAY_API_KEY",
            "HEPSIPAY_SECRET_KEY",
            "COREFY_API_KEY",
            "COREFY_SECRET_LIVE",
            "COREFY_SECRET_TEST",
            "WEBHOOK_URL",
            "WEBHOOK_SECRET",
        ] {
            variables.insert(format!("KASA_{name}"), canary(name));
        }
        for (name, value) in [
            ("HEPSIPAY_API", "https://a.example"),
            ("HEPSIPAY_PAGE", "https://a.example"),
            ("COREFY_API", "https://a.example"),
            ("COREFY_ACCOUNT", "a"),
        ] {
            variables.insert(format!("KASA_{name}"), value.into());
        }
        let settings = Settings::from_variables(variables).unwrap();
        let bytes = format!("{:?}", b"canary");
        let bytes = bytes.trim_matches(['[', ']']);
        let pretty = format!("{settings:#?}");
        for shown in [
            format!("{settings:?}"),
            pretty,
            crate::check::summary(&settings).unwrap(),
        ] {
            assert!(
                !shown.contains("canary") && !shown.contains("Y2Fu"),
                "{shown}"
            );
            assert!(!shown.contains(bytes), "{shown}");
        }
    }
}
