//! The callback hash against computed vectors (paywall.md §0.4).

use kasa_sandbox::{
    hash::{self, PaymentParts},
    secret::Secret,
};
use serde_json::Value;

#[test]
fn every_vector_of_the_format_payment_is_met() {
    let vectors: Value =
        serde_json::from_str(include_str!("samples/payment-hash-vectors.json")).unwrap();
    let vectors = vectors["vectors"].as_array().unwrap();
    assert!(vectors.len() > 10);
    for vector in vectors {
        let part = |name: &str| {
            let parts = vector["parts"].as_array().unwrap();
            let part = parts.iter().find(|part| part["name"] == name).unwrap();
            part["value"].as_str().unwrap()
        };
        let parts = PaymentParts {
            payment_id: part("paymentId"),
            merchant_unique_code: part("merchantUniqueCode"),
            amount: part("amount"),
            installment: part("installment"),
        };
        let hash = hash::payment(&Secret::new(part("hashKey")), parts);
        assert_eq!(
            hash,
            vector["expected"].as_str().unwrap(),
            "{}",
            vector["id"]
        );
    }
}
