//! start3d (paywall.md §2.1).

use crate::support::{PAYING_CARD, World, envelope, error_code, start_request};
use serde_json::{Value, json};

#[tokio::test]
async fn a_payment_is_created_with_a_link_to_the_agent_page() {
    let world = World::new().await;
    let answer = world
        .start(&start_request(
            "ORD-1",
            &world.card_token(PAYING_CARD).await,
        ))
        .await;
    assert_eq!(error_code(&answer), 0);
    assert_eq!(answer["ErrorCodeType"], 1);
    let body = &answer["Body"];
    let link = format!("{}/paywall/callback?UniqueNumber=", world.url);
    assert!(body["RedirectUrl"].as_str().unwrap().starts_with(&link));
    assert_eq!(body["Payment"]["MerchantUniqueKey"], "ORD-1");
    assert!(body["Payment"]["PaymentId"].is_i64() && body["Payment"]["ActivityId"].is_i64());
    assert_eq!(world.record("ORD-1").await["StatusId"], 1);
}

#[tokio::test]
async fn the_public_address_of_the_settings_is_the_base_of_the_link() {
    let world = World::with(&[("PUBLIC_URL", "https://pay.example")]).await;
    let link = world.start_with("ORD-1", PAYING_CARD).await;
    assert!(
        link.starts_with("https://pay.example/paywall/callback?UniqueNumber="),
        "{link}"
    );
}

#[tokio::test]
async fn each_wrong_field_has_its_own_code() {
    let world = World::new().await;
    let card_token = world.card_token(PAYING_CARD).await;
    let long = "x".repeat(251);
    let cases: [(&str, Value, i64); 24] = [
        ("/PaymentDetail", json!(null), 17),
        ("/PaymentDetail/Half3D", json!(true), 17),
        ("/PaymentDetail/Amount", json!(0), 45),
        ("/PaymentDetail/Amount", json!(-1), 45),
        ("/PaymentDetail/Amount", json!(11), 26),
        ("/PaymentDetail/Amount", json!("10.50"), 2),
        ("/PaymentDetail/Installment", json!(0), 9),
        ("/PaymentDetail/Installment", json!(13), 9),
        ("/PaymentDetail/CurrencyId", json!(949), 8),
        ("/PaymentDetail/ClientIP", json!("::1"), 46),
        ("/PaymentDetail/MerchantSuccessBackUrl", json!("/ok"), 11),
        (
            "/PaymentDetail/MerchantFailBackUrl",
            json!("javascript:alert(1)"),
            12,
        ),
        ("/PaymentDetail/MerchantUniqueCode", json!(""), 10),
        ("/PaymentDetail/MerchantUniqueCode", json!(long), 10),
        ("/Customer", json!(null), 17),
        ("/Customer/Phone", json!(""), 17),
        ("/Products", json!([]), 25),
        ("/Products/0/ProductName", json!(""), 2),
        ("/Products/0/ProductAmount", json!(10.51), 26),
        ("/Card", json!(null), 18),
        ("/Card", json!({}), 18),
        ("/Card/Number", json!(PAYING_CARD), 18),
        (
            "/Card/TempCardToken",
            json!("5a0c2a0e-6f0e-4a7b-9a57-3d2a6b8f9b10"),
            75,
        ),
        (
            "/Card",
            json!({ "UniqueCode": "5a0c2a0e-6f0e-4a7b-9a57-3d2a6b8f9b10" }),
            22,
        ),
    ];
    for (place, value, code) in cases {
        let mut body = start_request("ORD-1", &card_token);
        *body.pointer_mut(place).unwrap() = value.clone();
        assert_eq!(
            error_code(&world.start(&body).await),
            code,
            "{place} = {value}"
        );
    }
    let answer = world.start(&start_request("ORD-1", &card_token)).await;
    assert_eq!(
        error_code(&answer),
        0,
        "a refused start3d does not use up the card"
    );
}

#[tokio::test]
async fn the_private_keys_do_not_start_payments() {
    let world = World::new().await;
    let call = crate::support::private(world.post("/api/paywall/payment/start3d"));
    let answer = envelope(call.json(&start_request("ORD-1", "-"))).await;
    assert_eq!(error_code(&answer), 401);
}

#[tokio::test]
async fn a_temporary_card_pays_once() {
    let world = World::new().await;
    let card_token = world.card_token(PAYING_CARD).await;
    assert_eq!(
        error_code(&world.start(&start_request("ORD-1", &card_token)).await),
        0
    );
    assert_eq!(
        error_code(&world.start(&start_request("ORD-2", &card_token)).await),
        74
    );
}

#[tokio::test]
async fn a_temporary_card_expires() {
    let world = World::new().await;
    let card_token = world.card_token(PAYING_CARD).await;
    world.sandbox.clock().advance(15 * 60);
    assert_eq!(
        error_code(&world.start(&start_request("ORD-1", &card_token)).await),
        74
    );
}

#[tokio::test]
async fn a_repeated_code_is_told_as_such_even_though_its_card_is_spent() {
    let world = World::new().await;
    let request = start_request("ORD-1", &world.card_token(PAYING_CARD).await);
    assert_eq!(error_code(&world.start(&request).await), 0);
    assert_eq!(error_code(&world.start(&request).await), 4);
    let payments: Value = world
        .get("/sandbox/payments")
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(payments.as_array().unwrap().len(), 1);
    assert_eq!(payments[0]["startCalls"], 2);
}

#[tokio::test]
async fn a_plain_card_pays_without_a_temporary_one() {
    let world = World::new().await;
    let mut request = start_request("ORD-1", "");
    request["Card"] = json!({
        "OwnerName": "Ada Deneme", "Number": PAYING_CARD, "ExpireMonth": "09",
        "ExpireYear": "2028", "Cvv": "360",
    });
    assert_eq!(error_code(&world.start(&request).await), 0);
    let record = world.record("ORD-1").await;
    assert_eq!(record["UsedTempCard"], false);
    assert_eq!(record["CardNumber"], "514118******7907");
}
