//! What handlers take out of a request: ids, JSON bodies, the
//! back end's key. Every refusal is a [`problem`](crate::problem).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, PathRejection};
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use kasa_checkout::wire::merchant::IDEMPOTENCY_KEY;
use serde::de::{DeserializeOwned, IgnoredAny};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::app::App;
use crate::ids::{CheckoutId, PaymentId};
use crate::problem::Error;

/// `{checkout}` of the path; an id of another shape is a checkout that does not exist.
pub(crate) struct CheckoutPath(pub(crate) CheckoutId);

impl<S: Send + Sync> FromRequestParts<S> for CheckoutPath {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let Path(text) = Path::<String>::from_request_parts(parts, state)
            .await
            .map_err(no_checkout)?;
        CheckoutId::try_from(text)
            .map(CheckoutPath)
            .map_err(|_| Error::CheckoutNotFound)
    }
}

/// `{checkout}` and `{payment}` of the path.
pub(crate) struct PaymentPath(pub(crate) CheckoutId, pub(crate) PaymentId);

impl<S: Send + Sync> FromRequestParts<S> for PaymentPath {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let Path((checkout, payment)) = Path::<(String, String)>::from_request_parts(parts, state)
            .await
            .map_err(no_checkout)?;
        let checkout = CheckoutId::try_from(checkout).map_err(|_| Error::CheckoutNotFound)?;
        let payment = PaymentId::try_from(payment).map_err(|_| Error::PaymentNotFound)?;
        Ok(PaymentPath(checkout, payment))
    }
}

/// `{reference}` of the path; one that no order can have is an order that does not exist.
pub(crate) struct ReferencePath(pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for ReferencePath {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let Path(text) = Path::<String>::from_request_parts(parts, state)
            .await
            .map_err(|_| Error::OrderNotFound)?;
        // Some databases do not even take the question.
        if text.chars().any(char::is_control) {
            return Err(Error::OrderNotFound);
        }
        Ok(ReferencePath(text))
    }
}

fn no_checkout(_: PathRejection) -> Error {
    Error::CheckoutNotFound
}

/// A JSON body. Unlike axum's own, its refusals never quote the body: it may
/// hold a card token or a customer.
pub(crate) struct JsonBody<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        if !is_json(request.headers()) {
            return Err(Error::Invalid {
                status: StatusCode::UNSUPPORTED_MEDIA_TYPE,
                detail: "Content-Type: application/json is needed".into(),
            });
        }
        let bytes = Bytes::from_request(request, state).await.map_err(unread)?;
        // Syntax first: serde_json calls some values of a wrong type a syntax error too.
        serde_json::from_slice::<IgnoredAny>(&bytes)
            .map_err(|_| Error::unreadable("the body is not JSON"))?;
        // Of an array serde would take the fields by their places.
        if !bytes.trim_ascii_start().starts_with(b"{") {
            return Err(Error::unfit("the body is not an object"));
        }
        let mut json = serde_json::Deserializer::from_slice(&bytes);
        let value =
            serde_path_to_error::deserialize(&mut json).map_err(|error| describe(&error))?;
        Ok(JsonBody(value))
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let written = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let essence = written.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}

/// A body as it came, from a provider.
pub(crate) struct RawBody(pub(crate) Bytes);

impl<S: Send + Sync> FromRequest<S> for RawBody {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        let bytes = Bytes::from_request(request, state).await.map_err(unread)?;
        Ok(RawBody(bytes))
    }
}

/// Breaks a body off that does not come to its end in time.
#[derive(Debug, thiserror::Error)]
#[error("the body came too slowly")]
pub(crate) struct TooSlow;

fn is_too_slow(rejection: &BytesRejection) -> bool {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(rejection);
    while let Some(error) = cause {
        if error.is::<TooSlow>() {
            return true;
        }
        cause = error.source();
    }
    false
}

fn unread(rejection: BytesRejection) -> Error {
    if is_too_slow(&rejection) {
        Error::TooSlow
    } else if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        Error::PayloadTooLarge
    } else {
        Error::unreadable("the body could not be read")
    }
}

fn describe(error: &serde_path_to_error::Error<serde_json::Error>) -> Error {
    let place = error.path().to_string();
    let message = error.inner().to_string();
    // Of serde's messages only this one is sure to hold names of ours and nothing that was sent.
    match message
        .split_once(" at line")
        .filter(|(message, _)| message.starts_with("missing field"))
    {
        Some((missing, _)) => Error::unfit(format!("{place}: {missing}")),
        None => Error::unfit(format!("{place}: does not fit")),
    }
}

/// `Idempotency-Key`: exactly one, 16 to 64 of `[A-Za-z0-9_-]`.
pub(crate) struct IdempotencyKey(pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let mut given = parts.headers.get_all(IDEMPOTENCY_KEY).iter();
        let key = match (given.next().map(|value| value.to_str()), given.next()) {
            (Some(Ok(key)), None) => key,
            _ => "",
        };
        let fits = (16..=64).contains(&key.len())
            && key
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
        if fits {
            Ok(IdempotencyKey(key.to_owned()))
        } else {
            Err(Error::unreadable(format!(
                "{IDEMPOTENCY_KEY}: one of 16 to 64 characters A-Z a-z 0-9 _ - is needed"
            )))
        }
    }
}

/// Proof that the shop's back end is calling.
pub(crate) struct BackEnd;

impl FromRequestParts<Arc<App>> for BackEnd {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Error> {
        let given = parts
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok());
        let (scheme, key) = given
            .and_then(|given| given.split_once(' '))
            .ok_or(Error::Unauthorized)?;
        // Digests, so that the time says nothing of the key's length either.
        let right = Sha256::digest(app.settings.api_key.expose());
        let same = bool::from(right.ct_eq(&Sha256::digest(key.trim())));
        if same && scheme.eq_ignore_ascii_case("bearer") {
            Ok(BackEnd)
        } else {
            Err(Error::Unauthorized)
        }
    }
}
