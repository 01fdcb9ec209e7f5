//! Cards that PayWall keeps for a customer: listed, forgotten, saved, paid with.

use serde_json::{Value, json};

use crate::support::{
    Answer, Call, Reply, Till, card_payment, done, order, order_of_customer, refusal, standing,
    started, success,
};

const KEY: &str = "key-0123456789abcdef";

fn card(last: &str, code: &str) -> Value {
    json!({ "Name": "Maaş kartı", "CardBin": "557920", "CardLastFour": last, "CardHolderName": "Ada Deneme",
        "CardNumber": format!("557920******{last}"), "Expired": false, "CardTypeId": 1, "CardType": "Master Card",
        "Month": 6, "Year": 2030, "UniqueCode": code,
        "Details": { "CardBrand": "Master Card", "CardBank": "papara", "CardFamily": "Bonus" } })
}

fn listed(cards: &[Value]) -> Answer {
    success(json!(cards))
}

async fn cards(till: &Till, checkout: &str) -> Vec<Value> {
    let shown = till.get(&format!("/v1/checkouts/{checkout}/cards")).await;
    shown.ok()["cards"].as_array().unwrap().clone()
}

async fn forget(till: &Till, checkout: &str, card: &str) -> Reply {
    Reply::to(till.request("DELETE", &format!("/v1/checkouts/{checkout}/cards/{card}"))).await
}

async fn pay(till: &Till, checkout: &str, card: &str, installments: u8) -> Reply {
    let body = json!({ "method": "saved_card", "card": card, "installments": installments,
                       "challenge": "redirect" });
    Reply::to(till.payment_request(checkout, KEY, &body)).await
}

/// A checkout of a customer who has a card when it is made.
async fn checkout_with_cards(till: &Till, reference: &str) -> String {
    till.paywall
        .will(Call::CardList, listed(&[card("1297", "bmV2ZXItc2VlbiAw")]));
    till.checkout_of(&order_of_customer(reference)).await
}

/// A checkout of a customer with one card: (checkout, our name of the card).
async fn with_a_card(till: &Till, reference: &str) -> (String, String) {
    let checkout = checkout_with_cards(till, reference).await;
    till.paywall
        .will(Call::CardList, listed(&[card("1297", "bmV2ZXItc2VlbiAx")]));
    let id = cards(till, &checkout).await[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    (checkout, id)
}

#[tokio::test]
async fn saved_cards_are_offered_where_the_shops_customer_has_one() {
    let till = Till::open().await;
    let methods = |checkout: String| async {
        let read = till.read(&{ checkout }).await.ok();
        read["methods"].clone()
    };
    let known = checkout_with_cards(&till, "ORD-1").await;
    assert_eq!(
        methods(known).await,
        json!([{ "type": "saved_card" }, { "type": "card", "save": true }])
    );
    let mut old = card("2969", "YQ==");
    old["Expired"] = true.into();
    for (reference, cards) in [("ORD-4", vec![]), ("ORD-5", vec![old])] {
        till.paywall.will(Call::CardList, listed(&cards));
        let none = till.checkout_of(&order_of_customer(reference)).await;
        assert_eq!(
            methods(none).await,
            json!([{ "type": "card", "save": true }])
        );
    }
    let unknown = till.checkout_of(&order("ORD-2")).await;
    assert_eq!(methods(unknown).await, json!([{ "type": "card" }]));
    let mut unsendable = order_of_customer("ORD-3");
    unsendable["customer"]["id"] = "müşteri".into();
    let unsendable = till.checkout_of(&unsendable).await;
    assert_eq!(methods(unsendable).await, json!([{ "type": "card" }]));
}

#[tokio::test]
async fn a_card_is_shown_masked_under_a_name_of_this_checkout_only() {
    let till = Till::open().await;
    let checkout = checkout_with_cards(&till, "ORD-1").await;
    till.paywall.will(
        Call::CardList,
        listed(&[
            card("1297", "cm90YXRlcyAx"),
            card("2969", "cm90YXRlcyAy"),
            json!({ "CardBin": "557920" }),
        ]),
    );
    let shown = till.get(&format!("/v1/checkouts/{checkout}/cards")).await;
    assert!(!shown.text.contains("cm90YXRlcyA"), "{}", shown.text);
    assert!(!shown.text.contains("Deneme"), "{}", shown.text);
    let first = shown.ok()["cards"].clone();
    assert_eq!(first.as_array().unwrap().len(), 2);
    let id = first[0]["id"].as_str().unwrap();
    assert_eq!(
        first[0],
        json!({ "id": id, "masked": "557920******1297", "brand": "Master Card", "bank": "papara",
                "name": "Maaş kartı", "expiryMonth": 6, "expiryYear": 2030, "expired": false })
    );
    let seen = &till.paywall.seen(Call::CardList)[1];
    assert_eq!(seen.header("relationalid1"), "customer-7");
    assert_eq!(seen.header("apikeyprivate"), "private-key");

    till.paywall
        .will(Call::CardList, listed(&[card("1297", "YW5vdGhlcg==")]));
    assert_eq!(cards(&till, &checkout).await[0]["id"], json!(id));
    let (_, elsewhere) = with_a_card(&till, "ORD-2").await;
    assert_ne!(elsewhere, id);
}

#[tokio::test]
async fn a_number_that_paywall_did_not_mask_is_never_shown() {
    let till = Till::open().await;
    let checkout = checkout_with_cards(&till, "ORD-1").await;
    let mut bare = card("1297", "YQ==");
    bare["CardNumber"] = "5579200931751297".into();
    let mut wide = bare.clone();
    wide["CardBin"] = "557920093175".into();
    till.paywall.will(Call::CardList, listed(&[bare, wide]));
    let shown = cards(&till, &checkout).await;
    assert_eq!(shown.len(), 1);
    assert_eq!(shown[0]["masked"], "557920******1297");
}

#[tokio::test]
async fn a_saved_card_pays_under_the_code_of_a_list_made_just_then() {
    let till = Till::open().await;
    let (checkout, id) = with_a_card(&till, "ORD-1").await;
    till.paywall
        .will(
            Call::CardList,
            listed(&[card("2969", "b3RoZXI="), card("1297", "ZnJlc2g=")]),
        )
        .will(Call::Start3d, started());
    let payment = pay(&till, &checkout, &id, 1).await.ok();
    assert_eq!(
        (
            &payment["status"],
            &payment["method"],
            &payment["next"]["type"]
        ),
        (&json!("pending"), &json!("saved_card"), &json!("redirect"))
    );
    let sent = till.paywall.seen(Call::Start3d)[0].json();
    assert_eq!(sent["Card"]["UniqueCode"], "ZnJlc2g=");
    assert_eq!(sent["Card"]["TempCardToken"], "");
    assert_eq!(sent["Card"].get("CardSave"), None);

    till.paywall.will(Call::Query, standing(4, 1));
    till.come_back(payment["id"].as_str().unwrap()).await;
    assert_eq!(till.status(&checkout).await, "paid");
}

#[tokio::test]
async fn what_a_saved_card_paid_is_given_back() {
    let till = Till::open().await;
    let (checkout, id) = with_a_card(&till, "ORD-1").await;
    till.paywall
        .will(Call::CardList, listed(&[card("1297", "ZnJlc2g=")]))
        .will(Call::Start3d, started())
        .will(Call::Query, standing(4, 1))
        .will(Call::Refund, done());
    let payment = pay(&till, &checkout, &id, 1).await.ok();
    let payment = payment["id"].as_str().unwrap();
    till.come_back(payment).await;
    let refund = till
        .refund("ORD-1", "refund-key-0123456789", json!({}))
        .await
        .ok();
    assert_eq!(refund["status"], "done");
    assert_eq!(
        till.paywall.seen(Call::Refund)[0].json()["MerchantUniqueCode"],
        json!(payment)
    );
}

#[tokio::test]
async fn a_saved_card_that_cannot_pay_fails_before_anything_is_started() {
    let till = Till::open().await;
    let mut expired = card("1297", "YQ==");
    expired["Expired"] = true.into();
    let cases = [
        (listed(&[]), "card_refused"),
        (listed(&[card("2969", "YQ==")]), "card_refused"),
        (listed(&[expired]), "card_expired"),
        (refusal(115), "card_refused"),
        (refusal(516), "provider_unavailable"),
        (Answer::Cut, "provider_unavailable"),
    ];
    for (at, (answer, code)) in cases.into_iter().enumerate() {
        let (checkout, id) = with_a_card(&till, &format!("ORD-{at}")).await;
        till.paywall.will(Call::CardList, answer);
        let payment = pay(&till, &checkout, &id, 1).await.ok();
        assert_eq!(
            (&payment["status"], &payment["error"]["code"]),
            (&json!("failed"), &json!(code)),
            "{at}"
        );
    }
    assert!(till.paywall.seen(Call::Start3d).is_empty());
}

#[tokio::test]
async fn installments_of_a_saved_card_are_checked_against_its_bin() {
    let till = Till::open().await;
    let offer = || {
        success(json!({ "Options": [
            { "Installment": 1, "Interest": 0, "RawAmount": 10.5, "InterestAmount": 0 },
            { "Installment": 3, "Interest": 2, "RawAmount": 10.5, "InterestAmount": 0.21 } ] }))
    };
    let (checkout, id) = with_a_card(&till, "ORD-1").await;
    till.paywall
        .will(Call::CardList, listed(&[card("1297", "YQ==")]))
        .will(Call::Installment, offer())
        .will(Call::Start3d, started());
    let payment = pay(&till, &checkout, &id, 3).await.ok();
    assert_eq!(payment["status"], "pending");
    let asked = &till.paywall.seen(Call::Installment)[0];
    assert_eq!(
        (asked.header("binnumber"), asked.header("amount")),
        ("557920", "10.50")
    );

    let (checkout, id) = with_a_card(&till, "ORD-2").await;
    till.paywall
        .will(Call::CardList, listed(&[card("1297", "YQ==")]))
        .will(Call::Installment, offer());
    let payment = pay(&till, &checkout, &id, 6).await.ok();
    assert_eq!(payment["error"]["code"], "installments_refused");
}

#[tokio::test]
async fn a_name_of_another_shape_is_no_card() {
    let till = Till::open().await;
    let checkout = checkout_with_cards(&till, "ORD-1").await;
    for id in ["", "ZnJlc2g=", "5579200931751297"] {
        pay(&till, &checkout, id, 1)
            .await
            .problem(404, "card_not_found");
    }
    let other = till.checkout_of(&order("ORD-2")).await;
    pay(&till, &other, &"0".repeat(32), 1)
        .await
        .problem(422, "method_not_offered");
}

#[tokio::test]
async fn a_card_is_forgotten_under_the_code_of_a_list_made_just_then() {
    let till = Till::open().await;
    let (checkout, id) = with_a_card(&till, "ORD-1").await;
    till.paywall
        .will(Call::CardList, listed(&[card("1297", "ZnJlc2g=")]))
        .will(Call::CardDelete, done());
    let reply = forget(&till, &checkout, &id).await;
    assert_eq!((reply.status.as_u16(), reply.text.as_str()), (204, ""));
    assert_eq!(
        till.paywall.seen(Call::CardDelete)[0].json(),
        json!({ "RelationalId1": "customer-7", "UniqueCode": "ZnJlc2g=" })
    );
    till.paywall.will(Call::CardList, listed(&[]));
    forget(&till, &checkout, &id)
        .await
        .problem(404, "card_not_found");
    till.paywall.will(Call::CardList, Answer::Status(503));
    forget(&till, &checkout, &id)
        .await
        .problem(502, "provider_unavailable");
}

#[tokio::test]
async fn another_checkouts_name_opens_no_card() {
    let till = Till::open().await;
    let (_, elsewhere) = with_a_card(&till, "ORD-1").await;
    let (checkout, _) = with_a_card(&till, "ORD-2").await;
    till.paywall
        .will(Call::CardList, listed(&[card("1297", "YQ==")]))
        .will(Call::CardList, listed(&[card("1297", "YQ==")]));
    forget(&till, &checkout, &elsewhere)
        .await
        .problem(404, "card_not_found");
    let payment = pay(&till, &checkout, &elsewhere, 1).await.ok();
    assert_eq!(payment["error"]["code"], "card_refused");
}

#[tokio::test]
async fn an_order_without_a_customer_has_no_cards_and_asks_nobody() {
    let till = Till::open().await;
    let checkout = till.checkout().await;
    assert!(cards(&till, &checkout).await.is_empty());
    for name in [&"0".repeat(32), "%FF"] {
        forget(&till, &checkout, name)
            .await
            .problem(404, "card_not_found");
    }
    till.get(&format!("/v1/checkouts/co_{}/cards", "0".repeat(32)))
        .await
        .problem(404, "checkout_not_found");
}

#[tokio::test]
async fn questions_about_cards_are_limited() {
    let till = Till::open().await;
    let checkout = till.checkout().await;
    for _ in 0..100 {
        cards(&till, &checkout).await;
    }
    till.get(&format!("/v1/checkouts/{checkout}/cards"))
        .await
        .problem(429, "too_many_attempts");
}

#[tokio::test]
async fn a_card_is_saved_when_the_shopper_wants_it_and_the_shop_names_them() {
    let till = Till::open().await;
    let checkout = checkout_with_cards(&till, "ORD-1").await;
    let mut body = card_payment();
    body["save"] = true.into();
    till.paywall.will(Call::Start3d, started());
    Reply::to(till.payment_request(&checkout, KEY, &body))
        .await
        .ok();
    assert_eq!(
        till.paywall.seen(Call::Start3d)[0].json()["Card"]["CardSave"],
        json!({ "Nickname": "", "RelationalId1": "customer-7", "RelationalId2": "", "RelationalId3": "",
                "Save": true })
    );

    let unnamed = till.checkout_of(&order("ORD-2")).await;
    Reply::to(till.payment_request(&unnamed, KEY, &body))
        .await
        .problem(422, "method_not_offered");
}
