//! Orders, origins and providers that mean harm: texts that are code elsewhere,
//! pages that may not ask, answers that would lead the server astray.

use serde_json::{Value, json};
use sqlx::Row as _;

use crate::support::process::{Process, client};
use crate::support::{
    API_KEY, Answer, Call, PayWallDouble, Provider, Reply, SHOP, Says, Till, TillOptions,
    card_payment, order, standing,
};

const KEY: &str = "key-0123456789abcdef";

/// Code in SQL, HTML, a shell, a log, a terminal or a format; and odd letters.
const TEXTS: [&str; 12] = [
    "'; DROP TABLE orders; --",
    "\" OR \"1\"=\"1",
    "x'||(SELECT api_key)||'",
    "$1 $2 ? :a @b %s %n {} {{}}",
    "\\'; \\x00 \\n \\u0000",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "$(reboot) `reboot` | reboot & ;",
    "${jndi:ldap://127.0.0.1/a}",
    "../../../etc/passwd",
    "İstanbul ığüşöç 𝒂𝒃 👩‍💻 日本 مرحبا",
    "left\u{202e}thgir\u{2066}\u{feff}\u{2028}line",
    "=cmd|' /C calc'!A0",
];

/// What no field takes: it would write a line of its own, or colour a terminal.
const CONTROLS: [&str; 6] = [
    "a\nERROR forged line",
    "a\r\nSet-Cookie: forged=1",
    "a\u{1b}[31mred\u{1b}[0m",
    "a\u{0}b",
    "a\u{9b}31mred",
    "a\u{7f}",
];

/// Of an order, each text that a shop may write freely.
const FIELDS: [&str; 13] = [
    "/reference",
    "/description",
    "/customer/id",
    "/customer/fullName",
    "/customer/phone",
    "/customer/email",
    "/customer/country",
    "/customer/city",
    "/customer/address",
    "/products/0/id",
    "/products/0/name",
    "/products/0/category",
    "/products/0/description",
];

fn full_order(reference: &str) -> Value {
    let mut body = order(reference);
    body["customer"]["id"] = "customer-7".into();
    body["products"] = json!([{ "id": "1", "name": "Kitap", "category": "Kitap", "description": "-", "amount": 1050 }]);
    body
}

#[tokio::test]
async fn every_text_of_an_order_is_kept_as_it_is() {
    let till = Till::open_with(TillOptions {
        variables: vec![("PAYWALL_CARD_API", ""), ("LIMIT_CUSTOMER_PAYMENTS", "0")],
    })
    .await;
    let mut database = till.database().await;
    for (number, text) in TEXTS.into_iter().enumerate() {
        let mut body = full_order("-");
        for field in FIELDS {
            // Phones are short, and references name one order each.
            let text: String = match field {
                "/customer/phone" => text.chars().take(30).collect(),
                "/reference" => format!("{number} {text}"),
                _ => text.to_owned(),
            };
            *body.pointer_mut(field).unwrap() = text.into();
        }
        let created = till.create_order(&body).await.ok();
        for field in ["reference", "description"] {
            assert_eq!(created[field], body[field], "{text}");
        }
        let checkout = created["checkout"].as_str().unwrap();
        let row =
            sqlx::query("SELECT customer, customer_id, products FROM orders WHERE checkout = $1")
                .bind(checkout)
                .fetch_one(&mut database)
                .await
                .unwrap();
        let read =
            |column: &str| serde_json::from_str::<Value>(&row.get::<String, _>(column)).unwrap();
        let mut customer = body["customer"].clone();
        let id = customer.as_object_mut().unwrap().remove("id").unwrap();
        assert_eq!(
            (read("customer"), read("products")),
            (customer, body["products"].clone())
        );
        assert_eq!(row.get::<String, _>("customer_id"), id);
        // The same order again is the same one, and PayWall is told what the shop wrote.
        assert_eq!(
            till.create_order(&body).await.ok()["checkout"],
            created["checkout"]
        );
        till.paywall.will(Call::Start3d, crate::support::started());
        till.pay(checkout, KEY).await.ok();
        let told = till.paywall.seen(Call::Start3d)[number].json();
        assert_eq!(told["Customer"]["FullName"], body["customer"]["fullName"]);
        assert_eq!(
            told["Products"][0]["ProductName"],
            body["products"][0]["name"]
        );
    }
}

#[tokio::test]
async fn no_text_of_an_order_writes_a_line_of_its_own() {
    let till = Till::open().await;
    for (number, text) in CONTROLS.into_iter().enumerate() {
        for field in FIELDS.iter().chain(&["/returnUrl", "/locale", "/currency"]) {
            let mut body = full_order(&format!("ORD-{number}"));
            let text = match *field {
                "/returnUrl" => format!("{SHOP}/{text}"),
                _ => text.to_owned(),
            };
            *body.pointer_mut(field).unwrap() = text.into();
            let refused = till.create_order(&body).await;
            refused.problem(422, "invalid_request");
            assert!(!refused.text.contains("forged"), "{field}");
        }
    }
}

#[tokio::test]
async fn the_log_has_one_line_for_an_event_whatever_is_written_in_it() {
    for format in ["text", "json"] {
        let paywall = PayWallDouble::start().await;
        let variables = [("RUST_LOG", "trace"), ("KASA_LOG_FORMAT", format)];
        let process = Process::start(&paywall.url, &variables).await;
        let client = client();
        for (number, text) in TEXTS.into_iter().chain(CONTROLS).enumerate() {
            let body = order(&format!("{number} {text}"));
            let request = client.post(format!("{}/v1/orders", process.url));
            Reply::to(request.bearer_auth(API_KEY).json(&body)).await;
            // In addresses and headers too.
            let path = format!("{}/v1/orders/{text}%0a%1b[31mforged", process.url);
            let request = client.get(path).bearer_auth(API_KEY);
            Reply::to(request.header("User-Agent", "%1b[31m")).await;
        }
        process.signal("-TERM").await;
        let (_, log) = process.end().await;
        assert!(log.contains("order created"), "{log}");
        for line in log.lines() {
            assert!(!line.starts_with("ERROR forged"), "{line}");
            assert!(
                !line.contains(['\r', '\u{0}', '\u{1b}', '\u{9b}']),
                "{line:?}"
            );
            if format == "json" {
                assert!(serde_json::from_str::<Value>(line).is_ok(), "{line}");
            }
        }
    }
}

#[tokio::test]
async fn only_the_shops_pages_may_ask_and_never_with_credentials() {
    let till = Till::open().await;
    let checkout = till.checkout().await;
    let read = format!("/v1/checkouts/{checkout}");
    let origins = [
        SHOP,
        "https://evil.example",
        "http://localhost:8401",
        "http://localhost:8400.evil.example",
        "http://evil.example#http://localhost:8400",
        "https://localhost:8400",
        "null",
        "*",
        "",
    ];
    for origin in origins {
        for (method, path) in [
            ("GET", &read),
            ("GET", &"/v1/checkouts/co_1".to_owned()),
            ("OPTIONS", &format!("{read}/payments")),
            ("OPTIONS", &format!("{read}/temp-token")),
            ("POST", &"/v1/orders".to_owned()),
            ("OPTIONS", &"/v1/orders".to_owned()),
            ("POST", &"/callback/terminal".to_owned()),
            ("GET", &"/healthz".to_owned()),
        ] {
            let request = till
                .request(method, path)
                .header("Origin", origin)
                .header("Access-Control-Request-Method", "POST")
                .header(
                    "Access-Control-Request-Headers",
                    "content-type,idempotency-key",
                )
                .header("Access-Control-Request-Private-Network", "true");
            let reply = Reply::to(request).await;
            let ours = origin == SHOP && path.starts_with("/v1/checkouts");
            let allowed = if ours { SHOP } else { "" };
            assert_eq!(
                reply.header("access-control-allow-origin"),
                allowed,
                "{origin} {method} {path}"
            );
            for never in [
                "access-control-allow-credentials",
                "access-control-allow-private-network",
            ] {
                assert_eq!(reply.header(never), "", "{origin} {method} {path}");
            }
            if ours {
                // What one origin was told is not for another.
                assert!(
                    reply.header("vary").contains("origin"),
                    "{origin} {method} {path}"
                );
            }
        }
    }
}

#[tokio::test]
async fn an_answer_that_is_no_page_may_do_nothing_in_one() {
    let till = Till::open().await;
    let checkout = till.checkout().await;
    for (method, path) in [
        ("GET", format!("/v1/checkouts/{checkout}")),
        ("GET", "/nothing".into()),
        ("POST", "/v1/orders".into()),
        ("PUT", "/healthz".into()),
        ("POST", "/callback/terminal".into()),
        ("POST", format!("/return/paywall/pay_{}", "0".repeat(32))),
    ] {
        let reply = Reply::to(till.request(method, &path)).await;
        for (name, value) in [
            (
                "content-security-policy",
                "default-src 'none'; frame-ancestors 'none'",
            ),
            ("cache-control", "no-store"),
            ("referrer-policy", "no-referrer"),
            ("x-content-type-options", "nosniff"),
        ] {
            assert_eq!(reply.header(name), value, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn a_browser_is_sent_to_the_shop_alone_whatever_stands_in_the_orders_address() {
    let till = Till::open().await;
    for address in [
        "https://evil.example/kasa",
        "//evil.example/kasa",
        "/kasa",
        "javascript:alert(1)//http://localhost:8400",
        "data:text/html,http://localhost:8400",
        "http://localhost:8400@evil.example/",
        "http://user:password@localhost:8400/",
        "http://127.0.0.1:8400/",
        "http://169.254.169.254/latest/meta-data/",
        "file:///etc/passwd",
        "http://localhost:8400/\r\nSet-Cookie: forged=1",
        "http://localhost:8400/\tx",
    ] {
        let mut body = order("ORD-1");
        body["returnUrl"] = address.into();
        till.create_order(&body)
            .await
            .problem(422, "invalid_request");
    }
    for (number, (address, sent)) in [
        (
            "http://localhost:8400/%0d%0aSet-Cookie:%20forged=1",
            "http://localhost:8400/%0d%0aSet-Cookie:%20forged=1?",
        ),
        (
            "http://localhost:8400/a b\"<>?kasa_checkout=co_forged&x=%0d%0a",
            "http://localhost:8400/a%20b%22%3C%3E?x=%0D%0A&",
        ),
        (
            "http://localhost:8400//evil.example/ü",
            "http://localhost:8400//evil.example/%C3%BC?",
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let mut body = order(&format!("ORD-R{number}"));
        body["returnUrl"] = address.into();
        let (checkout, payment) = till.at_the_bank_with(&body, "redirect").await;
        till.paywall.will(Call::Query, standing(2, 1));
        let reply = till.come_back(&payment).await;
        assert_eq!(reply.status, 303);
        assert_eq!(
            reply.header("location"),
            format!("{sent}kasa_checkout={checkout}")
        );
        assert_eq!(reply.header("referrer-policy"), "no-referrer");
        assert_eq!(reply.header("set-cookie"), "");
    }
}

#[tokio::test]
async fn a_provider_leads_the_server_nowhere_else() {
    // Whoever is asked there was not to be asked, and fails the test.
    let elsewhere = Provider::start().await;
    let paywall = Provider::start().await;
    let variables = vec![
        ("PAYWALL_PAYMENT_API", &*paywall.url.clone().leak()),
        ("PAYWALL_PRIVATE_API", &*paywall.url.clone().leak()),
        ("PAYWALL_CARD_API", ""),
        ("PAYWALL_PHYSICAL_API", ""),
    ];
    let till = Till::open_with(TillOptions { variables }).await;
    for (number, status) in [301, 302, 303, 307, 308].into_iter().enumerate() {
        let to = format!("{}/stolen", elsewhere.url);
        let moved = || Says::Moved(status, to.clone());
        paywall
            .will("POST /api/paywall/payment/start3d", moved())
            .will("GET /api/paywall/private/query", moved())
            .will("POST /api/paywall/temptoken", moved());
        let checkout = till.checkout_of(&order(&format!("ORD-{number}"))).await;
        till.temp_token(&checkout)
            .await
            .problem(502, "provider_unavailable");
        let payment = Reply::to(till.payment_request(&checkout, KEY, &card_payment()))
            .await
            .ok();
        assert_eq!(payment["status"], "pending", "{status}: {payment}");
    }
}

#[tokio::test]
async fn a_providers_address_for_the_browser_is_never_asked_by_the_server() {
    let elsewhere = Provider::start().await;
    let till = Till::open().await;
    let checkout = till.checkout().await;
    let url = format!("{}/metadata", elsewhere.url);
    let answer = json!({ "RedirectUrl": url, "Payment": null });
    till.paywall
        .will(Call::Start3d, crate::support::success(answer));
    let payment = till.pay(&checkout, KEY).await.ok();
    // The page's own list of hosts decides whether anybody goes there.
    assert_eq!(payment["next"]["url"], url.as_str(), "{payment}");
    till.paywall.will(Call::Query, Answer::Status(500));
    till.come_back(payment["id"].as_str().unwrap()).await;
    assert!(elsewhere.asked("GET /metadata").is_empty());
}
