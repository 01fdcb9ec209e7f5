//! Asks about payments that nobody else asks about: the shopper closed the page,
//! an answer was lost, the server fell over. Gives up what is too old.

use std::sync::Arc;

use jiff::SignedDuration;
use kasa_checkout::wire::merchant::Status;
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;
use tracing::Instrument as _;

use crate::app::App;
use crate::payments::close;
use crate::problem::Result;
use crate::settle::{Verdict, expire, settle};
use crate::store::Payment;

/// From the start of a payment to the first question about it.
pub(crate) const FIRST_CHECK: SignedDuration = SignedDuration::from_secs(10);

/// Questions come further apart each time, up to this.
const LONGEST_BACK_OFF: SignedDuration = SignedDuration::from_mins(5);

/// A payment given up may still be paid in a bank's page left open: it is asked
/// about for this long after its creation.
const AFTERCARE: SignedDuration = SignedDuration::from_hours(24);

/// Questions at one time.
const AT_ONCE: u32 = 8;

/// Passes at start-up and then regularly, until the server stops.
pub(crate) async fn run(app: Arc<App>) {
    let mut ticks = tokio::time::interval(app.settings.reconcile_every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = app.stop.cancelled() => return,
            _ = ticks.tick() => {}
        }
        tokio::select! {
            () = app.stop.cancelled() => return,
            () = pass(&app) => {}
        }
    }
}

/// Asks once about every payment that is due. After a pass under way, never
/// beside it: when this one returns, what was due when it was called is asked.
pub(crate) async fn pass(app: &Arc<App>) {
    let _alone = app.reconciling.lock().await;
    loop {
        let due = match app.store.claim_due(app.now(), AT_ONCE, back_off).await {
            Ok(due) => due,
            Err(error) => {
                tracing::error!(%error, "reconciler cannot read what is due");
                return;
            }
        };
        if due.is_empty() {
            return;
        }
        let mut questions = JoinSet::new();
        for payment in due {
            let app = Arc::clone(app);
            let span = tracing::info_span!("reconcile", payment = ?payment.id);
            questions.spawn(
                async move {
                    if let Err(error) = check(&app, payment).await {
                        tracing::error!(%error, "reconciling failed");
                    }
                }
                .instrument(span),
            );
        }
        while questions.join_next().await.is_some() {}
    }
}

/// 10 s, 20 s, 40 s … up to five minutes.
fn back_off(checks: i64) -> SignedDuration {
    let doublings = u32::try_from(checks.clamp(0, 5)).unwrap_or(0);
    (FIRST_CHECK * 2_i32.pow(doublings)).min(LONGEST_BACK_OFF)
}

async fn check(app: &App, payment: Payment) -> Result<()> {
    let age = app.now().duration_since(payment.created_at);
    let settled = settle(app, payment).await?;
    let lifetime =
        SignedDuration::try_from(app.settings.payment_lifetime).unwrap_or(SignedDuration::MAX);
    let spoken = matches!(settled.verdict, Verdict::Declined | Verdict::Canceled);
    match settled.payment.status {
        Status::Pending if age >= lifetime => give_up(app, settled.payment).await,
        Status::Failed | Status::Canceled if spoken || age >= lifetime.max(AFTERCARE) => {
            Ok(app.store.stop_checking(&settled.payment).await?)
        }
        _ => Ok(()),
    }
}

/// Closes the payment at PayWall, so that the bank's page cannot take it any
/// more, and ends it here only if PayWall then says that no money is moving.
async fn give_up(app: &App, payment: Payment) -> Result<()> {
    close(app, &payment).await;
    let settled = settle(app, payment).await?;
    let idle = matches!(settled.verdict, Verdict::Open | Verdict::NotFound);
    if settled.payment.status == Status::Pending && idle {
        expire(app, &settled.payment, LONGEST_BACK_OFF).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_come_further_apart_up_to_five_minutes() {
        let seconds: Vec<i64> = [0, 1, 2, 3, 4, 5, 6, 1000]
            .map(|checks| back_off(checks).as_secs())
            .into();
        assert_eq!(seconds, [10, 20, 40, 80, 160, 300, 300, 300]);
    }
}
