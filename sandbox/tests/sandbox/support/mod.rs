//! A sandbox of one's own on a free port, and the three parties who call it:
//! the merchant's server, the shopper's browser, whoever orders faults.

pub mod merchant;

use kasa_sandbox::{Sandbox, settings::Settings};
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};

/// A credit card, which may pay in installments.
pub const CREDIT_CARD: &str = "5579200931751297";
pub const PAYING_CARD: &str = "5141181677407907";
pub const FAILING_CARD: &str = "9792088780144513";
pub const RIGHT_CODE: &str = "123456";

pub struct World {
    pub sandbox: Sandbox,
    pub http: Client,
    pub url: String,
}

impl World {
    pub async fn new() -> Self {
        Self::with(&[]).await
    }

    /// Settings by their names without the prefix.
    pub async fn with(settings: &[(&str, &str)]) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let settings = Settings::read(|name| match name {
            "LISTEN" => Some("127.0.0.1:0".into()),
            _ => settings
                .iter()
                .find(|set| set.0 == name)
                .map(|set| set.1.into()),
        });
        let sandbox = Sandbox::start(settings.unwrap()).await.unwrap();
        let http = Client::builder().no_proxy().build().unwrap();
        Self {
            url: sandbox.url(),
            sandbox,
            http,
        }
    }

    pub fn get(&self, path: &str) -> RequestBuilder {
        self.http.get(format!("{}{path}", self.url))
    }

    pub fn post(&self, path: &str) -> RequestBuilder {
        self.http.post(format!("{}{path}", self.url))
    }

    /// A PayWall call with the public keys.
    pub fn public(&self, path: &str, body: &Value) -> RequestBuilder {
        public(self.post(path)).json(body)
    }

    pub async fn temp_token(&self, body: Value) -> Value {
        envelope(self.public("/api/paywall/temptoken", &body)).await
    }

    /// A token that may save cards.
    pub async fn token(&self) -> String {
        let answer = self.temp_token(token_request()).await;
        answer["Body"]["Token"].as_str().unwrap().to_owned()
    }

    pub async fn temp_card_with(&self, token: &str, body: &Value) -> Value {
        envelope(
            self.post("/api/paywall/tempcard")
                .header("token", token)
                .json(body),
        )
        .await
    }

    /// A CardToken for this card number.
    pub async fn card_token(&self, number: &str) -> String {
        let answer = self
            .temp_card_with(&self.token().await, &card_request(number))
            .await;
        answer["Body"]["CardToken"].as_str().unwrap().to_owned()
    }

    pub async fn start(&self, body: &Value) -> Value {
        envelope(self.public("/api/paywall/payment/start3d", body)).await
    }

    /// Starts the payment `code` with this card; returns RedirectUrl.
    pub async fn start_with(&self, code: &str, card: &str) -> String {
        let answer = self
            .start(&start_request(code, &self.card_token(card).await))
            .await;
        answer["Body"]["RedirectUrl"].as_str().unwrap().to_owned()
    }

    /// Opens the agent link and follows it to the bank; returns the bank page's address.
    pub async fn open(&self, redirect_url: &str) -> String {
        let page = self.http.get(redirect_url).send().await.unwrap();
        assert_eq!(page.status(), StatusCode::OK);
        let form = Form::read(&page.text().await.unwrap(), "agent-form");
        format!("{}{}", self.url, form.action)
    }

    pub async fn give_code(&self, bank_url: &str, code: &str) -> String {
        let form = [("code", code), ("action", "confirm")];
        let answer = self.http.post(bank_url).form(&form).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        answer.text().await.unwrap()
    }

    pub async fn press_cancel(&self, bank_url: &str) -> String {
        let form = [("code", ""), ("action", "cancel")];
        let answer = self.http.post(bank_url).form(&form).send().await.unwrap();
        answer.text().await.unwrap()
    }

    /// `GET` with the private keys and one parameter, which travels as a header.
    pub async fn query(&self, path: &str, name: &str, value: &str) -> Value {
        let call = self.get(path).header(name, value);
        envelope(private(call)).await
    }

    /// `Body.Paywall` of the payment with this MerchantUniqueCode.
    pub async fn record(&self, code: &str) -> Value {
        let answer = self
            .query("/api/paywall/private/query", "merchantuniquecode", code)
            .await;
        answer["Body"]["Paywall"].clone()
    }

    pub async fn cancel(&self, code: &str) -> Value {
        let body = json!({ "Date": "2026-01-31", "MerchantUniqueCode": code });
        envelope(private(self.post("/api/paywall/private/cancel")).json(&body)).await
    }

    /// `GET` with the public keys; parameters travel as headers.
    pub async fn public_get(&self, path: &str, parameters: &[(&str, &str)]) -> Value {
        let call = parameters
            .iter()
            .fold(self.get(path), |call, (name, value)| {
                call.header(*name, *value)
            });
        envelope(public(call)).await
    }

    /// A call of the private API with a body.
    pub async fn private_post(&self, path: &str, body: &Value) -> Value {
        envelope(private(self.post(path)).json(body)).await
    }

    /// Pays at the bank; returns the post-back.
    pub async fn pay(&self, start: &Value) -> Form {
        let answer = self.start(start).await;
        let link = answer["Body"]["RedirectUrl"].as_str();
        let link = link.unwrap_or_else(|| panic!("refused: {answer}"));
        let bank = self.open(link).await;
        Form::read(
            &self.give_code(&bank, RIGHT_CODE).await,
            "paywall-callback-form",
        )
    }

    /// What a control call lists.
    pub async fn list(&self, path: &str) -> Value {
        self.get(path).send().await.unwrap().json().await.unwrap()
    }

    pub async fn order_fault(&self, order: Value) -> Response {
        self.post("/sandbox/faults")
            .json(&order)
            .send()
            .await
            .unwrap()
    }
}

pub fn public(call: RequestBuilder) -> RequestBuilder {
    call.header("apikeypublic", "sbx-public-key")
        .header("apiclientpublic", "sbx-public-client")
}

pub fn private(call: RequestBuilder) -> RequestBuilder {
    call.header("apikeyprivate", "sbx-private-key")
        .header("apiclientprivate", "sbx-private-client")
}

/// The answer of a PayWall call; every business answer is HTTP 200.
pub async fn envelope(call: RequestBuilder) -> Value {
    let response = call.send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    response.json().await.unwrap()
}

pub fn error_code(answer: &Value) -> i64 {
    assert_eq!(answer["Result"], answer["ErrorCode"] == 0);
    answer["ErrorCode"].as_i64().unwrap()
}

pub fn token_request() -> Value {
    json!({ "ClientCardSave": true, "ThreeDSession": false, "ExpiryMin": 30 })
}

pub fn card_request(number: &str) -> Value {
    json!({
        "CardType": 1, "CardOwnerName": "Ada Deneme", "CardNumber": number, "CardCvv": "360",
        "CardExpiryMonth": "09", "CardExpiryYear": "28", "ExpiryMin": 15,
    })
}

pub fn start_request(code: &str, card_token: &str) -> Value {
    start_request_of("10.50", code, card_token)
}

/// `amount` in the very digits to send. Parsed, not built: a float literal
/// would lose the zero of 10.50.
pub fn start_request_of(amount: &str, code: &str, card_token: &str) -> Value {
    let mut request: Value = serde_json::from_str(
        r#"{ "PaymentDetail": { "TrackingCode": "T-1", "Half3D": false,
             "MerchantSuccessBackUrl": "https://shop.example/ok?a=1&b=2",
             "MerchantFailBackUrl": "https://shop.example/fail", "ClientIP": "192.0.2.1",
             "CurrencyId": 1, "Installment": 1, "ChannelId": 1, "TagId": 0 },
           "Card": { "UniqueCode": "", "Number": "" },
           "Customer": { "FullName": "Ada Deneme", "Phone": "5000000000",
             "Email": "a@example.com", "Country": "TR", "City": "Ankara", "Address": "-" },
           "Products": [ { "ProductId": "1", "ProductName": "Kitap", "ProductCategory": "Kitap",
             "ProductDescription": "-" } ] }"#,
    )
    .unwrap();
    let amount: Value = serde_json::from_str(amount).unwrap();
    request["PaymentDetail"]["Amount"] = amount.clone();
    request["Products"][0]["ProductAmount"] = amount;
    request["PaymentDetail"]["MerchantUniqueCode"] = code.into();
    request["Card"]["TempCardToken"] = card_token.into();
    request
}

/// A form of a page, as a browser would post it.
#[derive(Debug, PartialEq)]
pub struct Form {
    pub action: String,
    /// In the page's order; a name may come twice.
    pub fields: Vec<(String, String)>,
}

impl Form {
    /// Reads the form with this id. Enough for the sandbox's own markup.
    pub fn read(page: &str, id: &str) -> Self {
        let at = page
            .find(&format!("id=\"{id}\""))
            .unwrap_or_else(|| panic!("no {id}: {page}"));
        let (form, _) = page[at..].split_once("</form>").unwrap();
        let hidden = form
            .split("<input")
            .skip(1)
            .map(|input| input.split_once('>').unwrap().0);
        Self {
            action: attribute(form, "action"),
            fields: hidden
                .filter(|input| input.contains("type=\"hidden\""))
                .map(|input| (attribute(input, "name"), attribute(input, "value")))
                .collect(),
        }
    }

    /// The first field of this name.
    pub fn field(&self, name: &str) -> &str {
        let field = self.fields.iter().find(|field| field.0 == name);
        &field
            .unwrap_or_else(|| panic!("no field {name}: {self:?}"))
            .1
    }

    pub fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|field| field.0 == name)
    }
}

fn attribute(markup: &str, name: &str) -> String {
    let (_, rest) = markup.split_once(&format!(" {name}=\"")).unwrap();
    let value = rest.split_once('"').unwrap().0;
    value
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
}

/// A sample of the provider, from the contracts.
macro_rules! sample {
    ($name:literal) => {
        serde_json::from_str::<serde_json::Value>(include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../tests/contracts/samples/",
            $name
        )))
        .unwrap()
    };
}

/// Whether `answer` has every key that `sample` has, at every depth.
pub fn assert_has_keys_of(answer: &Value, sample: &Value, place: &str) {
    let Some(sample) = sample.as_object() else {
        return;
    };
    for (name, value) in sample {
        let place = format!("{place}/{name}");
        let told = answer.get(name);
        assert_has_keys_of(told.unwrap_or_else(|| panic!("no {place}")), value, &place);
    }
}
