//! PayWall, as the merchant server uses it: the four calls, their envelope, and
//! what can go wrong (contracts: paywall.md §0.2, §0.3, §1.1, §2.1, §2.6, §2.7).
//!
//! Knows nothing of orders or the database. The types here are this server's
//! own reading of the contract, shared with nobody.

pub mod amount;
mod error;
pub mod hash;
mod returned;
pub mod types;

use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, RequestBuilder, Response, redirect};
use serde::de::DeserializeOwned;

pub(crate) use error::tidy;
pub use error::{Error, Loss, Refusal, StartRefusal};
pub use returned::{Forgery, Returned};

use crate::secret::Secret;
use crate::settings::PayWallSettings;
use types::{Cancel, Envelope, QueryBody, Standing, Start3d, Started, TempToken, TempTokenRequest};

/// No answer of these calls comes near it; more is not PayWall.
const LONGEST_ANSWER: usize = 256 * 1024;

/// PayWall's days are Türkiye's.
const TIME_ZONE: &str = "Europe/Istanbul";

/// Minutes that a TempToken lives: time enough to type a card, within the old range 0 to 30.
const TEMP_TOKEN_MINUTES: u16 = 15;

/// Why the client could not be built.
#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    #[error("{0} cannot be sent as a header")]
    Key(&'static str),
    #[error("time zone {TIME_ZONE}: {0}")]
    TimeZone(#[from] jiff::Error),
    #[error("HTTP client: {0}")]
    Client(#[from] reqwest::Error),
}

/// A connection to PayWall with its keys.
pub struct PayWall {
    client: Client,
    payment_api: String,
    private_api: String,
    public_keys: HeaderMap,
    private_keys: HeaderMap,
    time_zone: TimeZone,
}

impl PayWall {
    pub fn new(settings: &PayWallSettings, timeout: Duration) -> Result<Self, SetUpError> {
        let client = Client::builder()
            .timeout(timeout)
            // PayWall's API never redirects; following one could carry the keys elsewhere.
            .redirect(redirect::Policy::none())
            .build()?;
        Ok(PayWall {
            client,
            payment_api: settings.payment_api.clone(),
            private_api: settings.private_api.clone(),
            public_keys: keys([
                (
                    "apikeypublic",
                    &settings.public_key,
                    "KASA_PAYWALL_PUBLIC_KEY",
                ),
                (
                    "apiclientpublic",
                    &settings.public_client,
                    "KASA_PAYWALL_PUBLIC_CLIENT",
                ),
            ])?,
            private_keys: keys([
                (
                    "apikeyprivate",
                    &settings.private_key,
                    "KASA_PAYWALL_PRIVATE_KEY",
                ),
                (
                    "apiclientprivate",
                    &settings.private_client,
                    "KASA_PAYWALL_PRIVATE_CLIENT",
                ),
            ])?,
            time_zone: TimeZone::get(TIME_ZONE)?,
        })
    }

    /// Base address of the PaymentAPI, as browsers need it too; no trailing slash.
    pub fn payment_api(&self) -> &str {
        &self.payment_api
    }

    /// temptoken (§1.1), good for tempcard and nothing else.
    pub async fn temp_token(&self) -> Result<TempToken, Error> {
        let body = TempTokenRequest {
            client_card_save: true,
            three_d_session: false,
            expiry_min: TEMP_TOKEN_MINUTES,
        };
        let url = format!("{}/api/paywall/temptoken", self.payment_api);
        let request = self
            .client
            .post(url)
            .headers(self.public_keys.clone())
            .json(&body);
        read_body(send("temptoken", request).await?)
    }

    /// start3d (§2.1).
    pub async fn start_3d(&self, body: &Start3d<'_>) -> Result<Started, Error> {
        let url = format!("{}/api/paywall/payment/start3d", self.payment_api);
        let request = self
            .client
            .post(url)
            .headers(self.public_keys.clone())
            .json(body);
        let started: Started = read_body(send("start3d", request).await?)?;
        let named = started
            .payment
            .as_ref()
            .and_then(|payment| payment.merchant_unique_key.as_deref());
        let ours = named.is_none_or(|code| code == body.payment_detail.merchant_unique_code);
        let opens = url::Url::parse(&started.redirect_url)
            .is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
        if ours && opens {
            Ok(started)
        } else {
            Err(Loss::UnexpectedBody.into())
        }
    }

    /// The private query by MerchantUniqueCode (§2.6). `None`: PayWall knows no such payment.
    pub async fn query(&self, merchant_unique_code: &str) -> Result<Option<Standing>, Error> {
        let url = format!("{}/api/paywall/private/query", self.private_api);
        // GET parameters travel as headers (§0.2).
        let request = self
            .client
            .get(url)
            .headers(self.private_keys.clone())
            .header("merchantuniquecode", merchant_unique_code);
        match send("query", request).await {
            Ok(envelope) => {
                let body: QueryBody = read_body(envelope)?;
                if body.paywall.merchant_unique_code == merchant_unique_code {
                    Ok(Some(body.paywall))
                } else {
                    Err(Loss::UnexpectedBody.into())
                }
            }
            Err(Error::Refused(refusal)) if refusal.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// private/cancel (§2.7) of a payment created at `created`.
    pub async fn cancel(
        &self,
        merchant_unique_code: &str,
        created: Timestamp,
    ) -> Result<(), Error> {
        let date = created
            .to_zoned(self.time_zone.clone())
            .strftime("%Y-%m-%d")
            .to_string();
        let body = Cancel {
            date: &date,
            merchant_unique_code,
        };
        let url = format!("{}/api/paywall/private/cancel", self.private_api);
        let request = self
            .client
            .post(url)
            .headers(self.private_keys.clone())
            .json(&body);
        send("cancel", request).await.map(drop)
    }
}

fn keys(named: [(&'static str, &Secret, &'static str); 2]) -> Result<HeaderMap, SetUpError> {
    let mut headers = HeaderMap::new();
    for (header, secret, variable) in named {
        let mut value =
            HeaderValue::from_str(secret.expose()).map_err(|_| SetUpError::Key(variable))?;
        value.set_sensitive(true);
        headers.insert(HeaderName::from_static(header), value);
    }
    Ok(headers)
}

/// Sends, and reads the envelope; a refusal is an error.
async fn send(call: &'static str, request: RequestBuilder) -> Result<Envelope, Error> {
    let started = Instant::now();
    let answer = exchange(request).await;
    let elapsed_ms = started.elapsed().as_millis();
    match &answer {
        Ok(_) => tracing::info!(call, elapsed_ms, "paywall answered"),
        Err(error) => tracing::warn!(call, elapsed_ms, %error, "paywall call without success"),
    }
    answer
}

async fn exchange(request: RequestBuilder) -> Result<Envelope, Error> {
    let response = request.send().await?;
    let status = response.status();
    if status.is_server_error() {
        return Err(Loss::Status(status.as_u16()).into());
    }
    let bytes = read_bounded(response).await?;
    match serde_json::from_slice::<Envelope>(&bytes) {
        Ok(envelope) if envelope.result => Ok(envelope),
        Ok(envelope) => Err(Error::Refused(envelope.refusal())),
        // Whether refused keys answer with an envelope is not documented (§0.3).
        Err(_) if matches!(status.as_u16(), 401 | 403) => Err(Error::Refused(Refusal {
            code: i32::from(status.as_u16()),
            message: None,
        })),
        Err(_) if status.is_success() => Err(Loss::NotAnEnvelope.into()),
        Err(_) => Err(Loss::Status(status.as_u16()).into()),
    }
}

async fn read_bounded(mut response: Response) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if bytes.len() + chunk.len() > LONGEST_ANSWER {
            return Err(Loss::TooLong.into());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn read_body<T: DeserializeOwned>(envelope: Envelope) -> Result<T, Error> {
    serde_json::from_value(envelope.body).map_err(|_| Loss::UnexpectedBody.into())
}
