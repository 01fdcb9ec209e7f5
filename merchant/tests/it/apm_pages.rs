//! Alternative methods on a provider's page or by a picture; cancelling, giving
//! up and giving back.

use serde_json::json;

use crate::support::apm::{
    PICTURE, UNIQUE_CODE, at_the_page, awaiting_code, checkout, come_back, form, pay, pictured,
    redirected, standing, till, wallet,
};
use crate::support::{Answer, Call, SHOP, Till, done, refusal};

#[tokio::test]
async fn a_page_is_opened_and_its_return_settled() {
    let till = till().await;
    let (checkout, id) = at_the_page(&till, "ORD-1").await;
    let sent = till.paywall.seen(Call::ApmRedirect)[0].json();
    let back = json!(format!("https://pay.shop.example/return/apm/{id}"));
    assert_eq!(
        (
            &sent["ApmId"],
            &sent["MerchantSuccessBackUrl"],
            &sent["MerchantFailBackUrl"]
        ),
        (&json!(11), &back, &back)
    );
    till.paywall.will(Call::ApmQuery, standing(4, 1));
    let reply = come_back(&till, &id, &form(&id)).await;
    assert_eq!(reply.status, 303);
    assert_eq!(
        reply.header("location"),
        format!("{SHOP}/kasa?kasa_checkout={checkout}")
    );
    assert_eq!(till.status(&checkout).await, "paid");
}

#[tokio::test]
async fn what_paywall_says_decides_and_not_the_form() {
    let cases = [
        (4, 1, "paid", None),
        (5, 1, "failed", Some("declined")),
        (6, 1, "failed", Some("declined")),
        (1, 1, "pending", None),
        (2, 1, "pending", None),
        (3, 1, "pending", None),
        (14, 1, "pending", None),
        (12, 2, "pending", None),
        (4, 2, "pending", None),
        (99, 1, "pending", None),
    ];
    let till = till().await;
    for (status, kind, ours, code) in cases {
        let (checkout, id) = at_the_page(&till, &format!("ORD-{status}-{kind}")).await;
        till.paywall.will(Call::ApmQuery, standing(status, kind));
        come_back(&till, &id, &form(&id)).await;
        let shown = till.read(&checkout).await.ok()["payment"].clone();
        assert_eq!(shown["status"], ours, "{status}/{kind}");
        assert_eq!(shown["error"]["code"].as_str(), code, "{status}/{kind}");
    }
}

#[tokio::test]
async fn a_picture_is_shown_and_watched() {
    let till = till().await;
    let checkout = checkout(&till, "ORD-1").await;
    till.paywall.will(Call::ApmPicture, pictured());
    let payment = pay(&till, &checkout, &wallet("qr")).await.ok();
    assert_eq!(payment["next"], json!({ "type": "qr", "image": PICTURE }));
    assert_eq!(
        till.paywall.seen(Call::ApmPicture)[0].json()["ApmConnectionId"],
        11
    );
    // Nobody comes back with it, so the server looks every two seconds.
    for status in [13, 14, 4] {
        till.wait(3);
        till.paywall.will(Call::ApmQuery, standing(status, 1));
        till.reconciler.pass().await;
    }
    assert_eq!(till.status(&checkout).await, "paid");
}

#[tokio::test]
async fn a_page_or_picture_that_was_lost_is_failed_when_paywall_did_not_go_on() {
    let till = till().await;
    for (kind, call) in [("redirect", Call::ApmRedirect), ("qr", Call::ApmPicture)] {
        let checkout = checkout(&till, kind).await;
        till.paywall
            .will(call, Answer::Cut)
            .will(Call::ApmQuery, standing(1, 1));
        let payment = pay(&till, &checkout, &wallet(kind)).await.ok();
        assert_eq!(
            (&payment["status"], &payment["error"]["code"]),
            (&json!("failed"), &json!("provider_unavailable"))
        );
    }
}

#[tokio::test]
async fn a_cancel_is_granted_while_the_payer_has_not_begun() {
    let till = till().await;
    for status in [1, 7, 8, 9, 11, 13] {
        let (checkout, id) = awaiting_code(&till, &format!("ORD-{status}")).await;
        till.paywall.will(Call::ApmQuery, standing(status, 1));
        let answer = till.cancel(&checkout, &id).await.ok();
        assert_eq!(answer["status"], "canceled", "{status}");
    }
    for status in [2, 3, 10, 14] {
        let (checkout, id) = at_the_page(&till, &format!("ORD-{status}")).await;
        till.paywall.will(Call::ApmQuery, standing(status, 1));
        let answer = till.cancel(&checkout, &id).await.ok();
        assert_eq!(answer["status"], "pending", "{status}");
        // It was wished for: what the provider ends is canceled.
        till.paywall.will(Call::ApmQuery, standing(5, 1));
        come_back(&till, &id, &form(&id)).await;
        assert_eq!(till.status(&checkout).await, "canceled", "{status}");
    }
}

#[tokio::test]
async fn a_payment_left_alone_is_given_up_and_still_watched() {
    let till = till().await;
    let (checkout, id) = at_the_page(&till, "ORD-1").await;
    till.wait(3601);
    till.paywall.will(Call::ApmQuery, standing(3, 1));
    till.reconciler.pass().await;
    let order = till.order("ORD-1").await;
    assert_eq!(order["payments"][0]["error"]["code"], "expired");
    till.paywall.will(Call::ApmQuery, standing(4, 1));
    come_back(&till, &id, &form(&id)).await;
    assert_eq!(till.status(&checkout).await, "paid");
}

/// A paid order of 10.50 TRY.
async fn paid(till: &Till) -> String {
    let (checkout, id) = at_the_page(till, "ORD-1").await;
    till.paywall.will(Call::ApmQuery, standing(4, 1));
    come_back(till, &id, &form(&id)).await;
    assert_eq!(till.status(&checkout).await, "paid");
    id
}

const REFUND: &str = "refund-key-0123456789";

#[tokio::test]
async fn all_or_a_part_is_given_back_under_paywalls_own_code() {
    let till = till().await;
    paid(&till).await;
    till.paywall.will(Call::ApmRefundPart, done());
    let reply = till
        .refund("ORD-1", REFUND, json!({ "amount": 250 }))
        .await
        .ok();
    assert_eq!(reply["status"], "done", "{reply}");
    assert_eq!(
        till.paywall.seen(Call::ApmRefundPart)[0].text,
        format!(r#"{{"UniqueCode":"{UNIQUE_CODE}","Amount":2.50}}"#)
    );

    let till = crate::support::apm::till().await;
    paid(&till).await;
    till.paywall.will(Call::ApmRefund, done());
    till.refund("ORD-1", REFUND, json!({})).await.ok();
    assert_eq!(
        till.paywall.seen(Call::ApmRefund)[0].json(),
        json!({ "UniqueCode": UNIQUE_CODE })
    );
}

#[tokio::test]
async fn a_refund_whose_answer_was_lost_is_never_sent_again_but_asked_about() {
    for (answer, status) in [
        (standing(4, 2), "done"),
        (standing(4, 1), "failed"),
        (standing(12, 2), "pending"),
        (Answer::Cut, "pending"),
    ] {
        let till = till().await;
        paid(&till).await;
        till.paywall.will(Call::ApmRefund, Answer::Cut);
        let refund = till.refund("ORD-1", REFUND, json!({})).await.ok();
        assert_eq!(refund["status"], "pending", "{refund}");
        till.wait(61);
        till.paywall.will(Call::ApmQuery, answer);
        till.reconciler.pass().await;
        let view = till.order("ORD-1").await;
        assert_eq!(view["refunds"][0]["status"], status);
    }
}

#[tokio::test]
async fn a_refused_refund_is_told_with_paywalls_words() {
    let till = till().await;
    paid(&till).await;
    till.paywall.will(Call::ApmRefund, refusal(359));
    let refund = till.refund("ORD-1", REFUND, json!({})).await.ok();
    assert_eq!(refund["status"], "failed");
    assert_eq!(refund["error"]["code"], "refund_refused");
    assert_eq!(refund["error"]["message"], "PayWall says no");
}

#[tokio::test]
async fn a_page_may_stand_in_no_frame_of_the_shops_but_returns_to_one() {
    let till = till().await;
    let checkout = checkout(&till, "ORD-1").await;
    till.paywall.will(Call::ApmRedirect, redirected());
    let mut body = wallet("redirect");
    body["challenge"] = "frame".into();
    let payment = pay(&till, &checkout, &body).await.ok();
    let id = payment["id"].as_str().unwrap();
    till.paywall.will(Call::ApmQuery, standing(4, 1));
    let page = come_back(&till, id, &form(id)).await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains(&format!(r#"data-payment="{id}""#)));
}
