//! Money given back: the shop's back end asks for it, or the server itself where
//! an order was paid twice. What becomes of a refund whose answer was lost, the
//! reconciler asks.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use kasa_checkout::wire::merchant::{PaymentError, Status};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::app::App;
use crate::extract::{BackEnd, IdempotencyKey, JsonBody, ReferencePath};
use crate::metrics::Attention;
use crate::problem::{Error, Result};
use crate::providers::{Provider, RefundAnswer};
use crate::store::{
    NewRefund, Order, Payment, Refund, RefundAdmission, RefundOutcome, RefundStatus,
};

/// A refund that is still open then is for a person to look at.
const LONGEST_WATCH: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Body of `POST /v1/orders/{reference}/refunds`.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct RefundRequest {
    /// Minor units; all that is left, where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    amount: Option<i64>,
    /// The shop's words, for its own books.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RefundView {
    id: String,
    /// The payment that it is a part of.
    payment: String,
    /// Minor units.
    amount: i64,
    status: StatusView,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// What the provider calls it.
    #[serde(skip_serializing_if = "Option::is_none")]
    provider_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<PaymentError>,
    created_at: Timestamp,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum StatusView {
    Pending,
    Done,
    Failed,
}

pub(crate) fn view(refund: &Refund) -> RefundView {
    RefundView {
        id: refund.id.as_str().to_owned(),
        payment: refund.payment.as_str().to_owned(),
        amount: refund.amount,
        status: match refund.status {
            RefundStatus::Pending => StatusView::Pending,
            RefundStatus::Done => StatusView::Done,
            RefundStatus::Failed => StatusView::Failed,
        },
        reason: refund.reason.clone(),
        provider_id: refund.provider_id.clone(),
        error: refund.error_code.clone().map(|code| PaymentError {
            code,
            message: refund.error_message.clone(),
        }),
        created_at: refund.created_at,
    }
}

/// What of the order's amount has been given back for sure. An order that was
/// paid twice is paid once after the second payment is given back.
pub(crate) fn refunded(order: &Order, payments: &[Payment], refunds: &[Refund]) -> i64 {
    let paid = payments
        .iter()
        .filter(|payment| payment.status == Status::Paid);
    let done = refunds
        .iter()
        .filter(|refund| refund.status == RefundStatus::Done);
    let paid: i64 = paid.map(|payment| payment.amount).sum();
    let back: i64 = done.map(|refund| refund.amount).sum();
    match paid {
        0 => 0,
        paid => order.amount - order.amount.min(paid - back),
    }
}

/// `POST /v1/orders/{reference}/refunds`: 201 for a new refund, 200 for one that
/// the same key made before.
pub(crate) async fn create(
    _: BackEnd,
    State(app): State<Arc<App>>,
    ReferencePath(reference): ReferencePath,
    IdempotencyKey(key): IdempotencyKey,
    JsonBody(request): JsonBody<RefundRequest>,
) -> Result<(StatusCode, Json<RefundView>)> {
    request.check()?;
    let body = serde_json::to_vec(&request).map_err(|error| Error::Internal(error.to_string()))?;
    let new = NewRefund {
        reference,
        idempotency_key: key,
        request_hash: hex::encode(Sha256::digest(body)),
        amount: request.amount,
        reason: request.reason,
        next_check_at: app.in_time(app.start_patience()),
    };
    let worker = Arc::clone(&app);
    let work = async move {
        match worker.store.admit_refund(new, worker.now()).await? {
            RefundAdmission::New(payment, refund) => {
                worker.metrics.refund(refund.status);
                tracing::info!(refund = ?refund.id, payment = ?payment.id, amount = refund.amount, "refund created");
                Ok((StatusCode::CREATED, send(&worker, &payment, refund).await?))
            }
            RefundAdmission::Known(refund) => Ok((StatusCode::OK, refund)),
            RefundAdmission::Mismatch => Err(Error::IdempotencyMismatch),
            RefundAdmission::NoOrder => Err(Error::OrderNotFound),
            RefundAdmission::NotPaid => Err(Error::OrderNotPaid),
            RefundAdmission::TooLarge => Err(Error::RefundTooLarge),
        }
    };
    let (status, refund) = app.to_the_end(work).await?;
    Ok((status, Json(view(&refund))))
}

impl RefundRequest {
    fn check(&self) -> Result<()> {
        if self.amount.is_some_and(|amount| amount < 1) {
            return Err(Error::unfit("amount: above zero, in minor units"));
        }
        let fits = |reason: &String| {
            reason.chars().count() <= 300 && !reason.chars().any(char::is_control)
        };
        if self.reason.as_ref().is_some_and(|reason| !fits(reason)) {
            return Err(Error::unfit(
                "reason: at most 300 characters, no control characters",
            ));
        }
        Ok(())
    }
}

/// Tells the provider, unless somebody else has, and records what it said.
async fn send(app: &App, payment: &Payment, refund: Refund) -> Result<Refund> {
    let Some(provider) = app.providers.of(&payment.method) else {
        app.metrics.attention(Attention::ProviderMissing);
        tracing::error!(refund = ?refund.id, method = payment.method, "its provider is not set up any more");
        return Ok(refund);
    };
    // Before, for the provider's code may want to know whether it is the first.
    let ledger = app.store.ledger(&payment.id).await?;
    if !app.store.refund_sent(&refund, app.now()).await? {
        return Ok(app.store.refund(&refund.id).await?.unwrap_or(refund));
    }
    let answer = provider.refund(payment, &refund, ledger).await;
    record(app, refund, answer).await
}

/// What the reconciler does with a refund that is due: one that the provider
/// was never told of is sent, any other asked about.
pub(crate) async fn check(
    app: &App,
    provider: &dyn Provider,
    payment: Payment,
    refund: Refund,
) -> Result<()> {
    if refund.sent_at.is_none() {
        return send(app, &payment, refund).await.map(drop);
    }
    let ledger = app.store.ledger(&payment.id).await?;
    let answer = provider.ask_refund(&payment, &refund, ledger).await;
    let refund = record(app, refund, answer).await?;
    let age = app.now().duration_since(refund.created_at);
    if refund.status == RefundStatus::Pending && age >= LONGEST_WATCH {
        app.metrics.attention(Attention::RefundOpen);
        tracing::error!(refund = ?refund.id, payment = ?refund.payment, "a refund is open for too long: a person must look");
        app.store.stop_checking_refund(&refund).await?;
    }
    Ok(())
}

async fn record(app: &App, refund: Refund, answer: RefundAnswer) -> Result<Refund> {
    let pending = |provider_id| RefundOutcome {
        status: RefundStatus::Pending,
        provider_id,
        error_code: None,
        error_message: None,
    };
    let failed = |error_code, error_message| RefundOutcome {
        status: RefundStatus::Failed,
        provider_id: None,
        error_code: Some(error_code),
        error_message,
    };
    let outcome = match answer {
        RefundAnswer::Done(provider_id) => RefundOutcome {
            status: RefundStatus::Done,
            ..pending(provider_id)
        },
        RefundAnswer::Accepted(provider_id) => pending(provider_id),
        RefundAnswer::Refused { code, message } => failed(code, message),
        RefundAnswer::Unsupported => failed("refund_not_supported", None),
        // While the call may still be at work there, "not done" proves nothing.
        RefundAnswer::NotDone if over(app, &refund) => failed("provider_unavailable", None),
        RefundAnswer::NotDone | RefundAnswer::Lost => {
            tracing::warn!(refund = ?refund.id, payment = ?refund.payment, "what became of a refund is not known yet");
            return Ok(refund);
        }
    };
    let (status, code) = (outcome.status, outcome.error_code);
    if app.store.refund_ended(&refund, outcome, app.now()).await? {
        if status != RefundStatus::Pending {
            app.metrics.refund(status);
        }
        tracing::info!(refund = ?refund.id, payment = ?refund.payment, ?status, code, "refund answered");
    }
    Ok(app.store.refund(&refund.id).await?.unwrap_or(refund))
}

/// Whether the call that told the provider has come to its end.
fn over(app: &App, refund: &Refund) -> bool {
    let sent = refund.sent_at.unwrap_or(refund.created_at);
    app.now().duration_since(sent) > app.start_patience()
}
