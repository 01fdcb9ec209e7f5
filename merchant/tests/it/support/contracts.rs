//! The providers' golden values and samples, shared by everything that speaks
//! with them.

use serde_json::Value;

/// The vectors of one kind.
pub fn vectors(of: &str) -> Vec<Value> {
    golden(of, "vectors")
}

/// One list of golden values.
pub fn golden(of: &str, list: &str) -> Vec<Value> {
    let all: Value = serde_json::from_str(include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../tests/contracts/vectors.json"
    )))
    .unwrap();
    all[of][list].as_array().unwrap().clone()
}

/// A provider's own sample, as JSON.
#[macro_export]
macro_rules! sample {
    ($name:literal) => {
        serde_json::from_str::<serde_json::Value>(include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../tests/contracts/samples/",
            $name,
            ".json"
        )))
        .unwrap()
    };
}
