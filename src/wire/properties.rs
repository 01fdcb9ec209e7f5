//! What holds of the messages whatever comes: they are read or refused, never
//! more, and what is read is written so that it is read alike.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, from_str, from_value, json, to_value};

use super::merchant::{
    BinInfo, Checkout, Method, Next, OtpRequest, Payment, PaymentRequest, Problem, ResendRequest,
    SavedCards, TempToken,
};
use super::paywall::{Envelope, TempCard};

/// Holds the property of many values; tells which of them it fails.
pub(crate) fn holds<S: Strategy>(
    strategy: S,
    property: impl Fn(S::Value) -> Result<(), TestCaseError>,
) {
    let deep = std::env::var_os("KASA_DEEP").is_some();
    let config = Config {
        cases: if deep { 40_000 } else { 1_000 },
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner = if deep {
        // Says the values that fail, smallest first: they are the seed.
        TestRunner::new(config)
    } else {
        TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
    };
    if let Err(found) = runner.run(&strategy, property) {
        panic!("{found}");
    }
}

/// Any JSON, not large.
fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            btree_map("[a-z]{1,8}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// What is done to a good message.
#[derive(Clone, Debug)]
enum Harm {
    Remove(prop::sample::Index),
    Replace(Value),
    Add(String, Value),
}

fn harm() -> impl Strategy<Value = Harm> {
    prop_oneof![
        any::<prop::sample::Index>().prop_map(Harm::Remove),
        anything().prop_map(Harm::Replace),
        ("[a-zA-Z]{1,8}", anything()).prop_map(|(name, value)| Harm::Add(name, value)),
    ]
}

/// Harms the value at the place, counted through the whole message.
fn harmed(value: &mut Value, place: &mut usize, harm: &Harm) {
    let here = *place == 0;
    *place = place.wrapping_sub(1);
    if here {
        match (harm, value) {
            (Harm::Add(name, added), Value::Object(map)) => {
                map.insert(name.clone(), added.clone());
            }
            (Harm::Add(..), Value::Array(list)) => list.push(Value::Null),
            (Harm::Replace(other), value) => *value = other.clone(),
            (Harm::Remove(which), Value::Object(map)) if !map.is_empty() => {
                let name = map.keys().nth(which.index(map.len())).cloned();
                name.and_then(|name| map.remove(&name));
            }
            (Harm::Remove(_) | Harm::Add(..), value) => *value = Value::Null,
        }
        return;
    }
    match value {
        Value::Object(map) => {
            map.values_mut()
                .for_each(|value| harmed(value, place, harm));
        }
        Value::Array(list) => list.iter_mut().for_each(|value| harmed(value, place, harm)),
        _ => {}
    }
}

/// Whatever is done to good messages of this type, it is read or refused; and
/// what was read says the same once more.
fn reads<T: DeserializeOwned + Serialize + PartialEq + std::fmt::Debug>(good: &[Value]) {
    for message in good {
        let read: Result<T, _> = from_value(message.clone());
        assert!(read.is_ok(), "{message}: {:?}", read.err());
    }
    let good = prop::sample::select(good.to_vec());
    holds(
        (good, vec((0..40_usize, harm()), 0..4)),
        |(mut message, harms)| {
            for (mut place, harm) in harms {
                harmed(&mut message, &mut place, &harm);
            }
            if let Ok(read) = from_value::<T>(message) {
                let written =
                    to_value(&read).map_err(|error| TestCaseError::fail(error.to_string()))?;
                let again = from_value::<T>(written)
                    .map_err(|error| TestCaseError::fail(error.to_string()))?;
                prop_assert_eq!(again, read);
            }
            Ok(())
        },
    );
    holds("\\PC{0,80}|[\\[\\]{}\",:0-9a-z]{0,80}", |text: String| {
        let _ = from_str::<T>(&text);
        Ok(())
    });
}

fn nexts() -> Vec<Value> {
    vec![
        json!({"type": "redirect", "url": "https://bank.example/", "method": "POST", "fields": {"a": "1"}}),
        json!({"type": "otp", "length": 6, "now": "2026-11-01T10:00:00Z", "attemptsLeft": 2,
               "resendAt": "2026-11-01T10:00:30Z", "resendFields": ["cardNumber"], "error": "wrong"}),
        json!({"type": "qr", "image": "iVBOR"}),
        json!({"type": "wait", "cancellable": true, "stage": "on_terminal"}),
        json!({"type": "dance", "length": 6}),
    ]
}

fn payments() -> Vec<Value> {
    let with = |next| {
        json!({"id": "pay_1", "method": "card", "status": "pending", "next": next,
               "card": {"masked": "557920******1297"}, "installments": 3})
    };
    let failed = json!({"id": "pay_1", "method": "apm", "status": "failed", "error": {"code": "declined", "message": "No"}});
    nexts().into_iter().map(with).chain([failed]).collect()
}

fn methods() -> Vec<Value> {
    vec![
        json!({"type": "card", "save": true}),
        json!({"type": "saved_card"}),
        json!({"type": "apm", "connection": "11", "kind": "qr", "name": "Papara", "fields": ["phone"]}),
        json!({"type": "terminal", "terminals": [{"id": "t-1", "name": "Kasa 1"}]}),
        json!({"type": "barter", "goat": 1}),
    ]
}

#[test]
fn next_steps_are_read_or_refused() {
    reads::<Next>(&nexts());
}

#[test]
fn payments_are_read_or_refused() {
    reads::<Payment>(&payments());
}

#[test]
fn methods_are_read_or_refused() {
    reads::<Method>(&methods());
}

#[test]
fn checkouts_are_read_or_refused() {
    let of = |payment| {
        json!({"id": "co_1", "revision": 7, "amount": 1050, "currency": "TRY", "description": "Kitap",
               "methods": methods(), "payment": payment, "expiresAt": "2026-11-01T10:00:00Z", "locale": "tr"})
    };
    let all: Vec<Value> = payments().into_iter().map(of).collect();
    reads::<Checkout>(&all);
}

#[test]
fn payment_requests_are_read_or_refused() {
    reads::<PaymentRequest>(&[
        json!({"method": "card", "cardToken": "tok", "installments": 3, "save": true, "challenge": "frame"}),
        json!({"method": "saved_card", "card": "sc_1", "challenge": "redirect"}),
        json!({"method": "apm", "connection": "12", "kind": "otp", "payer": {"cardNumber": "6375780000000000"}}),
        json!({"method": "aspay", "payer": {"identityNumber": "10000000146"}}),
        json!({"method": "terminal", "terminal": "t-1"}),
    ]);
}

#[test]
fn what_else_the_merchant_server_says_is_read_or_refused() {
    reads::<Problem>(&[
        json!({"title": "No", "status": 409, "code": "already_paid", "detail": "…"}),
    ]);
    reads::<TempToken>(&[
        json!({"token": "tt", "expiresAt": "2026-11-01T10:00:00Z", "scope": "card",
                                "paymentApi": "https://api.example"}),
    ]);
    reads::<BinInfo>(&[
        json!({"brand": "Troy", "bank": "B", "kind": "credit", "plans": [
        {"installments": 3, "each": 350, "total": 1050, "interest": 0, "paidBy": "shop"}]}),
    ]);
    reads::<SavedCards>(&[
        json!({"cards": [{"id": "sc_1", "masked": "557920******1297", "expiryMonth": 9,
                                            "expiryYear": 2028, "expired": false}]}),
    ]);
}

#[test]
fn what_else_a_browser_says_is_read_or_refused() {
    reads::<OtpRequest>(&[json!({"code": "123456"})]);
    reads::<ResendRequest>(&[json!({"payer": {"phone": "5551112233"}}), json!({})]);
}

#[test]
fn what_paywall_says_is_read_or_refused() {
    reads::<Envelope<TempCard>>(&[
        json!({"ErrorCode": 0, "Result": true, "Message": "", "Body": {"CardToken": "t", "ExpiryDateTime": "…"}}),
        json!({"ErrorCode": 14, "Result": false, "Message": null, "Body": null}),
    ]);
}

#[test]
fn an_amount_that_is_no_whole_number_is_refused_whatever_it_is() {
    let odd = anything().prop_filter("no whole number", |value| {
        !value.is_i64() && !value.is_u64()
    });
    holds(odd, |amount| {
        let message = json!({"id": "co_1", "revision": 7, "amount": amount, "currency": "TRY", "description": "",
                             "methods": [], "expiresAt": "", "locale": "tr"});
        prop_assert!(from_value::<Checkout>(message).is_err());
        Ok(())
    });
}
