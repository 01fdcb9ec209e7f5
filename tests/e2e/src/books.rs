//! What the merchant server and the sandbox recorded: the truth that tests
//! compare the page with.

use anyhow::{Context, Result, ensure};
use reqwest::Client;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::cards::Card;

/// `StatusId` of PayWall (paywall.md §5.5).
pub mod status {
    pub const PAID: u8 = 4;
    pub const FAILED: u8 = 5;
    pub const CANCELED: u8 = 12;
}

/// An order at the merchant server.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Order {
    pub status: String,
    pub checkout: String,
    /// Minor units.
    pub amount: i64,
    pub paid_at: Option<String>,
    /// Oldest first.
    pub payments: Vec<OrderPayment>,
}

#[derive(Debug, Deserialize)]
pub struct OrderPayment {
    pub status: String,
    pub error: Option<PaymentError>,
    pub card: Option<CardSummary>,
    pub provider: Provider,
}

#[derive(Debug, Deserialize)]
pub struct PaymentError {
    pub code: String,
}

#[derive(Debug, Deserialize)]
pub struct CardSummary {
    pub masked: String,
}

#[derive(Debug, Deserialize)]
pub struct Provider {
    /// MerchantUniqueCode, for PayWall.
    pub reference: String,
    /// PaymentId, for PayWall.
    pub id: Option<String>,
}

/// A payment at the sandbox, oldest first in its list.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BankPayment {
    pub merchant_unique_code: String,
    pub payment_id: i64,
    pub status_id: u8,
    /// 1 sale, 3 cancelled after it was paid.
    pub type_id: u8,
    /// `"480.00"`.
    pub amount: String,
    pub masked_card: String,
    pub used_temp_card: bool,
    pub start_calls: u32,
}

/// A PayWall call that the sandbox received.
#[derive(Debug, Deserialize)]
pub struct Call {
    pub path: String,
}

pub struct Books {
    pub(crate) http: Client,
    pub(crate) merchant: String,
    pub(crate) sandbox: String,
    pub(crate) api_key: String,
}

/// Both sides' records of one order.
#[derive(Debug)]
pub struct Record {
    pub order: Order,
    pub bank: Vec<BankPayment>,
}

impl Books {
    pub async fn order(&self, reference: &str) -> Result<Order> {
        let url = format!("{}/v1/orders/{reference}", self.merchant);
        let request = self.http.get(url).bearer_auth(&self.api_key);
        read(request).await
    }

    pub async fn bank(&self) -> Result<Vec<BankPayment>> {
        read(self.http.get(format!("{}/sandbox/payments", self.sandbox))).await
    }

    pub async fn record(&self, reference: &str) -> Result<Record> {
        Ok(Record {
            order: self.order(reference).await?,
            bank: self.bank().await?,
        })
    }

    /// How many PayWall calls with this last part of the path there were.
    pub async fn calls(&self, name: &str) -> Result<usize> {
        let url = format!("{}/sandbox/calls", self.sandbox);
        let calls: Vec<Call> = read(self.http.get(url)).await?;
        let named = |call: &&Call| call.path.rsplit('/').next() == Some(name);
        Ok(calls.iter().filter(named).count())
    }

    /// Orders one fault for the next such PayWall call.
    pub async fn order_fault(&self, call: &str, fault: &str) -> Result<()> {
        let url = format!("{}/sandbox/faults", self.sandbox);
        let order = json!({ "call": call, "fault": fault, "times": 1 });
        let answer = self.http.post(url).json(&order).send().await?;
        let status = answer.status();
        ensure!(status == 202, "the sandbox takes no such fault: {status}");
        Ok(())
    }
}

async fn read<T: DeserializeOwned>(request: reqwest::RequestBuilder) -> Result<T> {
    let answer = request.send().await?.error_for_status()?;
    let url = answer.url().to_string();
    answer
        .json()
        .await
        .with_context(|| format!("answer of {url}"))
}

impl Record {
    /// Exactly one payment on both sides, the same one, and it paid the order.
    #[track_caller]
    pub fn assert_paid_once(&self, card: &Card) {
        assert_eq!(self.order.payments.len(), 1, "payments of {self:#?}");
        self.assert_paid(card);
    }

    /// The order is paid, by its last payment, with this card; what came before
    /// has ended and charged nothing. Both sides agree on every payment.
    #[track_caller]
    pub fn assert_paid(&self, card: &Card) {
        let Record { order, bank } = self;
        self.assert_same_payments();
        assert_eq!(order.status, "paid", "{self:#?}");
        assert!(order.paid_at.is_some(), "{self:#?}");
        let paid = |id: u8| id == status::PAID;
        let charged = bank.iter().filter(|each| paid(each.status_id)).count();
        assert_eq!(charged, 1, "charges of {self:#?}");
        let (Some(last), Some(charge)) = (order.payments.last(), bank.last()) else {
            panic!("no payment in {self:#?}");
        };
        assert_eq!(last.status, "paid", "{self:#?}");
        let masked = last.card.as_ref().map(|card| card.masked.as_str());
        assert_eq!(masked, Some(card.masked), "{self:#?}");
        assert!(paid(charge.status_id) && charge.type_id == 1, "{self:#?}");
        assert_eq!(charge.masked_card, card.masked, "{self:#?}");
        assert_eq!(charge.amount, decimal(order.amount), "{self:#?}");
    }

    /// One payment, which ended so: `status` and error code at the merchant
    /// server, `StatusId` at the bank. The order can still be paid.
    #[track_caller]
    pub fn assert_ended(&self, status: &str, error: &str, status_id: u8) {
        let Record { order, bank } = self;
        self.assert_same_payments();
        assert_eq!(order.status, "open", "{self:#?}");
        assert_eq!(order.payments.len(), 1, "{self:#?}");
        let payment = &order.payments[0];
        assert_eq!(payment.status, status, "{self:#?}");
        let code = payment.error.as_ref().map(|error| error.code.as_str());
        assert_eq!(code, Some(error), "{self:#?}");
        assert_eq!(bank[0].status_id, status_id, "{self:#?}");
    }

    /// No payment on either side.
    #[track_caller]
    pub fn assert_untouched(&self) {
        assert_eq!(self.order.status, "open", "{self:#?}");
        assert!(self.order.payments.is_empty(), "{self:#?}");
        assert!(self.bank.is_empty(), "{self:#?}");
    }

    /// Each payment of the order is one at the bank, started once, by a
    /// temporary card, and the other way round.
    #[track_caller]
    fn assert_same_payments(&self) {
        let Record { order, bank } = self;
        let ours = order.payments.iter().map(|payment| {
            let provider = &payment.provider;
            (provider.reference.as_str(), provider.id.clone())
        });
        let theirs = bank.iter().map(|each| {
            let id = each.payment_id.to_string();
            (each.merchant_unique_code.as_str(), Some(id))
        });
        assert_eq!(ours.collect::<Vec<_>>(), theirs.collect::<Vec<_>>());
        for each in bank {
            assert_eq!(each.start_calls, 1, "{each:#?}");
            assert!(each.used_temp_card, "{each:#?}");
        }
    }
}

fn decimal(minor: i64) -> String {
    format!("{}.{:02}", minor / 100, minor % 100)
}
