//! PayWall's golden values: hash, Base64 texts, TempToken samples.

use kasa_merchant::paywall::hash::Hashed;
use kasa_merchant::paywall::types::{Envelope, TempToken, TempTokenRequest, decoded};
use kasa_merchant::secret::Secret;
use serde_json::Value;

fn vectors(of: &str) -> Vec<Value> {
    let all: Value = serde_json::from_str(include_str!("contract/paywall-vectors.json")).unwrap();
    all[of]["vectors"].as_array().unwrap().clone()
}

#[test]
fn every_payment_hash_of_the_contract_is_proved_and_no_other() {
    let vectors = vectors("paywall_hash");
    assert_eq!(vectors.len(), 12);
    for vector in vectors {
        let part = |name: &str| {
            let parts = vector["parts"].as_array().unwrap();
            parts.iter().find(|part| part["name"] == name).unwrap()["value"]
                .as_str()
                .unwrap()
        };
        let hashed = Hashed {
            payment_id: part("paymentId"),
            merchant_unique_code: part("merchantUniqueCode"),
            amount: part("amount"),
            installment: part("installment"),
        };
        let key = Secret::new(part("hashKey"));
        let right = vector["expected"].as_str().unwrap();
        assert!(hashed.proves(&key, right), "{}", vector["id"]);
        assert!(
            !hashed.proves(&Secret::new("another key"), right),
            "{}",
            vector["id"]
        );
        let altered = Hashed {
            amount: "0.01",
            ..hashed
        };
        assert!(!altered.proves(&key, right), "{}", vector["id"]);
        for wrong in [
            "",
            &right[1..],
            &format!("{right}0"),
            &right.replace(['0', '1', '2'], "f"),
            "dfgh87==",
        ] {
            assert!(!hashed.proves(&key, wrong), "{}: {wrong}", vector["id"]);
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

#[test]
fn the_temptoken_request_is_written_as_the_sample() {
    let request = TempTokenRequest {
        client_card_save: true,
        three_d_session: false,
        expiry_min: 30,
    };
    let sample: Value =
        serde_json::from_str(include_str!("contract/paywall-temptoken-request.json")).unwrap();
    assert_eq!(serde_json::to_value(request).unwrap(), sample);
}

#[test]
fn the_temptoken_response_is_read_from_the_sample() {
    let envelope: Envelope =
        serde_json::from_str(include_str!("contract/paywall-temptoken-response.json")).unwrap();
    assert!(envelope.result);
    let token: TempToken = serde_json::from_value(envelope.body).unwrap();
    assert_eq!(token.token, "22ae3b5a-8eb0-41cc-88c7-219e25b95441");
    let expiry: jiff::Timestamp = token.expiry_date_time.parse().unwrap();
    assert_eq!(expiry.to_string(), "2024-06-13T19:25:08.0404774Z");
}
