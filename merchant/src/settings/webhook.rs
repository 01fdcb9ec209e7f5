//! Where the shop's back end wants to be told, and the key that proves who tells it.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use url::Url;

use super::SettingsError;
use super::given::{Given, invalid};

const URL: &str = "WEBHOOK_URL";
const SECRET: &str = "WEBHOOK_SECRET";

/// As Standard Webhooks asks for it.
const KEY_BYTES: std::ops::RangeInclusive<usize> = 24..=64;

#[derive(Clone)]
pub struct WebhookSettings {
    pub url: Url,
    /// What stands in Base64 behind `whsec_`.
    pub key: Vec<u8>,
}

/// Shows neither: an address may carry a token.
impl fmt::Debug for WebhookSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookSettings(…)")
    }
}

impl WebhookSettings {
    /// `None` when nothing of it was given.
    pub(super) fn read(given: &Given) -> Result<Option<Self>, SettingsError> {
        if !given.any("WEBHOOK_") {
            return Ok(None);
        }
        let url = Url::parse(&given.needed(URL)?).ok();
        let url = url.filter(|url| matches!(url.scheme(), "http" | "https"));
        let secret = given.needed(SECRET)?;
        let key = secret
            .strip_prefix("whsec_")
            .and_then(|text| STANDARD.decode(text).ok())
            .filter(|key| KEY_BYTES.contains(&key.len()));
        Ok(Some(WebhookSettings {
            url: url.ok_or_else(|| invalid(URL, "an http or https address is needed"))?,
            key: key
                .ok_or_else(|| invalid(SECRET, "whsec_ and 24 to 64 bytes in Base64 are needed"))?,
        }))
    }
}
