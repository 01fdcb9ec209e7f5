//! Hepsipay's hosted page ("Ortak Ödeme"), as the merchant server uses it: the
//! three calls, their signatures, the form of the return, and what can go wrong
//! (contract: hepsipay.md).
//!
//! Knows nothing of orders or the database. The types here are this server's
//! own reading of the contract, shared with nobody.

mod answer;
mod error;
mod returned;
mod sign;
mod text;
pub mod types;

use std::time::Instant;

use hmac::digest::InvalidLength;
use reqwest::RequestBuilder;

pub use answer::{Outcome, Refunded, Standing};
pub use error::{Distrust, Error, Refusal};
pub use returned::{Forgery, Returned};
pub use sign::Signer;
pub use text::Takes;

use crate::log;
use crate::metrics::{CallEnd, Calls};
use crate::outbound::{self, Client, Loss, Terms};
use crate::settings::HepsipaySettings;
use answer::{Answer, Claim};
use types::{Message, Query, Refund, Save, Signed};

/// Why the client could not be built.
#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    #[error("the SecretKey cannot sign: {0}")]
    Key(#[from] InvalidLength),
    #[error("HTTP client: {0}")]
    Client(#[from] reqwest::Error),
}

/// `commonPaymentUniqueId`: 32 lower-case hex digits. Whoever knows it can open the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageId(String);

impl PageId {
    /// `None` for a text of another shape, which must not come into an address.
    pub fn new(text: &str) -> Option<Self> {
        let fits = text.len() == 32
            && text
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        fits.then(|| PageId(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A connection to Hepsipay with its keys.
pub struct Hepsipay {
    client: Client,
    settings: HepsipaySettings,
    signer: Signer,
    calls: Calls,
}

impl Hepsipay {
    pub fn new(settings: &HepsipaySettings, terms: impl Into<Terms>) -> Result<Self, SetUpError> {
        let Terms {
            timeout,
            calls,
            way,
        } = terms.into();
        Ok(Hepsipay {
            client: Client::new(timeout, way)?,
            calls,
            signer: Signer::new(&settings.secret_key, settings.hash)?,
            settings: settings.clone(),
        })
    }

    /// save (§2, §3): makes the page for one payment.
    pub async fn save(&self, save: &Save<'_>) -> Result<PageId, Error> {
        let answer = self
            .call("save", &self.settings.api, "/commonpayments/save", save)
            .await?;
        Ok(answer.believe_saved(&self.signer, self.settings.api_key.expose(), save)?)
    }

    /// Where a shopper opens `page` (§6), by plain GET.
    pub fn address(&self, page: &PageId) -> String {
        format!("{}/{}", self.settings.page, page.as_str())
    }

    /// query (§8). Without a page, by our id alone: no source says that Hepsipay
    /// answers that, and a refusal then says that nobody can know the page.
    pub async fn query(
        &self,
        transaction_id: &str,
        page: Option<&PageId>,
    ) -> Result<Standing, Error> {
        let query = Query {
            transaction_id,
            common_payment_unique_id: page.map(PageId::as_str),
        };
        let answer = self
            .call("query", &self.settings.api, "/commonpayments/query", &query)
            .await?;
        Ok(answer.believe_standing(&self.signer, self.settings.api_key.expose(), &query)?)
    }

    /// refund (§9), of a part or the whole of a sale.
    pub async fn refund(&self, refund: &Refund<'_>) -> Result<Refunded, Error> {
        let answer = self
            .call(
                "refund",
                &self.settings.payment_api,
                "/payments/refund",
                refund,
            )
            .await?;
        Ok(answer.believe_refund(&self.signer, self.settings.api_key.expose(), refund)?)
    }

    /// `message` as it travels.
    fn signed<'a, T: Message>(&'a self, message: &'a T) -> Signed<'a, T> {
        Signed {
            api_key: self.settings.api_key.expose(),
            signature: self.signer.sign(&message.values()),
            hash_version: sign::version(self.settings.hash),
            message,
        }
    }

    async fn call(
        &self,
        call: &'static str,
        base: &str,
        path: &str,
        message: &impl Message,
    ) -> Result<Answer, Error> {
        let request = self
            .client
            .post(format!("{base}{path}"))
            .json(&self.signed(message));
        let started = Instant::now();
        let answer = exchange(&self.client, request).await;
        let took = started.elapsed();
        let elapsed_ms = log::milliseconds(took);
        match &answer {
            Ok(_) => tracing::info!(call, elapsed_ms, "hepsipay answered"),
            Err(error) => tracing::warn!(call, elapsed_ms, %error, "hepsipay call without success"),
        }
        let end = match &answer {
            Ok(_) => CallEnd::Answered,
            Err(Error::Refused(_)) => CallEnd::Refused,
            Err(_) => CallEnd::Lost,
        };
        self.calls.ended("hepsipay", call, end, took);
        answer
    }
}

/// Sends, and reads; a refusal is an error, in whatever status it comes (§3).
async fn exchange(client: &Client, request: RequestBuilder) -> Result<Answer, Error> {
    let outbound::Answer { status, body } = client.exchange(request).await?;
    let answer = Answer::read(&body);
    let claim = answer
        .as_ref()
        .map_or(Claim::Neither, |answer| answer.claim(status.is_success()));
    match (claim, answer) {
        (Claim::Success, Some(answer)) => Ok(answer),
        (Claim::Refusal(refusal), _) => Err(Error::Refused(refusal)),
        // Whether refused keys answer with a body is not documented.
        _ if matches!(status.as_u16(), 401 | 403) => {
            Err(Error::Refused(Refusal::new(Some(status.as_str()), None)))
        }
        _ if status.is_success() => Err(Loss::UnexpectedBody.into()),
        _ => Err(Loss::Status(status.as_u16()).into()),
    }
}
