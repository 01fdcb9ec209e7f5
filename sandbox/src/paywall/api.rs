//! What all of PayWall's APIs share (paywall.md §0): who may call, the envelope,
//! how bodies and headers are read. Knows no service.

use axum::http::{HeaderMap, HeaderValue, Uri, header};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::settings::KeyPair;
use crate::app::App;

/// Language of `Message`. The header that PayWall reads is not documented
/// (paywall.md §7.7): `locale` first, then `Accept-Language`, else Turkish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Language {
    Turkish,
    English,
}

impl Language {
    fn of(headers: &HeaderMap) -> Self {
        let asked = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let wanted = asked("locale").or_else(|| asked(header::ACCEPT_LANGUAGE.as_str()));
        match wanted {
            Some(tag) if tag.trim_start().to_ascii_lowercase().starts_with("en") => Self::English,
            _ => Self::Turkish,
        }
    }

    fn of_two(self, (turkish, english): (&'static str, &'static str)) -> &'static str {
        match self {
            Self::Turkish => turkish,
            Self::English => english,
        }
    }
}

/// A business error. Two tables of codes exist (paywall.md §5.6); a service uses one.
pub(crate) trait Refuse {
    /// `ErrorCode`
    fn code(&self) -> i32;
    /// `Message`, in Turkish and in English.
    fn words(&self) -> (&'static str, &'static str);
}

/// The keys are missing or wrong.
pub(crate) struct Unauthorized;

/// The body is not JSON of the documented types, or does not say that it is JSON.
pub(crate) struct Unreadable;

/// The envelope of paywall.md §0.3 in the form of the older samples. Business
/// errors are HTTP 200.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Envelope<T> {
    error_code: i32,
    result: bool,
    message: &'static str,
    body: Option<T>,
}

/// The same with the two fields that the newer samples begin with.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct NewerEnvelope<T> {
    error_code_type: i32,
    error_message: Option<&'static str>,
    #[serde(flatten)]
    envelope: Envelope<T>,
}

impl<T> Envelope<T> {
    pub(crate) fn of(headers: &HeaderMap, answer: Result<T, impl Refuse>) -> Self {
        match answer {
            Ok(body) => Self {
                error_code: 0,
                result: true,
                message: "",
                body: Some(body),
            },
            Err(refusal) => Self {
                error_code: refusal.code(),
                result: false,
                message: Language::of(headers).of_two(refusal.words()),
                body: None,
            },
        }
    }

    /// Of the services whose sample says "Success" and has a null body.
    pub(super) fn bare(self) -> Self {
        Self {
            message: if self.result { "Success" } else { self.message },
            body: None,
            ..self
        }
    }

    /// As the samples of TempToken and start3d have it.
    pub(super) fn newer(self) -> NewerEnvelope<T> {
        NewerEnvelope {
            error_code_type: 1,
            error_message: None,
            envelope: self,
        }
    }
}

/// Whether the call carries the two keys of the public pair (PaymentAPI).
pub(crate) fn public_keys(app: &App, headers: &HeaderMap) -> Result<(), Unauthorized> {
    keys(
        headers,
        "apikeypublic",
        "apiclientpublic",
        &app.settings.paywall.public_keys,
    )
}

/// Whether the call carries the two keys of the private pair (PaymentPrivateAPI).
pub(crate) fn private_keys(app: &App, headers: &HeaderMap) -> Result<(), Unauthorized> {
    keys(
        headers,
        "apikeyprivate",
        "apiclientprivate",
        &app.settings.paywall.private_keys,
    )
}

fn keys(headers: &HeaderMap, key: &str, client: &str, pair: &KeyPair) -> Result<(), Unauthorized> {
    let is = |name, wanted: &str| text_header(headers, name) == Some(wanted);
    if is(key, pair.key.reveal()) && is(client, pair.client.reveal()) {
        Ok(())
    } else {
        Err(Unauthorized)
    }
}

/// A header's text. UTF-8, because GET parameters travel as headers and a
/// merchant's code may have Turkish letters.
pub(crate) fn text_header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get(name)
        .and_then(|value: &HeaderValue| std::str::from_utf8(value.as_bytes()).ok())
}

/// Reads a JSON body; the content type must say that it is one.
pub(crate) fn json<T: DeserializeOwned>(headers: &HeaderMap, body: &[u8]) -> Result<T, Unreadable> {
    let content_type = text_header(headers, header::CONTENT_TYPE.as_str()).unwrap_or_default();
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    if !media_type.eq_ignore_ascii_case("application/json") {
        return Err(Unreadable);
    }
    serde_json::from_slice(body).map_err(|_| Unreadable)
}

/// Optional texts of requests: absent, `null` and `""` are the same.
#[derive(Debug, Default, Deserialize)]
#[serde(from = "Option<String>")]
pub(crate) struct Text(pub(crate) String);

impl From<Option<String>> for Text {
    fn from(text: Option<String>) -> Self {
        Self(text.unwrap_or_default())
    }
}

impl Text {
    pub(crate) fn is_blank(&self) -> bool {
        self.0.trim().is_empty()
    }
}

/// Characters of MerchantUniqueCode and of each back URL.
const LONGEST_TEXT: usize = 250;

pub(crate) fn is_too_long(text: &Text) -> bool {
    text.0.chars().count() > LONGEST_TEXT
}

/// Whether a browser or a server may be sent there: absolute, `http` or `https`.
pub(crate) fn is_web_address(text: &Text) -> bool {
    let scheme = |uri: &Uri| matches!(uri.scheme_str(), Some("http" | "https"));
    !is_too_long(text)
        && text
            .0
            .parse::<Uri>()
            .is_ok_and(|uri| scheme(&uri) && uri.host().is_some())
}
