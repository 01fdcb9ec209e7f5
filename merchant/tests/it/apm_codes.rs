//! Alternative methods by one-time code, and those that charge at once.

use serde_json::{Value, json};

use crate::support::apm::{
    UNIQUE_CODE, at_once, awaiting_code, checkout, code, confirmed, list, meal_card, pay, resend,
    standing, standing_but, started, till, till_with,
};
use crate::support::{Answer, Call, Till, order, refusal};

const CARD: &str = "6375780000000000";

async fn payment(till: &Till, checkout: &str) -> Value {
    till.read(checkout).await.ok()["payment"].clone()
}

#[tokio::test]
async fn each_way_to_pay_is_offered_with_what_its_payer_is_asked_for() {
    let till = till().await;
    let id = checkout(&till, "ORD-1").await;
    assert_eq!(
        till.read(&id).await.ok()["methods"],
        json!([
            { "type": "card" },
            { "type": "apm", "connection": "12", "kind": "otp", "name": "Yemek Kartı", "category": "Cüzdan",
              "fields": ["cardNumber"] },
            { "type": "apm", "connection": "11", "kind": "redirect", "name": "Papara", "category": "Cüzdan" },
            { "type": "apm", "connection": "11", "kind": "qr", "name": "Papara", "category": "Cüzdan" },
            { "type": "apm", "connection": "14", "kind": "direct", "name": "Paye", "category": "Cüzdan" },
        ])
    );
    assert_eq!(
        till.paywall.seen(Call::ApmList)[0].header("currencyid"),
        "1"
    );

    // A phone that cannot be a mobile is asked for.
    let mut abroad = order("ORD-2");
    abroad["customer"]["phone"] = "+44 20 7946 0000".into();
    till.paywall.will(Call::ApmList, list());
    let id = till.checkout_of(&abroad).await;
    let methods = till.read(&id).await.ok()["methods"].clone();
    assert_eq!(methods[4]["fields"], json!(["phone"]));
}

#[tokio::test]
async fn without_the_switch_no_alternative_is_asked_for() {
    let till = Till::open().await;
    let id = till.checkout().await;
    assert_eq!(
        till.read(&id).await.ok()["methods"],
        json!([{ "type": "card" }])
    );
}

#[tokio::test]
async fn a_list_that_cannot_be_had_leaves_the_card() {
    let till = till().await;
    till.paywall.will(Call::ApmList, Answer::Status(503));
    let id = till.checkout_of(&order("ORD-1")).await;
    assert_eq!(
        till.read(&id).await.ok()["methods"],
        json!([{ "type": "card" }])
    );
}

#[tokio::test]
async fn a_right_code_pays() {
    let till = till().await;
    let (checkout, id) = awaiting_code(&till, "ORD-1").await;
    let sent = till.paywall.seen(Call::ApmPay)[0].json();
    assert_eq!(sent["MerchantUniqueCode"], json!(id));
    assert_eq!(sent["ApmConnectionId"], 12);
    assert_eq!(sent["Amount"].to_string(), "10.50");
    assert_eq!(sent["Products"][0]["ProductAmount"].to_string(), "10.50");
    assert_eq!(sent["Payer"]["CardNumber"], CARD);
    assert_eq!(sent["Payer"]["Phone"], "5000000000");

    let next = payment(&till, &checkout).await["next"].clone();
    assert_eq!(next["attemptsLeft"], 3);
    assert_eq!(next["resendFields"], json!(["cardNumber"]));
    let time = |name: &str| -> jiff::Timestamp { next[name].as_str().unwrap().parse().unwrap() };
    let from_now = |name: &str| time(name).duration_since(time("now")).as_secs();
    assert!((175..=180).contains(&from_now("expiresAt")), "{next}");
    assert!((25..=30).contains(&from_now("resendAt")), "{next}");

    till.paywall
        .will(Call::ApmConfirm, confirmed())
        .will(Call::ApmQuery, standing(4, 1));
    let paid = code(&till, &checkout, &id, "10188").await.ok();
    assert_eq!((&paid["status"], paid.get("next")), (&json!("paid"), None));
    assert_eq!(
        till.paywall.seen(Call::ApmConfirm)[0].json(),
        json!({ "UniqueCode": UNIQUE_CODE, "Otp": "10188" })
    );
}

#[tokio::test]
async fn the_old_start_is_chosen_by_a_setting_and_has_the_old_payer() {
    let till = till_with(vec![("PAYWALL_APM_START", "request_otp")]).await;
    let id = checkout(&till, "ORD-1").await;
    till.paywall.will(Call::ApmRequestOtp, started(true, 0));
    let payment = pay(&till, &id, &meal_card()).await.ok();
    assert_eq!(payment["next"].get("expiresAt"), None);
    assert_eq!(
        till.paywall.seen(Call::ApmRequestOtp)[0].json()["Payer"],
        json!({ "CardNumber": CARD, "Phone": "5000000000", "Identity": "" })
    );
}

#[tokio::test]
async fn a_payer_who_does_not_fit_starts_nothing() {
    let till = till().await;
    let id = checkout(&till, "ORD-1").await;
    for payer in [
        json!({}),
        json!({ "cardNumber": "" }),
        json!({ "cardNumber": "637578**********" }),
    ] {
        let mut body = meal_card();
        body["payer"] = payer;
        let reply = pay(&till, &id, &body).await;
        reply.problem(422, "invalid_request");
        assert!(!reply.text.contains("637578"), "{}", reply.text);
    }
    for (field, value) in [("connection", "99"), ("connection", "x"), ("kind", "qr")] {
        let mut body = meal_card();
        body[field] = value.into();
        pay(&till, &id, &body)
            .await
            .problem(422, "method_not_offered");
    }
}

#[tokio::test]
async fn a_wrong_code_may_be_tried_three_times() {
    let till = till().await;
    let (checkout, id) = awaiting_code(&till, "ORD-1").await;
    for left in [2, 1] {
        till.paywall.will(Call::ApmConfirm, refusal(40));
        let payment = code(&till, &checkout, &id, "00000").await.ok();
        assert_eq!(payment["status"], "pending");
        assert_eq!(
            (&payment["next"]["error"], &payment["next"]["attemptsLeft"]),
            (&json!("wrong"), &json!(left))
        );
    }
    till.paywall.will(Call::ApmConfirm, refusal(40));
    let payment = code(&till, &checkout, &id, "00000").await.ok();
    assert_eq!(
        (&payment["status"], &payment["error"]["code"]),
        (&json!("failed"), &json!("code_wrong"))
    );
    code(&till, &checkout, &id, "10188")
        .await
        .problem(409, "otp_not_awaited");
}

#[tokio::test]
async fn a_code_refused_without_a_reason_is_asked_about_before_it_counts_as_wrong() {
    let till = till().await;
    let cases = [
        (295, standing(11, 1), "pending", Some("expired")),
        (1, standing(8, 1), "pending", Some("wrong")),
        (359, standing(4, 1), "paid", None),
        (296, standing(5, 1), "failed", None),
    ];
    for (number, answer, status, fault) in cases {
        let (checkout, id) = awaiting_code(&till, &format!("ORD-{number}")).await;
        till.paywall
            .will(Call::ApmConfirm, refusal(number))
            .will(Call::ApmQuery, answer);
        if status != "pending" {
            let same = if status == "paid" { 4 } else { 5 };
            till.paywall.will(Call::ApmQuery, standing(same, 1));
        }
        let payment = code(&till, &checkout, &id, "00000").await.ok();
        assert_eq!(payment["status"], status, "{number}");
        assert_eq!(payment["next"]["error"].as_str(), fault, "{number}");
    }
}

#[tokio::test]
async fn while_what_became_of_a_code_is_unknown_no_other_is_taken() {
    let till = till().await;
    let (checkout, id) = awaiting_code(&till, "ORD-1").await;
    till.paywall
        .will(Call::ApmConfirm, Answer::Cut)
        .will(Call::ApmQuery, standing(10, 1));
    let payment = code(&till, &checkout, &id, "10188").await.ok();
    assert_eq!(payment["status"], "pending");
    code(&till, &checkout, &id, "10188")
        .await
        .problem(409, "otp_not_awaited");
    till.wait(11);
    till.paywall.will(Call::ApmQuery, standing(4, 1));
    till.reconciler.pass().await;
    assert_eq!(till.status(&checkout).await, "paid");
}

#[tokio::test]
async fn another_code_is_a_new_start_after_half_a_minute_and_twice_at_most() {
    let till = till().await;
    let (checkout, id) = awaiting_code(&till, "ORD-1").await;
    let payer = json!({ "cardNumber": CARD });
    resend(&till, &checkout, &id, payer.clone())
        .await
        .problem(409, "resend_not_allowed");
    for again in ["-2", "-3"] {
        till.wait(31);
        till.paywall
            .will(Call::ApmQuery, standing(8, 1))
            .will(Call::ApmPay, started(true, 0));
        let payment = resend(&till, &checkout, &id, payer.clone()).await.ok();
        assert_eq!(payment["next"]["type"], "otp", "{payment}");
        assert_eq!(payment["next"]["attemptsLeft"], 3);
        let sent = till.paywall.seen(Call::ApmPay).pop().unwrap().json();
        assert_eq!(sent["MerchantUniqueCode"], format!("{id}{again}"));
        assert_eq!(sent["Payer"]["CardNumber"], CARD);
    }
    assert_eq!(
        payment(&till, &checkout).await["next"].get("resendAt"),
        None
    );
    till.wait(31);
    resend(&till, &checkout, &id, payer)
        .await
        .problem(409, "resend_not_allowed");

    till.paywall
        .will(Call::ApmConfirm, confirmed())
        .will(Call::ApmQuery, standing(4, 1));
    let paid = code(&till, &checkout, &id, "10188").await.ok();
    assert_eq!(paid["status"], "paid");
    let order = till.order("ORD-1").await;
    assert_eq!(
        order["payments"][0]["provider"]["reference"],
        format!("{id}-3")
    );
}

#[tokio::test]
async fn another_code_needs_the_payer_again_and_nothing_paid() {
    let till = till().await;
    let (checkout, id) = awaiting_code(&till, "ORD-1").await;
    till.wait(31);
    resend(&till, &checkout, &id, json!({}))
        .await
        .problem(422, "invalid_request");
    till.paywall.will(Call::ApmQuery, standing(10, 1));
    resend(&till, &checkout, &id, json!({ "cardNumber": CARD }))
        .await
        .problem(409, "resend_not_allowed");
    till.paywall.will(Call::ApmQuery, standing(4, 1));
    let payment = resend(&till, &checkout, &id, json!({ "cardNumber": CARD }))
        .await
        .ok();
    assert_eq!(payment["status"], "paid");
    assert_eq!(till.paywall.seen(Call::ApmPay).len(), 1);
}

#[tokio::test]
async fn a_card_number_is_neither_stored_nor_told() {
    let till = till().await;
    let (checkout, id) = awaiting_code(&till, "ORD-1").await;
    till.wait(31);
    till.paywall
        .will(Call::ApmQuery, standing(8, 1))
        .will(Call::ApmPay, started(true, 0));
    resend(&till, &checkout, &id, json!({ "cardNumber": CARD }))
        .await
        .ok();
    assert!(!till.read(&checkout).await.text.contains(CARD));
    assert!(!till.order("ORD-1").await.to_string().contains(CARD));
    let written = till.database.everything().await;
    let mut windows = written.windows(CARD.len());
    assert!(!windows.any(|window| window == CARD.as_bytes()));
}

#[tokio::test]
async fn a_code_sent_although_the_answer_was_lost_can_still_be_typed() {
    let till = till().await;
    let id = checkout(&till, "ORD-1").await;
    till.paywall
        .will(Call::ApmPay, Answer::Cut)
        .will(Call::ApmQuery, standing(8, 1));
    let payment = pay(&till, &id, &meal_card()).await.ok();
    assert_eq!(
        (&payment["status"], &payment["next"]["type"]),
        (&json!("pending"), &json!("otp"))
    );
    assert_eq!(payment["next"].get("resendAt"), None);
    till.paywall
        .will(Call::ApmConfirm, confirmed())
        .will(Call::ApmQuery, standing(4, 1));
    let paid = code(&till, &id, payment["id"].as_str().unwrap(), "10188").await;
    assert_eq!(paid.ok()["status"], "paid");
}

#[tokio::test]
async fn a_lost_start_ends_as_paywall_says() {
    let till = till().await;
    let cases = [
        (standing(4, 1), "paid"),
        (standing(1, 1), "failed"),
        (standing(9, 1), "failed"),
        (refusal(296), "failed"),
        (standing(14, 1), "pending"),
        (Answer::Status(502), "pending"),
    ];
    for (at, (answer, status)) in cases.into_iter().enumerate() {
        let id = checkout(&till, &format!("ORD-{at}")).await;
        till.paywall
            .will(Call::ApmPay, Answer::Html)
            .will(Call::ApmQuery, answer);
        let payment = pay(&till, &id, &meal_card()).await.ok();
        assert_eq!(payment["status"], status, "{at}");
    }
}

#[tokio::test]
async fn a_refused_start_fails_with_a_code_for_the_shopper() {
    let till = till().await;
    let cases = [
        (50, "card_refused"),
        (286, "provider_unavailable"),
        (401, "provider_unavailable"),
        (290, "provider_error"),
        (1, "declined"),
    ];
    for (number, ours) in cases {
        let id = checkout(&till, &format!("ORD-{number}")).await;
        till.paywall.will(Call::ApmPay, refusal(number));
        let payment = pay(&till, &id, &meal_card()).await.ok();
        assert_eq!(
            (&payment["status"], &payment["error"]["code"]),
            (&json!("failed"), &json!(ours)),
            "{number}"
        );
    }
}

#[tokio::test]
async fn what_needs_no_code_is_asked_about_at_once() {
    let till = till().await;
    for (status, kind, ours) in [(4, 1, "paid"), (5, 1, "failed"), (14, 1, "pending")] {
        let id = checkout(&till, &format!("ORD-{status}")).await;
        till.paywall
            .will(Call::ApmPay, started(false, 0))
            .will(Call::ApmQuery, standing(status, kind));
        let payment = pay(&till, &id, &at_once()).await.ok();
        assert_eq!(payment["status"], ours);
        assert_eq!(payment.get("next"), None);
    }
}

#[tokio::test]
async fn other_money_than_ours_is_never_paid() {
    let till = till().await;
    let changes = [
        json!({ "Amount": 10.49 }),
        json!({ "Amount": null }),
        json!({ "CurrencyId": 2 }),
        json!({ "CurrencyId": null }),
        json!({ "MerchantUniqueCode": "pay_another" }),
    ];
    for (at, change) in changes.into_iter().enumerate() {
        let id = checkout(&till, &format!("ORD-{at}")).await;
        till.paywall
            .will(Call::ApmPay, started(false, 0))
            .will(Call::ApmQuery, standing_but(4, 1, change.clone()));
        let payment = pay(&till, &id, &at_once()).await.ok();
        assert_eq!(payment["status"], "pending", "{change}");
    }
}
