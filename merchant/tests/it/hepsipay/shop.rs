//! A shop whose orders may be paid on Hepsipay's page, and a Hepsipay that says
//! what it is told to.

use super::*;
use crate::support::{Asked, Reply, Till, TillOptions, order};

pub const KEY: &str = "key-0123456789abcdef";

pub struct Shop {
    pub till: Till,
    pub hepsipay: Provider,
}

/// What Hepsipay tells otherwise than it was asked for.
pub type Change = (&'static str, Value);

impl Shop {
    pub async fn open() -> Shop {
        let hepsipay = Provider::start().await;
        let variables = vec![
            ("HEPSIPAY_API", &*hepsipay.url.clone().leak()),
            ("HEPSIPAY_PAGE", "https://page.example"),
            ("HEPSIPAY_API_KEY", api_key().leak()),
            ("HEPSIPAY_SECRET_KEY", SECRET),
        ];
        let till = Till::open_with(TillOptions { variables }).await;
        Shop { till, hepsipay }
    }

    /// Asks for a payment of a fresh order: (checkout, payment).
    pub async fn pay(&self) -> (String, Value) {
        let checkout = self.till.checkout().await;
        let body = json!({ "method": "hepsipay" });
        let reply = Reply::to(self.till.payment_request(&checkout, KEY, &body)).await;
        (checkout, reply.ok())
    }

    /// A payment whose shopper is on the page: (checkout, payment).
    pub async fn at_the_page(&self) -> (String, String) {
        self.hepsipay.will(SAVE, saved_page());
        let (checkout, payment) = self.pay().await;
        assert_eq!(payment["status"], "pending", "{payment}");
        (checkout, payment["id"].as_str().unwrap().to_owned())
    }

    /// An order paid on the page: the payment.
    pub async fn paid(&self) -> String {
        let (_, payment) = self.at_the_page().await;
        self.will_tell(Some("0000"));
        self.come_back(&payment).await;
        payment
    }

    pub async fn come_back(&self, payment: &str) -> Reply {
        let form = [("TransactionId", payment), ("CommonPaymentUniqueId", PAGE)];
        self.come_back_with(payment, &form).await
    }

    pub async fn come_back_with(&self, payment: &str, form: &[(&str, &str)]) -> Reply {
        let path = format!("/return/hepsipay/{payment}");
        Reply::to(self.till.request("POST", &path).form(form)).await
    }

    /// The next question is answered with this payment code.
    pub fn will_tell(&self, code: Option<&'static str>) {
        self.will_tell_otherwise(code, vec![]);
    }

    pub fn will_tell_otherwise(&self, code: Option<&'static str>, changes: Vec<Change>) {
        let says = Says::with(move |asked| told(asked, code, changes));
        self.hepsipay.will(QUERY, says);
    }

    pub async fn payment(&self, checkout: &str) -> Value {
        self.till.read(checkout).await.ok()["payment"].clone()
    }
}

/// What every answer to `asked` says.
pub fn about(asked: &Asked) -> Value {
    let id = asked.json()["TransactionId"].clone();
    json!({ "success": true, "messageCode": "0000", "apiKey": api_key(), "transactionId": id,
            "commonPaymentUniqueId": PAGE, "amount": 1050, "currency": "TRY", "installment": 1 })
}

fn saved_page() -> Says {
    Says::with(|asked| {
        let mut answer = about(asked);
        answer["transactionTime"] = asked.json()["TransactionTime"].clone();
        signed(answer, "")
    })
}

/// How a page stands, by its payment code.
pub fn told(asked: &Asked, code: Option<&str>, changes: Vec<Change>) -> Value {
    let mut answer = about(asked);
    answer["transactionTime"] = "1760000000".into();
    answer["paymentTransactionReponseCode"] = code.into();
    answer["paymentTransactionReponseMessage"] = "Yetersiz bakiye".into();
    for (name, value) in changes {
        answer[name] = value;
    }
    signed(answer, code.unwrap_or_default())
}

/// An order of its own.
pub fn fresh_order() -> Value {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    order(&format!("ORD-F{}", NUMBER.fetch_add(1, Ordering::Relaxed)))
}

/// The answer to a refund that is done.
pub fn given_back(asked: &Asked) -> Value {
    let mut answer = asked.json();
    (answer["Success"], answer["MessageCode"]) = (true.into(), "0000".into());
    let text = |name: &str| {
        let value = &answer[name];
        value.as_str().map_or_else(|| value.to_string(), Into::into)
    };
    let parts = [
        "TransactionId",
        "ReferenceTransactionId",
        "TransactionTime",
        "Amount",
        "Currency",
        "MessageCode",
    ];
    let signer = Signer::new(&Secret::new(SECRET), HepsipayHash::Sha256).unwrap();
    let signature = signer.sign(&parts.map(text).concat());
    answer["Signature"] = signature.into();
    answer
}
