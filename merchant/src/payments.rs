//! The browser creates a payment and cancels it. Starting one at PayWall is
//! here; how it ended is [`settle`](crate::settle)'s to say.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use kasa_checkout::wire::merchant::{
    self, CardSummary, Instrument, Next, PaymentError, PaymentRequest, Redirect, RedirectMethod,
    Status,
};
use sha2::{Digest as _, Sha256};
use tokio::time::Instant;

use crate::app::App;
use crate::checkouts::announced;
use crate::extract::{CheckoutPath, ClientIp, IdempotencyKey, JsonBody, PaymentPath};
use crate::ids::CheckoutId;
use crate::paywall::amount::Currency;
use crate::paywall::types::{Card, Customer, PaymentDetail, Product, Start3d};
use crate::paywall::{self, Refusal, StartRefusal};
use crate::problem::{Error, Result};
use crate::reconciler::FIRST_CHECK;
use crate::settle::settle;
use crate::store::{Admission, Ending, NewPayment, Order, Payment, Standing, Start};

/// Payments of one checkout; more is not a shopper but a card tester.
const MOST_PAYMENTS: u32 = 10;

/// `ChannelId` of the web (paywall.md §2.1).
const CHANNEL_WEB: i32 = 1;

const MOST_INSTALLMENTS: u8 = 12;

/// How long a repeated request waits for the first one, which is still starting the payment.
const TWIN_PATIENCE: Duration = Duration::from_secs(5);

/// The payment as its shopper may see it.
pub(crate) fn view(payment: &Payment) -> merchant::Payment {
    let pending = payment.status == Status::Pending;
    let link = payment.redirect_url.clone().filter(|_| pending);
    merchant::Payment {
        id: payment.id.as_str().to_owned(),
        method: payment.method.clone(),
        status: payment.status,
        next: link.map(|url| {
            Next::Redirect(Redirect {
                url,
                method: RedirectMethod::Get,
                fields: Default::default(),
            })
        }),
        error: error_of(payment),
        card: card_of(payment),
        installments: Some(payment.installments),
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
    ClientIp(client_ip): ClientIp,
    JsonBody(request): JsonBody<PaymentRequest>,
) -> Result<(StatusCode, Json<merchant::Payment>)> {
    let card_token = check(&request)?.to_owned();
    let new = NewPayment {
        request_hash: fingerprint(&checkout, &request)?,
        checkout,
        idempotency_key: key,
        method: request.instrument.method().into(),
        challenge: request.challenge,
        installments: request.instrument.installments(),
        next_check_at: app.in_time(app.start_patience()),
    };
    let worker = Arc::clone(&app);
    let work = async move {
        match worker.store.admit(new, MOST_PAYMENTS, worker.now()).await? {
            Admission::New(order, payment) => {
                tracing::info!(payment = ?payment.id, checkout = ?payment.checkout, "payment created");
                let payment = start(&worker, &order, payment, &card_token, &client_ip).await?;
                Ok((StatusCode::CREATED, payment))
            }
            Admission::Known(payment) => Ok((StatusCode::OK, started(&worker, payment).await?)),
            Admission::Mismatch => Err(Error::IdempotencyMismatch),
            Admission::Pending => Err(Error::PaymentPending),
            Admission::Paid => Err(Error::AlreadyPaid),
            Admission::Expired => Err(Error::CheckoutExpired),
            Admission::TooMany => Err(Error::TooManyAttempts),
            Admission::NoCheckout => Err(Error::CheckoutNotFound),
        }
    };
    let (status, payment) = app.to_the_end(work).await?;
    Ok((status, Json(view(&payment))))
}

fn check(request: &PaymentRequest) -> Result<&str> {
    let Instrument::Card {
        card_token: token,
        installments,
        ..
    } = &request.instrument
    else {
        return Err(Error::unfit("method: card"));
    };
    if token.is_empty() || token.len() > 200 || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Error::unfit("cardToken: 1 to 200 visible ASCII characters"));
    }
    if !(1..=MOST_INSTALLMENTS).contains(installments) {
        return Err(Error::unfit(format!(
            "installments: 1 to {MOST_INSTALLMENTS}"
        )));
    }
    Ok(token)
}

/// Tells one request from another without keeping its card token.
fn fingerprint(checkout: &CheckoutId, request: &PaymentRequest) -> Result<[u8; 32]> {
    let body = serde_json::to_vec(request).map_err(|error| Error::Internal(error.to_string()))?;
    let mut hash = Sha256::new();
    hash.update(checkout.as_str());
    hash.update(body);
    Ok(hash.finalize().into())
}

/// Starts the payment at PayWall and records what came of it. The payment is
/// stored already: whatever happens from here on, it can be asked about.
async fn start(
    app: &App,
    order: &Order,
    payment: Payment,
    card_token: &str,
    client_ip: &str,
) -> Result<Payment> {
    let currency =
        Currency::of(&order.currency).ok_or_else(|| Error::Internal("unknown currency".into()))?;
    let back_url = format!(
        "{}/return/paywall/{}",
        app.settings.public_url,
        payment.id.as_str()
    );
    let request = start_request(order, &payment, currency, card_token, client_ip, &back_url);
    match app.paywall.start_3d(&request).await {
        Ok(started) => {
            let id = started.payment.and_then(|payment| payment.payment_id);
            let next = app.in_time(FIRST_CHECK);
            if !app
                .store
                .start_answered(&payment, &started.redirect_url, id, next, app.now())
                .await?
            {
                tracing::warn!(payment = ?payment.id, "ended before its link came");
            }
        }
        Err(paywall::Error::Refused(refusal)) => match refusal.of_start() {
            StartRefusal::Failed(code) => refuse(app, &payment, code, refusal).await?,
            StartRefusal::Ask => return ask(app, payment).await,
        },
        Err(paywall::Error::Lost(_)) => return ask(app, payment).await,
    }
    Ok(app.store.payment(&payment.id).await?.unwrap_or(payment))
}

/// The outcome of start3d is unknown: only a query can tell.
async fn ask(app: &App, payment: Payment) -> Result<Payment> {
    app.store
        .start_lost(&payment, app.in_time(FIRST_CHECK))
        .await?;
    let lost = Payment {
        start: Start::Lost,
        ..payment
    };
    Ok(settle(app, lost).await?.payment)
}

async fn refuse(app: &App, payment: &Payment, code: &'static str, refusal: Refusal) -> Result<()> {
    tracing::info!(payment = ?payment.id, code, %refusal, "start3d refused");
    let ending = Ending {
        status: Status::Failed,
        error_code: code,
        error_message: refusal.message,
        next_check_at: None,
    };
    app.store
        .end(payment, ending, Standing::default(), app.now())
        .await?;
    Ok(())
}

fn start_request<'a>(
    order: &'a Order,
    payment: &'a Payment,
    currency: Currency,
    card_token: &'a str,
    client_ip: &'a str,
    back_url: &'a str,
) -> Start3d<'a> {
    Start3d {
        payment_detail: PaymentDetail {
            amount: currency.decimal(payment.amount),
            merchant_unique_code: payment.id.as_str(),
            tracking_code: &order.reference,
            merchant_success_back_url: back_url,
            merchant_fail_back_url: back_url,
            currency_id: currency.id,
            installment: payment.installments,
            half_3d: false,
            client_ip,
            channel_id: CHANNEL_WEB,
        },
        card: Card::temporary(card_token),
        customer: Customer {
            full_name: &order.customer.full_name,
            phone: &order.customer.phone,
            email: &order.customer.email,
            country: &order.customer.country,
            city: &order.customer.city,
            address: &order.customer.address,
            identity_number: order.customer.identity_number.as_deref(),
        },
        products: order
            .products
            .iter()
            .map(|product| Product {
                product_id: &product.id,
                product_name: &product.name,
                product_category: &product.category,
                product_description: &product.description,
                product_amount: currency.decimal(product.amount),
            })
            .collect(),
    }
}

/// A payment that the same key made before, once its start is over; or as it is
/// when that takes too long.
async fn started(app: &App, mut payment: Payment) -> Result<Payment> {
    let mut changes = app.store.changes();
    let deadline = Instant::now() + TWIN_PATIENCE;
    loop {
        payment = app.store.payment(&payment.id).await?.unwrap_or(payment);
        let now = Instant::now();
        if payment.status != Status::Pending || payment.start != Start::UnderWay || now >= deadline
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

/// `POST …/cancel`: asks PayWall to end a pending payment. Answers the payment
/// as PayWall then says it stands, which may still be pending, or paid.
pub(crate) async fn cancel(
    State(app): State<Arc<App>>,
    PaymentPath(checkout, id): PaymentPath,
) -> Result<Json<merchant::Payment>> {
    if app.store.order(&checkout).await?.is_none() {
        return Err(Error::CheckoutNotFound);
    }
    let payment = app
        .store
        .payment(&id)
        .await?
        .filter(|payment| payment.checkout == checkout);
    let payment = payment.ok_or(Error::PaymentNotFound)?;
    if payment.status != Status::Pending {
        return Ok(Json(view(&payment)));
    }
    let worker = Arc::clone(&app);
    let payment = app
        .to_the_end(async move {
            let settled = settle(&worker, payment).await?;
            if settled.payment.status != Status::Pending {
                return Ok(settled.payment);
            }
            close(&worker, &settled.payment).await;
            Ok(settle(&worker, settled.payment).await?.payment)
        })
        .await?;
    Ok(Json(view(&payment)))
}

/// private/cancel. Whether it worked is for the next query to say.
pub(crate) async fn close(app: &App, payment: &Payment) {
    if let Err(error) = app
        .paywall
        .cancel(payment.id.as_str(), payment.created_at)
        .await
    {
        tracing::warn!(payment = ?payment.id, %error, "cancel without success");
    }
}
