//! Against those who try out cards: how often a checkout, a customer and an
//! address may try, whichever server they try at.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::sample;
use crate::support::{
    Answer, Call, Reply, Till, TillOptions, apm, card_payment, order, refusal, started,
};

const KEY: &str = "key-0123456789abcdef";

async fn open(mut variables: Vec<(&'static str, &'static str)>) -> Till {
    variables.push(("TRUSTED_PROXIES", "127.0.0.1"));
    Till::open_with(TillOptions { variables }).await
}

fn of(reference: &str, customer: Value) -> Value {
    let mut body = order(reference);
    let customer = customer.as_object().unwrap().clone();
    body["customer"].as_object_mut().unwrap().extend(customer);
    body
}

/// Of nobody before.
fn of_another(number: usize) -> Value {
    let (email, phone) = (
        format!("{number}@person.example"),
        format!("53000{number:05}"),
    );
    of(
        &format!("ORD-{number}"),
        json!({ "email": email, "phone": phone }),
    )
}

/// A payment of a fresh order, from this address.
async fn try_card(till: &Till, order: &Value, address: &str) -> Reply {
    let checkout = till.checkout_of(order).await;
    try_again(till, &checkout, KEY, address).await
}

async fn try_again(till: &Till, checkout: &str, key: &str, address: &str) -> Reply {
    let request = till.payment_request(checkout, key, &card_payment());
    Reply::to(request.header("X-Forwarded-For", address)).await
}

async fn ask(till: &Till, method: &str, path: &str, body: Value, address: &str) -> Reply {
    let request = till.request(method, path).json(&body);
    Reply::to(request.header("X-Forwarded-For", address)).await
}

/// Refused for now, for so many seconds.
#[track_caller]
fn later(reply: &Reply) -> u64 {
    let problem = reply.problem(429, "try_later");
    assert_eq!(problem.get("detail"), None);
    reply.header("retry-after").parse().unwrap()
}

fn temp_token() -> Answer {
    Answer::Json(sample!("paywall-temptoken-response"))
}

#[tokio::test]
async fn a_customer_is_known_by_id_e_mail_and_phone_however_they_are_written() {
    let cases = [
        (json!({ "id": "customer-7" }), json!({ "id": "customer-7" })),
        (
            json!({ "email": "ada@person.example" }),
            json!({ "email": " ADA@Person.example " }),
        ),
        (
            json!({ "phone": "5301112233" }),
            json!({ "phone": "+90 (530) 111-22-33" }),
        ),
    ];
    for (first, second) in cases {
        let till = open(vec![
            ("LIMIT_CUSTOMER_PAYMENTS", "1"),
            ("PAYWALL_CARD_API", ""),
        ])
        .await;
        let mut another = of_another(2);
        till.paywall.will(Call::Start3d, started());
        let mut one = of_another(1);
        one["customer"]
            .as_object_mut()
            .unwrap()
            .extend(first.as_object().unwrap().clone());
        try_card(&till, &one, "203.0.113.1").await.ok();
        another["customer"]
            .as_object_mut()
            .unwrap()
            .extend(second.as_object().unwrap().clone());
        later(&try_card(&till, &another, "203.0.113.2").await);
        till.paywall.will(Call::Start3d, started());
        try_card(&till, &of_another(3), "203.0.113.1").await.ok();
    }
}

#[tokio::test]
async fn a_customers_tries_end_with_their_window_and_a_repeat_is_none() {
    let till = open(vec![
        ("LIMIT_CUSTOMER_PAYMENTS", "2"),
        ("LIMIT_SECONDS", "60"),
    ])
    .await;
    till.paywall.will(Call::Start3d, started());
    let checkout = till.checkout().await;
    let first = try_again(&till, &checkout, KEY, "203.0.113.1").await.ok();
    for _ in 0..3 {
        let again = try_again(&till, &checkout, KEY, "203.0.113.1").await;
        assert_eq!((again.status.as_u16(), again.ok()), (200, first.clone()));
    }
    till.wait(20);
    till.paywall.will(Call::Start3d, started());
    try_card(&till, &order("ORD-2"), "203.0.113.2").await.ok();
    let refused = try_card(&till, &order("ORD-3"), "203.0.113.3").await;
    let wait = later(&refused);
    assert!((1..=40).contains(&wait), "{wait}");
    // Nothing of it is there, and what was made before still answers.
    assert_eq!(till.order("ORD-3").await["payments"], json!([]));
    assert_eq!(
        try_again(&till, &checkout, KEY, "203.0.113.3").await.ok(),
        first
    );
    till.wait(41);
    till.paywall.will(Call::Start3d, started());
    try_card(&till, &order("ORD-4"), "203.0.113.3").await.ok();
}

#[tokio::test]
async fn an_address_is_its_subscribers_and_only_a_trusted_proxy_names_it() {
    let till = open(vec![("LIMIT_ADDRESS_PAYMENTS", "1")]).await;
    let cases = [
        ("203.0.113.9", true),
        ("6.6.6.6, 203.0.113.9", false),
        ("203.0.113.10", true),
        ("2001:db8:1:2::1", true),
        ("2001:db8:1:2:ffff::9", false),
        ("2001:db8:1:3::1", true),
        // No payer's, so that not all shoppers are taken for one.
        ("127.0.0.1", true),
        ("127.0.0.1", true),
        ("10.1.2.3", true),
        ("10.1.2.3", true),
    ];
    for (number, (address, taken)) in cases.into_iter().enumerate() {
        if taken {
            till.paywall.will(Call::Start3d, started());
            try_card(&till, &of_another(number), address).await.ok();
        } else {
            later(&try_card(&till, &of_another(number), address).await);
        }
    }
}

#[tokio::test]
async fn of_many_tries_at_once_at_two_servers_no_more_than_the_limit_are_taken() {
    let variables = || {
        vec![
            ("LIMIT_CUSTOMER_PAYMENTS", "5"),
            ("TRUSTED_PROXIES", "127.0.0.1"),
        ]
    };
    let here = open(variables()).await;
    let there = here
        .beside_with(TillOptions {
            variables: variables(),
        })
        .await;
    let mut checkouts = Vec::new();
    for number in 0..16 {
        checkouts.push(here.checkout_of(&order(&format!("ORD-{number}"))).await);
    }
    for _ in 0..5 {
        here.paywall.will(Call::Start3d, refusal(1));
    }
    let tries = checkouts.iter().enumerate().map(|(number, checkout)| {
        let server = if number % 2 == 0 { &here } else { &there };
        try_again(server, checkout, KEY, "203.0.113.1")
    });
    let answers = join_all(tries).await;
    let taken = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(taken, 5);
    for refused in answers.iter().filter(|answer| answer.status != 201) {
        later(refused);
    }
    // A server that comes later knows of them.
    let anew = here
        .beside_with(TillOptions {
            variables: variables(),
        })
        .await;
    later(&try_card(&anew, &order("ORD-99"), "203.0.113.1").await);
}

#[tokio::test]
async fn every_question_to_a_provider_counts_for_its_address() {
    let only_one = vec![
        ("LIMIT_ADDRESS_QUESTIONS", "1"),
        ("TRUSTED_PROXIES", "127.0.0.1"),
    ];
    let till = apm::till_with(only_one).await;
    let (checkout, payment) = apm::awaiting_code(&till, "ORD-1").await;
    let base = format!("/v1/checkouts/{checkout}");
    let of_payment = format!("{base}/payments/{payment}");
    till.wait(200);
    let questions = [
        (
            "POST",
            format!("{base}/temp-token"),
            json!({ "purpose": "card" }),
        ),
        ("POST", format!("{base}/bin"), json!({ "bin": "557920" })),
        ("GET", format!("{base}/cards"), json!({})),
        (
            "DELETE",
            format!("{base}/cards/{}", "0".repeat(32)),
            json!({}),
        ),
        (
            "POST",
            format!("{of_payment}/otp"),
            json!({ "code": "123456" }),
        ),
        (
            "POST",
            format!("{of_payment}/otp/resend"),
            json!({ "payer": { "cardNumber": "6375780000000000" } }),
        ),
        ("POST", format!("{of_payment}/cancel"), json!({})),
    ];
    till.paywall.will(Call::TempToken, temp_token());
    let (method, path, body) = &questions[0];
    ask(&till, method, path, body.clone(), "203.0.113.1")
        .await
        .ok();
    for (method, path, body) in &questions {
        let reply = ask(&till, method, path, body.clone(), "203.0.113.1").await;
        let wait = later(&reply);
        assert!((3000..=3600).contains(&wait), "{path}: {wait}");
    }
    // Another address, and the same one a window later.
    till.paywall.will(Call::TempToken, temp_token());
    ask(&till, method, path, body.clone(), "203.0.113.2")
        .await
        .ok();
}

#[tokio::test]
async fn a_question_that_its_address_may_not_ask_is_not_counted_for_the_checkout() {
    let till = open(vec![
        ("LIMIT_ADDRESS_QUESTIONS", "1"),
        ("LIMIT_CHECKOUT_TOKENS", "2"),
    ])
    .await;
    let checkout = till.checkout().await;
    let path = format!("/v1/checkouts/{checkout}/temp-token");
    let card = || json!({ "purpose": "card" });
    for address in ["203.0.113.1", "203.0.113.2"] {
        till.paywall.will(Call::TempToken, temp_token());
        ask(&till, "POST", &path, card(), address).await.ok();
        if address == "203.0.113.1" {
            later(&ask(&till, "POST", &path, card(), address).await);
        }
    }
    let worn_out = ask(&till, "POST", &path, card(), "203.0.113.3").await;
    worn_out.problem(429, "too_many_attempts");
    assert_eq!(worn_out.header("retry-after"), "", "waiting does not help");
}

#[tokio::test]
async fn a_checkouts_limits_are_the_settings() {
    let till = open(vec![
        ("LIMIT_CHECKOUT_PAYMENTS", "1"),
        ("LIMIT_CHECKOUT_TOKENS", "1"),
        ("LIMIT_CHECKOUT_LOOKUPS", "1"),
        ("METRICS_LISTEN", "127.0.0.1:0"),
    ])
    .await;
    let checkout = till.checkout().await;
    let base = format!("/v1/checkouts/{checkout}");
    let too_many = |reply: Reply| drop(reply.problem(429, "too_many_attempts"));
    till.paywall.will(Call::TempToken, temp_token());
    till.temp_token(&checkout).await.ok();
    too_many(till.temp_token(&checkout).await);
    till.get(&format!("{base}/cards")).await.ok();
    too_many(till.get(&format!("{base}/cards")).await);
    till.paywall.will(Call::Start3d, refusal(1));
    till.pay(&checkout, KEY).await.ok();
    too_many(till.pay(&checkout, "another-key-0123456789").await);
    till.pay(&checkout, KEY).await.ok();

    let url = till.metrics_url.as_ref().unwrap();
    let told = Reply::to(reqwest::Client::new().get(url)).await.text;
    for limit in ["checkout_payments", "checkout_tokens", "checkout_lookups"] {
        let line = format!("kasa_limited_total{{limit=\"{limit}\"}} 1\n");
        assert!(told.contains(&line), "{limit}: {told}");
    }
}

#[tokio::test]
async fn without_limits_anybody_may_try_as_they_like() {
    let till = open(vec![
        ("LIMIT_CHECKOUT_PAYMENTS", "0"),
        ("LIMIT_CUSTOMER_PAYMENTS", "0"),
        ("LIMIT_ADDRESS_PAYMENTS", "0"),
    ])
    .await;
    let checkout = till.checkout().await;
    for number in 0..15 {
        till.paywall.will(Call::Start3d, refusal(1));
        let key = format!("key-0123456789-{number}");
        try_again(&till, &checkout, &key, "203.0.113.1").await.ok();
    }
}

#[tokio::test]
async fn whose_tries_they_are_stands_nowhere() {
    let till = open(vec![("PAYWALL_CARD_API", "")]).await;
    till.paywall.will(Call::Start3d, started());
    let body = of("ORD-1", json!({ "id": "canary-customer" }));
    try_card(&till, &body, "203.0.113.77").await.ok();
    let mut database = till.database().await;
    let subjects: Vec<String> = sqlx::query_scalar("SELECT subject FROM tries")
        .fetch_all(&mut database)
        .await
        .unwrap();
    // Id, e-mail, phone, address.
    assert_eq!(subjects.len(), 4);
    for subject in subjects {
        let is_hash = subject.len() == 64 && subject.bytes().all(|it| it.is_ascii_hexdigit());
        assert!(is_hash, "{subject}");
    }
}
