//! The shop's origins: whose pages may call this server, and where a browser may
//! be sent back to. One answer for both, so that neither is wider than the other.

use std::fmt;

use url::Url;

use super::SettingsError;
use super::given::{Given, invalid, missing};

const NAME: &str = "SHOP_ORIGINS";

/// Hosts of which any port may be named, by `:*`. A port of a shop's host may
/// belong to somebody else; one of this machine does not while a shop is made.
const LOOPBACK: [&str; 3] = ["http://localhost", "http://127.0.0.1", "http://[::1]"];

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShopOrigins(Vec<ShopOrigin>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum ShopOrigin {
    /// As a browser writes it.
    Exact(String),
    /// One of [`LOOPBACK`], with any port.
    AnyPort(&'static str),
}

impl ShopOrigins {
    pub(super) fn read(given: &Given) -> Result<Self, SettingsError> {
        let value = given.needed(NAME)?;
        let texts = value
            .split(',')
            .map(str::trim)
            .filter(|text| !text.is_empty());
        let origins = texts.map(origin).collect::<Result<Vec<_>, _>>()?;
        if origins.is_empty() {
            Err(missing(NAME))
        } else {
            Ok(ShopOrigins(origins))
        }
    }

    /// Whether `origin`, as a browser writes it, is one of the shop's.
    pub(crate) fn allow(&self, origin: &str) -> bool {
        self.0.iter().any(|allowed| match allowed {
            ShopOrigin::Exact(allowed) => allowed == origin,
            ShopOrigin::AnyPort(host) => origin.strip_prefix(host).is_some_and(is_port),
        })
    }
}

/// As they were written.
impl fmt::Display for ShopOrigins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let written: Vec<String> = self
            .0
            .iter()
            .map(|origin| match origin {
                ShopOrigin::Exact(origin) => origin.clone(),
                ShopOrigin::AnyPort(host) => format!("{host}:*"),
            })
            .collect();
        f.write_str(&written.join(", "))
    }
}

/// Of an origin behind its host: nothing, or a colon and a number.
fn is_port(text: &str) -> bool {
    text.is_empty()
        || text.strip_prefix(':').is_some_and(|port| {
            port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok()
        })
}

fn origin(text: &str) -> Result<ShopOrigin, SettingsError> {
    if let Some(host) = text.strip_suffix(":*") {
        let known = LOOPBACK.into_iter().find(|known| *known == host);
        return known.map(ShopOrigin::AnyPort).ok_or_else(|| {
            invalid(
                NAME,
                format!("{text} names any port of another host than localhost, 127.0.0.1 or [::1]"),
            )
        });
    }
    let refuse = || {
        invalid(
            NAME,
            format!("{text} is not an origin like https://shop.example"),
        )
    };
    let origin = Url::parse(text).map_err(|_| refuse())?.origin();
    let written = origin.ascii_serialization();
    if origin.is_tuple() && text.trim_end_matches('/').eq_ignore_ascii_case(&written) {
        Ok(ShopOrigin::Exact(written))
    } else {
        Err(refuse())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<ShopOrigins, SettingsError> {
        let variable = ("KASA_SHOP_ORIGINS".to_owned(), text.to_owned());
        ShopOrigins::read(&Given::read([variable])?)
    }

    #[test]
    fn an_origin_is_allowed_as_it_was_named_and_no_other() {
        let origins = read("http://localhost:8400, https://shop.example/").unwrap();
        for (origin, allowed) in [
            ("http://localhost:8400", true),
            ("https://shop.example", true),
            ("http://localhost:8401", false),
            ("http://localhost", false),
            ("http://shop.example", false),
            ("https://shop.example:8443", false),
            ("https://shop.example.evil.example", false),
            ("null", false),
            ("", false),
        ] {
            assert_eq!(origins.allow(origin), allowed, "{origin}");
        }
    }

    #[test]
    fn any_port_of_a_loopback_host_is_allowed_when_named_so() {
        let origins = read("http://localhost:*, http://127.0.0.1:*").unwrap();
        for (origin, allowed) in [
            ("http://localhost", true),
            ("http://localhost:8400", true),
            ("http://127.0.0.1:5173", true),
            ("https://localhost:8400", false),
            ("http://[::1]:8400", false),
            ("http://127.0.0.2:8400", false),
            ("http://localhost:", false),
            ("http://localhost:+80", false),
            ("http://localhost:99999", false),
            ("http://localhost:80@evil.example", false),
            ("http://localhost.evil.example", false),
            ("http://localhost:8400/kasa", false),
        ] {
            assert_eq!(origins.allow(origin), allowed, "{origin}");
        }
    }

    #[test]
    fn any_port_of_another_host_is_refused() {
        for text in [
            "https://shop.example:*",
            "http://localhost.evil.example:*",
            "http://192.168.1.7:*",
            "https://localhost:*",
            "*:*",
            "*",
            ":*",
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.starts_with("KASA_SHOP_ORIGINS"), "{text}: {error}");
        }
    }

    #[test]
    fn an_origin_with_a_path_and_an_empty_list_are_refused() {
        assert!(read("https://shop.example/kasa").is_err());
        let error = read(" , ").unwrap_err().to_string();
        assert_eq!(error, "KASA_SHOP_ORIGINS is not set");
    }
}
