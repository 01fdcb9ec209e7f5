//! PayWall's golden values: hash, Base64 texts.

use kasa_merchant::paywall::Forgery;
use kasa_merchant::paywall::hash::{Hashed, KeyType, Seal};
use kasa_merchant::paywall::types::decoded;
use kasa_merchant::secret::Secret;
use serde_json::Value;

use crate::support::vectors;

/// The texts of a vector by name, as a message would bring them.
fn hashed(vector: &Value) -> Hashed<'_> {
    let part = |name: &str| {
        let parts = vector["parts"].as_array().unwrap();
        let found = parts.iter().find(|part| part["name"] == name);
        found.unwrap()["value"].as_str().unwrap()
    };
    let merchant_unique_code = || part("merchantUniqueCode");
    match vector["hash_format"].as_str().unwrap() {
        "Payment" => Hashed::Payment {
            payment_id: part("paymentId"),
            merchant_unique_code: merchant_unique_code(),
            amount: part("amount"),
            installment: part("installment"),
        },
        "Apm" => Hashed::Apm {
            apm_id: part("apmId"),
            merchant_unique_code: merchant_unique_code(),
            amount: part("amount"),
        },
        "PhysicalPos" => Hashed::PhysicalPos {
            payment_request_id: part("paymentRequestId"),
            merchant_unique_code: merchant_unique_code(),
            amount: part("amount"),
        },
        "CheckoutPayment" => Hashed::CheckoutPayment {
            checkout_id: part("checkoutId"),
            payment_id: part("paymentId"),
            unique_code: part("uniqueCode"),
            amount: part("amount"),
        },
        "BulkPayment" => Hashed::BulkPayment {
            bulk_payment_id: part("bulkPaymentId"),
            merchant_unique_code: merchant_unique_code(),
        },
        "SplitPayment" => Hashed::SplitPayment {
            split_payment_id: part("splitPaymentId"),
            merchant_unique_code: merchant_unique_code(),
        },
        "LinkPayment" => Hashed::LinkPayment {
            link_qr_id: part("linkQrId"),
            payment_id: part("paymentId"),
            track_id: part("trackId"),
            order_id: part("orderId"),
            amount: part("amount"),
        },
        "Payout" => Hashed::Payout {
            payout_id: part("payoutId"),
            merchant_group_code: part("merchantGroupCode"),
            merchant_unique_code: merchant_unique_code(),
            amount: part("amount"),
        },
        "Paywatch" => Hashed::Paywatch {
            payment_id: part("paymentId"),
            merchant_unique_code: merchant_unique_code(),
        },
        "Recurring" => Hashed::Recurring {
            payment_id: part("paymentId"),
            subscription_merchant_code: part("subscriptionMerchantCode"),
            subscription_code: part("subscriptionCode"),
        },
        other => panic!("an unknown format: {other}"),
    }
}

/// The first part of every vector, whatever it is called there.
fn key(vector: &Value) -> Secret {
    Secret::new(vector["parts"][0]["value"].as_str().unwrap())
}

#[test]
fn every_hash_of_the_contract_is_proved_and_no_other() {
    let vectors = vectors("paywall_hash");
    assert_eq!(vectors.len(), 25);
    for vector in &vectors {
        let (hashed, key, id) = (hashed(vector), key(vector), &vector["id"]);
        let right = vector["expected"].as_str().unwrap();
        assert!(hashed.proves(&key, right), "{id}");
        assert!(!hashed.proves(&Secret::new("another key"), right), "{id}");
        for wrong in [
            "",
            &right[1..],
            &format!("{right}0"),
            &right.replace(['0', '1', '2'], "f"),
            "dfgh87==",
        ] {
            assert!(!hashed.proves(&key, wrong), "{id}: {wrong}");
        }
        let fields = |vector: &Value| vector["parts"].as_array().unwrap()[1..].to_vec();
        let differing = |other: &&Value| fields(other) != fields(vector);
        for other in vectors.iter().filter(differing) {
            assert!(
                !self::hashed(other).proves(&key, right),
                "{id}: {}",
                other["id"]
            );
        }
    }
}

#[test]
fn every_hash_goes_with_the_key_type_of_the_contract() {
    let types = [
        KeyType::ThreeDCallback,
        KeyType::LinkQrWebhook,
        KeyType::CheckoutWebhook,
        KeyType::SystemWebhook,
        KeyType::PayoutWebhook,
        KeyType::ApmWebhook,
        KeyType::PhysicalPosWebhook,
    ];
    for vector in vectors("paywall_hash") {
        let hashed = hashed(&vector);
        assert_eq!(hashed.format(), vector["hash_format"], "{}", vector["id"]);
        if let Some(number) = vector["hash_key_type"].as_u64() {
            let named = types.into_iter().find(|kind| *kind as u64 == number);
            assert!(
                hashed.key_types().contains(&named.unwrap()),
                "{}",
                vector["id"]
            );
        }
    }
}

#[test]
fn a_seal_of_another_scenario_proves_nothing() {
    for vector in vectors("paywall_hash") {
        let (hashed, key) = (hashed(&vector), key(&vector));
        let seal = |format: &str, key_type: String| Seal {
            hash: vector["expected"].as_str().unwrap().into(),
            format: format.into(),
            key_type,
        };
        let own = hashed.key_types()[0] as u8;
        for good in [
            seal("", String::new()),
            seal(hashed.format(), own.to_string()),
        ] {
            assert_eq!(good.check(&hashed, Some(&key)), Ok(()), "{}", vector["id"]);
        }
        let other_format = if hashed.format() == "Apm" {
            "Payment"
        } else {
            "Apm"
        };
        for other in [
            seal(other_format, String::new()),
            seal("", (own % 7 + 1).to_string()),
            seal("", "8".into()),
        ] {
            assert_eq!(
                other.check(&hashed, Some(&key)),
                Err(Forgery::OtherScenario),
                "{}",
                vector["id"]
            );
        }
    }
}

#[test]
fn every_base64_text_of_the_contract_is_decoded() {
    for vector in vectors("paywall_base64_text") {
        let text = vector["text"]
            .as_str()
            .filter(|text| !text.is_empty())
            .map(str::to_owned);
        assert_eq!(
            decoded(vector["base64"].as_str().unwrap()),
            text,
            "{}",
            vector["id"]
        );
    }
}
