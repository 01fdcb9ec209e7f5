//! Calls to other servers: one exchange within bounds, the ways to lose its
//! answer. Knows no provider.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use reqwest::{IntoUrl, Method, Request, RequestBuilder, Response, StatusCode, redirect};

use crate::metrics::Calls;

/// No answer of a provider comes near it; more is not the provider.
const LONGEST_ANSWER: usize = 256 * 1024;

/// Longest provider text that is kept.
const LONGEST_MESSAGE: usize = 300;

/// How an answer was lost: whether the provider did the work is unknown. Never
/// quotes the answer: it may hold a token.
#[derive(Debug, thiserror::Error)]
pub enum Loss {
    #[error("{0}")]
    Transport(#[source] reqwest::Error),
    #[error(transparent)]
    Carrier(#[from] Unreached),
    #[error("HTTP status {0}")]
    Status(u16),
    #[error("not the provider's envelope")]
    NotAnEnvelope,
    #[error("an unexpected body")]
    UnexpectedBody,
    #[error("longer than an answer may be")]
    TooLong,
}

impl From<reqwest::Error> for Loss {
    fn from(error: reqwest::Error) -> Self {
        Loss::Transport(error.without_url())
    }
}

/// No answer came back.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Unreached(pub &'static str);

/// Carries requests elsewhere than over the network: where other servers live in
/// the same process.
#[async_trait]
pub trait Carrier: Send + Sync {
    async fn carry(&self, request: Request) -> Result<Response, Unreached>;
}

/// The way to other servers: the network, unless a carrier is given.
pub type Way = Option<Arc<dyn Carrier>>;

/// How providers are called: how long one call may take, who counts it, and
/// which way it goes.
#[derive(Clone)]
pub struct Terms {
    pub(crate) timeout: Duration,
    pub(crate) calls: Calls,
    pub(crate) way: Way,
}

/// Uncounted, over the network.
impl From<Duration> for Terms {
    fn from(timeout: Duration) -> Self {
        Terms {
            timeout,
            calls: Calls::default(),
            way: None,
        }
    }
}

/// What a provider answered, unread. Never 5xx.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) body: Vec<u8>,
}

#[derive(Clone)]
pub(crate) struct Client {
    network: reqwest::Client,
    way: Way,
    timeout: Duration,
}

impl Client {
    /// `timeout` is for one whole exchange.
    pub(crate) fn new(timeout: Duration, way: Way) -> reqwest::Result<Self> {
        // An error says that the process has a provider already, which does as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let network = reqwest::Client::builder()
            .timeout(timeout)
            // No provider's API redirects, and what is signed for the shop's address
            // is for no other; following one could carry the keys elsewhere.
            .redirect(redirect::Policy::none())
            .build()?;
        Ok(Client {
            network,
            way,
            timeout,
        })
    }

    pub(crate) fn request(&self, method: Method, url: impl IntoUrl) -> RequestBuilder {
        self.network.request(method, url)
    }

    pub(crate) fn post(&self, url: impl IntoUrl) -> RequestBuilder {
        self.request(Method::POST, url)
    }

    pub(crate) async fn send(&self, request: RequestBuilder) -> Result<Response, Loss> {
        let Some(carrier) = &self.way else {
            return Ok(request.send().await?);
        };
        let answer = carrier.carry(request.build()?);
        let answer = tokio::time::timeout(self.timeout, answer).await;
        Ok(answer.map_err(|_| Unreached("no answer in time"))??)
    }

    /// Sends and reads. A server in trouble may have done the work, so 5xx is a loss
    /// and no refusal, whatever stands in it.
    pub(crate) async fn exchange(&self, request: RequestBuilder) -> Result<Answer, Loss> {
        let mut response = self.send(request).await?;
        let status = response.status();
        if status.is_server_error() {
            return Err(Loss::Status(status.as_u16()));
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            if body.len() + chunk.len() > LONGEST_ANSWER {
                return Err(Loss::TooLong);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status, body })
    }
}

/// A provider's words, fit to be stored and shown to the shop.
pub(crate) fn tidy(message: &str) -> Option<String> {
    let kept: String = message
        .chars()
        .filter(|letter| !letter.is_control())
        .take(LONGEST_MESSAGE)
        .collect();
    let kept = kept.trim();
    (!kept.is_empty()).then(|| kept.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn provider_words_are_cut_and_cleaned() {
        assert_eq!(tidy(" Kart\u{0} limiti\n "), Some("Kart limiti".into()));
        assert_eq!(tidy(" \n"), None);
        assert_eq!(
            tidy(&"ş".repeat(1000)).map(|text| text.chars().count()),
            Some(300)
        );
    }
}
