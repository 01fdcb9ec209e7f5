//! The settings against their table in the documentation: neither has one, or a
//! default, that the other lacks.

use std::collections::BTreeMap;

use super::given::{Absent, Given};
use super::{PREFIX, Settings};

/// Named by the table, and read before there are settings.
const BESIDE: [&str; 2] = ["KASA_CONFIG", "RUST_LOG"];

/// Enough of everything that every setting is asked for.
const GIVEN: [(&str, &str); 20] = [
    ("API_KEY", "a"),
    ("SHOP_ORIGINS", "https://shop.example"),
    ("PAYWALL_PAYMENT_API", "https://a.example"),
    ("PAYWALL_PRIVATE_API", "https://a.example"),
    ("PAYWALL_PUBLIC_KEY", "a"),
    ("PAYWALL_PUBLIC_CLIENT", "a"),
    ("PAYWALL_PRIVATE_KEY", "a"),
    ("PAYWALL_PRIVATE_CLIENT", "a"),
    ("HEPSIPAY_API", "https://a.example"),
    ("HEPSIPAY_PAGE", "https://a.example"),
    ("HEPSIPAY_API_KEY", "a"),
    ("HEPSIPAY_SECRET_KEY", "a"),
    ("COREFY_API", "https://a.example"),
    ("COREFY_ACCOUNT", "a"),
    ("COREFY_API_KEY", "a"),
    ("COREFY_SECRET_LIVE", "a"),
    ("COREFY_SECRET_TEST", "a"),
    ("WEBHOOK_URL", "https://shop.example"),
    ("WEBHOOK_SECRET", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
    ("COREFY_TEST_MODE", "false"),
];

fn read(others: &[(&str, &str)]) -> Given {
    let all = GIVEN.iter().chain(others);
    let variables = all.map(|(name, value)| (format!("{PREFIX}{name}"), (*value).to_owned()));
    Given::read(variables).unwrap()
}

/// What the code asks for, and what its absence means there.
fn asked() -> BTreeMap<String, Absent> {
    let mut asked = BTreeMap::new();
    // Which of two secrets is needed depends on the mode.
    for mode in ["false", "true"] {
        let given = read(&[("COREFY_TEST_MODE", mode)]);
        let settings = Settings::of(&given).unwrap();
        assert_eq!(settings.unknown, Vec::<String>::new());
        for (name, absent) in given.asked() {
            let known = asked.entry(format!("{PREFIX}{name}"));
            let known = known.or_insert_with(|| absent.clone());
            if absent == Absent::Stops {
                *known = absent;
            }
        }
    }
    asked
}

/// The names and defaults of the rows `| names | default | meaning |`.
fn documented() -> BTreeMap<String, String> {
    let document = include_str!("../../../docs/deployment.md");
    let mut rows = BTreeMap::new();
    for line in document.lines() {
        let cells: Vec<&str> = line.split(" | ").collect();
        let [names, default, _] = cells[..] else {
            continue;
        };
        for name in names.split('`').skip(1).step_by(2) {
            let before = rows.insert(name.to_owned(), default.to_owned());
            assert_eq!(before, None, "{name} stands there twice");
        }
    }
    rows.retain(|name, _| name.starts_with(PREFIX) || BESIDE.contains(&name.as_str()));
    rows
}

#[test]
fn the_documentation_has_every_setting_and_no_other() {
    let mut documented: Vec<String> = documented().into_keys().collect();
    documented.retain(|name| !BESIDE.contains(&name.as_str()));
    let asked: Vec<String> = asked().into_keys().collect();
    assert_eq!(documented, asked);
}

#[test]
fn the_documentation_has_the_defaults_of_the_code() {
    let documented = documented();
    for (name, absent) in asked() {
        let written = &documented[&name];
        let fits = match &absent {
            Absent::Stops => written.starts_with("**needed**"),
            Absent::Is(default) => *written == format!("`{default}`"),
            Absent::IsNone => !written.starts_with("**needed**") && !written.starts_with('`'),
        };
        assert!(fits, "{name}: {written} is written, {absent:?} is so");
    }
}

#[test]
fn every_needed_setting_is_named_when_it_is_missing() {
    let needed = asked()
        .into_iter()
        .filter(|(_, absent)| *absent == Absent::Stops);
    for (name, _) in needed {
        let short = name.strip_prefix(PREFIX).unwrap();
        let mode = if short == "COREFY_SECRET_TEST" {
            "true"
        } else {
            "false"
        };
        let given = read(&[("COREFY_TEST_MODE", mode), (short, "")]);
        let error = Settings::of(&given).unwrap_err().to_string();
        assert_eq!(error, format!("{name} is not set"));
    }
}

#[test]
fn every_setting_that_cannot_be_read_is_named() {
    for (name, unfit) in [
        ("PUBLIC_URL", "pay.shop.example"),
        ("SHOP_ORIGINS", "shop.example"),
        ("PAYWALL_PAYMENT_API", "ftp://a.example"),
        ("PAYWALL_CARD_API", "a"),
        ("PAYWALL_APM", "yes"),
        ("PAYWALL_APM_START", "now"),
        ("PAYWALL_TEMP_TOKEN_FORM", "newer"),
        ("HEPSIPAY_PAGE", "https://a.example?x=1"),
        ("HEPSIPAY_HASH", "md5"),
        ("COREFY_API", "a"),
        ("COREFY_TEST_MODE", "1"),
        ("COREFY_TYPE_PLURAL", "-"),
        ("WEBHOOK_URL", "a"),
        ("WEBHOOK_SECRET", "whsec_"),
        ("RECONCILE_SECONDS", "0"),
        ("PAYMENT_LIFETIME_SECONDS", "1.5"),
        ("PROVIDER_TIMEOUT_SECONDS", "-1"),
        ("TRUSTED_PROXIES", "10.0.0.0/33"),
        ("FORWARDED_HEADER", "x-real-ip"),
        ("LIMIT_SECONDS", "0"),
        ("LIMIT_CHECKOUT_PAYMENTS", "-1"),
        ("LIMIT_CHECKOUT_TOKENS", "many"),
        ("LIMIT_CHECKOUT_LOOKUPS", "1.5"),
        ("LIMIT_CUSTOMER_PAYMENTS", "99999999999"),
        ("LIMIT_ADDRESS_PAYMENTS", "none"),
        ("LIMIT_ADDRESS_QUESTIONS", "-"),
        ("CONNECTIONS", "0"),
        ("CHECKOUT_POLLS", "0"),
        ("HEAD_SECONDS", "0"),
        ("BODY_SECONDS", "0"),
        ("WRITE_SECONDS", "soon"),
        ("LOG_FORMAT", "xml"),
        ("DRAIN_SECONDS", "soon"),
        ("STOP_SECONDS", "0"),
    ] {
        let error = Settings::of(&read(&[(name, unfit)])).unwrap_err();
        let (error, named) = (error.to_string(), format!("{PREFIX}{name} does not fit"));
        assert!(error.starts_with(&named), "{error}");
    }
}

#[test]
fn what_no_setting_has_asked_for_is_told() {
    let settings = Settings::of(&read(&[("WEBHOOK_SECRTE", "a")])).unwrap();
    assert_eq!(settings.unknown, ["KASA_WEBHOOK_SECRTE"]);
}

#[test]
fn a_setting_may_be_a_files_content_and_not_both() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secret");
    std::fs::write(&file, "from-a-file\r\n").unwrap();
    let path = file.to_str().unwrap();
    let given = [("API_KEY", ""), ("API_KEY_FILE", path)];
    let settings = Settings::of(&read(&given)).unwrap();
    assert_eq!(settings.api_key.expose(), "from-a-file");

    let variables = |others: &[(&str, &str)]| {
        let all = others.iter();
        let each = all.map(|(name, value)| (format!("{PREFIX}{name}"), (*value).to_owned()));
        Given::read(each.collect::<Vec<_>>())
    };
    let refused = |others: &[(&str, &str)]| variables(others).unwrap_err().to_string();
    let both = refused(&[("API_KEY", "a"), ("API_KEY_FILE", path)]);
    assert_eq!(
        both,
        "KASA_API_KEY_FILE does not fit: KASA_API_KEY is set too"
    );
    let gone = folder.path().join("gone");
    let gone = refused(&[("API_KEY_FILE", gone.to_str().unwrap())]);
    assert!(
        gone.starts_with("KASA_API_KEY_FILE does not fit: "),
        "{gone}"
    );
    std::fs::write(&file, "\n").unwrap();
    let empty = refused(&[("API_KEY_FILE", path)]);
    assert_eq!(empty, "KASA_API_KEY_FILE does not fit: the file is empty");
}

#[test]
fn a_file_that_the_environment_names_wins_over_the_settings_file() {
    let folder = tempfile::tempdir().unwrap();
    let (toml, secret) = (folder.path().join("kasa.toml"), folder.path().join("key"));
    std::fs::write(&toml, "api_key = \"from-toml\"\n").unwrap();
    std::fs::write(&secret, "from-a-file").unwrap();
    let given = read(&[
        ("CONFIG", toml.to_str().unwrap()),
        ("API_KEY", ""),
        ("API_KEY_FILE", secret.to_str().unwrap()),
    ]);
    assert_eq!(
        Settings::of(&given).unwrap().api_key.expose(),
        "from-a-file"
    );
}
