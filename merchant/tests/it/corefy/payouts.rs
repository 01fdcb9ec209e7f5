//! Money sent to a bank account, from the shop's back end.

use super::shop::{Shop, TCKN};
use super::*;
use crate::support::{API_KEY, Asked, Reply, ShopDouble, Till, WEBHOOK_SECRET};

const FIND: &str = "GET /corefy/api/payout-invoices/";
const GET: &str = "GET /corefy/api/payout-invoices/cpo_1";
const PROCESS: &str = "POST /corefy/api/payout-invoices/cpo_1/process";
const IBAN: &str = "TR050009900000000000000001";

fn transfer() -> Value {
    json!({ "reference": "PO-1", "amount": 5000, "currency": "TRY", "iban": IBAN,
            "beneficiary": "Elif Yılmaz", "identityNumber": TCKN })
}

fn transfer_with(name: &str, value: Value) -> Value {
    let mut transfer = transfer();
    transfer[name] = value;
    transfer
}

fn created() -> Says {
    Says::With(Box::new(|asked| (201, invoice_of(asked, "created"))))
}

/// The payout invoice that was asked for.
fn invoice_of(asked: &Asked, status: &str) -> Value {
    let asked = &asked.json()["data"]["attributes"];
    let mut attributes = json!({ "status": status });
    for name in ["reference_id", "amount", "currency", "test_mode"] {
        attributes[name] = asked[name].clone();
    }
    json!({ "data": { "type": "payout-invoices", "id": "cpo_1", "attributes": attributes } })
}

/// That the payout stands so.
fn stands(status: &'static str) -> Says {
    Says::after(move |before| Says::Json(200, invoice_of(before.last(CREATE_PAYOUT), status)))
}

/// That it is found by its reference, and stands so.
fn found(status: &'static str) -> Says {
    Says::after(move |before| {
        let invoice = invoice_of(before.last(CREATE_PAYOUT), status);
        Says::Json(200, json!({ "data": [invoice["data"]] }))
    })
}

impl Shop {
    async fn send(&self, transfer: &Value) -> Reply {
        let request = self.till.request("POST", "/v1/payouts");
        Reply::to(request.bearer_auth(API_KEY).json(transfer)).await
    }

    async fn payout(&self) -> Value {
        let request = self.till.request("GET", "/v1/payouts/PO-1");
        Reply::to(request.bearer_auth(API_KEY)).await.ok()
    }

    /// Sends a payout that is let go and then stands so.
    async fn sent(&self, status: &'static str) -> Value {
        self.corefy
            .will(CREATE_PAYOUT, created())
            .will(PROCESS, Says::Text(200, ""))
            .will(GET, stands(status));
        self.send(&transfer()).await.ok()
    }

    /// Corefy calls about the payout, and answers that it stands so.
    async fn called(&self, status: &'static str) -> u16 {
        let asked = &self.corefy.asked(CREATE_PAYOUT)[0];
        self.corefy.will(GET, stands(status));
        self.call(&invoice_of(asked, status)).await.status.as_u16()
    }
}

#[tokio::test]
async fn money_is_sent_and_arrives() {
    let shop = Shop::open().await;
    let payout = shop.sent("process_pending").await;
    assert_eq!(
        (&payout["status"], &payout["reference"], &payout["amount"]),
        (&json!("pending"), &json!("PO-1"), &json!(5000))
    );
    assert!(payout["id"].as_str().unwrap().starts_with("po_"));
    assert_eq!(shop.called("processed").await, 200);
    let payout = shop.payout().await;
    assert_eq!(payout["status"], "paid");
    let provider = &payout["provider"];
    assert_eq!(
        (&provider["name"], &provider["id"], &provider["status"]),
        (&json!("corefy"), &json!("cpo_1"), &json!("processed"))
    );
    let sent = shop.corefy.asked(CREATE_PAYOUT)[0].json();
    assert_eq!(
        sent["data"]["attributes"]["reference_id"],
        provider["reference"]
    );
}

#[tokio::test]
async fn what_is_sent_is_what_the_shop_asked_for() {
    let shop = Shop::open().await;
    shop.corefy.will(CREATE_PAYOUT, Says::Json(422, json!({})));
    let mut transfer = transfer_with("iban", json!("tr05 0009 9000 0000 0000 0000 01"));
    transfer["phone"] = "905000000000".into();
    transfer["customerReference"] = "customer-7".into();
    shop.send(&transfer).await.ok();
    let sent = shop.corefy.asked(CREATE_PAYOUT)[0].json();
    let attributes = &sent["data"]["attributes"];
    let expected = [
        ("service", json!("bank_transfer_try")),
        ("currency", json!("TRY")),
        (
            "customer",
            json!({ "reference_id": "customer-7", "individual_tax_id": TCKN, "phone": "905000000000" }),
        ),
        (
            "fields",
            json!({ "account_number": IBAN, "beneficiary_full_name": "Elif Yılmaz" }),
        ),
        (
            "callback_url",
            json!("https://pay.shop.example/callback/corefy"),
        ),
    ];
    assert_eq!(attributes["amount"].to_string(), "50");
    assert_eq!(attributes["options"]["auto_process"], false);
    for (name, value) in expected {
        assert_eq!(attributes[name], value, "{name}");
    }
}

#[tokio::test]
async fn the_same_reference_sends_once() {
    let shop = Shop::open().await;
    let first = shop.sent("processed").await;
    assert_eq!(first["status"], "paid");
    let blanks = transfer_with("iban", json!("TR05 0009 9000 0000 0000 0000 01"));
    for same in [transfer(), blanks] {
        let again = shop.send(&same).await;
        assert_eq!((again.status.as_u16(), again.ok()), (200, first.clone()));
    }
    for (name, value) in [
        ("amount", json!(5001)),
        ("beneficiary", json!("Ada Deneme")),
        ("iban", json!("TR330006100519786457841326")),
        ("phone", json!("905000000000")),
    ] {
        let other = shop.send(&transfer_with(name, value)).await;
        other.problem(409, "payout_exists");
    }
    assert_eq!(shop.corefy.asked(CREATE_PAYOUT).len(), 1);
}

#[tokio::test]
async fn what_does_not_fit_is_refused_and_not_quoted() {
    let shop = Shop::open().await;
    let unfit = [
        ("reference", json!("")),
        ("amount", json!(0)),
        ("amount", json!(-1)),
        ("amount", json!(10.5)),
        ("currency", json!("USD")),
        ("iban", json!("TR050009900000000000000002")),
        ("iban", json!("DE89370400440532013000")),
        ("beneficiary", json!(" ")),
        ("identityNumber", json!("10000000147")),
        ("identityNumber", Value::Null),
        ("phone", json!("9".repeat(31))),
        ("customerReference", json!("")),
        ("autoProcess", json!(true)),
    ];
    for (name, value) in unfit {
        let reply = shop.send(&transfer_with(name, value.clone())).await;
        let problem = reply.problem(422, "invalid_request");
        let quoted = value.as_str().filter(|value| value.len() > 5);
        assert!(
            quoted.is_none_or(|value| !reply.text.contains(value)),
            "{problem}"
        );
    }
}

#[tokio::test]
async fn only_the_back_end_sends_money_and_only_where_corefy_is_set_up() {
    let shop = Shop::open().await;
    for (method, path) in [("POST", "/v1/payouts"), ("GET", "/v1/payouts/PO-1")] {
        let request = shop.till.request(method, path).json(&transfer());
        Reply::to(request).await.problem(401, "unauthorized");
    }
    let unknown = shop.till.request("GET", "/v1/payouts/PO-1");
    let reply = Reply::to(unknown.bearer_auth(API_KEY)).await;
    reply.problem(404, "payout_not_found");
    let without = Till::open().await;
    let request = without.request("POST", "/v1/payouts").bearer_auth(API_KEY);
    let reply = Reply::to(request.json(&transfer())).await;
    reply.problem(404, "not_found");
}

#[tokio::test]
async fn a_payout_whose_creation_was_lost_is_found_and_let_go() {
    for lost in [
        Says::Cut,
        Says::Text(503, ""),
        Says::Json(409, json!({})),
        Says::Json(200, json!({})),
    ] {
        let shop = Shop::open().await;
        shop.corefy
            .will(CREATE_PAYOUT, lost)
            .will(FIND, found("created"))
            .will(PROCESS, Says::Text(200, ""))
            .will(GET, stands("processed"));
        let payout = shop.send(&transfer()).await.ok();
        assert_eq!(payout["status"], "paid");
    }
}

#[tokio::test]
async fn a_payout_that_was_never_created_fails_once_it_cannot_be_on_its_way() {
    let shop = Shop::open().await;
    let none = || Says::Json(200, json!({ "data": [] }));
    shop.corefy
        .will(CREATE_PAYOUT, Says::Cut)
        .will(FIND, none());
    let payout = shop.send(&transfer()).await.ok();
    assert_eq!(payout["status"], "pending");
    shop.till.wait(51);
    shop.corefy.will(FIND, none());
    shop.till.reconciler.pass().await;
    let payout = shop.payout().await;
    assert_eq!(
        (&payout["status"], &payout["error"]),
        (&json!("failed"), &json!({ "code": "provider_unavailable" }))
    );
    assert_eq!(shop.corefy.asked(CREATE_PAYOUT).len(), 1);
}

#[tokio::test]
async fn a_payout_that_corefy_does_not_take_has_failed() {
    for (status, code) in [(422, "payout_refused"), (403, "provider_unavailable")] {
        let shop = Shop::open().await;
        shop.corefy
            .will(CREATE_PAYOUT, Says::Json(status, json!({})));
        let payout = shop.send(&transfer()).await.ok();
        assert_eq!(payout["status"], "failed");
        assert_eq!(payout["error"], json!({ "code": code }));
    }
}

#[tokio::test]
async fn each_end_of_the_invoice_ends_the_payout() {
    let ends = [
        ("process_failed", "failed", json!({ "code": "declined" })),
        ("expired", "failed", json!({ "code": "declined" })),
        ("canceled", "canceled", json!({ "code": "canceled" })),
        ("processed", "paid", Value::Null),
    ];
    for (word, status, error) in ends {
        let shop = Shop::open().await;
        let payout = shop.sent(word).await;
        assert_eq!(payout["status"], status, "{word}");
        assert_eq!(
            payout.get("error").unwrap_or(&Value::Null),
            &error,
            "{word}"
        );
    }
    for word in [
        "processing",
        "partially_processed",
        "canceling",
        "a_new_word",
    ] {
        let shop = Shop::open().await;
        let payout = shop.sent(word).await;
        assert_eq!(payout["status"], "pending", "{word}");
    }
}

#[tokio::test]
async fn an_order_to_go_that_was_lost_is_repeated_only_while_the_payout_waits() {
    let shop = Shop::open().await;
    shop.corefy
        .will(CREATE_PAYOUT, created())
        .will(PROCESS, Says::Cut)
        .will(GET, Says::Text(503, ""));
    let payout = shop.send(&transfer()).await.ok();
    assert_eq!(payout["status"], "pending");
    // The first order may still be at work: nobody gives another.
    assert_eq!(shop.called("created").await, 200);
    // It has not come to anything.
    shop.till.wait(51);
    shop.corefy
        .will(GET, stands("created"))
        .will(PROCESS, Says::Text(200, ""))
        .will(GET, stands("process_pending"));
    shop.till.reconciler.pass().await;
    // Now it is under way, and is only asked about.
    shop.till.wait(3600);
    shop.corefy.will(GET, stands("processed"));
    shop.till.reconciler.pass().await;
    assert_eq!(shop.payout().await["status"], "paid");
    assert_eq!(shop.corefy.asked(PROCESS).len(), 2);
}

#[tokio::test]
async fn a_payout_that_does_not_start_is_told_to_only_a_few_times() {
    let shop = Shop::open().await;
    shop.sent("created").await;
    for _ in 0..4 {
        shop.till.wait(3601);
        let tries = shop.corefy.asked(PROCESS).len();
        shop.corefy.will(GET, stands("created"));
        if tries < 3 {
            shop.corefy
                .will(PROCESS, Says::Json(409, json!({})))
                .will(GET, stands("created"));
        }
        shop.till.reconciler.pass().await;
    }
    assert_eq!(shop.corefy.asked(PROCESS).len(), 3);
    assert_eq!(shop.payout().await["status"], "pending");
}

#[tokio::test]
async fn other_money_than_asked_for_is_never_let_go() {
    let changes = [
        ("amount", json!(500)),
        ("currency", json!("USD")),
        ("test_mode", json!(false)),
        ("test_mode", Value::Null),
    ];
    for (name, value) in changes {
        let shop = Shop::open().await;
        let other = move |asked: &Asked| {
            let mut invoice = invoice_of(asked, "created");
            invoice["data"]["attributes"][name] = value;
            (201, invoice)
        };
        shop.corefy.will(CREATE_PAYOUT, Says::With(Box::new(other)));
        let payout = shop.send(&transfer()).await.ok();
        assert_eq!(payout["status"], "pending", "{name}");
    }
}

#[tokio::test]
async fn doubled_reordered_and_forged_callbacks_change_nothing() {
    let shop = Shop::open().await;
    shop.sent("process_pending").await;
    let invoice = |word| invoice_of(&shop.corefy.asked(CREATE_PAYOUT)[0], word).to_string();
    let by = |secret: &str, body: &str| signature(&Secret::new(secret), body.as_bytes());
    for secret in ["a guess", "sk_live_sandbox"] {
        let body = invoice("processed");
        let signature = by(secret, &body);
        let reply = shop.call_with(body, &[&signature]).await;
        reply.problem(400, "invalid_request");
    }
    // What the call says does not count, but what Corefy then answers.
    let body = invoice("processed");
    let signature = by("sk_test_sandbox", &body);
    shop.corefy.will(GET, stands("process_pending"));
    shop.call_with(body, &[&signature]).await;
    assert_eq!(shop.payout().await["status"], "pending");
    for _ in 0..2 {
        assert_eq!(shop.called("processed").await, 200);
        assert_eq!(shop.payout().await["status"], "paid");
    }
    // Late news of a payout that is paid.
    assert_eq!(shop.called("process_pending").await, 200);
    assert_eq!(shop.payout().await["status"], "paid");
}

#[tokio::test]
async fn a_payout_that_comes_back_after_it_was_paid_is_canceled() {
    let shop = Shop::open().await;
    shop.sent("processed").await;
    assert_eq!(shop.called("canceling").await, 200);
    assert_eq!(shop.payout().await["status"], "paid");
    assert_eq!(shop.called("canceled").await, 200);
    assert_eq!(shop.payout().await["status"], "canceled");
}

#[tokio::test]
async fn neither_account_nor_identity_number_is_kept() {
    let shop = Shop::open().await;
    shop.sent("processed").await;
    let kept = shop.till.database.everything().await;
    let kept = String::from_utf8_lossy(&kept);
    assert!(kept.contains("PO-1"));
    assert!(!kept.contains(IBAN) && !kept.contains(TCKN));
}

#[tokio::test]
async fn the_shop_is_told_of_what_became_of_its_payout() {
    let ears = ShopDouble::start().await;
    let shop = Shop::open_with(&[
        ("WEBHOOK_URL", ears.url.clone().leak()),
        ("WEBHOOK_SECRET", WEBHOOK_SECRET),
    ])
    .await;
    shop.sent("processed").await;
    let heard = ears.hear().await;
    assert!(heard.is_genuine());
    let event = heard.json();
    assert_eq!(event["type"], "payout.paid");
    assert_eq!(event["data"], shop.payout().await);
    shop.called("processed").await;
    shop.called("canceled").await;
    let event = ears.hear().await.json();
    assert_eq!(event["type"], "payout.canceled");
    assert_eq!(event["data"]["error"]["code"], "canceled");
    assert!(ears.heard_all().await);
}

#[tokio::test]
async fn the_database_keeps_a_payouts_amount_and_end() {
    use sqlx::Executor as _;
    let shop = Shop::open().await;
    shop.sent("processed").await;
    for sql in [
        "UPDATE payouts SET amount = 1",
        "UPDATE payouts SET status = 'pending'",
    ] {
        let mut database = shop.till.database().await;
        let error = database.execute(sql).await.expect_err(sql).to_string();
        assert!(error.contains("never"), "{error}");
    }
}
