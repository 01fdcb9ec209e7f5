//! TempToken (paywall.md §1.1).

use crate::support::{World, card_request, envelope, error_code, token_request};
use serde_json::{Value, json};

fn keys(value: &Value) -> Vec<&String> {
    value.as_object().unwrap().keys().collect()
}

#[tokio::test]
async fn the_documented_request_is_answered_in_the_documented_shape() {
    let world = World::new().await;
    let answer = world
        .temp_token(sample!("paywall-temptoken-request.json"))
        .await;
    let documented = sample!("paywall-temptoken-response.json");
    assert_eq!(keys(&answer), keys(&documented));
    assert_eq!(keys(&answer["Body"]), keys(&documented["Body"]));
    assert_eq!(answer["Body"]["Scope"], documented["Body"]["Scope"]);
    for name in [
        "ErrorCodeType",
        "ErrorMessage",
        "ErrorCode",
        "Result",
        "Message",
    ] {
        assert_eq!(answer[name], documented[name], "{name}");
    }
    assert!(answer["Body"]["TempTokenId"].is_i64());
}

#[tokio::test]
async fn expiry_is_told_with_seven_fraction_digits_and_the_offset() {
    let world = World::new().await;
    let answer = world.temp_token(token_request()).await;
    let expiry = answer["Body"]["ExpiryDateTime"].as_str().unwrap();
    let (_, fraction) = expiry.split_once('.').unwrap();
    assert_eq!(fraction.len(), "0404774+03:00".len(), "{expiry}");
    assert!(fraction.ends_with("+03:00"), "{expiry}");
}

#[tokio::test]
async fn three_and_six_fields_are_both_accepted() {
    let world = World::new().await;
    let six = json!({
        "ClientCardSave": true, "ThreeDSession": true, "ClientSdk": false,
        "ScopeBased": false, "Scope": 0, "ExpiryMin": 30,
    });
    for body in [token_request(), six] {
        assert_eq!(error_code(&world.temp_token(body).await), 0);
    }
}

#[tokio::test]
async fn missing_or_wrong_keys_are_refused() {
    let world = World::new().await;
    let path = "/api/paywall/temptoken";
    let with = |headers: &[(&'static str, &'static str)]| {
        let call = headers.iter().fold(world.post(path), |call, header| {
            call.header(header.0, header.1)
        });
        envelope(call.json(&token_request()))
    };
    let refused: [&[_]; 4] = [
        &[],
        &[("apikeypublic", "sbx-public-key")],
        &[
            ("apikeypublic", "other"),
            ("apiclientpublic", "sbx-public-client"),
        ],
        &[
            ("apikeyprivate", "sbx-private-key"),
            ("apiclientprivate", "sbx-private-client"),
        ],
    ];
    for headers in refused {
        assert_eq!(error_code(&with(headers).await), 401, "{headers:?}");
    }
}

#[tokio::test]
async fn expiry_outside_a_day_and_malformed_bodies_are_refused() {
    let world = World::new().await;
    let with = |name: &str, value: Value| {
        let mut body = token_request();
        body[name] = value;
        body
    };
    let cases = [
        (with("ExpiryMin", json!(-1)), 80),
        (with("ExpiryMin", json!(1441)), 80),
        (with("ExpiryMin", json!(0)), 0),
        (with("ExpiryMin", json!(1440)), 0),
        (with("ClientCardSave", json!("yes")), 2),
        (json!({}), 2),
    ];
    for (body, code) in cases {
        assert_eq!(
            error_code(&world.temp_token(body.clone()).await),
            code,
            "{body}"
        );
    }
}

#[tokio::test]
async fn messages_come_in_the_language_asked_for() {
    let world = World::new().await;
    let message = |name: &'static str, value: &'static str| {
        let call = world
            .post("/api/paywall/temptoken")
            .header(name, value)
            .json(&json!({}));
        async { envelope(call).await["Message"].as_str().unwrap().to_owned() }
    };
    assert_eq!(message("x-none", "-").await, "Yetkisiz istek");
    assert_eq!(message("locale", "en").await, "Unauthorized");
    assert_eq!(
        message("accept-language", "en-GB,en;q=0.9").await,
        "Unauthorized"
    );
}

#[tokio::test]
async fn a_token_works_again_and_again_until_it_expires() {
    let world = World::new().await;
    let token = world.token().await;
    for _ in 0..2 {
        let answer = world
            .temp_card_with(&token, &card_request(crate::support::PAYING_CARD))
            .await;
        assert_eq!(error_code(&answer), 0);
    }
    world.sandbox.clock().advance(30 * 60);
    let answer = world
        .temp_card_with(&token, &card_request(crate::support::PAYING_CARD))
        .await;
    assert_eq!(error_code(&answer), 401);
}
