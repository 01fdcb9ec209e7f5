//! Hepsipay's requests, in the spelling of Hepsipay's printed samples
//! (hepsipay.md §2, §8, §9). Shapes only. A customer cannot be printed.

use serde::{Serialize, Serializer};

/// `Version` of save and refund.
pub const VERSION: &str = "1.0";

/// A message, as far as its signature is concerned.
pub trait Message: Serialize {
    /// Its values in the order of §5, without the secret and with nothing between.
    fn values(&self) -> String;
}

/// A message with what proves its sender.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Signed<'a, T> {
    pub(super) api_key: &'a str,
    pub(super) signature: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) hash_version: Option<&'static str>,
    #[serde(flatten)]
    pub(super) message: &'a T,
}

/// `POST /commonpayments/save` (§2). Texts must fit their fields already: see
/// [`Takes`](super::Takes).
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Save<'a> {
    /// [`VERSION`].
    pub version: &'static str,
    /// Ours, at most 40 characters.
    pub transaction_id: &'a str,
    /// Unix seconds.
    #[serde(serialize_with = "digits")]
    pub transaction_time: i64,
    /// At most 40 characters.
    pub description: &'a str,
    /// 1 to 12; 1 is a single payment.
    #[serde(rename = "installment")]
    pub installment: Option<u8>,
    /// Kuruş; digits in a text, as the printed sample has them.
    #[serde(serialize_with = "digits")]
    pub amount: i64,
    pub currency: &'a str,
    pub basket_items: Vec<BasketItem<'a>>,
    pub customer: Customer<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shipping_address: Option<Address<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invoice_address: Option<Address<'a>>,
    #[serde(rename = "extras", skip_serializing_if = "Vec::is_empty")]
    pub extras: Vec<Extra<'a>>,
    pub return_url: &'a str,
    /// Whether the payer may pick installments on the page.
    pub has_installment_choice: bool,
    pub commission_amount_reflect: CommissionBearer,
}

impl Message for Save<'_> {
    fn values(&self) -> String {
        format!(
            "{}{}{}{}{}",
            self.transaction_id,
            self.transaction_time,
            self.amount,
            self.currency,
            or_nothing(self.installment)
        )
    }
}

/// Who bears an installment commission (§10).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommissionBearer {
    Shopper,
    /// The only one with whom the amount that is asked for is the amount that is paid.
    Merchant,
}

impl Serialize for CommissionBearer {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_u8(match self {
            CommissionBearer::Shopper => 1,
            CommissionBearer::Merchant => 2,
        })
    }
}

/// A line of `BasketItems`; their sum is not tied to the amount.
#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
pub struct BasketItem<'a> {
    /// At most 40 characters, like `description`.
    #[serde(rename = "basketitemid")]
    pub id: &'a str,
    pub description: &'a str,
    /// At most 36 characters.
    #[serde(rename = "productcode")]
    pub product_code: &'a str,
    /// Kuruş.
    pub amount: i64,
    #[serde(rename = "vatratio", skip_serializing_if = "Option::is_none")]
    pub vat_ratio: Option<u8>,
    /// At most 3 digits.
    pub count: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<&'a str>,
    #[serde(rename = "BasketItemType")]
    pub kind: ItemKind,
}

/// `BasketItemType`; a text, as the printed sample has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum ItemKind {
    #[serde(rename = "1")]
    Physical,
    #[serde(rename = "3")]
    Shipping,
}

/// `Customer`. Names: 20 letters and blanks.
#[derive(Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub struct Customer<'a> {
    pub name: &'a str,
    pub surname: &'a str,
    pub email: &'a str,
    #[serde(rename = "ipaddress")]
    pub ip_address: &'a str,
    /// At most 13 digits and `+`.
    #[serde(rename = "phonenumber")]
    pub phone_number: &'a str,
    /// At most 36 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<&'a str>,
    /// Numbers, as the printed sample has them.
    #[serde(rename = "Tckn", skip_serializing_if = "Option::is_none")]
    pub tckn: Option<u64>,
    #[serde(rename = "VatNumber", skip_serializing_if = "Option::is_none")]
    pub vat_number: Option<u64>,
    /// YYYYMMDD.
    #[serde(rename = "MemberSince", skip_serializing_if = "Option::is_none")]
    pub member_since: Option<u32>,
    /// YYYYMMDD.
    #[serde(rename = "Birthdate", skip_serializing_if = "Option::is_none")]
    pub birthdate: Option<u32>,
}

/// `ShippingAddress`, `InvoiceAddress`.
#[derive(Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub struct Address<'a> {
    /// At most 40 characters.
    pub name: &'a str,
    /// At most 500 characters.
    pub address: &'a str,
    /// At most 20 letters, like `city`.
    pub country: &'a str,
    /// ISO 3166, 2 or 3 letters.
    #[serde(rename = "countrycode", skip_serializing_if = "Option::is_none")]
    pub country_code: Option<&'a str>,
    pub city: &'a str,
    /// Plate code.
    #[serde(rename = "citycode", skip_serializing_if = "Option::is_none")]
    pub city_code: Option<&'a str>,
    #[serde(rename = "zipcode", skip_serializing_if = "Option::is_none")]
    pub zip_code: Option<&'a str>,
    #[serde(rename = "District", skip_serializing_if = "Option::is_none")]
    pub district: Option<&'a str>,
    #[serde(rename = "DistrictCode", skip_serializing_if = "Option::is_none")]
    pub district_code: Option<&'a str>,
    #[serde(rename = "ShippingCompany", skip_serializing_if = "Option::is_none")]
    pub shipping_company: Option<&'a str>,
}

/// Comes back at the end of the transaction.
#[derive(Serialize)]
pub struct Extra<'a> {
    pub key: &'a str,
    pub value: &'a str,
}

/// `POST /commonpayments/query` (§8).
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Query<'a> {
    pub transaction_id: &'a str,
    /// `None` where the answer to save was lost; an absent value signs as nothing (§5).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub common_payment_unique_id: Option<&'a str>,
}

impl Message for Query<'_> {
    fn values(&self) -> String {
        let page = self.common_payment_unique_id.unwrap_or_default();
        format!("{}{page}", self.transaction_id)
    }
}

/// `POST /payments/refund` (§9).
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Refund<'a> {
    /// [`VERSION`].
    pub version: &'static str,
    /// Of the refund itself: new, at most 40 characters.
    pub transaction_id: &'a str,
    /// Of the sale.
    pub reference_transaction_id: &'a str,
    /// Unix seconds.
    #[serde(serialize_with = "digits")]
    pub transaction_time: i64,
    /// Kuruş.
    pub amount: i64,
    pub currency: &'a str,
}

impl Message for Refund<'_> {
    fn values(&self) -> String {
        format!(
            "{}{}{}{}{}",
            self.transaction_id,
            self.reference_transaction_id,
            self.transaction_time,
            self.amount,
            self.currency
        )
    }
}

/// A missing value signs as nothing.
pub(super) fn or_nothing(value: Option<impl ToString>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

fn digits<S: Serializer>(number: &i64, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(number)
}
