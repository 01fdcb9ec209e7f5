//! private/refund, private/refund/partial, private/revert (paywall.md §2.7).

use crate::support::{FAILING_CARD, PAYING_CARD, World, error_code, start_request};
use serde_json::{Value, json};

const REFUND: &str = "/api/paywall/private/refund";
const PARTIAL: &str = "/api/paywall/private/refund/partial";
const REVERT: &str = "/api/paywall/private/revert";
const DAY: u32 = 24 * 60 * 60;

/// A world with the paid payment ORD-1 of 10.50.
async fn paid() -> World {
    let world = World::new().await;
    let request = start_request("ORD-1", &world.card_token(PAYING_CARD).await);
    world.pay(&request).await;
    world
}

fn of(code: &str) -> Value {
    json!({ "Date": "2026-01-31", "MerchantUniqueCode": code })
}

fn part(amount: &str) -> Value {
    let mut body = of("ORD-1");
    body["Amount"] = serde_json::from_str(amount).unwrap();
    body
}

#[tokio::test]
async fn a_whole_refund_gives_everything_back_once() {
    let world = paid().await;
    let answer = world.private_post(REFUND, &of("ORD-1")).await;
    let wanted = json!({ "ErrorCode": 0, "Result": true, "Message": "Success", "Body": null });
    assert_eq!(answer, wanted);
    let record = world.record("ORD-1").await;
    assert_eq!(
        (&record["StatusId"], &record["TypeId"]),
        (&4.into(), &2.into())
    );
    assert_eq!(record["IsFullyRefunded"], true);
    assert_eq!(record["AnySuccessRefund"], true);
    assert_eq!(record["RemainingRefundAmount"].to_string(), "0");
    assert_eq!(record["ActivityAmount"].to_string(), "10.50");
    assert_eq!(
        error_code(&world.private_post(REFUND, &of("ORD-1")).await),
        7
    );
}

#[tokio::test]
async fn parts_are_refunded_until_nothing_is_left() {
    let world = paid().await;
    assert_eq!(
        error_code(&world.private_post(PARTIAL, &part("4.25")).await),
        0
    );
    let record = world.record("ORD-1").await;
    assert_eq!(
        (&record["StatusId"], &record["TypeId"]),
        (&4.into(), &4.into())
    );
    assert_eq!(record["IsFullyRefunded"], false);
    assert_eq!(record["AnySuccessPartialRefund"], true);
    assert_eq!(record["RemainingRefundAmount"].to_string(), "6.25");
    assert_eq!(record["ActivityAmount"].to_string(), "4.25");
    assert_eq!(record["PaymentAmount"].to_string(), "10.50");

    let refused = [(part("6.26"), 65), (part("0"), 45), (part("-1"), 45)];
    for (body, code) in refused {
        assert_eq!(error_code(&world.private_post(PARTIAL, &body).await), code);
    }
    assert_eq!(
        error_code(&world.private_post(PARTIAL, &part("6.25")).await),
        0
    );
    assert_eq!(world.record("ORD-1").await["IsFullyRefunded"], true);
}

#[tokio::test]
async fn what_was_not_paid_is_not_refunded() {
    let world = World::new().await;
    world.start_with("ORD-1", FAILING_CARD).await;
    assert_eq!(
        error_code(&world.private_post(REFUND, &of("ORD-1")).await),
        62
    );
    world.cancel("ORD-1").await;
    assert_eq!(
        error_code(&world.private_post(REFUND, &of("ORD-1")).await),
        7
    );
    assert_eq!(
        error_code(&world.private_post(REFUND, &of("ORD-2")).await),
        73
    );
    let undated = json!({ "MerchantUniqueCode": "ORD-1" });
    assert_eq!(error_code(&world.private_post(REFUND, &undated).await), 2);
}

async fn revert(world: &World, amount: &str) -> i64 {
    let mut body = part(amount);
    body["UniqueCode"] = world.record("ORD-1").await["UniqueCode"].clone();
    error_code(&world.private_post(REVERT, &body).await)
}

#[tokio::test]
async fn a_revert_cancels_on_the_day_and_refunds_later() {
    for (days, amount, type_id) in [(0, "0", 3), (0, "10.50", 3), (0, "1", 4), (1, "0", 2)] {
        let world = paid().await;
        world.sandbox.clock().advance(days * DAY);
        assert_eq!(revert(&world, amount).await, 0);
        let record = world.record("ORD-1").await;
        assert_eq!(record["TypeId"], type_id, "{days} {amount}");
    }
}

#[tokio::test]
async fn after_a_partial_revert_the_rest_is_a_refund() {
    let world = paid().await;
    assert_eq!(revert(&world, "1").await, 0);
    assert_eq!(revert(&world, "0").await, 0);
    let record = world.record("ORD-1").await;
    assert_eq!(record["TypeId"], 2);
    assert_eq!(record["ActivityAmount"].to_string(), "9.50");
}

#[tokio::test]
async fn a_revert_names_the_payment_by_both_codes() {
    let world = paid().await;
    let mut body = part("0");
    body["UniqueCode"] = "5a0c2a0e-6f0e-4a7b-9a57-3d2a6b8f9b10".into();
    assert_eq!(error_code(&world.private_post(REVERT, &body).await), 73);
}
