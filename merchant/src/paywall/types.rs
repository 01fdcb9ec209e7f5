//! PayWall's envelope and the messages of card payments, in PayWall's spelling
//! (paywall.md §0.3, §2.1, §2.6, §2.7). Shapes only. Nothing here that holds a
//! card token or a customer can be printed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::call::Outer;
use super::error::Refusal;
use super::lenient;
use crate::outbound::tidy;

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
            client_message: None,
            message,
        }
    }
}

impl Outer for Envelope {
    fn open(self) -> Result<Value, Refusal> {
        if self.result {
            Ok(self.body)
        } else {
            Err(self.refusal())
        }
    }
}

/// Base64 of UTF-8 as in `Body.Error` (§0.3). `None` when it is neither, or empty.
pub fn decoded(text: &str) -> Option<String> {
    let bytes = STANDARD.decode(text.trim()).ok()?;
    tidy(std::str::from_utf8(&bytes).ok()?)
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

/// A card that PayWall holds already, under a temporary token or in CardWall;
/// every other field is empty.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Card<'a> {
    pub temp_card_token: &'a str,
    pub unique_code: &'a str,
    pub owner_name: &'static str,
    pub number: &'static str,
    pub expire_month: &'static str,
    pub expire_year: &'static str,
    pub cvv: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card_save: Option<CardSave<'a>>,
}

/// Save the card in CardWall if the payment succeeds.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CardSave<'a> {
    pub nickname: &'a str,
    /// Whose card it is: needed again to list it.
    pub relational_id1: &'a str,
    pub relational_id2: &'a str,
    pub relational_id3: &'a str,
    pub save: bool,
}

const NO_CARD: Card<'static> = Card {
    temp_card_token: "",
    unique_code: "",
    owner_name: "",
    number: "",
    expire_month: "",
    expire_year: "",
    cvv: "",
    card_save: None,
};

impl<'a> Card<'a> {
    /// `CardToken` of tempcard.
    pub fn temporary(token: &'a str) -> Self {
        Card {
            temp_card_token: token,
            ..NO_CARD
        }
    }

    /// `UniqueCode` of CardWall's list, just fetched: it rotates.
    pub fn saved(unique_code: &'a str) -> Self {
        Card {
            unique_code,
            ..NO_CARD
        }
    }

    /// Saved for `customer` if the payment succeeds.
    pub fn to_be_saved(self, customer: &'a str) -> Self {
        Card {
            card_save: Some(CardSave {
                nickname: "",
                relational_id1: customer,
                relational_id2: "",
                relational_id3: "",
                save: true,
            }),
            ..self
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
    /// What the card is charged.
    #[serde(default, with = "rust_decimal::serde::arbitrary_precision_option")]
    pub payment_amount: Option<Decimal>,
    /// Whether interest was added for installments.
    #[serde(default, deserialize_with = "lenient::truth")]
    pub applied_interest: bool,
    /// What was asked for, before interest.
    #[serde(default, deserialize_with = "lenient::decimal")]
    pub original_amount: Option<Decimal>,
    /// What is left of `payment_amount` after refunds; the printed sample has none.
    #[serde(default, deserialize_with = "lenient::decimal")]
    pub remaining_refund_amount: Option<Decimal>,
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

/// Body of private/cancel and private/refund (§2.7).
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct DatedCode<'a> {
    /// `yyyy-MM-dd`, the day of the payment in Türkiye.
    pub date: &'a str,
    pub merchant_unique_code: &'a str,
}

/// Body of private/refund/partial (§2.7).
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct PartialRefund<'a> {
    #[serde(flatten)]
    pub payment: DatedCode<'a>,
    #[serde(with = "rust_decimal::serde::arbitrary_precision")]
    pub amount: Decimal,
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
    fn a_card_is_one_of_three_and_saved_when_asked() {
        let written = |card: Card<'_>| serde_json::to_value(card).unwrap();
        let temporary = written(Card::temporary("token"));
        assert_eq!(
            (&temporary["TempCardToken"], &temporary["UniqueCode"]),
            (&json!("token"), &json!(""))
        );
        assert_eq!(temporary.get("CardSave"), None);
        let saved = written(Card::saved("dW5pcXVl"));
        assert_eq!(
            (
                &saved["TempCardToken"],
                &saved["UniqueCode"],
                &saved["Number"]
            ),
            (&json!(""), &json!("dW5pcXVl"), &json!(""))
        );
        let kept = written(Card::temporary("token").to_be_saved("customer-7"));
        assert_eq!(
            kept["CardSave"],
            json!({ "Nickname": "", "RelationalId1": "customer-7", "RelationalId2": "",
                    "RelationalId3": "", "Save": true })
        );
    }

    #[test]
    fn interest_is_read_with_what_it_was_added_to() {
        let read = |more: &str| -> Standing {
            serde_json::from_str(&format!(
                r#"{{"MerchantUniqueCode":"ORD-1","StatusId":4,"TypeId":1,"PaymentAmount":11.03{more}}}"#
            ))
            .unwrap()
        };
        let with = read(r#","AppliedInterest":true,"OriginalAmount":10.50"#);
        assert_eq!(
            (with.applied_interest, with.original_amount),
            (true, Some(Decimal::new(1050, 2)))
        );
        let without = read("");
        assert_eq!(
            (without.applied_interest, without.original_amount),
            (false, None)
        );
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
