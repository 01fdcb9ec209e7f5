//! Orders paid on Aspay's page, from outside: the start, and what the invoice
//! says afterwards.

use reqwest::StatusCode;

use super::shop::{Change, KEY, Shop, TCKN, by_aspay, created, invoice_of, order_with_tckn};
use super::*;
use crate::support::{Asked, Reply, SHOP, Till, order};

#[tokio::test]
async fn an_order_is_paid_on_the_page() {
    let shop = Shop::open().await;
    let (checkout, payment) = shop.at_the_page().await;
    let next = &shop.payment(&checkout).await["next"];
    assert_eq!(
        *next,
        json!({ "type": "redirect", "url": format!("https://com.example/hpp/?cpi={ID}"), "method": "GET" })
    );
    shop.will_tell("processed");
    let reply = shop.come_back(&payment).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER);
    assert_eq!(
        reply.header("location"),
        format!("{SHOP}/kasa?kasa_checkout={checkout}")
    );
    let order = shop.till.order("ORD-1").await;
    assert_eq!(order["status"], "paid");
    let provider = &order["payments"][0]["provider"];
    assert_eq!(
        (&provider["name"], &provider["id"], &provider["status"]),
        (&json!("corefy"), &json!(ID), &json!("processed"))
    );
}

#[tokio::test]
async fn what_is_invoiced_is_the_order() {
    let shop = Shop::open().await;
    let (_, payment) = shop.at_the_page().await;
    let sent = shop.corefy.asked(CREATE)[0].json();
    let digits = payment.strip_prefix("pay_").unwrap();
    let attributes = &sent["data"]["attributes"];
    let guid = attributes["reference_id"].as_str().unwrap();
    assert_eq!(guid.replace('-', ""), digits);
    assert_eq!(attributes["amount"].to_string(), "10.5");
    let expected = [
        ("currency", json!("TRY")),
        ("description", json!("Bir kitap")),
        ("test_mode", json!(true)),
        (
            "return_url",
            json!(format!("https://pay.shop.example/return/aspay/{payment}")),
        ),
        (
            "callback_url",
            json!("https://pay.shop.example/callback/corefy"),
        ),
        (
            "customer",
            json!({ "reference_id": "ORD-1", "name": "Ada Deneme", "email": "ada@example.com",
                    "phone": "5000000000", "individual_tax_id": TCKN }),
        ),
    ];
    for (name, value) in expected {
        assert_eq!(attributes[name], value, "{name}");
    }
}

#[tokio::test]
async fn the_tckn_is_asked_for_where_the_order_has_none() {
    let shop = Shop::open().await;
    let offer = async |order: &Value| {
        let checkout = shop.till.checkout_of(order).await;
        let read = shop.till.read(&checkout).await.ok();
        let methods = read["methods"].as_array().unwrap();
        let offer = methods.iter().find(|method| method["type"] == "aspay");
        (checkout, offer.cloned().unwrap())
    };
    let (checkout, asked) = offer(&order("ORD-1")).await;
    assert_eq!(asked["fields"], json!(["identityNumber"]));
    let bodies = [
        json!({ "method": "aspay" }),
        json!({ "method": "aspay", "payer": {} }),
        json!({ "method": "aspay", "payer": { "identityNumber": "10000000147" } }),
    ];
    for body in bodies {
        let reply = shop.pay_with(&checkout, &body).await;
        let problem = reply.problem(422, "invalid_request");
        assert!(!reply.text.contains("10000000147"), "{problem}");
    }
    let (checkout, known) = offer(&order_with_tckn("ORD-2")).await;
    assert_eq!(known, json!({ "type": "aspay" }));
    shop.corefy.will(CREATE, created());
    let body = json!({ "method": "aspay" });
    let payment = shop.pay_with(&checkout, &body).await.ok();
    assert_eq!(payment["status"], "pending");
    let sent = shop.corefy.asked(CREATE)[0].json();
    let customer = &sent["data"]["attributes"]["customer"];
    assert_eq!(customer["individual_tax_id"], TCKN);
}

#[tokio::test]
async fn each_end_of_an_invoice_ends_the_payment() {
    let ends = [
        ("process_failed", "failed", "declined"),
        ("expired", "failed", "expired"),
        ("terminated", "canceled", "canceled"),
        ("rejected", "canceled", "canceled"),
    ];
    for (word, status, code) in ends {
        let shop = Shop::open().await;
        let (checkout, payment) = shop.at_the_page().await;
        shop.will_tell(word);
        shop.come_back(&payment).await;
        let payment = shop.payment(&checkout).await;
        assert_eq!(payment["status"], status, "{word}");
        assert_eq!(payment["error"], json!({ "code": code }), "{word}");
    }
}

#[tokio::test]
async fn whatever_is_no_end_leaves_the_payment_pending() {
    let shop = Shop::open().await;
    let (checkout, payment) = shop.at_the_page().await;
    for word in [
        "created",
        "processing",
        "process_pending",
        "process_error",
        "refunded",
        "PROCESSED",
        "a_new_word",
    ] {
        shop.will_tell(word);
        shop.come_back(&payment).await;
        assert_eq!(shop.till.status(&checkout).await, "pending", "{word}");
    }
}

#[tokio::test]
async fn other_money_than_asked_for_is_never_paid() {
    let shop = Shop::open().await;
    let (checkout, payment) = shop.at_the_page().await;
    let changes: [Change; 8] = [
        ("amount", json!(10.49)),
        ("amount", json!(10.501)),
        ("amount", Value::Null),
        ("currency", json!("USD")),
        ("currency", Value::Null),
        ("test_mode", json!(false)),
        ("test_mode", Value::Null),
        ("reference_id", json!(REFERENCE)),
    ];
    for change in changes {
        shop.will_tell_otherwise("processed", std::slice::from_ref(&change));
        shop.come_back(&payment).await;
        assert_eq!(shop.till.status(&checkout).await, "pending", "{change:?}");
    }
    shop.will_tell("partially_processed");
    shop.come_back(&payment).await;
    assert_eq!(shop.till.status(&checkout).await, "pending");
}

#[tokio::test]
async fn a_page_that_nobody_opened_can_be_canceled() {
    let shop = Shop::open().await;
    let (checkout, payment) = shop.at_the_page().await;
    shop.will_tell("created");
    let canceled = shop.till.cancel(&checkout, &payment).await.ok();
    assert_eq!(canceled["status"], "canceled");
    // It cannot be closed at Corefy: should it be paid all the same, that counts.
    shop.will_tell("processed");
    shop.come_back(&payment).await;
    assert_eq!(shop.till.status(&checkout).await, "paid");
}

#[tokio::test]
async fn a_page_that_is_being_paid_is_canceled_by_its_end_alone() {
    let shop = Shop::open().await;
    let (checkout, payment) = shop.at_the_page().await;
    shop.will_tell("process_pending");
    let still = shop.till.cancel(&checkout, &payment).await.ok();
    assert_eq!(still["status"], "pending");
    shop.will_tell("expired");
    shop.come_back(&payment).await;
    assert_eq!(shop.till.status(&checkout).await, "canceled");
}

fn found(asked: &Asked) -> Says {
    let invoice = invoice_of(asked, "process_pending");
    Says::Json(200, json!({ "data": [invoice["data"]] }))
}

/// Creates an invoice and answers `created`; the reference then finds what `find` says.
async fn lost(created: Says, find: fn(&Asked) -> Says) -> (Shop, Value) {
    let shop = Shop::open().await;
    shop.corefy
        .will(CREATE, created)
        .will(FIND, Says::after(move |before| find(before.last(CREATE))));
    let (_, payment) = shop.pay().await;
    (shop, payment)
}

#[tokio::test]
async fn an_invoice_whose_answer_was_lost_is_found_by_our_reference() {
    let ways = [
        Says::Cut,
        Says::Text(503, ""),
        Says::Json(200, json!({})),
        Says::Json(409, json!({ "errors": [{ "code": "duplicate" }] })),
        Says::Text(201, "<h1>Created</h1>"),
    ];
    for way in ways {
        let (shop, payment) = lost(way, found).await;
        assert_eq!(payment["status"], "pending", "{payment}");
        assert_eq!(
            payment["next"]["url"],
            format!("https://com.example/hpp/?cpi={ID}")
        );
        shop.will_tell("processed");
        shop.come_back(payment["id"].as_str().unwrap()).await;
        assert_eq!(shop.till.order("ORD-1").await["status"], "paid");
    }
}

#[tokio::test]
async fn an_invoice_that_was_never_made_ends_the_payment() {
    let none = |_: &Asked| Says::Json(200, json!({ "data": [] }));
    let (_, payment) = lost(Says::Text(503, ""), none).await;
    assert_eq!(
        (&payment["status"], &payment["error"]["code"]),
        (&json!("failed"), &json!("provider_unavailable"))
    );
}

#[tokio::test]
async fn an_invoice_that_nobody_tells_of_is_looked_for_again() {
    let (shop, payment) = lost(Says::Cut, |_| Says::Text(503, "")).await;
    assert_eq!(
        (&payment["status"], payment.get("next")),
        (&json!("pending"), None)
    );
    shop.till.wait(11);
    shop.corefy.will(FIND, found(&shop.corefy.asked(CREATE)[0]));
    shop.till.reconciler.pass().await;
    let view = shop.till.order("ORD-1").await;
    let checkout = view["checkout"].as_str().unwrap();
    let next = &shop.payment(checkout).await["next"];
    assert_eq!(next["url"], format!("https://com.example/hpp/?cpi={ID}"));
}

#[tokio::test]
async fn a_refused_invoice_fails_at_once() {
    for (status, code) in [(403, "provider_unavailable"), (422, "provider_error")] {
        let shop = Shop::open().await;
        let no = json!({ "errors": [{ "source": { "pointer": "/data/attributes/amount" } }] });
        shop.corefy.will(CREATE, Says::Json(status, no));
        let (_, payment) = shop.pay().await;
        assert_eq!(
            (&payment["status"], &payment["error"]),
            (&json!("failed"), &json!({ "code": code }))
        );
    }
}

#[tokio::test]
async fn nobody_is_sent_to_a_page_that_asks_for_other_money() {
    let other = |asked: &Asked| {
        let mut invoice = invoice_of(asked, "created");
        invoice["data"]["attributes"]["amount"] = json!(105);
        invoice
    };
    let shop = Shop::open().await;
    shop.corefy.will(
        CREATE,
        Says::With(Box::new(move |asked| (201, other(asked)))),
    );
    shop.corefy
        .will(FIND, Says::Json(200, json!({ "data": [] })));
    let (_, payment) = shop.pay().await;
    assert_eq!(
        (&payment["status"], payment.get("next")),
        (&json!("failed"), None)
    );
}

#[tokio::test]
async fn without_a_page_of_corefy_the_invoice_says_where_to_go() {
    let shop = Shop::open_with(&[("COREFY_HPP", "")]).await;
    shop.corefy.will(
        CREATE,
        Says::With(Box::new(|asked| {
            let mut invoice = invoice_of(asked, "created");
            invoice["data"]["attributes"]["flow_data"] =
                json!({ "action": "https://gate.example/pay", "method": "POST", "params": { "sid": "s1" } });
            (201, invoice)
        })),
    );
    let (_, payment) = shop.pay().await;
    assert_eq!(
        payment["next"],
        json!({ "type": "redirect", "url": "https://gate.example/pay", "method": "POST", "fields": { "sid": "s1" } })
    );
}

#[tokio::test]
async fn the_page_is_offered_for_lira_where_it_is_set_up() {
    let shop = Shop::open().await;
    let mut dollars = order_with_tckn("ORD-1");
    dollars["currency"] = "USD".into();
    for (till, order) in [
        (&shop.till, &dollars),
        (&Till::open().await, &order("ORD-2")),
    ] {
        let checkout = till.checkout_of(order).await;
        let read = till.read(&checkout).await.ok();
        let methods = read["methods"].as_array().unwrap();
        assert!(methods.iter().all(|method| method["type"] != "aspay"));
        let reply = Reply::to(till.payment_request(&checkout, KEY, &by_aspay())).await;
        reply.problem(422, "method_not_offered");
    }
}
