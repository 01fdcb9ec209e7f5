//! What holds for every route: problems, headers, CORS, limits.

use serde_json::json;
use sqlx::Executor as _;

use crate::support::{API_KEY, Reply, SHOP, Till, TillOptions, card_payment, order};

#[tokio::test]
async fn a_server_without_its_database_lives_and_is_not_ready() {
    let till = Till::open().await;
    assert_eq!(till.get("/healthz").await.ok(), json!({ "status": "ok" }));
    assert_eq!(till.get("/readyz").await.ok(), json!({ "status": "ready" }));
    till.database()
        .await
        .execute("ALTER TABLE orders RENAME TO gone")
        .await
        .unwrap();
    till.get("/healthz").await.ok();
    let problem = till.get("/readyz").await.problem(503, "not_ready");
    assert_eq!(problem["detail"], "the database does not answer");
}

#[tokio::test]
async fn an_internal_error_tells_no_detail() {
    let till = Till::open().await;
    let checkout = till.checkout().await;
    till.database()
        .await
        .execute("ALTER TABLE orders RENAME TO gone")
        .await
        .unwrap();
    let problem = till.read(&checkout).await.problem(500, "internal");
    assert_eq!(problem.get("detail"), None);
    assert!(!problem.to_string().contains("orders"), "{problem}");
}

#[tokio::test]
async fn unknown_routes_and_methods_are_problems() {
    let till = Till::open().await;
    let checkout = till.checkout().await;
    for path in [
        "/",
        "/v1",
        "/v2/orders",
        "/v1/checkouts",
        "/return",
        &format!("/v1/checkouts/{checkout}/nothing"),
    ] {
        till.get(path).await.problem(404, "not_found");
    }
    for (method, path) in [
        ("DELETE", format!("/v1/checkouts/{checkout}")),
        ("GET", format!("/v1/checkouts/{checkout}/payments")),
        ("PUT", "/v1/orders".into()),
        ("POST", "/healthz".into()),
        ("POST", "/readyz".into()),
        ("POST", "/return/frame.js".into()),
    ] {
        Reply::to(till.request(method, &path))
            .await
            .problem(405, "method_not_allowed");
    }
}

#[tokio::test]
async fn bodies_that_cannot_be_read_are_problems() {
    let till = Till::open().await;
    let checkout = till.checkout().await;
    let post = |body: String| {
        let path = format!("/v1/checkouts/{checkout}/temp-token");
        till.request("POST", &path)
            .header("Content-Type", "application/json")
            .body(body)
    };
    for body in ["", "{", "[1", "{\"purpose\":\"card\"} x", "\u{1}"] {
        Reply::to(post(body.into()))
            .await
            .problem(400, "invalid_request");
    }
    for body in ["null", "[]", "[\"card\"]", "{}", "{\"purpose\":1}"] {
        Reply::to(post(body.into()))
            .await
            .problem(422, "invalid_request");
    }
    let large = format!(
        "{{\"purpose\":\"card\",\"filler\":\"{}\"}}",
        "x".repeat(17 * 1024)
    );
    Reply::to(post(large))
        .await
        .problem(413, "payload_too_large");
    let path = format!("/v1/checkouts/{checkout}/temp-token");
    let text = till
        .request("POST", &path)
        .header("Content-Type", "text/plain")
        .body("{\"purpose\":\"card\"}");
    Reply::to(text).await.problem(415, "invalid_request");
}

#[tokio::test]
async fn a_missing_field_is_named() {
    let till = Till::open().await;
    let mut body = order("ORD-1");
    body["customer"].as_object_mut().unwrap().remove("phone");
    let problem = till
        .create_order(&body)
        .await
        .problem(422, "invalid_request");
    assert_eq!(problem["detail"], "customer: missing field `phone`");
}

#[tokio::test]
async fn every_answer_forbids_caching_referring_and_sniffing() {
    let till = Till::open().await;
    let checkout = till.checkout().await;
    let path = format!("/v1/checkouts/{checkout}");
    for path in [
        path.as_str(),
        "/healthz",
        "/nothing",
        "/v1/checkouts/co_1",
        "/v1/orders/x",
        "/return/frame.js",
    ] {
        let reply = till.get(path).await;
        assert_eq!(reply.header("cache-control"), "no-store", "{path}");
        assert_eq!(reply.header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(reply.header("x-request-id").len(), 36, "{path}");
    }
}

#[tokio::test]
async fn the_shops_origin_may_call_the_browser_routes() {
    let till = Till::open().await;
    let checkout = till.checkout().await;
    let path = format!("/v1/checkouts/{checkout}/payments");
    let preflight = till
        .request("OPTIONS", &path)
        .header("Origin", SHOP)
        .header("Access-Control-Request-Method", "POST")
        .header(
            "Access-Control-Request-Headers",
            "content-type,idempotency-key",
        );
    let reply = Reply::to(preflight).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("access-control-allow-origin"), SHOP);
    assert_eq!(
        reply.header("access-control-allow-methods"),
        "GET,POST,DELETE"
    );
    assert_eq!(
        reply.header("access-control-allow-headers"),
        "content-type,idempotency-key"
    );
    assert_eq!(reply.header("access-control-max-age"), "600");
    assert_eq!(reply.header("access-control-allow-credentials"), "");

    // Problems too, or the page could not read them.
    for path in [
        format!("/v1/checkouts/{checkout}"),
        "/v1/checkouts/co_1".into(),
        "/v1/checkouts/a/b".into(),
    ] {
        let reply = Reply::to(till.request("GET", &path).header("Origin", SHOP)).await;
        assert_eq!(reply.header("access-control-allow-origin"), SHOP, "{path}");
    }
    let refused = till
        .payment_request(&checkout, "short", &card_payment())
        .header("Origin", SHOP);
    assert_eq!(
        Reply::to(refused)
            .await
            .header("access-control-allow-origin"),
        SHOP
    );
}

#[tokio::test]
async fn no_other_origin_may_call_and_none_the_back_ends_routes() {
    let till = Till::open().await;
    let checkout = till.checkout().await;
    let read = format!("/v1/checkouts/{checkout}");
    for origin in ["https://evil.example", "http://localhost:8401", "null"] {
        let reply = Reply::to(till.request("GET", &read).header("Origin", origin)).await;
        assert_eq!(reply.header("access-control-allow-origin"), "", "{origin}");
    }
    let orders = till
        .request("GET", "/v1/orders/ORD-1")
        .bearer_auth(API_KEY)
        .header("Origin", SHOP);
    assert_eq!(
        Reply::to(orders)
            .await
            .header("access-control-allow-origin"),
        ""
    );
}

#[tokio::test]
async fn any_port_of_this_machine_may_call_and_be_returned_to_where_the_settings_say_so() {
    let till = Till::open_with(TillOptions {
        variables: vec![("SHOP_ORIGINS", "https://shop.example, http://localhost:*")],
    })
    .await;
    for (number, (origin, allowed)) in [
        ("https://shop.example", true),
        ("http://localhost:5173", true),
        ("http://localhost", true),
        ("http://127.0.0.1:5173", false),
        ("http://localhost.evil.example", false),
    ]
    .into_iter()
    .enumerate()
    {
        let mut body = order(&format!("ORD-{number}"));
        body["returnUrl"] = format!("{origin}/kasa").into();
        let created = till.create_order(&body).await;
        let read = till
            .request("GET", "/v1/checkouts/co_1")
            .header("Origin", origin);
        let read = Reply::to(read).await;
        let shown = read.header("access-control-allow-origin");
        if allowed {
            created.ok();
            assert_eq!((shown, read.header("vary")), (origin, "origin"));
        } else {
            created.problem(422, "invalid_request");
            assert_eq!(shown, "", "{origin}");
        }
    }
}
