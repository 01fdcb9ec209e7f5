//! One-time codes: attempts are counted, and a code under way is marked, before
//! the provider is called. So no number of servers lets more codes through, and
//! nothing else is done to a payment while a code may be taking its money.

use jiff::Timestamp;
use kasa_checkout::wire::merchant::Next;

use super::{Payment, Result, Store, written};

impl Store {
    /// Counts one more code and marks it as under way until `until`. False when
    /// there were `limit` of them already, another one is under way, or the
    /// payment has moved on.
    pub(crate) async fn count_code(
        &self,
        payment: &Payment,
        limit: u32,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<bool> {
        let counted = sqlx::query(
            "UPDATE payments SET otp_attempts = otp_attempts + 1, confirming_until = $1
             WHERE id = $2 AND reference = $3 AND status = 'pending' AND start_call = 'answered'
               AND otp_attempts < $4 AND (confirming_until IS NULL OR confirming_until <= $5)",
        )
        .bind(until.as_millisecond())
        .bind(payment.id.as_str())
        .bind(&payment.reference)
        .bind(i64::from(limit))
        .bind(now.as_millisecond())
        .execute(self.pool())
        .await?;
        Ok(counted.rows_affected() == 1)
    }

    /// The provider answered about a code; `next`, if any, is what the shopper does now.
    pub(crate) async fn code_answered(
        &self,
        payment: &Payment,
        next: Option<&Next>,
        now: Timestamp,
    ) -> Result<()> {
        let mut work = self.database.hold(&payment.checkout).await?;
        let next = next.map(|next| written(next, "next")).transpose()?;
        let changed = sqlx::query(
            "UPDATE payments SET confirming_until = NULL, next = COALESCE($1, next), updated_at = $2
             WHERE id = $3 AND reference = $4 AND status = 'pending'",
        )
        .bind(next)
        .bind(now.as_millisecond())
        .bind(payment.id.as_str())
        .bind(&payment.reference)
        .execute(&mut *work)
        .await?;
        if changed.rows_affected() == 0 {
            return Ok(());
        }
        self.commit_visible(work, &payment.checkout).await
    }

    /// Moves the payment to the next reference, under which it is about to be
    /// started anew; attempts count from zero again. `None` when another request did, or a code is
    /// under way, or the payment has ended.
    pub(crate) async fn restart(
        &self,
        payment: &Payment,
        reference: String,
        next_check_at: Timestamp,
        now: Timestamp,
    ) -> Result<Option<Payment>> {
        let row = sqlx::query(
            "UPDATE payments SET restarts = restarts + 1, reference = $1, start_call = 'under_way', started_at = $2,
                                 next_check_at = $3, otp_attempts = 0, confirming_until = NULL
             WHERE id = $4 AND reference = $5 AND status = 'pending' AND start_call = 'answered'
               AND otp_attempts = $6 AND (confirming_until IS NULL OR confirming_until <= $2)
             RETURNING *",
        )
        .bind(reference)
        .bind(now.as_millisecond())
        .bind(next_check_at.as_millisecond())
        .bind(payment.id.as_str())
        .bind(&payment.reference)
        .bind(i64::from(payment.otp_attempts))
        .fetch_optional(self.pool())
        .await?;
        row.as_ref().map(Payment::read).transpose()
    }
}
