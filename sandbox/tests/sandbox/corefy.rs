//! Aspay through Corefy: invoices, the hosted page, callbacks, payouts (corefy.md).

use crate::support::World;
use crate::support::merchant::{Heard, Merchant};
use kasa_sandbox::corefy::signature::{basic, x_signature};
use kasa_sandbox::secret::Secret;
use reqwest::{Client, RequestBuilder, Response, StatusCode, redirect};
use serde_json::{Value, json};

const PAYMENTS: &str = "/corefy/api/payment-invoices";
const PAYOUTS: &str = "/corefy/api/payout-invoices";
const TEST_SECRET: &str = "sk_test_sandbox";
const IBAN: &str = "TR050009900000000000000001";

macro_rules! contract {
    ($file:literal) => {
        serde_json::from_str::<Value>(include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../tests/contracts/",
            $file
        )))
        .unwrap()
    };
}

fn authorized(call: RequestBuilder) -> RequestBuilder {
    let key = Secret::new("api_key_sandbox");
    call.header("authorization", basic("coma_sandbox0001", &key))
}

async fn get(world: &World, path: &str) -> Response {
    authorized(world.get(path)).send().await.unwrap()
}

async fn create(world: &World, path: &str, body: &Value) -> Response {
    authorized(world.post(path))
        .json(body)
        .send()
        .await
        .unwrap()
}

/// Creates it; returns `data` of the answer.
async fn created(world: &World, path: &str, body: &Value) -> Value {
    let answer = create(world, path, body).await;
    let status = answer.status();
    let mut document: Value = answer.json().await.unwrap();
    assert_eq!(status, StatusCode::CREATED, "{document}");
    document["data"].take()
}

fn payment(reference: &str) -> Value {
    json!({ "data": { "type": "payment-invoice", "attributes": {
        "reference_id": reference, "service": "payment_card_try_hpp", "currency": "TRY",
        "amount": 129.9, "flow": "charge", "description": "Sipariş 1001 – İzmir",
        "customer": { "reference_id": "cus-1", "email": "ada@shop.example",
            "individual_tax_id": "10000000146" },
        "test_mode": true,
        "options": { "allow_partially": false, "bypass_hpp": false,
            "send_operation_context_on_return": false },
        "return_urls": { "success": "https://shop.example/r?r=s",
            "pending": "https://shop.example/r?r=p", "fail": "https://shop.example/r?r=f" },
        "metadata": { "order": "1001" }, "service_fields": [],
    } } })
}

fn payout(reference: &str, name: &str, auto_process: bool) -> Value {
    json!({ "data": { "type": "payout-invoice", "attributes": {
        "service": "bank_transfer_try", "currency": "TRY", "amount": 50, "reference_id": reference,
        "customer": { "reference_id": "cus-1", "individual_tax_id": "10000000146" },
        "test_mode": true,
        "fields": { "account_number": IBAN, "beneficiary_full_name": name },
        "options": { "attempts_limit": 0, "split_mode": false, "allow_partially": false,
            "auto_process": auto_process },
    } } })
}

/// With one attribute, named by its JSON pointer, set to another value.
fn with(mut body: Value, attribute: &str, value: Value) -> Value {
    let (parent, name) = attribute.rsplit_once('/').unwrap();
    let path = format!("/data/attributes{parent}");
    body.pointer_mut(&path).unwrap()[name] = value;
    body
}

async fn status_of(world: &World, invoice: &Value) -> String {
    let kind = invoice["type"].as_str().unwrap();
    let id = invoice["id"].as_str().unwrap();
    let answer = get(world, &format!("/corefy/api/{kind}/{id}")).await;
    let document: Value = answer.json().await.unwrap();
    let status = &document["data"]["attributes"]["status"];
    status.as_str().unwrap().to_owned()
}

fn hosted_page(invoice: &Value) -> String {
    format!("/corefy/hpp/?cpi={}", invoice["id"].as_str().unwrap())
}

fn gate(invoice: &Value) -> &str {
    let action = &invoice["attributes"]["flow_data"]["action"];
    action.as_str().unwrap()
}

/// Presses a button of the page; the browser is not followed further.
async fn press(invoice: &Value, deed: &str) -> Response {
    let browser = Client::builder()
        .no_proxy()
        .redirect(redirect::Policy::none())
        .build()
        .unwrap();
    let form = [("do", deed)];
    let call = browser.post(gate(invoice)).form(&form);
    call.send().await.unwrap()
}

fn location(answer: &Response) -> &str {
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    answer.headers()["location"].to_str().unwrap()
}

async fn set_status(world: &World, invoice: &Value, status: &str) -> Response {
    let path = format!("/sandbox/corefy/{}", invoice["id"].as_str().unwrap());
    let order = json!({ "status": status });
    world.post(&path).json(&order).send().await.unwrap()
}

/// A payment whose merchant listens.
fn told_payment(merchant: &Merchant, reference: &str) -> Value {
    with(
        payment(reference),
        "/callback_url",
        merchant.url.clone().into(),
    )
}

/// The status that the next callback tells.
async fn told_status(merchant: &mut Merchant) -> String {
    let status = &attributes(&merchant.hears().await)["status"];
    status.as_str().unwrap().to_owned()
}

fn attributes(heard: &Heard) -> Value {
    heard.json()["data"]["attributes"].take()
}

fn is_signed_with(heard: &Heard, secret: &str) -> bool {
    heard.headers["x-signature"] == x_signature(&Secret::new(secret), heard.body.as_bytes())
}

#[test]
fn every_vector_comes_out_of_the_signatures() {
    let vectors = contract!("vectors.json");
    let list = |section: &str| vectors[section]["vectors"].as_array().unwrap().clone();
    let text = |vector: &Value, name: &str| vector[name].as_str().unwrap().to_owned();
    let signatures = list("corefy_x_signature");
    assert_eq!(signatures.len(), 5);
    for vector in signatures {
        let secret = Secret::new(text(&vector, "secret"));
        let signature = x_signature(&secret, text(&vector, "body").as_bytes());
        assert_eq!(signature, text(&vector, "expected"), "{}", vector["id"]);
    }
    for vector in list("corefy_basic_auth") {
        let password = Secret::new(text(&vector, "password"));
        let header = basic(&text(&vector, "user"), &password);
        assert_eq!(header, text(&vector, "expected_header"));
    }
}

#[tokio::test]
async fn every_printed_request_is_accepted_in_both_forms_of_the_api() {
    let world = World::new().await;
    let samples = [
        (
            "payment",
            contract!("samples/corefy-payment-invoice-min.json"),
        ),
        (
            "payment",
            contract!("samples/corefy-payment-invoice-max.json"),
        ),
        ("payout", contract!("samples/corefy-payout-min.json")),
        ("payout", contract!("samples/corefy-payout-max.json")),
    ];
    for (index, (kind, sample)) in samples.into_iter().enumerate() {
        for (form, spelling) in [("", "invoice"), ("commerce/", "invoices")] {
            let reference = format!("{form}{index}");
            let mut body = with(sample.clone(), "/reference_id", reference.into());
            body["data"]["type"] = format!("{kind}-{spelling}").into();
            if kind == "payment" {
                // The page hides the e-mail address.
                body = with(body, "/customer/email", "john@shop.example".into());
            }
            let path = format!("/corefy/api/{form}{kind}-invoices");
            let invoice = created(&world, &path, &body).await;
            assert_eq!(invoice["type"], format!("{kind}-invoices"));
            assert_eq!(invoice["attributes"]["status"], "created");
        }
    }
}

#[tokio::test]
async fn the_answer_is_the_documented_invoice_with_empty_maps_as_arrays() {
    let world = World::new().await;
    let body = with(payment("r-1"), "/metadata", json!({}));
    let invoice = created(&world, PAYMENTS, &body).await;
    let id = invoice["id"].as_str().unwrap();
    let (prefix, number) = id.split_at(4);
    assert_eq!(prefix, "cpi_");
    assert!(number.len() == 16 && number.chars().all(|c| c.is_ascii_alphanumeric()));
    let attributes = &invoice["attributes"];
    let wanted = json!({
        "serial_number": number, "status": "created", "resolution": "ok", "amount": 129.9,
        "payment_amount": 129.9, "currency": "TRY", "service_currency": "TRY",
        "reference_id": "r-1", "test_mode": true, "fee": 0, "deposit": 129.9, "processed": null,
        "processed_amount": null, "refunded_amount": null, "processed_fee": null,
        "processed_deposit": null, "metadata": [], "payload": [], "flow": "hpp",
        "payment_flow": "charge", "moderation_required": false,
    });
    for (name, value) in wanted.as_object().unwrap() {
        assert_eq!(&attributes[name], value, "{name}");
    }
    assert_eq!(
        attributes["amount"].to_string(),
        "129.9",
        "its shortest digits"
    );
    assert_eq!(attributes["flow_data"]["method"], "GET");
    assert_eq!(attributes["flow_data"]["params"], json!([]));
    assert!(gate(&invoice).starts_with(&format!("{}/corefy/gate/cgi_", world.url)));
    assert_eq!(attributes.get("hpp_url"), None);
    assert_eq!(
        invoice["links"]["self"],
        format!("/api/payment-invoices/{id}")
    );
    let service = &invoice["relationships"]["payment-service"]["data"];
    let wanted = json!({ "type": "payment-services", "id": "payment_card_try_hpp" });
    assert_eq!(service, &wanted);

    let order = json!({ "hppUrl": true, "emptyMaps": "objects" });
    let switches = world.post("/sandbox/corefy/switches").json(&order);
    assert_eq!(switches.send().await.unwrap().status(), StatusCode::OK);
    let answer = get(&world, &format!("{PAYMENTS}/{id}")).await;
    let document: Value = answer.json().await.unwrap();
    let attributes = &document["data"]["attributes"];
    assert_eq!(attributes["metadata"], json!({}));
    let hosted = format!("{}{}", world.url, hosted_page(&invoice));
    assert_eq!(attributes["hpp_url"], hosted);
}

#[tokio::test]
async fn what_is_wrong_is_pointed_at() {
    let world = World::new().await;
    let payments = [
        ("/reference_id", json!(null)),
        ("/reference_id", json!(" ")),
        ("/service", json!("bank_transfer_try")),
        ("/currency", json!("USD")),
        ("/amount", json!("129.90")),
        ("/amount", json!(0)),
        ("/amount", json!(1.001)),
        ("/flow", json!("verify")),
        ("/customer/reference_id", json!(null)),
        ("/customer/email", json!("[email protected]")),
        ("/customer/individual_tax_id", json!(null)),
        ("/customer/individual_tax_id", json!("")),
        ("/customer/individual_tax_id", json!("10000000147")),
        ("/test_mode", json!("true")),
        ("/return_urls/success", json!("/paid")),
        ("/return_url", json!("javascript:alert(1)")),
        ("/callback_url", json!("shop.example")),
        ("/expires", json!(1_000_000_000)),
        ("/metadata", json!("none")),
        ("/options/bypass_hpp", json!(1)),
    ];
    let payouts = [
        ("/service", json!(null)),
        (
            "/fields/account_number",
            json!("TR330006100519786457841327"),
        ),
        (
            "/fields/account_number",
            json!("TR05 0009 9000 0000 0000 0000 01"),
        ),
        ("/fields/beneficiary_full_name", json!("")),
        ("/customer/individual_tax_id", json!("")),
        ("/options/attempts_limit", json!("0")),
    ];
    let payments = payments.map(|wrong| (PAYMENTS, payment("r-1"), wrong));
    let payouts = payouts.map(|wrong| (PAYOUTS, payout("r-1", "ADA ELEZ", true), wrong));
    for (path, body, (attribute, value)) in payments.into_iter().chain(payouts) {
        let answer = create(&world, path, &with(body, attribute, value.clone())).await;
        assert_eq!(
            answer.status(),
            StatusCode::UNPROCESSABLE_ENTITY,
            "{attribute}"
        );
        assert_eq!(answer.headers()["content-type"], "application/vnd.api+json");
        let document: Value = answer.json().await.unwrap();
        let errors = document["errors"].as_array().unwrap();
        assert_eq!(errors.len(), 1, "{attribute}: {document}");
        let pointer = format!("/data/attributes{attribute}");
        assert_eq!(errors[0]["source"]["pointer"], pointer, "{value}");
        assert_eq!(errors[0]["status"], "422");
    }
    let records: Value = world
        .get("/sandbox/corefy")
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(records, json!([]));
}

#[tokio::test]
async fn all_that_is_wrong_is_told_at_once() {
    let world = World::new().await;
    let body = json!({ "data": { "type": "payment-invoice", "attributes": {} } });
    let answer = create(&world, "/corefy/api/commerce/payment-invoices", &body).await;
    let document: Value = answer.json().await.unwrap();
    let mut pointers: Vec<_> = document["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["source"]["pointer"].as_str().unwrap())
        .map(|pointer| pointer.trim_start_matches("/data/attributes/"))
        .collect();
    pointers.sort_unstable();
    let wanted = [
        "amount",
        "commerce_account",
        "currency",
        "customer/email",
        "customer/individual_tax_id",
        "customer/reference_id",
        "reference_id",
    ];
    assert_eq!(pointers, wanted);
}

#[tokio::test]
async fn documents_of_another_type_and_strangers_are_turned_away() {
    let world = World::new().await;
    let mut other = payment("r-1");
    other["data"]["type"] = "payout-invoice".into();
    for body in [other, json!([]), json!({ "data": [] })] {
        let answer = create(&world, PAYMENTS, &body).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{body}");
    }
    let wrong = basic("coma_sandbox0001", &Secret::new("api_key"));
    for call in [
        world.post(PAYMENTS).json(&payment("r-1")),
        world.get("/corefy/api/payment-invoices/cpi_x"),
        world.get(PAYMENTS).header("authorization", wrong),
        world.post("/corefy/api/payout-invoices/cpo_x/process"),
    ] {
        let answer = call.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
        assert!(answer.headers().contains_key("www-authenticate"));
    }
    let refund = authorized(world.post("/corefy/api/payment-invoices/cpi_x/refund"));
    let answer = refund.send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::NOT_IMPLEMENTED);
}

#[tokio::test]
async fn a_repeated_reference_is_refused_and_the_first_can_be_found_by_it() {
    let world = World::new().await;
    let first = created(&world, PAYMENTS, &payment("r-1")).await;
    created(&world, PAYMENTS, &payment("r-2")).await;
    let again = create(&world, PAYMENTS, &payment("r-1")).await;
    assert_eq!(again.status(), StatusCode::CONFLICT);
    let document: Value = again.json().await.unwrap();
    assert_eq!(
        document["errors"][0]["source"]["pointer"],
        "/data/attributes/reference_id"
    );
    for path in ["", "/"] {
        let path = format!("{PAYMENTS}{path}?filter[reference_id]=r-1");
        let found: Value = get(&world, &path).await.json().await.unwrap();
        assert_eq!(found["data"].as_array().unwrap().len(), 1);
        assert_eq!(found["data"][0]["id"], first["id"]);
    }
    let none = get(&world, &format!("{PAYMENTS}/?filter[reference_id]=r-9")).await;
    assert_eq!(none.status(), StatusCode::OK);
    assert_eq!(none.json::<Value>().await.unwrap(), json!({ "data": [] }));
    let unknown = get(&world, &format!("{PAYMENTS}/cpi_x")).await;
    assert_eq!(unknown.status(), StatusCode::NOT_FOUND);

    // A payout may bear a payment's reference.
    created(&world, PAYOUTS, &payout("r-1", "ADA ELEZ", false)).await;
    let records: Value = world
        .get("/sandbox/corefy")
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let wanted = json!({
        "id": first["id"], "referenceId": "r-1", "amount": "129.9", "currency": "TRY",
        "status": "created", "testMode": true, "createCalls": 2, "kind": "payment",
    });
    assert_eq!(records[0], wanted);
    assert_eq!(records[2]["kind"], "payout");
}

#[tokio::test]
async fn each_button_ends_the_payment_and_sends_the_browser_back() {
    let world = World::new().await;
    let ends = [
        ("pay", "processed", "s"),
        ("decline", "process_failed", "f"),
        ("cancel", "terminated", "f"),
        ("leave", "process_pending", "p"),
    ];
    for (deed, status, way) in ends {
        let invoice = created(&world, PAYMENTS, &payment(deed)).await;
        let page = world.get(&hosted_page(&invoice)).send().await.unwrap();
        assert_eq!(page.status(), StatusCode::OK);
        let text = page.text().await.unwrap();
        for wanted in ["129,90 TL", "Sipariş 1001 – İzmir", "<html lang=\"tr\">"] {
            assert!(text.contains(wanted), "{wanted}: {text}");
        }
        assert!(text.contains(&format!("name=\"do\" value=\"{deed}\"")));
        assert_eq!(status_of(&world, &invoice).await, "process_pending");

        let answer = press(&invoice, deed).await;
        assert_eq!(location(&answer), format!("https://shop.example/r?r={way}"));
        assert_eq!(status_of(&world, &invoice).await, status);
    }
}

#[tokio::test]
async fn after_the_end_the_page_tells_it_and_nothing_changes() {
    let world = World::new().await;
    let invoice = created(&world, PAYMENTS, &payment("r-1")).await;
    press(&invoice, "pay").await;
    let page = world.get(&hosted_page(&invoice)).send().await.unwrap();
    let text = page.text().await.unwrap();
    assert!(text.contains("Ödemeniz alındı") && text.contains("https://shop.example/r?r=s"));
    let again = press(&invoice, "cancel").await;
    assert_eq!(location(&again), "https://shop.example/r?r=s");
    assert_eq!(status_of(&world, &invoice).await, "processed");
}

#[tokio::test]
async fn one_return_address_stands_in_and_without_any_the_page_is_the_end() {
    let world = World::new().await;
    let urls = json!({ "fail": "https://shop.example/f" });
    let body = with(payment("r-1"), "/return_urls", urls);
    let body = with(body, "/return_url", "https://shop.example/any".into());
    let body = with(
        body,
        "/options/send_operation_context_on_return",
        true.into(),
    );
    let invoice = created(&world, PAYMENTS, &body).await;
    let wanted = format!(
        "https://shop.example/any?id={}&reference_id=r-1&status=processed",
        invoice["id"].as_str().unwrap()
    );
    assert_eq!(location(&press(&invoice, "pay").await), wanted);

    let body = with(payment("r-2"), "/return_urls", json!(null));
    let invoice = created(&world, PAYMENTS, &body).await;
    let answer = press(&invoice, "decline").await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(answer.text().await.unwrap().contains("Ödeme alınamadı"));
}

#[tokio::test]
async fn past_the_hosted_page_the_payment_is_under_way_at_once() {
    let world = World::new().await;
    let body = with(payment("r-1"), "/options/bypass_hpp", true.into());
    let invoice = created(&world, PAYMENTS, &body).await;
    assert_eq!(invoice["attributes"]["status"], "process_pending");
    let page = world.http.get(gate(&invoice)).send().await.unwrap();
    assert_eq!(page.status(), StatusCode::OK);
    assert!(page.text().await.unwrap().contains("hosted-page-form"));
}

#[tokio::test]
async fn the_pages_stand_in_any_frame_without_cookies_or_inline_code() {
    let world = World::new().await;
    let invoice = created(&world, PAYMENTS, &payment("r-1")).await;
    let open = world.get(&hosted_page(&invoice)).send().await.unwrap();
    press(&invoice, "pay").await;
    let ended = world.get(&hosted_page(&invoice)).send().await.unwrap();
    for page in [open, ended] {
        let headers = page.headers().clone();
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(!policy.contains("frame-ancestors") && !policy.contains("unsafe"));
        assert!(!headers.contains_key("x-frame-options") && !headers.contains_key("set-cookie"));
        let text = page.text().await.unwrap();
        for inline in ["<style", " style=", "<script>", " onload=", " onclick="] {
            assert!(!text.contains(inline), "{inline}: {text}");
        }
    }
    for asset in ["aspay.css", "aspay.svg"] {
        let file = world.get(&format!("/assets/{asset}")).send().await.unwrap();
        assert_eq!(file.status(), StatusCode::OK, "{asset}");
    }
    for path in [
        "/corefy/hpp/",
        "/corefy/hpp?cpi=cpi_x",
        "/corefy/gate/cgi_x",
    ] {
        let page = world.get(path).send().await.unwrap();
        assert_eq!(page.status(), StatusCode::NOT_FOUND, "{path}");
    }
    let odd = world.http.post(gate(&invoice)).form(&[("do", "steal")]);
    assert_eq!(odd.send().await.unwrap().status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn every_change_is_told_in_order_and_signed_by_the_mode() {
    let world = World::new().await;
    let mut merchant = Merchant::new(&[]).await;
    for (test_mode, secret, other) in [
        (true, TEST_SECRET, "sk_live_sandbox"),
        (false, "sk_live_sandbox", TEST_SECRET),
    ] {
        let body = told_payment(&merchant, &format!("r-{test_mode}"));
        let body = with(body, "/test_mode", test_mode.into());
        let invoice = created(&world, PAYMENTS, &body).await;
        world.get(&hosted_page(&invoice)).send().await.unwrap();
        press(&invoice, "pay").await;
        set_status(&world, &invoice, "something_new").await;

        let mut updated = 0;
        for status in ["process_pending", "processed", "something_new"] {
            let heard = merchant.hears().await;
            assert!(is_signed_with(&heard, secret) && !is_signed_with(&heard, other));
            let attributes = attributes(&heard);
            assert_eq!(attributes["status"], status);
            assert!(attributes["updated"].as_i64().unwrap() > updated);
            updated = attributes["updated"].as_i64().unwrap();
        }
        let answer = get(
            &world,
            &format!("{PAYMENTS}/{}", invoice["id"].as_str().unwrap()),
        )
        .await;
        let document: Value = answer.json().await.unwrap();
        let attributes = &document["data"]["attributes"];
        assert_eq!(attributes["updated"], updated);
        assert_eq!(attributes["processed_amount"], 129.9);
    }
}

#[tokio::test]
async fn a_callback_comes_again_until_it_is_accepted() {
    let world = World::with(&[("CALLBACK_PAUSE_MS", "5")]).await;
    let mut merchant = Merchant::new(&[500, 404]).await;
    let invoice = created(&world, PAYMENTS, &told_payment(&merchant, "r-1")).await;
    press(&invoice, "decline").await;
    let first = merchant.hears().await;
    for _ in 0..2 {
        let again = merchant.hears().await;
        assert_eq!(
            (&again.body, &again.headers["x-signature"]),
            (&first.body, &first.headers["x-signature"])
        );
    }
}

#[tokio::test]
async fn callbacks_are_spoiled_as_ordered() {
    let world = World::new().await;
    let mut merchant = Merchant::new(&[]).await;
    let invoice = created(&world, PAYMENTS, &told_payment(&merchant, "r-1")).await;
    let spoil = |fault| world.order_fault(json!({ "call": "corefy_callback", "fault": fault }));

    spoil("forged").await;
    set_status(&world, &invoice, "a").await;
    assert!(!is_signed_with(&merchant.hears().await, TEST_SECRET));

    spoil("doubled").await;
    set_status(&world, &invoice, "b").await;
    assert_eq!(told_status(&mut merchant).await, "b");
    assert_eq!(told_status(&mut merchant).await, "b");

    spoil("lost").await;
    set_status(&world, &invoice, "c").await;
    spoil("reordered").await;
    set_status(&world, &invoice, "d").await;
    set_status(&world, &invoice, "e").await;
    assert_eq!(told_status(&mut merchant).await, "e");
    assert_eq!(told_status(&mut merchant).await, "d");

    let late = json!({ "call": "corefy_callback", "fault": "late", "delayMs": 500 });
    world.order_fault(late).await;
    set_status(&world, &invoice, "f").await;
    set_status(&world, &invoice, "g").await;
    assert_eq!(told_status(&mut merchant).await, "g");
    assert_eq!(told_status(&mut merchant).await, "f");
}

#[tokio::test]
async fn a_callback_can_come_before_the_answer_that_it_follows_from() {
    let world = World::new().await;
    let mut merchant = Merchant::new(&[]).await;
    let fault = json!({ "call": "corefy_create", "fault": "lost" });
    world.order_fault(fault).await;
    let body = with(
        told_payment(&merchant, "r-1"),
        "/options/bypass_hpp",
        true.into(),
    );
    let lost = create(&world, PAYMENTS, &body).await;
    assert!(lost.bytes().await.is_err());
    let heard = merchant.hears().await;
    assert_eq!(attributes(&heard)["reference_id"], "r-1");
}

#[tokio::test]
async fn an_invoice_can_be_created_although_the_server_says_500() {
    let world = World::new().await;
    let order = json!({ "createAnswer": "server_error" });
    let switches = world.post("/sandbox/corefy/switches").json(&order);
    switches.send().await.unwrap();
    let answer = create(&world, PAYMENTS, &payment("r-1")).await;
    assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
    let found = get(&world, &format!("{PAYMENTS}/?filter[reference_id]=r-1")).await;
    let found: Value = found.json().await.unwrap();
    assert_eq!(found["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_payment_that_nobody_pays_in_time_expires_and_says_so() {
    let world = World::new().await;
    let mut merchant = Merchant::new(&[]).await;
    let now = std::time::SystemTime::now();
    let now = now.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let body = with(
        told_payment(&merchant, "r-1"),
        "/expires",
        (now + 60).into(),
    );
    let invoice = created(&world, PAYMENTS, &body).await;
    world.sandbox.clock().advance(61);
    let page = world.get(&hosted_page(&invoice)).send().await.unwrap();
    assert!(page.text().await.unwrap().contains("süresi doldu"));
    assert_eq!(told_status(&mut merchant).await, "expired");
    assert_eq!(
        location(&press(&invoice, "pay").await),
        "https://shop.example/r?r=f"
    );
    assert_eq!(status_of(&world, &invoice).await, "expired");
}

#[tokio::test]
async fn a_payment_expires_also_when_nobody_asks() {
    let world = World::new().await;
    let mut merchant = Merchant::new(&[]).await;
    let now = std::time::SystemTime::now();
    let now = now.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let body = with(told_payment(&merchant, "r-1"), "/expires", (now + 2).into());
    created(&world, PAYMENTS, &body).await;
    assert_eq!(told_status(&mut merchant).await, "expired");
}

#[tokio::test]
async fn a_status_that_is_set_tells_its_amounts() {
    let world = World::new().await;
    let invoice = created(&world, PAYMENTS, &payment("r-1")).await;
    let steps = [
        ("partially_processed", "processed_amount", json!(64.95)),
        ("processed", "processed_amount", json!(129.9)),
        ("partially_refunded", "refunded_amount", json!(64.95)),
        ("refunded", "refunded_amount", json!(129.9)),
    ];
    let path = format!("{PAYMENTS}/{}", invoice["id"].as_str().unwrap());
    for (status, name, amount) in steps {
        let answer: Value = set_status(&world, &invoice, status)
            .await
            .json()
            .await
            .unwrap();
        assert_eq!(answer["status"], status);
        let document: Value = get(&world, &path).await.json().await.unwrap();
        assert_eq!(document["data"]["attributes"][name], amount, "{status}");
    }
    for senseless in [json!({ "status": "" }), json!({ "state": "processed" })] {
        let path = format!("/sandbox/corefy/{}", invoice["id"].as_str().unwrap());
        let answer = world.post(&path).json(&senseless).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    }
    let unknown = json!({ "id": "cpi_x" });
    let answer = set_status(&world, &unknown, "processed").await;
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_payout_ends_when_it_is_started_by_itself_or_by_the_merchant() {
    let world = World::new().await;
    let mut merchant = Merchant::new(&[]).await;
    for (name, end) in [("ADA ELEZ", "processed"), ("ADA RED", "process_failed")] {
        for auto_process in [true, false] {
            let body = payout(&format!("{name} {auto_process}"), name, auto_process);
            let body = with(body, "/callback_url", merchant.url.clone().into());
            let invoice = created(&world, PAYOUTS, &body).await;
            let id = invoice["id"].as_str().unwrap();
            assert!(id.starts_with("cpo_"));
            if auto_process {
                assert_eq!(invoice["attributes"]["status"], end);
            } else {
                assert_eq!(status_of(&world, &invoice).await, "created");
                let path = format!("{PAYOUTS}/{id}/process");
                let started = authorized(world.post(&path)).send().await.unwrap();
                assert_eq!(started.status(), StatusCode::OK);
                let again = authorized(world.post(&path)).send().await.unwrap();
                assert_eq!(again.status(), StatusCode::CONFLICT);
            }
            assert_eq!(status_of(&world, &invoice).await, end);
            let heard = merchant.hears().await;
            assert_eq!(attributes(&heard)["status"], end);
            assert!(heard.body.contains("\"payout-invoices\""));
        }
    }
    let found = get(
        &world,
        &format!("{PAYOUTS}/?filter[reference_id]=ADA RED true"),
    )
    .await;
    let found: Value = found.json().await.unwrap();
    assert_eq!(found["data"].as_array().unwrap().len(), 1);
    let payments = get(&world, &format!("{PAYMENTS}/")).await;
    assert_eq!(
        payments.json::<Value>().await.unwrap(),
        json!({ "data": [] })
    );
}

#[tokio::test]
async fn the_start_page_shows_invoices_and_no_secret() {
    let world = World::new().await;
    let invoice = created(&world, PAYMENTS, &payment("r-1")).await;
    let text = world.get("/").send().await.unwrap().text().await.unwrap();
    for wanted in ["r-1", &hosted_page(&invoice), "corefy_callback", "hppUrl"] {
        assert!(text.contains(wanted), "{wanted}");
    }
    for secret in ["sk_test", "sk_live", "api_key_sandbox"] {
        assert!(!text.contains(secret), "{secret}");
    }
}
