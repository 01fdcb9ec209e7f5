//! What became of a payment: how its start ended, and how it ended itself. Every
//! change of a status is a compare-and-set, so that of two who know something
//! different only one is written.

use jiff::{SignedDuration, Timestamp};
use kasa_checkout::wire::merchant::Status;
use sqlx::Row as _;

use super::payments::status_text;
use super::{Payment, Result, Store};

/// How a payment ended without money.
pub(crate) struct Ending {
    pub(crate) status: Status,
    pub(crate) error_code: &'static str,
    pub(crate) error_message: Option<String>,
    /// When to ask once more all the same; `None` when PayWall has spoken.
    pub(crate) next_check_at: Option<Timestamp>,
}

/// What a query told beside the outcome; stored with it.
#[derive(Default)]
pub(crate) struct Standing {
    pub(crate) card_masked: Option<String>,
    pub(crate) payment_id: Option<i64>,
    pub(crate) status_id: Option<i64>,
}

/// What was overturned by a payment being paid.
pub(crate) struct Paid {
    pub(crate) before: Status,
    /// Another payment had paid the order already: money to give back.
    pub(crate) twice: bool,
}

impl Store {
    /// start3d answered with a link. False when the payment ended meanwhile: the
    /// link must then not be handed out.
    pub(crate) async fn start_answered(
        &self,
        payment: &Payment,
        redirect_url: &str,
        provider_payment_id: Option<i64>,
        next_check_at: Timestamp,
        now: Timestamp,
    ) -> Result<bool> {
        let mut work = self.write().await?;
        let changed = sqlx::query(
            "UPDATE payments SET start = 'answered', redirect_url = ?, provider_payment_id = ?, next_check_at = ?,
                                 updated_at = ?
             WHERE id = ? AND status = 'pending'",
        )
        .bind(redirect_url)
        .bind(provider_payment_id)
        .bind(next_check_at.as_millisecond())
        .bind(now.as_millisecond())
        .bind(payment.id.as_str())
        .execute(&mut *work)
        .await?;
        if changed.rows_affected() == 0 {
            return Ok(false);
        }
        self.commit_visible(work, &payment.checkout).await?;
        Ok(true)
    }

    /// start3d brought no usable answer. Invisible to the shopper: still pending, still no link.
    pub(crate) async fn start_lost(
        &self,
        payment: &Payment,
        next_check_at: Timestamp,
    ) -> Result<()> {
        sqlx::query(
            "UPDATE payments SET start = 'lost', next_check_at = ? WHERE id = ? AND status = 'pending'",
        )
        .bind(next_check_at.as_millisecond())
        .bind(payment.id.as_str())
        .execute(&self.pool)
        .await
        .map(drop)
    }

    /// Ends a pending payment without money. False when it had ended already.
    pub(crate) async fn end(
        &self,
        payment: &Payment,
        ending: Ending,
        standing: Standing,
        now: Timestamp,
    ) -> Result<bool> {
        let mut work = self.write().await?;
        let changed = sqlx::query(
            "UPDATE payments SET status = ?, error_code = ?, error_message = ?, next_check_at = ?,
                                 card_masked = COALESCE(?, card_masked),
                                 provider_payment_id = COALESCE(?, provider_payment_id),
                                 provider_status_id = COALESCE(?, provider_status_id), updated_at = ?
             WHERE id = ? AND status = 'pending'",
        )
        .bind(status_text(ending.status))
        .bind(ending.error_code)
        .bind(ending.error_message)
        .bind(ending.next_check_at.map(Timestamp::as_millisecond))
        .bind(standing.card_masked)
        .bind(standing.payment_id)
        .bind(standing.status_id)
        .bind(now.as_millisecond())
        .bind(payment.id.as_str())
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
        standing: Standing,
        now: Timestamp,
    ) -> Result<Option<Paid>> {
        let mut work = self.write().await?;
        let row = sqlx::query("SELECT * FROM payments WHERE id = ?")
            .bind(payment.id.as_str())
            .fetch_one(&mut *work)
            .await?;
        let before = Payment::read(&row)?.status;
        let changed = sqlx::query(
            "UPDATE payments SET status = 'paid', error_code = NULL, error_message = NULL, next_check_at = NULL,
                                 card_masked = COALESCE(?, card_masked),
                                 provider_payment_id = COALESCE(?, provider_payment_id),
                                 provider_status_id = COALESCE(?, provider_status_id), updated_at = ?
             WHERE id = ? AND status IN ('pending', 'failed', 'canceled')",
        )
        .bind(standing.card_masked)
        .bind(standing.payment_id)
        .bind(standing.status_id)
        .bind(now.as_millisecond())
        .bind(payment.id.as_str())
        .execute(&mut *work)
        .await?;
        if changed.rows_affected() == 0 {
            return Ok(None);
        }
        let first =
            sqlx::query("UPDATE orders SET paid_at = ? WHERE checkout = ? AND paid_at IS NULL")
                .bind(now.as_millisecond())
                .bind(payment.checkout.as_str())
                .execute(&mut *work)
                .await?;
        self.commit_visible(work, &payment.checkout).await?;
        let twice = first.rows_affected() == 0;
        Ok(Some(Paid { before, twice }))
    }

    /// Keeps what a query told of a payment whose status it did not change.
    pub(crate) async fn note(&self, payment: &Payment, standing: Standing) -> Result<()> {
        sqlx::query(
            "UPDATE payments SET card_masked = COALESCE(?, card_masked),
                                 provider_payment_id = COALESCE(?, provider_payment_id),
                                 provider_status_id = COALESCE(?, provider_status_id)
             WHERE id = ? AND status = 'pending'",
        )
        .bind(standing.card_masked)
        .bind(standing.payment_id)
        .bind(standing.status_id)
        .bind(payment.id.as_str())
        .execute(&self.pool)
        .await
        .map(drop)
    }

    /// Takes up to `limit` payments that are due to be asked about, and puts
    /// their next check off by `back_off(checks so far)`; so two servers never
    /// take the same one.
    pub(crate) async fn claim_due(
        &self,
        now: Timestamp,
        limit: u32,
        back_off: impl Fn(i64) -> SignedDuration,
    ) -> Result<Vec<Payment>> {
        let mut work = self.write().await?;
        let rows = sqlx::query(
            "SELECT * FROM payments WHERE next_check_at <= ? ORDER BY next_check_at LIMIT ?",
        )
        .bind(now.as_millisecond())
        .bind(limit)
        .fetch_all(&mut *work)
        .await?;
        for row in &rows {
            let next = now
                .checked_add(back_off(row.try_get("checks")?))
                .unwrap_or(now);
            sqlx::query("UPDATE payments SET checks = checks + 1, next_check_at = ? WHERE id = ?")
                .bind(next.as_millisecond())
                .bind(row.try_get::<String, _>("id")?)
                .execute(&mut *work)
                .await?;
        }
        work.commit().await?;
        rows.iter().map(Payment::read).collect()
    }

    /// Never asks about this payment again.
    pub(crate) async fn stop_checking(&self, payment: &Payment) -> Result<()> {
        sqlx::query("UPDATE payments SET next_check_at = NULL WHERE id = ?")
            .bind(payment.id.as_str())
            .execute(&self.pool)
            .await
            .map(drop)
    }
}
