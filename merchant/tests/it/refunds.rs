//! Money given back: to the shop's order, and by the server itself.

use serde_json::{Value, json};
use sqlx::Executor as _;

use crate::support::{
    Answer, Call, Reply, Till, done, order, refunded, refusal, standing, started,
};

const KEY: &str = "refund-0123456789ab";
const OTHER_KEY: &str = "refund-another-0123";

#[tokio::test]
async fn all_of_a_paid_order_is_given_back_and_shown() {
    let till = Till::open().await;
    let (_, payment) = till.paid().await;
    till.paywall.will(Call::Refund, done());
    let body = json!({ "reason": "Kargo kayboldu" });
    let reply = till.refund("ORD-1", KEY, body.clone()).await;
    assert_eq!(reply.status, 201);
    let refund = reply.ok();
    assert!(refund["id"].as_str().unwrap().starts_with("ref_"));
    for (name, value) in [
        ("payment", json!(payment)),
        ("amount", json!(1050)),
        ("status", json!("done")),
        ("reason", json!("Kargo kayboldu")),
    ] {
        assert_eq!(refund[name], value, "{name}");
    }
    assert_eq!(refund.get("error"), None);

    let view = till.order("ORD-1").await;
    assert_eq!(view["refunds"], json!([refund]));
    assert_eq!(view["refundedAmount"], 1050);
    assert_eq!(view["status"], "paid");

    let seen = &till.paywall.seen(Call::Refund)[0];
    assert_eq!(seen.json()["MerchantUniqueCode"], json!(payment));
    assert_eq!(
        (seen.header("apikeyprivate"), seen.header("apikeypublic")),
        ("private-key", "")
    );
}

#[tokio::test]
async fn the_same_key_gives_the_same_refund_and_asks_for_no_second_one() {
    let till = Till::open().await;
    till.paid().await;
    till.paywall.will(Call::RefundPart, done());
    let body = json!({ "amount": 50 });
    let first = till.refund("ORD-1", KEY, body.clone()).await.ok();
    let again = till.refund("ORD-1", KEY, body).await;
    assert_eq!((again.status.as_u16(), again.ok()), (200, first));
    let other = till.refund("ORD-1", KEY, json!({ "amount": 51 })).await;
    other.problem(409, "idempotency_mismatch");
}

#[tokio::test]
async fn parts_add_up_to_what_was_paid_and_no_further() {
    let till = Till::open().await;
    till.paid().await;
    let part = |number: u32, amount: i64| {
        let key = format!("refund-{number:016}");
        let till = &till;
        async move {
            till.refund("ORD-1", &key, json!({ "amount": amount }))
                .await
        }
    };
    till.paywall.will(Call::RefundPart, done());
    part(1, 1000).await.ok();
    let seen = till.paywall.seen(Call::RefundPart)[0].text.clone();
    assert!(seen.contains(r#""Amount":10.00"#), "{seen}");
    part(2, 51).await.problem(422, "refund_too_large");
    // One that failed is free again.
    till.paywall.will(Call::RefundPart, refusal(92));
    let refused = part(3, 50).await.ok();
    assert_eq!(refused["status"], "failed");
    assert_eq!(
        refused["error"],
        json!({ "code": "refund_refused", "message": "PayWall says no" })
    );
    assert_eq!(till.order("ORD-1").await["refundedAmount"], 1000);
    // All that is left, in another part.
    till.paywall.will(Call::RefundPart, done());
    let rest = till.refund("ORD-1", OTHER_KEY, json!({})).await.ok();
    assert_eq!(rest["amount"], 50);
    part(4, 1).await.problem(422, "refund_too_large");
    let nothing = till.refund("ORD-1", "refund-nothing-left", json!({})).await;
    nothing.problem(422, "refund_too_large");
}

#[tokio::test]
async fn of_many_refunds_at_once_no_more_is_given_back_than_was_paid() {
    let till = Till::open().await;
    let other = till.beside().await;
    till.paid().await;
    for _ in 0..2 {
        till.paywall.will(Call::RefundPart, done());
    }
    let asked = (0..8).map(|number| {
        let server = if number % 2 == 0 { &till } else { &other };
        let key = format!("refund-{number:016}");
        async move {
            server
                .refund("ORD-1", &key, json!({ "amount": 500 }))
                .await
                .status
                .as_u16()
        }
    });
    let mut answers = futures_util::future::join_all(asked).await;
    answers.sort_unstable();
    assert_eq!(answers, [201, 201, 422, 422, 422, 422, 422, 422]);
    assert_eq!(till.order("ORD-1").await["refundedAmount"], 1000);
}

#[tokio::test]
async fn only_a_paid_order_can_be_given_back_by_its_shop() {
    let till = Till::open().await;
    till.at_the_bank().await;
    let reply = till.refund("ORD-1", KEY, json!({})).await;
    reply.problem(409, "order_not_paid");
    let reply = till.refund("ORD-2", KEY, json!({})).await;
    reply.problem(404, "order_not_found");
    let path = "/v1/orders/ORD-1/refunds";
    let bare = till.request("POST", path).header("Idempotency-Key", KEY);
    Reply::to(bare.json(&json!({})))
        .await
        .problem(401, "unauthorized");
    for (body, status) in [
        (json!({ "amount": 0 }), 422),
        (json!({ "amount": -1 }), 422),
        (json!({ "amount": 1.5 }), 422),
        (json!({ "ammount": 1 }), 422),
        (json!({ "reason": "a\u{0}" }), 422),
    ] {
        let reply = till.refund("ORD-1", KEY, body).await;
        reply.problem(status, "invalid_request");
    }
    let reply = till.refund("ORD-1", "short", json!({})).await;
    reply.problem(400, "invalid_request");
}

async fn lost(till: &Till, body: Value) -> Value {
    let call = match body.get("amount") {
        Some(_) => Call::RefundPart,
        None => Call::Refund,
    };
    till.paywall.will(call, Answer::Cut);
    let refund = till.refund("ORD-1", KEY, body).await.ok();
    assert_eq!(refund["status"], "pending", "{refund}");
    refund
}

#[tokio::test]
async fn a_lost_refund_is_never_sent_again_and_read_off_what_is_left() {
    let cases = [
        (json!({}), refunded(2, 0.0), "done"),
        (json!({}), refunded(1, 10.5), "failed"),
        (json!({ "amount": 500 }), refunded(4, 5.5), "done"),
        (json!({ "amount": 500 }), refunded(1, 10.5), "failed"),
        // Given back by somebody else, perhaps: nobody can say.
        (json!({ "amount": 500 }), refunded(4, 3.5), "pending"),
        // PayWall does not tell.
        (json!({ "amount": 500 }), standing(4, 4), "pending"),
        (json!({}), Answer::Status(503), "pending"),
    ];
    for (body, answer, status) in cases {
        let till = Till::open().await;
        till.paid().await;
        let refund = lost(&till, body).await;
        till.reconciler.pass().await;
        till.wait(61);
        till.paywall.will(Call::Query, answer);
        till.reconciler.pass().await;
        let view = till.order("ORD-1").await;
        assert_eq!(view["refunds"][0]["id"], refund["id"]);
        assert_eq!(view["refunds"][0]["status"], status);
    }
}

#[tokio::test]
async fn a_pending_refund_counts_until_it_is_known_to_have_failed() {
    let till = Till::open().await;
    till.paid().await;
    lost(&till, json!({})).await;
    let second = till
        .refund("ORD-1", OTHER_KEY, json!({ "amount": 1 }))
        .await;
    second.problem(422, "refund_too_large");
    till.wait(61);
    till.paywall.will(Call::Query, refunded(1, 10.5));
    till.reconciler.pass().await;
    till.paywall.will(Call::RefundPart, done());
    let second = till
        .refund("ORD-1", OTHER_KEY, json!({ "amount": 1 }))
        .await;
    assert_eq!(second.ok()["status"], "done");
}

#[tokio::test]
async fn a_refund_that_stays_open_is_asked_about_for_a_week() {
    let till = Till::open().await;
    till.paid().await;
    lost(&till, json!({})).await;
    till.wait(7 * 24 * 3600);
    till.paywall.will(Call::Query, Answer::Cut);
    till.reconciler.pass().await;
    till.wait(2 * 3600);
    till.reconciler.pass().await;
    let view = till.order("ORD-1").await;
    assert_eq!(view["refunds"][0]["status"], "pending");
}

#[tokio::test]
async fn a_second_payment_of_a_paid_order_is_given_back_by_itself() {
    let till = Till::open().await;
    let (checkout, first) = till.at_the_bank().await;
    till.paywall.will(Call::Query, standing(5, 1));
    till.come_back(&first).await;
    till.paywall.will(Call::Start3d, started());
    let second = till.pay(&checkout, "another-key-0123456789").await.ok();
    till.paywall.will(Call::Query, standing(4, 1));
    till.come_back(second["id"].as_str().unwrap()).await;
    // The first one was declined, and turns out to be paid after all.
    till.paywall.will(Call::Query, standing(4, 1));
    till.come_back(&first).await;
    till.paywall.will(Call::Refund, done());
    till.reconciler.pass().await;
    let view = till.order("ORD-1").await;
    let refund = &view["refunds"][0];
    assert_eq!(
        (&refund["payment"], &refund["amount"], &refund["status"]),
        (&json!(first), &json!(1050), &json!("done"))
    );
    assert!(refund["reason"].is_string());
    let seen = &till.paywall.seen(Call::Refund)[0];
    assert_eq!(seen.code(), first);
    // What paid the order can still be given back.
    till.paywall.will(Call::Refund, done());
    let rest = till.refund("ORD-1", KEY, json!({})).await.ok();
    assert_eq!(rest["payment"], second["id"]);
    till.wait(3600);
    till.reconciler.pass().await;
}

#[tokio::test]
async fn a_refund_whose_server_died_before_it_was_sent_is_sent_once() {
    let till = Till::open().await;
    let other = till.beside().await;
    let (checkout, payment) = till.paid().await;
    let sql = format!(
        "INSERT INTO refunds (id, checkout, payment, number, idempotency_key, request_hash, amount, next_check_at,
         created_at, updated_at) VALUES ('ref_{}', '{checkout}', '{payment}', 1, 'key', '', 1050, 0, 0, 0)",
        "0".repeat(32)
    );
    till.database()
        .await
        .execute(sqlx::AssertSqlSafe(sql))
        .await
        .unwrap();
    till.paywall.will(Call::Refund, done());
    tokio::join!(till.reconciler.pass(), other.reconciler.pass());
    assert_eq!(till.order("ORD-1").await["refundedAmount"], 1050);
}

#[tokio::test]
async fn the_database_holds_refunds_within_what_was_paid() {
    let till = Till::open().await;
    let (checkout, payment) = till.paid().await;
    let other = till.checkout_of(&order("ORD-2")).await;
    assert_ne!(checkout, other);
    let insert = |id: &str, amount: i64| {
        sqlx::AssertSqlSafe(format!(
            "INSERT INTO refunds (id, checkout, payment, number, idempotency_key, request_hash, amount, created_at,
             updated_at) VALUES ('{id}', '{checkout}', '{payment}', {amount}, '{id}', '', {amount}, 0, 0)"
        ))
    };
    let mut database = till.database().await;
    database.execute(insert("a", 1000)).await.unwrap();
    let error = database.execute(insert("b", 51)).await.unwrap_err();
    assert!(error.to_string().contains("never"), "{error}");
    for sql in [
        "UPDATE refunds SET amount = 1",
        "UPDATE refunds SET status = 'done'; UPDATE refunds SET status = 'failed'",
    ] {
        let error = database.execute(sql).await.unwrap_err();
        assert!(error.to_string().contains("never"), "{error}");
    }
}
