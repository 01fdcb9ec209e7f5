//! Calls to providers: one exchange within bounds, the ways to lose its answer.
//! Knows no provider.

use std::time::Duration;

use reqwest::{Client, RequestBuilder, StatusCode, redirect};

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

/// How providers are called: how long one call may take, and who counts it.
#[derive(Clone)]
pub struct Terms {
    pub(crate) timeout: Duration,
    pub(crate) calls: Calls,
}

/// Uncounted.
impl From<Duration> for Terms {
    fn from(timeout: Duration) -> Self {
        Terms {
            timeout,
            calls: Calls::default(),
        }
    }
}

/// What a provider answered, unread. Never 5xx.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) body: Vec<u8>,
}

/// `timeout` is for one whole exchange.
pub(crate) fn client(timeout: Duration) -> reqwest::Result<Client> {
    // An error says that the process has a provider already, which does as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .timeout(timeout)
        // No provider's API redirects; following one could carry the keys elsewhere.
        .redirect(redirect::Policy::none())
        .build()
}

/// Sends and reads. A server in trouble may have done the work, so 5xx is a loss
/// and no refusal, whatever stands in it.
pub(crate) async fn exchange(request: RequestBuilder) -> Result<Answer, Loss> {
    let mut response = request.send().await?;
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
