//! What becomes of answers: the good, the loose, and those that lie.

use super::*;

#[tokio::test]
async fn an_answer_that_tells_of_other_values_is_not_believed_though_signed() {
    let cases = [
        ("transactionId", json!("sbx-0000000002"), "transactionId"),
        ("transactionTime", json!("1760000001"), "transactionTime"),
        ("amount", json!(1299), "amount"),
        ("amount", Value::Null, "amount"),
        ("currency", json!("USD"), "currency"),
        ("installment", json!(2), "installment"),
        ("installment", Value::Null, "installment"),
        ("apiKey", json!("another"), "apiKey"),
        (
            "commonPaymentUniqueId",
            json!("../evil"),
            "commonPaymentUniqueId",
        ),
        (
            "commonPaymentUniqueId",
            json!(PAGE.to_uppercase()),
            "commonPaymentUniqueId",
        ),
        (
            "commonPaymentUniqueId",
            Value::Null,
            "commonPaymentUniqueId",
        ),
    ];
    let (provider, hepsipay) = ours().await;
    for (name, value, named) in cases {
        let mut answer = saved();
        answer[name] = value;
        provider.will(SAVE, Says::Json(200, signed(answer, "")));
        let error = hepsipay.save(&save(SALE)).await.unwrap_err();
        assert_eq!(distrust(error), Distrust::Other(named));
    }
}

#[tokio::test]
async fn an_altered_or_unsigned_answer_is_not_believed() {
    let (provider, hepsipay) = ours().await;
    let mut altered = signed(saved(), "");
    altered["amount"] = 1.into();
    let mut unsigned = saved();
    unsigned["signature"] = Value::Null;
    let cases = [
        (altered, Distrust::WrongSignature),
        (saved(), Distrust::Unsigned),
        (unsigned, Distrust::Unsigned),
    ];
    for (answer, why) in cases {
        provider.will(SAVE, Says::Json(200, answer));
        let error = hepsipay.save(&save(SALE)).await.unwrap_err();
        assert_eq!(distrust(error), why);
    }
    // A declined page whose code is rewritten.
    let mut rewritten = standing(Some("1520"));
    rewritten["paymentTransactionReponseCode"] = "0000".into();
    provider.will(QUERY, Says::Json(200, rewritten));
    let error = hepsipay
        .query(SALE, PageId::new(PAGE).as_ref())
        .await
        .unwrap_err();
    assert_eq!(distrust(error), Distrust::WrongSignature);
}

#[tokio::test]
async fn values_that_slid_into_each_other_are_not_believed() {
    let collision = &golden("hepsipay_signature", "collisions")[0];
    let value = |side: &str, name: &str| {
        let parts = collision[side].as_array().unwrap();
        let named = parts.iter().find(|part| part["name"] == name).unwrap();
        named["value"].as_str().unwrap().to_owned()
    };
    let message = |side: &str| (value(side, "TransactionId"), value(side, "TransactionTime"));
    let (a, b) = (message("parts_a"), message("parts_b"));
    let signer = Signer::new(&Secret::new(SECRET), HepsipayHash::Sha256).unwrap();
    for (id, time) in [&a, &b] {
        let save = Save {
            transaction_time: time.parse().unwrap(),
            ..save(id)
        };
        assert_eq!(signer.sign(&save.values()), collision["expected"]);
    }
    let (provider, hepsipay) = ours().await;
    let mut answer = saved();
    (answer["transactionId"], answer["transactionTime"]) = (b.0.into(), b.1.into());
    provider.will(SAVE, Says::Json(200, signed(answer, "")));
    let save = Save {
        transaction_time: a.1.parse().unwrap(),
        ..save(&a.0)
    };
    let error = hepsipay.save(&save).await.unwrap_err();
    assert_eq!(distrust(error), Distrust::Other("transactionId"));
}

#[tokio::test]
async fn a_standing_is_read_in_every_spelling() {
    let paid = |from: &str, to: &str| {
        let text = standing(Some("0000")).to_string();
        serde_json::from_str::<Value>(&text.replace(from, to)).unwrap()
    };
    let answers = [
        paid("", ""),
        paid("ReponseCode\"", "ReponseCode \""),
        paid("ReponseCode\"", "ResponseCode\""),
        paid("\"success\":true", "\"Success\":\"True\""),
        paid("\"amount\":12990", "\"Amount\":\"12990\""),
        paid("\"transactionId\"", "\"TRANSACTIONID\""),
    ];
    let (provider, hepsipay) = ours().await;
    for answer in answers {
        provider.will(QUERY, Says::Json(200, answer.clone()));
        let standing = hepsipay
            .query(SALE, PageId::new(PAGE).as_ref())
            .await
            .unwrap();
        assert_eq!(standing.outcome, Outcome::Paid, "{answer}");
        assert_eq!(
            (
                standing.amount,
                standing.currency.as_deref(),
                standing.installment
            ),
            (Some(12990), Some("TRY"), Some(1))
        );
    }
}

#[tokio::test]
async fn a_page_stands_as_its_payment_code_says() {
    let (provider, hepsipay) = ours().await;
    for (code, told) in [
        (None, "open"),
        (Some(""), "open"),
        (Some("0000"), "0000"),
        (Some("1520"), "1520"),
    ] {
        provider.will(QUERY, Says::Json(200, standing(code)));
        let standing = hepsipay
            .query(SALE, PageId::new(PAGE).as_ref())
            .await
            .unwrap();
        assert_eq!(said(&standing.outcome), told);
    }
}

#[tokio::test]
async fn a_page_whose_address_was_lost_is_found_by_our_id() {
    let (provider, hepsipay) = ours().await;
    provider.will(QUERY, Says::Json(200, standing(None)));
    let standing = hepsipay.query(SALE, None).await.unwrap();
    assert_eq!(standing.page.as_str(), PAGE);
    let asked = provider.asked(QUERY)[0].json();
    assert_eq!(asked.get("CommonPaymentUniqueId"), None);
}

#[tokio::test]
async fn another_page_than_the_one_asked_for_is_not_believed() {
    let (provider, hepsipay) = ours().await;
    provider.will(QUERY, Says::Json(200, standing(Some("0000"))));
    let other = PageId::new(&PAGE.replace('0', "1"));
    let error = hepsipay.query(SALE, other.as_ref()).await.unwrap_err();
    assert_eq!(distrust(error), Distrust::Other("commonPaymentUniqueId"));
}

#[tokio::test]
async fn a_no_is_a_refusal_in_whatever_status_it_comes() {
    let no = |success: Value, code: &str| json!({ "Success": success, "MessageCode": code, "UserMessage": "Olmadı" });
    let cases = [
        (200, no(json!(false), "1520"), "1520"),
        (400, no(json!(false), "1506"), "1506"),
        (400, no(Value::Null, "1506"), "1506"),
        (422, no(json!(false), ""), "6000"),
        (
            200,
            no(json!("False"), "İstek hatalı: 5571135571135575"),
            "6000",
        ),
    ];
    let (provider, hepsipay) = ours().await;
    for (status, answer, code) in cases {
        provider.will(SAVE, Says::Json(status, answer));
        match hepsipay.save(&save(SALE)).await.unwrap_err() {
            Error::Refused(refusal) => {
                assert_eq!(
                    (refusal.code.as_str(), refusal.message.as_deref()),
                    (code, Some("Olmadı"))
                );
            }
            other => panic!("{other}"),
        }
    }
    provider.will(SAVE, Says::Text(401, ""));
    let error = hepsipay.save(&save(SALE)).await.unwrap_err();
    assert!(matches!(error, Error::Refused(refusal) if refusal.code == "401"));
}

#[tokio::test]
async fn what_says_neither_yes_nor_no_is_lost() {
    let yes_and_no = json!({ "success": true, "messageCode": "1520" });
    let twice = r#"{"success":false,"Success":true,"messageCode":"0000"}"#;
    let codes = r#"{"success":true,"messageCode":"0000","paymentTransactionReponseCode":"1520","paymentTransactionResponseCode":"0000"}"#;
    let cases = [
        Says::Cut,
        Says::Text(500, r#"{"Success":false,"MessageCode":"6000"}"#),
        Says::Text(302, ""),
        Says::Text(200, "<h1>Bakım</h1>"),
        Says::Text(404, "<h1>404</h1>"),
        Says::Text(200, twice),
        Says::Text(200, codes),
        Says::Json(200, yes_and_no),
        Says::Json(200, json!([])),
        Says::Json(400, signed(saved(), "")),
    ];
    let (provider, hepsipay) = ours().await;
    for says in cases {
        provider.will(SAVE, says);
        let error = hepsipay.save(&save(SALE)).await.unwrap_err();
        assert!(matches!(error, Error::Lost(_)), "{error}");
    }
}

#[tokio::test]
async fn no_error_quotes_an_answer() {
    let (provider, hepsipay) = ours().await;
    let canary = "canary-in-the-answer";
    for answer in [
        json!({ "success": false, "messageCode": canary, "message": canary, "userMessage": canary }),
        json!({ "success": true, "messageCode": "0000", "signature": canary, "transactionId": canary }),
        json!({ "success": canary }),
    ] {
        provider.will(SAVE, Says::Json(200, answer));
        let error = hepsipay.save(&save(SALE)).await.unwrap_err();
        assert!(!error.to_string().contains(canary), "{error}");
    }
}

#[tokio::test]
async fn a_refund_is_done_waits_or_was_done_before() {
    let (provider, hepsipay) = ours().await;
    let waiting = json!({ "Success": true, "MessageCode": "0000", "TransactionId": "sbx-rf-1", "WaitingApproval": true });
    provider.will(REFUND, Says::Json(200, waiting.clone()));
    assert_eq!(hepsipay.refund(&refund()).await.unwrap(), Refunded::Waiting);
    let mut unsigned = waiting;
    unsigned["WaitingApproval"] = false.into();
    provider.will(REFUND, Says::Json(200, unsigned));
    assert_eq!(
        distrust(hepsipay.refund(&refund()).await.unwrap_err()),
        Distrust::Unsigned
    );
    provider.will(
        REFUND,
        Says::Json(400, json!({ "Success": false, "MessageCode": "1028" })),
    );
    let error = hepsipay.refund(&refund()).await.unwrap_err();
    assert!(matches!(error, Error::Refused(refusal) if refusal.is_already_refunded()));
}

#[tokio::test]
async fn a_refund_of_another_sum_is_not_believed() {
    let (provider, hepsipay) = ours().await;
    let signer = Signer::new(&Secret::new(SECRET), HepsipayHash::Sha256).unwrap();
    let text = format!("sbx-rf-1{SALE}{TIME}1TRY0000");
    let answer = json!({ "Success": true, "MessageCode": "0000", "TransactionId": "sbx-rf-1", "ReferenceTransactionId": SALE,
        "TransactionTime": TIME.to_string(), "Amount": 1, "Currency": "TRY", "Signature": signer.sign(&text) });
    provider.will(REFUND, Says::Json(200, answer));
    let error = hepsipay.refund(&refund()).await.unwrap_err();
    assert_eq!(distrust(error), Distrust::Other("Amount"));
}
