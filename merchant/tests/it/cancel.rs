//! Cancelling a pending payment.

use jiff::Timestamp;
use serde_json::json;

use crate::support::{Answer, Call, Till, done, order, refusal, standing};

#[tokio::test]
async fn a_cancelled_payment_is_canceled_when_paywall_says_so() {
    let till = Till::open().await;
    let (checkout, payment) = till.at_the_bank().await;
    till.paywall
        .will(Call::Query, standing(2, 1))
        .will(Call::Cancel, done())
        .will(Call::Query, standing(12, 3));
    let answer = till.cancel(&checkout, &payment).await.ok();
    assert_eq!(
        (&answer["status"], &answer["error"]["code"]),
        (&json!("canceled"), &json!("canceled"))
    );
    assert_eq!(
        till.paywall.calls()[1..],
        [Call::Query, Call::Cancel, Call::Query]
    );
    let seen = &till.paywall.seen(Call::Cancel)[0];
    assert_eq!(seen.json()["MerchantUniqueCode"], json!(payment));
    assert_eq!(
        (seen.header("apikeyprivate"), seen.header("apikeypublic")),
        ("private-key", "")
    );
    assert_eq!(till.cancel(&checkout, &payment).await.ok(), answer);
}

#[tokio::test]
async fn the_date_of_a_cancel_is_the_day_in_turkiye() {
    let till = Till::open().await;
    // 21:30 UTC is half past midnight in Istanbul.
    let now = Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC);
    let evening = now
        .tomorrow()
        .unwrap()
        .with()
        .hour(21)
        .minute(30)
        .build()
        .unwrap();
    till.clock
        .advance(evening.timestamp().duration_since(Timestamp::now()));
    let (checkout, payment) = till.at_the_bank().await;
    let next_day = evening.tomorrow().unwrap().strftime("%Y-%m-%d").to_string();
    till.paywall
        .will(Call::Query, standing(2, 1))
        .will(Call::Cancel, refusal(1))
        .will(Call::Query, standing(2, 1));
    till.cancel(&checkout, &payment).await.ok();
    assert_eq!(
        till.paywall.seen(Call::Cancel)[0].json()["Date"],
        json!(next_day)
    );
}

#[tokio::test]
async fn a_payment_paid_meanwhile_is_answered_as_paid_and_not_cancelled() {
    let till = Till::open().await;
    let (checkout, payment) = till.at_the_bank().await;
    till.paywall.will(Call::Query, standing(4, 1));
    assert_eq!(
        till.cancel(&checkout, &payment).await.ok()["status"],
        "paid"
    );
    assert!(till.paywall.seen(Call::Cancel).is_empty());
}

#[tokio::test]
async fn a_cancel_that_paywall_does_not_confirm_leaves_the_payment_pending() {
    let till = Till::open().await;
    let (checkout, payment) = till.at_the_bank().await;
    for (cancel, query) in [
        (refusal(92), standing(2, 1)),
        (Answer::Cut, Answer::Status(500)),
        (
            Answer::Json(json!({ "Result": true, "Body": null })),
            Answer::Html,
        ),
    ] {
        till.paywall
            .will(Call::Query, standing(2, 1))
            .will(Call::Cancel, cancel)
            .will(Call::Query, query);
        let answer = till.cancel(&checkout, &payment).await.ok();
        assert_eq!(answer["status"], "pending");
        assert_eq!(answer["next"]["type"], "redirect");
    }
}

#[tokio::test]
async fn only_a_payment_of_this_checkout_can_be_cancelled() {
    let till = Till::open().await;
    let (_, payment) = till.at_the_bank().await;
    let other = till.checkout_of(&order("ORD-2")).await;
    till.cancel(&other, &payment)
        .await
        .problem(404, "payment_not_found");
    till.cancel(&other, "pay_1")
        .await
        .problem(404, "payment_not_found");
    till.cancel("co_1", &payment)
        .await
        .problem(404, "checkout_not_found");
    till.cancel(&format!("co_{}", "0".repeat(32)), &payment)
        .await
        .problem(404, "checkout_not_found");
}

#[tokio::test]
async fn a_decline_after_a_cancel_that_was_not_granted_is_a_cancel() {
    let till = Till::open().await;
    let (checkout, payment) = till.at_the_bank().await;
    till.paywall
        .will(Call::Query, standing(2, 1))
        .will(Call::Cancel, refusal(92))
        .will(Call::Query, standing(2, 1));
    till.cancel(&checkout, &payment).await.ok();
    till.paywall.will(Call::Query, standing(5, 1));
    till.come_back(&payment).await;
    assert_eq!(till.status(&checkout).await, "canceled");
}
