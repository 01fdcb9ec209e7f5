//! private/query and private/cancel (paywall.md §2.6, §2.7).

use crate::support::{FAILING_CARD, PAYING_CARD, RIGHT_CODE, World, envelope, error_code};
use reqwest::StatusCode;
use serde_json::{Value, json};

const QUERY: &str = "/api/paywall/private/query";

#[tokio::test]
async fn a_paid_payment_is_told_with_what_the_sandbox_knows() {
    let world = World::new().await;
    let bank = world
        .open(&world.start_with("ORD-1", PAYING_CARD).await)
        .await;
    world.give_code(&bank, RIGHT_CODE).await;
    let record = world.record("ORD-1").await;
    let told: [(&str, Value); 16] = [
        ("MerchantUniqueCode", json!("ORD-1")),
        ("TrackingCode", json!("T-1")),
        ("Status", json!(true)),
        ("StatusId", json!(4)),
        ("StatusName", json!("Başarılı")),
        ("TypeId", json!(1)),
        ("TypeName", json!("Satış")),
        ("IsThreeDSecure", json!(true)),
        ("Installment", json!(1)),
        ("CurrencyId", json!(1)),
        ("PaymentMethodId", json!(1)),
        ("CardNumber", json!("514118******7907")),
        ("CardOwnerName", json!("Ada Deneme")),
        ("ClientIP", json!("192.0.2.1")),
        ("UsedTempCard", json!(true)),
        ("AnySuccessPayment", json!(true)),
    ];
    for (name, value) in told {
        assert_eq!(record[name], value, "{name}");
    }
    for name in ["PaymentAmount", "ActivityAmount", "RemainingRefundAmount"] {
        assert_eq!(record[name].to_string(), "10.50", "{name}");
    }
    let at = record["LastActivityDateTime"].as_str().unwrap();
    assert!(!at.contains('+') && !at.ends_with('Z'), "{at}");
}

#[tokio::test]
async fn the_same_payment_is_found_by_each_of_its_numbers() {
    let world = World::new().await;
    world.start_with("SİPARİŞ-1", PAYING_CARD).await;
    let record = world.record("SİPARİŞ-1").await;
    assert_eq!(record["MerchantUniqueCode"], "SİPARİŞ-1");
    let ways = [
        ("by/paymentid", "paymentid", record["PaymentId"].to_string()),
        (
            "by/uniquecode",
            "uniquecode",
            record["UniqueCode"].as_str().unwrap().to_owned(),
        ),
    ];
    for (path, name, value) in ways {
        let answer = world.query(&format!("{QUERY}/{path}"), name, &value).await;
        assert_eq!(answer["Body"]["Paywall"], record, "{path}");
    }
}

#[tokio::test]
async fn an_unknown_payment_is_not_found_and_a_missing_number_is_refused() {
    let world = World::new().await;
    let answer = world.query(QUERY, "merchantuniquecode", "ORD-1").await;
    assert_eq!(error_code(&answer), 73);
    assert_eq!(answer["Body"], Value::Null);
    assert_eq!(error_code(&world.query(QUERY, "x-other", "ORD-1").await), 2);
    let by_id = format!("{QUERY}/by/paymentid");
    assert_eq!(error_code(&world.query(&by_id, "paymentid", "x").await), 2);
}

#[tokio::test]
async fn the_public_keys_do_not_query_or_cancel() {
    let world = World::new().await;
    let keys = |call: reqwest::RequestBuilder| {
        call.header("apikeypublic", "sbx-public-key")
            .header("apiclientpublic", "sbx-public-client")
    };
    let query = keys(world.get(QUERY)).header("merchantuniquecode", "ORD-1");
    assert_eq!(error_code(&envelope(query).await), 401);
    let cancel = keys(world.post("/api/paywall/private/cancel"));
    assert_eq!(error_code(&envelope(cancel.json(&json!({}))).await), 401);
}

#[tokio::test]
async fn cancelling_a_payment_under_way_closes_its_pages() {
    let world = World::new().await;
    let link = world.start_with("ORD-1", PAYING_CARD).await;
    let bank = world.open(&link).await;
    let answer = world.cancel("ORD-1").await;
    assert_eq!(
        (&answer["Message"], &answer["Body"]),
        (&"Success".into(), &Value::Null)
    );
    assert_eq!(error_code(&answer), 0);

    let form = [("code", RIGHT_CODE), ("action", "confirm")];
    let pages = [
        world.http.get(&link).send().await.unwrap(),
        world.http.get(&bank).send().await.unwrap(),
        world.http.post(&bank).form(&form).send().await.unwrap(),
    ];
    for page in pages {
        assert_eq!(page.status(), StatusCode::GONE);
        assert!(page.text().await.unwrap().contains("Bu ödeme kapatılmış"));
    }
    let record = world.record("ORD-1").await;
    assert_eq!(
        (&record["StatusId"], &record["TypeId"]),
        (&12.into(), &1.into())
    );
    assert_eq!(record["AnySuccessPayment"], false);
}

#[tokio::test]
async fn cancelling_a_paid_payment_makes_it_a_cancel() {
    let world = World::new().await;
    let bank = world
        .open(&world.start_with("ORD-1", PAYING_CARD).await)
        .await;
    world.give_code(&bank, RIGHT_CODE).await;
    assert_eq!(error_code(&world.cancel("ORD-1").await), 0);
    let record = world.record("ORD-1").await;
    assert_eq!(
        (&record["StatusId"], &record["TypeId"]),
        (&12.into(), &3.into())
    );
    assert_eq!(record["AnySuccessCancel"], true);
    assert_eq!(record["RemainingRefundAmount"], json!(0));
    assert_eq!(error_code(&world.cancel("ORD-1").await), 7, "only once");
}

#[tokio::test]
async fn a_failed_or_unknown_payment_is_not_cancelled() {
    let world = World::new().await;
    let bank = world
        .open(&world.start_with("ORD-1", FAILING_CARD).await)
        .await;
    world.give_code(&bank, RIGHT_CODE).await;
    assert_eq!(error_code(&world.cancel("ORD-1").await), 7);
    assert_eq!(world.record("ORD-1").await["StatusId"], 5);
    assert_eq!(error_code(&world.cancel("ORD-2").await), 73);
}

#[tokio::test]
async fn a_cancel_without_a_date_is_refused() {
    let world = World::new().await;
    world.start_with("ORD-1", PAYING_CARD).await;
    let call = crate::support::private(world.post("/api/paywall/private/cancel"));
    let answer = envelope(call.json(&json!({ "MerchantUniqueCode": "ORD-1" }))).await;
    assert_eq!(error_code(&answer), 2);
    assert_eq!(world.record("ORD-1").await["StatusId"], 1);
}
