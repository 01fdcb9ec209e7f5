//! PayWall's messages, in PayWall's spelling (paywall.md §0.3, §1.1, §2.1, §2.3,
//! §2.6, §2.7). Shapes only. Nothing here that holds a card token or a customer
//! can be printed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::error::{Refusal, tidy};

/// `{ErrorCode, Result, Message, Body}`; newer answers carry more, which nothing describes.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Envelope {
    #[serde(default)]
    pub error_code: i32,
    pub result: bool,
    #[serde(default)]
    pub message: Option<String>,
    /// Object, array, `""` or null.
    #[serde(default)]
    pub body: Value,
}

impl Envelope {
    /// The refusal that this envelope is, with the provider's words before PayWall's.
    pub fn refusal(&self) -> Refusal {
        let provider = self.body.get("Error").and_then(|error| {
            ["BankErrorMessage", "ProviderErrorMessage"]
                .iter()
                .find_map(|name| decoded(error.get(*name)?.as_str()?))
        });
        let message = provider.or_else(|| self.message.as_deref().and_then(tidy));
        Refusal {
            code: self.error_code,
            message,
        }
    }
}

/// Base64 of UTF-8 as in `Body.Error` (§0.3). `None` when it is neither, or empty.
pub fn decoded(text: &str) -> Option<String> {
    let bytes = STANDARD.decode(text.trim()).ok()?;
    tidy(std::str::from_utf8(&bytes).ok()?)
}

/// Body of temptoken (§1.1), in the old form of three fields that every version takes.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct TempTokenRequest {
    pub client_card_save: bool,
    pub three_d_session: bool,
    /// Minutes, 0 to 30.
    pub expiry_min: u16,
}

/// `Body` of temptoken's answer.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct TempToken {
    pub token: String,
    /// ISO 8601 with an offset.
    pub expiry_date_time: String,
}

/// Body of start3d (§2.1).
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Start3d<'a> {
    pub payment_detail: PaymentDetail<'a>,
    pub card: Card<'a>,
    pub customer: Customer<'a>,
    pub products: Vec<Product<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct PaymentDetail<'a> {
    #[serde(with = "rust_decimal::serde::arbitrary_precision")]
    pub amount: Decimal,
    pub merchant_unique_code: &'a str,
    pub tracking_code: &'a str,
    pub merchant_success_back_url: &'a str,
    pub merchant_fail_back_url: &'a str,
    pub currency_id: i32,
    pub installment: u8,
    #[serde(rename = "Half3D")]
    pub half_3d: bool,
    #[serde(rename = "ClientIP")]
    pub client_ip: &'a str,
    pub channel_id: i32,
}

/// A card that PayWall holds under a temporary token; every other field is empty.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Card<'a> {
    pub temp_card_token: &'a str,
    pub unique_code: &'static str,
    pub owner_name: &'static str,
    pub number: &'static str,
    pub expire_month: &'static str,
    pub expire_year: &'static str,
    pub cvv: &'static str,
}

impl<'a> Card<'a> {
    pub fn temporary(token: &'a str) -> Self {
        Card {
            temp_card_token: token,
            unique_code: "",
            owner_name: "",
            number: "",
            expire_month: "",
            expire_year: "",
            cvv: "",
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Customer<'a> {
    pub full_name: &'a str,
    pub phone: &'a str,
    pub email: &'a str,
    pub country: &'a str,
    pub city: &'a str,
    pub address: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity_number: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Product<'a> {
    pub product_id: &'a str,
    pub product_name: &'a str,
    pub product_category: &'a str,
    pub product_description: &'a str,
    #[serde(with = "rust_decimal::serde::arbitrary_precision")]
    pub product_amount: Decimal,
}

/// `Body` of start3d's answer.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Started {
    pub redirect_url: String,
    #[serde(default)]
    pub payment: Option<StartedPayment>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct StartedPayment {
    #[serde(default)]
    pub payment_id: Option<i64>,
    /// Our MerchantUniqueCode under another name.
    #[serde(default)]
    pub merchant_unique_key: Option<String>,
}

/// `Body` of a query's answer (§2.6).
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct QueryBody {
    pub paywall: Standing,
}

/// `Body.Paywall`: how a payment stands. `Status` is about the last activity
/// only, so it is not read: `StatusId` and `TypeId` tell.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Standing {
    #[serde(default)]
    pub payment_id: Option<i64>,
    pub merchant_unique_code: String,
    pub status_id: i32,
    pub type_id: i32,
    #[serde(default)]
    pub currency_id: Option<i32>,
    #[serde(default, with = "rust_decimal::serde::arbitrary_precision_option")]
    pub payment_amount: Option<Decimal>,
    /// Masked.
    #[serde(default)]
    pub card_number: Option<String>,
    #[serde(default)]
    pub error: Option<StandingError>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct StandingError {
    #[serde(default)]
    pub error_message: Option<String>,
}

/// Body of private/cancel (§2.7).
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Cancel<'a> {
    /// `yyyy-MM-dd`, the day of the payment in Türkiye.
    pub date: &'a str,
    pub merchant_unique_code: &'a str,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_amount_is_written_with_its_digits() {
        let product = Product {
            product_id: "1",
            product_name: "Kitap",
            product_category: "Kitap",
            product_description: "-",
            product_amount: Decimal::new(1050, 2),
        };
        let text = serde_json::to_string(&product).unwrap();
        assert!(text.contains(r#""ProductAmount":10.50"#), "{text}");
    }

    #[test]
    fn a_standing_is_read_from_the_contracts_sample() {
        let body: QueryBody = serde_json::from_value(json!({ "Paywall": {
            "PaymentId": 1001, "MerchantUniqueCode": "ORD-1", "IsThreeDSecure": true, "UsedTempCard": true,
            "Status": true, "StatusId": 4, "StatusName": "Başarılı", "TypeId": 1, "TypeName": "Satış",
            "Installment": 1, "CurrencyId": 1, "PaymentMethodId": 1, "CardNumber": "557920******1297",
            "PaymentAmount": 10.50, "ActivityAmount": 10.50 } }))
        .unwrap();
        assert_eq!(body.paywall.payment_amount, Some(Decimal::new(1050, 2)));
        assert_eq!(body.paywall.status_id, 4);
    }

    #[test]
    fn the_providers_words_come_before_paywalls() {
        let read = |body: Value| {
            let envelope: Envelope = serde_json::from_value(
                json!({ "ErrorCode": 1, "Result": false, "Message": "genel", "Body": body }),
            )
            .unwrap();
            envelope.refusal().message
        };
        let encoded = STANDARD.encode("Kart limiti yetersiz");
        assert_eq!(
            read(json!({ "Error": { "ProviderErrorMessage": encoded } })),
            Some("Kart limiti yetersiz".into())
        );
        assert_eq!(
            read(json!({ "Error": { "ProviderErrorMessage": "%%" } })),
            Some("genel".into())
        );
        assert_eq!(read(json!("")), Some("genel".into()));
        assert_eq!(read(Value::Null), Some("genel".into()));
    }
}
