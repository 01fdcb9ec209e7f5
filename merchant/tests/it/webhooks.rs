//! What the shop's back end is told by itself.

use serde_json::json;
use sqlx::Row as _;

use crate::support::{
    Answer, Call, ShopDouble, Till, TillOptions, WEBHOOK_SECRET, done, standing, started,
};

const KEY: &str = "refund-0123456789ab";

async fn open(shop: &ShopDouble) -> Till {
    Till::open_with(announcing(shop)).await
}

fn announcing(shop: &ShopDouble) -> TillOptions {
    TillOptions {
        variables: vec![
            ("WEBHOOK_URL", shop.url.clone().leak()),
            ("WEBHOOK_SECRET", WEBHOOK_SECRET),
        ],
    }
}

#[tokio::test]
async fn a_paid_order_is_announced_at_once_signed_and_once() {
    let shop = ShopDouble::start().await;
    let till = open(&shop).await;
    let (_, payment) = till.paid().await;
    let heard = shop.hear().await;
    assert!(heard.is_genuine());
    assert!(heard.id.starts_with("msg_"), "{}", heard.id);
    let event = heard.json();
    assert_eq!(event["type"], "order.paid");
    assert_eq!(event["timestamp"], event["data"]["paidAt"]);
    let view = till.order("ORD-1").await;
    let data = &event["data"];
    for name in [
        "reference",
        "status",
        "amount",
        "currency",
        "paidAt",
        "refundedAmount",
    ] {
        assert_eq!(data[name], view[name], "{name}");
    }
    assert_eq!(data["payment"], view["payments"][0]);
    assert_eq!(data["payment"]["id"], json!(payment));
    assert_eq!(data.get("refund"), None);

    till.come_back(&payment).await;
    till.wait(48 * 3600);
    till.reconciler.pass().await;
    assert!(shop.heard_all().await);
}

#[tokio::test]
async fn a_refund_is_announced_when_it_is_done_and_not_before() {
    let shop = ShopDouble::start().await;
    let till = open(&shop).await;
    till.paid().await;
    shop.hear().await;
    till.paywall.will(Call::RefundPart, Answer::Cut);
    let refund = till.refund("ORD-1", KEY, json!({ "amount": 50 })).await;
    assert_eq!(refund.ok()["status"], "pending");
    till.wait(61);
    till.paywall
        .will(Call::Query, crate::support::refunded(4, 10.0));
    till.reconciler.pass().await;
    let heard = shop.hear().await;
    assert!(heard.is_genuine());
    let event = heard.json();
    assert_eq!(event["type"], "order.refunded");
    let view = till.order("ORD-1").await;
    assert_eq!(event["data"]["refund"], view["refunds"][0]);
    assert_eq!(event["data"]["refundedAmount"], 50);
    assert!(shop.heard_all().await);
}

#[tokio::test]
async fn what_the_shop_does_not_accept_is_told_again_further_and_further_apart() {
    let shop = ShopDouble::start().await;
    let till = open(&shop).await;
    for status in [500, 410, 302] {
        shop.will(status);
    }
    till.paid().await;
    let first = shop.hear().await;
    for seconds in [5, 300, 1800] {
        // Ends the attempt under way, and makes no other.
        till.reconciler.pass().await;
        till.wait(seconds - 1);
        till.reconciler.pass().await;
        assert!(shop.heard_all().await, "earlier than {seconds} s");
        till.wait(seconds / 10 + 2);
        till.reconciler.pass().await;
        let again = shop.hear().await;
        assert_eq!((&again.id, &again.text), (&first.id, &first.text));
        assert!(again.timestamp > first.timestamp && again.is_genuine());
    }
    till.wait(48 * 3600);
    till.reconciler.pass().await;
    assert!(shop.heard_all().await, "told after it was accepted");
}

#[tokio::test]
async fn an_event_is_given_up_after_ten_attempts() {
    let shop = ShopDouble::start().await;
    let till = open(&shop).await;
    for _ in 0..10 {
        shop.will(503);
    }
    till.paid().await;
    shop.hear().await;
    for _ in 1..10 {
        till.reconciler.pass().await;
        till.wait(27 * 3600);
        till.reconciler.pass().await;
        shop.hear().await;
    }
    till.wait(1000 * 3600);
    till.reconciler.pass().await;
    assert!(shop.heard_all().await);
}

#[tokio::test]
async fn two_servers_tell_once() {
    let shop = ShopDouble::start().await;
    let till = open(&shop).await;
    let other = till.beside_with(announcing(&shop)).await;
    shop.will(500);
    till.paid().await;
    shop.hear().await;
    till.reconciler.pass().await;
    till.wait(6);
    tokio::join!(till.reconciler.pass(), other.reconciler.pass());
    shop.hear().await;
    assert!(shop.heard_all().await);
}

#[tokio::test]
async fn what_a_server_could_not_tell_any_more_the_next_one_tells() {
    let shop = ShopDouble::start().await;
    let mut till = open(&shop).await;
    shop.will(500);
    till.paid().await;
    shop.hear().await;
    till.reconciler.pass().await;
    till.stop();
    till.wait(6);
    let _other = till.beside_with(announcing(&shop)).await;
    assert_eq!(shop.hear().await.json()["type"], "order.paid");
}

#[tokio::test]
async fn an_order_paid_twice_is_announced_once_and_the_refund_leaves_it_paid() {
    let shop = ShopDouble::start().await;
    let till = open(&shop).await;
    let (checkout, first) = till.at_the_bank().await;
    till.paywall.will(Call::Query, standing(5, 1));
    till.come_back(&first).await;
    till.paywall.will(Call::Start3d, started());
    let second = till.pay(&checkout, "another-key-0123456789").await.ok();
    for payment in [second["id"].as_str().unwrap(), &first] {
        till.paywall.will(Call::Query, standing(4, 1));
        till.come_back(payment).await;
    }
    assert_eq!(shop.hear().await.json()["type"], "order.paid");
    till.paywall.will(Call::Refund, done());
    till.reconciler.pass().await;
    let event = shop.hear().await.json();
    assert_eq!(event["type"], "order.refunded");
    assert_eq!(event["data"]["refund"]["payment"], json!(first));
    assert_eq!(event["data"]["refundedAmount"], 0);
    assert_eq!(till.order("ORD-1").await["refundedAmount"], 0);
}

#[tokio::test]
async fn a_shop_that_wants_no_webhooks_has_none_kept_for_it() {
    let till = Till::open().await;
    till.paid().await;
    let kept = sqlx::query("SELECT COUNT(*) FROM events")
        .fetch_one(&mut till.database().await)
        .await
        .unwrap();
    assert_eq!(kept.get::<i64, _>(0), 0);
}
