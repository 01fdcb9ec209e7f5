//! The browser reads its checkout, with a long poll for changes, and gets a
//! TempToken. Never asks PayWall how a payment stands: that is [`settle`](crate::settle)'s.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use jiff::Timestamp;
use kasa_checkout::wire::merchant::{
    Checkout, MAX_WAIT_SECONDS, Method, Purpose, Status, TempToken, TempTokenRequest,
};
use serde::Deserialize;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::Instant;

use crate::app::App;
use crate::extract::{CheckoutPath, JsonBody};
use crate::ids::CheckoutId;
use crate::payments;
use crate::problem::{Error, Result};
use crate::store::Snapshot;

/// Changes made by another server over the same database are seen this often.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// TempTokens for one checkout; more is not a shopper but a card tester.
const MOST_TEMP_TOKENS: u32 = 30;

#[derive(Deserialize)]
pub(crate) struct LongPoll {
    /// Seconds.
    wait: Option<u32>,
    since: Option<u64>,
}

pub(crate) async fn read(
    State(app): State<Arc<App>>,
    CheckoutPath(id): CheckoutPath,
    query: std::result::Result<Query<LongPoll>, QueryRejection>,
) -> Result<Json<Checkout>> {
    let Ok(Query(poll)) = query else {
        return Err(Error::unreadable("wait and since: whole numbers"));
    };
    let wait = poll.wait.unwrap_or(0);
    if wait > MAX_WAIT_SECONDS {
        return Err(Error::unreadable(format!("wait: 0 to {MAX_WAIT_SECONDS}")));
    }
    let checkout = match poll.since {
        Some(since) if wait > 0 => {
            changed_since(&app, &id, since, Duration::from_secs(wait.into())).await?
        }
        _ => look(&app, &id).await?,
    };
    Ok(Json(checkout))
}

/// The checkout as soon as its revision is above `since`, or as it is after `wait`.
async fn changed_since(app: &App, id: &CheckoutId, since: u64, wait: Duration) -> Result<Checkout> {
    // Before the first look, so that no change falls between the two.
    let mut changes = app.store.changes();
    let deadline = Instant::now() + wait;
    loop {
        let checkout = look(app, id).await?;
        let now = Instant::now();
        if checkout.revision > since || now >= deadline {
            return Ok(checkout);
        }
        tokio::select! {
            () = announced(&mut changes, id) => {}
            () = tokio::time::sleep_until(deadline.min(now + LOOK_EVERY)) => {}
            () = app.stop.cancelled() => return Ok(checkout),
        }
    }
}

/// Resolves when this process changed the checkout, or may have.
pub(crate) async fn announced(changes: &mut Receiver<CheckoutId>, id: &CheckoutId) {
    loop {
        match changes.recv().await {
            Ok(changed) if changed == *id => return,
            Ok(_) => {}
            Err(RecvError::Lagged(_)) => return,
            Err(RecvError::Closed) => std::future::pending().await,
        }
    }
}

/// The checkout as it is now; one whose time ran out unpaid is gone, unless a
/// payment of it may still come in.
async fn look(app: &App, id: &CheckoutId) -> Result<Checkout> {
    let Snapshot { order, payment } = app
        .store
        .snapshot(id)
        .await?
        .ok_or(Error::CheckoutNotFound)?;
    let pending = payment
        .as_ref()
        .is_some_and(|payment| payment.status == Status::Pending);
    if order.paid_at.is_none() && !pending && order.expires_at <= app.now() {
        return Err(Error::CheckoutExpired);
    }
    Ok(Checkout {
        id: order.checkout.as_str().to_owned(),
        revision: order.revision,
        amount: order.amount,
        currency: order.currency,
        description: order.description,
        methods: vec![Method::Card { save: false }],
        payment: payment.as_ref().map(payments::view),
        expires_at: order.expires_at.to_string(),
        locale: order.locale,
    })
}

pub(crate) async fn temp_token(
    State(app): State<Arc<App>>,
    CheckoutPath(id): CheckoutPath,
    JsonBody(TempTokenRequest {
        purpose: Purpose::Card,
    }): JsonBody<TempTokenRequest>,
) -> Result<Json<TempToken>> {
    let order = app.store.order(&id).await?.ok_or(Error::CheckoutNotFound)?;
    if order.paid_at.is_some() {
        return Err(Error::AlreadyPaid);
    }
    if order.expires_at <= app.now() {
        return Err(Error::CheckoutExpired);
    }
    if !app.store.count_temp_token(&id, MOST_TEMP_TOKENS).await? {
        return Err(Error::TooManyAttempts);
    }
    let token = app
        .paywall
        .temp_token()
        .await
        .map_err(Error::ProviderUnavailable)?;
    let expires_at: Timestamp = token
        .expiry_date_time
        .parse()
        .map_err(|_| Error::ProviderUnavailable(crate::paywall::Loss::UnexpectedBody.into()))?;
    Ok(Json(TempToken {
        token: token.token,
        expires_at: expires_at.to_string(),
        scope: Purpose::Card,
        payment_api: app.paywall.payment_api().to_owned(),
    }))
}
