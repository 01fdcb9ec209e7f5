//! The browser hands on a one-time code, or asks for another one. Attempts are
//! counted before the provider is called; what became of the money is
//! [`settle`](crate::settle)'s to say.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use kasa_checkout::wire::merchant::{self, Next, Otp, OtpFault, OtpRequest, ResendRequest, Status};

use crate::address::ClientAddress;
use crate::app::App;
use crate::extract::{JsonBody, PaymentPath};
use crate::limits;
use crate::payments::{MOST_CODES, find, record_start, view};
use crate::problem::{Error, Result};
use crate::providers::{Confirmed, Payable, Provider, Verdict};
use crate::settle::settle;
use crate::store::{Ending, Facts, Payment, Question, StartCall};

/// Codes that may be sent after the first.
pub(crate) const MOST_RESTARTS: u32 = 2;

/// `POST …/otp`: the payment as it stands after the code, paid if it was right.
pub(crate) async fn confirm(
    State(app): State<Arc<App>>,
    PaymentPath(checkout, id): PaymentPath,
    from: ClientAddress,
    JsonBody(OtpRequest { code }): JsonBody<OtpRequest>,
) -> Result<Json<merchant::Payment>> {
    if !(1..=16).contains(&code.len()) || !code.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(Error::unfit("code: 1 to 16 letters and digits"));
    }
    let payment = find(&app, &checkout, &id).await?;
    let provider = provider_of(&app, &payment).ok_or(Error::OtpNotAwaited)?;
    let otp = awaited(&payment).cloned().ok_or(Error::OtpNotAwaited)?;
    limits::ask(&app, &checkout, Question::OfPayment, from).await?;
    let until = app.in_time(app.start_patience());
    if !app
        .store
        .count_code(&payment, MOST_CODES, until, app.now())
        .await?
    {
        return Err(Error::OtpNotAwaited);
    }
    let worker = Arc::clone(&app);
    let payment = app
        .to_the_end(async move {
            let confirmed = provider.confirm(&payment, &code).await;
            record(&worker, payment, otp, confirmed).await
        })
        .await?;
    Ok(Json(view(&payment, app.now())))
}

/// `POST …/otp/resend`: the payment, started anew, awaiting another code.
pub(crate) async fn resend(
    State(app): State<Arc<App>>,
    PaymentPath(checkout, id): PaymentPath,
    from: ClientAddress,
    JsonBody(ResendRequest { payer }): JsonBody<ResendRequest>,
) -> Result<Json<merchant::Payment>> {
    let payment = find(&app, &checkout, &id).await?;
    let provider = provider_of(&app, &payment).ok_or(Error::OtpNotAwaited)?;
    let otp = awaited(&payment).ok_or(Error::OtpNotAwaited)?;
    if !may_resend(&payment, otp, app.now()) {
        return Err(Error::ResendNotAllowed);
    }
    provider.check_payer(&otp.resend_fields, &payer)?;
    limits::ask(&app, &checkout, Question::OfPayment, from).await?;
    let order = app.store.order(&checkout).await?;
    let order = order.ok_or(Error::CheckoutNotFound)?;
    let worker = Arc::clone(&app);
    let payment = app
        .to_the_end(async move {
            // Never two charges: nothing may have been taken under the earlier code.
            let settled = settle(&worker, payment).await?;
            if settled.payment.status != Status::Pending {
                return Ok(settled.payment);
            }
            if !matches!(settled.verdict, Some(Verdict::Open { .. })) {
                return Err(Error::ResendNotAllowed);
            }
            let payment = restart(&worker, &*provider, &settled.payment).await?;
            let payable = Payable {
                order: &order,
                payment: &payment,
                client_ip: &from.ipv4(),
            };
            let start = provider.resend(payable, &payer).await;
            record_start(&worker, &*provider, payment, start).await
        })
        .await?;
    Ok(Json(view(&payment, app.now())))
}

fn provider_of(app: &App, payment: &Payment) -> Option<Arc<dyn Provider>> {
    app.providers.of(&payment.method).cloned()
}

/// The step that awaits a code, if that is what the payment awaits.
fn awaited(payment: &Payment) -> Option<&Otp> {
    let open = payment.status == Status::Pending && payment.start == StartCall::Answered;
    match &payment.next {
        Some(Next::Otp(otp)) if open => Some(otp),
        _ => None,
    }
}

fn may_resend(payment: &Payment, otp: &Otp, now: Timestamp) -> bool {
    let from = otp.resend_at.as_deref();
    let from = from.and_then(|at| at.parse::<Timestamp>().ok());
    payment.restarts < MOST_RESTARTS && from.is_some_and(|from| from <= now)
}

async fn restart(app: &App, provider: &dyn Provider, payment: &Payment) -> Result<Payment> {
    let reference = provider.reference(&payment.id, payment.restarts + 1);
    let next_check_at = app.in_time(app.start_patience());
    let restarted = app
        .store
        .restart(payment, reference, next_check_at, app.now())
        .await?;
    tracing::info!(payment = ?payment.id, restarts = payment.restarts + 1, "payment started anew");
    restarted.ok_or(Error::ResendNotAllowed)
}

async fn record(app: &App, payment: Payment, otp: Otp, confirmed: Confirmed) -> Result<Payment> {
    match confirmed {
        Confirmed::Taken => {
            app.store.code_answered(&payment, None, app.now()).await?;
            Ok(settle(app, payment).await?.payment)
        }
        // Until its time is over the code may still be at work there: nothing else may be tried.
        Confirmed::Lost => Ok(settle(app, payment).await?.payment),
        // Counted before: this one was the last.
        Confirmed::Wrong(_) if payment.otp_attempts + 1 >= MOST_CODES => {
            end(app, payment, "code_wrong", None).await
        }
        Confirmed::Wrong(fault) => again(app, payment, otp, fault).await,
        Confirmed::Refused { code, message } => end(app, payment, code, message).await,
        Confirmed::NotAwaited => {
            app.store.code_answered(&payment, None, app.now()).await?;
            Err(Error::OtpNotAwaited)
        }
    }
}

async fn again(app: &App, payment: Payment, otp: Otp, fault: OtpFault) -> Result<Payment> {
    let next = Next::Otp(Box::new(Otp {
        fault: Some(fault),
        ..otp
    }));
    app.store
        .code_answered(&payment, Some(&next), app.now())
        .await?;
    Ok(app.store.payment(&payment.id).await?.unwrap_or(payment))
}

async fn end(
    app: &App,
    payment: Payment,
    error_code: &'static str,
    error_message: Option<String>,
) -> Result<Payment> {
    let ending = Ending {
        status: Status::Failed,
        error_code,
        error_message,
        // Wrongly refused or not, the provider is asked once more.
        next_check_at: Some(app.in_time(crate::providers::Pace::LONGEST)),
    };
    let facts = Facts::default();
    if app.store.end(&payment, ending, facts, app.now()).await? {
        app.metrics.payment(&payment.method, Status::Failed);
    }
    Ok(app.store.payment(&payment.id).await?.unwrap_or(payment))
}
