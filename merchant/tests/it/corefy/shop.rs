//! A shop whose orders may be paid on Aspay's page, and a Corefy that says what
//! it is told to.

use super::*;
use crate::support::{Asked, Reply, Till, TillOptions, order};

pub const KEY: &str = "key-0123456789abcdef";
pub const TCKN: &str = "10000000146";

pub struct Shop {
    pub till: Till,
    pub corefy: Provider,
}

/// An attribute of an invoice that is otherwise than it was asked for.
pub type Change = (&'static str, Value);

impl Shop {
    pub async fn open() -> Shop {
        Shop::open_with(&[]).await
    }

    pub async fn open_with(others: &[(&'static str, &'static str)]) -> Shop {
        let corefy = Provider::start().await;
        let api = format!("{}/corefy/api", corefy.url);
        let mut variables = vec![
            ("COREFY_API", &*api.leak()),
            ("COREFY_HPP", "https://com.example/hpp/"),
            ("COREFY_ACCOUNT", "coma_sandbox0001"),
            ("COREFY_API_KEY", "api_key_sandbox"),
            ("COREFY_SECRET_LIVE", "sk_live_sandbox"),
            ("COREFY_SECRET_TEST", "sk_test_sandbox"),
            ("COREFY_TEST_MODE", "true"),
        ];
        variables.extend(others);
        let till = Till::open_with(TillOptions { variables }).await;
        Shop { till, corefy }
    }

    /// Asks for a payment of a fresh order: (checkout, payment).
    pub async fn pay(&self) -> (String, Value) {
        let checkout = self.till.checkout().await;
        let reply = self.pay_with(&checkout, &by_aspay()).await;
        (checkout, reply.ok())
    }

    pub async fn pay_with(&self, checkout: &str, body: &Value) -> Reply {
        Reply::to(self.till.payment_request(checkout, KEY, body)).await
    }

    /// A payment whose shopper is on the page: (checkout, payment).
    pub async fn at_the_page(&self) -> (String, String) {
        self.corefy.will(CREATE, created());
        let (checkout, payment) = self.pay().await;
        assert_eq!(payment["status"], "pending", "{payment}");
        (checkout, payment["id"].as_str().unwrap().to_owned())
    }

    pub async fn come_back(&self, payment: &str) -> Reply {
        self.till.get(&format!("/return/aspay/{payment}")).await
    }

    /// The invoice as it was asked for, with this status.
    pub fn invoice(&self, status: &str, changes: &[Change]) -> Value {
        let asked = self.corefy.asked(CREATE);
        let mut invoice = invoice_of(asked.last().unwrap(), status);
        for (name, value) in changes {
            invoice["data"]["attributes"][*name] = value.clone();
        }
        invoice
    }

    /// The next question by id is answered with this status.
    pub fn will_tell(&self, status: &str) {
        self.will_tell_otherwise(status, &[]);
    }

    pub fn will_tell_otherwise(&self, status: &str, changes: &[Change]) {
        let invoice = self.invoice(status, changes);
        self.corefy.will(GET, Says::Json(200, invoice));
    }

    /// Corefy calls with this body, signed as the test mode is.
    pub async fn call(&self, body: &Value) -> Reply {
        let body = body.to_string();
        let signature = signature(&Secret::new("sk_test_sandbox"), body.as_bytes());
        self.call_with(body, &[&signature]).await
    }

    pub async fn call_with(&self, body: String, signatures: &[&str]) -> Reply {
        let mut request = self.till.request("POST", "/callback/corefy").body(body);
        for signature in signatures {
            request = request.header("X-Signature", *signature);
        }
        Reply::to(request).await
    }

    pub async fn payment(&self, checkout: &str) -> Value {
        self.till.read(checkout).await.ok()["payment"].clone()
    }
}

/// The request body of a payment on Aspay's page.
pub fn by_aspay() -> Value {
    json!({ "method": "aspay", "payer": { "identityNumber": TCKN } })
}

/// An order whose shopper need not be asked for a TCKN.
pub fn order_with_tckn(reference: &str) -> Value {
    let mut order = order(reference);
    order["customer"]["identityNumber"] = TCKN.into();
    order
}

/// The invoice that was asked for.
pub fn invoice_of(asked: &Asked, status: &str) -> Value {
    let asked = &asked.json()["data"]["attributes"];
    let mut invoice = invoice_with("status", status.into());
    for name in ["reference_id", "amount", "currency", "test_mode"] {
        invoice["data"]["attributes"][name] = asked[name].clone();
    }
    invoice
}

pub fn created() -> Says {
    Says::With(Box::new(|asked| (201, invoice_of(asked, "created"))))
}
