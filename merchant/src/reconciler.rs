//! Asks about payments and refunds that nobody else asks about: the shopper closed
//! the page, an answer was lost, the server fell over. Gives up what is too old.
//!
//! Each provider has a round of its own, so that one that is slow does not hold
//! up what another could tell at once.

use std::sync::Arc;

use jiff::SignedDuration;
use kasa_checkout::wire::merchant::Status;
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;
use tracing::Instrument as _;

use crate::app::App;
use crate::limits;
use crate::problem::Result;
use crate::providers::{Asked, Pace, Provider, Verdict};
use crate::refunds;
use crate::settle::{Settled, give_up, settle};
use crate::store::{Payment, Refund};

/// A payment given up may still be paid on a page left open: it is asked about
/// for this long after its creation.
const AFTERCARE: SignedDuration = SignedDuration::from_hours(24);

/// Questions to one provider at one time.
const AT_ONCE: u32 = 8;

/// Passes at start-up and then regularly, until the server stops.
pub(crate) async fn run(app: Arc<App>) {
    let mut rounds = JoinSet::new();
    for asked in app.providers.iter() {
        rounds.spawn(rounds_of(Arc::clone(&app), Arc::clone(asked)));
    }
    let worker = Arc::clone(&app);
    rounds.spawn(async move { limits::forget(&worker).await });
    while rounds.join_next().await.is_some() {}
}

async fn rounds_of(app: Arc<App>, asked: Arc<Asked>) {
    let mut ticks = tokio::time::interval(app.settings.reconcile_every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = app.stop.cancelled() => return,
            _ = ticks.tick() => {}
        }
        tokio::select! {
            () = app.stop.cancelled() => return,
            () = round(&app, &asked) => {}
        }
    }
}

/// Asks once about every payment that is due.
pub(crate) async fn pass(app: &Arc<App>) {
    let rounds = app.providers.iter().map(|asked| round(app, asked));
    futures_util::future::join_all(rounds).await;
}

/// After a round under way, never beside it: when this one returns, what was due
/// when it was called is asked.
async fn round(app: &Arc<App>, asked: &Asked) {
    let _alone = asked.asking.lock().await;
    let provider = &asked.provider;
    if let Err(error) = provider.chores(app).await {
        tracing::error!(%error, "chores of a provider failed");
    }
    loop {
        let due = match due(app, provider).await {
            Ok(due) => due,
            Err(error) => {
                tracing::error!(%error, "reconciler cannot read what is due");
                return;
            }
        };
        if due.is_empty() {
            app.metrics.round_ended(provider.method(), app.now());
            return;
        }
        let mut questions = JoinSet::new();
        for due in due {
            let (app, provider) = (Arc::clone(app), Arc::clone(provider));
            let span = tracing::info_span!("reconcile", payment = ?due.payment().id);
            questions.spawn(
                async move {
                    let checked = match due {
                        Due::Payment(payment) => check(&app, &*provider, payment).await,
                        Due::Refund(payment, refund) => {
                            refunds::check(&app, &*provider, payment, *refund).await
                        }
                    };
                    if let Err(error) = checked {
                        tracing::error!(%error, "reconciling failed");
                    }
                }
                .instrument(span),
            );
        }
        while questions.join_next().await.is_some() {}
    }
}

enum Due {
    Payment(Payment),
    /// With the payment that it gives back.
    Refund(Payment, Box<Refund>),
}

impl Due {
    fn payment(&self) -> &Payment {
        match self {
            Due::Payment(payment) | Due::Refund(payment, _) => payment,
        }
    }
}

async fn due(app: &App, provider: &Arc<dyn Provider>) -> Result<Vec<Due>> {
    let (method, now) = (provider.method(), app.now());
    let payments = app
        .store
        .claim_due(method, now, AT_ONCE, |payment, checks| {
            let age = now.duration_since(payment.started_at);
            provider.pace(payment).back_off(checks, age)
        })
        .await?;
    let refunds = app
        .store
        .claim_refunds(method, now, AT_ONCE, refund_back_off)
        .await?;
    let payments = payments.into_iter().map(Due::Payment);
    let refunds = refunds
        .into_iter()
        .map(|(payment, refund)| Due::Refund(payment, Box::new(refund)));
    Ok(payments.chain(refunds).collect())
}

/// A minute, two, four … up to an hour: nobody looks at a page meanwhile.
fn refund_back_off(checks: u32) -> SignedDuration {
    let minutes = 2_i64.pow(checks.min(6));
    SignedDuration::from_mins(minutes).min(SignedDuration::from_hours(1))
}

async fn check(app: &App, provider: &dyn Provider, payment: Payment) -> Result<()> {
    let age = app.now().duration_since(payment.created_at);
    let settled = settle(app, payment).await?;
    let lifetime =
        SignedDuration::try_from(app.settings.payment_lifetime).unwrap_or(SignedDuration::MAX);
    let spoken = matches!(
        settled.verdict,
        Some(Verdict::Declined { .. } | Verdict::Canceled)
    );
    match settled.payment.status {
        Status::Pending if age >= lifetime => close_old(app, provider, settled).await,
        Status::Failed | Status::Canceled if spoken || age >= lifetime.max(AFTERCARE) => {
            Ok(app.store.stop_checking(&settled.payment).await?)
        }
        _ => Ok(()),
    }
}

/// Closes the payment at its provider, so that a page left open cannot take it
/// any more, and ends it here only if the provider then says that no money is moving.
async fn close_old(app: &App, provider: &dyn Provider, mut settled: Settled) -> Result<()> {
    if provider.closes() {
        provider.close(&settled.payment).await;
        settled = settle(app, settled.payment).await?;
    }
    let idle = matches!(
        settled.verdict,
        Some(Verdict::Open { .. } | Verdict::NotFound)
    );
    if settled.payment.status == Status::Pending && idle {
        let status = Status::Failed;
        give_up(app, &settled.payment, status, "expired", Pace::LONGEST).await?;
    }
    Ok(())
}
