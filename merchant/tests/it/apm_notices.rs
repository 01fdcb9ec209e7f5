//! What is told about a payment by an alternative method: good hints make the
//! server ask, bad ones change nothing.

use serde_json::{Value, json};

use crate::support::apm::{
    at_the_page, awaiting_code, call_back, callback, come_back, form, hash, list, resend, standing,
    started, till, till_with,
};
use crate::support::{Call, Reply};

#[tokio::test]
async fn paywalls_own_call_makes_the_server_ask() {
    let till = till().await;
    let (checkout, id) = at_the_page(&till, "ORD-1").await;
    till.paywall.will(Call::ApmQuery, standing(4, 1));
    let reply = call_back(&till, &callback(&id)).await;
    assert_eq!(reply.status, 200);
    assert_eq!(till.status(&checkout).await, "paid");
    // Again and again: it is paid, and nobody is asked.
    for _ in 0..2 {
        assert_eq!(call_back(&till, &callback(&id)).await.status, 200);
    }
    assert_eq!(till.paywall.seen(Call::ApmQuery).len(), 1);
}

#[tokio::test]
async fn a_call_that_says_success_decides_nothing() {
    let till = till().await;
    let (checkout, id) = at_the_page(&till, "ORD-1").await;
    till.paywall.will(Call::ApmQuery, standing(3, 1));
    assert_eq!(call_back(&till, &callback(&id)).await.status, 200);
    assert_eq!(till.status(&checkout).await, "pending");
}

#[tokio::test]
async fn a_forged_or_altered_call_changes_nothing_and_asks_nobody() {
    let till = till().await;
    let (checkout, id) = at_the_page(&till, "ORD-1").await;
    let (_, other) = at_the_page(&till, "ORD-2").await;
    let alter = |field: &str, value: Value| {
        let mut body = callback(&id);
        body[field] = value;
        body
    };
    let forgeries = [
        alter("Hash", Value::Null),
        alter("Hash", json!("")),
        alter("Hash", json!("0".repeat(64))),
        alter("Amount", json!("10.50")),
        alter("Id", json!(4331)),
        alter("MerchantUniqueCode", json!(other)),
        alter("HashKeyType", json!(7)),
        alter("HashFormat", json!("Payment")),
        json!([]),
        json!({}),
    ];
    for body in forgeries {
        call_back(&till, &body)
            .await
            .problem(400, "invalid_request");
    }
    let request = till.request("POST", "/callback/apm").body("not json");
    Reply::to(request).await.problem(400, "invalid_request");
    assert_eq!(till.status(&checkout).await, "pending");
    assert!(till.paywall.seen(Call::ApmQuery).is_empty());
}

#[tokio::test]
async fn a_call_about_no_payment_of_ours_is_not_found() {
    let till = till().await;
    till.paywall.will(Call::ApmList, list());
    let (_, id) = till.at_the_bank().await;
    for code in ["", "pay_1", &format!("pay_{}", "0".repeat(32)), &id] {
        call_back(&till, &callback(code))
            .await
            .problem(404, "payment_not_found");
    }
}

#[tokio::test]
async fn a_forged_or_altered_form_changes_nothing_and_asks_nobody() {
    let till = till().await;
    let (checkout, id) = at_the_page(&till, "ORD-1").await;
    let alter = |field: &str, value: Option<&str>| {
        let mut form = form(&id);
        form.retain(|(name, _)| *name != field || value.is_some());
        for (name, text) in &mut form {
            if *name == field {
                value.unwrap().clone_into(text);
            }
        }
        form
    };
    let mut doubled = form(&id);
    doubled.push(("amount", "99.00".into()));
    // The merchant's code where another contract has it.
    let mut misplaced = alter("merchantUniqueCode", None);
    misplaced.retain(|(name, _)| *name != "uniqueCode");
    misplaced.push(("uniqueCode", id.clone()));
    let forms = [
        alter("hash", None),
        alter("hash", Some(&"0".repeat(64))),
        alter("amount", Some("10.50")),
        alter("apmTransactionId", Some("4331")),
        alter("merchantUniqueCode", Some("pay_another")),
        doubled,
        misplaced,
        form(&format!("pay_{}", "0".repeat(32))),
        vec![],
    ];
    for form in forms {
        assert_eq!(come_back(&till, &id, &form).await.status, 303, "{form:?}");
    }
    assert_eq!(till.status(&checkout).await, "pending");
    assert!(till.paywall.seen(Call::ApmQuery).is_empty());
}

#[tokio::test]
async fn without_a_hash_key_a_message_is_a_hint_to_ask() {
    let till = till_with(vec![("PAYWALL_HASH_KEY_APM", "")]).await;
    let (checkout, id) = at_the_page(&till, "ORD-1").await;
    till.paywall
        .will(Call::ApmQuery, standing(3, 1))
        .will(Call::ApmQuery, standing(4, 1));
    let bare = json!({ "MerchantUniqueCode": id });
    assert_eq!(call_back(&till, &bare).await.status, 200);
    assert_eq!(till.status(&checkout).await, "pending");
    come_back(&till, &id, &[("merchantUniqueCode", id.clone())]).await;
    assert_eq!(till.status(&checkout).await, "paid");
}

#[tokio::test]
async fn money_that_came_in_under_an_earlier_code_is_found() {
    let till = till().await;
    let (checkout, id) = awaiting_code(&till, "ORD-1").await;
    till.wait(31);
    till.paywall
        .will(Call::ApmQuery, standing(8, 1))
        .will(Call::ApmPay, started(true, 0));
    resend(
        &till,
        &checkout,
        &id,
        json!({ "cardNumber": "6375780000000000" }),
    )
    .await
    .ok();
    till.paywall.will(Call::ApmQuery, standing(4, 1));
    assert_eq!(call_back(&till, &callback(&id)).await.status, 200);
    assert_eq!(till.status(&checkout).await, "paid");
    let asked = till.paywall.seen(Call::ApmQuery).pop().unwrap();
    assert_eq!(asked.header("merchantuniquecode"), id);
    let order = till.order("ORD-1").await;
    assert_eq!(order["payments"][0]["provider"]["reference"], json!(id));
}

#[tokio::test]
async fn a_hash_is_over_the_letters_that_came() {
    let till = till().await;
    let (checkout, id) = at_the_page(&till, "ORD-1").await;
    till.paywall.will(Call::ApmQuery, standing(4, 1));
    let text = callback(&id)
        .to_string()
        .replace("10.5", "10.500")
        .replace(&hash(&id, "10.5"), &hash(&id, "10.500"));
    let request = till.request("POST", "/callback/apm").body(text);
    assert_eq!(Reply::to(request).await.status, 200);
    assert_eq!(till.status(&checkout).await, "paid");
}
