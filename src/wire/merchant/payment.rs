//! Payments: what is asked for, and what became of it.

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::{Method, Next};

/// Body of `POST …/payments`: `{method, …what the method needs, challenge}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Fields", into = "Fields")]
pub struct PaymentRequest {
    pub instrument: Instrument,
    /// Of card payments; others always leave the page.
    pub challenge: Challenge,
}

/// What is paid with.
#[derive(Clone, PartialEq, Eq)]
pub enum Instrument {
    Card {
        /// `CardToken` of PayWall's tempcard.
        card_token: String,
        /// 1 is a single payment.
        installments: u8,
        /// Keep the card for the next order, once it has paid.
        save: bool,
    },
    SavedCard {
        /// Id of `GET …/cards`.
        card: String,
        installments: u8,
    },
    Apm {
        connection: String,
        kind: super::ApmKind,
        payer: Payer,
    },
    Hepsipay,
    Aspay {
        payer: Payer,
    },
    Terminal {
        /// Needed where the order offers more than one.
        terminal: Option<String>,
    },
}

impl Instrument {
    /// The method's `type`.
    pub fn method(&self) -> &'static str {
        match self {
            Instrument::Card { .. } => Method::CARD,
            Instrument::SavedCard { .. } => Method::SAVED_CARD,
            Instrument::Apm { .. } => Method::APM,
            Instrument::Hepsipay => Method::HEPSIPAY,
            Instrument::Aspay { .. } => Method::ASPAY,
            Instrument::Terminal { .. } => Method::TERMINAL,
        }
    }

    /// What the payer was asked for; empty where nothing was.
    pub fn into_payer(self) -> Payer {
        match self {
            Instrument::Apm { payer, .. } | Instrument::Aspay { payer } => payer,
            _ => Payer::default(),
        }
    }

    /// Of card payments; 1 for all others.
    pub fn installments(&self) -> u8 {
        match self {
            Instrument::Card { installments, .. } | Instrument::SavedCard { installments, .. } => {
                *installments
            }
            _ => 1,
        }
    }
}

/// The method alone: a card token pays for whoever has it.
impl std::fmt::Debug for Instrument {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Instrument({}, …)", self.method())
    }
}

/// What a payer was asked for, by the names of [`payer_field`](super::payer_field).
/// Wiped from memory when dropped: `card_number` is card data.
#[derive(Clone, Default, PartialEq, Eq, Zeroize, ZeroizeOnDrop, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Payer {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub full_name: Option<String>,
    /// Ten digits of a Turkish mobile, `5551112233`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity_number: Option<String>,
    /// Digits only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card_number: Option<String>,
}

impl Payer {
    fn is_empty(&self) -> bool {
        *self == Payer::default()
    }
}

/// Never shows its fields.
impl std::fmt::Debug for Payer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Payer(…)")
    }
}

/// Body of `POST …/otp`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OtpRequest {
    pub code: String,
}

/// Never shows the code.
impl std::fmt::Debug for OtpRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OtpRequest(…)")
    }
}

/// Body of `POST …/otp/resend`: what [`Otp::resend_fields`](super::Otp) names,
/// because the server does not keep it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ResendRequest {
    #[serde(skip_serializing_if = "Payer::is_empty")]
    pub payer: Payer,
}

/// How the shopper meets the bank's page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Challenge {
    /// The whole page goes to the bank and comes back.
    #[default]
    Redirect,
    /// The bank's page stands in a frame of the shop's page.
    Frame,
}

/// One try to pay an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Payment {
    /// `pay_…`
    pub id: String,
    /// `type` of a [`Method`].
    pub method: String,
    pub status: Status,
    /// What the shopper has to do now; only while pending.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Next>,
    /// Why it failed; only when failed or canceled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<PaymentError>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<CardSummary>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub installments: Option<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Pending,
    Paid,
    Failed,
    Canceled,
}

impl Status {
    /// As on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Status::Pending => "pending",
            Status::Paid => "paid",
            Status::Failed => "failed",
            Status::Canceled => "canceled",
        }
    }
}

/// Why a payment failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PaymentError {
    /// `declined`, `card_refused`, `card_expired`, `card_token_invalid`, `installments_refused`, `code_wrong`,
    /// `terminal_unreachable`, `canceled`, `expired`, `provider_unavailable` or
    /// `provider_error`; new ones may come.
    pub code: String,
    /// The provider's own words, for the shop's log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// What may be said of a card that paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CardSummary {
    /// As the provider masks it, `557920******1297`.
    pub masked: String,
}

#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Fields {
    method: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    card_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    card: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    installments: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    save: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    connection: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<super::ApmKind>,
    #[serde(skip_serializing_if = "Payer::is_empty")]
    payer: Payer,
    #[serde(skip_serializing_if = "Option::is_none")]
    terminal: Option<String>,
    challenge: Challenge,
}

impl TryFrom<Fields> for PaymentRequest {
    type Error = &'static str;

    fn try_from(fields: Fields) -> Result<Self, Self::Error> {
        let installments = fields.installments.unwrap_or(1);
        let instrument = match fields.method.as_str() {
            Method::CARD => Instrument::Card {
                card_token: fields.card_token.ok_or("missing field `cardToken`")?,
                installments,
                save: fields.save.unwrap_or(false),
            },
            Method::SAVED_CARD => Instrument::SavedCard {
                card: fields.card.ok_or("missing field `card`")?,
                installments,
            },
            Method::APM => Instrument::Apm {
                connection: fields.connection.ok_or("missing field `connection`")?,
                kind: fields.kind.ok_or("missing field `kind`")?,
                payer: fields.payer,
            },
            Method::HEPSIPAY => Instrument::Hepsipay,
            Method::ASPAY => Instrument::Aspay {
                payer: fields.payer,
            },
            Method::TERMINAL => Instrument::Terminal {
                terminal: fields.terminal,
            },
            "" => return Err("missing field `method`"),
            _ => return Err("unknown method"),
        };
        Ok(PaymentRequest {
            instrument,
            challenge: fields.challenge,
        })
    }
}

impl From<PaymentRequest> for Fields {
    fn from(request: PaymentRequest) -> Self {
        let bare = Fields {
            method: request.instrument.method().to_owned(),
            challenge: request.challenge,
            ..Fields::default()
        };
        match request.instrument {
            Instrument::Card {
                card_token,
                installments,
                save,
            } => Fields {
                card_token: Some(card_token),
                installments: Some(installments),
                save: save.then_some(true),
                ..bare
            },
            Instrument::SavedCard { card, installments } => Fields {
                card: Some(card),
                installments: Some(installments),
                ..bare
            },
            Instrument::Apm {
                connection,
                kind,
                payer,
            } => Fields {
                connection: Some(connection),
                kind: Some(kind),
                payer,
                ..bare
            },
            Instrument::Aspay { payer } => Fields { payer, ..bare },
            Instrument::Terminal { terminal } => Fields { terminal, ..bare },
            Instrument::Hepsipay => bare,
        }
    }
}
