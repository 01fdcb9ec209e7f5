//! Corefy, which carries Aspay's hosted page and bank transfers, as the merchant
//! server uses it: its invoices, its callbacks, and what can go wrong (contract:
//! corefy.md).
//!
//! Knows nothing of orders or the database. The types here are this server's
//! own reading of the contract, shared with nobody.

pub(crate) mod amount;
pub mod callback;
mod error;
mod invoice;
mod status;
pub mod types;

use std::time::Instant;

use reqwest::{Method, RequestBuilder, StatusCode};
use url::Url;

pub use callback::{Callback, Secrets, Subject};
pub use error::{Error, Refusal};
pub use invoice::{Hop, Invoice, InvoiceId, Kind};
pub use status::{PaymentStatus, PayoutStatus};

use crate::log;
use crate::metrics::{CallEnd, Calls};
use crate::outbound::{Answer, Client, Loss, Terms};
use crate::settings::CorefySettings;
use types::{Document, NewPayment, NewPayout};

/// A payment invoice and a payout invoice.
pub type Payment = Invoice<PaymentStatus>;
pub type Payout = Invoice<PayoutStatus>;

/// A connection to Corefy with its keys.
pub struct Corefy {
    client: Client,
    /// The settings' API.
    base: Url,
    settings: CorefySettings,
    secrets: Secrets,
    calls: Calls,
}

/// Why the client could not be built.
#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    #[error("address of the API: {0}")]
    Address(#[from] url::ParseError),
    #[error("HTTP client: {0}")]
    Client(#[from] reqwest::Error),
}

impl Corefy {
    pub fn new(settings: &CorefySettings, terms: impl Into<Terms>) -> Result<Self, SetUpError> {
        let Terms {
            timeout,
            calls,
            way,
        } = terms.into();
        Ok(Corefy {
            client: Client::new(timeout, way)?,
            calls,
            base: Url::parse(&settings.api)?,
            secrets: Secrets {
                live: settings.secret_live.clone(),
                test: settings.secret_test.clone(),
            },
            settings: settings.clone(),
        })
    }

    /// Whether every operation of ours is a test.
    pub fn test_mode(&self) -> bool {
        self.settings.test_mode
    }

    /// Reads a callback once its signature has proved it (§9).
    pub fn open_callback(
        &self,
        body: &[u8],
        signature: Option<&str>,
    ) -> Result<Callback, callback::Forgery> {
        self.secrets.open(body, signature)
    }

    /// Creates a payment invoice (§3). A refusal may speak of a duplicate: see
    /// [`Refusal::may_be_a_duplicate`].
    pub async fn create_payment(&self, new: &NewPayment<'_>) -> Result<Payment, Error> {
        let document = Document::payment(&self.settings, new);
        let request = self.post::<PaymentStatus>(&[]).json(&document);
        self.create("create payment", request, new.reference_id)
            .await
    }

    /// `None`: Corefy knows no such payment.
    pub async fn payment(&self, id: &InvoiceId, reference: &str) -> Result<Option<Payment>, Error> {
        self.get("get payment", id, reference).await
    }

    /// By our own id (§8). `None`: Corefy knows no such payment.
    pub async fn find_payment(&self, reference: &str) -> Result<Option<Payment>, Error> {
        self.find("find payment", reference).await
    }

    /// The way to the payment's page; `None` where neither settings nor invoice tell one.
    pub fn hop(&self, payment: &Payment) -> Option<Hop> {
        payment.hop(self.settings.hpp.as_deref())
    }

    /// Creates a payout invoice (§10). It moves no money before [`Corefy::process_payout`].
    pub async fn create_payout(&self, new: &NewPayout<'_>) -> Result<Payout, Error> {
        let document = Document::payout(&self.settings, new);
        let request = self.post::<PayoutStatus>(&[]).json(&document);
        self.create("create payout", request, new.reference_id)
            .await
    }

    /// Starts a created payout. What the answer holds is not documented: get the
    /// payout to learn how it stands.
    pub async fn process_payout(&self, id: &InvoiceId) -> Result<(), Error> {
        let request = self.post::<PayoutStatus>(&[id.as_str(), "process"]);
        let answer = self.send("process payout", request).await?;
        match answer.status {
            status if status.is_success() => Ok(()),
            _ => Err(failure(&answer)),
        }
    }

    /// `None`: Corefy knows no such payout.
    pub async fn payout(&self, id: &InvoiceId, reference: &str) -> Result<Option<Payout>, Error> {
        self.get("get payout", id, reference).await
    }

    /// By our own id (§8). `None`: Corefy knows no such payout.
    pub async fn find_payout(&self, reference: &str) -> Result<Option<Payout>, Error> {
        self.find("find payout", reference).await
    }

    async fn create<S: Kind>(
        &self,
        call: &'static str,
        request: RequestBuilder,
        reference: &str,
    ) -> Result<Invoice<S>, Error> {
        let answer = self.send(call, request).await?;
        // Another success than 201 may or may not have created it.
        match answer.status {
            StatusCode::CREATED => ours(&answer, reference),
            _ => Err(failure(&answer)),
        }
    }

    async fn get<S: Kind>(
        &self,
        call: &'static str,
        id: &InvoiceId,
        reference: &str,
    ) -> Result<Option<Invoice<S>>, Error> {
        let request = self.request(Method::GET, self.address::<S>(&[id.as_str()]));
        let answer = self.send(call, request).await?;
        match answer.status {
            StatusCode::OK => {
                let invoice: Invoice<S> = ours(&answer, reference)?;
                if invoice.id == *id {
                    Ok(Some(invoice))
                } else {
                    Err(Loss::UnexpectedBody.into())
                }
            }
            StatusCode::NOT_FOUND => Ok(None),
            _ => Err(failure(&answer)),
        }
    }

    async fn find<S: Kind>(
        &self,
        call: &'static str,
        reference: &str,
    ) -> Result<Option<Invoice<S>>, Error> {
        // The slash is part of the only form that was seen (§8).
        let mut url = self.address::<S>(&[""]);
        url.query_pairs_mut()
            .append_pair("filter[reference_id]", reference);
        let answer = self.send(call, self.request(Method::GET, url)).await?;
        match answer.status {
            StatusCode::OK => {
                Ok(Invoice::find(&answer.body, reference).map_err(|_| Loss::UnexpectedBody)?)
            }
            _ => Err(failure(&answer)),
        }
    }

    fn post<S: Kind>(&self, below: &[&str]) -> RequestBuilder {
        self.request(Method::POST, self.address::<S>(below))
    }

    fn request(&self, method: Method, url: Url) -> RequestBuilder {
        self.client
            .request(method, url)
            .basic_auth(&self.settings.account, Some(self.settings.api_key.expose()))
    }

    fn address<S: Kind>(&self, below: &[&str]) -> Url {
        let mut url = self.base.clone();
        // Fails for an address without a host alone, which `base` is not.
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().push(S::COLLECTION).extend(below);
        }
        url
    }

    async fn send(&self, call: &'static str, request: RequestBuilder) -> Result<Answer, Error> {
        let started = Instant::now();
        let answer = self.client.exchange(request).await;
        let took = started.elapsed();
        let elapsed_ms = log::milliseconds(took);
        let end = match &answer {
            Ok(answer) => {
                let status = answer.status.as_u16();
                tracing::info!(call, elapsed_ms, status, "corefy answered");
                end_of(answer.status)
            }
            Err(error) => {
                tracing::warn!(call, elapsed_ms, %error, "corefy did not answer");
                CallEnd::Lost
            }
        };
        self.calls.ended("corefy", call, end, took);
        Ok(answer?)
    }
}

/// "Not found" is what a question is for.
fn end_of(status: StatusCode) -> CallEnd {
    match status {
        StatusCode::NOT_FOUND => CallEnd::Answered,
        status if status.is_client_error() => CallEnd::Refused,
        _ => CallEnd::Answered,
    }
}

/// The invoice of an answer, if it is ours.
fn ours<S: Kind>(answer: &Answer, reference: &str) -> Result<Invoice<S>, Error> {
    Invoice::read(&answer.body)
        .filter(|invoice: &Invoice<S>| invoice.reference_id == reference)
        .ok_or_else(|| Loss::UnexpectedBody.into())
}

/// What an answer means that is not the one hoped for: 4xx is a no, anything else says nothing.
fn failure(answer: &Answer) -> Error {
    if answer.status.is_client_error() {
        Error::Refused(Refusal::read(answer.status.as_u16(), &answer.body))
    } else {
        Error::Lost(Loss::Status(answer.status.as_u16()))
    }
}
