//! What the log says, and that it holds nothing of a person, a card or a key,
//! however talkative it is.

use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};

use crate::support::process::{Process, client, create};
use crate::support::{
    API_KEY, Answer, Call, PayWallDouble, Provider, Reply, Says, apm, card_payment, order, pos,
    refusal, started,
};

const KEY: &str = "key-0123456789abcdef";

/// Of the shopper, as the shop and the browser tell it.
const PERSON: [(&str, &str); 8] = [
    ("name", "Kanarya Deneme"),
    ("phone", "5309998877"),
    ("email", "kanarya@person.example"),
    ("address", "Kanarya Sok. 17"),
    ("customer id", "canary-customer"),
    ("tckn", "10000000146"),
    ("iban", "TR050009900000000000000001"),
    ("beneficiary", "Kanarya Alacaklı"),
];
/// What a payment is made with.
const MEANS: [(&str, &str); 4] = [
    ("meal card", "6375780000000000"),
    ("one-time code", "739146"),
    ("card token", "canary-card-token"),
    ("bin", "55792011"),
];
/// Nobody's business.
const CHATTER: [(&str, &str); 4] = [
    ("address of the payer", "203.0.113.77"),
    ("words of a provider", "canary-words"),
    ("words of PayWall's", "PayWall says no"),
    ("a body that does not fit", "canary-unfit"),
];
/// Keys all hold this word, but for the shop's own.
const KEYS: [(&str, &str); 2] = [("a key", "canary"), ("the shop's key", API_KEY)];

/// A server with every provider, and what it calls.
struct Scene {
    process: Process,
    client: Client,
    paywall: PayWallDouble,
    others: Provider,
    checkouts: Vec<String>,
    payments: Vec<String>,
}

impl Scene {
    async fn open(variables: &[(&str, &str)]) -> Scene {
        let paywall = PayWallDouble::start().await;
        let others = Provider::start().await;
        let corefy = format!("{}/corefy/api", others.url);
        let mut all = vec![
            ("KASA_TRUSTED_PROXIES", "127.0.0.1"),
            ("KASA_PAYWALL_APM", "true"),
            ("KASA_PAYWALL_PHYSICAL_API", &paywall.url),
            ("KASA_HEPSIPAY_API", &others.url),
            ("KASA_HEPSIPAY_PAGE", "https://page.example"),
            ("KASA_HEPSIPAY_API_KEY", "canary-hepsipay-key"),
            ("KASA_HEPSIPAY_SECRET_KEY", "canary-hepsipay-secret"),
            ("KASA_COREFY_API", &corefy),
            ("KASA_COREFY_ACCOUNT", "account"),
            ("KASA_COREFY_API_KEY", "canary-corefy-key"),
            ("KASA_COREFY_SECRET_LIVE", "canary-corefy-secret"),
        ];
        all.extend(variables);
        Scene {
            process: Process::start(&paywall.url, &all).await,
            client: client(),
            paywall,
            others,
            checkouts: Vec::new(),
            payments: Vec::new(),
        }
    }

    fn post(&self, path: &str, body: &Value) -> RequestBuilder {
        let request = self.client.post(format!("{}{path}", self.process.url));
        request
            .header("Idempotency-Key", KEY)
            .header("X-Forwarded-For", "203.0.113.77")
            .json(body)
    }

    /// A checkout of a person; `more` changes the order.
    async fn checkout(&mut self, more: Value) -> String {
        let mut body = order(&format!("ORD-{}", self.checkouts.len()));
        body["customer"] = json!({
            "id": "canary-customer", "fullName": "Kanarya Deneme", "phone": "5309998877",
            "email": "kanarya@person.example", "country": "TR", "city": "Ankara",
            "address": "Kanarya Sok. 17", "identityNumber": "10000000146" });
        let more = more.as_object().unwrap().clone();
        body.as_object_mut().unwrap().extend(more);
        let request = self.post("/v1/orders", &body).bearer_auth(API_KEY);
        let created = Reply::to(request).await.ok();
        let checkout = created["checkout"].as_str().unwrap().to_owned();
        self.checkouts.push(checkout.clone());
        checkout
    }

    async fn pay(&mut self, checkout: &str, body: &Value) -> Reply {
        let path = format!("/v1/checkouts/{checkout}/payments");
        let reply = Reply::to(self.post(&path, body)).await;
        let id = reply.ok()["id"].as_str().unwrap().to_owned();
        self.payments.push(id);
        reply
    }

    async fn by_card(&mut self) {
        let only_card = json!({ "methods": ["card"] });
        let mut body = card_payment();
        body["cardToken"] = "canary-card-token".into();
        self.paywall.will(Call::Start3d, started());
        let checkout = self.checkout(only_card.clone()).await;
        self.pay(&checkout, &body).await;
        self.paywall.will(Call::Start3d, wordy_refusal());
        let checkout = self.checkout(only_card).await;
        self.pay(&checkout, &body).await;
        self.paywall
            .will(Call::Bin, wordy_refusal())
            .will(Call::Installment, wordy_refusal());
        let path = format!("/v1/checkouts/{checkout}/bin");
        Reply::to(self.post(&path, &json!({ "bin": "55792011" }))).await;
    }

    async fn by_code(&mut self) {
        self.paywall
            .will(Call::ApmList, apm::list())
            .will(Call::ApmPay, apm::started(true, 180))
            .will(Call::ApmConfirm, refusal(40));
        let checkout = self.checkout(json!({ "methods": ["apm"] })).await;
        let mut body = apm::meal_card();
        body["payer"]["cardNumber"] = "6375780000000000".into();
        let payment = self.pay(&checkout, &body).await.ok();
        let id = payment["id"].as_str().unwrap();
        let path = format!("/v1/checkouts/{checkout}/payments/{id}/otp");
        Reply::to(self.post(&path, &json!({ "code": "739146" })))
            .await
            .ok();
    }

    async fn on_pages_and_at_a_counter(&mut self) {
        self.others
            .will("POST /commonpayments/save", wordy())
            .will("POST /corefy/api/payment-invoices", wordy());
        for method in ["hepsipay", "aspay"] {
            let checkout = self.checkout(json!({ "methods": [method] })).await;
            self.pay(&checkout, &json!({ "method": method })).await;
        }
        self.paywall.will(Call::Sale, pos::refused("TERMINAL_BUSY"));
        let terminal = json!({ "methods": ["terminal"], "terminal": { "tag": "KASA-1" } });
        let checkout = self.checkout(terminal).await;
        self.pay(&checkout, &json!({ "method": "terminal" })).await;
    }

    async fn by_bank_transfer(&mut self) {
        self.others
            .will("POST /corefy/api/payout-invoices", wordy());
        let payout = json!({ "reference": "PO-1", "amount": 5000, "currency": "TRY",
            "iban": "TR050009900000000000000001", "beneficiary": "Kanarya Alacaklı",
            "identityNumber": "10000000146", "phone": "5309998877" });
        let request = self.post("/v1/payouts", &payout).bearer_auth(API_KEY);
        Reply::to(request).await.ok();
    }

    async fn by_mistake(&mut self) {
        let checkout = self.checkout(json!({ "methods": ["card"] })).await;
        let path = format!("/v1/checkouts/{checkout}/payments");
        for body in [
            json!({ "method": "canary-unfit" }),
            json!({ "method": "card", "cardToken": ["canary-unfit"] }),
            json!("canary-unfit"),
        ] {
            Reply::to(self.post(&path, &body)).await;
        }
        for path in [
            format!("/v1/checkouts/{checkout}/canary-unfit"),
            format!("/v1/checkouts/{checkout}?wait=canary-unfit"),
            "/v1/orders/canary-unfit".into(),
        ] {
            let request = self.client.get(format!("{}{path}", self.process.url));
            Reply::to(request.bearer_auth("canary-unfit")).await;
        }
        let path = format!("{}/return/paywall/{}", self.process.url, self.payments[0]);
        let form = [("uniqueCode", "canary-unfit"), ("hash", "canary-unfit")];
        Reply::to(self.client.post(path).form(&form)).await;
        for path in ["/callback/corefy", "/callback/apm", "/callback/terminal"] {
            Reply::to(self.post(path, &json!({ "canary": "canary-unfit" }))).await;
        }
    }
}

/// Providers put what they like into their words.
fn wordy_refusal() -> Answer {
    Answer::Json(json!({ "ErrorCode": 59, "Result": false, "Body": null,
        "Message": "canary-words: Kanarya Deneme, 5309998877" }))
}

fn wordy() -> Says {
    Says::Json(
        422,
        json!({ "success": false, "messageCode": "1001", "message": "canary-words Kanarya Deneme",
            "errors": [{ "code": "invalid", "title": "canary-words", "detail": "canary-words" }] }),
    )
}

#[tokio::test]
async fn nothing_of_a_person_a_card_or_a_key_is_logged() {
    for format in ["text", "json"] {
        let variables = [("RUST_LOG", "trace"), ("KASA_LOG_FORMAT", format)];
        let mut scene = Scene::open(&variables).await;
        scene.by_card().await;
        scene.by_code().await;
        scene.on_pages_and_at_a_counter().await;
        scene.by_bank_transfer().await;
        scene.by_mistake().await;
        scene.process.signal("-TERM").await;
        let (code, log) = scene.process.end().await;
        assert_eq!(code, Some(0));
        for payment in &scene.payments {
            assert!(log.contains(payment), "{payment} is not in the log");
        }
        let checkouts = scene.checkouts.iter();
        let mut secrets: Vec<_> = checkouts.map(|id| ("a checkout's id", &**id)).collect();
        secrets.extend([&PERSON[..], &MEANS, &CHATTER, &KEYS].concat());
        for (what, value) in secrets {
            let mut lines = log.lines();
            let found = lines.find(|line| line.contains(value));
            assert_eq!(found, None, "{what} is in the log");
        }
    }
}

#[tokio::test]
async fn each_line_in_json_names_its_request_and_payment() {
    let paywall = PayWallDouble::start().await;
    paywall.will(Call::Start3d, started());
    let process = Process::start(&paywall.url, &[("KASA_LOG_FORMAT", "json")]).await;
    let client = client();
    let checkout = create(&client, &process.url).await;
    let path = format!("{}/v1/checkouts/{checkout}/payments", process.url);
    let request = client.post(path).header("Idempotency-Key", KEY);
    let reply = Reply::to(request.json(&card_payment())).await;
    let id = reply.ok()["id"].as_str().unwrap().to_owned();
    let request = reply.header("x-request-id").to_owned();
    process.signal("-TERM").await;
    let (_, log) = process.end().await;
    let lines: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let line = |message: &str| {
        let mut lines = lines.iter();
        let found = lines.find(|line| line["message"] == message && line["span"]["id"] == *request);
        found.unwrap_or_else(|| panic!("no line {message} of this request: {log}"))
    };
    assert_eq!(line("payment created")["payment"], *id);
    assert_eq!(line("paywall answered")["call"], "start3d");
    let answered = line("answered");
    assert_eq!(answered["status"], 201);
    assert!(answered["elapsed_ms"].is_u64(), "{answered}");
    assert_eq!(answered["level"], "INFO");
    assert_eq!(
        answered["span"]["route"],
        "/v1/checkouts/{checkout}/payments"
    );
    assert!(answered["timestamp"].is_string() && answered["target"].is_string());
}
