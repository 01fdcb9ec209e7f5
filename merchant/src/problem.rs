//! Everything that can go wrong on a call, and how it is told: the one place
//! where an error becomes `application/problem+json` (RFC 9457).
//!
//! What stands inside an error (a database's or a provider's words) is logged
//! here and never answered.

use std::time::Duration;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kasa_checkout::wire::merchant::{Problem, problem};

use crate::providers::Unavailable;
use crate::text::title;

pub(crate) type Result<T> = std::result::Result<T, Error>;

/// What was too much at once is hoped to be over by then.
const OVERLOAD_SECONDS: u64 = 5;

/// Codes of the shop's back end and of the server itself, beside those of
/// [`problem`] that browsers meet.
mod code {
    pub(super) const ORDER_EXISTS: &str = "order_exists";
    pub(super) const ORDER_NOT_FOUND: &str = "order_not_found";
    /// 409: there is no money to give back.
    pub(super) const ORDER_NOT_PAID: &str = "order_not_paid";
    /// 422: more than was paid and is not given back yet.
    pub(super) const REFUND_TOO_LARGE: &str = "refund_too_large";
    pub(super) const PAYOUT_EXISTS: &str = "payout_exists";
    pub(super) const PAYOUT_NOT_FOUND: &str = "payout_not_found";
    pub(super) const UNAUTHORIZED: &str = "unauthorized";
    pub(super) const PAYLOAD_TOO_LARGE: &str = "payload_too_large";
    /// 408: the request did not come to its end in time.
    pub(super) const TOO_SLOW: &str = "too_slow";
    /// 503: too much at once; come again.
    pub(super) const OVERLOADED: &str = "overloaded";
    /// 503: send no work here.
    pub(super) const NOT_READY: &str = "not_ready";
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("checkout not found")]
    CheckoutNotFound,
    #[error("checkout expired")]
    CheckoutExpired,
    #[error("order already paid")]
    AlreadyPaid,
    #[error("a payment is pending")]
    PaymentPending,
    #[error("payment not found")]
    PaymentNotFound,
    #[error("too many attempts")]
    TooManyAttempts,
    /// Of the same customer or address, or of questions at once.
    #[error("too many tries in a short time")]
    TryLater { after: Duration },
    /// 400 for what cannot be read, 415 for another media type, 422 for what
    /// can be read but does not fit. `detail` must not quote what was sent.
    #[error("invalid request: {detail}")]
    Invalid { status: StatusCode, detail: String },
    #[error("idempotency key used with another body")]
    IdempotencyMismatch,
    #[error("method not offered")]
    MethodNotOffered,
    #[error("saved card not found")]
    CardNotFound,
    #[error("no one-time code is awaited")]
    OtpNotAwaited,
    #[error("no other code can be sent now")]
    ResendNotAllowed,
    #[error("provider unavailable: {0}")]
    ProviderUnavailable(#[source] Unavailable),
    #[error("order exists with other content")]
    OrderExists,
    #[error("order not found")]
    OrderNotFound,
    #[error("order not paid")]
    OrderNotPaid,
    #[error("refund too large")]
    RefundTooLarge,
    #[error("payout exists with other content")]
    PayoutExists,
    #[error("payout not found")]
    PayoutNotFound,
    #[error("unauthorized")]
    Unauthorized,
    #[error("no such route")]
    NotFound,
    #[error("method not allowed")]
    MethodNotAllowed,
    #[error("payload too large")]
    PayloadTooLarge,
    #[error("the body came too slowly")]
    TooSlow,
    /// As many are connected as may be.
    #[error("overloaded")]
    Overloaded,
    #[error("not ready: {0}")]
    NotReady(&'static str),
    #[error("store: {0}")]
    Store(#[from] sqlx::Error),
    #[error("internal: {0}")]
    Internal(String),
}

impl Error {
    /// 422: readable, but a value does not fit.
    pub(crate) fn unfit(detail: impl Into<String>) -> Self {
        Error::Invalid {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            detail: detail.into(),
        }
    }

    /// 400: not readable.
    pub(crate) fn unreadable(detail: impl Into<String>) -> Self {
        Error::Invalid {
            status: StatusCode::BAD_REQUEST,
            detail: detail.into(),
        }
    }

    fn parts(&self) -> (StatusCode, &'static str, &'static str) {
        use StatusCode as S;
        match self {
            Error::CheckoutNotFound => (
                S::NOT_FOUND,
                problem::CHECKOUT_NOT_FOUND,
                title::CHECKOUT_NOT_FOUND,
            ),
            Error::CheckoutExpired => (S::GONE, problem::CHECKOUT_EXPIRED, title::CHECKOUT_EXPIRED),
            Error::AlreadyPaid => (S::CONFLICT, problem::ALREADY_PAID, title::ALREADY_PAID),
            Error::PaymentPending => (
                S::CONFLICT,
                problem::PAYMENT_PENDING,
                title::PAYMENT_PENDING,
            ),
            Error::PaymentNotFound => (
                S::NOT_FOUND,
                problem::PAYMENT_NOT_FOUND,
                title::PAYMENT_NOT_FOUND,
            ),
            Error::TooManyAttempts => (
                S::TOO_MANY_REQUESTS,
                problem::TOO_MANY_ATTEMPTS,
                title::TOO_MANY_ATTEMPTS,
            ),
            Error::TryLater { .. } => (S::TOO_MANY_REQUESTS, problem::TRY_LATER, title::TRY_LATER),
            Error::Invalid { status, .. } => {
                (*status, problem::INVALID_REQUEST, title::INVALID_REQUEST)
            }
            Error::IdempotencyMismatch => (
                S::CONFLICT,
                problem::IDEMPOTENCY_MISMATCH,
                title::IDEMPOTENCY_MISMATCH,
            ),
            Error::MethodNotOffered => (
                S::UNPROCESSABLE_ENTITY,
                problem::METHOD_NOT_OFFERED,
                title::METHOD_NOT_OFFERED,
            ),
            Error::CardNotFound => (S::NOT_FOUND, problem::CARD_NOT_FOUND, title::CARD_NOT_FOUND),
            Error::OtpNotAwaited => (
                S::CONFLICT,
                problem::OTP_NOT_AWAITED,
                title::OTP_NOT_AWAITED,
            ),
            Error::ResendNotAllowed => (
                S::CONFLICT,
                problem::RESEND_NOT_ALLOWED,
                title::RESEND_NOT_ALLOWED,
            ),
            Error::ProviderUnavailable(_) => (
                S::BAD_GATEWAY,
                problem::PROVIDER_UNAVAILABLE,
                title::PROVIDER_UNAVAILABLE,
            ),
            Error::OrderExists => (S::CONFLICT, code::ORDER_EXISTS, title::ORDER_EXISTS),
            Error::OrderNotFound => (S::NOT_FOUND, code::ORDER_NOT_FOUND, title::ORDER_NOT_FOUND),
            Error::OrderNotPaid => (S::CONFLICT, code::ORDER_NOT_PAID, title::ORDER_NOT_PAID),
            Error::RefundTooLarge => (
                S::UNPROCESSABLE_ENTITY,
                code::REFUND_TOO_LARGE,
                title::REFUND_TOO_LARGE,
            ),
            Error::PayoutExists => (S::CONFLICT, code::PAYOUT_EXISTS, title::PAYOUT_EXISTS),
            Error::PayoutNotFound => (
                S::NOT_FOUND,
                code::PAYOUT_NOT_FOUND,
                title::PAYOUT_NOT_FOUND,
            ),
            Error::Unauthorized => (S::UNAUTHORIZED, code::UNAUTHORIZED, title::UNAUTHORIZED),
            Error::NotFound => (S::NOT_FOUND, problem::NOT_FOUND, title::NOT_FOUND),
            Error::MethodNotAllowed => (
                S::METHOD_NOT_ALLOWED,
                problem::METHOD_NOT_ALLOWED,
                title::METHOD_NOT_ALLOWED,
            ),
            Error::PayloadTooLarge => (
                S::PAYLOAD_TOO_LARGE,
                code::PAYLOAD_TOO_LARGE,
                title::PAYLOAD_TOO_LARGE,
            ),
            Error::TooSlow => (S::REQUEST_TIMEOUT, code::TOO_SLOW, title::TOO_SLOW),
            Error::Overloaded => (S::SERVICE_UNAVAILABLE, code::OVERLOADED, title::OVERLOADED),
            Error::NotReady(_) => (S::SERVICE_UNAVAILABLE, code::NOT_READY, title::NOT_READY),
            Error::Store(_) | Error::Internal(_) => {
                (S::INTERNAL_SERVER_ERROR, problem::INTERNAL, title::INTERNAL)
            }
        }
    }
}

impl Error {
    /// Seconds; never zero, which would be no wait.
    fn retry_after(&self) -> Option<u64> {
        match self {
            Error::TryLater { after } => Some(after.as_secs_f64().ceil().max(1.0) as u64),
            Error::Overloaded => Some(OVERLOAD_SECONDS),
            _ => None,
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let (status, code, title) = self.parts();
        if status == StatusCode::SERVICE_UNAVAILABLE {
            tracing::debug!(error = %self, code, "not ready");
        } else if status.is_server_error() {
            tracing::error!(error = %self, code, "call failed");
        } else {
            tracing::debug!(error = %self, code, "call refused");
        }
        let retry_after = self.retry_after();
        let detail = match self {
            Error::Invalid { detail, .. } => Some(detail),
            Error::NotReady(why) => Some(why.into()),
            _ => None,
        };
        let body = Problem {
            title: title.into(),
            status: status.as_u16(),
            code: code.into(),
            detail,
        };
        let mut response = (status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if let Some(after) = retry_after {
            headers.insert(header::RETRY_AFTER, after.into());
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
