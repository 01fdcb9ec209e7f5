//! Browsers coming back from PayWall.

use serde_json::json;

use crate::support::{
    Answer, Call, Gate, Reply, SHOP, Till, TillOptions, order, refusal, standing,
};

#[tokio::test]
async fn a_return_is_settled_and_the_browser_sent_to_the_shop() {
    let till = Till::open().await;
    let mut body = order("ORD-1");
    body["returnUrl"] = format!("{SHOP}/kasa?dil=tr&kasa_checkout=old#ode").into();
    let (checkout, payment) = till.at_the_bank_with(&body, "redirect").await;
    till.paywall.will(Call::Query, standing(4, 1));
    let reply = till.come_back(&payment).await;
    assert_eq!(reply.status, 303);
    assert_eq!(
        reply.header("location"),
        format!("{SHOP}/kasa?dil=tr&kasa_checkout={checkout}#ode")
    );
    assert_eq!(reply.header("referrer-policy"), "no-referrer");
    let shown = till.read(&checkout).await.ok()["payment"].clone();
    assert_eq!(
        (&shown["status"], shown.get("next"), shown.get("error")),
        (&json!("paid"), None, None)
    );
    assert_eq!(shown["card"]["masked"], "557920******1297");
}

#[tokio::test]
async fn a_return_in_a_frame_tells_its_parent_under_a_strict_policy() {
    let till = Till::open().await;
    let (checkout, payment) = till.at_the_bank_with(&order("ORD-1"), "frame").await;
    till.paywall.will(Call::Query, standing(4, 1));
    let page = till.come_back(&payment).await;
    assert_eq!(page.status, 200);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(
        page.header("content-security-policy"),
        format!(
            "default-src 'none'; script-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors {SHOP}"
        )
    );
    assert!(
        page.text.contains(&format!(r#"data-payment="{payment}""#)),
        "{}",
        page.text
    );
    assert!(
        page.text.contains(&format!(r#"data-origin="{SHOP}""#)),
        "{}",
        page.text
    );
    assert!(
        page.text.contains(&format!(
            r#"data-shop="{SHOP}/kasa?kasa_checkout={checkout}""#
        )),
        "{}",
        page.text
    );
    assert!(page.text.contains("<noscript>"), "{}", page.text);
    assert!(!page.text.contains("style"), "{}", page.text);

    let script = till.get("/return/frame.js").await;
    assert_eq!(
        script.header("content-type"),
        "text/javascript; charset=utf-8"
    );
    assert!(script.text.contains("kasa:returned"));
    assert!(!script.text.contains("\"*\""));
}

#[tokio::test]
async fn what_paywall_says_decides_and_not_the_form() {
    let cases = [
        (4, 1, "paid", None),
        (5, 1, "failed", Some("declined")),
        (7, 1, "failed", Some("declined")),
        (13, 1, "failed", Some("declined")),
        (12, 1, "canceled", Some("canceled")),
        (4, 3, "canceled", Some("canceled")),
        (1, 1, "pending", None),
        (2, 1, "pending", None),
        (3, 1, "pending", None),
        (6, 1, "pending", None),
        (11, 1, "pending", None),
        (14, 1, "pending", None),
        (4, 2, "pending", None),
        (99, 1, "pending", None),
    ];
    let till = Till::open().await;
    for (status, kind, ours, code) in cases {
        let (checkout, payment) = till
            .at_the_bank_with(&order(&format!("ORD-{status}-{kind}")), "redirect")
            .await;
        till.paywall.will(Call::Query, standing(status, kind));
        assert_eq!(till.come_back(&payment).await.status, 303);
        let shown = till.read(&checkout).await.ok()["payment"].clone();
        assert_eq!(shown["status"], ours, "{status}/{kind}");
        assert_eq!(shown["error"]["code"].as_str(), code, "{status}/{kind}");
        assert_eq!(
            shown.get("next").is_some(),
            ours == "pending",
            "{status}/{kind}"
        );
    }
}

#[tokio::test]
async fn other_money_than_ours_is_never_paid() {
    let till = Till::open().await;
    let changes = [
        ("PaymentAmount", json!(10.49)),
        ("PaymentAmount", json!(1050)),
        ("PaymentAmount", json!(null)),
        ("CurrencyId", json!(2)),
        ("CurrencyId", json!(null)),
        ("MerchantUniqueCode", json!("pay_another")),
    ];
    for (at, (field, value)) in changes.into_iter().enumerate() {
        let (checkout, payment) = till
            .at_the_bank_with(&order(&format!("ORD-{at}")), "redirect")
            .await;
        let Answer::With(write) = standing(4, 1) else {
            unreachable!()
        };
        till.paywall.will(
            Call::Query,
            Answer::With(Box::new(move |seen| {
                let mut answer = write(seen);
                answer["Body"]["Paywall"][field] = value.clone();
                answer
            })),
        );
        assert_eq!(till.come_back(&payment).await.status, 303);
        assert_eq!(till.status(&checkout).await, "pending", "{field}");
    }
}

#[tokio::test]
async fn interest_for_installments_is_not_part_of_what_was_asked_for() {
    let till = Till::open().await;
    for (reference, asked_for, ours) in [("ORD-1", 10.5, "paid"), ("ORD-2", 9.5, "pending")] {
        let (checkout, payment) = till.at_the_bank_with(&order(reference), "redirect").await;
        let Answer::With(write) = standing(4, 1) else {
            unreachable!()
        };
        till.paywall.will(
            Call::Query,
            Answer::With(Box::new(move |seen| {
                let mut answer = write(seen);
                let standing = &mut answer["Body"]["Paywall"];
                standing["PaymentAmount"] = json!(11.03);
                standing["AppliedInterest"] = json!(true);
                standing["OriginalAmount"] = json!(asked_for);
                answer
            })),
        );
        till.come_back(&payment).await;
        assert_eq!(till.status(&checkout).await, ours);
    }
}

#[tokio::test]
async fn a_forged_or_altered_form_changes_nothing_and_asks_nobody() {
    let till = Till::open().await;
    let (checkout, payment) = till.at_the_bank().await;
    let alter = |field: &str, value: Option<&str>| {
        let mut form = Till::form(&payment);
        form.retain(|(name, _)| *name != field || value.is_some());
        for (name, text) in &mut form {
            if *name == field {
                value.unwrap().clone_into(text);
            }
        }
        form
    };
    let mut doubled = Till::form(&payment);
    doubled.push(("amount", "99.00".into()));
    let other = Till::form(&format!("pay_{}", "0".repeat(32)));
    let forms = [
        alter("hash", None),
        alter("hash", Some("")),
        alter("hash", Some(&"0".repeat(64))),
        alter("amount", Some("10.50")),
        alter("amount", None),
        alter("installment", Some("12")),
        alter("paymentId", Some("1002")),
        alter("uniqueCode", Some("pay_another")),
        alter("uniqueCode", None),
        doubled,
        other,
        vec![],
    ];
    for form in forms {
        let reply = till.come_back_with(&payment, &form).await;
        assert_eq!(reply.status, 303, "{form:?}");
    }
    assert_eq!(till.status(&checkout).await, "pending");
    assert!(till.paywall.seen(Call::Query).is_empty());
}

#[tokio::test]
async fn a_form_that_cannot_be_read_still_brings_the_browser_home() {
    let till = Till::open().await;
    let (checkout, payment) = till.at_the_bank().await;
    let path = format!("/return/paywall/{payment}");
    for body in [vec![0xff, 0xfe, b'='], vec![b'a'; 100_000], vec![]] {
        let reply = Reply::to(till.request("POST", &path).body(body)).await;
        assert_eq!(reply.status, 303);
    }
    assert_eq!(till.status(&checkout).await, "pending");
}

#[tokio::test]
async fn a_doubled_return_is_harmless() {
    let till = Till::open().await;
    let (checkout, payment) = till.at_the_bank().await;
    // Both ask before either has written.
    let gates = [(); 2].map(|()| till.paywall.will_hold(Call::Query, standing(4, 1)));
    let both = async {
        for gate in &gates {
            gate.reached().await;
        }
        gates.iter().for_each(Gate::open);
    };
    let (first, second, ()) =
        tokio::join!(till.come_back(&payment), till.come_back(&payment), both);
    assert_eq!((first.status.as_u16(), second.status.as_u16()), (303, 303));
    let read = till.read(&checkout).await.ok();
    // Created, link, paid: the second success is no change.
    assert_eq!(
        (&read["revision"], &read["payment"]["status"]),
        (&json!(4), &json!("paid"))
    );
}

#[tokio::test]
async fn a_replayed_return_of_a_paid_payment_asks_nobody() {
    let till = Till::open().await;
    let (checkout, payment) = till.at_the_bank().await;
    till.paywall.will(Call::Query, standing(4, 1));
    for _ in 0..3 {
        assert_eq!(till.come_back(&payment).await.status, 303);
    }
    assert_eq!(till.status(&checkout).await, "paid");
    assert_eq!(till.paywall.seen(Call::Query).len(), 1);
}

#[tokio::test]
async fn a_failed_payment_that_paywall_says_is_paid_becomes_paid() {
    let till = Till::open().await;
    let (checkout, payment) = till.at_the_bank().await;
    till.paywall
        .will(Call::Query, standing(5, 1))
        .will(Call::Query, standing(4, 1));
    till.come_back(&payment).await;
    assert_eq!(till.status(&checkout).await, "failed");
    till.come_back(&payment).await;
    let shown = till.read(&checkout).await.ok()["payment"].clone();
    assert_eq!(
        (&shown["status"], shown.get("error")),
        (&json!("paid"), None)
    );
    assert_eq!(till.order("ORD-1").await["status"], "paid");
}

#[tokio::test]
async fn a_success_that_races_with_giving_up_is_kept() {
    let till = Till::open().await;
    let (checkout, payment) = till.at_the_bank().await;
    let gate = till.paywall.will_hold(Call::Query, standing(4, 1));
    let give_up = async {
        gate.reached().await;
        till.wait(3601);
        till.paywall
            .will(Call::Query, standing(2, 1))
            .will(Call::Cancel, Answer::Cut)
            .will(Call::Query, standing(2, 1));
        till.reconciler.pass().await;
        let given_up = till.order("ORD-1").await;
        assert_eq!(given_up["payments"][0]["status"], "failed");
        gate.open();
    };
    let (reply, ()) = tokio::join!(till.come_back(&payment), give_up);
    assert_eq!(reply.status, 303);
    assert_eq!(till.status(&checkout).await, "paid");
}

#[tokio::test]
async fn a_late_success_is_not_hidden_by_a_payment_made_since() {
    let till = Till::open().await;
    let (checkout, payment) = till.at_the_bank().await;
    till.paywall.will(Call::Query, standing(5, 1));
    till.come_back(&payment).await;
    till.paywall.will(Call::Start3d, refusal(1));
    till.pay(&checkout, "another-key-0123456789").await.ok();
    till.paywall.will(Call::Query, standing(4, 1));
    till.come_back(&payment).await;
    let shown = till.read(&checkout).await.ok()["payment"].clone();
    assert_eq!(
        (&shown["id"], &shown["status"]),
        (&json!(payment), &json!("paid"))
    );
}

#[tokio::test]
async fn a_return_while_paywall_is_silent_leaves_the_payment_pending() {
    let till = Till::open().await;
    let (checkout, payment) = till.at_the_bank().await;
    for answer in [
        Answer::Status(500),
        Answer::Html,
        Answer::Cut,
        refusal(401),
        refusal(-1),
        refusal(73),
    ] {
        till.paywall.will(Call::Query, answer);
        assert_eq!(till.come_back(&payment).await.status, 303);
        assert_eq!(till.status(&checkout).await, "pending");
    }
}

#[tokio::test]
async fn without_a_hash_key_a_form_is_a_hint_to_ask() {
    let till = Till::open_with(TillOptions {
        variables: vec![("PAYWALL_HASH_KEY_3D", "")],
    })
    .await;
    let (checkout, payment) = till.at_the_bank().await;
    till.paywall.will(Call::Query, standing(4, 1));
    till.come_back_with(&payment, &[("uniqueCode", payment.clone())])
        .await;
    assert_eq!(till.status(&checkout).await, "paid");
}

#[tokio::test]
async fn an_unknown_payment_is_not_found_and_a_return_is_a_post() {
    let till = Till::open().await;
    for id in [
        format!("pay_{}", "0".repeat(32)),
        "pay_1".into(),
        "%ff".into(),
    ] {
        till.come_back(&id).await.problem(404, "payment_not_found");
    }
    till.get(&format!("/return/paywall/pay_{}", "0".repeat(32)))
        .await
        .problem(405, "method_not_allowed");
}
