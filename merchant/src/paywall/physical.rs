//! POS terminals (paywall.md §4): PhysicalAPI, private keys. Its answers come in
//! another envelope, and that in two spellings.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::call::{Line, Outer, read};
use super::lenient;
use super::{Error, Refusal, StartRefusal};
use crate::outbound::{Loss, tidy};

/// Terminals on one page: more than a merchant has at one counter.
const PAGE_SIZE: u32 = 100;

/// A connection to the terminals with its keys.
pub struct Physical {
    line: Line,
}

/// `{Result, Failed, Message, ClientMessage, Succeeded}`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct PhysicalEnvelope {
    #[serde(alias = "succeeded")]
    pub succeeded: bool,
    #[serde(default, alias = "failed")]
    pub failed: bool,
    #[serde(default, alias = "result")]
    pub result: Value,
    #[serde(default, alias = "message")]
    pub message: Option<String>,
    #[serde(default, alias = "clientMessage")]
    pub client_message: Option<String>,
    #[serde(default, alias = "errorCode", deserialize_with = "lenient::integer")]
    pub error_code: Option<i32>,
}

impl Outer for PhysicalEnvelope {
    fn open(self) -> Result<Value, Refusal> {
        if self.succeeded && !self.failed {
            return Ok(self.result);
        }
        Err(Refusal {
            code: self.error_code.unwrap_or_default(),
            client_message: self.client_message.as_deref().and_then(tidy),
            message: self.message.as_deref().and_then(tidy),
        })
    }
}

/// Body of async/sale (§4.1).
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Sale<'a> {
    #[serde(flatten)]
    pub terminal: TerminalChoice<'a>,
    /// A Guid.
    pub merchant_unique_code: &'a str,
    /// Shown on the terminal; at most 25 characters.
    pub display_code: &'a str,
    #[serde(with = "rust_decimal::serde::arbitrary_precision")]
    pub amount: Decimal,
    pub currency_id: i32,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub methods: Vec<PaymentMethod>,
    /// At most 150 characters.
    pub callback_address: &'a str,
    pub split_payment_support: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer: Option<Customer<'a>>,
    /// Their sum must be the amount.
    pub products: Vec<Product<'a>>,
    pub skip_print_customer: bool,
    pub skip_print_merchant: bool,
    pub skip_payment_option_screen: bool,
}

/// Which terminal: by its Guid or by a tag of at most 25 characters.
#[derive(Clone, Copy, Serialize)]
pub enum TerminalChoice<'a> {
    #[serde(rename = "TerminalId")]
    Id(&'a str),
    #[serde(rename = "TerminalTagCode")]
    Tag(&'a str),
}

/// One of §4.7.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct PaymentMethod {
    pub payment_method_id: i32,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Customer<'a> {
    /// 0 unknown, 1 person, 2 company.
    #[serde(rename = "Type")]
    pub kind: i32,
    pub first_name: &'a str,
    pub middle_name: &'a str,
    pub last_name: &'a str,
    pub company_name: &'a str,
    pub tax_office_code: &'a str,
    pub tax_number: &'a str,
    pub phone: &'a str,
    pub email: &'a str,
    pub identity: &'a str,
    pub country: &'a str,
    pub city: &'a str,
    pub district: &'a str,
    pub neighborhood: &'a str,
    pub address: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Product<'a> {
    /// At most 75 characters.
    pub name: &'a str,
    /// VAT percent: 0, 1, 10 or 20.
    pub tax_group_id: i32,
    /// 4 is a piece.
    pub unit_code_id: i32,
    /// In the page's table, but not in its sample.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency_id: Option<i32>,
    #[serde(with = "rust_decimal::serde::arbitrary_precision")]
    pub amount: Decimal,
    pub quantity: i32,
    /// In the page's sample, but not in its table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_method_id: Option<i32>,
}

/// `Result` of a sale and a cancel.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Requested {
    /// What later calls go by.
    #[serde(alias = "paymentRequestId")]
    pub payment_request_id: String,
    /// One of [`status`].
    #[serde(
        default,
        alias = "paymentStatus",
        deserialize_with = "lenient::integer"
    )]
    pub payment_status: Option<i32>,
}

/// `Result` of an inquiry (§4.3): how a payment stands.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Standing {
    #[serde(alias = "paymentRequestId")]
    pub payment_request_id: String,
    #[serde(alias = "merchantUniqueCode")]
    pub merchant_unique_code: String,
    /// One of [`kind`].
    #[serde(alias = "paymentTypeId")]
    pub payment_type_id: i32,
    /// One of [`status`].
    #[serde(alias = "paymentStatusId")]
    pub payment_status_id: i32,
    #[serde(default, alias = "amount", deserialize_with = "lenient::decimal")]
    pub amount: Option<Decimal>,
    #[serde(default, alias = "currencyId", deserialize_with = "lenient::integer")]
    pub currency_id: Option<i32>,
}

/// `PaymentStatusId` of §4.7.
pub mod status {
    pub const CREATED: i32 = 1;
    pub const SENT: i32 = 2;
    pub const NOT_SENT: i32 = 3;
    pub const SUCCESS: i32 = 4;
    pub const FAILED: i32 = 5;
    pub const UNKNOWN: i32 = 6;
    pub const FIREBASE_NOT_SENT: i32 = 7;
    pub const SOCKET_NOT_SENT: i32 = 8;
    pub const FIREBASE_SENT: i32 = 9;
    pub const SOCKET_SENT: i32 = 10;
    pub const TAKEN: i32 = 11;
    pub const WITHDRAWN: i32 = 12;
}

/// `PaymentTypeId` of §4.7.
pub mod kind {
    pub const SALE: i32 = 1;
    pub const CANCEL: i32 = 2;
    pub const REFUND: i32 = 3;
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Cancel<'a> {
    payment_request_id: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    page_index: u32,
    page_size: u32,
}

/// `Result` of terminal/list (§4.4).
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct TerminalPage {
    #[serde(default, alias = "items")]
    items: Vec<Value>,
}

/// One terminal of the merchant's.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Terminal {
    /// What a sale names.
    #[serde(alias = "id")]
    pub id: String,
    #[serde(default, alias = "connectionName")]
    pub connection_name: Option<String>,
    #[serde(default, alias = "serialNo")]
    pub serial_no: Option<String>,
}

impl Physical {
    pub(super) fn new(line: Line) -> Self {
        Physical { line }
    }

    /// async/sale (§4.1).
    pub async fn sale(&self, body: &Sale<'_>) -> Result<Requested, Error> {
        let request = self.line.post("/api/payment/async/sale").json(body);
        requested(
            self.line
                .send::<PhysicalEnvelope>("async/sale", request)
                .await?,
        )
    }

    /// async/cancel (§4.2).
    pub async fn cancel(&self, payment_request_id: &str) -> Result<Requested, Error> {
        let request = self
            .line
            .post("/api/payment/async/cancel")
            .json(&Cancel { payment_request_id });
        requested(
            self.line
                .send::<PhysicalEnvelope>("async/cancel", request)
                .await?,
        )
    }

    /// inquiry (§4.3). `None`: PayWall knows no such payment.
    pub async fn inquiry(&self, payment_request_id: &str) -> Result<Option<Standing>, Error> {
        // The id is PayWall's and stands in the path: nothing but a Guid may.
        let id = uuid::Uuid::try_parse(payment_request_id).map_err(|_| Loss::UnexpectedBody)?;
        let request = self.line.get(&format!("/api/payment/inquiry/{id}"));
        match self.line.send::<PhysicalEnvelope>("inquiry", request).await {
            Ok(result) => {
                let standing: Standing = read(result)?;
                if standing
                    .payment_request_id
                    .eq_ignore_ascii_case(payment_request_id)
                {
                    Ok(Some(standing))
                } else {
                    Err(Loss::UnexpectedBody.into())
                }
            }
            Err(Error::Refused(refusal)) if refusal.is_request_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// terminal/list (§4.4): the first page. Whether pages count from 1 or from 0
    /// is not said: where there is nothing on page 1, it may be the second.
    pub async fn terminals(&self) -> Result<Vec<Terminal>, Error> {
        let terminals = self.terminal_page(1).await?;
        if terminals.is_empty() {
            self.terminal_page(0).await
        } else {
            Ok(terminals)
        }
    }

    async fn terminal_page(&self, page_index: u32) -> Result<Vec<Terminal>, Error> {
        let request = self.line.post("/api/terminal/list").json(&Page {
            page_index,
            page_size: PAGE_SIZE,
        });
        let page: TerminalPage = read(
            self.line
                .send::<PhysicalEnvelope>("terminal/list", request)
                .await?,
        )?;
        let read = |terminal| serde_json::from_value(terminal).ok();
        Ok(page.items.into_iter().filter_map(read).collect())
    }
}

/// A name that nobody can ask by is as good as none.
fn requested(result: Value) -> Result<Requested, Error> {
    let requested: Requested = read(result)?;
    match uuid::Uuid::try_parse(&requested.payment_request_id) {
        Ok(_) => Ok(requested),
        Err(_) => Err(Loss::UnexpectedBody.into()),
    }
}

impl Terminal {
    /// What people call it.
    pub fn name(&self) -> &str {
        let named = [&self.connection_name, &self.serial_no];
        let mut named = named.into_iter().flatten().map(|name| name.trim());
        named.find(|name| !name.is_empty()).unwrap_or(&self.id)
    }
}

impl Refusal {
    /// What a refused sale means (§4.8).
    pub fn of_sale(&self) -> StartRefusal {
        match self.client_message.as_deref().unwrap_or_default() {
            "System.ServerError" | "Payment.Async.MerchantUniqueCodeAlreadyExists" => {
                StartRefusal::Ask
            }
            "Payment.Async.CloudNotSendToDevice" => StartRefusal::Failed("terminal_unreachable"),
            "System.ValidationError" => StartRefusal::Failed("provider_error"),
            word if ["System.", "Connection.", "Terminal.", "Pair."]
                .iter()
                .any(|family| word.starts_with(family)) =>
            {
                StartRefusal::Failed("provider_unavailable")
            }
            _ if matches!(self.code, 401 | 403) => StartRefusal::Failed("provider_unavailable"),
            _ => StartRefusal::Failed("declined"),
        }
    }

    fn is_request_not_found(&self) -> bool {
        self.client_message.as_deref() == Some("Payment.Request.RequestNotFound")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn open(envelope: Value) -> Result<Value, Refusal> {
        serde_json::from_value::<PhysicalEnvelope>(envelope)
            .unwrap()
            .open()
    }

    #[test]
    fn a_request_is_named_by_a_guid_or_not_at_all() {
        let named = |id: &str| requested(json!({ "PaymentRequestId": id })).is_ok();
        assert!(named("1eb856a8-1d41-49ab-8994-ecee2880d62c"));
        for other in ["", "1eb856a8", "1eb856a8-1d41-49ab-8994-ecee2880d62c\u{0}"] {
            assert!(!named(other), "{other:?}");
        }
    }

    #[test]
    fn both_spellings_of_an_answer_are_read() {
        let pascal = json!({ "Result": { "PaymentRequestId": "1eb856a8", "PaymentStatus": 4 },
                             "Failed": false, "Message": null, "ClientMessage": null, "Succeeded": true });
        let camel = json!({ "result": { "paymentRequestId": "1eb856a8", "paymentStatus": 4 },
                            "failed": false, "message": null, "clientMessage": null, "succeeded": true });
        for envelope in [pascal, camel] {
            let requested: Requested = read(open(envelope).unwrap()).unwrap();
            assert_eq!(requested.payment_request_id, "1eb856a8");
            assert_eq!(requested.payment_status, Some(status::SUCCESS));
        }
    }

    #[test]
    fn a_refusal_is_told_by_its_fixed_word() {
        let cases = [
            ("System.ServerError", StartRefusal::Ask),
            (
                "Payment.Async.MerchantUniqueCodeAlreadyExists",
                StartRefusal::Ask,
            ),
            (
                "System.ValidationError",
                StartRefusal::Failed("provider_error"),
            ),
            (
                "System.AuthError",
                StartRefusal::Failed("provider_unavailable"),
            ),
            (
                "Terminal.NotFound",
                StartRefusal::Failed("provider_unavailable"),
            ),
            (
                "Connection.IsAsyncPaymentNotActive",
                StartRefusal::Failed("provider_unavailable"),
            ),
            (
                "Payment.Async.CloudNotSendToDevice",
                StartRefusal::Failed("terminal_unreachable"),
            ),
            ("", StartRefusal::Failed("declined")),
        ];
        for (word, meaning) in cases {
            for (succeeded, failed) in [(false, true), (true, true), (false, false)] {
                let refusal = open(json!({ "Result": null, "Failed": failed, "Message": "-",
                                           "ClientMessage": word, "Succeeded": succeeded }))
                .unwrap_err();
                assert_eq!(refusal.of_sale(), meaning, "{word}");
            }
        }
    }
}
