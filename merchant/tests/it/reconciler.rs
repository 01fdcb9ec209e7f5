//! Payments that nobody else asks about.

use serde_json::json;

use crate::support::{Answer, Call, Till, done, refusal, standing};

#[tokio::test]
async fn a_pending_payment_is_asked_about_when_it_is_due() {
    let till = Till::open().await;
    let (checkout, _) = till.at_the_bank().await;
    till.reconciler.pass().await;
    assert_eq!(till.paywall.calls(), [Call::Start3d]);
    till.wait(11);
    till.paywall.will(Call::Query, standing(4, 1));
    till.reconciler.pass().await;
    assert_eq!(till.status(&checkout).await, "paid");
    till.wait(3600);
    till.reconciler.pass().await;
}

#[tokio::test]
async fn questions_come_further_apart() {
    let till = Till::open().await;
    till.at_the_bank().await;
    for (wait, asked) in [(11, 1), (9, 1), (2, 2), (15, 2), (6, 3), (35, 3), (6, 4)] {
        till.wait(wait);
        if till.paywall.seen(Call::Query).len() < asked {
            till.paywall.will(Call::Query, standing(2, 1));
        }
        till.reconciler.pass().await;
        assert_eq!(till.paywall.seen(Call::Query).len(), asked, "after {wait}");
    }
}

#[tokio::test]
async fn two_servers_ask_once() {
    let till = Till::open().await;
    let other = till.beside().await;
    till.at_the_bank().await;
    till.wait(11);
    till.paywall.will(Call::Query, standing(2, 1));
    tokio::join!(till.reconciler.pass(), other.reconciler.pass());
}

#[tokio::test]
async fn a_server_asks_when_it_starts() {
    let till = Till::open().await;
    let (checkout, _) = till.at_the_bank().await;
    till.wait(11);
    till.paywall.will(Call::Query, standing(4, 1));
    let other = till.beside().await;
    let seen = other
        .get(&format!("/v1/checkouts/{checkout}?wait=25&since=3"))
        .await
        .ok();
    assert_eq!(seen["payment"]["status"], "paid");
}

#[tokio::test]
async fn a_payment_whose_time_is_over_is_closed_at_paywall_and_given_up() {
    for after in [standing(1, 1), standing(2, 1), refusal(73)] {
        let till = Till::open().await;
        let (checkout, _) = till.at_the_bank().await;
        till.wait(3601);
        till.paywall
            .will(Call::Query, standing(2, 1))
            .will(Call::Cancel, done())
            .will(Call::Query, after);
        till.reconciler.pass().await;
        till.read(&checkout).await.problem(410, "checkout_expired");
        let payment = till.order("ORD-1").await["payments"][0].clone();
        assert_eq!(
            (&payment["status"], &payment["error"]["code"]),
            (&json!("failed"), &json!("expired"))
        );
    }
}

#[tokio::test]
async fn at_the_end_of_its_time_paywall_still_has_the_last_word() {
    let cases = [
        (standing(4, 1), "paid"),
        (standing(12, 3), "canceled"),
        (standing(11, 1), "pending"),
    ];
    for (after, status) in cases {
        let till = Till::open().await;
        till.at_the_bank().await;
        till.wait(3601);
        till.paywall
            .will(Call::Query, standing(2, 1))
            .will(Call::Cancel, Answer::Cut)
            .will(Call::Query, after);
        till.reconciler.pass().await;
        assert_eq!(till.order("ORD-1").await["payments"][0]["status"], status);
    }
}

#[tokio::test]
async fn while_paywall_is_silent_nothing_is_given_up() {
    let till = Till::open().await;
    let (checkout, _) = till.at_the_bank().await;
    till.wait(3601);
    till.paywall
        .will(Call::Query, Answer::Cut)
        .will(Call::Cancel, Answer::Cut)
        .will(Call::Query, Answer::Cut);
    till.reconciler.pass().await;
    assert_eq!(till.status(&checkout).await, "pending");
}

#[tokio::test]
async fn a_payment_given_up_is_found_when_it_is_paid_after_all() {
    let till = Till::open().await;
    let (checkout, _) = till.at_the_bank().await;
    till.wait(3601);
    till.paywall
        .will(Call::Query, standing(2, 1))
        .will(Call::Cancel, Answer::Cut)
        .will(Call::Query, standing(2, 1));
    till.reconciler.pass().await;
    till.wait(301);
    till.paywall.will(Call::Query, standing(4, 1));
    till.reconciler.pass().await;
    assert_eq!(till.status(&checkout).await, "paid");
}

#[tokio::test]
async fn a_payment_given_up_is_asked_about_again_until_paywall_has_spoken() {
    let till = Till::open().await;
    let (checkout, _) = till.at_the_bank().await;
    till.wait(3601);
    till.paywall
        .will(Call::Query, standing(2, 1))
        .will(Call::Cancel, Answer::Cut)
        .will(Call::Query, standing(2, 1));
    till.reconciler.pass().await;
    till.wait(301);
    till.paywall.will(Call::Query, standing(2, 1));
    till.reconciler.pass().await;
    till.wait(601);
    till.paywall.will(Call::Query, standing(4, 1));
    till.reconciler.pass().await;
    assert_eq!(till.status(&checkout).await, "paid");
}

#[tokio::test]
async fn a_payment_given_up_is_left_alone_once_paywall_has_spoken() {
    let till = Till::open().await;
    till.at_the_bank().await;
    till.wait(3601);
    till.paywall
        .will(Call::Query, standing(2, 1))
        .will(Call::Cancel, Answer::Cut)
        .will(Call::Query, standing(2, 1));
    till.reconciler.pass().await;
    till.wait(301);
    till.paywall.will(Call::Query, standing(5, 1));
    till.reconciler.pass().await;
    till.wait(3600);
    till.reconciler.pass().await;
}

#[tokio::test]
async fn a_payment_given_up_is_asked_about_for_a_day() {
    let till = Till::open().await;
    till.at_the_bank().await;
    till.wait(3601);
    till.paywall
        .will(Call::Query, standing(2, 1))
        .will(Call::Cancel, Answer::Cut)
        .will(Call::Query, standing(2, 1));
    till.reconciler.pass().await;
    till.wait(24 * 3600);
    till.paywall.will(Call::Query, standing(2, 1));
    till.reconciler.pass().await;
    till.wait(3600);
    till.reconciler.pass().await;
}
