//! Creating a payment: what PayWall is sent, and the rules of the key.

use serde_json::{Value, json};

use crate::support::{
    Call, Reply, Till, TillOptions, card_payment, order, refusal, standing, started,
};

const KEY: &str = "key-0123456789abcdef";

#[tokio::test]
async fn a_card_payment_sends_paywall_everything_and_answers_with_the_link() {
    let till = Till::open().await;
    let mut body = order("ORD-1");
    body["customer"]["identityNumber"] = "10000000146".into();
    body["products"] = json!([
        { "id": "1", "name": "Kitap", "category": "Kitap", "description": "-", "amount": 1000 },
        { "id": "2", "name": "Kargo", "category": "Kargo", "description": "-", "amount": 50 },
    ]);
    let checkout = till.checkout_of(&body).await;
    till.paywall.will(Call::Start3d, started());
    let reply = till.pay(&checkout, KEY).await;
    assert_eq!(reply.status, 201);
    let payment = reply.ok();
    let id = payment["id"].as_str().unwrap();
    assert_eq!(
        payment,
        json!({ "id": id, "method": "card", "status": "pending", "installments": 1, "next": { "type": "redirect",
            "method": "GET", "url": "https://agent.example/paywall/callback?UniqueNumber=5a0c2a0e" } })
    );

    let seen = &till.paywall.seen(Call::Start3d)[0];
    assert_eq!(
        (seen.header("apikeypublic"), seen.header("apiclientpublic")),
        ("public-key", "public-client")
    );
    let back = format!("https://pay.shop.example/return/paywall/{id}");
    let sent: Value = seen.json();
    let detail = json!({ "MerchantUniqueCode": id, "TrackingCode": "ORD-1", "MerchantSuccessBackUrl": back,
        "MerchantFailBackUrl": back, "CurrencyId": 1, "Installment": 1, "Half3D": false, "ClientIP": "127.0.0.1",
        "ChannelId": 1 });
    for (name, value) in detail.as_object().unwrap() {
        assert_eq!(&sent["PaymentDetail"][name], value, "{name}");
    }
    assert!(seen.text.contains(r#""Amount":10.50"#), "{}", seen.text);
    assert!(
        seen.text.contains(r#""ProductAmount":0.50"#),
        "{}",
        seen.text
    );
    assert_eq!(
        sent["Card"],
        json!({ "TempCardToken": "7c0b1c52-3f65-4a0e-8b1a-2c94d2a6f0e1", "UniqueCode": "", "OwnerName": "",
                "Number": "", "ExpireMonth": "", "ExpireYear": "", "Cvv": "" })
    );
    assert_eq!(
        sent["Customer"],
        json!({ "FullName": "Ada Deneme", "Phone": "5000000000", "Email": "ada@example.com", "Country": "TR",
                "City": "Ankara", "Address": "Deneme Sok. 1", "IdentityNumber": "10000000146" })
    );
    assert_eq!(sent["Products"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn an_order_without_products_is_one_line_of_its_whole_amount() {
    let till = Till::open().await;
    till.at_the_bank().await;
    let products = till.paywall.seen(Call::Start3d)[0].json()["Products"].clone();
    assert_eq!(
        products,
        json!([{ "ProductId": "ORD-1", "ProductName": "Bir kitap", "ProductCategory": "Genel",
                 "ProductDescription": "Bir kitap", "ProductAmount": serde_json::from_str::<Value>("10.50").unwrap() }])
    );
}

#[tokio::test]
async fn a_reloaded_page_gets_the_link_again() {
    let till = Till::open().await;
    let (checkout, payment) = till.at_the_bank().await;
    let shown = till.read(&checkout).await.ok()["payment"].clone();
    assert_eq!(shown["id"], json!(payment));
    assert_eq!(
        shown["next"]["url"],
        "https://agent.example/paywall/callback?UniqueNumber=5a0c2a0e"
    );
}

#[tokio::test]
async fn the_same_key_gives_the_same_payment_whatever_became_of_it() {
    let till = Till::open().await;
    let checkout = till.checkout().await;
    till.paywall.will(Call::Start3d, started());
    let first = till.pay(&checkout, KEY).await.ok();
    let again = till.pay(&checkout, KEY).await;
    assert_eq!((again.status.as_u16(), again.ok()), (200, first.clone()));
    till.paywall.will(Call::Query, standing(4, 1));
    till.come_back(first["id"].as_str().unwrap()).await;
    assert_eq!(till.pay(&checkout, KEY).await.ok()["status"], "paid");
    assert_eq!(till.paywall.seen(Call::Start3d).len(), 1);
}

#[tokio::test]
async fn the_same_key_with_another_body_is_refused() {
    let till = Till::open().await;
    let (checkout, _) = till.at_the_bank().await;
    for (field, value) in [
        ("cardToken", json!("another")),
        ("installments", json!(3)),
        ("challenge", json!("frame")),
    ] {
        let mut body = card_payment();
        body[field] = value;
        let reply = Reply::to(till.payment_request(&checkout, KEY, &body)).await;
        reply.problem(409, "idempotency_mismatch");
    }
}

#[tokio::test]
async fn another_key_is_refused_while_a_payment_is_pending_and_when_paid() {
    let till = Till::open().await;
    let (checkout, payment) = till.at_the_bank().await;
    till.pay(&checkout, "another-key-0123456789")
        .await
        .problem(409, "payment_pending");
    till.paywall.will(Call::Query, standing(4, 1));
    till.come_back(&payment).await;
    till.pay(&checkout, "another-key-0123456789")
        .await
        .problem(409, "already_paid");
}

#[tokio::test]
async fn of_many_payments_at_once_one_is_made() {
    let till = Till::open().await;
    let other = till.beside().await;
    let checkout = till.checkout().await;
    till.paywall.will(Call::Start3d, started());
    let keys: Vec<String> = (0..12).map(|number| format!("key-{number:016}")).collect();
    let tries = keys.iter().enumerate().map(|(at, key)| {
        let server = if at % 2 == 0 { &till } else { &other };
        tokio::spawn(Reply::to(server.payment_request(
            &checkout,
            key,
            &card_payment(),
        )))
    });
    let mut made = 0;
    for reply in tries.collect::<Vec<_>>() {
        let reply = reply.await.unwrap();
        if reply.status == 201 {
            made += 1;
        } else {
            reply.problem(409, "payment_pending");
        }
    }
    assert_eq!(made, 1);
}

#[tokio::test]
async fn ten_payments_are_enough_for_a_checkout() {
    let till = Till::open().await;
    let checkout = till.checkout().await;
    for number in 0..10 {
        till.paywall.will(Call::Start3d, refusal(1));
        till.pay(&checkout, &format!("key-{number:016}")).await.ok();
    }
    till.pay(&checkout, KEY)
        .await
        .problem(429, "too_many_attempts");
    // A repeated key is no new try.
    assert_eq!(
        till.pay(&checkout, &format!("key-{:016}", 0)).await.ok()["status"],
        "failed"
    );
}

#[tokio::test]
async fn an_idempotency_key_has_one_shape() {
    let till = Till::open().await;
    let checkout = till.checkout().await;
    for key in [
        "",
        "short-key-12345",
        &"k".repeat(65),
        "key with spaces 0123",
        "key-0123456789abcdé",
    ] {
        let request = till.payment_request(&checkout, "x", &card_payment());
        let request = request.build().map(|mut request| {
            let value = reqwest::header::HeaderValue::from_bytes(key.as_bytes()).unwrap();
            request.headers_mut().insert("idempotency-key", value);
            request
        });
        let reply = Reply::of(
            reqwest::Client::new()
                .execute(request.unwrap())
                .await
                .unwrap(),
        )
        .await;
        reply.problem(400, "invalid_request");
    }
    let without = till
        .request("POST", &format!("/v1/checkouts/{checkout}/payments"))
        .json(&card_payment());
    Reply::to(without).await.problem(400, "invalid_request");
    let twice = till
        .payment_request(&checkout, KEY, &card_payment())
        .header("Idempotency-Key", KEY);
    Reply::to(twice).await.problem(400, "invalid_request");
}

#[tokio::test]
async fn a_request_that_does_not_fit_is_refused_without_quoting_it() {
    let till = Till::open().await;
    let checkout = till.checkout().await;
    let canary = "5579200931751297";
    let cases = [
        ("method", json!("cash")),
        ("cardToken", json!("")),
        ("cardToken", json!("a b")),
        ("cardToken", json!([canary])),
        ("installments", json!(0)),
        ("installments", json!(13)),
        ("installments", json!(canary)),
        ("challenge", json!(canary)),
    ];
    for (field, value) in cases {
        let mut body = card_payment();
        body[field] = value;
        let reply = Reply::to(till.payment_request(&checkout, KEY, &body)).await;
        reply.problem(422, "invalid_request");
        assert!(!reply.text.contains(canary), "{}", reply.text);
    }
}

#[tokio::test]
async fn paywall_is_told_the_payers_address_from_a_trusted_proxy_alone() {
    for (variables, sent) in [
        (vec![], "127.0.0.1"),
        (vec![("TRUSTED_PROXIES", "127.0.0.1")], "203.0.113.9"),
    ] {
        let till = Till::open_with(TillOptions { variables }).await;
        let checkout = till.checkout().await;
        till.paywall.will(Call::Start3d, started());
        let request = till.payment_request(&checkout, KEY, &card_payment());
        Reply::to(request.header("X-Forwarded-For", "6.6.6.6, 203.0.113.9"))
            .await
            .ok();
        assert_eq!(
            till.paywall.seen(Call::Start3d)[0].json()["PaymentDetail"]["ClientIP"],
            sent
        );
    }
}

#[tokio::test]
async fn a_method_that_the_order_does_not_offer_is_refused() {
    let till = Till::open().await;
    let checkout = till.checkout().await;
    for body in [
        json!({ "method": "hepsipay" }),
        json!({ "method": "saved_card", "card": "sc_1" }),
        json!({ "method": "terminal" }),
    ] {
        let reply = Reply::to(till.payment_request(&checkout, KEY, &body)).await;
        reply.problem(422, "method_not_offered");
    }
}

#[tokio::test]
async fn a_card_payment_takes_no_one_time_code() {
    let till = Till::open().await;
    let (checkout, payment) = till.at_the_bank().await;
    let path = format!("/v1/checkouts/{checkout}/payments/{payment}/otp");
    let code = till
        .request("POST", &path)
        .json(&json!({ "code": "123456" }));
    Reply::to(code).await.problem(409, "otp_not_awaited");
    let odd = till.request("POST", &path).json(&json!({ "code": "1 2" }));
    Reply::to(odd).await.problem(422, "invalid_request");
    let resend = till
        .request("POST", &format!("{path}/resend"))
        .json(&json!({}));
    Reply::to(resend).await.problem(409, "otp_not_awaited");
}
