//! What becomes of a payment when start3d does not simply answer with a link.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::support::{Answer, Call, Reply, Till, card_payment, order, refusal, standing, started};

const KEY: &str = "key-0123456789abcdef";

#[tokio::test]
async fn a_refused_start_fails_with_a_code_for_the_shopper() {
    let till = Till::open().await;
    let cases = [
        (74, "card_token_invalid"),
        (75, "card_token_invalid"),
        (19, "card_expired"),
        (14, "card_refused"),
        (79, "card_refused"),
        (401, "provider_unavailable"),
        (24, "provider_unavailable"),
        (46, "provider_error"),
        (1, "declined"),
        (999, "declined"),
    ];
    for (number, code) in cases {
        let checkout = till.checkout_of(&order(&format!("ORD-{number}"))).await;
        till.paywall.will(Call::Start3d, refusal(number));
        let payment = till.pay(&checkout, KEY).await.ok();
        assert_eq!(
            (&payment["status"], &payment["error"]["code"]),
            (&json!("failed"), &json!(code)),
            "{number}"
        );
        assert_eq!(payment["error"]["message"], "PayWall says no");
        assert_eq!(payment.get("next"), None);
    }
}

#[tokio::test]
async fn the_banks_words_are_decoded_and_kept() {
    let till = Till::open().await;
    let checkout = till.checkout().await;
    let words = "İşlem reddedildi: şüpheli";
    till.paywall.will(
        Call::Start3d,
        Answer::Json(
            json!({ "ErrorCode": 1, "Result": false, "Message": "-", "Body": { "Error": {
            "ProviderErrorCode": "MDUx", "ProviderErrorMessage": STANDARD.encode(words) } } }),
        ),
    );
    let payment = till.pay(&checkout, KEY).await.ok();
    assert_eq!(
        payment["error"],
        json!({ "code": "declined", "message": words })
    );
}

type Lost = (&'static str, fn() -> Answer);

fn lost_answers() -> [Lost; 6] {
    [
        ("cut", || Answer::Cut),
        ("500", || Answer::Status(500)),
        ("503", || Answer::Status(503)),
        ("redirect", || Answer::Status(302)),
        ("html", || Answer::Html),
        ("no link", || {
            Answer::Json(
                json!({ "ErrorCode": 0, "Result": true, "Body": { "RedirectUrl": "javascript:1" } }),
            )
        }),
    ]
}

#[tokio::test]
async fn a_lost_answer_is_asked_about_under_the_same_code() {
    for (name, lost) in lost_answers() {
        let till = Till::open().await;
        let checkout = till.checkout().await;
        till.paywall
            .will(Call::Start3d, lost())
            .will(Call::Query, standing(4, 1));
        let payment = till.pay(&checkout, KEY).await.ok();
        assert_eq!(payment["status"], "paid", "{name}");
        let query = &till.paywall.seen(Call::Query)[0];
        assert_eq!(
            query.header("merchantuniquecode"),
            payment["id"].as_str().unwrap()
        );
        assert_eq!(
            (
                query.header("apikeyprivate"),
                query.header("apiclientprivate")
            ),
            ("private-key", "private-client")
        );
        assert_eq!(query.header("apikeypublic"), "");
    }
}

#[tokio::test]
async fn a_lost_start_that_paywall_does_not_know_or_did_not_go_on_with_has_failed() {
    for (name, answer) in [
        ("unknown", refusal(73)),
        ("created", standing(1, 1)),
        ("started", standing(2, 1)),
    ] {
        let till = Till::open().await;
        let checkout = till.checkout().await;
        till.paywall
            .will(Call::Start3d, Answer::Cut)
            .will(Call::Query, answer);
        let payment = till.pay(&checkout, KEY).await.ok();
        assert_eq!(payment["status"], "failed", "{name}");
        assert_eq!(payment["error"]["code"], "provider_unavailable", "{name}");
        till.paywall.will(Call::Start3d, started());
        assert_eq!(
            till.pay(&checkout, "another-key-0123456789").await.ok()["status"],
            "pending"
        );
    }
}

#[tokio::test]
async fn a_lost_start_that_arrives_late_and_takes_money_is_recorded_all_the_same() {
    let till = Till::open().await;
    let checkout = till.checkout().await;
    till.paywall
        .will(Call::Start3d, Answer::Cut)
        .will(Call::Query, refusal(73));
    assert_eq!(till.pay(&checkout, KEY).await.ok()["status"], "failed");
    till.wait(301);
    till.paywall.will(Call::Query, standing(4, 1));
    till.reconciler.pass().await;
    assert_eq!(till.status(&checkout).await, "paid");
}

#[tokio::test]
async fn when_the_query_is_lost_too_the_payment_stays_pending_until_paywall_can_tell() {
    let till = Till::open().await;
    let checkout = till.checkout().await;
    till.paywall
        .will(Call::Start3d, Answer::Cut)
        .will(Call::Query, Answer::Status(502));
    let payment = till.pay(&checkout, KEY).await.ok();
    assert_eq!(
        (&payment["status"], payment.get("next")),
        (&json!("pending"), None)
    );
    till.pay(&checkout, "another-key-0123456789")
        .await
        .problem(409, "payment_pending");

    till.wait(11);
    till.paywall.will(Call::Query, standing(2, 1));
    till.reconciler.pass().await;
    assert_eq!(till.status(&checkout).await, "failed");
}

#[tokio::test]
async fn a_code_that_exists_already_is_asked_about() {
    for (number, answer, status) in [(4, standing(4, 1), "paid"), (119, standing(1, 1), "failed")] {
        let till = Till::open().await;
        let checkout = till.checkout().await;
        till.paywall
            .will(Call::Start3d, refusal(number))
            .will(Call::Query, answer);
        assert_eq!(till.pay(&checkout, KEY).await.ok()["status"], status);
    }
}

#[tokio::test]
async fn a_lost_start_between_states_stays_pending() {
    let till = Till::open().await;
    let checkout = till.checkout().await;
    till.paywall
        .will(Call::Start3d, Answer::Cut)
        .will(Call::Query, standing(11, 1));
    assert_eq!(till.pay(&checkout, KEY).await.ok()["status"], "pending");
}

#[tokio::test]
async fn the_client_going_away_does_not_stop_the_start() {
    let till = Till::open().await;
    let checkout = till.checkout().await;
    let gate = till.paywall.will_hold(Call::Start3d, started());
    let leaving = tokio::spawn(Reply::to(till.payment_request(
        &checkout,
        KEY,
        &card_payment(),
    )));
    gate.reached().await;
    leaving.abort();
    assert!(leaving.await.is_err());
    assert_eq!(till.status(&checkout).await, "pending");
    gate.open();
    let seen = till
        .get(&format!("/v1/checkouts/{checkout}?wait=25&since=2"))
        .await
        .ok();
    assert_eq!(seen["payment"]["next"]["type"], "redirect");
}

#[tokio::test]
async fn a_server_that_stops_finishes_the_start_first() {
    let mut till = Till::open().await;
    let checkout = till.checkout().await;
    let gate = till.paywall.will_hold(Call::Start3d, started());
    let leaving = tokio::spawn(Reply::to(till.payment_request(
        &checkout,
        KEY,
        &card_payment(),
    )));
    gate.reached().await;
    leaving.abort();
    till.stop();
    let other = till.beside().await;
    gate.open();
    let seen = other
        .get(&format!("/v1/checkouts/{checkout}?wait=25&since=2"))
        .await
        .ok();
    assert_eq!(seen["payment"]["next"]["type"], "redirect");
}

#[tokio::test]
async fn a_request_repeated_while_the_first_is_starting_waits_for_its_link() {
    let till = Till::open().await;
    let checkout = till.checkout().await;
    let gate = till.paywall.will_hold(Call::Start3d, started());
    let first = tokio::spawn(Reply::to(till.payment_request(
        &checkout,
        KEY,
        &card_payment(),
    )));
    gate.reached().await;
    let twin = till.pay(&checkout, KEY);
    let (twin, ()) = tokio::join!(twin, async {
        // The twin is under way; a read in between gives it time to arrive.
        till.read(&checkout).await.ok();
        gate.open();
    });
    let first = first.await.unwrap();
    assert_eq!((first.status.as_u16(), twin.status.as_u16()), (201, 200));
    assert_eq!(first.ok(), twin.ok());
    assert_eq!(till.paywall.seen(Call::Start3d).len(), 1);
}

#[tokio::test]
async fn a_start_that_died_with_its_server_is_failed_and_its_late_link_is_never_handed_out() {
    let till = Till::open().await;
    let checkout = till.checkout().await;
    let gate = till.paywall.will_hold(Call::Start3d, started());
    let first = tokio::spawn(Reply::to(till.payment_request(
        &checkout,
        KEY,
        &card_payment(),
    )));
    gate.reached().await;

    // While the start may still answer, "unknown" proves nothing.
    let payment = till.read(&checkout).await.ok()["payment"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    till.paywall
        .will(Call::Query, refusal(73))
        .will(Call::Cancel, refusal(73))
        .will(Call::Query, refusal(73));
    assert_eq!(
        till.cancel(&checkout, &payment).await.ok()["status"],
        "pending"
    );

    let other = till.beside().await;
    till.wait(60);
    till.paywall.will(Call::Query, refusal(73));
    other.reconciler.pass().await;
    assert_eq!(till.status(&checkout).await, "failed");

    gate.open();
    let late: Value = first.await.unwrap().ok();
    assert_eq!(
        (&late["status"], late.get("next")),
        (&json!("failed"), None)
    );
}
