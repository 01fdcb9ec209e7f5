//! The server under test, with the calls that a shop and a browser make of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::SignedDuration;
use kasa_merchant::clock::Clock;
use kasa_merchant::paywall::hash::Hashed;
use kasa_merchant::secret::Secret;
use kasa_merchant::settings::Settings;
use kasa_merchant::{Reconciler, Server};
use reqwest::{Client, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use tokio::sync::oneshot;

use super::{Call, Database, PayWallDouble, standing, started};

pub const API_KEY: &str = "back-end-key";
pub const HASH_KEY: &str = "sbx-hash-3d-5b1f0c";
pub const SHOP: &str = "http://localhost:8400";

/// What a test wants otherwise than usual.
#[derive(Default)]
pub struct TillOptions {
    /// `KASA_…` without the prefix; an empty value unsets.
    pub variables: Vec<(&'static str, &'static str)>,
}

pub struct Till {
    pub url: String,
    /// Where the metrics are, if the options ask for them.
    pub metrics_url: Option<String>,
    pub paywall: Arc<PayWallDouble>,
    pub clock: Clock,
    pub reconciler: Reconciler,
    pub database: Arc<Database>,
    client: Client,
    stop: Option<oneshot::Sender<()>>,
}

pub struct Reply {
    pub status: StatusCode,
    pub headers: reqwest::header::HeaderMap,
    pub text: String,
}

impl Reply {
    pub async fn to(request: RequestBuilder) -> Reply {
        Reply::of(request.send().await.unwrap()).await
    }

    pub async fn of(response: reqwest::Response) -> Reply {
        let (status, headers) = (response.status(), response.headers().clone());
        Reply {
            status,
            headers,
            text: response.text().await.unwrap(),
        }
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text)
            .unwrap_or_else(|_| panic!("not JSON: {} {}", self.status, self.text))
    }

    /// The body of a success.
    #[track_caller]
    pub fn ok(&self) -> Value {
        assert!(self.status.is_success(), "{} {}", self.status, self.text);
        self.json()
    }

    /// Asserts a problem of this status and code, and answers it.
    #[track_caller]
    pub fn problem(&self, status: u16, code: &str) -> Value {
        assert_eq!(
            self.header("content-type"),
            "application/problem+json",
            "{} {}",
            self.status,
            self.text
        );
        let problem = self.json();
        assert_eq!(
            (self.status.as_u16(), problem["code"].as_str()),
            (status, Some(code)),
            "{problem}"
        );
        assert_eq!(problem["status"], status);
        assert!(
            problem["title"]
                .as_str()
                .is_some_and(|title| !title.is_empty()),
            "{problem}"
        );
        problem
    }
}

/// An order of 10.50 TRY.
pub fn order(reference: &str) -> Value {
    json!({
        "reference": reference, "amount": 1050, "currency": "TRY", "description": "Bir kitap", "locale": "tr",
        "returnUrl": format!("{SHOP}/kasa"),
        "customer": { "fullName": "Ada Deneme", "phone": "5000000000", "email": "ada@example.com",
                      "country": "TR", "city": "Ankara", "address": "Deneme Sok. 1" },
        "expiresInSeconds": 600
    })
}

impl Till {
    pub async fn open() -> Till {
        Till::open_with(TillOptions::default()).await
    }

    pub async fn open_with(options: TillOptions) -> Till {
        let paywall = Arc::new(PayWallDouble::start().await);
        Till::serve(
            paywall,
            Arc::new(Database::fresh().await),
            Clock::default(),
            options,
        )
        .await
    }

    /// Another server over the same database, PayWall and clock.
    pub async fn beside(&self) -> Till {
        self.beside_with(TillOptions::default()).await
    }

    pub async fn beside_with(&self, options: TillOptions) -> Till {
        let (paywall, database) = (Arc::clone(&self.paywall), Arc::clone(&self.database));
        Till::serve(paywall, database, self.clock.clone(), options).await
    }

    async fn serve(
        paywall: Arc<PayWallDouble>,
        database: Arc<Database>,
        clock: Clock,
        options: TillOptions,
    ) -> Till {
        let mut variables: BTreeMap<&str, String> = [
            ("LISTEN", "127.0.0.1:0"),
            ("PUBLIC_URL", "https://pay.shop.example"),
            ("DATABASE_URL", &database.address()),
            ("API_KEY", API_KEY),
            ("SHOP_ORIGINS", SHOP),
            ("PAYWALL_PAYMENT_API", &paywall.url),
            ("PAYWALL_PRIVATE_API", &paywall.url),
            ("PAYWALL_CARD_API", &paywall.url),
            ("PAYWALL_PHYSICAL_API", &paywall.url),
            ("PAYWALL_PUBLIC_KEY", "public-key"),
            ("PAYWALL_PUBLIC_CLIENT", "public-client"),
            ("PAYWALL_PRIVATE_KEY", "private-key"),
            ("PAYWALL_PRIVATE_CLIENT", "private-client"),
            ("PAYWALL_HASH_KEY_3D", HASH_KEY),
            ("PAYWALL_HASH_KEY_APM", super::apm::HASH_KEY),
            ("PAYWALL_HASH_KEY_POS", super::pos::HASH_KEY),
            // Tests call the reconciler themselves.
            ("RECONCILE_SECONDS", "86400"),
            ("PAYMENT_LIFETIME_SECONDS", "3600"),
            ("PROVIDER_TIMEOUT_SECONDS", "20"),
        ]
        .map(|(name, value)| (name, value.to_owned()))
        .into();
        variables.extend(
            options
                .variables
                .into_iter()
                .map(|(name, value)| (name, value.to_owned())),
        );
        let variables = variables
            .into_iter()
            .map(|(name, value)| (format!("KASA_{name}"), value));
        let settings = Settings::from_variables(variables).unwrap();
        let server = Server::bind(settings, clock.clone()).await.unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let (url, reconciler) = (format!("http://{}", server.address()), server.reconciler());
        let metrics_url = server
            .metrics_address()
            .map(|address| format!("http://{address}/metrics"));
        tokio::spawn(server.serve(async move {
            let _ = stopped.await;
        }));
        let client = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        Till {
            url,
            metrics_url,
            paywall,
            clock,
            reconciler,
            database,
            client,
            stop: Some(stop),
        }
    }

    pub fn stop(&mut self) {
        drop(self.stop.take());
    }

    pub fn wait(&self, seconds: i64) {
        self.clock.advance(SignedDuration::from_secs(seconds));
    }

    pub fn request(&self, method: &str, path: &str) -> RequestBuilder {
        self.client
            .request(method.parse().unwrap(), format!("{}{path}", self.url))
    }

    pub async fn get(&self, path: &str) -> Reply {
        Reply::to(self.request("GET", path)).await
    }

    pub async fn create_order(&self, order: &Value) -> Reply {
        Reply::to(
            self.request("POST", "/v1/orders")
                .bearer_auth(API_KEY)
                .json(order),
        )
        .await
    }

    pub async fn order(&self, reference: &str) -> Value {
        Reply::to(
            self.request("GET", &format!("/v1/orders/{reference}"))
                .bearer_auth(API_KEY),
        )
        .await
        .ok()
    }

    /// The checkout of a fresh order of 10.50 TRY.
    pub async fn checkout(&self) -> String {
        self.checkout_of(&order("ORD-1")).await
    }

    pub async fn checkout_of(&self, order: &Value) -> String {
        self.create_order(order).await.ok()["checkout"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    pub async fn read(&self, checkout: &str) -> Reply {
        self.get(&format!("/v1/checkouts/{checkout}")).await
    }

    pub async fn temp_token(&self, checkout: &str) -> Reply {
        let path = format!("/v1/checkouts/{checkout}/temp-token");
        Reply::to(
            self.request("POST", &path)
                .json(&json!({ "purpose": "card" })),
        )
        .await
    }

    pub fn payment_request(&self, checkout: &str, key: &str, body: &Value) -> RequestBuilder {
        let path = format!("/v1/checkouts/{checkout}/payments");
        self.request("POST", &path)
            .header("Idempotency-Key", key)
            .json(body)
    }

    pub async fn pay(&self, checkout: &str, key: &str) -> Reply {
        Reply::to(self.payment_request(checkout, key, &card_payment())).await
    }

    /// A checkout whose payment waits for the shopper at the bank: (checkout, payment).
    pub async fn at_the_bank(&self) -> (String, String) {
        self.at_the_bank_with(&order("ORD-1"), "redirect").await
    }

    pub async fn at_the_bank_with(&self, order: &Value, challenge: &str) -> (String, String) {
        let checkout = self.checkout_of(order).await;
        self.paywall.will(Call::Start3d, started());
        let mut body = card_payment();
        body["challenge"] = challenge.into();
        let payment = Reply::to(self.payment_request(&checkout, "key-0123456789abcdef", &body))
            .await
            .ok();
        assert_eq!(payment["status"], "pending", "{payment}");
        (checkout, payment["id"].as_str().unwrap().to_owned())
    }

    pub async fn cancel(&self, checkout: &str, payment: &str) -> Reply {
        Reply::to(self.request(
            "POST",
            &format!("/v1/checkouts/{checkout}/payments/{payment}/cancel"),
        ))
        .await
    }

    /// A paid order of 10.50 TRY: (checkout, payment).
    pub async fn paid(&self) -> (String, String) {
        let (checkout, payment) = self.at_the_bank().await;
        self.paywall.will(Call::Query, standing(4, 1));
        self.come_back(&payment).await;
        assert_eq!(self.status(&checkout).await, "paid");
        (checkout, payment)
    }

    /// Asks for a refund of `reference`.
    pub async fn refund(&self, reference: &str, key: &str, body: Value) -> Reply {
        let path = format!("/v1/orders/{reference}/refunds");
        let request = self.request("POST", &path).bearer_auth(API_KEY);
        Reply::to(request.header("Idempotency-Key", key).json(&body)).await
    }

    /// The form of a return as PayWall would sign it.
    pub fn form(payment: &str) -> Vec<(&'static str, String)> {
        let (id, amount, installment) = ("1001", "10,50", "1");
        let hashed = Hashed::Payment {
            payment_id: id,
            merchant_unique_code: payment,
            amount,
            installment,
        };
        let hash: String = hashed
            .digest(&Secret::new(HASH_KEY))
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        [
            ("date", "2024-06-13"),
            ("status", "Success"),
            ("errorCode", "0"),
            ("errorMessage", "T25heWxhbmTEsQ=="),
            ("errorMessage", ""),
            ("paymentCode", "5a0c2a0e-6f0e-4a7b-9a57-3d2a6b8f9b10"),
            ("uniqueCode", payment),
            ("amount", amount),
            ("installment", installment),
            ("paymentId", id),
            ("hash", &hash),
        ]
        .map(|(name, value)| (name, value.to_owned()))
        .into()
    }

    pub async fn come_back(&self, payment: &str) -> Reply {
        self.come_back_with(payment, &Till::form(payment)).await
    }

    pub async fn come_back_with(&self, payment: &str, form: &[(&'static str, String)]) -> Reply {
        Reply::to(
            self.request("POST", &format!("/return/paywall/{payment}"))
                .form(form),
        )
        .await
    }

    /// The status of the checkout's telling payment.
    pub async fn status(&self, checkout: &str) -> String {
        self.read(checkout).await.ok()["payment"]["status"]
            .as_str()
            .unwrap_or("none")
            .to_owned()
    }

    /// A connection to the database behind the server's back.
    pub async fn database(&self) -> sqlx::AnyConnection {
        self.database.connect().await
    }
}

/// An order of 10.50 TRY of a customer whom the shop knows.
pub fn order_of_customer(reference: &str) -> Value {
    let mut order = order(reference);
    order["customer"]["id"] = "customer-7".into();
    order
}

/// The request body of a card payment.
pub fn card_payment() -> Value {
    json!({ "method": "card", "cardToken": "7c0b1c52-3f65-4a0e-8b1a-2c94d2a6f0e1", "installments": 1,
            "challenge": "redirect" })
}
