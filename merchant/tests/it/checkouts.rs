//! The browser reads its checkout and gets a TempToken.

use serde_json::json;

use crate::sample;
use crate::support::{Answer, Call, Reply, Till, order, refusal, standing, started};

fn temp_token_answer() -> Answer {
    Answer::Json(sample!("paywall-temptoken-response"))
}

#[tokio::test]
async fn a_checkout_shows_its_order_and_nothing_of_the_customer() {
    let till = Till::open().await;
    let id = till.checkout().await;
    let reply = till.read(&id).await;
    let checkout = reply.ok();
    assert_eq!(checkout["id"], json!(id));
    assert_eq!(checkout["amount"], 1050);
    assert_eq!(checkout["methods"], json!([{ "type": "card" }]));
    assert_eq!(checkout["locale"], "tr");
    assert!(
        checkout["expiresAt"].as_str().unwrap().ends_with('Z'),
        "{checkout}"
    );
    assert!(!reply.text.contains("Ada"), "{}", reply.text);
}

#[tokio::test]
async fn an_unknown_or_malformed_checkout_is_not_found() {
    let till = Till::open().await;
    for id in [
        &format!("co_{}", "0".repeat(32)),
        "co_1",
        "x",
        "%00",
        "%ff",
        "co_1%2F..%2F",
    ] {
        till.read(id).await.problem(404, "checkout_not_found");
        till.temp_token(id).await.problem(404, "checkout_not_found");
        till.pay(id, "key-0123456789abcdef")
            .await
            .problem(404, "checkout_not_found");
    }
}

#[tokio::test]
async fn an_expired_unpaid_checkout_is_gone() {
    let till = Till::open().await;
    let id = till.checkout().await;
    till.wait(601);
    till.read(&id).await.problem(410, "checkout_expired");
    till.temp_token(&id).await.problem(410, "checkout_expired");
    till.pay(&id, "key-0123456789abcdef")
        .await
        .problem(410, "checkout_expired");
}

#[tokio::test]
async fn an_expired_checkout_stays_while_a_payment_is_pending_and_when_paid() {
    let till = Till::open().await;
    let (id, payment) = till.at_the_bank().await;
    till.wait(601);
    assert_eq!(till.status(&id).await, "pending");
    till.paywall.will(Call::Query, standing(4, 1));
    till.come_back(&payment).await;
    assert_eq!(till.status(&id).await, "paid");
}

#[tokio::test]
async fn a_long_poll_behind_the_revision_is_answered_at_once() {
    let till = Till::open().await;
    let id = till.checkout().await;
    let now = till
        .get(&format!("/v1/checkouts/{id}?wait=25&since=0"))
        .await
        .ok();
    assert_eq!(now["revision"], 1);
}

#[tokio::test]
async fn a_long_poll_without_a_change_answers_the_same_checkout() {
    let till = Till::open().await;
    let id = till.checkout().await;
    let began = std::time::Instant::now();
    let same = till
        .get(&format!("/v1/checkouts/{id}?wait=1&since=1"))
        .await
        .ok();
    assert_eq!(same["revision"], 1);
    assert!(began.elapsed().as_millis() >= 1000);
}

#[tokio::test]
async fn a_long_poll_wakes_with_a_change_and_never_asks_paywall() {
    let till = Till::open().await;
    let id = till.checkout().await;
    let path = format!("/v1/checkouts/{id}?wait=25&since=1");
    till.paywall.will(Call::Start3d, started());
    let (woken, paid) = tokio::join!(till.get(&path), till.pay(&id, "key-0123456789abcdef"));
    assert!(woken.ok()["revision"].as_u64().unwrap() > 1);
    let revision = till.read(&id).await.ok()["revision"].as_u64().unwrap();
    let waited = till
        .get(&format!("/v1/checkouts/{id}?wait=1&since={revision}"))
        .await
        .ok();
    assert_eq!(waited["payment"], paid.ok());
    assert_eq!(till.paywall.calls(), [Call::Start3d]);
}

#[tokio::test]
async fn a_long_poll_sees_a_change_made_by_another_server() {
    let till = Till::open().await;
    let other = till.beside().await;
    let id = till.checkout().await;
    till.paywall.will(Call::Start3d, started());
    let path = format!("/v1/checkouts/{id}?wait=25&since=2");
    let (woken, _) = tokio::join!(other.get(&path), till.pay(&id, "key-0123456789abcdef"));
    // Revision 3 is the link; the first server knew of it, this one had to look.
    assert_eq!(woken.ok()["payment"]["next"]["type"], "redirect");
}

#[tokio::test]
async fn a_long_poll_ends_when_the_server_stops() {
    let mut till = Till::open().await;
    let id = till.checkout().await;
    let path = format!("/v1/checkouts/{id}?wait=25&since=1");
    let request = till.request("GET", &path);
    let poll = tokio::spawn(Reply::to(request));
    // A second poll on the same server proves that the first had time to arrive.
    till.get(&format!("/v1/checkouts/{id}?wait=1&since=1"))
        .await
        .ok();
    let began = std::time::Instant::now();
    till.stop();
    assert_eq!(poll.await.unwrap().ok()["revision"], 1);
    assert!(began.elapsed().as_secs() < 10);
}

#[tokio::test]
async fn a_wait_that_does_not_fit_is_refused() {
    let till = Till::open().await;
    let id = till.checkout().await;
    for query in [
        "wait=26&since=1",
        "wait=-1",
        "wait=x",
        "since=x",
        "wait=1&since=-1",
    ] {
        till.get(&format!("/v1/checkouts/{id}?{query}"))
            .await
            .problem(400, "invalid_request");
    }
}

#[tokio::test]
async fn a_temp_token_is_fetched_with_the_public_keys_for_cards_alone() {
    let till = Till::open().await;
    let id = till.checkout().await;
    till.paywall.will(Call::TempToken, temp_token_answer());
    let token = till.temp_token(&id).await.ok();
    assert_eq!(
        token,
        json!({ "token": "22ae3b5a-8eb0-41cc-88c7-219e25b95441", "expiresAt": "2024-06-13T19:25:08.0404774Z",
                "scope": "card", "paymentApi": till.paywall.url })
    );
    let seen = &till.paywall.seen(Call::TempToken)[0];
    assert_eq!(
        (seen.header("apikeypublic"), seen.header("apiclientpublic")),
        ("public-key", "public-client")
    );
    assert_eq!(seen.header("apikeyprivate"), "");
    assert_eq!(
        seen.json(),
        json!({ "ClientCardSave": true, "ThreeDSession": false, "ExpiryMin": 15 })
    );
}

#[tokio::test]
async fn a_temp_token_that_paywall_does_not_give_is_a_bad_gateway() {
    let till = Till::open().await;
    let id = till.checkout().await;
    for answer in [
        refusal(401),
        Answer::Status(503),
        Answer::Html,
        Answer::Cut,
        Answer::Json(json!({ "Result": true })),
    ] {
        till.paywall.will(Call::TempToken, answer);
        let problem = till
            .temp_token(&id)
            .await
            .problem(502, "provider_unavailable");
        assert_eq!(problem.get("detail"), None);
    }
}

#[tokio::test]
async fn thirty_temp_tokens_are_enough_for_a_checkout() {
    let till = Till::open().await;
    let id = till.checkout().await;
    for _ in 0..30 {
        till.paywall.will(Call::TempToken, temp_token_answer());
        till.temp_token(&id).await.ok();
    }
    till.temp_token(&id).await.problem(429, "too_many_attempts");
    let other = till.checkout_of(&order("ORD-2")).await;
    till.paywall.will(Call::TempToken, temp_token_answer());
    till.temp_token(&other).await.ok();
}

#[tokio::test]
async fn a_temp_token_needs_a_purpose_and_an_unpaid_order() {
    let till = Till::open().await;
    let (id, payment) = till.at_the_bank().await;
    let request = till
        .request("POST", &format!("/v1/checkouts/{id}/temp-token"))
        .json(&json!({ "purpose": "root" }));
    Reply::to(request).await.problem(422, "invalid_request");
    till.paywall.will(Call::Query, standing(4, 1));
    till.come_back(&payment).await;
    till.temp_token(&id).await.problem(409, "already_paid");
}
