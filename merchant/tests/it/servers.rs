//! Several servers over one database behave as one.

use kasa_merchant::settings::Settings;
use serde_json::json;

use crate::support::{Call, Gate, Reply, Till, card_payment, done, order, standing, started};

const KEY: &str = "key-0123456789abcdef";

#[tokio::test]
async fn what_one_server_does_the_other_shows_and_neither_does_it_twice() {
    let here = Till::open().await;
    let there = here.beside().await;
    let checkout = here.checkout().await;
    let after = |revision: u32| format!("/v1/checkouts/{checkout}?wait=25&since={revision}");
    let (without_link, unpaid) = (after(2), after(3));

    here.paywall.will(Call::Start3d, started());
    let (seen, made) = tokio::join!(
        here.get(&without_link),
        Reply::to(there.payment_request(&checkout, KEY, &card_payment()))
    );
    assert_eq!(made.status, 201);
    assert_eq!(seen.ok()["payment"], made.ok());
    // The same request at the other server is the same payment.
    let again = Reply::to(here.payment_request(&checkout, KEY, &card_payment())).await;
    assert_eq!((again.status.as_u16(), again.ok()), (200, made.ok()));
    let other = Reply::to(here.payment_request(&checkout, "another-key-012345", &card_payment()));
    other.await.problem(409, "payment_pending");

    here.wait(11);
    here.paywall.will(Call::Query, standing(4, 1));
    let (seen, ()) = tokio::join!(here.get(&unpaid), async {
        tokio::join!(there.reconciler.pass(), here.reconciler.pass());
    });
    assert_eq!(seen.ok()["payment"]["status"], "paid");
    assert_eq!(here.paywall.seen(Call::Query).len(), 1);
    assert_eq!(here.order("ORD-1").await, there.order("ORD-1").await);

    here.paywall.will(Call::Refund, done());
    let key = "refund-0123456789ab";
    let (one, two) = tokio::join!(
        here.refund("ORD-1", key, json!({})),
        there.refund("ORD-1", key, json!({}))
    );
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 201]);
    assert_eq!(one.ok()["id"], two.ok()["id"]);
    assert_eq!(there.order("ORD-1").await["refundedAmount"], 1050);
}

#[tokio::test]
async fn of_many_same_orders_at_once_one_is_created() {
    let here = Till::open().await;
    let there = here.beside().await;
    let body = order("ORD-1");
    let asked = (0..8).map(|number| {
        let server = if number % 2 == 0 { &here } else { &there };
        server.create_order(&body)
    });
    let answers = futures_util::future::join_all(asked).await;
    let created = answers.iter().filter(|answer| answer.status == 201);
    assert_eq!(created.count(), 1);
    for answer in &answers {
        assert_eq!(answer.ok()["checkout"], answers[0].ok()["checkout"]);
    }
}

#[tokio::test]
async fn two_servers_that_hear_of_the_same_success_record_it_once() {
    let here = Till::open().await;
    let there = here.beside().await;
    let (checkout, payment) = here.at_the_bank().await;
    // Both ask before either has written.
    let gates = [(); 2].map(|()| here.paywall.will_hold(Call::Query, standing(4, 1)));
    let both = async {
        for gate in &gates {
            gate.reached().await;
        }
        gates.iter().for_each(Gate::open);
    };
    tokio::join!(here.come_back(&payment), there.come_back(&payment), both);
    // Created, link, paid.
    assert_eq!(there.read(&checkout).await.ok()["revision"], 4);
    assert_eq!(here.order("ORD-1").await["refunds"], json!([]));
}

#[test]
fn the_databases_address_is_never_shown() {
    let variables = [
        ("API_KEY", "key"),
        ("SHOP_ORIGINS", "http://localhost:8400"),
        ("DATABASE_URL", "postgres://kasa:canary@db.example/kasa"),
    ];
    let variables = variables.map(|(name, value)| (format!("KASA_{name}"), value.to_owned()));
    let settings = Settings::from_variables(variables).unwrap();
    assert!(!format!("{settings:?}").contains("canary"));
}
