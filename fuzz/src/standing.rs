//! When a provider's answer says that the payment is paid: a reading of the
//! contracts of its own, that knows nothing of the merchant server's.

use kasa_merchant::fuzzing::{AMOUNT, CURRENCY};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use crate::provider::HEPSIPAY_SECRET;

/// `commonPaymentUniqueId` of the payment.
pub const PAGE: &str = "0123456789abcdef0123456789abcdef";
/// `PaymentRequestId` of the payment.
pub const REQUEST: &str = "1eb856a8-1d41-49ab-8994-ecee2880d62c";
/// The payment's invoice.
pub const INVOICE: &str = "cpi_1";

const TRY: i64 = 1;

/// Whether `body`, answered with a success, says "paid" of 10.50 TRY under `reference`.
pub fn says_paid(method: &str, reference: &str, body: &[u8]) -> bool {
    let Ok(answer) = serde_json::from_slice::<Value>(body) else {
        return false;
    };
    match method {
        "card" => card(reference, &answer),
        "apm" => apm(reference, &answer),
        "terminal" => terminal(reference, &answer),
        "hepsipay" => hepsipay(reference, &answer),
        "aspay" => match &answer["data"] {
            Value::Array(list) => list.iter().any(|data| invoice(reference, data)),
            data => invoice(reference, data),
        },
        _ => false,
    }
}

fn card(reference: &str, answer: &Value) -> bool {
    let standing = &answer["Body"]["Paywall"];
    let interest = text(&standing["AppliedInterest"]).unwrap_or_default();
    let interest = interest.trim() == "1" || interest.trim().eq_ignore_ascii_case("true");
    let asked = if interest {
        "OriginalAmount"
    } else {
        "PaymentAmount"
    };
    answer["Result"] == true
        && standing["MerchantUniqueCode"] == reference
        && whole(&standing["StatusId"]) == Some(4)
        && whole(&standing["TypeId"]) == Some(1)
        && whole(&standing["CurrencyId"]) == Some(TRY)
        && lira(&standing[asked]) == Some(AMOUNT)
        && kurus(&standing["PaymentAmount"]).is_some_and(|charged| charged > AMOUNT as f64 - 1e-6)
}

fn apm(reference: &str, answer: &Value) -> bool {
    let standing = &answer["Body"];
    answer["Result"] == true
        && standing["MerchantUniqueCode"] == reference
        && whole(&standing["StatusId"]) == Some(4)
        && whole(&standing["TypeId"]) == Some(1)
        && whole(&standing["CurrencyId"]) == Some(TRY)
        && lira(&standing["Amount"]) == Some(AMOUNT)
}

/// Its names begin with a capital letter or do not.
fn terminal(reference: &str, answer: &Value) -> bool {
    let standing = either(answer, "Result");
    let same = |name: &str, ours: &str| {
        either(standing, name)
            .as_str()
            .is_some_and(|text| text.eq_ignore_ascii_case(ours))
    };
    *either(answer, "Succeeded") == true
        && *either(answer, "Failed") != true
        && same("PaymentRequestId", REQUEST)
        && same("MerchantUniqueCode", reference)
        && whole(either(standing, "PaymentStatusId")) == Some(4)
        && whole(either(standing, "PaymentTypeId")) == Some(1)
        && whole(either(standing, "CurrencyId")) == Some(TRY)
        && lira(either(standing, "Amount")) == Some(AMOUNT)
}

fn either<'a>(value: &'a Value, name: &str) -> &'a Value {
    let small = name[..1].to_ascii_lowercase() + &name[1..];
    value.get(name).unwrap_or(&value[&small])
}

fn invoice(reference: &str, data: &Value) -> bool {
    let attributes = &data["attributes"];
    data["type"]
        .as_str()
        .is_some_and(|kind| kind.starts_with("payment-invoice"))
        && attributes["reference_id"] == reference
        && attributes["status"] == "processed"
        && attributes["currency"] == CURRENCY
        && attributes["test_mode"] == true
        && lira(&attributes["amount"]) == Some(AMOUNT)
}

fn hepsipay(reference: &str, answer: &Value) -> bool {
    let Some(fields) = answer.as_object().map(folded) else {
        return false;
    };
    let field = |name: &str| fields.get(name).and_then(text);
    let is = |name: &str, ours: &str| field(name).as_deref() == Some(ours);
    let number = |name: &str| field(name)?.parse::<i64>().ok();
    let signature = field("signature").unwrap_or_default();
    let codes = [
        "paymenttransactionreponsecode",
        "paymenttransactionresponsecode",
    ];
    is("transactionid", reference)
        && is("commonpaymentuniqueid", PAGE)
        && is("currency", CURRENCY)
        && is("messagecode", "0000")
        && field("success")
            .or(fields.get("success").map(Value::to_string))
            .is_some_and(|flag| flag.eq_ignore_ascii_case("true"))
        && number("amount") == Some(AMOUNT)
        && number("installment") == Some(1)
        && codes.iter().any(|code| is(code, "0000"))
        && endings(&fields)
            .iter()
            .any(|end| signature == sign(&fields, end))
}

/// Signs an answer of Hepsipay's as it stands; one that is no object stays.
pub fn signed(body: &[u8]) -> Vec<u8> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(mut fields)) => {
            let end = &endings(&folded(&fields))[0];
            let signature = sign(&folded(&fields), end);
            fields.insert("signature".into(), signature.into());
            Value::Object(fields).to_string().into_bytes()
        }
        _ => body.to_vec(),
    }
}

fn folded(fields: &Map<String, Value>) -> Map<String, Value> {
    let fold = |(name, value): (&String, &Value)| (name.trim().to_ascii_lowercase(), value.clone());
    fields.iter().map(fold).collect()
}

/// What may end the signed text.
fn endings(fields: &Map<String, Value>) -> Vec<String> {
    let names = [
        "paymenttransactionreponsecode",
        "paymenttransactionresponsecode",
        "messagecode",
        "paymenttransactionreponsemessage",
        "paymenttransactionresponsemessage",
        "",
    ];
    let mut all: Vec<String> = names
        .iter()
        .filter_map(|name| fields.get(*name).and_then(text))
        .collect();
    all.push(String::new());
    all
}

fn sign(fields: &Map<String, Value>, end: &str) -> String {
    let mut hash = Sha256::new().chain_update(HEPSIPAY_SECRET);
    for name in [
        "transactionid",
        "transactiontime",
        "amount",
        "currency",
        "installment",
        "commonpaymentuniqueid",
    ] {
        let value = fields.get(name).and_then(text).unwrap_or_default();
        let number = matches!(name, "amount" | "installment")
            .then(|| value.parse::<i64>().ok())
            .flatten();
        hash.update(number.map_or(value, |number| number.to_string()));
    }
    hex::encode(hash.chain_update(end).finalize())
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

fn whole(value: &Value) -> Option<i64> {
    text(value)?.trim().parse().ok()
}

/// Of a decimal in lira, whatever its notation.
fn kurus(value: &Value) -> Option<f64> {
    let written = text(value)?.trim().replace('_', "");
    written.parse::<f64>().ok().map(|lira| lira * 100.0)
}

/// Whole kuruş, near enough for 10.50.
fn lira(value: &Value) -> Option<i64> {
    let kurus = kurus(value)?;
    let nearest = kurus.round();
    ((kurus - nearest).abs() < 1e-6 && nearest.abs() < 9e15).then_some(nearest as i64)
}
