//! What the merchant server, the shop and the sandbox recorded: the truth that
//! tests compare the page with.

mod charges;
mod record;

use anyhow::{Context, Result, ensure};
use reqwest::Client;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

pub use charges::{Charge, Instrument, Stands};
pub use record::Record;

use crate::wait::until;

/// An order at the merchant server. Amounts in minor units.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Order {
    pub status: String,
    pub checkout: String,
    pub amount: i64,
    pub paid_at: Option<String>,
    /// Oldest first.
    pub payments: Vec<OrderPayment>,
    pub refunds: Vec<OrderRefund>,
    pub refunded_amount: i64,
}

#[derive(Debug, Deserialize)]
pub struct OrderPayment {
    pub method: String,
    pub status: String,
    pub installments: u8,
    pub error: Option<PaymentError>,
    pub card: Option<CardSummary>,
    pub provider: Provider,
}

#[derive(Debug, Deserialize)]
pub struct OrderRefund {
    pub status: String,
    pub amount: i64,
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
    /// What the provider knows the payment by.
    pub reference: String,
    /// The provider's own id.
    pub id: Option<String>,
}

/// A card that PayWall keeps for a customer.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeptCard {
    pub masked_card: String,
    /// What the shop's server pays with. It changes with each use, and must
    /// never reach a browser.
    pub unique_code: String,
}

/// What the shop's own server says of an order.
#[derive(Debug, Deserialize)]
pub struct ShopOrder {
    pub status: String,
    pub refunded: i64,
    /// It was told by the merchant server, and did not have to ask.
    pub announced: bool,
}

/// A call of a provider that the sandbox received.
#[derive(Debug, Deserialize)]
pub struct Call {
    pub path: String,
}

/// A message of a provider's to the merchant server.
#[derive(Debug, Deserialize)]
struct Sending {
    callback: String,
    /// Of the merchant server's answer.
    status: Option<u16>,
}

pub struct Books {
    pub(crate) http: Client,
    pub(crate) merchant: String,
    pub(crate) shop: String,
    pub(crate) sandbox: String,
    pub(crate) api_key: String,
}

impl Books {
    pub async fn order(&self, reference: &str) -> Result<Order> {
        let url = format!("{}/v1/orders/{reference}", self.merchant);
        let request = self.http.get(url).bearer_auth(&self.api_key);
        read(request).await
    }

    /// Every charge at every provider, each provider's oldest first.
    pub async fn charges(&self) -> Result<Vec<Charge>> {
        let mut charges = Vec::new();
        for (list, read) in charges::LISTS {
            let listed: Vec<Value> = self.sandbox(list).await?;
            for each in listed {
                charges.push(read(each)?);
            }
        }
        Ok(charges)
    }

    /// Waits until the merchant server has taken a callback of this name.
    pub async fn taken(&self, callback: &str) -> Result<()> {
        until(&format!("a {callback} that is taken"), async || {
            let sent: Vec<Sending> = self.sandbox("callbacks").await?;
            let is_taken = |each: &Sending| each.callback == callback && each.status == Some(200);
            Ok(sent.iter().any(is_taken).then_some(()))
        })
        .await
    }

    pub async fn record(&self, reference: &str) -> Result<Record> {
        Ok(Record {
            order: self.order(reference).await?,
            charges: self.charges().await?,
        })
    }

    /// The same, once the latest payment has ended: of what happens on another
    /// device a browser may know before the server does.
    pub async fn settled(&self, reference: &str) -> Result<Record> {
        until("the end of the payment in the books", async || {
            let record = self.record(reference).await?;
            let last = record.order.payments.last();
            let ended = last.is_some_and(|payment| payment.status != "pending");
            Ok(ended.then_some(record))
        })
        .await
    }

    /// Waits until the shop was told that the order is paid, and answers what
    /// it knows.
    pub async fn announced(&self, reference: &str) -> Result<ShopOrder> {
        until("the announcement to the shop", async || {
            let url = format!("{}/api/order/{reference}", self.shop);
            let order: ShopOrder = read(self.http.get(url)).await?;
            Ok(order.announced.then_some(order))
        })
        .await
    }

    /// Waits until the shop was told that all of it was given back.
    pub async fn announced_refund(&self, reference: &str) -> Result<()> {
        let amount = self.order(reference).await?.amount;
        until("the announcement of the refund", async || {
            let known = self.announced(reference).await?;
            Ok((known.refunded == amount).then_some(()))
        })
        .await
    }

    /// One of the sandbox's own lists, as it stands.
    pub async fn listed(&self, list: &str) -> Result<Vec<Value>> {
        self.sandbox(list).await
    }

    pub async fn kept_cards(&self) -> Result<Vec<KeptCard>> {
        self.sandbox("cards").await
    }

    /// Path of the page that plays the phone of the latest payment by picture.
    pub async fn phone_page(&self) -> Result<String> {
        Ok(format!(
            "/apm/phone/{}",
            self.last_of("apm", "uniqueCode").await?
        ))
    }

    /// Path of the terminal that has the latest sale.
    pub async fn terminal_page(&self) -> Result<String> {
        Ok(format!(
            "/pos/terminal/{}",
            self.last_of("pos", "terminalId").await?
        ))
    }

    async fn last_of(&self, list: &str, member: &str) -> Result<String> {
        let listed: Vec<Value> = self.sandbox(list).await?;
        let last = listed.last().and_then(|entry| entry[member].as_str());
        let last = last.with_context(|| format!("{list} is empty"))?;
        Ok(last.to_owned())
    }

    /// How many calls with this last part of the path the providers had.
    pub async fn calls(&self, name: &str) -> Result<usize> {
        let calls: Vec<Call> = self.sandbox("calls").await?;
        let named = |call: &&Call| call.path.rsplit('/').next() == Some(name);
        Ok(calls.iter().filter(named).count())
    }

    /// Orders one fault for the next such call.
    pub async fn order_fault(&self, call: &str, fault: &str) -> Result<()> {
        let url = format!("{}/sandbox/faults", self.sandbox);
        let order = json!({ "call": call, "fault": fault, "times": 1 });
        let answer = self.http.post(url).json(&order).send().await?;
        let status = answer.status();
        ensure!(status == 202, "the sandbox takes no such fault: {status}");
        Ok(())
    }

    /// One of the sandbox's own lists.
    pub(crate) async fn sandbox<T: DeserializeOwned>(&self, list: &str) -> Result<T> {
        read(self.http.get(format!("{}/sandbox/{list}", self.sandbox))).await
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
