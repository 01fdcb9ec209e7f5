//! Hepsipay's contract: every sample and golden value of it, and what becomes
//! of answers that lie.

mod answers;
mod golden;
mod payments;
mod shop;

use std::time::Duration;

use kasa_merchant::hepsipay::types::Message as _;
use kasa_merchant::hepsipay::types::{
    Address, BasketItem, CommissionBearer, Customer, Extra, ItemKind, Query, Refund, Save, VERSION,
};
use kasa_merchant::hepsipay::{Distrust, Error, Hepsipay, Outcome, PageId, Refunded, Signer};
use kasa_merchant::secret::Secret;
use kasa_merchant::settings::{HepsipayHash, HepsipaySettings};
use serde_json::{Value, json};

use crate::sample;
use crate::support::{Provider, Says, golden, vectors};

const SECRET: &str = "SbxSecret-7f3a";
const SALE: &str = "sbx-0000000001";
const TIME: i64 = 1_760_000_000;
const PAGE: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
const SAVE: &str = "POST /commonpayments/save";
const QUERY: &str = "POST /commonpayments/query";
const REFUND: &str = "POST /payments/refund";

fn api_key() -> String {
    let token = &vectors("hepsipay_api_key")[0]["token"];
    token.as_str().unwrap().to_owned()
}

fn hepsipay(provider: &Provider, secret: &str, hash: HepsipayHash) -> Hepsipay {
    let settings = HepsipaySettings {
        api: provider.url.clone(),
        payment_api: provider.url.clone(),
        page: "https://page.example".into(),
        api_key: Secret::new(api_key()),
        secret_key: Secret::new(secret),
        hash,
    };
    Hepsipay::new(&settings, Duration::from_secs(20)).unwrap()
}

async fn ours() -> (Provider, Hepsipay) {
    let provider = Provider::start().await;
    let hepsipay = hepsipay(&provider, SECRET, HepsipayHash::Sha256);
    (provider, hepsipay)
}

fn save(transaction_id: &str) -> Save<'_> {
    Save {
        version: VERSION,
        transaction_id,
        transaction_time: TIME,
        description: "Bir kitap",
        installment: Some(1),
        amount: 12990,
        currency: "TRY",
        basket_items: Vec::new(),
        customer: Customer::default(),
        shipping_address: None,
        invoice_address: None,
        extras: Vec::new(),
        return_url: "https://pay.shop.example/return/hepsipay/pay_1",
        has_installment_choice: false,
        commission_amount_reflect: CommissionBearer::Merchant,
    }
}

fn refund() -> Refund<'static> {
    Refund {
        version: VERSION,
        transaction_id: "sbx-rf-1",
        reference_transaction_id: SALE,
        transaction_time: TIME,
        amount: 12990,
        currency: "TRY",
    }
}

/// An answer to save or query, signed as Hepsipay would; `end` is what ends a query's text.
fn signed(mut answer: Value, end: &str) -> Value {
    let mut text = String::new();
    for name in [
        "transactionId",
        "transactionTime",
        "amount",
        "currency",
        "installment",
        "commonPaymentUniqueId",
    ] {
        match &answer[name] {
            Value::Null => {}
            Value::String(value) => text.push_str(value),
            value => text.push_str(&value.to_string()),
        }
    }
    let signer = Signer::new(&Secret::new(SECRET), HepsipayHash::Sha256).unwrap();
    answer["signature"] = signer.sign(&format!("{text}{end}")).into();
    answer
}

fn saved() -> Value {
    json!({ "commonPaymentUniqueId": PAGE, "apiKey": api_key(), "transactionId": SALE, "amount": 12990, "currency": "TRY",
            "transactionTime": TIME.to_string(), "installment": 1, "success": true, "messageCode": "0000",
            "message": "Başarılı", "userMessage": "…" })
}

/// How a page stands, by its payment code.
fn standing(code: Option<&str>) -> Value {
    let mut answer = saved();
    answer["status"] = 0.into();
    answer["paymentTransactionReponseCode"] = code.into();
    signed(answer, code.unwrap_or_default())
}

fn distrust(error: Error) -> Distrust {
    match error {
        Error::Untrusted(distrust) => distrust,
        other => panic!("{other}"),
    }
}

/// The payment code of a page, or `open`.
fn said(outcome: &Outcome) -> &str {
    outcome.code().unwrap_or("open")
}
