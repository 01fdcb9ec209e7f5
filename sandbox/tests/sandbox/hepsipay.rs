//! Hepsipay's common payment page: save, page, return, query, refund
//! (hepsipay.md §2 to §9).

use crate::support::{Form, World};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use kasa_sandbox::hepsipay::signature::{Algorithm, RefundParts, SaleParts, Signer};
use kasa_sandbox::secret::Secret;
use reqwest::StatusCode;
use serde_json::{Value, json};

const RETURN: &str = "hepsipay-return-form";
const RETURN_URL: &str = "https://shop.example/return?a=1&b=2";
const SAVE: &str = "/hepsipay/api/commonpayments/save";
const QUERY: &str = "/hepsipay/api/commonpayments/query";
const REFUND: &str = "/hepsipay/api/payments/refund";
const SECRET: &str = "SbxSecret-7f3a";

fn contracts(file: &str) -> Value {
    let text = match file {
        "vectors" => include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../tests/contracts/vectors.json"
        )),
        "request" => include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../tests/contracts/samples/hepsipay-save-request.json"
        )),
        _ => include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../tests/contracts/samples/hepsipay-save-response.json"
        )),
    };
    serde_json::from_str(text).unwrap()
}

fn api_key() -> String {
    let vectors = contracts("vectors");
    let token = &vectors["hepsipay_api_key"]["vectors"][0]["token"];
    token.as_str().unwrap().to_owned()
}

/// What a merchant does with its keys.
struct Merchant {
    secret: Secret,
    hash_version: Option<&'static str>,
}

impl Merchant {
    fn new(hash_version: Option<&'static str>) -> Self {
        Self {
            secret: Secret::new(SECRET),
            hash_version,
        }
    }

    fn signer(&self) -> Signer<'_> {
        Signer {
            secret: &self.secret,
            algorithm: Algorithm::of(self.hash_version),
        }
    }

    fn save(&self, id: &str) -> Value {
        let mut body = json!({
            "Version": "1.0", "ApiKey": api_key(), "TransactionId": id,
            "TransactionTime": "1760000000", "Description": "Sipariş 1001", "Installment": 1,
            "Amount": 12990, "Currency": "TRY", "ReturnUrl": RETURN_URL,
            "HasInstallmentChoice": false, "CommissionAmountReflect": 2,
        });
        if let Some(version) = self.hash_version {
            body["HashVersion"] = version.into();
        }
        self.sign_save(body)
    }

    fn sign_save(&self, mut body: Value) -> Value {
        let installment = body["Installment"].as_u64().map(|count| count as u8);
        let signature = self.signer().save_request(SaleParts {
            transaction_id: body["TransactionId"].as_str().unwrap(),
            transaction_time: body["TransactionTime"].as_str().unwrap(),
            amount: body["Amount"].as_u64().unwrap(),
            currency: body["Currency"].as_str().unwrap(),
            installment,
        });
        body["Signature"] = signature.into();
        body
    }

    fn query(&self, id: &str, page: &str) -> Value {
        let mut body = json!({
            "ApiKey": api_key(), "TransactionId": id, "CommonPaymentUniqueId": page,
            "Signature": self.signer().query_request(id, page),
        });
        if let Some(version) = self.hash_version {
            body["HashVersion"] = version.into();
        }
        body
    }

    fn refund(&self, id: &str, reference: &str, amount: u64) -> Value {
        let parts = refund_parts(id, reference, amount);
        let mut body = json!({
            "Version": "1.0", "ApiKey": api_key(), "TransactionId": id,
            "ReferenceTransactionId": reference, "TransactionTime": parts.transaction_time,
            "Amount": amount, "Currency": "TRY", "Signature": self.signer().refund_request(parts),
        });
        if let Some(version) = self.hash_version {
            body["HashVersion"] = version.into();
        }
        body
    }
}

fn refund_parts<'a>(id: &'a str, reference: &'a str, amount: u64) -> RefundParts<'a> {
    RefundParts {
        transaction_id: id,
        reference_transaction_id: reference,
        transaction_time: "1760000000",
        amount,
        currency: "TRY",
    }
}

/// What an answer or a return form says that is signed.
fn sale_parts<'a>(id: &'a str, installment: Option<u8>) -> SaleParts<'a> {
    SaleParts {
        transaction_id: id,
        transaction_time: "1760000000",
        amount: 12_990,
        currency: "TRY",
        installment,
    }
}

async fn call(world: &World, path: &str, body: &Value) -> Value {
    let answer = world.post(path).json(body).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    answer.json().await.unwrap()
}

/// Saves a payment; returns the page's id.
async fn save(world: &World, id: &str) -> String {
    let answer = call(world, SAVE, &Merchant::new(None).save(id)).await;
    assert_eq!(answer["success"], true, "{answer}");
    answer["commonPaymentUniqueId"].as_str().unwrap().to_owned()
}

async fn query(world: &World, id: &str, page: &str) -> Value {
    call(world, QUERY, &Merchant::new(None).query(id, page)).await
}

async fn press(world: &World, page: &str, fields: &[(&str, &str)]) -> reqwest::Response {
    let path = format!("/hepsipay/page/{page}");
    world.post(&path).form(fields).send().await.unwrap()
}

/// Presses a button of the page; returns the form that goes back to the shop.
async fn finish(world: &World, page: &str, deed: &str) -> Form {
    let answer = press(world, page, &[("do", deed)]).await;
    assert_eq!(answer.status(), StatusCode::OK);
    Form::read(&answer.text().await.unwrap(), RETURN)
}

async fn records(world: &World) -> Value {
    let answer = world.get("/sandbox/hepsipay").send().await.unwrap();
    answer.json().await.unwrap()
}

async fn switch(world: &World, order: Value) -> reqwest::Response {
    let path = "/sandbox/hepsipay/switches";
    world.post(path).json(&order).send().await.unwrap()
}

#[test]
fn every_vector_comes_out_of_the_signer() {
    let vectors = contracts("vectors");
    let section = &vectors["hepsipay_signature"];
    let vectors = section["vectors"].as_array().unwrap();
    assert_eq!(vectors.len(), 28);
    for vector in vectors {
        let secret = Secret::new(vector["secret"].as_str().unwrap());
        let signer = Signer {
            secret: &secret,
            algorithm: Algorithm::of(vector["hash_version"].as_str()),
        };
        let parts = vector["parts"].as_array().unwrap();
        assert_eq!(
            signed(signer, vector["message"].as_str().unwrap(), &|name| part(
                parts, name
            )),
            vector["expected"].as_str().unwrap(),
            "{}",
            vector["id"]
        );
    }
    let slide = &section["collisions"][0];
    for side in ["parts_a", "parts_b"] {
        let secret = Secret::new(SECRET);
        let signer = Signer {
            secret: &secret,
            algorithm: Algorithm::Sha256,
        };
        let parts = slide[side].as_array().unwrap();
        assert_eq!(
            signed(signer, "save_request", &|name| part(parts, name)),
            slide["expected"].as_str().unwrap()
        );
    }
}

fn part<'a>(parts: &'a [Value], name: &str) -> &'a str {
    let named = |part: &&Value| part["name"].as_str().unwrap().eq_ignore_ascii_case(name);
    let part = parts.iter().find(named);
    part.map_or("", |part| part["value"].as_str().unwrap())
}

fn signed<'a>(signer: Signer<'_>, message: &str, part: &impl Fn(&str) -> &'a str) -> String {
    let sale = || SaleParts {
        transaction_id: part("TransactionId"),
        transaction_time: part("TransactionTime"),
        amount: part("Amount").parse().unwrap(),
        currency: part("Currency"),
        installment: part("Installment").parse().ok(),
    };
    let refund = || RefundParts {
        transaction_id: part("TransactionId"),
        reference_transaction_id: part("ReferenceTransactionId"),
        transaction_time: part("TransactionTime"),
        amount: part("Amount").parse().unwrap(),
        currency: part("Currency"),
    };
    let page = part("CommonPaymentUniqueId");
    match message {
        "save_request" => signer.save_request(sale()),
        "save_response" => signer.save_response(sale(), page),
        "query_request" => signer.query_request(part("TransactionId"), page),
        "query_response" => signer.query_response(sale(), page, part("X")),
        "refund_request" => signer.refund_request(refund()),
        "refund_response" => signer.refund_response(refund(), part("MessageCode")),
        // Of the direct sale, which has no page: the query's formula without one.
        "pay_or_3d_response" => signer.query_response(sale(), "", part("MessageCode")),
        other => panic!("unknown message {other}"),
    }
}

#[test]
fn the_printed_key_is_a_jwt_with_its_dots() {
    let vectors = contracts("vectors");
    let vector = &vectors["hepsipay_api_key"]["vectors"][0];
    let key = api_key();
    let parts: Vec<_> = key.split('.').collect();
    assert_eq!(parts.len(), 3);
    for (part, name) in parts.iter().zip(["header_json", "payload_json"]) {
        let json = URL_SAFE_NO_PAD.decode(part).unwrap();
        assert_eq!(json, vector[name].as_str().unwrap().as_bytes());
    }
}

#[tokio::test]
async fn the_printed_request_is_accepted_and_the_answer_has_the_printed_keys() {
    let world = World::with(&[("HEPSIPAY_SECRET_KEY", "123")]).await;
    let request = contracts("request");
    let answer = call(&world, SAVE, &request).await;
    assert_eq!(answer["success"], true, "{answer}");
    let printed = contracts("response");
    for (key, value) in printed.as_object().unwrap() {
        let own = &answer[key];
        assert_eq!(own.is_string(), value.is_string(), "{key}: {own}");
    }
    for key in [
        "apiKey",
        "amount",
        "currency",
        "installment",
        "message",
        "userMessage",
    ] {
        assert_eq!(answer[key], printed[key], "{key}");
    }

    let page = answer["commonPaymentUniqueId"].as_str().unwrap();
    let form = finish(&world, page, "pay").await;
    assert_eq!(form.action, "https://www.google.com");
    assert_eq!(form.field("Extras[0].Key"), "INT_SPRS_KODU");
    assert_eq!(form.field("Extras[0].Value"), "spr_123456789");
}

#[tokio::test]
async fn answers_are_signed_in_the_version_they_were_asked_in() {
    let world = World::new().await;
    for (id, version) in [("t-1", None), ("t-2", Some("1.1")), ("t-3", Some("2.0"))] {
        let merchant = Merchant::new(version);
        let saved = call(&world, SAVE, &merchant.save(id)).await;
        let page = saved["commonPaymentUniqueId"].as_str().unwrap();
        assert_eq!(page.len(), 32);
        let signer = merchant.signer();
        let parts = sale_parts(id, Some(1));
        assert_eq!(saved["signature"], signer.save_response(parts, page));

        let form = finish(&world, page, "pay").await;
        let paid = signer.query_response(parts, page, "0000");
        assert_eq!(form.field("Signature"), paid);
        let answer = call(&world, QUERY, &merchant.query(id, page)).await;
        assert_eq!(answer["signature"], paid);

        let refund_id = format!("rf-{id}");
        let answer = call(&world, REFUND, &merchant.refund(&refund_id, id, 90)).await;
        let parts = refund_parts(&refund_id, id, 90);
        assert_eq!(answer["Signature"], signer.refund_response(parts, "0000"));
    }
}

#[tokio::test]
async fn a_payment_without_installment_is_signed_without_one() {
    let world = World::new().await;
    let merchant = Merchant::new(None);
    let mut body = merchant.save("t-1");
    body["Installment"] = Value::Null;
    let answer = call(&world, SAVE, &merchant.sign_save(body)).await;
    assert_eq!(answer["installment"], Value::Null);
    let page = answer["commonPaymentUniqueId"].as_str().unwrap();
    let wanted = merchant
        .signer()
        .save_response(sale_parts("t-1", None), page);
    assert_eq!(answer["signature"], wanted);
    assert_eq!(finish(&world, page, "pay").await.field("Installment"), "");
}

#[tokio::test]
async fn keys_of_any_case_and_texts_of_digits_are_read() {
    let world = World::new().await;
    let signed = Merchant::new(None).save("t-1");
    let mut body = serde_json::Map::new();
    for (key, value) in signed.as_object().unwrap() {
        body.insert(key.to_uppercase(), value.clone());
    }
    body.insert("AMOUNT".into(), "12990".into());
    body.insert("INSTALLMENT".into(), "1".into());
    body.insert("TRANSACTIONTIME".into(), 1_760_000_000.into());
    let answer = call(&world, SAVE, &body.into()).await;
    assert_eq!(answer["success"], true, "{answer}");
}

#[tokio::test]
async fn a_save_that_is_wrong_is_refused_and_says_where() {
    let world = World::new().await;
    let merchant = Merchant::new(None);
    let long = "x".repeat(43);
    let resigned = [
        ("Version", json!("2.0"), "1015"),
        ("TransactionId", json!(""), "1015"),
        ("TransactionId", json!(long), "1015"),
        ("TransactionTime", json!("1760000000000"), "1015"),
        ("TransactionTime", json!("yesterday"), "1015"),
        ("Amount", json!(0), "1015"),
        ("Currency", json!("USD"), "1015"),
        ("Installment", json!(13), "1015"),
        ("ReturnUrl", json!("/return"), "1015"),
        ("ReturnUrl", json!("javascript:alert(1)"), "1015"),
        ("Description", json!(long), "1015"),
        ("CommissionAmountReflect", json!(3), "1015"),
        ("Customer", json!({ "Name": long }), "1015"),
        ("BasketItems", json!([{ "BasketItemId": "1" }]), "1015"),
        ("ApiKey", json!("a53df60f506f430ca4c74354d455cdec"), "1001"),
    ];
    for (key, value, code) in resigned {
        let mut body = merchant.save("t-1");
        body[key] = value.clone();
        let answer = call(&world, SAVE, &merchant.sign_save(body)).await;
        assert_eq!(answer["success"], false);
        assert_eq!(answer["messageCode"], code, "{key} {value}: {answer}");
        let message = answer["message"].as_str().unwrap();
        assert!(code != "1015" || message.contains(key), "{message}");
    }
    for amount in [json!(12_991), json!("129.90")] {
        let mut body = merchant.save("t-1");
        let unreadable = amount.is_string();
        body["Amount"] = amount;
        let answer = call(&world, SAVE, &body).await;
        let code = if unreadable { "1000" } else { "1003" };
        assert_eq!(answer["messageCode"], code, "{answer}");
    }
    assert_eq!(records(&world).await, json!([]));
}

#[tokio::test]
async fn a_transaction_id_is_good_for_one_payment() {
    let world = World::new().await;
    let page = save(&world, "t-1").await;
    let again = call(&world, SAVE, &Merchant::new(None).save("t-1")).await;
    assert_eq!(
        (&again["success"], &again["messageCode"]),
        (&json!(false), &json!("1016"))
    );
    let wanted = json!([{
        "transactionId": "t-1", "commonPaymentUniqueId": page, "amount": 12990,
        "currency": "TRY", "installment": 1, "status": "open", "refunded": 0, "saveCalls": 2,
    }]);
    assert_eq!(records(&world).await, wanted);
}

#[tokio::test]
async fn the_page_opens_again_and_again_until_it_was_used() {
    let world = World::new().await;
    let page = save(&world, "t-1").await;
    let path = format!("/hepsipay/page/{page}");
    for _ in 0..2 {
        let open = world.get(&path).send().await.unwrap();
        assert_eq!(open.status(), StatusCode::OK);
        let text = open.text().await.unwrap();
        for wanted in ["129,90 TL", "Sipariş 1001", "Kasa Deneme Mağazası"] {
            assert!(text.contains(wanted), "{wanted}: {text}");
        }
        for deed in ["pay", "decline", "cancel"] {
            assert!(text.contains(&format!("name=\"do\" value=\"{deed}\"")));
        }
    }
    let first = finish(&world, &page, "pay").await;
    let used = world.get(&path).send().await.unwrap();
    assert_eq!(used.status(), StatusCode::GONE);
    assert!(used.text().await.unwrap().contains("bir kez kullanılır"));
    assert_eq!(
        finish(&world, &page, "cancel").await,
        first,
        "nothing changes"
    );
}

#[tokio::test]
async fn each_button_ends_the_payment_and_tells_the_shop() {
    let world = World::new().await;
    let ends = [
        ("pay", "True", "0000", 0, "paid"),
        ("decline", "False", "1520", 2, "declined"),
        ("cancel", "False", "9001", 3, "canceled"),
    ];
    for (deed, success, code, status, record) in ends {
        let id = format!("t-{deed}");
        let page = save(&world, &id).await;
        let form = finish(&world, &page, deed).await;
        assert_eq!(form.action, RETURN_URL);
        let told = [
            ("Success", success),
            ("MessageCode", code),
            ("PaymentTransactionResponseCode", code),
            ("TransactionId", &id),
            ("CommonPaymentUniqueId", &page),
            ("TransactionTime", "1760000000"),
            ("Amount", "12990"),
            ("Currency", "TRY"),
            ("Installment", "1"),
            ("ApiKey", &api_key()),
            ("Status", &status.to_string()),
            ("ReturnUrl", RETURN_URL),
        ];
        for (name, value) in told {
            assert_eq!(form.field(name), value, "{deed} {name}");
        }
        assert!(!form.field("UserMessage").is_empty());
        assert_eq!(
            form.field("Message"),
            form.field("PaymentTransactionReponseMessage")
        );
        let answer = query(&world, &id, &page).await;
        assert_eq!(
            (&answer["success"], &answer["messageCode"]),
            (&json!(true), &json!("0000")),
            "the question itself went well"
        );
        assert_eq!(answer["paymentTransactionReponseCode"], code);
        assert_eq!(answer["status"], status);
        assert!(
            records(&world)
                .await
                .as_array()
                .unwrap()
                .iter()
                .any(|sale| { sale["transactionId"] == *id && sale["status"] == record })
        );
    }
}

#[tokio::test]
async fn an_open_payment_has_no_code_yet_and_an_unknown_one_is_refused() {
    let world = World::new().await;
    let page = save(&world, "t-1").await;
    let open = query(&world, "t-1", &page).await;
    assert_eq!(open["success"], true);
    assert_eq!(open["messageCode"], "0000");
    assert_eq!(open["status"], 1);
    assert_eq!(open["paymentTransactionReponseCode"], Value::Null);
    assert_eq!(open["amount"], 12990);

    let other = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
    for (id, page) in [("t-2", page.as_str()), ("t-1", other)] {
        let unknown = query(&world, id, page).await;
        assert_eq!(
            (&unknown["success"], &unknown["messageCode"]),
            (&json!(false), &json!("1000"))
        );
    }
    let mut forged = Merchant::new(None).query("t-1", &page);
    forged["Signature"] = "0".repeat(64).into();
    assert_eq!(call(&world, QUERY, &forged).await["messageCode"], "1003");
}

#[tokio::test]
async fn where_the_merchant_allows_it_the_payer_chooses_the_installments() {
    let world = World::new().await;
    let merchant = Merchant::new(None);
    let mut body = merchant.save("t-1");
    body["HasInstallmentChoice"] = true.into();
    let saved = call(&world, SAVE, &body).await;
    let page = saved["commonPaymentUniqueId"].as_str().unwrap();
    let path = format!("/hepsipay/page/{page}");
    let text = world.get(&path).send().await.unwrap().text().await.unwrap();
    for count in [1, 3, 6] {
        assert!(text.contains(&format!("name=\"installment\" value=\"{count}\"")));
    }
    let odd = press(&world, page, &[("do", "pay"), ("installment", "7")]).await;
    assert_eq!(odd.status(), StatusCode::BAD_REQUEST);

    let paid = press(&world, page, &[("do", "pay"), ("installment", "6")]).await;
    let form = Form::read(&paid.text().await.unwrap(), RETURN);
    assert_eq!(form.field("Installment"), "6");
    assert_eq!(form.field("Amount"), "12990");
    let answer = query(&world, "t-1", page).await;
    assert_eq!(answer["installment"], 6);
    let parts = sale_parts("t-1", Some(6));
    let signed = merchant.signer().query_response(parts, page, "0000");
    assert_eq!(answer["signature"], signed);
}

#[tokio::test]
async fn installments_cannot_be_chosen_behind_the_merchants_back() {
    let world = World::new().await;
    let page = save(&world, "t-1").await;
    let paid = press(&world, &page, &[("do", "pay"), ("installment", "6")]).await;
    let form = Form::read(&paid.text().await.unwrap(), RETURN);
    assert_eq!(form.field("Installment"), "1");
}

#[tokio::test]
async fn pages_that_are_not_there_are_not_found_and_odd_posts_change_nothing() {
    let world = World::new().await;
    let page = save(&world, "t-1").await;
    let upper = page.to_uppercase();
    for id in [
        "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
        "nonsense",
        upper.as_str(),
    ] {
        let path = format!("/hepsipay/page/{id}");
        let shown = world.get(&path).send().await.unwrap();
        assert_eq!(shown.status(), StatusCode::NOT_FOUND, "{id}");
        let posted = press(&world, id, &[("do", "pay")]).await;
        assert_eq!(posted.status(), StatusCode::NOT_FOUND, "{id}");
    }
    for fields in [&[("do", "steal")][..], &[("deed", "pay")]] {
        let odd = press(&world, &page, fields).await;
        assert_eq!(odd.status(), StatusCode::BAD_REQUEST);
    }
    assert_eq!(records(&world).await[0]["status"], "open");
}

#[tokio::test]
async fn the_pages_stand_in_any_frame_without_cookies_or_inline_code() {
    let world = World::new().await;
    let page = save(&world, "t-1").await;
    let path = format!("/hepsipay/page/{page}");
    let pages = [
        world.get(&path).send().await.unwrap(),
        press(&world, &page, &[("do", "pay")]).await,
        world.get(&path).send().await.unwrap(),
    ];
    for page in pages {
        let headers = page.headers().clone();
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(!policy.contains("frame-ancestors") && !policy.contains("unsafe"));
        assert!(!headers.contains_key("x-frame-options") && !headers.contains_key("set-cookie"));
        let text = page.text().await.unwrap();
        assert!(text.contains("<html lang=\"tr\">"));
        for inline in ["<style", " style=", "<script>", " onload=", " onclick="] {
            assert!(!text.contains(inline), "{inline}: {text}");
        }
    }
    for asset in ["hepsipay.css", "hepsipay.svg"] {
        let file = world.get(&format!("/assets/{asset}")).send().await.unwrap();
        assert_eq!(file.status(), StatusCode::OK, "{asset}");
    }
}

#[tokio::test]
async fn refunds_in_parts_end_at_the_paid_amount() {
    let world = World::new().await;
    let merchant = Merchant::new(None);
    let page = save(&world, "t-1").await;
    let early = call(&world, REFUND, &merchant.refund("rf-0", "t-1", 100)).await;
    assert_eq!(early["Success"], false);
    assert_eq!(early["MessageCode"], "1020");
    finish(&world, &page, "pay").await;

    let steps = [
        ("rf-1", 10_000, "0000"),
        ("rf-1", 10_000, "1016"),
        ("rf-2", 2_991, "1028"),
        ("rf-2", 2_990, "0000"),
        ("rf-3", 1, "1028"),
    ];
    for (id, amount, code) in steps {
        let answer = call(&world, REFUND, &merchant.refund(id, "t-1", amount)).await;
        assert_eq!(answer["MessageCode"], code, "{id} {amount}");
        assert_eq!(answer["Success"], code == "0000");
        if code == "0000" {
            assert_eq!(answer["ReferenceTransactionId"], "t-1");
            assert_eq!(answer["WaitingApproval"], false);
            assert_eq!(answer["Amount"], amount);
        }
    }
    assert_eq!(records(&world).await[0]["refunded"], 12_990);
    let unknown = call(&world, REFUND, &merchant.refund("rf-9", "t-9", 1)).await;
    assert_eq!(unknown["MessageCode"], "1000");
    let mut forged = merchant.refund("rf-9", "t-1", 1);
    forged["Signature"] = "".into();
    assert_eq!(call(&world, REFUND, &forged).await["MessageCode"], "1003");
}

#[tokio::test]
async fn a_refund_that_waits_for_an_approval_gives_nothing_back_yet() {
    let world = World::new().await;
    let page = save(&world, "t-1").await;
    finish(&world, &page, "pay").await;
    switch(&world, json!({ "refund": "waiting" })).await;
    let refund = Merchant::new(None).refund("rf-1", "t-1", 100);
    let answer = call(&world, REFUND, &refund).await;
    assert_eq!(answer["Success"], true);
    assert_eq!(answer["WaitingApproval"], true);
    assert_eq!(answer["Signature"], Value::Null);
    assert_eq!(records(&world).await[0]["refunded"], 0);
}

#[tokio::test]
async fn switches_choose_the_end_of_the_signature_and_the_spelling_of_the_code() {
    let world = World::new().await;
    let page = save(&world, "t-1").await;
    finish(&world, &page, "pay").await;
    let parts = sale_parts("t-1", Some(1));
    let merchant = Merchant::new(None);
    let signed = |x| merchant.signer().query_response(parts, &page, x);
    let spellings = [
        ("reponse_blank", "paymentTransactionReponseCode "),
        ("response", "paymentTransactionResponseCode"),
        ("reponse", "paymentTransactionReponseCode"),
    ];
    for (order, key) in spellings {
        let now = switch(&world, json!({ "codeKey": order })).await;
        let now: Value = now.json().await.unwrap();
        assert_eq!(now["codeKey"], order);
        let answer = query(&world, "t-1", &page).await;
        assert_eq!(answer[key], "0000", "{answer}");
        assert_eq!(answer["signature"], signed("0000"));
    }
    switch(&world, json!({ "queryX": "message" })).await;
    let answer = query(&world, "t-1", &page).await;
    assert_eq!(answer["signature"], signed("Başarılı"));

    for senseless in [json!({ "queryX": "sum" }), json!({ "query": "code" })] {
        let refused = switch(&world, senseless).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    }
}

#[tokio::test]
async fn a_query_without_the_page_is_answered_only_when_switched_so() {
    let world = World::new().await;
    let page = save(&world, "t-1").await;
    let strict = query(&world, "t-1", "").await;
    assert_eq!(strict["messageCode"], "1015");
    switch(&world, json!({ "queryPage": "optional" })).await;
    let answer = query(&world, "t-1", "").await;
    assert_eq!(answer["commonPaymentUniqueId"], page);
    assert_eq!(query(&world, "t-2", "").await["messageCode"], "1000");
}

#[tokio::test]
async fn refusals_can_be_switched_to_http_400() {
    let world = World::new().await;
    switch(&world, json!({ "refusals": "bad_request" })).await;
    let merchant = Merchant::new(None);
    let body = merchant.query("t-1", "0f1e2d3c4b5a69788796a5b4c3d2e1f0");
    let answer = world.post(QUERY).json(&body).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["messageCode"], "1000");
}

#[tokio::test]
async fn a_lost_save_has_saved_and_a_lost_refund_has_refunded() {
    let world = World::new().await;
    let merchant = Merchant::new(None);
    let fault = |call| json!({ "call": call, "fault": "lost" });
    world.order_fault(fault("hepsipay_save")).await;
    let lost = world.post(SAVE).json(&merchant.save("t-1")).send().await;
    assert!(lost.unwrap().bytes().await.is_err());
    let page = records(&world).await[0]["commonPaymentUniqueId"].clone();
    finish(&world, page.as_str().unwrap(), "pay").await;

    world.order_fault(fault("hepsipay_refund")).await;
    let refund = merchant.refund("rf-1", "t-1", 12_990);
    let lost = world.post(REFUND).json(&refund).send().await;
    assert!(lost.unwrap().bytes().await.is_err());
    assert_eq!(records(&world).await[0]["refunded"], 12_990);
    let again = call(&world, REFUND, &refund).await;
    assert_eq!(again["MessageCode"], "1016", "it learns that it was done");
}

#[tokio::test]
async fn a_call_that_the_sandbox_lacks_is_told_apart_from_a_refusal() {
    let world = World::new().await;
    let answer = world
        .post("/hepsipay/api/payments/pay")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::NOT_IMPLEMENTED);
}

#[tokio::test]
async fn the_start_page_shows_payments_and_neither_key() {
    let world = World::new().await;
    let page = save(&world, "t-1").await;
    let text = world.get("/").send().await.unwrap().text().await.unwrap();
    for wanted in ["t-1", &format!("/hepsipay/page/{page}"), "queryX"] {
        assert!(text.contains(wanted), "{wanted}");
    }
    assert!(!text.contains(SECRET) && !text.contains(&api_key()));
}
