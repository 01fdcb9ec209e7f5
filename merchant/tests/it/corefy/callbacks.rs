//! Corefy's signed calls, and forgeries of them.

use super::*;

#[test]
fn every_x_signature_of_the_contract_is_made() {
    let vectors = vectors("corefy_x_signature");
    assert_eq!(vectors.len(), 5);
    for vector in vectors {
        let secret = Secret::new(vector["secret"].as_str().unwrap());
        let body = vector["body"].as_str().unwrap();
        assert_eq!(
            signature(&secret, body.as_bytes()),
            vector["expected"],
            "{}",
            vector["id"]
        );
    }
}

#[test]
fn a_callback_is_opened_with_either_secret_and_no_other() {
    for vector in vectors("corefy_x_signature") {
        let body = vector["body"].as_str().unwrap().as_bytes();
        let expected = vector["expected"].as_str();
        let opened = secrets().open(body, expected);
        if body.is_empty() {
            assert_eq!(opened, Err(Forgery::Unreadable));
            continue;
        }
        let callback = opened.unwrap();
        assert_eq!(callback.subject, Subject::Payment, "{}", vector["id"]);
        assert_eq!(callback.id.as_str(), "cpi_SbxInvoice0001");
        assert_eq!(callback.reference_id, "ord-1001");
        let only = |live, test| Secrets { live, test };
        let other = Some(Secret::new("another"));
        for wrong in [
            Secrets::default(),
            only(other.clone(), None),
            only(None, other),
        ] {
            assert_eq!(wrong.open(body, expected), Err(Forgery::WrongSignature));
        }
    }
}

#[test]
fn an_altered_unsigned_or_misplaced_callback_is_a_forgery() {
    let (live, test) = (
        Secret::new("sk_live_sandbox"),
        Secret::new("sk_test_sandbox"),
    );
    let body = invoice().to_string();
    let signed = signature(&test, body.as_bytes());
    assert!(secrets().open(body.as_bytes(), Some(&signed)).is_ok());
    let altered = body.replace("process_pending", "processed");
    let by_live = signature(&live, body.as_bytes());
    let other = r#"{"data":{"type":"customers","id":"c1","attributes":{}}}"#;
    let signed_other = signature(&test, other.as_bytes());
    let cases = [
        (
            altered.as_str(),
            Some(signed.as_str()),
            Forgery::WrongSignature,
        ),
        (&body, None, Forgery::Unsigned),
        (&body, Some(""), Forgery::Unsigned),
        (&body, Some(&signed[1..]), Forgery::WrongSignature),
        // A test that is signed as if it were live.
        (&body, Some(&by_live), Forgery::OtherMode),
        (other, Some(&signed_other), Forgery::Unreadable),
    ];
    for (body, signature, why) in cases {
        assert_eq!(secrets().open(body.as_bytes(), signature), Err(why));
    }
}

#[test]
fn a_payouts_callback_is_told_from_a_payments() {
    let body = r#"{"data":{"type":"payout-invoices","id":"cpo_1","attributes":{"status":"processed","reference_id":"po-1"}}}"#;
    let signed = signature(&Secret::new("sk_test_sandbox"), body.as_bytes());
    let callback = secrets().open(body.as_bytes(), Some(&signed)).unwrap();
    assert_eq!(
        (callback.subject, callback.reference_id.as_str()),
        (Subject::Payout, "po-1")
    );
}
