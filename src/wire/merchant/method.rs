//! The ways to pay that an order offers. On the wire an object with a `type`
//! and what belongs to it; written out by hand, because serde's own tagged
//! enums add seven kilobytes to the wasm.

use serde::{Deserialize, Serialize};

/// One way to pay this order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Fields", into = "Fields")]
pub enum Method {
    /// A new card. `save`: it may be kept for the next order.
    Card {
        save: bool,
    },
    /// A card kept before; `GET …/cards` lists them.
    SavedCard,
    Apm(ApmOffer),
    /// Hepsipay's own page.
    Hepsipay,
    /// Aspay's own page. `fields`: see [`payer_field`].
    Aspay {
        fields: Vec<String>,
    },
    /// A POS terminal at the counter; more than one: the shopper's or cashier's to choose.
    Terminal {
        terminals: Vec<Terminal>,
    },
    /// Of a later version, or with parts of one; its `type`. To be left out.
    Unknown(String),
}

impl Method {
    pub const CARD: &'static str = "card";
    pub const SAVED_CARD: &'static str = "saved_card";
    pub const APM: &'static str = "apm";
    pub const HEPSIPAY: &'static str = "hepsipay";
    pub const ASPAY: &'static str = "aspay";
    pub const TERMINAL: &'static str = "terminal";

    /// `type`, as [`Payment`](super::Payment) has it in `method`.
    pub fn name(&self) -> &str {
        match self {
            Method::Card { .. } => Self::CARD,
            Method::SavedCard => Self::SAVED_CARD,
            Method::Apm(_) => Self::APM,
            Method::Hepsipay => Self::HEPSIPAY,
            Method::Aspay { .. } => Self::ASPAY,
            Method::Terminal { .. } => Self::TERMINAL,
            Method::Unknown(name) => name,
        }
    }
}

/// An alternative payment method: a wallet, a meal card (paywall.md §3.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApmOffer {
    /// Names it in a payment request.
    pub connection: String,
    pub kind: ApmKind,
    /// `Papara`
    pub name: String,
    /// In the provider's words, `Cüzdan`.
    pub category: Option<String>,
    /// What the payer is asked for; see [`payer_field`].
    pub fields: Vec<String>,
}

/// How an APM is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApmKind {
    /// A one-time code is sent to the payer and typed here.
    Otp,
    /// On the provider's page.
    Redirect,
    /// A picture is shown, for the provider's app on the payer's phone.
    Qr,
    /// At once, with no second step.
    Direct,
}

/// A terminal that may be rung.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Terminal {
    pub id: String,
    pub name: String,
}

/// What a payer may be asked for: names of fields of [`Payer`](super::Payer).
/// A method that asks for a field of another name is not for this version.
pub mod payer_field {
    pub const FULL_NAME: &str = "fullName";
    pub const PHONE: &str = "phone";
    pub const EMAIL: &str = "email";
    /// TCKN or VKN.
    pub const IDENTITY_NUMBER: &str = "identityNumber";
    /// Of a meal card and the like; card data.
    pub const CARD_NUMBER: &str = "cardNumber";
}

#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Fields {
    #[serde(rename = "type")]
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    save: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    connection: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
    #[serde(rename = "name", skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fields: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    terminals: Vec<Terminal>,
}

impl From<Fields> for Method {
    fn from(fields: Fields) -> Self {
        match fields.name.as_str() {
            Method::CARD => Method::Card {
                save: fields.save.unwrap_or(false),
            },
            Method::SAVED_CARD => Method::SavedCard,
            Method::APM => match (fields.connection, fields.kind.as_deref().and_then(kind_of)) {
                (Some(connection), Some(kind)) => Method::Apm(ApmOffer {
                    name: fields.title.unwrap_or_else(|| connection.clone()),
                    connection,
                    kind,
                    category: fields.category,
                    fields: fields.fields,
                }),
                _ => Method::Unknown(fields.name),
            },
            Method::HEPSIPAY => Method::Hepsipay,
            Method::ASPAY => Method::Aspay {
                fields: fields.fields,
            },
            Method::TERMINAL => Method::Terminal {
                terminals: fields.terminals,
            },
            _ => Method::Unknown(fields.name),
        }
    }
}

impl From<Method> for Fields {
    fn from(method: Method) -> Self {
        let bare = Fields {
            name: method.name().to_owned(),
            ..Fields::default()
        };
        match method {
            Method::Card { save } => Fields {
                save: save.then_some(true),
                ..bare
            },
            Method::Apm(offer) => Fields {
                connection: Some(offer.connection),
                kind: Some(offer.kind.name().to_owned()),
                title: Some(offer.name),
                category: offer.category,
                fields: offer.fields,
                ..bare
            },
            Method::Aspay { fields } => Fields { fields, ..bare },
            Method::Terminal { terminals } => Fields { terminals, ..bare },
            Method::SavedCard | Method::Hepsipay | Method::Unknown(_) => bare,
        }
    }
}

impl ApmKind {
    /// As on the wire.
    pub fn name(self) -> &'static str {
        match self {
            ApmKind::Otp => "otp",
            ApmKind::Redirect => "redirect",
            ApmKind::Qr => "qr",
            ApmKind::Direct => "direct",
        }
    }
}

fn kind_of(name: &str) -> Option<ApmKind> {
    [
        ApmKind::Otp,
        ApmKind::Redirect,
        ApmKind::Qr,
        ApmKind::Direct,
    ]
    .into_iter()
    .find(|kind| kind.name() == name)
}
