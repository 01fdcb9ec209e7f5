//! Orders paid on Hepsipay's page, from outside: what the shop and the shopper
//! see, whatever Hepsipay and the browser bring.

use kasa_merchant::hepsipay::Signer;
use reqwest::StatusCode;

use super::shop::{Change, KEY, Shop, about, fresh_order, given_back, told};
use super::*;
use crate::support::{Reply, SHOP, Till, order};

#[tokio::test]
async fn an_order_is_paid_on_the_page() {
    let shop = Shop::open().await;
    let (checkout, payment) = shop.at_the_page().await;
    let next = &shop.payment(&checkout).await["next"];
    assert_eq!(
        *next,
        json!({ "type": "redirect", "url": format!("https://page.example/{PAGE}"), "method": "GET" })
    );
    shop.will_tell(Some("0000"));
    let reply = shop.come_back(&payment).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER);
    assert_eq!(
        reply.header("location"),
        format!("{SHOP}/kasa?kasa_checkout={checkout}")
    );
    assert_eq!(shop.till.status(&checkout).await, "paid");
    let order = shop.till.order("ORD-1").await;
    assert_eq!(order["status"], "paid");
    assert_eq!(order["payments"][0]["provider"]["name"], "hepsipay");
}

#[tokio::test]
async fn what_is_saved_is_the_order() {
    let shop = Shop::open().await;
    let (_, payment) = shop.at_the_page().await;
    let sent = shop.hepsipay.asked(SAVE)[0].json();
    let expected = [
        ("TransactionId", json!(payment)),
        ("Amount", json!("1050")),
        ("Currency", json!("TRY")),
        ("installment", json!(1)),
        ("HasInstallmentChoice", json!(false)),
        ("Description", json!("Bir kitap")),
        (
            "ReturnUrl",
            json!(format!(
                "https://pay.shop.example/return/hepsipay/{payment}"
            )),
        ),
        (
            "Customer",
            json!({ "name": "Ada", "surname": "Deneme", "email": "ada@example.com",
                    "ipaddress": "127.0.0.1", "phonenumber": "5000000000" }),
        ),
        (
            "InvoiceAddress",
            json!({ "name": "Ada Deneme", "address": "Deneme Sok. 1", "country": "Türkiye",
                    "countrycode": "TUR", "city": "Ankara" }),
        ),
        (
            "BasketItems",
            json!([{ "basketitemid": "ORD-1", "description": "Bir kitap", "productcode": "ORD-1",
                     "amount": 1050, "count": 1, "BasketItemType": "1" }]),
        ),
    ];
    for (name, value) in expected {
        assert_eq!(sent[name], value, "{name}");
    }
    let time: i64 = sent["TransactionTime"].as_str().unwrap().parse().unwrap();
    let signer = Signer::new(&Secret::new(SECRET), HepsipayHash::Sha256).unwrap();
    let values = format!("{payment}{time}1050TRY1");
    assert_eq!(sent["Signature"], signer.sign(&values));
}

#[tokio::test]
async fn a_declined_page_ends_the_payment() {
    let shop = Shop::open().await;
    let (checkout, payment) = shop.at_the_page().await;
    shop.will_tell(Some("1520"));
    shop.come_back(&payment).await;
    let payment = shop.payment(&checkout).await;
    assert_eq!(
        (&payment["status"], &payment["error"]),
        (
            &json!("failed"),
            &json!({ "code": "declined", "message": "Yetersiz bakiye" })
        )
    );
}

#[tokio::test]
async fn a_page_that_nobody_used_leaves_the_payment_open() {
    let shop = Shop::open().await;
    let (checkout, payment) = shop.at_the_page().await;
    shop.will_tell(None);
    shop.come_back(&payment).await;
    assert_eq!(shop.till.status(&checkout).await, "pending");
}

#[tokio::test]
async fn a_page_cannot_be_closed_so_a_cancel_waits_for_its_end() {
    let shop = Shop::open().await;
    let (checkout, payment) = shop.at_the_page().await;
    shop.will_tell(None);
    let still = shop.till.cancel(&checkout, &payment).await.ok();
    assert_eq!(still["status"], "pending");
    shop.will_tell(Some("9001"));
    shop.come_back(&payment).await;
    assert_eq!(shop.till.status(&checkout).await, "canceled");
}

#[tokio::test]
async fn a_shopper_who_never_comes_back_is_asked_about() {
    let shop = Shop::open().await;
    let (checkout, _) = shop.at_the_page().await;
    shop.till.wait(11);
    shop.will_tell(Some("0000"));
    shop.till.reconciler.pass().await;
    assert_eq!(shop.till.status(&checkout).await, "paid");
}

#[tokio::test]
async fn a_page_that_is_paid_after_its_time_was_over_is_paid() {
    let shop = Shop::open().await;
    let (_, payment) = shop.at_the_page().await;
    shop.till.wait(3601);
    shop.will_tell(None);
    shop.till.reconciler.pass().await;
    let order = shop.till.order("ORD-1").await;
    assert_eq!(order["payments"][0]["error"]["code"], "expired");
    shop.will_tell(Some("0000"));
    shop.come_back(&payment).await;
    assert_eq!(shop.till.order("ORD-1").await["status"], "paid");
}

#[tokio::test]
async fn a_page_whose_answer_was_lost_is_found_by_our_id() {
    let shop = Shop::open().await;
    let unbelievable = Says::with(|asked| signed(about(asked), ""));
    for lost in [Says::Cut, Says::Text(503, ""), unbelievable] {
        shop.hepsipay.will(SAVE, lost);
        shop.will_tell(None);
        let checkout = shop.till.checkout_of(&fresh_order()).await;
        let body = json!({ "method": "hepsipay" });
        let payment = Reply::to(shop.till.payment_request(&checkout, KEY, &body)).await;
        let payment = payment.ok();
        let sent = shop.hepsipay.asked(SAVE).last().unwrap().json();
        let asked = shop.hepsipay.asked(QUERY).last().unwrap().json();
        assert_eq!(asked["TransactionId"], sent["TransactionId"]);
        assert_eq!(asked.get("CommonPaymentUniqueId"), None);
        assert_eq!(
            payment["next"]["url"],
            format!("https://page.example/{PAGE}")
        );
        let id = payment["id"].as_str().unwrap();
        shop.will_tell(Some("0000"));
        shop.come_back(id).await;
        assert_eq!(shop.till.status(&checkout).await, "paid");
    }
}

#[tokio::test]
async fn a_page_that_nobody_can_know_ends_the_payment() {
    let shop = Shop::open().await;
    let unknown = json!({ "success": false, "messageCode": "6000" });
    shop.hepsipay
        .will(SAVE, Says::Cut)
        .will(QUERY, Says::Json(400, unknown));
    let (_, payment) = shop.pay().await;
    assert_eq!(
        (&payment["status"], &payment["error"]["code"]),
        (&json!("failed"), &json!("provider_unavailable"))
    );
}

#[tokio::test]
async fn a_page_that_is_not_told_of_is_asked_for_again() {
    let shop = Shop::open().await;
    shop.hepsipay
        .will(SAVE, Says::Cut)
        .will(QUERY, Says::Text(503, ""));
    let (checkout, payment) = shop.pay().await;
    assert_eq!(
        (&payment["status"], payment.get("next")),
        (&json!("pending"), None)
    );
    shop.till.wait(11);
    shop.will_tell(None);
    shop.till.reconciler.pass().await;
    let next = &shop.payment(&checkout).await["next"];
    assert_eq!(next["url"], format!("https://page.example/{PAGE}"));
}

#[tokio::test]
async fn a_refused_save_fails_at_once() {
    let shop = Shop::open().await;
    let no =
        json!({ "success": false, "messageCode": "1506", "userMessage": "Daha sonra deneyin." });
    shop.hepsipay.will(SAVE, Says::Json(400, no));
    let (_, payment) = shop.pay().await;
    assert_eq!(payment["status"], "failed");
    assert_eq!(
        payment["error"],
        json!({ "code": "provider_unavailable", "message": "Daha sonra deneyin." })
    );
}

#[tokio::test]
async fn a_refused_question_ends_nothing() {
    let shop = Shop::open().await;
    let (checkout, payment) = shop.at_the_page().await;
    let no = json!({ "success": false, "messageCode": "6000" });
    shop.hepsipay.will(QUERY, Says::Json(400, no));
    shop.come_back(&payment).await;
    assert_eq!(shop.till.status(&checkout).await, "pending");
}

#[tokio::test]
async fn a_forged_form_asks_nobody_and_changes_nothing() {
    let shop = Shop::open().await;
    let (checkout, payment) = shop.at_the_page().await;
    let other = "pay_00000000000000000000000000000000";
    let other_page = PAGE.replace('0', "1");
    let forms: [&[(&str, &str)]; 5] = [
        &[],
        &[("TransactionId", other), ("CommonPaymentUniqueId", PAGE)],
        &[
            ("TransactionId", &payment),
            ("CommonPaymentUniqueId", &other_page),
        ],
        &[("TransactionId", &payment), ("Success", "True")],
        &[
            ("TransactionId", &payment),
            ("CommonPaymentUniqueId", PAGE),
            ("Success", "True"),
            ("success", "False"),
        ],
    ];
    for form in forms {
        let reply = shop.come_back_with(&payment, form).await;
        assert_eq!(reply.status, StatusCode::SEE_OTHER, "{form:?}");
    }
    assert_eq!(shop.till.status(&checkout).await, "pending");
    shop.come_back(other)
        .await
        .problem(404, "payment_not_found");
}

#[tokio::test]
async fn a_form_that_lies_about_the_outcome_is_a_hint_like_any_other() {
    let shop = Shop::open().await;
    let (checkout, payment) = shop.at_the_page().await;
    let form = [
        ("TransactionId", payment.as_str()),
        ("CommonPaymentUniqueId", PAGE),
        ("Success", "True"),
        ("MessageCode", "0000"),
        ("Amount", "1"),
        ("PaymentTransactionResponseCode", "0000"),
    ];
    shop.will_tell(Some("1520"));
    shop.come_back_with(&payment, &form).await;
    assert_eq!(shop.till.status(&checkout).await, "failed");
}

#[tokio::test]
async fn a_form_that_is_sent_again_changes_nothing() {
    let shop = Shop::open().await;
    let (checkout, payment) = shop.at_the_page().await;
    shop.will_tell(Some("0000"));
    for _ in 0..3 {
        let reply = shop.come_back(&payment).await;
        assert_eq!(reply.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(shop.hepsipay.asked(QUERY).len(), 1);
    assert_eq!(shop.till.status(&checkout).await, "paid");
}

#[tokio::test]
async fn other_money_than_asked_for_is_never_paid() {
    let shop = Shop::open().await;
    let (checkout, payment) = shop.at_the_page().await;
    let changes: [Change; 5] = [
        ("amount", json!(1049)),
        ("amount", Value::Null),
        ("currency", json!("USD")),
        ("installment", json!(3)),
        ("installment", Value::Null),
    ];
    for change in changes {
        shop.will_tell_otherwise(Some("0000"), vec![change]);
        shop.come_back(&payment).await;
        assert_eq!(shop.till.status(&checkout).await, "pending");
    }
}

#[tokio::test]
async fn an_answer_that_proves_nothing_changes_nothing() {
    let shop = Shop::open().await;
    let (checkout, payment) = shop.at_the_page().await;
    let altered = |name: &'static str, value: Value| {
        Says::with(move |asked| {
            let mut answer = told(asked, Some("1520"), vec![]);
            answer[name] = value;
            answer
        })
    };
    let of_other = |name, value: &str| {
        let changes: Vec<Change> = vec![(name, value.into())];
        Says::with(move |asked| told(asked, Some("0000"), changes))
    };
    let cases = [
        altered("paymentTransactionReponseCode", json!("0000")),
        altered("signature", Value::Null),
        altered("signature", json!("0".repeat(64))),
        of_other("transactionId", "pay_00000000000000000000000000000000"),
        of_other("commonPaymentUniqueId", &PAGE.replace('0', "1")),
        of_other("apiKey", "another"),
        Says::Text(200, "<h1>Bakım</h1>"),
        Says::Cut,
    ];
    for says in cases {
        shop.hepsipay.will(QUERY, says);
        shop.come_back(&payment).await;
        assert_eq!(shop.till.status(&checkout).await, "pending");
    }
}

#[tokio::test]
async fn the_page_is_offered_for_lira_where_it_is_set_up() {
    let shop = Shop::open().await;
    let offered = |order: Value| {
        let methods = order["methods"].as_array().cloned().unwrap_or_default();
        methods.iter().any(|method| method["type"] == "hepsipay")
    };
    let of = async |till: &Till, order: &Value| {
        let checkout = till.checkout_of(order).await;
        offered(till.read(&checkout).await.ok())
    };
    assert!(of(&shop.till, &order("ORD-1")).await);
    let mut dollars = order("ORD-2");
    dollars["currency"] = "USD".into();
    assert!(!of(&shop.till, &dollars).await);
    assert!(!of(&Till::open().await, &order("ORD-1")).await);
}

#[tokio::test]
async fn money_goes_back_under_an_id_of_its_own() {
    let shop = Shop::open().await;
    let payment = shop.paid().await;
    shop.hepsipay.will(REFUND, Says::with(given_back));
    let body = json!({ "amount": 250 });
    let refund = shop.till.refund("ORD-1", KEY, body).await.ok();
    assert_eq!(
        (&refund["status"], &refund["amount"]),
        (&json!("done"), &json!(250))
    );
    let sent = shop.hepsipay.asked(REFUND)[0].json();
    assert_eq!(sent["TransactionId"], refund["id"]);
    assert_eq!(sent["ReferenceTransactionId"], json!(payment));
    assert_eq!(
        (&sent["Amount"], &sent["Currency"]),
        (&json!(250), &json!("TRY"))
    );
}

#[tokio::test]
async fn a_refund_that_nobody_can_tell_about_stays_pending_and_is_not_sent_again() {
    let already = json!({ "Success": false, "MessageCode": "1028" });
    let waiting = Says::with(|asked| {
        json!({ "Success": true, "MessageCode": "0000", "WaitingApproval": true,
                "TransactionId": asked.json()["TransactionId"] })
    });
    let unsigned = Says::with(|asked| {
        let mut answer = given_back(asked);
        answer["Signature"] = Value::Null;
        answer
    });
    for says in [waiting, unsigned, Says::Cut, Says::Json(400, already)] {
        let shop = Shop::open().await;
        shop.paid().await;
        shop.hepsipay.will(REFUND, says);
        let refund = shop.till.refund("ORD-1", KEY, json!({})).await.ok();
        assert_eq!(refund["status"], "pending");
        shop.till.wait(3600);
        shop.till.reconciler.pass().await;
        let view = shop.till.order("ORD-1").await;
        assert_eq!(view["refunds"][0]["status"], "pending");
        assert_eq!(shop.hepsipay.asked(REFUND).len(), 1);
    }
}

#[tokio::test]
async fn a_refused_refund_has_failed() {
    let shop = Shop::open().await;
    shop.paid().await;
    let no = json!({ "Success": false, "MessageCode": "6000", "UserMessage": "Olmadı" });
    shop.hepsipay.will(REFUND, Says::Json(400, no));
    let refund = shop.till.refund("ORD-1", KEY, json!({})).await.ok();
    assert_eq!(refund["status"], "failed");
    assert_eq!(
        refund["error"],
        json!({ "code": "refund_refused", "message": "Olmadı" })
    );
}
