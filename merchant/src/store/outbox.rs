//! Events that wait to be sent. Put there in the transaction of the change that
//! they tell of, so that neither is ever there without the other.

use jiff::Timestamp;
use sqlx::Row as _;

use super::{Order, Payment, Refund, Result, Row, Store, Work, count};
use crate::events::{Books, Event};
use crate::ids::{CheckoutId, EventId};

/// An event that this server may send now, and no other.
pub(crate) struct Outgoing {
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) body: String,
    /// Counts this one too.
    pub(crate) attempts: u32,
}

impl Outgoing {
    fn read(row: &Row) -> Result<Self> {
        Ok(Outgoing {
            id: row.try_get("id")?,
            kind: row.try_get("kind")?,
            body: row.try_get("body")?,
            attempts: count(row, "attempts")?,
        })
    }
}

/// An order's books within a transaction that holds it.
async fn books(work: &mut Work, checkout: &CheckoutId) -> Result<Books> {
    let checkout = checkout.as_str();
    let order = sqlx::query("SELECT * FROM orders WHERE checkout = $1")
        .bind(checkout)
        .fetch_one(&mut **work)
        .await?;
    let payments = sqlx::query("SELECT * FROM payments WHERE checkout = $1 ORDER BY number")
        .bind(checkout)
        .fetch_all(&mut **work)
        .await?;
    let refunds = sqlx::query("SELECT * FROM refunds WHERE checkout = $1 ORDER BY number")
        .bind(checkout)
        .fetch_all(&mut **work)
        .await?;
    Ok(Books {
        order: Order::read(&order)?,
        payments: payments.iter().map(Payment::read).collect::<Result<_>>()?,
        refunds: refunds.iter().map(Refund::read).collect::<Result<_>>()?,
    })
}

impl Store {
    /// Puts the event that `tell` makes of an order's books into the outbox,
    /// within the transaction of the change. [`ring`](Self::ring) after the commit.
    pub(super) async fn announce(
        &self,
        work: &mut Work,
        checkout: &CheckoutId,
        now: Timestamp,
        tell: impl FnOnce(&Books) -> Option<Event>,
    ) -> Result<()> {
        if self.outbox.is_none() {
            return Ok(());
        }
        let books = books(work, checkout).await?;
        self.put(work, tell(&books), now).await
    }

    /// Puts an event into the outbox, within the transaction of the change.
    pub(super) async fn put(
        &self,
        work: &mut Work,
        event: Option<Event>,
        now: Timestamp,
    ) -> Result<()> {
        let Some(event) = event.filter(|_| self.outbox.is_some()) else {
            return Ok(());
        };
        sqlx::query(
            "INSERT INTO events (id, kind, body, created_at, next_attempt_at) VALUES ($1, $2, $3, $4, $4)",
        )
        .bind(EventId::generate(&self.chance).as_str())
        .bind(event.kind)
        .bind(event.body)
        .bind(now.as_millisecond())
        .execute(&mut **work)
        .await
        .map(drop)
    }

    /// Wakes whoever sends; one time too many does no harm.
    pub(super) fn ring(&self) {
        if let Some(outbox) = &self.outbox {
            outbox.notify_one();
        }
    }

    /// Takes up to `limit` events that are due, and keeps other servers off them
    /// until `lease`: by then they are sent, or this server is no more.
    pub(crate) async fn claim_events(
        &self,
        now: Timestamp,
        lease: Timestamp,
        limit: u32,
    ) -> Result<Vec<Outgoing>> {
        const DUE: &str =
            "SELECT id FROM events WHERE next_attempt_at <= $1 ORDER BY next_attempt_at LIMIT $2";
        let due = sqlx::query_scalar::<_, String>(DUE)
            .bind(now.as_millisecond())
            .bind(i64::from(limit))
            .fetch_all(self.pool())
            .await?;
        let mut claimed = Vec::with_capacity(due.len());
        for id in due {
            let row = sqlx::query(
                "UPDATE events SET attempts = attempts + 1, next_attempt_at = $1
                 WHERE id = $2 AND next_attempt_at <= $3 RETURNING *",
            )
            .bind(lease.as_millisecond())
            .bind(id)
            .bind(now.as_millisecond())
            .fetch_optional(self.pool())
            .await?;
            claimed.extend(row.as_ref().map(Outgoing::read).transpose()?);
        }
        Ok(claimed)
    }

    pub(crate) async fn event_delivered(&self, event: &Outgoing, now: Timestamp) -> Result<()> {
        sqlx::query("UPDATE events SET delivered_at = $1, next_attempt_at = NULL WHERE id = $2")
            .bind(now.as_millisecond())
            .bind(&event.id)
            .execute(self.pool())
            .await
            .map(drop)
    }

    /// `None`: never again.
    pub(crate) async fn event_refused(
        &self,
        event: &Outgoing,
        next: Option<Timestamp>,
    ) -> Result<()> {
        sqlx::query("UPDATE events SET next_attempt_at = $1 WHERE id = $2 AND delivered_at IS NULL")
            .bind(next.map(Timestamp::as_millisecond))
            .bind(&event.id)
            .execute(self.pool())
            .await
            .map(drop)
    }
}
