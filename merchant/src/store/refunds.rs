//! Money given back. A refund is stored before its provider is told, and told
//! at most once: no provider promises to know a second request for the first.

use jiff::{SignedDuration, Timestamp};
use sqlx::Row as _;

use super::{Payment, Result, Row, Store, Work, count, moment, optional_moment, unreadable};
use crate::chance::Chance;
use crate::events;
use crate::ids::{CheckoutId, PaymentId, RefundId};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RefundStatus {
    Pending,
    Done,
    Failed,
}

/// A refund as stored.
#[derive(Clone, Debug)]
pub(crate) struct Refund {
    pub(crate) id: RefundId,
    pub(crate) checkout: CheckoutId,
    pub(crate) payment: PaymentId,
    /// Minor units of the payment's currency; all of the payment, or a part.
    pub(crate) amount: i64,
    /// The shop's words.
    pub(crate) reason: Option<String>,
    pub(crate) status: RefundStatus,
    /// When the provider was told.
    pub(crate) sent_at: Option<Timestamp>,
    /// What the provider calls it.
    pub(crate) provider_id: Option<String>,
    pub(crate) error_code: Option<String>,
    pub(crate) error_message: Option<String>,
    pub(crate) created_at: Timestamp,
}

/// A refund that the shop asks for.
pub(crate) struct NewRefund {
    /// Of the order.
    pub(crate) reference: String,
    pub(crate) idempotency_key: String,
    pub(crate) request_hash: String,
    /// `None`: all that is left.
    pub(crate) amount: Option<i64>,
    pub(crate) reason: Option<String>,
    pub(crate) next_check_at: Timestamp,
}

/// May this refund be made?
pub(crate) enum RefundAdmission {
    /// Yes: it is stored, and nothing was sent yet.
    New(Box<Payment>, Refund),
    /// The same request came before; this is its refund.
    Known(Refund),
    /// The same key came before with another request.
    Mismatch,
    NoOrder,
    NotPaid,
    /// More than is left of any payment.
    TooLarge,
}

/// What a payment's refunds add up to, in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ledger {
    pub(crate) done: i64,
    /// Those whose end is not known.
    pub(crate) pending: i64,
}

/// How a refund ended, or that it has not.
pub(crate) struct RefundOutcome {
    pub(crate) status: RefundStatus,
    pub(crate) provider_id: Option<String>,
    pub(crate) error_code: Option<&'static str>,
    pub(crate) error_message: Option<String>,
}

impl RefundStatus {
    pub(crate) fn text(self) -> &'static str {
        match self {
            RefundStatus::Pending => "pending",
            RefundStatus::Done => "done",
            RefundStatus::Failed => "failed",
        }
    }
}

impl Refund {
    pub(super) fn read(row: &Row) -> Result<Self> {
        let text = |column: &str| -> Result<String> { row.try_get(column) };
        Ok(Refund {
            id: RefundId::try_from(text("id")?).map_err(|_| unreadable("id"))?,
            checkout: CheckoutId::try_from(text("checkout")?)
                .map_err(|_| unreadable("checkout"))?,
            payment: PaymentId::try_from(text("payment")?).map_err(|_| unreadable("payment"))?,
            amount: row.try_get("amount")?,
            reason: row.try_get("reason")?,
            status: match text("status")?.as_str() {
                "pending" => RefundStatus::Pending,
                "done" => RefundStatus::Done,
                "failed" => RefundStatus::Failed,
                _ => return Err(unreadable("status")),
            },
            sent_at: optional_moment(row, "sent_at")?,
            provider_id: row.try_get("provider_id")?,
            error_code: row.try_get("error_code")?,
            error_message: row.try_get("error_message")?,
            created_at: moment(row.try_get("created_at")?)?,
        })
    }
}

/// A row about to be inserted.
pub(super) struct Planned<'a> {
    pub(super) payment: &'a Payment,
    pub(super) idempotency_key: &'a str,
    pub(super) request_hash: &'a str,
    pub(super) amount: i64,
    pub(super) reason: Option<&'a str>,
    pub(super) next_check_at: Timestamp,
}

/// Inserts within a transaction that holds the order.
pub(super) async fn plan(
    work: &mut Work,
    chance: &Chance,
    planned: Planned<'_>,
    now: Timestamp,
) -> Result<Refund> {
    let row = sqlx::query(
        "INSERT INTO refunds (id, checkout, payment, number, idempotency_key, request_hash, amount, reason,
                              next_check_at, created_at, updated_at)
         VALUES ($1, $2, $3, (SELECT COUNT(*) + 1 FROM refunds WHERE checkout = $2), $4, $5, $6, $7, $8, $9, $9)
         RETURNING *",
    )
    .bind(RefundId::generate(chance).as_str())
    .bind(planned.payment.checkout.as_str())
    .bind(planned.payment.id.as_str())
    .bind(planned.idempotency_key)
    .bind(planned.request_hash)
    .bind(planned.amount)
    .bind(planned.reason)
    .bind(planned.next_check_at.as_millisecond())
    .bind(now.as_millisecond())
    .fetch_one(&mut **work)
    .await?;
    Refund::read(&row)
}

impl Store {
    /// Decides whether a refund may be made, and stores it if so.
    pub(crate) async fn admit_refund(
        &self,
        new: NewRefund,
        now: Timestamp,
    ) -> Result<RefundAdmission> {
        let Some(order) = self.order_by_reference(&new.reference).await? else {
            return Ok(RefundAdmission::NoOrder);
        };
        let mut work = self.database.hold(&order.checkout).await?;
        let earlier = sqlx::query("SELECT * FROM refunds WHERE checkout = $1")
            .bind(order.checkout.as_str())
            .fetch_all(&mut *work)
            .await?;
        for row in &earlier {
            if row.try_get::<String, _>("idempotency_key")? == new.idempotency_key {
                let same = row.try_get::<String, _>("request_hash")? == new.request_hash;
                return Ok(if same {
                    RefundAdmission::Known(Refund::read(row)?)
                } else {
                    RefundAdmission::Mismatch
                });
            }
        }
        let earlier = earlier
            .iter()
            .map(Refund::read)
            .collect::<Result<Vec<_>>>()?;
        let paid = sqlx::query(
            "SELECT * FROM payments WHERE checkout = $1 AND status = 'paid' ORDER BY number",
        )
        .bind(order.checkout.as_str())
        .fetch_all(&mut *work)
        .await?;
        let paid = paid.iter().map(Payment::read).collect::<Result<Vec<_>>>()?;
        if paid.is_empty() {
            return Ok(RefundAdmission::NotPaid);
        }
        let wanted = |payment: &Payment| {
            let left = left_of(payment, &earlier);
            let amount = new.amount.unwrap_or(left);
            (amount > 0 && amount <= left).then_some(amount)
        };
        let fitting = paid
            .into_iter()
            .find_map(|payment| wanted(&payment).map(|amount| (payment, amount)));
        let Some((payment, amount)) = fitting else {
            return Ok(RefundAdmission::TooLarge);
        };
        let planned = Planned {
            payment: &payment,
            idempotency_key: &new.idempotency_key,
            request_hash: &new.request_hash,
            amount,
            reason: new.reason.as_deref(),
            next_check_at: new.next_check_at,
        };
        let refund = plan(&mut work, &self.chance, planned, now).await?;
        work.commit().await?;
        Ok(RefundAdmission::New(Box::new(payment), refund))
    }

    /// Marks the refund as told to its provider. False when it was before: then
    /// it must not be told again.
    pub(crate) async fn refund_sent(&self, refund: &Refund, now: Timestamp) -> Result<bool> {
        let sent = sqlx::query(
            "UPDATE refunds SET sent_at = $1 WHERE id = $2 AND sent_at IS NULL AND status = 'pending'",
        )
        .bind(now.as_millisecond())
        .bind(refund.id.as_str())
        .execute(self.pool())
        .await?;
        Ok(sent.rows_affected() == 1)
    }

    /// Records what became of a pending refund. False when it had ended already.
    pub(crate) async fn refund_ended(
        &self,
        refund: &Refund,
        outcome: RefundOutcome,
        now: Timestamp,
    ) -> Result<bool> {
        let open = outcome.status == RefundStatus::Pending;
        let done = outcome.status == RefundStatus::Done;
        let mut work = self.database.hold(&refund.checkout).await?;
        let changed = sqlx::query(
            "UPDATE refunds SET status = $1, provider_id = COALESCE($2, provider_id), error_code = $3,
                                error_message = $4, updated_at = $5,
                                next_check_at = CASE WHEN $6 = 1 THEN next_check_at ELSE NULL END
             WHERE id = $7 AND status = 'pending' RETURNING *",
        )
        .bind(outcome.status.text())
        .bind(outcome.provider_id)
        .bind(outcome.error_code)
        .bind(outcome.error_message)
        .bind(now.as_millisecond())
        .bind(i64::from(open))
        .bind(refund.id.as_str())
        .fetch_optional(&mut *work)
        .await?;
        let Some(changed) = changed else {
            return Ok(false);
        };
        if done {
            let refund = Refund::read(&changed)?;
            self.announce(&mut work, &refund.checkout, now, |books| {
                events::order_refunded(books, &refund, now)
            })
            .await?;
        }
        work.commit().await?;
        self.ring();
        Ok(true)
    }

    pub(crate) async fn refund(&self, id: &RefundId) -> Result<Option<Refund>> {
        let row = sqlx::query("SELECT * FROM refunds WHERE id = $1")
            .bind(id.as_str())
            .fetch_optional(self.pool())
            .await?;
        row.as_ref().map(Refund::read).transpose()
    }

    /// All refunds of a checkout, oldest first.
    pub(crate) async fn refunds(&self, checkout: &CheckoutId) -> Result<Vec<Refund>> {
        let rows = sqlx::query("SELECT * FROM refunds WHERE checkout = $1 ORDER BY number")
            .bind(checkout.as_str())
            .fetch_all(self.pool())
            .await?;
        rows.iter().map(Refund::read).collect()
    }

    pub(crate) async fn ledger(&self, payment: &PaymentId) -> Result<Ledger> {
        let rows = sqlx::query("SELECT * FROM refunds WHERE payment = $1")
            .bind(payment.as_str())
            .fetch_all(self.pool())
            .await?;
        let refunds = rows.iter().map(Refund::read).collect::<Result<Vec<_>>>()?;
        let sum = |status| {
            let of = refunds.iter().filter(|refund| refund.status == status);
            of.map(|refund| refund.amount).sum()
        };
        Ok(Ledger {
            done: sum(RefundStatus::Done),
            pending: sum(RefundStatus::Pending),
        })
    }

    /// Takes up to `limit` refunds of `method` that are due, with their payments,
    /// and puts their next check off; like [`claim_due`](Self::claim_due).
    pub(crate) async fn claim_refunds(
        &self,
        method: &str,
        now: Timestamp,
        limit: u32,
        back_off: impl Fn(u32) -> SignedDuration,
    ) -> Result<Vec<(Payment, Refund)>> {
        const DUE: &str =
            "SELECT refunds.* FROM refunds JOIN payments ON payments.id = refunds.payment
                           WHERE payments.method = $1 AND refunds.next_check_at <= $2
                           ORDER BY refunds.next_check_at LIMIT $3";
        // Most looks find nothing: they must not take the write lock.
        let any = sqlx::query(DUE)
            .bind(method)
            .bind(now.as_millisecond())
            .bind(1_i64);
        if any.fetch_optional(self.pool()).await?.is_none() {
            return Ok(Vec::new());
        }
        let mut work = self.database.write().await?;
        let rows = sqlx::query(self.database.claiming(DUE, "refunds"))
            .bind(method)
            .bind(now.as_millisecond())
            .bind(i64::from(limit))
            .fetch_all(&mut *work)
            .await?;
        let mut claimed = Vec::with_capacity(rows.len());
        for row in &rows {
            let refund = Refund::read(row)?;
            let wait = back_off(count(row, "checks")?);
            sqlx::query("UPDATE refunds SET checks = checks + 1, next_check_at = $1 WHERE id = $2")
                .bind(now.checked_add(wait).unwrap_or(now).as_millisecond())
                .bind(refund.id.as_str())
                .execute(&mut *work)
                .await?;
            let payment = sqlx::query("SELECT * FROM payments WHERE id = $1")
                .bind(refund.payment.as_str())
                .fetch_one(&mut *work)
                .await?;
            claimed.push((Payment::read(&payment)?, refund));
        }
        work.commit().await?;
        Ok(claimed)
    }

    /// Never asks about this refund again.
    pub(crate) async fn stop_checking_refund(&self, refund: &Refund) -> Result<()> {
        sqlx::query("UPDATE refunds SET next_check_at = NULL WHERE id = $1")
            .bind(refund.id.as_str())
            .execute(self.pool())
            .await
            .map(drop)
    }
}

fn left_of(payment: &Payment, refunds: &[Refund]) -> i64 {
    let taken = refunds
        .iter()
        .filter(|refund| refund.payment == payment.id && refund.status != RefundStatus::Failed);
    payment.amount - taken.map(|refund| refund.amount).sum::<i64>()
}
