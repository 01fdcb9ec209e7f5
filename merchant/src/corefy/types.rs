//! Corefy's requests (corefy.md §3, §10), in Corefy's spelling. Shapes only. A
//! customer cannot be printed.

use rust_decimal::Decimal;
use serde::Serialize;

use super::amount::lira;
use crate::settings::CorefySettings;

/// Aspay's services, and the currency that both of them take.
const PAYMENT_SERVICE: &str = "payment_card_try_hpp";
const PAYOUT_SERVICE: &str = "bank_transfer_try";
pub const CURRENCY: &str = "TRY";

/// A payment to be made: Aspay's minimum set, or more where more is known.
pub struct NewPayment<'a> {
    /// Ours, unique in the account.
    pub reference_id: &'a str,
    /// Kuruş.
    pub amount: i64,
    pub description: Option<&'a str>,
    pub customer: Customer<'a>,
    /// Where the shopper is sent after the page, by GET, whatever the outcome.
    pub return_url: Option<&'a str>,
    /// Instead of the account's own address.
    pub callback_url: Option<&'a str>,
}

/// A bank transfer to be made.
pub struct NewPayout<'a> {
    /// Ours, unique in the account.
    pub reference_id: &'a str,
    /// Kuruş.
    pub amount: i64,
    pub customer: Customer<'a>,
    /// `TR` and 24 digits.
    pub iban: &'a str,
    pub beneficiary: &'a str,
    /// Instead of the account's own address.
    pub callback_url: Option<&'a str>,
}

#[derive(Clone, Default, Serialize)]
pub struct Customer<'a> {
    pub reference_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<&'a str>,
    /// TCKN.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub individual_tax_id: Option<&'a str>,
}

/// A JSON:API document.
#[derive(Serialize)]
pub(super) struct Document<T> {
    data: Data<T>,
}

#[derive(Serialize)]
struct Data<T> {
    #[serde(rename = "type")]
    kind: &'static str,
    attributes: T,
}

#[derive(Serialize)]
pub(super) struct PaymentAttributes<'a> {
    service: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    commerce_account: Option<&'a str>,
    currency: &'static str,
    #[serde(with = "rust_decimal::serde::arbitrary_precision")]
    amount: Decimal,
    flow: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    gateway_options: GatewayOptions,
    customer: &'a Customer<'a>,
    test_mode: bool,
    options: PaymentOptions,
    reference_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    return_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    return_urls: Option<ReturnUrls<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    callback_url: Option<&'a str>,
    /// The page of the documentation sends an empty list.
    service_fields: [(); 0],
}

#[derive(Default, Serialize)]
struct GatewayOptions {
    cardgate: Cardgate,
}

#[derive(Default, Serialize)]
struct Cardgate {
    /// Empty is off.
    tokenize: &'static str,
}

#[derive(Default, Serialize)]
struct PaymentOptions {
    allow_partially: bool,
    bypass_hpp: bool,
    send_operation_context_on_return: bool,
}

/// Which of them and `return_url` comes first is not documented, so all say the same.
#[derive(Serialize)]
struct ReturnUrls<'a> {
    success: &'a str,
    pending: &'a str,
    fail: &'a str,
}

#[derive(Serialize)]
pub(super) struct PayoutAttributes<'a> {
    service: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    commerce_account: Option<&'a str>,
    currency: &'static str,
    #[serde(with = "rust_decimal::serde::arbitrary_precision")]
    amount: Decimal,
    customer: &'a Customer<'a>,
    test_mode: bool,
    reference_id: &'a str,
    fields: PayoutFields<'a>,
    options: PayoutOptions,
    #[serde(skip_serializing_if = "Option::is_none")]
    callback_url: Option<&'a str>,
}

#[derive(Serialize)]
struct PayoutFields<'a> {
    account_number: &'a str,
    beneficiary_full_name: &'a str,
}

/// Without `auto_process` no money moves before a call that names the invoice:
/// a lost answer to the creation costs nothing.
#[derive(Default, Serialize)]
struct PayoutOptions {
    attempts_limit: u8,
    split_mode: bool,
    allow_partially: bool,
    auto_process: bool,
}

impl<'a> Document<PaymentAttributes<'a>> {
    pub(super) fn payment(settings: &'a CorefySettings, new: &'a NewPayment<'a>) -> Self {
        let attributes = PaymentAttributes {
            service: PAYMENT_SERVICE,
            commerce_account: settings.commerce_account.as_deref(),
            currency: CURRENCY,
            amount: lira(new.amount),
            flow: "charge",
            description: new.description,
            gateway_options: GatewayOptions::default(),
            customer: &new.customer,
            test_mode: settings.test_mode,
            options: PaymentOptions::default(),
            reference_id: new.reference_id,
            return_url: new.return_url,
            return_urls: new.return_url.map(|url| ReturnUrls {
                success: url,
                pending: url,
                fail: url,
            }),
            callback_url: new.callback_url,
            service_fields: [],
        };
        let kind = if settings.type_plural {
            "payment-invoices"
        } else {
            "payment-invoice"
        };
        Document {
            data: Data { kind, attributes },
        }
    }
}

impl<'a> Document<PayoutAttributes<'a>> {
    pub(super) fn payout(settings: &'a CorefySettings, new: &'a NewPayout<'a>) -> Self {
        let attributes = PayoutAttributes {
            service: PAYOUT_SERVICE,
            commerce_account: settings.commerce_account.as_deref(),
            currency: CURRENCY,
            amount: lira(new.amount),
            customer: &new.customer,
            test_mode: settings.test_mode,
            reference_id: new.reference_id,
            fields: PayoutFields {
                account_number: new.iban,
                beneficiary_full_name: new.beneficiary,
            },
            options: PayoutOptions::default(),
            callback_url: new.callback_url,
        };
        let kind = if settings.type_plural {
            "payout-invoices"
        } else {
            "payout-invoice"
        };
        Document {
            data: Data { kind, attributes },
        }
    }
}
