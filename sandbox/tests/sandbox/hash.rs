//! The callback hash and Base64 texts against the contracts' vectors (paywall.md §0.3, §0.4).

use kasa_sandbox::{
    hash::{self, Format},
    secret::Secret,
};
use serde_json::Value;

fn vectors(name: &str) -> Vec<Value> {
    let all: Value = serde_json::from_str(include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../tests/contracts/vectors.json"
    )))
    .unwrap();
    all[name]["vectors"].as_array().unwrap().clone()
}

#[test]
fn every_vector_of_every_format_is_met() {
    let vectors = vectors("paywall_hash");
    assert!(vectors.len() > 20);
    for vector in vectors {
        let parts = vector["parts"].as_array().unwrap();
        let mut parts = parts.iter().map(|part| part["value"].as_str().unwrap());
        let key = Secret::new(parts.next().unwrap());
        let parts: Vec<_> = parts.collect();
        let expected = vector["expected"].as_str().unwrap();
        assert_eq!(hash::sign(&key, &parts), expected, "{}", vector["id"]);
    }
}

#[test]
fn the_formats_bear_the_names_and_key_types_of_the_vectors() {
    let vectors = vectors("paywall_hash");
    for Format { name, key_type } in [hash::PAYMENT, hash::APM, hash::PHYSICAL_POS] {
        let known =
            |vector: &&Value| vector["hash_format"] == name && vector["hash_key_type"] == key_type;
        assert!(vectors.iter().find(known).is_some(), "{name} {key_type}");
    }
}

#[test]
fn every_base64_vector_is_met() {
    for vector in vectors("paywall_base64_text") {
        let text = vector["text"].as_str().unwrap();
        assert_eq!(hash::base64(text), vector["base64"].as_str().unwrap());
    }
}
