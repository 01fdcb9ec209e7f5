//! Terminals: orders that are paid at one, and what PayWall says of them.

use kasa_merchant::paywall::hash::Hashed;
use kasa_merchant::secret::Secret;
use serde_json::{Value, json};

use super::{Answer, Call, Reply, Till, order};

pub const HASH_KEY: &str = "sbx-hash-pos-77ad03";
pub const KEY: &str = "key-0123456789abcdef";

pub const TERMINAL: &str = "38e895c3-1a9a-4b73-8816-8557d1d031d6";

/// PayWall's name of every sale here.
pub const REQUEST: &str = "1eb856a8-1d41-49ab-8994-ecee2880d62c";

fn envelope(result: Value) -> Value {
    json!({ "Result": result, "Failed": false, "Message": null, "ClientMessage": null, "Succeeded": true })
}

pub fn listed(names: &[(&str, &str)]) -> Answer {
    let item = |(id, name): &(&str, &str)| json!({ "Id": id, "ConnectionName": name, "SerialNo": "SBX0000001" });
    let items: Vec<Value> = names.iter().map(item).collect();
    Answer::Json(envelope(json!({ "Items": items, "Pagination": {} })))
}

/// The answer of a sale, or of a cancel.
pub fn requested(status: i32) -> Answer {
    Answer::Json(envelope(json!({ "PaymentRequestId": REQUEST,
        "PaymentRequestActivityId": "2015c508-4029-4f6b-b7e2-4bf34a213c41", "PaymentRequestActivityTypeId": 1,
        "PaymentStatus": status })))
}

pub fn refused(word: &str) -> Answer {
    Answer::Json(
        json!({ "Result": null, "Failed": true, "Message": "PayWall says no", "ClientMessage": word,
                "Succeeded": false }),
    )
}

/// An inquiry's answer for the sale of `payment`, of 10.50 TRY.
pub fn standing(payment: &str, status: i32, kind: i32) -> Answer {
    standing_but(payment, status, kind, &json!({}))
}

pub fn standing_but(payment: &str, status: i32, kind: i32, but: &Value) -> Answer {
    let mut result = json!({ "PaymentRequestId": REQUEST, "TerminalId": TERMINAL, "MerchantUniqueCode": guid(payment),
        "Amount": 10.5, "CurrencyId": 1, "PaymentTypeId": kind, "PaymentStatusId": status });
    let but = but.as_object().unwrap().clone();
    result.as_object_mut().unwrap().extend(but);
    Answer::Json(envelope(result))
}

/// What PayWall knows a payment by.
pub fn guid(payment: &str) -> String {
    let digits = payment.strip_prefix("pay_").unwrap_or(payment);
    uuid::Uuid::try_parse(digits)
        .unwrap()
        .hyphenated()
        .to_string()
}

/// An order of 10.50 TRY that is paid at a counter.
pub fn order_at(reference: &str, terminal: Value) -> Value {
    let mut order = order(reference);
    order["terminal"] = terminal;
    order["methods"] = json!(["terminal"]);
    order
}

pub async fn checkout(till: &Till, reference: &str) -> String {
    let order = order_at(reference, json!({ "tag": "KASA-1" }));
    till.checkout_of(&order).await
}

pub async fn pay(till: &Till, checkout: &str, terminal: Option<&str>) -> Reply {
    let mut body = json!({ "method": "terminal", "challenge": "redirect" });
    if let Some(terminal) = terminal {
        body["terminal"] = terminal.into();
    }
    Reply::to(till.payment_request(checkout, KEY, &body)).await
}

/// A payment whose sale is on its way to the terminal: (checkout, payment).
pub async fn ringing(till: &Till, reference: &str) -> (String, String) {
    let checkout = checkout(till, reference).await;
    till.paywall.will(Call::Sale, requested(2));
    let payment = pay(till, &checkout, None).await.ok();
    assert_eq!(payment["next"]["type"], "wait", "{payment}");
    (checkout, payment["id"].as_str().unwrap().to_owned())
}

/// PayWall's own call about `payment`, signed.
pub fn callback(payment: &str, status: i32) -> Value {
    let code = guid(payment);
    let hashed = Hashed::PhysicalPos {
        payment_request_id: REQUEST,
        merchant_unique_code: &code,
        amount: "10.5",
    };
    let digest = hashed.digest(&Secret::new(HASH_KEY));
    let hash: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    json!({ "ConnectionId": TERMINAL, "TerminalId": TERMINAL, "PaymentRequestId": REQUEST,
        "PaymentRequestActivityId": TERMINAL, "PaymentTypeId": 1, "PaymentStatusId": status,
        "MerchantUniqueCode": code, "DisplayCode": "-", "Amount": 10.5, "Message": null, "Hash": hash,
        "HashFormat": "PhysicalPos", "HashKeyType": 7 })
}

pub async fn call_back(till: &Till, body: &Value) -> Reply {
    Reply::to(till.request("POST", "/callback/terminal").json(body)).await
}
