//! The browser reads its checkout, with a long poll for changes. Never asks a
//! provider how a payment stands: that is [`settle`](crate::settle)'s.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use kasa_checkout::wire::merchant::{Checkout, MAX_WAIT_SECONDS, Status};
use serde::Deserialize;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::Instant;

use crate::app::App;
use crate::extract::CheckoutPath;
use crate::ids::CheckoutId;
use crate::metrics::Limit;
use crate::payments;
use crate::problem::{Error, Result};
use crate::store::{Order, Snapshot};

/// Changes made by another server over the same database are seen this often.
const LOOK_EVERY: Duration = Duration::from_secs(1);

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
    // Who waits on too many pages is answered at once, and asks again.
    let Some(_place) = app.polls.begin(id, app.settings.connections.polls) else {
        app.metrics.limited(Limit::CheckoutPolls);
        return look(app, id).await;
    };
    let _open = app.metrics.long_poll();
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

/// The order of a checkout at which a card may still be typed or chosen.
pub(crate) async fn open_order(app: &App, id: &CheckoutId) -> Result<Order> {
    let order = app.store.order(id).await?.ok_or(Error::CheckoutNotFound)?;
    if order.paid_at.is_some() {
        return Err(Error::AlreadyPaid);
    }
    if order.expires_at <= app.now() {
        return Err(Error::CheckoutExpired);
    }
    Ok(order)
}

/// The checkout as it is now; one whose time ran out unpaid is gone, unless a
/// payment of it may still come in.
async fn look(app: &App, id: &CheckoutId) -> Result<Checkout> {
    let Snapshot { order, payment } = app
        .store
        .snapshot(id)
        .await?
        .ok_or(Error::CheckoutNotFound)?;
    let now = app.now();
    let pending = payment
        .as_ref()
        .is_some_and(|payment| payment.status == Status::Pending);
    if order.paid_at.is_none() && !pending && order.expires_at <= now {
        return Err(Error::CheckoutExpired);
    }
    Ok(Checkout {
        id: order.checkout.as_str().to_owned(),
        revision: order.revision,
        amount: order.amount,
        currency: order.currency,
        description: order.description,
        methods: order.methods,
        payment: payment.as_ref().map(|payment| payments::view(payment, now)),
        expires_at: order.expires_at.to_string(),
        locale: order.locale,
    })
}
