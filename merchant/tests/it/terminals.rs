//! Payments at a POS terminal.

use serde_json::{Value, json};

use crate::support::pos::{
    REQUEST, TERMINAL, call_back, callback, checkout, guid, listed, order_at, pay, refused,
    requested, ringing, standing, standing_but,
};
use crate::support::{Answer, Call, Till, TillOptions, order};

const OTHER: &str = "5d0f6b0e-52c7-4d57-9b0b-0a4c3f1c9a02";

async fn next(till: &Till, checkout: &str) -> Value {
    till.read(checkout).await.ok()["payment"]["next"].clone()
}

#[tokio::test]
async fn terminals_are_offered_to_orders_of_a_counter_only() {
    let till = Till::open().await;
    let methods = async |order: Value| {
        let checkout = till.checkout_of(&order).await;
        till.read(&checkout).await.ok()["methods"].clone()
    };
    let card = json!([{ "type": "card" }]);
    assert_eq!(methods(order("ORD-1")).await, card);
    let by_tag = order_at("ORD-2", json!({ "tag": "KASA-1" }));
    assert_eq!(
        methods(by_tag).await,
        json!([{ "type": "terminal", "terminals": [{ "id": "KASA-1", "name": "KASA-1" }] }])
    );
    let all = [(TERMINAL, "Ön kasa"), (OTHER, " ")];
    till.paywall.will(Call::Terminals, listed(&all));
    let by_id = order_at("ORD-3", json!({ "id": TERMINAL }));
    assert_eq!(
        methods(by_id).await[0]["terminals"],
        json!([{ "id": TERMINAL, "name": "Ön kasa" }])
    );
    till.paywall.will(Call::Terminals, listed(&all));
    assert_eq!(
        methods(order_at("ORD-4", json!({}))).await[0]["terminals"],
        json!([{ "id": TERMINAL, "name": "Ön kasa" }, { "id": OTHER, "name": "SBX0000001" }])
    );
    // A name is for show: without one the terminal goes by its id.
    till.paywall.will(Call::Terminals, Answer::Status(503));
    let nameless = order_at("ORD-5", json!({ "id": TERMINAL }));
    assert_eq!(methods(nameless).await[0]["terminals"][0]["name"], TERMINAL);
}

#[tokio::test]
async fn a_terminal_that_paywall_could_not_be_told_of_is_not_offered() {
    let till = Till::open().await;
    for (reference, terminal, currency) in [
        ("ORD-1", json!({ "id": "KASA-1" }), "TRY"),
        ("ORD-2", json!({ "tag": "K".repeat(26) }), "TRY"),
        ("ORD-3", json!({ "tag": "KASA-1" }), "CHF"),
    ] {
        let mut order = order_at(reference, terminal);
        order["currency"] = currency.into();
        till.create_order(&order)
            .await
            .problem(422, "invalid_request");
    }
    till.paywall.will(Call::Terminals, Answer::Cut);
    till.create_order(&order_at("ORD-4", json!({})))
        .await
        .problem(502, "provider_unavailable");
}

#[tokio::test]
async fn a_sale_is_rung_and_its_end_noticed_without_a_call() {
    let till = Till::open().await;
    let (checkout, id) = ringing(&till, "ORD-1").await;
    let sent = till.paywall.seen(Call::Sale)[0].clone();
    assert_eq!(sent.header("apikeyprivate"), "private-key");
    assert_eq!(
        sent.json(),
        json!({ "TerminalTagCode": "KASA-1", "MerchantUniqueCode": guid(&id), "DisplayCode": "ORD-1",
            "Amount": serde_json::from_str::<Value>("10.50").unwrap(), "CurrencyId": 1,
            "CallbackAddress": "https://pay.shop.example/callback/terminal", "SplitPaymentSupport": false,
            "Products": [{ "Name": "Bir kitap", "TaxGroupId": 20, "UnitCodeId": 4, "CurrencyId": 1,
                "Amount": serde_json::from_str::<Value>("10.50").unwrap(), "Quantity": 1 }],
            "SkipPrintCustomer": false, "SkipPrintMerchant": false, "SkipPaymentOptionScreen": false })
    );
    assert_eq!(
        next(&till, &checkout).await,
        json!({ "type": "wait", "cancellable": true, "stage": "sending" })
    );
    till.wait(3);
    till.paywall.will(Call::Inquiry, standing(&id, 11, 1));
    till.reconciler.pass().await;
    assert_eq!(
        next(&till, &checkout).await,
        json!({ "type": "wait", "cancellable": false, "stage": "on_terminal" })
    );
    till.wait(3);
    till.paywall.will(Call::Inquiry, standing(&id, 4, 1));
    till.reconciler.pass().await;
    assert_eq!(till.status(&checkout).await, "paid");
    let order = till.order("ORD-1").await;
    assert_eq!(
        order["payments"][0]["provider"],
        json!({ "name": "paywall", "reference": guid(&id), "id": REQUEST, "status": "4" })
    );
}

#[tokio::test]
async fn what_paywall_says_decides() {
    let till = Till::open().await;
    let cases = [
        (4, 1, "paid", None),
        (5, 1, "failed", Some("declined")),
        (3, 1, "failed", Some("terminal_unreachable")),
        (12, 1, "canceled", Some("canceled")),
        (4, 2, "canceled", Some("canceled")),
        (1, 1, "pending", None),
        (2, 1, "pending", None),
        (7, 1, "pending", None),
        (8, 1, "pending", None),
        (9, 1, "pending", None),
        (10, 1, "pending", None),
        (11, 1, "pending", None),
        (6, 1, "pending", None),
        (5, 2, "pending", None),
        (4, 3, "pending", None),
        (99, 1, "pending", None),
    ];
    for (status, kind, ours, code) in cases {
        let (checkout, id) = ringing(&till, &format!("ORD-{status}-{kind}")).await;
        till.paywall
            .will(Call::Inquiry, standing(&id, status, kind));
        let reply = call_back(&till, &callback(&id, 4)).await;
        assert_eq!(reply.status, 200);
        let shown = till.read(&checkout).await.ok()["payment"].clone();
        assert_eq!(shown["status"], ours, "{status}/{kind}");
        assert_eq!(shown["error"]["code"].as_str(), code, "{status}/{kind}");
    }
}

#[tokio::test]
async fn a_sale_that_ends_in_its_own_answer_is_asked_about() {
    let till = Till::open().await;
    for (status, ours) in [(4, "paid"), (3, "failed"), (5, "failed")] {
        let checkout = checkout(&till, &format!("ORD-{status}")).await;
        till.paywall.will(Call::Sale, requested(status)).will(
            Call::Inquiry,
            Answer::With(Box::new(move |_| json!({ "status": status }))),
        );
        // The inquiry's answer is not PayWall's envelope: what the sale said is not enough.
        let payment = pay(&till, &checkout, None).await.ok();
        assert_eq!(payment["status"], "pending");
        let id = payment["id"].as_str().unwrap().to_owned();
        till.wait(3);
        till.paywall.will(Call::Inquiry, standing(&id, status, 1));
        till.reconciler.pass().await;
        assert_eq!(till.status(&checkout).await, ours);
    }
}

#[tokio::test]
async fn of_several_terminals_one_is_named() {
    let till = Till::open().await;
    till.paywall
        .will(Call::Terminals, listed(&[(TERMINAL, "A"), (OTHER, "B")]));
    let checkout = till.checkout_of(&order_at("ORD-1", json!({}))).await;
    for wrong in [None, Some("KASA-1"), Some(REQUEST)] {
        pay(&till, &checkout, wrong)
            .await
            .problem(422, "method_not_offered");
    }
    till.paywall.will(Call::Sale, requested(2));
    pay(&till, &checkout, Some(OTHER)).await.ok();
    assert_eq!(till.paywall.seen(Call::Sale)[0].json()["TerminalId"], OTHER);
}

#[tokio::test]
async fn a_refused_sale_fails_with_a_code_for_the_shopper() {
    let till = Till::open().await;
    for (word, code) in [
        ("Payment.Async.CloudNotSendToDevice", "terminal_unreachable"),
        ("Terminal.Tag.NotFound", "provider_unavailable"),
        ("System.AuthError", "provider_unavailable"),
        ("System.ValidationError", "provider_error"),
        ("", "declined"),
    ] {
        let checkout = checkout(&till, &format!("ORD-{word}")).await;
        till.paywall.will(Call::Sale, refused(word));
        let payment = pay(&till, &checkout, None).await.ok();
        assert_eq!(
            (&payment["status"], &payment["error"]["code"]),
            (&json!("failed"), &json!(code)),
            "{word}"
        );
        assert_eq!(payment["error"]["message"], "PayWall says no");
    }
}

#[tokio::test]
async fn a_lost_sale_is_not_sent_again_but_resolved_by_paywalls_call() {
    let till = Till::open().await;
    let lost: [fn() -> Answer; 3] = [
        || Answer::Cut,
        || Answer::Status(500),
        || refused("Payment.Async.MerchantUniqueCodeAlreadyExists"),
    ];
    for (at, answer) in lost.into_iter().enumerate() {
        let checkout = checkout(&till, &format!("ORD-{at}")).await;
        till.paywall.will(Call::Sale, answer());
        let payment = pay(&till, &checkout, None).await.ok();
        assert_eq!(
            (&payment["status"], &payment["next"]),
            (
                &json!("pending"),
                &json!({ "type": "wait", "cancellable": false })
            )
        );
        let id = payment["id"].as_str().unwrap().to_owned();
        // Nobody can ask, and a cancel cannot be sent.
        till.wait(3);
        till.reconciler.pass().await;
        assert_eq!(till.cancel(&checkout, &id).await.ok()["status"], "pending");

        till.paywall.will(Call::Inquiry, standing(&id, 4, 1));
        call_back(&till, &callback(&id, 4)).await;
        assert_eq!(till.status(&checkout).await, "paid");
    }
    assert_eq!(till.paywall.seen(Call::Sale).len(), 3);
}

#[tokio::test]
async fn a_lost_sale_of_which_nobody_calls_ends_with_its_time() {
    let till = Till::open().await;
    let checkout = checkout(&till, "ORD-1").await;
    till.paywall.will(Call::Sale, Answer::Cut);
    let payment = pay(&till, &checkout, None).await.ok();
    let id = payment["id"].as_str().unwrap().to_owned();
    till.wait(3601);
    till.reconciler.pass().await;
    let order = till.order("ORD-1").await;
    assert_eq!(order["payments"][0]["error"]["code"], "expired");

    till.paywall.will(Call::Inquiry, standing(&id, 4, 1));
    call_back(&till, &callback(&id, 4)).await;
    assert_eq!(till.status(&checkout).await, "paid");
}

#[tokio::test]
async fn a_cancel_is_granted_when_paywall_says_so() {
    let till = Till::open().await;
    let (checkout, id) = ringing(&till, "ORD-1").await;
    till.paywall
        .will(Call::Inquiry, standing(&id, 2, 1))
        .will(Call::SaleCancel, requested(12))
        .will(Call::Inquiry, standing(&id, 12, 1));
    let answer = till.cancel(&checkout, &id).await.ok();
    assert_eq!(answer["status"], "canceled");
    assert_eq!(
        till.paywall.seen(Call::SaleCancel)[0].json(),
        json!({ "PaymentRequestId": REQUEST })
    );

    let (checkout, id) = ringing(&till, "ORD-2").await;
    till.paywall
        .will(Call::Inquiry, standing(&id, 11, 1))
        .will(
            Call::SaleCancel,
            refused("Payment.Async.NotConvenientStatusForThisOperation"),
        )
        .will(Call::Inquiry, standing(&id, 11, 1));
    assert_eq!(till.cancel(&checkout, &id).await.ok()["status"], "pending");
}

#[tokio::test]
async fn a_sale_left_at_the_terminal_is_withdrawn_when_its_time_is_over() {
    let till = Till::open().await;
    let (_, id) = ringing(&till, "ORD-1").await;
    till.wait(3601);
    till.paywall
        .will(Call::Inquiry, standing(&id, 2, 1))
        .will(Call::SaleCancel, requested(12))
        .will(Call::Inquiry, standing(&id, 12, 1));
    till.reconciler.pass().await;
    assert_eq!(
        till.order("ORD-1").await["payments"][0]["status"],
        "canceled"
    );
}

#[tokio::test]
async fn a_forged_or_altered_call_changes_nothing_and_asks_nobody() {
    let till = Till::open().await;
    let (checkout, id) = ringing(&till, "ORD-1").await;
    let (_, other) = ringing(&till, "ORD-2").await;
    let alter = |field: &str, value: Value| {
        let mut body = callback(&id, 4);
        body[field] = value;
        body
    };
    for forgery in [
        alter("Hash", Value::Null),
        alter("Hash", json!("0".repeat(64))),
        alter("Amount", json!("10.50")),
        alter("PaymentRequestId", json!(OTHER)),
        alter("MerchantUniqueCode", json!(guid(&other))),
        alter("MerchantUniqueCode", json!(guid(&id).to_uppercase())),
        alter("HashKeyType", json!(6)),
        json!({}),
    ] {
        call_back(&till, &forgery)
            .await
            .problem(400, "invalid_request");
    }
    let unknown = format!("pay_{}", "0".repeat(32));
    call_back(&till, &callback(&unknown, 4))
        .await
        .problem(404, "payment_not_found");
    assert_eq!(till.status(&checkout).await, "pending");
    assert!(till.paywall.seen(Call::Inquiry).is_empty());
}

#[tokio::test]
async fn a_replayed_call_about_a_paid_sale_asks_nobody() {
    let till = Till::open().await;
    let (checkout, id) = ringing(&till, "ORD-1").await;
    till.paywall.will(Call::Inquiry, standing(&id, 4, 1));
    for _ in 0..3 {
        assert_eq!(call_back(&till, &callback(&id, 4)).await.status, 200);
    }
    assert_eq!(till.status(&checkout).await, "paid");
    assert_eq!(till.paywall.seen(Call::Inquiry).len(), 1);
}

#[tokio::test]
async fn without_a_hash_key_another_sales_request_is_not_taken_for_ours() {
    let till = Till::open_with(TillOptions {
        variables: vec![("PAYWALL_HASH_KEY_POS", "")],
    })
    .await;
    let (_, other) = ringing(&till, "ORD-1").await;
    let checkout = checkout(&till, "ORD-2").await;
    till.paywall.will(Call::Sale, Answer::Cut);
    let payment = pay(&till, &checkout, None).await.ok();
    let id = payment["id"].as_str().unwrap().to_owned();
    let bare = json!({ "PaymentRequestId": REQUEST, "MerchantUniqueCode": guid(&id) });
    till.paywall.will(Call::Inquiry, standing(&other, 4, 1));
    assert_eq!(call_back(&till, &bare).await.status, 200);
    assert_eq!(till.status(&checkout).await, "pending");
    // Nor is it kept: the right one still resolves it.
    till.paywall.will(Call::Inquiry, standing(&id, 4, 1));
    call_back(&till, &bare).await;
    assert_eq!(till.status(&checkout).await, "paid");
}

#[tokio::test]
async fn other_money_than_ours_is_never_paid() {
    let till = Till::open().await;
    for (at, change) in [
        json!({ "Amount": 10.49 }),
        json!({ "Amount": null }),
        json!({ "CurrencyId": 2 }),
        json!({ "CurrencyId": null }),
    ]
    .into_iter()
    .enumerate()
    {
        let (checkout, id) = ringing(&till, &format!("ORD-{at}")).await;
        till.paywall
            .will(Call::Inquiry, standing_but(&id, 4, 1, &change));
        call_back(&till, &callback(&id, 4)).await;
        assert_eq!(till.status(&checkout).await, "pending", "{change}");
    }
}

#[tokio::test]
async fn a_terminals_payment_is_not_given_back_from_here() {
    let till = Till::open().await;
    let (_, id) = ringing(&till, "ORD-1").await;
    till.paywall.will(Call::Inquiry, standing(&id, 4, 1));
    call_back(&till, &callback(&id, 4)).await;
    let refund = till
        .refund("ORD-1", "refund-key-0123456789", json!({}))
        .await
        .ok();
    assert_eq!(
        (&refund["status"], &refund["error"]["code"]),
        (&json!("failed"), &json!("refund_not_supported"))
    );
}
