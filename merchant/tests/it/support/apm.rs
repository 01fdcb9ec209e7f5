//! Alternative methods: a till that offers them, and what PayWall says of them.

use kasa_merchant::paywall::hash::Hashed;
use kasa_merchant::secret::Secret;
use serde_json::{Value, json};

use super::{Answer, Call, Reply, Till, TillOptions, order, success};

pub const HASH_KEY: &str = "sbx-hash-apm-2c9e41";
pub const KEY: &str = "key-0123456789abcdef";

/// PayWall's own code of every payment here.
pub const UNIQUE_CODE: &str = "85a07d7e-adc4-4698-a4cb-e643bdd705b1";

pub async fn till() -> Till {
    till_with(Vec::new()).await
}

pub async fn till_with(mut variables: Vec<(&'static str, &'static str)>) -> Till {
    variables.push(("PAYWALL_APM", "true"));
    Till::open_with(TillOptions { variables }).await
}

fn connection(id: i64, key: &str, name: &str, features: [bool; 4]) -> Value {
    let [otp, qr, checkout, direct] = features;
    json!({ "ProviderId": 3, "ProviderKey": key, "ProviderName": name, "CategoryName": "Cüzdan", "ConnectionId": id,
        "ExternalIdSupport": false, "ExternalId": "", "Logo": "https://example.com/logo.png",
        "Features": { "OtpBased": otp, "QrBased": qr, "CheckoutBased": checkout, "DirectPayBased": direct } })
}

/// A meal card by code, a wallet by page and picture, one that charges at once.
pub fn list() -> Answer {
    success(json!([
        connection(
            12,
            "FoodCardProvider",
            "Yemek Kartı",
            [true, false, false, false]
        ),
        connection(11, "papara", "Papara", [false, true, true, false]),
        connection(14, "Paye", "Paye", [false, false, false, true]),
    ]))
}

/// A checkout of 10.50 TRY that offers them.
pub async fn checkout(till: &Till, reference: &str) -> String {
    till.paywall.will(Call::ApmList, list());
    till.checkout_of(&order(reference)).await
}

fn transaction(code: &str) -> Value {
    json!({ "ApmKey": "-", "ApmConnectionId": 12, "ApmTransactionId": 4330, "UniqueCode": UNIQUE_CODE,
            "MerchantUniqueCode": code, "Amount": 10.5 })
}

fn with(mut base: Value, more: &Value) -> Value {
    let more = more.as_object().unwrap().clone();
    base.as_object_mut().unwrap().extend(more);
    base
}

fn envelope(body: Value) -> Value {
    json!({ "ErrorCode": 0, "Result": true, "Message": "", "Body": body })
}

/// The answer of a start; `seconds` is the provider's countdown.
pub fn started(awaits_code: bool, seconds: u32) -> Answer {
    let more = json!({ "PendingOtpConfirm": awaits_code, "ProviderDummyResponse": { "ErrorCode": 0, "HttpCode": 200,
        "Body": { "Success": true, "OtpVerifyCounterInSeconds": seconds } } });
    Answer::With(Box::new(move |seen| {
        envelope(with(transaction(&seen.code()), &more))
    }))
}

pub fn redirected() -> Answer {
    Answer::With(Box::new(|seen| {
        envelope(
            json!({ "RedirectUrl": "https://agent.example/paywall/callbackapm?UniqueNumber=85a07d7e",
                         "Transaction": transaction(&seen.code()) }),
        )
    }))
}

/// The eight bytes of a PNG's beginning, and some more.
pub const PICTURE: &str = "iVBORw0KGgoAAAANSUhEUg==";

pub fn pictured() -> Answer {
    let more = json!({ "QrDetail": { "FormatType": 1, "Content": PICTURE } });
    Answer::With(Box::new(move |seen| {
        envelope(with(transaction(&seen.code()), &more))
    }))
}

pub fn confirmed() -> Answer {
    success(transaction("-"))
}

/// A query's answer for a payment of 10.50 TRY.
pub fn standing(status: i32, kind: i32) -> Answer {
    standing_but(status, kind, json!({}))
}

pub fn standing_but(status: i32, kind: i32, but: Value) -> Answer {
    let more =
        json!({ "CurrencyId": 1, "StatusId": status, "Status": "-", "TypeId": kind, "Type": "-" });
    Answer::With(Box::new(move |seen| {
        envelope(with(with(transaction(&seen.code()), &more), &but))
    }))
}

pub fn meal_card() -> Value {
    json!({ "method": "apm", "connection": "12", "kind": "otp", "challenge": "redirect",
            "payer": { "cardNumber": "6375780000000000" } })
}

pub fn wallet(kind: &str) -> Value {
    json!({ "method": "apm", "connection": "11", "kind": kind, "challenge": "redirect" })
}

pub fn at_once() -> Value {
    json!({ "method": "apm", "connection": "14", "kind": "direct", "challenge": "redirect" })
}

pub async fn pay(till: &Till, checkout: &str, body: &Value) -> Reply {
    Reply::to(till.payment_request(checkout, KEY, body)).await
}

/// A meal card payment that awaits its code: (checkout, payment).
pub async fn awaiting_code(till: &Till, reference: &str) -> (String, String) {
    let checkout = checkout(till, reference).await;
    till.paywall.will(Call::ApmPay, started(true, 180));
    let payment = pay(till, &checkout, &meal_card()).await.ok();
    assert_eq!(payment["next"]["type"], "otp", "{payment}");
    (checkout, payment["id"].as_str().unwrap().to_owned())
}

/// A wallet payment whose shopper was sent to the provider's page: (checkout, payment).
pub async fn at_the_page(till: &Till, reference: &str) -> (String, String) {
    let checkout = checkout(till, reference).await;
    till.paywall.will(Call::ApmRedirect, redirected());
    let payment = pay(till, &checkout, &wallet("redirect")).await.ok();
    assert_eq!(payment["next"]["type"], "redirect", "{payment}");
    (checkout, payment["id"].as_str().unwrap().to_owned())
}

pub async fn code(till: &Till, checkout: &str, payment: &str, code: &str) -> Reply {
    let path = format!("/v1/checkouts/{checkout}/payments/{payment}/otp");
    Reply::to(till.request("POST", &path).json(&json!({ "code": code }))).await
}

pub async fn resend(till: &Till, checkout: &str, payment: &str, payer: Value) -> Reply {
    let path = format!("/v1/checkouts/{checkout}/payments/{payment}/otp/resend");
    Reply::to(till.request("POST", &path).json(&json!({ "payer": payer }))).await
}

/// PayWall's hash of a message about `code`.
pub fn hash(code: &str, amount: &str) -> String {
    let hashed = Hashed::Apm {
        apm_id: "4330",
        merchant_unique_code: code,
        amount,
    };
    let digest = hashed.digest(&Secret::new(HASH_KEY));
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The form of a return as PayWall would sign it.
pub fn form(code: &str) -> Vec<(&'static str, String)> {
    [
        ("date", "2024-06-13"),
        ("status", "Success"),
        ("errorCode", "0"),
        ("errorMessage", ""),
        ("uniqueCode", UNIQUE_CODE),
        ("merchantUniqueCode", code),
        ("amount", "10,50"),
        ("apmTransactionId", "4330"),
        ("hash", &hash(code, "10,50")),
    ]
    .map(|(name, value)| (name, value.to_owned()))
    .into()
}

pub async fn come_back(till: &Till, payment: &str, form: &[(&'static str, String)]) -> Reply {
    let path = format!("/return/apm/{payment}");
    Reply::to(till.request("POST", &path).form(form)).await
}

/// PayWall's own call, signed.
pub fn callback(code: &str) -> Value {
    json!({ "Id": 4330, "Result": true, "ResultMessage": "Success", "CurrencyId": 1, "ApmProviderId": 3,
        "ApmProviderName": "Papara", "ApmProviderConnectionId": 11, "Amount": 10.5, "UniqueCode": UNIQUE_CODE,
        "MerchantUniqueCode": code, "Hash": hash(code, "10.5"), "HashFormat": "Apm", "HashKeyType": 6,
        "CallbackAddress": "-", "Date": "2024-06-13T22:25:08" })
}

pub async fn call_back(till: &Till, body: &Value) -> Reply {
    Reply::to(till.request("POST", "/callback/apm").json(body)).await
}
