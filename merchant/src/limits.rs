//! Against those who try out cards that are not theirs: how often the same
//! checkout, customer and address may try. Decides what is counted; the counting
//! is [`store`](crate::store)'s, so that servers count together.
//!
//! Nobody's address or name is kept: what is counted is a keyed hash of it.

use std::time::Duration;

use jiff::SignedDuration;
use tokio::time::MissedTickBehavior;

use crate::address::ClientAddress;
use crate::app::App;
use crate::ids::CheckoutId;
use crate::metrics::Limit;
use crate::problem::{Error, Result};
use crate::store::{Order, Over, Question, Tries};

/// Rows of windows that are over are looked for this often.
const FORGET_EVERY: Duration = Duration::from_secs(60);

/// Phone numbers are written in many ways; these digits stay.
const PHONE_DIGITS: usize = 10;

/// What a new payment of `order` counts as.
pub(crate) fn of_payment(app: &App, order: &Order, from: ClientAddress) -> Result<Vec<Tries>> {
    let limits = &app.settings.limits;
    let customer = &order.customer;
    let digits = customer.phone.chars().filter(char::is_ascii_digit);
    let digits: String = digits.collect();
    let phone = digits.get(digits.len().saturating_sub(PHONE_DIGITS)..);
    let named = [
        ("customer", order.customer_id.clone()),
        ("e-mail", Some(customer.email.trim().to_lowercase())),
        ("phone", phone.map(str::to_owned)),
    ];
    let mut tries = Vec::new();
    for (kind, name) in named {
        let Some(name) = name.filter(|name| !name.is_empty()) else {
            continue;
        };
        tries.extend(tried(
            app,
            Limit::CustomerPayments,
            limits.customer_payments,
            kind,
            &name,
        )?);
    }
    if let Some(address) = from.subscriber() {
        let most = limits.address_payments;
        tries.extend(tried(
            app,
            Limit::AddressPayments,
            most,
            "payments of",
            &address,
        )?);
    }
    Ok(tries)
}

/// Counts what makes the server ask a provider without a new payment. One that
/// is refused here counts nowhere.
pub(crate) async fn ask(
    app: &App,
    checkout: &CheckoutId,
    question: Question,
    from: ClientAddress,
) -> Result<()> {
    let limits = &app.settings.limits;
    let (limit, of_checkout) = match question {
        Question::Token => (Limit::CheckoutTokens, limits.checkout_tokens),
        Question::Lookup => (Limit::CheckoutLookups, limits.checkout_lookups),
        // Of these a payment has its own.
        Question::OfPayment => (Limit::AddressQuestions, 0),
    };
    let tries = match from.subscriber() {
        Some(address) => {
            let most = limits.address_questions;
            tried(app, Limit::AddressQuestions, most, "questions of", &address)?
        }
        None => None,
    };
    let over = app
        .store
        .count_question(checkout, question, of_checkout, tries.as_ref(), app.now())
        .await?;
    over.map_or(Ok(()), |over| Err(refusal(app, over, limit)))
}

/// What is said of it; `of_checkout` is the checkout's own limit.
pub(crate) fn refusal(app: &App, over: Over, of_checkout: Limit) -> Error {
    match over {
        Over::Checkout => {
            app.metrics.limited(of_checkout);
            Error::TooManyAttempts
        }
        Over::Until { limit, ends_at } => {
            app.metrics.limited(limit);
            let after = ends_at.duration_since(app.now());
            Error::TryLater {
                after: Duration::try_from(after).unwrap_or_default(),
            }
        }
    }
}

fn tried(app: &App, limit: Limit, most: u32, kind: &str, name: &str) -> Result<Option<Tries>> {
    if most == 0 {
        return Ok(None);
    }
    let window = SignedDuration::try_from(app.settings.limits.window);
    Ok(Some(Tries {
        limit,
        most,
        subject: app.fingerprint(&[kind.as_bytes(), b"\0", name.as_bytes()])?,
        ends_at: app.in_time(window.unwrap_or(SignedDuration::from_hours(1))),
    }))
}

/// Forgets windows that are over, until the server stops.
pub(crate) async fn forget(app: &App) {
    let mut ticks = tokio::time::interval(FORGET_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = app.stop.cancelled() => return,
            _ = ticks.tick() => {}
        }
        if let Err(error) = app.store.forget_tries(app.now()).await {
            tracing::error!(%error, "tries that are over cannot be forgotten");
        }
    }
}
