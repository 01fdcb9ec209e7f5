//! How much is open, for the metrics: counts and ages, no row of anybody's.
//! Every question is answered from an index that holds open rows alone.

use jiff::Timestamp;
use sqlx::Row as _;

use super::{Result, Row, Store};

/// How many, and seconds since the first of them.
pub(crate) type Open = (i64, f64);

pub(crate) struct Tally {
    /// Pending payments, by method.
    pub(crate) payments: Vec<(String, Open)>,
    /// Payments that are due to be asked about, by method.
    pub(crate) due: Vec<(String, Open)>,
    pub(crate) refunds: Open,
    pub(crate) payouts: Open,
    /// Events that the shop has not accepted.
    pub(crate) events: Open,
    pub(crate) idle_connections: u32,
    pub(crate) used_connections: u32,
    pub(crate) most_connections: u32,
}

const PAYMENTS: &str = "SELECT method, COUNT(*) AS number, MIN(created_at) AS oldest
                        FROM payments WHERE status = 'pending' GROUP BY method";
const DUE: &str = "SELECT method, COUNT(*) AS number, MIN(next_check_at) AS oldest
                   FROM payments WHERE next_check_at <= $1 GROUP BY method";
const REFUNDS: &str =
    "SELECT COUNT(*) AS number, MIN(created_at) AS oldest FROM refunds WHERE status = 'pending'";
const PAYOUTS: &str =
    "SELECT COUNT(*) AS number, MIN(created_at) AS oldest FROM payouts WHERE status = 'pending'";
const EVENTS: &str = "SELECT COUNT(*) AS number, MIN(created_at) AS oldest FROM events WHERE next_attempt_at IS NOT NULL";

impl Store {
    pub(crate) async fn tally(&self, now: Timestamp) -> Result<Tally> {
        let pool = self.pool();
        let payments = sqlx::query(PAYMENTS).fetch_all(pool).await?;
        let due = sqlx::query(DUE).bind(now.as_millisecond());
        let due = due.fetch_all(pool).await?;
        let refunds = sqlx::query(REFUNDS).fetch_one(pool).await?;
        let payouts = sqlx::query(PAYOUTS).fetch_one(pool).await?;
        let events = sqlx::query(EVENTS).fetch_one(pool).await?;
        let by_method = |rows: &[Row]| -> Result<Vec<_>> {
            let each = rows
                .iter()
                .map(|row| Ok((row.try_get("method")?, open(row, now)?)));
            each.collect()
        };
        let idle = u32::try_from(pool.num_idle()).unwrap_or(u32::MAX);
        Ok(Tally {
            payments: by_method(&payments)?,
            due: by_method(&due)?,
            refunds: open(&refunds, now)?,
            payouts: open(&payouts, now)?,
            events: open(&events, now)?,
            idle_connections: idle,
            used_connections: pool.size().saturating_sub(idle),
            most_connections: pool.options().get_max_connections(),
        })
    }
}

fn open(row: &Row, now: Timestamp) -> Result<Open> {
    let oldest = super::optional_moment(row, "oldest")?;
    let age = oldest.map_or(0.0, |oldest| now.duration_since(oldest).as_secs_f64());
    Ok((row.try_get("number")?, age.max(0.0)))
}
