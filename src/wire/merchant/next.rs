//! What the shopper has to do now. On the wire an object with a `type` and
//! what belongs to it, written out by hand like [`Method`](super::Method).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The next step of a pending payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Fields", into = "Fields")]
pub enum Next {
    /// `{type: "redirect", url, method, fields}`
    Redirect(Redirect),
    /// `{type: "otp", …}`: a code was sent to the payer; `POST …/otp` takes it.
    Otp(Box<Otp>),
    /// `{type: "qr", image}`: the payer's phone takes it from here.
    Qr(Qr),
    /// `{type: "wait", cancellable, stage}`: somebody else is at work.
    Wait(Wait),
    /// Of a later version; its `type`. The shopper can wait or cancel.
    Unknown(String),
}

/// A navigation of the browser to another page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirect {
    pub url: String,
    pub method: RedirectMethod,
    /// Form fields of a `POST`.
    pub fields: BTreeMap<String, String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum RedirectMethod {
    Get,
    Post,
}

/// A one-time code is awaited. Times are the server's: `now` is its clock when
/// it answered, so that a countdown needs no clock of the page's own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Otp {
    /// Digits, where the provider says so.
    pub length: Option<u8>,
    pub now: Option<String>,
    pub expires_at: Option<String>,
    pub attempts_left: Option<u8>,
    /// From when on another code may be sent; `None`: no other will be.
    pub resend_at: Option<String>,
    /// What `otp/resend` has to be told again, because no server keeps it; see
    /// [`payer_field`](super::payer_field).
    pub resend_fields: Vec<String>,
    /// What was wrong with the code before.
    pub fault: Option<OtpFault>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OtpFault {
    Wrong,
    Expired,
}

/// A QR code to be scanned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Qr {
    /// PNG in Base64, no `data:` before it.
    pub image: String,
}

/// Nothing to do but wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    /// Whether `POST …/cancel` can still succeed.
    pub cancellable: bool,
    /// How far it is, for a terminal; see [`stage`].
    pub stage: Option<String>,
}

/// Where a terminal's sale is.
pub mod stage {
    /// On its way to the terminal.
    pub const SENDING: &str = "sending";
    /// The terminal has it and waits for a card.
    pub const ON_TERMINAL: &str = "on_terminal";
}

#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Fields {
    #[serde(rename = "type")]
    kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<RedirectMethod>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    fields: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    length: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    now: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attempts_left: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resend_at: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    resend_fields: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<OtpFault>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cancellable: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stage: Option<String>,
}

impl TryFrom<Fields> for Next {
    type Error = &'static str;

    fn try_from(fields: Fields) -> Result<Self, Self::Error> {
        match fields.kind.as_str() {
            "" => Err("next: no type"),
            "redirect" => Ok(Next::Redirect(Redirect {
                url: fields.url.ok_or("next: redirect without url")?,
                method: fields.method.unwrap_or(RedirectMethod::Get),
                fields: fields.fields,
            })),
            "otp" => Ok(Next::Otp(Box::new(Otp {
                length: fields.length,
                now: fields.now,
                expires_at: fields.expires_at,
                attempts_left: fields.attempts_left,
                resend_at: fields.resend_at,
                resend_fields: fields.resend_fields,
                fault: fields.error,
            }))),
            "qr" => Ok(Next::Qr(Qr {
                image: fields.image.ok_or("next: qr without image")?,
            })),
            "wait" => Ok(Next::Wait(Wait {
                cancellable: fields.cancellable.unwrap_or(false),
                stage: fields.stage,
            })),
            _ => Ok(Next::Unknown(fields.kind)),
        }
    }
}

impl From<Next> for Fields {
    fn from(next: Next) -> Self {
        let of = |kind: &str| Fields {
            kind: kind.to_owned(),
            ..Fields::default()
        };
        match next {
            Next::Redirect(to) => Fields {
                url: Some(to.url),
                method: Some(to.method),
                fields: to.fields,
                ..of("redirect")
            },
            Next::Otp(otp) => Fields {
                length: otp.length,
                now: otp.now,
                expires_at: otp.expires_at,
                attempts_left: otp.attempts_left,
                resend_at: otp.resend_at,
                resend_fields: otp.resend_fields,
                error: otp.fault,
                ..of("otp")
            },
            Next::Qr(qr) => Fields {
                image: Some(qr.image),
                ..of("qr")
            },
            Next::Wait(wait) => Fields {
                cancellable: Some(wait.cancellable),
                stage: wait.stage,
                ..of("wait")
            },
            Next::Unknown(kind) => of(&kind),
        }
    }
}
