//! TempCard (paywall.md §1.4) and its CORS (§7.2).

use crate::support::{PAYING_CARD, World, card_request, envelope, error_code, token_request};
use kasa_checkout::wire::paywall::{Envelope, TempCard};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

const PATH: &str = "/api/paywall/tempcard";

#[tokio::test]
async fn a_card_becomes_a_token_that_the_component_can_read() {
    let world = World::new().await;
    let answer = world
        .temp_card_with(&world.token().await, &card_request(PAYING_CARD))
        .await;
    assert!(answer["Body"]["TempCardId"].is_i64());
    let read: Envelope<TempCard> = serde_json::from_value(answer).unwrap();
    assert!(read.result);
    let card = read.body.unwrap();
    assert_eq!(card.card_token.len(), 36);
    assert!(card.expiry_date_time.ends_with("+03:00"));
}

#[tokio::test]
async fn the_oldest_form_without_type_and_expiry_is_accepted() {
    let world = World::new().await;
    let mut body = card_request(PAYING_CARD);
    body.as_object_mut()
        .unwrap()
        .retain(|name, _| name != "CardType" && name != "ExpiryMin");
    assert_eq!(
        error_code(&world.temp_card_with(&world.token().await, &body).await),
        0
    );
}

#[tokio::test]
async fn an_unknown_or_missing_token_is_unauthorized() {
    let world = World::new().await;
    let body = card_request(PAYING_CARD);
    for token in ["", "nonsense", "5a0c2a0e-6f0e-4a7b-9a57-3d2a6b8f9b10"] {
        assert_eq!(
            error_code(&world.temp_card_with(token, &body).await),
            401,
            "{token}"
        );
    }
    assert_eq!(
        error_code(&envelope(world.post(PATH).json(&body)).await),
        401
    );
    assert_eq!(
        error_code(&envelope(world.public(PATH, &body)).await),
        401,
        "keys are no token"
    );
}

#[tokio::test]
async fn only_a_token_with_the_right_to_save_cards_may_be_used() {
    let world = World::new().await;
    let scopes = [
        (
            json!({ "ClientCardSave": true, "ScopeBased": false, "Scope": 0 }),
            0,
        ),
        (
            json!({ "ClientCardSave": false, "ScopeBased": true, "Scope": 1 }),
            0,
        ),
        (
            json!({ "ClientCardSave": false, "ScopeBased": true, "Scope": 2 }),
            403,
        ),
        (
            json!({ "ClientCardSave": false, "ScopeBased": false, "Scope": 1 }),
            403,
        ),
    ];
    for (scope, code) in scopes {
        let mut request = token_request();
        request
            .as_object_mut()
            .unwrap()
            .extend(scope.as_object().unwrap().clone());
        let token = world.temp_token(request).await["Body"]["Token"]
            .as_str()
            .unwrap()
            .to_owned();
        let answer = world
            .temp_card_with(&token, &card_request(PAYING_CARD))
            .await;
        assert_eq!(error_code(&answer), code, "{scope}");
    }
}

#[tokio::test]
async fn each_wrong_field_has_its_own_code() {
    let world = World::new().await;
    let token = world.token().await;
    let cases: [(&str, Value, i64); 9] = [
        ("CardType", json!(3), 79),
        ("CardOwnerName", json!(" "), 13),
        ("CardNumber", json!("51411816774"), 14),
        ("CardNumber", json!("5141 1816 7740 7907"), 14),
        ("CardExpiryMonth", json!("13"), 15),
        ("CardExpiryYear", json!("2"), 16),
        ("CardCvv", json!("1"), 18),
        ("ExpiryMin", json!(31), 80),
        ("CardNumber", json!(5141181677407907u64), 2),
    ];
    for (name, value, code) in cases {
        let mut body = card_request(PAYING_CARD);
        body[name] = value;
        assert_eq!(
            error_code(&world.temp_card_with(&token, &body).await),
            code,
            "{name}"
        );
    }
}

#[tokio::test]
async fn an_insurance_card_is_kept_but_does_not_pay_in_start3d() {
    let world = World::new().await;
    let body = json!({
        "CardType": 2, "CardOwnerName": "Ada Deneme", "CardNoFirst": "51411816",
        "CardNoLast": "7907", "IdentityNumber": "11111111110", "ExpiryMin": 15,
    });
    let answer = world.temp_card_with(&world.token().await, &body).await;
    let card_token = answer["Body"]["CardToken"].as_str().unwrap();
    assert_eq!(
        error_code(
            &world
                .start(&crate::support::start_request("ORD-1", card_token))
                .await
        ),
        83
    );
}

#[tokio::test]
async fn a_preflight_from_any_page_is_answered_by_default() {
    let world = World::new().await;
    let asked = "content-type, token, authorization, includemasterpasssession";
    let answer = world
        .http
        .request(Method::OPTIONS, format!("{}{PATH}", world.url))
        .header("origin", "http://localhost:8400")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", asked)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let header = |name: &str| {
        answer.headers()[name]
            .to_str()
            .unwrap()
            .to_ascii_lowercase()
    };
    assert_eq!(header("access-control-allow-origin"), "*");
    assert!(header("access-control-allow-methods").contains("post"));
    for name in asked.split(", ") {
        assert!(
            header("access-control-allow-headers").contains(name),
            "{name}"
        );
    }
}

#[tokio::test]
async fn with_a_list_of_origins_only_those_may_call() {
    let shop = "http://localhost:8400";
    let world = World::with(&[("ALLOW_ORIGIN", "http://localhost:8400, https://b.example")]).await;
    for (origin, allowed) in [(shop, Some(shop)), ("https://evil.example", None)] {
        let call = world
            .post(PATH)
            .header("origin", origin)
            .json(&card_request(PAYING_CARD));
        let answer = call.send().await.unwrap();
        let told = answer.headers().get("access-control-allow-origin");
        assert_eq!(told.map(|value| value.to_str().unwrap()), allowed);
    }
}

#[tokio::test]
async fn no_other_call_answers_a_page_of_another_origin() {
    let world = World::new().await;
    let call = world.public("/api/paywall/temptoken", &token_request());
    let answer = call
        .header("origin", "http://localhost:8400")
        .send()
        .await
        .unwrap();
    assert!(!answer.headers().contains_key("access-control-allow-origin"));
}
