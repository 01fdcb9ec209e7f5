//! Messages of the APM calls, in PayWall's spelling (paywall.md §3). Shapes
//! only. Nothing here that holds a payer or a code can be printed.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::paywall::lenient;
use crate::paywall::types::Product;

/// One connected method of `apm/list` (§3.1).
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Connection {
    pub connection_id: i64,
    /// `papara`; compare without regard to case (§3.7).
    pub provider_key: String,
    #[serde(default)]
    pub provider_name: Option<String>,
    /// `Cüzdan`
    #[serde(default)]
    pub category_name: Option<String>,
    #[serde(default)]
    pub features: Features,
}

impl Connection {
    /// What people call it.
    pub fn name(&self) -> &str {
        let name = self.provider_name.as_deref().map(str::trim);
        name.filter(|name| !name.is_empty())
            .unwrap_or(&self.provider_key)
    }
}

/// How a connection can be paid with; several may hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Features {
    #[serde(default)]
    pub otp_based: bool,
    #[serde(default)]
    pub qr_based: bool,
    #[serde(default)]
    pub checkout_based: bool,
    #[serde(default)]
    pub direct_pay_based: bool,
}

/// What every start says.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Sale<'a> {
    pub currency_id: i32,
    pub merchant_unique_code: &'a str,
    #[serde(with = "rust_decimal::serde::arbitrary_precision")]
    pub amount: Decimal,
    /// May be shown on the provider's page.
    pub description: &'a str,
    pub payer: Payer<'a>,
    /// Their sum is compared with the amount.
    pub products: Vec<Product<'a>>,
}

/// Who pays. Which fields a provider needs is its own matter.
#[derive(Serialize)]
#[serde(untagged)]
pub enum Payer<'a> {
    /// Of `apm/pay` (§3.3) and every later call.
    Current(CurrentPayer<'a>),
    /// Of `apm/pay/request/otp` (§3.4).
    Old(OldPayer<'a>),
}

/// Empty fields are left out.
#[derive(Clone, Copy, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CurrentPayer<'a> {
    #[serde(skip_serializing_if = "str::is_empty")]
    pub fullname: &'a str,
    /// Of a meal card and the like: card data.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub card_number: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub phone: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub email: &'a str,
    /// TCKN or VKN.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub user_identity: &'a str,
    /// The payer's id at the merchant.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub consumer_identity: &'a str,
}

#[derive(Clone, Copy, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct OldPayer<'a> {
    /// Of a meal card and the like: card data.
    pub card_number: &'a str,
    pub phone: &'a str,
    pub identity: &'a str,
}

impl<'a> From<CurrentPayer<'a>> for OldPayer<'a> {
    fn from(payer: CurrentPayer<'a>) -> Self {
        OldPayer {
            card_number: payer.card_number,
            phone: payer.phone,
            identity: payer.user_identity,
        }
    }
}

/// Values that some providers ask for, `MerchantCode` and the like.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Provider {
    pub parameters: Map<String, Value>,
}

/// Body of `apm/pay` (§3.3) and `apm/pay/request/otp` (§3.4).
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Pay<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub apm_key: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub apm_connection_id: Option<i64>,
    #[serde(flatten)]
    pub sale: Sale<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<Provider>,
}

/// Body of `apm/pay/byid` (§3.2).
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct PayById<'a> {
    /// A connection's id.
    pub apm_id: i64,
    pub merchant_success_back_url: &'a str,
    pub merchant_fail_back_url: &'a str,
    #[serde(flatten)]
    pub sale: Sale<'a>,
}

/// Body of `apm/pay/qr/generate` (§3.6).
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct QrGenerate<'a> {
    pub apm_connection_id: i64,
    pub merchant_success_back_url: &'a str,
    pub merchant_fail_back_url: &'a str,
    #[serde(flatten)]
    pub sale: Sale<'a>,
}

/// Body of `apm/pay/confirm/otp` (§3.5).
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ConfirmOtp<'a> {
    /// PayWall's code of the start.
    pub unique_code: &'a str,
    pub otp: &'a str,
}

/// Body of `apm/refund` and `apm/refund/partial` (§3.6).
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Refund<'a> {
    pub unique_code: &'a str,
    #[serde(
        with = "rust_decimal::serde::arbitrary_precision_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub amount: Option<Decimal>,
}

/// What PayWall calls a payment: in `Body` of a start, a confirmation and a
/// refund, in `Body.Transaction` of a redirect's start.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Transaction {
    /// PayWall's code: confirmations and refunds go by it.
    pub unique_code: String,
    pub merchant_unique_code: String,
    #[serde(default, deserialize_with = "lenient::integer")]
    pub apm_transaction_id: Option<i64>,
    #[serde(default, deserialize_with = "lenient::decimal")]
    pub amount: Option<Decimal>,
}

/// `Body` of a start without a page of the provider's (§3.3).
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Started {
    #[serde(flatten)]
    pub transaction: Transaction,
    /// False: no code is needed, it is done.
    pub pending_otp_confirm: bool,
    /// Raw and shaped by the provider; nothing may depend on it.
    #[serde(default)]
    provider_dummy_response: Value,
}

impl Started {
    /// Seconds for which the provider says that the code is good; `None` where it
    /// does not say, as with the 0 of the samples.
    pub fn code_seconds(&self) -> Option<u32> {
        let counter = &self.provider_dummy_response["Body"]["OtpVerifyCounterInSeconds"];
        let seconds = u32::try_from(counter.as_u64()?).ok()?;
        (seconds > 0).then_some(seconds)
    }
}

/// `Body` of a start on the provider's page (§3.2).
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Redirected {
    pub redirect_url: String,
    pub transaction: Transaction,
}

/// `Body` of a start by QR code (§3.6).
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Pictured {
    #[serde(flatten)]
    pub transaction: Transaction,
    pub qr_detail: QrDetail,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct QrDetail {
    /// [`QrDetail::PNG`].
    pub format_type: i32,
    /// Base64.
    pub content: String,
}

impl QrDetail {
    pub const PNG: i32 = 1;
}

/// `Body` of `apm/query` (§3.6): how a payment stands.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Standing {
    #[serde(flatten)]
    pub transaction: Transaction,
    #[serde(default, deserialize_with = "lenient::integer")]
    pub currency_id: Option<i32>,
    /// One of [`status`].
    pub status_id: i32,
    /// One of [`kind`].
    pub type_id: i32,
}

/// `StatusId` of §3.7.
pub mod status {
    pub const CREATED: i32 = 1;
    pub const PAYWALL_LINK_OPENED: i32 = 2;
    pub const PROVIDER_LINK_OPENED: i32 = 3;
    pub const SUCCESS: i32 = 4;
    pub const FAILED: i32 = 5;
    pub const FAILED_ON_QUERY: i32 = 6;
    pub const OTP_REQUEST_STARTED: i32 = 7;
    pub const OTP_REQUEST_SUCCEEDED: i32 = 8;
    pub const OTP_REQUEST_FAILED: i32 = 9;
    pub const OTP_CONFIRM_STARTED: i32 = 10;
    pub const OTP_CONFIRM_FAILED: i32 = 11;
    pub const REFUND_STARTED: i32 = 12;
    pub const QR_CREATED: i32 = 13;
    pub const PAYMENT_STARTED: i32 = 14;
}

/// `TypeId` of §3.7.
pub mod kind {
    pub const SALE: i32 = 1;
    pub const REFUND: i32 = 2;
}
