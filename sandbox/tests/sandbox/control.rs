//! Faults to order, the lists of calls and payments, the start page.

use std::time::{Duration, Instant};

use crate::support::{
    FAILING_CARD, PAYING_CARD, World, card_request, error_code, private, start_request,
    token_request,
};
use reqwest::StatusCode;
use serde_json::{Value, json};

const START: &str = "/api/paywall/payment/start3d";

async fn list(world: &World, path: &str) -> Value {
    world.get(path).send().await.unwrap().json().await.unwrap()
}

#[tokio::test]
async fn a_lost_answer_breaks_off_although_the_work_is_done() {
    let world = World::new().await;
    let request = start_request("ORD-1", &world.card_token(PAYING_CARD).await);
    let order = json!({ "call": "start3d", "fault": "lost" });
    assert_eq!(
        world.order_fault(order).await.status(),
        StatusCode::ACCEPTED
    );

    let answer = world.public(START, &request).send().await.unwrap();
    assert!(answer.bytes().await.is_err(), "the body must break off");
    assert_eq!(world.record("ORD-1").await["StatusId"], 1);
    assert_eq!(
        error_code(&world.start(&request).await),
        4,
        "spoiled once only"
    );
    assert_eq!(list(&world, "/sandbox/payments").await[0]["startCalls"], 2);
}

#[tokio::test]
async fn a_lost_cancel_has_cancelled() {
    let world = World::new().await;
    world.start_with("ORD-1", PAYING_CARD).await;
    world
        .order_fault(json!({ "call": "cancel", "fault": "lost" }))
        .await;
    let body = json!({ "Date": "2026-01-31", "MerchantUniqueCode": "ORD-1" });
    let call = private(world.post("/api/paywall/private/cancel")).json(&body);
    assert!(call.send().await.unwrap().bytes().await.is_err());
    assert_eq!(world.record("ORD-1").await["StatusId"], 12);
}

#[tokio::test]
async fn status500_and_html_do_not_do_the_work() {
    let world = World::new().await;
    let request = start_request("ORD-1", &world.card_token(PAYING_CARD).await);
    world
        .order_fault(json!({ "call": "start3d", "fault": "status500" }))
        .await;
    world
        .order_fault(json!({ "call": "start3d", "fault": "html" }))
        .await;

    let broken = world.public(START, &request).send().await.unwrap();
    assert_eq!(broken.status(), StatusCode::INTERNAL_SERVER_ERROR);
    let page = world.public(START, &request).send().await.unwrap();
    assert_eq!(page.status(), StatusCode::OK);
    assert!(
        page.headers()["content-type"]
            .to_str()
            .unwrap()
            .starts_with("text/html")
    );
    assert!(page.json::<Value>().await.is_err());
    assert_eq!(list(&world, "/sandbox/payments").await, json!([]));
    assert_eq!(error_code(&world.start(&request).await), 0);
}

#[tokio::test]
async fn a_slow_call_waits_and_then_works() {
    let world = World::new().await;
    world
        .order_fault(json!({ "call": "temptoken", "fault": "slow", "delayMs": 300 }))
        .await;
    let began = Instant::now();
    assert_eq!(error_code(&world.temp_token(token_request()).await), 0);
    assert!(began.elapsed() >= Duration::from_millis(300));
}

#[tokio::test]
async fn an_expired_token_looks_good_and_is_refused() {
    let world = World::new().await;
    world
        .order_fault(json!({ "call": "temptoken", "fault": "expired_token" }))
        .await;
    let spoiled = world.temp_token(token_request()).await;
    let good = world.temp_token(token_request()).await;
    for (answer, code) in [(spoiled, 401), (good, 0)] {
        let token = answer["Body"]["Token"].as_str().unwrap();
        assert!(answer["Body"]["ExpiryDateTime"].is_string());
        let answer = world
            .temp_card_with(token, &card_request(PAYING_CARD))
            .await;
        assert_eq!(error_code(&answer), code);
    }
}

#[tokio::test]
async fn a_spoiled_tempcard_still_lets_the_browser_read_it() {
    let world = World::new().await;
    for fault in ["status500", "html", "lost"] {
        world
            .order_fault(json!({ "call": "tempcard", "fault": fault }))
            .await;
        let call = world
            .post("/api/paywall/tempcard")
            .header("origin", "http://localhost:8400");
        let answer = call.json(&card_request(PAYING_CARD)).send().await.unwrap();
        assert_eq!(
            answer.headers()["access-control-allow-origin"],
            "*",
            "{fault}"
        );
    }
}

#[tokio::test]
async fn one_fault_spoils_all_three_ways_to_query() {
    let world = World::new().await;
    world
        .order_fault(json!({ "call": "query", "fault": "status500", "times": 3 }))
        .await;
    for path in ["", "/by/paymentid", "/by/uniquecode"] {
        let call = private(world.get(&format!("/api/paywall/private/query{path}")));
        let answer = call.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR, "{path}");
    }
    assert_eq!(list(&world, "/sandbox/faults").await, json!([]));
}

#[tokio::test]
async fn ordered_faults_can_be_taken_back() {
    let world = World::new().await;
    world
        .order_fault(json!({ "call": "temptoken", "fault": "html", "times": 9 }))
        .await;
    assert_eq!(list(&world, "/sandbox/faults").await[0]["times"], 9);
    let cleared = world
        .http
        .delete(format!("{}/sandbox/faults", world.url))
        .send()
        .await
        .unwrap();
    assert_eq!(cleared.status(), StatusCode::NO_CONTENT);
    assert_eq!(error_code(&world.temp_token(token_request()).await), 0);
}

#[tokio::test]
async fn an_order_that_makes_no_sense_is_refused() {
    let world = World::new().await;
    let orders = [
        json!({ "call": "query", "fault": "expired_token" }),
        json!({ "call": "refound", "fault": "lost" }),
        json!({ "call": "query", "fault": "lost", "times": 0 }),
        json!({ "call": "query", "fault": "slow", "delay": 5 }),
    ];
    for order in orders {
        let answer = world.order_fault(order.clone()).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{order}");
    }
}

#[tokio::test]
async fn calls_are_listed_without_bodies_or_secrets() {
    let world = World::new().await;
    world.start_with("ORD-1", FAILING_CARD).await;
    world.get("/paywall/callback").send().await.unwrap();
    let calls = list(&world, "/sandbox/calls").await;
    let paths: Vec<_> = calls
        .as_array()
        .unwrap()
        .iter()
        .map(|call| call["path"].as_str().unwrap())
        .collect();
    assert_eq!(
        paths,
        ["/api/paywall/temptoken", "/api/paywall/tempcard", START]
    );
    assert_eq!(calls[0]["method"], "POST");
    assert!(calls[0]["at"].as_str().unwrap().ends_with('Z'));
    for secret in ["sbx-", FAILING_CARD] {
        assert!(!calls.to_string().contains(secret));
    }
}

#[tokio::test]
async fn payments_are_listed_as_tests_need_them() {
    let world = World::new().await;
    world.start_with("ORD-1", PAYING_CARD).await;
    let payments = list(&world, "/sandbox/payments").await;
    let record = world.record("ORD-1").await;
    let wanted = json!([{
        "merchantUniqueCode": "ORD-1", "paymentId": record["PaymentId"],
        "uniqueCode": record["UniqueCode"], "statusId": 1, "typeId": 1, "amount": "10.50",
        "currencyId": 1, "installment": 1, "maskedCard": "514118******7907",
        "usedTempCard": true, "usedSavedCard": false, "charged": "10.50", "refundable": "0",
        "startCalls": 1,
    }]);
    assert_eq!(payments, wanted);
}

#[tokio::test]
async fn a_paywall_call_that_the_sandbox_lacks_is_told_apart_from_a_refusal() {
    let world = World::new().await;
    let answer = world
        .post("/api/paywall/payment/provision")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::NOT_IMPLEMENTED);
    let envelope: Value = answer.json().await.unwrap();
    assert_eq!(error_code(&envelope), 501);
}

#[tokio::test]
async fn the_start_page_tells_cards_code_faults_and_recent_payments() {
    let world = World::new().await;
    world.start_with("ORD-1", PAYING_CARD).await;
    let page = world.get("/").send().await.unwrap().text().await.unwrap();
    for text in [
        "ORD-1",
        "123456",
        PAYING_CARD,
        FAILING_CARD,
        "expired_token",
        &world.url,
    ] {
        assert!(page.contains(text), "{text}");
    }
}

#[tokio::test]
async fn half_and_502_do_the_work_and_spoil_the_answer() {
    let world = World::new().await;
    for (fault, status) in [("half", 200), ("status502", 502)] {
        world
            .order_fault(json!({ "call": "start3d", "fault": fault }))
            .await;
        let card = world.card_token("5141181677407907").await;
        let call = world.public("/api/paywall/payment/start3d", &start_request(fault, &card));
        let answer = call.send().await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{fault}");
        assert!(answer.json::<Value>().await.is_err(), "{fault}");
    }
    let payments = list(&world, "/sandbox/payments").await;
    assert_eq!(payments.as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_doubled_call_does_its_work_twice_and_answers_the_second() {
    let world = World::new().await;
    world
        .order_fault(json!({ "call": "start3d", "fault": "doubled" }))
        .await;
    let card = world.card_token("5141181677407907").await;
    let answer = world.start(&start_request("M-1", &card)).await;
    assert_eq!(answer["Result"], false, "{answer}");
    let payments = list(&world, "/sandbox/payments").await;
    assert_eq!(payments[0]["startCalls"], 2, "{payments}");
}

#[tokio::test]
async fn a_slow_call_is_worked_on_when_its_caller_has_hung_up() {
    let world = World::new().await;
    world
        .order_fault(json!({ "call": "start3d", "fault": "slow", "delayMs": 200 }))
        .await;
    let card = world.card_token("5141181677407907").await;
    let call = world
        .public("/api/paywall/payment/start3d", &start_request("M-1", &card))
        .timeout(Duration::from_millis(50));
    assert!(call.send().await.unwrap_err().is_timeout());
    assert_eq!(list(&world, "/sandbox/payments").await, json!([]));
    while list(&world, "/sandbox/payments").await == json!([]) {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_late_answer_is_of_work_done_at_once() {
    let world = World::new().await;
    world
        .order_fault(json!({ "call": "start3d", "fault": "late", "delayMs": 60_000 }))
        .await;
    let card = world.card_token("5141181677407907").await;
    let call = world
        .public("/api/paywall/payment/start3d", &start_request("M-1", &card))
        .timeout(Duration::from_millis(300));
    assert!(call.send().await.unwrap_err().is_timeout());
    assert_ne!(list(&world, "/sandbox/payments").await, json!([]));
}

#[tokio::test]
async fn a_stop_does_not_wait_for_a_slow_call() {
    let world = World::new().await;
    world
        .order_fault(json!({ "call": "temptoken", "fault": "slow", "delayMs": 60_000 }))
        .await;
    let call = tokio::spawn(
        world
            .public("/api/paywall/temptoken", &token_request())
            .send(),
    );
    while list(&world, "/sandbox/faults").await != json!([]) {
        tokio::task::yield_now().await;
    }
    let stop = tokio::time::timeout(Duration::from_secs(10), world.sandbox.stop());
    assert!(stop.await.is_ok());
    call.abort();
}
