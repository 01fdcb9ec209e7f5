//! What became of a payment: how its start ended, and how it ended itself. Every
//! change is a compare-and-set on status and reference, so that of two who know
//! something different only one is written, and what was learned of an earlier
//! start never ends the one after it.

use jiff::{SignedDuration, Timestamp};
use kasa_checkout::wire::merchant::{Next, Status};
use serde_json::Value;

use super::payments::status_text;
use super::refunds::{Planned, plan};
use super::{Payment, Result, Store, Work, written};
use crate::chance::Chance;
use crate::{events, text};

/// How a payment ended without money.
pub(crate) struct Ending {
    pub(crate) status: Status,
    pub(crate) error_code: &'static str,
    pub(crate) error_message: Option<String>,
    /// When to ask once more all the same; `None` when the provider has spoken.
    pub(crate) next_check_at: Option<Timestamp>,
}

/// What a provider told beside the outcome; stored with it. `None` leaves what is stored.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    pub(crate) next: Option<Next>,
    pub(crate) state: Option<Value>,
    pub(crate) provider_id: Option<String>,
    pub(crate) provider_status: Option<String>,
    pub(crate) card_masked: Option<String>,
}

/// What was overturned by a payment being paid.
pub(crate) struct Paid {
    pub(crate) before: Status,
    /// Another payment had paid the order already: the refund of this one is planned.
    pub(crate) twice: bool,
}

/// Plans the refund of all of a payment that nobody owed. The reconciler sends it.
async fn give_back(
    work: &mut Work,
    chance: &Chance,
    payment: &Payment,
    now: Timestamp,
) -> Result<()> {
    let planned = Planned {
        payment,
        // Keys of the shop have at least sixteen characters and no colon.
        idempotency_key: &format!("twice:{}", payment.id.as_str()),
        request_hash: "",
        amount: payment.amount,
        reason: Some(text::PAID_TWICE),
        next_check_at: now,
    };
    plan(work, chance, planned, now).await.map(drop)
}

impl Facts {
    fn next(&self) -> Result<Option<String>> {
        let next = self.next.as_ref();
        next.map(|next| written(next, "next")).transpose()
    }

    fn state(&self) -> Result<Option<String>> {
        let state = self.state.as_ref();
        state.map(|state| written(state, "state")).transpose()
    }
}

impl Store {
    /// The provider answered the start. False when the payment ended meanwhile:
    /// the next step must then not be handed out.
    pub(crate) async fn start_answered(
        &self,
        payment: &Payment,
        facts: Facts,
        next_check_at: Timestamp,
        now: Timestamp,
    ) -> Result<bool> {
        let mut work = self.database.hold(&payment.checkout).await?;
        let changed = sqlx::query(
            "UPDATE payments SET start_call = 'answered', next = $1, state = COALESCE($2, state),
                                 provider_id = COALESCE($3, provider_id), next_check_at = $4, checks = 0,
                                 updated_at = $5
             WHERE id = $6 AND reference = $7 AND status = 'pending'",
        )
        .bind(facts.next()?)
        .bind(facts.state()?)
        .bind(&facts.provider_id)
        .bind(next_check_at.as_millisecond())
        .bind(now.as_millisecond())
        .bind(payment.id.as_str())
        .bind(&payment.reference)
        .execute(&mut *work)
        .await?;
        if changed.rows_affected() == 0 {
            return Ok(false);
        }
        self.commit_visible(work, &payment.checkout).await?;
        Ok(true)
    }

    /// The start brought no usable answer. Invisible to the shopper: still pending, still no next step.
    pub(crate) async fn start_lost(
        &self,
        payment: &Payment,
        next_check_at: Timestamp,
    ) -> Result<()> {
        sqlx::query(
            "UPDATE payments SET start_call = 'lost', next_check_at = $1, checks = 0
             WHERE id = $2 AND reference = $3 AND status = 'pending'",
        )
        .bind(next_check_at.as_millisecond())
        .bind(payment.id.as_str())
        .bind(&payment.reference)
        .execute(self.pool())
        .await
        .map(drop)
    }

    /// Ends a pending payment without money, as its provider said. False when it
    /// had ended already, or was started anew meanwhile.
    pub(crate) async fn end(
        &self,
        payment: &Payment,
        ending: Ending,
        facts: Facts,
        now: Timestamp,
    ) -> Result<bool> {
        self.end_where(payment, ending, facts, now, false).await
    }

    /// Ends a pending payment of which its provider only said that no money is
    /// moving. False also while a one-time code may be on its way there: then
    /// money may move after all.
    pub(crate) async fn give_up(
        &self,
        payment: &Payment,
        ending: Ending,
        now: Timestamp,
    ) -> Result<bool> {
        self.end_where(payment, ending, Facts::default(), now, true)
            .await
    }

    async fn end_where(
        &self,
        payment: &Payment,
        ending: Ending,
        facts: Facts,
        now: Timestamp,
        at_rest: bool,
    ) -> Result<bool> {
        let mut work = self.database.hold(&payment.checkout).await?;
        let changed = sqlx::query(
            "UPDATE payments SET status = $1, error_code = $2, error_message = $3, next_check_at = $4,
                                 state = COALESCE($5, state), card_masked = COALESCE($6, card_masked),
                                 provider_id = COALESCE($7, provider_id),
                                 provider_status = COALESCE($8, provider_status), updated_at = $9
             WHERE id = $10 AND reference = $11 AND status = 'pending'
               AND ($12 = 0 OR confirming_until IS NULL OR confirming_until <= $9)",
        )
        .bind(status_text(ending.status))
        .bind(ending.error_code)
        .bind(ending.error_message)
        .bind(ending.next_check_at.map(Timestamp::as_millisecond))
        .bind(facts.state()?)
        .bind(facts.card_masked)
        .bind(facts.provider_id)
        .bind(facts.provider_status)
        .bind(now.as_millisecond())
        .bind(payment.id.as_str())
        .bind(&payment.reference)
        .bind(i64::from(at_rest))
        .execute(&mut *work)
        .await?;
        if changed.rows_affected() == 0 {
            return Ok(false);
        }
        self.commit_visible(work, &payment.checkout).await?;
        Ok(true)
    }

    /// Records that a payment is paid, whatever was thought of it before: money
    /// that came in is never lost to a race. `None` when it was recorded already.
    pub(crate) async fn pay(
        &self,
        payment: &Payment,
        facts: Facts,
        now: Timestamp,
    ) -> Result<Option<Paid>> {
        let mut work = self.database.hold(&payment.checkout).await?;
        let row = sqlx::query("SELECT * FROM payments WHERE id = $1")
            .bind(payment.id.as_str())
            .fetch_one(&mut *work)
            .await?;
        let before = Payment::read(&row)?.status;
        // The reference too: after a restart the money may have come in under the earlier one.
        let changed = sqlx::query(
            "UPDATE payments SET status = 'paid', error_code = NULL, error_message = NULL, next_check_at = NULL,
                                 reference = $1, state = COALESCE($2, state),
                                 card_masked = COALESCE($3, card_masked), provider_id = COALESCE($4, provider_id),
                                 provider_status = COALESCE($5, provider_status), updated_at = $6
             WHERE id = $7 AND status IN ('pending', 'failed', 'canceled')",
        )
        .bind(&payment.reference)
        .bind(facts.state()?)
        .bind(facts.card_masked)
        .bind(facts.provider_id)
        .bind(facts.provider_status)
        .bind(now.as_millisecond())
        .bind(payment.id.as_str())
        .execute(&mut *work)
        .await?;
        if changed.rows_affected() == 0 {
            return Ok(None);
        }
        let first =
            sqlx::query("UPDATE orders SET paid_at = $1 WHERE checkout = $2 AND paid_at IS NULL")
                .bind(now.as_millisecond())
                .bind(payment.checkout.as_str())
                .execute(&mut *work)
                .await?;
        let twice = first.rows_affected() == 0;
        if twice {
            give_back(&mut work, &self.chance, payment, now).await?;
        } else {
            self.announce(&mut work, &payment.checkout, now, |books| {
                events::order_paid(books, &payment.id, now)
            })
            .await?;
        }
        self.commit_visible(work, &payment.checkout).await?;
        self.ring();
        Ok(Some(Paid { before, twice }))
    }

    /// Keeps what was learned of a pending payment whose status it did not
    /// change. Visible where the shopper's next step is another now.
    pub(crate) async fn note(&self, payment: &Payment, facts: Facts, now: Timestamp) -> Result<()> {
        let mut work = self.database.hold(&payment.checkout).await?;
        let next = facts.next()?;
        let shown: Option<Option<String>> = sqlx::query_scalar(
            "SELECT next FROM payments WHERE id = $1 AND reference = $2 AND status = 'pending'",
        )
        .bind(payment.id.as_str())
        .bind(&payment.reference)
        .fetch_optional(&mut *work)
        .await?;
        let Some(shown) = shown else { return Ok(()) };
        let visible = next.is_some() && next != shown;
        sqlx::query(
            "UPDATE payments SET next = COALESCE($1, next), state = COALESCE($2, state),
                                 card_masked = COALESCE($3, card_masked), provider_id = COALESCE($4, provider_id),
                                 provider_status = COALESCE($5, provider_status),
                                 start_call = CASE WHEN $6 = 1 THEN 'answered' ELSE start_call END,
                                 updated_at = CASE WHEN $6 = 1 THEN $7 ELSE updated_at END
             WHERE id = $8",
        )
        .bind(next)
        .bind(facts.state()?)
        .bind(facts.card_masked)
        .bind(facts.provider_id)
        .bind(facts.provider_status)
        .bind(i64::from(visible))
        .bind(now.as_millisecond())
        .bind(payment.id.as_str())
        .execute(&mut *work)
        .await?;
        if visible {
            self.commit_visible(work, &payment.checkout).await
        } else {
            work.commit().await
        }
    }

    /// The shopper asked to cancel, and it could not be granted.
    pub(crate) async fn wish_canceled(&self, payment: &Payment) -> Result<()> {
        sqlx::query("UPDATE payments SET cancel_wish = 1 WHERE id = $1 AND status = 'pending'")
            .bind(payment.id.as_str())
            .execute(self.pool())
            .await
            .map(drop)
    }

    /// Takes up to `limit` payments of `method` that are due to be asked about,
    /// and puts their next check off by `back_off(payment, checks so far)`; so
    /// two servers never take the same one.
    pub(crate) async fn claim_due(
        &self,
        method: &str,
        now: Timestamp,
        limit: u32,
        back_off: impl Fn(&Payment, u32) -> SignedDuration,
    ) -> Result<Vec<Payment>> {
        const DUE: &str = "SELECT * FROM payments WHERE method = $1 AND next_check_at <= $2
                           ORDER BY next_check_at LIMIT $3";
        // Most looks find nothing: they must not take the write lock.
        let any = sqlx::query(DUE)
            .bind(method)
            .bind(now.as_millisecond())
            .bind(1_i64);
        if any.fetch_optional(self.pool()).await?.is_none() {
            return Ok(Vec::new());
        }
        let mut work = self.database.write().await?;
        let rows = sqlx::query(self.database.claiming(DUE, "payments"))
            .bind(method)
            .bind(now.as_millisecond())
            .bind(i64::from(limit))
            .fetch_all(&mut *work)
            .await?;
        let mut payments = Vec::with_capacity(rows.len());
        for row in &rows {
            let payment = Payment::read(row)?;
            let wait = back_off(&payment, super::count(row, "checks")?);
            let next = now.checked_add(wait).unwrap_or(now);
            sqlx::query(
                "UPDATE payments SET checks = checks + 1, next_check_at = $1 WHERE id = $2",
            )
            .bind(next.as_millisecond())
            .bind(payment.id.as_str())
            .execute(&mut *work)
            .await?;
            payments.push(payment);
        }
        work.commit().await?;
        Ok(payments)
    }

    /// Never asks about this payment again.
    pub(crate) async fn stop_checking(&self, payment: &Payment) -> Result<()> {
        sqlx::query("UPDATE payments SET next_check_at = NULL WHERE id = $1")
            .bind(payment.id.as_str())
            .execute(self.pool())
            .await
            .map(drop)
    }
}
