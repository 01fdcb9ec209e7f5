//! The shop's back end.

use serde_json::json;

use crate::support::{API_KEY, Call, Reply, Till, order, standing, success};

#[tokio::test]
async fn an_order_is_created_once_and_read_back() {
    let till = Till::open().await;
    let created = till.create_order(&order("ORD/1 ş")).await;
    assert_eq!(created.status, 201);
    let view = created.ok();
    assert_eq!(view["status"], "open");
    assert_eq!(
        (&view["amount"], &view["currency"]),
        (&json!(1050), &json!("TRY"))
    );
    assert!(view["checkout"].as_str().unwrap().starts_with("co_"));
    assert_eq!(view["payments"], json!([]));

    let again = till.create_order(&order("ORD/1 ş")).await;
    assert_eq!((again.status.as_u16(), again.ok()), (200, view.clone()));
    assert_eq!(till.order("ORD%2F1%20%C5%9F").await, view);
}

#[tokio::test]
async fn a_reference_belongs_to_one_order() {
    let till = Till::open().await;
    till.create_order(&order("ORD-1")).await.ok();
    let mut other = order("ORD-1");
    other["amount"] = 1051.into();
    till.create_order(&other).await.problem(409, "order_exists");
}

#[tokio::test]
async fn orders_need_the_back_ends_key() {
    let till = Till::open().await;
    let reply = Reply::to(till.request("POST", "/v1/orders").json(&order("ORD-1"))).await;
    reply.problem(401, "unauthorized");
    assert_eq!(reply.header("www-authenticate"), "Bearer");
    for value in [
        "Bearer wrong",
        "Bearer",
        &format!("Basic {API_KEY}"),
        &format!("Bearer {API_KEY}x"),
    ] {
        let request = till
            .request("GET", "/v1/orders/ORD-1")
            .header("Authorization", value);
        Reply::to(request).await.problem(401, "unauthorized");
    }
}

#[tokio::test]
async fn an_unknown_order_is_not_found() {
    let till = Till::open().await;
    for reference in ["none", "%00", "a%00b", "%ff", "%0a"] {
        let path = format!("/v1/orders/{reference}");
        let request = till.request("GET", &path).bearer_auth(API_KEY);
        Reply::to(request).await.problem(404, "order_not_found");
    }
}

#[tokio::test]
async fn an_order_that_does_not_fit_is_refused_with_its_place() {
    let till = Till::open().await;
    let product =
        json!({ "id": "1", "name": "a", "category": "a", "description": "a", "amount": 1000 });
    let cases = [
        ("/reference", json!(""), "reference"),
        ("/amount", json!(0), "amount"),
        ("/amount", json!(-5), "amount"),
        ("/amount", json!(10.5), "amount"),
        ("/currency", json!("XXX"), "currency"),
        ("/locale", json!("türkçe"), "locale"),
        ("/locale", json!("de_AT"), "locale"),
        (
            "/returnUrl",
            json!("https://evil.example/kasa"),
            "returnUrl",
        ),
        (
            "/returnUrl",
            json!("http://localhost:8400@evil.example/"),
            "returnUrl",
        ),
        ("/returnUrl", json!("javascript:alert(1)"), "returnUrl"),
        (
            "/returnUrl",
            json!("http://localhost:8400/\u{0}kasa"),
            "returnUrl",
        ),
        ("/customer/phone", json!(" "), "customer.phone"),
        ("/customer/address", json!("a\u{0}b"), "customer.address"),
        ("/expiresInSeconds", json!(1), "expiresInSeconds"),
        ("/products", json!([product]), "products"),
    ];
    for (pointer, value, place) in cases {
        let mut body = order("ORD-1");
        body["products"] = json!([]);
        *body.pointer_mut(pointer).unwrap() = value;
        let problem = till
            .create_order(&body)
            .await
            .problem(422, "invalid_request");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.starts_with(place), "{pointer}: {detail}");
    }
}

#[tokio::test]
async fn a_paid_order_shows_its_payment_and_provider() {
    let till = Till::open().await;
    let (_, payment) = till.at_the_bank().await;
    till.paywall.will(Call::Query, standing(4, 1));
    till.come_back(&payment).await;
    let view = till.order("ORD-1").await;
    assert_eq!(view["status"], "paid");
    assert!(view["paidAt"].is_string(), "{view}");
    let shown = &view["payments"][0];
    assert_eq!(shown["status"], "paid");
    assert_eq!(shown["card"]["masked"], "557920******1297");
    assert_eq!(
        shown["provider"],
        json!({ "name": "paywall", "reference": payment, "id": "1001", "status": "4" })
    );
}

#[tokio::test]
async fn an_order_expires_only_when_nothing_is_pending() {
    let till = Till::open().await;
    till.create_order(&order("ORD-2")).await.ok();
    till.at_the_bank().await;
    till.wait(601);
    assert_eq!(till.order("ORD-2").await["status"], "expired");
    assert_eq!(till.order("ORD-1").await["status"], "open");
}

#[tokio::test]
async fn an_order_offers_only_the_methods_that_its_shop_names() {
    let till = Till::open().await;
    let mut body = order("ORD-1");
    body["methods"] = json!(["aspay", "card"]);
    let checkout = till.checkout_of(&body).await;
    assert_eq!(
        till.read(&checkout).await.ok()["methods"],
        json!([{ "type": "card" }])
    );
    assert_eq!(till.create_order(&body).await.status, 200);
    body["methods"] = json!(["card"]);
    till.create_order(&body).await.problem(409, "order_exists");
}

#[tokio::test]
async fn an_order_that_nothing_could_pay_is_not_created() {
    let till = Till::open().await;
    for methods in [json!(["barter"]), json!([]), json!(["aspay"])] {
        let mut body = order("ORD-1");
        body["methods"] = methods;
        let problem = till
            .create_order(&body)
            .await
            .problem(422, "invalid_request");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.starts_with("methods"), "{detail}");
    }
    let request = till.request("GET", "/v1/orders/ORD-1").bearer_auth(API_KEY);
    Reply::to(request).await.problem(404, "order_not_found");
}

#[tokio::test]
async fn the_customers_id_and_the_terminal_are_part_of_the_order() {
    let till = Till::open().await;
    let mut body = order("ORD-1");
    body["customer"]["id"] = "customer-7".into();
    body["terminal"] = json!({ "tag": "kasa-1" });
    till.paywall.will(Call::CardList, success(json!([])));
    till.create_order(&body).await.ok();
    assert_eq!(till.create_order(&body).await.status, 200);
    for (pointer, value) in [
        ("/customer/id", json!("customer-8")),
        ("/terminal", json!({})),
    ] {
        let mut other = body.clone();
        *other.pointer_mut(pointer).unwrap() = value;
        till.create_order(&other).await.problem(409, "order_exists");
    }
    body["customer"]["id"] = " ".into();
    let problem = till.create_order(&body).await;
    let problem = problem.problem(422, "invalid_request");
    assert!(
        problem["detail"]
            .as_str()
            .unwrap()
            .starts_with("customer.id")
    );
}
