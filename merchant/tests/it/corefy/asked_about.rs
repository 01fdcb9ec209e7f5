//! What makes the server ask how an invoice stands: browsers that come back,
//! Corefy's calls, and the clock. None of them is believed by itself.

use super::shop::Shop;
use super::*;

#[tokio::test]
async fn a_callback_makes_the_server_ask_and_the_answer_counts() {
    let shop = Shop::open().await;
    let (checkout, _) = shop.at_the_page().await;
    // It says paid, and Corefy says otherwise.
    let says_paid = shop.invoice("processed", &[]);
    shop.will_tell("process_pending");
    assert_eq!(shop.call(&says_paid).await.status, 200);
    assert_eq!(shop.till.status(&checkout).await, "pending");
    // It says nothing yet, and Corefy says paid.
    let says_nothing = shop.invoice("created", &[]);
    shop.will_tell("processed");
    assert_eq!(shop.call(&says_nothing).await.status, 200);
    assert_eq!(shop.till.status(&checkout).await, "paid");
}

#[tokio::test]
async fn doubled_and_reordered_callbacks_change_nothing() {
    let shop = Shop::open().await;
    let (checkout, _) = shop.at_the_page().await;
    shop.will_tell("processed");
    for word in [
        "processed",
        "processed",
        "process_pending",
        "expired",
        "processed",
    ] {
        let body = shop.invoice(word, &[]);
        assert_eq!(shop.call(&body).await.status, 200, "{word}");
        assert_eq!(shop.till.status(&checkout).await, "paid", "{word}");
    }
    assert_eq!(shop.corefy.asked(GET).len(), 1);
}

#[tokio::test]
async fn a_forged_callback_asks_nobody_and_changes_nothing() {
    let shop = Shop::open().await;
    let (checkout, _) = shop.at_the_page().await;
    let body = shop.invoice("processed", &[]).to_string();
    let by = |secret: &str| signature(&Secret::new(secret), body.as_bytes());
    let good = by("sk_test_sandbox");
    let altered = body.replace("10.5", "0.01");
    let forged: [(&str, &[&str]); 7] = [
        (&body, &[]),
        (&body, &[""]),
        (&body, &[&by("a guess")]),
        (&body, &[&good, &good]),
        (&body, &[&by("sk_live_sandbox")]),
        (&altered, &[&good]),
        (&format!("{body}\n"), &[&good]),
    ];
    for (body, signatures) in forged {
        let reply = shop.call_with(body.to_owned(), signatures).await;
        reply.problem(400, "invalid_request");
    }
    assert_eq!(shop.till.status(&checkout).await, "pending");
}

#[tokio::test]
async fn a_callback_about_what_is_not_ours_is_accepted_and_asks_nobody() {
    let shop = Shop::open().await;
    let (checkout, _) = shop.at_the_page().await;
    let elsewhere = shop.invoice("processed", &[("reference_id", json!(REFERENCE))]);
    let mut other_id = shop.invoice("processed", &[]);
    other_id["data"]["id"] = "cpi_Another".into();
    for body in [elsewhere, other_id] {
        assert_eq!(shop.call(&body).await.status, 200);
    }
    assert_eq!(shop.till.status(&checkout).await, "pending");
}

#[tokio::test]
async fn a_callback_that_corefy_does_not_back_up_changes_nothing() {
    let shop = Shop::open().await;
    let (checkout, _) = shop.at_the_page().await;
    let body = shop.invoice("processed", &[]);
    for says in [
        Says::Cut,
        Says::Text(404, ""),
        Says::Text(500, ""),
        Says::Text(401, ""),
    ] {
        shop.corefy.will(GET, says);
        assert_eq!(shop.call(&body).await.status, 200);
        assert_eq!(shop.till.status(&checkout).await, "pending");
    }
}

#[tokio::test]
async fn a_return_proves_nothing_and_its_query_is_not_read() {
    let shop = Shop::open().await;
    let (checkout, payment) = shop.at_the_page().await;
    shop.will_tell("process_pending");
    let path = format!("/return/aspay/{payment}?status=processed&success=1");
    assert_eq!(shop.till.get(&path).await.status, 303);
    assert_eq!(shop.till.status(&checkout).await, "pending");
    let other = "pay_00000000000000000000000000000000";
    shop.come_back(other)
        .await
        .problem(404, "payment_not_found");
}

#[tokio::test]
async fn a_return_that_is_repeated_asks_no_more_once_it_is_paid() {
    let shop = Shop::open().await;
    let (checkout, payment) = shop.at_the_page().await;
    shop.will_tell("processed");
    for _ in 0..3 {
        assert_eq!(shop.come_back(&payment).await.status, 303);
    }
    assert_eq!(shop.corefy.asked(GET).len(), 1);
    assert_eq!(shop.till.status(&checkout).await, "paid");
}

#[tokio::test]
async fn a_shopper_who_never_comes_back_is_asked_about() {
    let shop = Shop::open().await;
    let (checkout, _) = shop.at_the_page().await;
    shop.till.wait(11);
    shop.will_tell("processed");
    shop.till.reconciler.pass().await;
    assert_eq!(shop.till.status(&checkout).await, "paid");
}

#[tokio::test]
async fn a_payment_under_way_is_not_given_up_however_old_it_is() {
    let shop = Shop::open().await;
    shop.at_the_page().await;
    shop.till.wait(3601);
    shop.will_tell("process_pending");
    shop.till.reconciler.pass().await;
    let view = shop.till.order("ORD-1").await;
    assert_eq!(view["payments"][0]["status"], "pending");
    shop.till.wait(3601);
    shop.will_tell("expired");
    shop.till.reconciler.pass().await;
    let view = shop.till.order("ORD-1").await;
    assert_eq!(view["payments"][0]["error"]["code"], "expired");
}
