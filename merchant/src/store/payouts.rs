//! Payouts as stored. One is stored before its provider is told of it, and every
//! order to let the money go is counted before it is given.

use jiff::{SignedDuration, Timestamp};
use sqlx::Row as _;

use super::{Result, Row, Store, count, moment, optional_moment, unreadable};
use crate::events;
use crate::ids::PayoutId;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PayoutStatus {
    Pending,
    Paid,
    Failed,
    Canceled,
}

/// A payout as stored.
#[derive(Clone, Debug)]
pub(crate) struct Payout {
    pub(crate) id: PayoutId,
    pub(crate) reference: String,
    /// Minor units.
    pub(crate) amount: i64,
    pub(crate) currency: String,
    pub(crate) status: PayoutStatus,
    /// What the provider knows it by.
    pub(crate) provider_reference: String,
    pub(crate) provider_id: Option<String>,
    pub(crate) provider_status: Option<String>,
    pub(crate) error_code: Option<String>,
    /// How often the provider was told to let the money go.
    pub(crate) starts: u32,
    pub(crate) started_at: Option<Timestamp>,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

/// A payout that the shop asks for.
pub(crate) struct NewPayout {
    pub(crate) reference: String,
    pub(crate) content_hash: String,
    pub(crate) amount: i64,
    pub(crate) currency: String,
    pub(crate) next_check_at: Timestamp,
}

pub(crate) enum PayoutInserted {
    /// Nothing was sent yet.
    New(Payout),
    /// The same payout was there already.
    Same(Payout),
    /// The reference belongs to a payout of other content.
    Other,
}

/// What was learned of a payout.
pub(crate) struct PayoutTold {
    pub(crate) status: PayoutStatus,
    pub(crate) error_code: Option<&'static str>,
    /// `None` leaves what is stored.
    pub(crate) provider_id: Option<String>,
    pub(crate) provider_status: Option<String>,
}

impl PayoutStatus {
    pub(crate) fn text(self) -> &'static str {
        match self {
            PayoutStatus::Pending => "pending",
            PayoutStatus::Paid => "paid",
            PayoutStatus::Failed => "failed",
            PayoutStatus::Canceled => "canceled",
        }
    }
}

impl Payout {
    fn read(row: &Row) -> Result<Self> {
        let text = |column: &str| -> Result<String> { row.try_get(column) };
        Ok(Payout {
            id: PayoutId::try_from(text("id")?).map_err(|_| unreadable("id"))?,
            reference: text("reference")?,
            amount: row.try_get("amount")?,
            currency: text("currency")?,
            status: match text("status")?.as_str() {
                "pending" => PayoutStatus::Pending,
                "paid" => PayoutStatus::Paid,
                "failed" => PayoutStatus::Failed,
                "canceled" => PayoutStatus::Canceled,
                _ => return Err(unreadable("status")),
            },
            provider_reference: text("provider_reference")?,
            provider_id: row.try_get("provider_id")?,
            provider_status: row.try_get("provider_status")?,
            error_code: row.try_get("error_code")?,
            starts: count(row, "starts")?,
            started_at: optional_moment(row, "started_at")?,
            created_at: moment(row.try_get("created_at")?)?,
            updated_at: moment(row.try_get("updated_at")?)?,
        })
    }
}

impl Store {
    /// Stores the payout as pending, unless the reference is taken.
    pub(crate) async fn insert_payout(
        &self,
        new: NewPayout,
        now: Timestamp,
    ) -> Result<PayoutInserted> {
        let id = PayoutId::generate(&self.chance);
        let row = sqlx::query(
            "INSERT INTO payouts (id, reference, content_hash, amount, currency, provider_reference, next_check_at,
                                  created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)
             ON CONFLICT (reference) DO NOTHING RETURNING *",
        )
        .bind(id.as_str())
        .bind(&new.reference)
        .bind(&new.content_hash)
        .bind(new.amount)
        .bind(&new.currency)
        .bind(id.guid())
        .bind(new.next_check_at.as_millisecond())
        .bind(now.as_millisecond())
        .fetch_optional(self.pool())
        .await?;
        if let Some(row) = row {
            return Ok(PayoutInserted::New(Payout::read(&row)?));
        }
        // Payouts are never deleted: what was in the way is still there.
        let there = sqlx::query("SELECT * FROM payouts WHERE reference = $1")
            .bind(&new.reference)
            .fetch_one(self.pool())
            .await?;
        let same = there.try_get::<String, _>("content_hash")? == new.content_hash;
        Ok(if same {
            PayoutInserted::Same(Payout::read(&there)?)
        } else {
            PayoutInserted::Other
        })
    }

    pub(crate) async fn payout(&self, id: &PayoutId) -> Result<Option<Payout>> {
        let row = sqlx::query("SELECT * FROM payouts WHERE id = $1")
            .bind(id.as_str())
            .fetch_optional(self.pool())
            .await?;
        row.as_ref().map(Payout::read).transpose()
    }

    /// By the shop's reference.
    pub(crate) async fn payout_by_reference(&self, reference: &str) -> Result<Option<Payout>> {
        let row = sqlx::query("SELECT * FROM payouts WHERE reference = $1")
            .bind(reference)
            .fetch_optional(self.pool())
            .await?;
        row.as_ref().map(Payout::read).transpose()
    }

    /// The payout that its provider knows by this.
    pub(crate) async fn payout_known_as(&self, reference: &str) -> Result<Option<Payout>> {
        let row = sqlx::query("SELECT * FROM payouts WHERE provider_reference = $1")
            .bind(reference)
            .fetch_optional(self.pool())
            .await?;
        row.as_ref().map(Payout::read).transpose()
    }

    /// Counts an order to let the money go. False when somebody else has given
    /// one meanwhile, or the payout has ended: then it must not be given.
    pub(crate) async fn count_payout_start(&self, payout: &Payout, now: Timestamp) -> Result<bool> {
        let counted = sqlx::query(
            "UPDATE payouts SET starts = starts + 1, started_at = $1
             WHERE id = $2 AND starts = $3 AND status = 'pending'",
        )
        .bind(now.as_millisecond())
        .bind(payout.id.as_str())
        .bind(i64::from(payout.starts))
        .execute(self.pool())
        .await?;
        Ok(counted.rows_affected() == 1)
    }

    /// Records what was learned, unless the payout has moved on since it was
    /// read. False when its status is what it was.
    pub(crate) async fn payout_told(
        &self,
        payout: &Payout,
        told: PayoutTold,
        now: Timestamp,
    ) -> Result<bool> {
        let moved = told.status != payout.status;
        let mut work = self.database.write().await?;
        let changed = sqlx::query(
            "UPDATE payouts SET status = $1, error_code = CASE WHEN $5 = 1 THEN $2 ELSE error_code END,
                                provider_id = COALESCE($3, provider_id), provider_status = COALESCE($4, provider_status),
                                updated_at = CASE WHEN $5 = 1 THEN $6 ELSE updated_at END,
                                next_check_at = CASE WHEN $1 = 'pending' THEN next_check_at ELSE NULL END
             WHERE id = $7 AND status = $8 RETURNING *",
        )
        .bind(told.status.text())
        .bind(told.error_code)
        .bind(told.provider_id)
        .bind(told.provider_status)
        .bind(i64::from(moved))
        .bind(now.as_millisecond())
        .bind(payout.id.as_str())
        .bind(payout.status.text())
        .fetch_optional(&mut *work)
        .await?;
        let Some(changed) = changed.filter(|_| moved) else {
            work.commit().await?;
            return Ok(false);
        };
        let event = events::payout_ended(Payout::read(&changed)?, now);
        self.put(&mut work, event, now).await?;
        work.commit().await?;
        self.ring();
        Ok(true)
    }

    /// Takes up to `limit` payouts that are due, and puts their next check off;
    /// like [`claim_due`](Self::claim_due).
    pub(crate) async fn claim_payouts(
        &self,
        now: Timestamp,
        limit: u32,
        back_off: impl Fn(u32) -> SignedDuration,
    ) -> Result<Vec<Payout>> {
        const DUE: &str =
            "SELECT * FROM payouts WHERE next_check_at <= $1 ORDER BY next_check_at LIMIT $2";
        // Most looks find nothing: they must not take the write lock.
        let any = sqlx::query(DUE).bind(now.as_millisecond()).bind(1_i64);
        if any.fetch_optional(self.pool()).await?.is_none() {
            return Ok(Vec::new());
        }
        let mut work = self.database.write().await?;
        let rows = sqlx::query(self.database.claiming(DUE, "payouts"))
            .bind(now.as_millisecond())
            .bind(i64::from(limit))
            .fetch_all(&mut *work)
            .await?;
        let mut claimed = Vec::with_capacity(rows.len());
        for row in &rows {
            let payout = Payout::read(row)?;
            let wait = back_off(count(row, "checks")?);
            sqlx::query("UPDATE payouts SET checks = checks + 1, next_check_at = $1 WHERE id = $2")
                .bind(now.checked_add(wait).unwrap_or(now).as_millisecond())
                .bind(payout.id.as_str())
                .execute(&mut *work)
                .await?;
            claimed.push(payout);
        }
        work.commit().await?;
        Ok(claimed)
    }
}
