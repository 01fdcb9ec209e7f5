//! PayWall's tempcard: the one PayWall call that a browser may make
//! (`POST {PaymentAPI}/api/paywall/tempcard`, header `token`; paywall.md §1.4).

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Path below the PaymentAPI's base address.
pub const TEMP_CARD_PATH: &str = "/api/paywall/tempcard";

/// Header that carries the TempToken.
pub const TOKEN_HEADER: &str = "token";

/// `CardType` of an e-commerce card.
pub const CARD_TYPE_ECOM: u8 = 1;

/// Body of tempcard for an e-commerce card. Wiped from memory when dropped.
#[derive(Zeroize, ZeroizeOnDrop, Serialize, Deserialize)]
#[cfg_attr(test, derive(Clone))]
#[serde(rename_all = "PascalCase")]
pub struct TempCardRequest {
    /// Absent in the oldest form: [`CARD_TYPE_ECOM`].
    #[serde(default = "ecom")]
    pub card_type: u8,
    pub card_owner_name: String,
    pub card_number: String,
    pub card_cvv: String,
    /// Two digits, `"06"`.
    pub card_expiry_month: String,
    /// Two digits, `"26"`.
    pub card_expiry_year: String,
    /// Life of the card token in minutes, 0 to 30.
    #[serde(default)]
    pub expiry_min: u16,
}

fn ecom() -> u8 {
    CARD_TYPE_ECOM
}

/// `CardType` of an insurance card.
pub const CARD_TYPE_INSURANCE: u8 = 2;

/// Body of tempcard for an insurance card: never the whole number. Wiped from
/// memory when dropped.
#[derive(Zeroize, ZeroizeOnDrop, Serialize, Deserialize)]
#[cfg_attr(test, derive(Clone))]
#[serde(rename_all = "PascalCase")]
pub struct InsuranceCardRequest {
    /// [`CARD_TYPE_INSURANCE`]
    pub card_type: u8,
    pub card_owner_name: String,
    /// First eight digits.
    pub card_no_first: String,
    /// Last four digits.
    pub card_no_last: String,
    /// TCKN or VKN.
    pub identity_number: String,
    /// Life of the card token in minutes, 0 to 30.
    pub expiry_min: u16,
}

/// Never shows its fields.
impl std::fmt::Debug for InsuranceCardRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("InsuranceCardRequest(…)")
    }
}

/// What tempcard takes.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(Clone))]
#[serde(untagged)]
pub enum TempCardBody {
    Ecom(TempCardRequest),
    Insurance(InsuranceCardRequest),
}

/// Never shows its fields.
impl std::fmt::Debug for TempCardRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TempCardRequest(…)")
    }
}

/// PayWall's envelope around tempcard's answer (paywall.md §0.3). Business
/// errors answer HTTP 200 with `Result: false`; `Body` is then null or `""`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Envelope<T> {
    pub error_code: i32,
    pub result: bool,
    #[serde(default)]
    pub message: Option<String>,
    pub body: Option<T>,
}

/// `Body` of tempcard's answer.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct TempCard {
    pub card_token: String,
    pub expiry_date_time: String,
}

impl std::fmt::Debug for TempCard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TempCard(…)")
    }
}

/// Error codes of the envelope that tempcard may answer with (paywall.md §5.6).
pub mod code {
    pub const UNAUTHORIZED: i32 = 401;
    pub const FORBIDDEN: i32 = 403;
}
