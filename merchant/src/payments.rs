//! The browser creates a payment and cancels it. What starts one is its
//! [provider](crate::providers); how it ended is [`settle`](crate::settle)'s to say.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use kasa_checkout::wire::merchant::{
    self, CardSummary, Instrument, Next, Otp, PaymentError, PaymentRequest, Status,
};
use tokio::time::Instant;

use crate::address::ClientAddress;
use crate::app::App;
use crate::checkouts::announced;
use crate::extract::{CheckoutPath, IdempotencyKey, JsonBody, PaymentPath};
use crate::ids::{CheckoutId, PaymentId};
use crate::limits;
use crate::metrics::Limit;
use crate::problem::{Error, Result};
use crate::providers::{Begun, Pace, Payable, Provider, Start, Verdict};
use crate::settle::{give_up, settle};
use crate::store::{Admission, Ending, Facts, NewPayment, Order, Payment, Question, StartCall};

/// Codes that may be tried before the payment ends.
pub(crate) const MOST_CODES: u32 = 3;

/// How long a repeated request waits for the first one, which is still starting the payment.
const TWIN_PATIENCE: Duration = Duration::from_secs(5);

/// The payment as its shopper may see it at `now`.
pub(crate) fn view(payment: &Payment, now: Timestamp) -> merchant::Payment {
    let pending = payment.status == Status::Pending;
    let next = payment.next.clone().filter(|_| pending);
    merchant::Payment {
        id: payment.id.as_str().to_owned(),
        method: payment.method.clone(),
        status: payment.status,
        next: next.map(|next| match next {
            Next::Otp(otp) => Next::Otp(Box::new(with_count(*otp, payment, now))),
            next => next,
        }),
        error: error_of(payment),
        card: card_of(payment),
        installments: Some(payment.installments),
    }
}

fn with_count(otp: Otp, payment: &Payment, now: Timestamp) -> Otp {
    let left = MOST_CODES.saturating_sub(payment.otp_attempts);
    Otp {
        now: Some(now.to_string()),
        attempts_left: u8::try_from(left).ok(),
        ..otp
    }
}

pub(crate) fn error_of(payment: &Payment) -> Option<PaymentError> {
    let code = payment.error_code.clone()?;
    Some(PaymentError {
        code,
        message: payment.error_message.clone(),
    })
}

pub(crate) fn card_of(payment: &Payment) -> Option<CardSummary> {
    let masked = payment.card_masked.clone()?;
    Some(CardSummary { masked })
}

/// `POST …/payments`: 201 for a new payment, 200 for one that the same key made before.
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    CheckoutPath(checkout): CheckoutPath,
    IdempotencyKey(key): IdempotencyKey,
    from: ClientAddress,
    JsonBody(request): JsonBody<PaymentRequest>,
) -> Result<(StatusCode, Json<merchant::Payment>)> {
    let order = app.store.order(&checkout).await?;
    let order = order.ok_or(Error::CheckoutNotFound)?;
    let provider = offered(&app, &order, &request.instrument)?;
    let tries = match provider.tries_out_cards() {
        true => limits::of_payment(&app, &order, from)?,
        false => Vec::new(),
    };
    let id = PaymentId::generate(&app.chance);
    let body = serde_json::to_vec(&request).map_err(|error| Error::Internal(error.to_string()))?;
    let new = NewPayment {
        reference: provider.reference(&id, 0),
        id,
        request_hash: app.fingerprint(&[checkout.as_str().as_bytes(), &body])?,
        checkout,
        idempotency_key: key,
        method: provider.method().into(),
        provider: provider.provider().into(),
        challenge: request.challenge,
        installments: request.instrument.installments(),
        next_check_at: app.in_time(app.start_patience()),
    };
    let worker = Arc::clone(&app);
    let most = app.settings.limits.checkout_payments;
    let work = async move {
        match worker.store.admit(new, most, &tries, worker.now()).await? {
            Admission::New(payment) => {
                worker.metrics.payment(&payment.method, Status::Pending);
                tracing::info!(payment = ?payment.id, checkout = ?payment.checkout, method = payment.method,
                    "payment created");
                let payable = Payable {
                    order: &order,
                    payment: &payment,
                    client_ip: &from.ipv4(),
                };
                let start = provider.start(payable, &request.instrument).await;
                let payment = record_start(&worker, &*provider, payment, start).await?;
                Ok((StatusCode::CREATED, payment))
            }
            Admission::Known(payment) => Ok((StatusCode::OK, started(&worker, payment).await?)),
            Admission::Mismatch => Err(Error::IdempotencyMismatch),
            Admission::Pending => Err(Error::PaymentPending),
            Admission::Paid => Err(Error::AlreadyPaid),
            Admission::Expired => Err(Error::CheckoutExpired),
            Admission::Over(over) => Err(limits::refusal(&worker, over, Limit::CheckoutPayments)),
            Admission::NoCheckout => Err(Error::CheckoutNotFound),
        }
    };
    let (status, payment) = app.to_the_end(work).await?;
    Ok((status, Json(view(&payment, app.now()))))
}

/// The provider that takes this, if the order offers it.
fn offered(app: &App, order: &Order, instrument: &Instrument) -> Result<Arc<dyn Provider>> {
    let method = instrument.method();
    let offered = order.methods.iter().any(|offer| offer.name() == method);
    let provider = app.providers.of(method).filter(|_| offered);
    let provider = provider.ok_or(Error::MethodNotOffered)?;
    provider.check(order, instrument)?;
    Ok(Arc::clone(provider))
}

/// Records what became of a start. The payment was stored before: whatever
/// happened, it can be asked about.
pub(crate) async fn record_start(
    app: &App,
    provider: &dyn Provider,
    payment: Payment,
    start: Start,
) -> Result<Payment> {
    match start {
        Start::Pending(begun) => {
            answered(app, provider, &payment, begun).await?;
            Ok(app.store.payment(&payment.id).await?.unwrap_or(payment))
        }
        Start::Settle(begun) => {
            answered(app, provider, &payment, begun).await?;
            let payment = app.store.payment(&payment.id).await?.unwrap_or(payment);
            Ok(settle(app, payment).await?.payment)
        }
        Start::Refused { code, message } => {
            tracing::info!(payment = ?payment.id, code, "start refused");
            let ending = Ending {
                status: Status::Failed,
                error_code: code,
                error_message: message,
                next_check_at: None,
            };
            let facts = Facts::default();
            if app.store.end(&payment, ending, facts, app.now()).await? {
                app.metrics.payment(&payment.method, Status::Failed);
            }
            Ok(app.store.payment(&payment.id).await?.unwrap_or(payment))
        }
        Start::Lost => {
            let next_check_at = app.in_time(provider.pace(&payment).first);
            app.store.start_lost(&payment, next_check_at).await?;
            let lost = Payment {
                start: StartCall::Lost,
                ..payment
            };
            Ok(settle(app, lost).await?.payment)
        }
    }
}

async fn answered(
    app: &App,
    provider: &dyn Provider,
    payment: &Payment,
    begun: Begun,
) -> Result<()> {
    // How soon to ask is a matter of the step that the shopper was given.
    let payment = &Payment {
        next: begun.next.clone(),
        ..payment.clone()
    };
    let next_check_at = app.in_time(provider.pace(payment).first);
    let facts = Facts {
        next: begun.next,
        state: begun.state,
        provider_id: begun.provider_id,
        ..Facts::default()
    };
    let now = app.now();
    if !app
        .store
        .start_answered(payment, facts, next_check_at, now)
        .await?
    {
        tracing::warn!(payment = ?payment.id, "ended before its start was answered");
    }
    Ok(())
}

/// A payment that the same key made before, once its start is over; or as it is
/// when that takes too long.
async fn started(app: &App, mut payment: Payment) -> Result<Payment> {
    let mut changes = app.store.changes();
    let deadline = Instant::now() + TWIN_PATIENCE;
    loop {
        payment = app.store.payment(&payment.id).await?.unwrap_or(payment);
        let now = Instant::now();
        if payment.status != Status::Pending
            || payment.start != StartCall::UnderWay
            || now >= deadline
        {
            return Ok(payment);
        }
        tokio::select! {
            () = announced(&mut changes, &payment.checkout) => {}
            () = tokio::time::sleep_until(deadline.min(now + Duration::from_secs(1))) => {}
            () = app.stop.cancelled() => return Ok(payment),
        }
    }
}

/// A payment by the ids of a path.
pub(crate) async fn find(app: &App, checkout: &CheckoutId, id: &PaymentId) -> Result<Payment> {
    if app.store.order(checkout).await?.is_none() {
        return Err(Error::CheckoutNotFound);
    }
    let payment = app.store.payment(id).await?;
    payment
        .filter(|payment| payment.checkout == *checkout)
        .ok_or(Error::PaymentNotFound)
}

/// `POST …/cancel`: asks the provider to end a pending payment. Answers the
/// payment as the provider then says it stands, which may still be pending, or paid.
pub(crate) async fn cancel(
    State(app): State<Arc<App>>,
    PaymentPath(checkout, id): PaymentPath,
    from: ClientAddress,
) -> Result<Json<merchant::Payment>> {
    let payment = find(&app, &checkout, &id).await?;
    let worker = Arc::clone(&app);
    let payment = match payment.status {
        Status::Pending => {
            limits::ask(&app, &checkout, Question::OfPayment, from).await?;
            app.to_the_end(async move { end_for_shopper(&worker, payment).await })
                .await?
        }
        _ => payment,
    };
    Ok(Json(view(&payment, app.now())))
}

async fn end_for_shopper(app: &App, payment: Payment) -> Result<Payment> {
    let Some(provider) = app.providers.of(&payment.method).cloned() else {
        return Ok(payment);
    };
    let settled = settle(app, payment).await?;
    let mut payment = settled.payment;
    if payment.status != Status::Pending {
        return Ok(payment);
    }
    if provider.closes() {
        provider.close(&payment).await;
        payment = settle(app, payment).await?.payment;
    } else if settled.verdict == Some(Verdict::Open { unbegun: true })
        && payment.start == StartCall::Answered
    {
        let status = Status::Canceled;
        give_up(app, &payment, status, "canceled", Pace::LONGEST).await?;
        payment = app.store.payment(&payment.id).await?.unwrap_or(payment);
    }
    if payment.status == Status::Pending {
        app.store.wish_canceled(&payment).await?;
    }
    Ok(payment)
}
