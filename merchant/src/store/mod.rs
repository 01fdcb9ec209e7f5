//! The database: the only place with SQL. Hands out rows and takes decisions
//! that must hold between servers (admission, compare-and-set); never talks to
//! a provider and knows nothing of HTTP.
//!
//! Every visible change bumps the order's revision in the same transaction and
//! is announced on [`Store::changes`] after the commit.

mod database;
mod orders;
mod otp;
mod outbox;
mod outcomes;
mod payments;
mod payouts;
mod refunds;
mod tally;
mod tries;

use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::{AnyPool, Row as _};
use tokio::sync::{Notify, broadcast};

pub use database::OpenError;
pub(crate) use orders::{
    Customer, Order, OrderDraft, OrderInserted, Product, Snapshot, WantedTerminal,
};
pub(crate) use outbox::Outgoing;
pub(crate) use outcomes::{Ending, Facts, Paid};
pub(crate) use payments::{Admission, NewPayment, Payment, StartCall, status_text};
pub(crate) use payouts::{NewPayout, Payout, PayoutInserted, PayoutStatus, PayoutTold};
pub(crate) use refunds::{Ledger, NewRefund, Refund, RefundAdmission, RefundOutcome, RefundStatus};
pub(crate) use tally::Tally;
pub(crate) use tries::{Over, Question, Tries};

use crate::Outside;
use crate::chance::Chance;
use crate::ids::CheckoutId;
use database::{Database, Row, Work};

/// Announcements held for a slow listener; one that misses some looks at the database anyway.
const CHANGES_HELD: usize = 256;

pub(crate) type Result<T> = std::result::Result<T, sqlx::Error>;

#[derive(Clone)]
pub(crate) struct Store {
    database: Database,
    changes: broadcast::Sender<CheckoutId>,
    /// Rung when this process put an event into the outbox; `None`: nobody sends any.
    outbox: Option<Arc<Notify>>,
    chance: Chance,
}

impl Store {
    /// Opens the database and brings its tables up to date.
    /// `announces`: whether events are kept for the shop's back end.
    pub(crate) async fn open(
        address: &str,
        announces: bool,
        outside: &Outside,
    ) -> std::result::Result<Self, OpenError> {
        Ok(Store {
            database: Database::open(address, outside.pool.clone()).await?,
            changes: broadcast::channel(CHANGES_HELD).0,
            outbox: announces.then(Arc::default),
            chance: outside.chance.clone(),
        })
    }

    /// Whether the database answers.
    pub(crate) async fn ping(&self) -> Result<()> {
        sqlx::query("SELECT 1 FROM orders LIMIT 1")
            .fetch_optional(self.pool())
            .await
            .map(drop)
    }

    /// Checkouts that changed in this process. Other processes' changes are not
    /// among them: a listener has to look for itself now and then.
    pub(crate) fn changes(&self) -> broadcast::Receiver<CheckoutId> {
        self.changes.subscribe()
    }

    /// Resolves when this process has put an event into the outbox.
    pub(crate) async fn event_put(&self) {
        match &self.outbox {
            Some(outbox) => outbox.notified().await,
            None => std::future::pending().await,
        }
    }

    /// Whether a statement is under way: a connection is taken, or being opened.
    pub(crate) fn is_at_work(&self) -> bool {
        let pool = self.pool();
        usize::try_from(pool.size()).is_ok_and(|all| all > pool.num_idle())
    }

    pub(crate) async fn close(&self) {
        self.database.pool.close().await;
    }

    /// For single statements.
    fn pool(&self) -> &AnyPool {
        &self.database.pool
    }

    /// Ends a transaction that changed what a shopper sees.
    async fn commit_visible(&self, mut work: Work, checkout: &CheckoutId) -> Result<()> {
        sqlx::query("UPDATE orders SET revision = revision + 1 WHERE checkout = $1")
            .bind(checkout.as_str())
            .execute(&mut *work)
            .await?;
        work.commit().await?;
        // An error only says that nobody listens.
        let _ = self.changes.send(checkout.clone());
        Ok(())
    }
}

/// A stored value that the code cannot read: a newer schema, or a damaged row.
fn unreadable(column: &str) -> sqlx::Error {
    sqlx::Error::Decode(format!("unreadable {column}").into())
}

/// JSON of a column.
fn json<T: DeserializeOwned>(row: &Row, column: &'static str) -> Result<T> {
    let text: String = row.try_get(column)?;
    serde_json::from_str(&text).map_err(|_| unreadable(column))
}

/// JSON of a column that may be null.
fn optional_json<T: DeserializeOwned>(row: &Row, column: &'static str) -> Result<Option<T>> {
    let text: Option<String> = row.try_get(column)?;
    text.map(|text| serde_json::from_str(&text).map_err(|_| unreadable(column)))
        .transpose()
}

fn written<T: Serialize>(value: &T, column: &'static str) -> Result<String> {
    serde_json::to_string(value).map_err(|_| unreadable(column))
}

/// A count of a column, which no code writes below zero.
fn count<T: TryFrom<i64>>(row: &Row, column: &'static str) -> Result<T> {
    let value: i64 = row.try_get(column)?;
    T::try_from(value).map_err(|_| unreadable(column))
}

fn optional_moment(row: &Row, column: &'static str) -> Result<Option<Timestamp>> {
    row.try_get::<Option<i64>, _>(column)?
        .map(moment)
        .transpose()
}

fn moment(milliseconds: i64) -> Result<Timestamp> {
    Timestamp::from_millisecond(milliseconds).map_err(|_| unreadable("time"))
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::Duration;

    use kasa_checkout::wire::merchant::{Challenge, Method};

    use super::*;
    use crate::ids::PaymentId;

    async fn store_with_an_order(folder: &Path) -> (Store, CheckoutId) {
        let address = format!(
            "sqlite://{}?mode=rwc",
            folder.join("deep/kasa.db").display()
        );
        let store = Store::open(&address, false, &Outside::default())
            .await
            .unwrap();
        let now = Timestamp::now();
        let text = String::new;
        let draft = OrderDraft {
            reference: "ORD-1".into(),
            content_hash: text(),
            amount: 1050,
            currency: "TRY".into(),
            description: text(),
            locale: "tr".into(),
            return_url: text(),
            customer: Customer {
                full_name: text(),
                phone: text(),
                email: text(),
                country: text(),
                city: text(),
                address: text(),
                identity_number: None,
            },
            customer_id: None,
            products: Vec::new(),
            terminal: None,
            expires_at: now + Duration::from_secs(60),
        };
        let OrderInserted::New(order) = store.insert_order(draft, &[], now).await.unwrap() else {
            panic!("a fresh database knows no order");
        };
        (store, order.checkout)
    }

    #[tokio::test]
    async fn a_visible_change_is_announced_under_its_checkout_after_it_can_be_read() {
        let folder = tempfile::tempdir().unwrap();
        let (store, checkout) = store_with_an_order(folder.path()).await;
        let mut changes = store.changes();
        let now = Timestamp::now();
        let new = NewPayment {
            id: PaymentId::generate(&Chance::default()),
            reference: "reference".into(),
            checkout: checkout.clone(),
            idempotency_key: "key".into(),
            request_hash: String::new(),
            method: Method::CARD.into(),
            provider: "paywall".into(),
            challenge: Challenge::Redirect,
            installments: 1,
            next_check_at: now,
        };
        assert!(matches!(
            store.admit(new, 10, &[], now).await.unwrap(),
            Admission::New(..)
        ));
        assert_eq!(changes.try_recv().unwrap(), checkout);
        let snapshot = store.snapshot(&checkout).await.unwrap().unwrap();
        assert_eq!(snapshot.order.revision, 2);
        assert!(changes.try_recv().is_err());
    }
}
