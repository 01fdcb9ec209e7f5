//! One call of PayWall: keys on, answer bounded, envelope opened, time logged.
//! Knows no call by name and nothing of what a body holds.

use std::time::Instant;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, RequestBuilder};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::error::{Error, Refusal, SetUpError};
use crate::log;
use crate::metrics::{CallEnd, Calls};
use crate::outbound::{self, Client, Loss};
use crate::secret::Secret;

/// One of PayWall's APIs, with the keys that open it.
#[derive(Clone)]
pub(super) struct Line {
    client: Client,
    /// No trailing slash.
    base: String,
    keys: HeaderMap,
    calls: Calls,
}

/// An answer's outer shape, of which PayWall has two (§0.3).
pub(super) trait Outer: DeserializeOwned {
    /// What it carries, or why it carries nothing.
    fn open(self) -> Result<Value, Refusal>;
}

impl Line {
    pub(super) fn new(
        client: Client,
        calls: Calls,
        base: String,
        named: [(&'static str, &Secret, &'static str); 2],
    ) -> Result<Self, SetUpError> {
        let mut keys = HeaderMap::new();
        for (header, secret, variable) in named {
            let mut value =
                HeaderValue::from_str(secret.expose()).map_err(|_| SetUpError::Key(variable))?;
            value.set_sensitive(true);
            keys.insert(HeaderName::from_static(header), value);
        }
        Ok(Line {
            client,
            base,
            keys,
            calls,
        })
    }

    /// The same keys at another base address.
    pub(super) fn at(&self, base: &str) -> Self {
        Line {
            base: base.to_owned(),
            ..self.clone()
        }
    }

    pub(super) fn base(&self) -> &str {
        &self.base
    }

    pub(super) fn get(&self, path: &str) -> RequestBuilder {
        self.call(Method::GET, path)
    }

    pub(super) fn post(&self, path: &str) -> RequestBuilder {
        self.call(Method::POST, path)
    }

    pub(super) fn delete(&self, path: &str) -> RequestBuilder {
        self.call(Method::DELETE, path)
    }

    fn call(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("{}{path}", self.base);
        self.client.request(method, url).headers(self.keys.clone())
    }

    /// Sends, and answers what the envelope `E` carries; a refusal is an error.
    pub(super) async fn send<E: Outer>(
        &self,
        call: &'static str,
        request: RequestBuilder,
    ) -> Result<Value, Error> {
        let started = Instant::now();
        let answer = exchange::<E>(&self.client, request).await;
        let took = started.elapsed();
        let elapsed_ms = log::milliseconds(took);
        match &answer {
            Ok(_) => tracing::info!(call, elapsed_ms, "paywall answered"),
            Err(error) => tracing::warn!(call, elapsed_ms, %error, "paywall call without success"),
        }
        let end = match &answer {
            Ok(_) => CallEnd::Answered,
            Err(Error::Refused(_)) => CallEnd::Refused,
            Err(Error::Lost(_)) => CallEnd::Lost,
        };
        self.calls.ended("paywall", call, end, took);
        answer
    }
}

async fn exchange<E: Outer>(client: &Client, request: RequestBuilder) -> Result<Value, Error> {
    let outbound::Answer { status, body } = client.exchange(request).await?;
    match serde_json::from_slice::<E>(&body) {
        Ok(envelope) => envelope.open().map_err(Error::Refused),
        // Whether refused keys answer with an envelope is not documented (§0.3).
        Err(_) if matches!(status.as_u16(), 401 | 403) => Err(Error::Refused(Refusal {
            code: i32::from(status.as_u16()),
            ..Refusal::default()
        })),
        Err(_) if status.is_success() => Err(Loss::NotAnEnvelope.into()),
        Err(_) => Err(Loss::Status(status.as_u16()).into()),
    }
}

pub(super) fn read<T: DeserializeOwned>(body: Value) -> Result<T, Error> {
    serde_json::from_value(body).map_err(|_| Loss::UnexpectedBody.into())
}

/// Whether a browser can be sent there.
pub(super) fn opens(address: &str) -> bool {
    url::Url::parse(address).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}
