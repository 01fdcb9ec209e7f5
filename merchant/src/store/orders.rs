//! Orders and their checkouts.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use super::{Payment, Result, Store, moment, unreadable};
use crate::ids::CheckoutId;

/// Who buys. Personal data: never printed.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Customer {
    pub(crate) full_name: String,
    pub(crate) phone: String,
    pub(crate) email: String,
    pub(crate) country: String,
    pub(crate) city: String,
    pub(crate) address: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) identity_number: Option<String>,
}

/// One line of an order; `amount` in minor units.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Product {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) category: String,
    pub(crate) description: String,
    pub(crate) amount: i64,
}

/// An order as the shop creates it, already checked.
pub(crate) struct NewOrder {
    pub(crate) reference: String,
    pub(crate) content_hash: [u8; 32],
    pub(crate) amount: i64,
    pub(crate) currency: String,
    pub(crate) description: String,
    pub(crate) locale: String,
    pub(crate) return_url: String,
    pub(crate) customer: Customer,
    pub(crate) products: Vec<Product>,
    pub(crate) expires_at: Timestamp,
}

/// An order as stored.
#[derive(Clone)]
pub(crate) struct Order {
    pub(crate) checkout: CheckoutId,
    pub(crate) reference: String,
    pub(crate) amount: i64,
    pub(crate) currency: String,
    pub(crate) description: String,
    pub(crate) locale: String,
    pub(crate) return_url: String,
    pub(crate) customer: Customer,
    pub(crate) products: Vec<Product>,
    pub(crate) revision: u64,
    pub(crate) paid_at: Option<Timestamp>,
    pub(crate) created_at: Timestamp,
    pub(crate) expires_at: Timestamp,
}

pub(crate) enum OrderInserted {
    New(Order),
    /// The same order was there already.
    Same(Order),
    /// The reference belongs to an order of other content.
    Other,
}

/// An order and its telling payment, read at one moment.
pub(crate) struct Snapshot {
    pub(crate) order: Order,
    /// The paid one if there is one, else the latest.
    pub(crate) payment: Option<Payment>,
}

impl Order {
    pub(super) fn read(row: &SqliteRow) -> Result<Self> {
        let json = |column: &str| -> Result<String> { row.try_get(column) };
        Ok(Order {
            checkout: CheckoutId::try_from(row.try_get::<String, _>("checkout")?)
                .map_err(|_| unreadable("checkout"))?,
            reference: row.try_get("reference")?,
            amount: row.try_get("amount")?,
            currency: row.try_get("currency")?,
            description: row.try_get("description")?,
            locale: row.try_get("locale")?,
            return_url: row.try_get("return_url")?,
            customer: serde_json::from_str(&json("customer")?)
                .map_err(|_| unreadable("customer"))?,
            products: serde_json::from_str(&json("products")?)
                .map_err(|_| unreadable("products"))?,
            revision: u64::try_from(row.try_get::<i64, _>("revision")?)
                .map_err(|_| unreadable("revision"))?,
            paid_at: row
                .try_get::<Option<i64>, _>("paid_at")?
                .map(moment)
                .transpose()?,
            created_at: moment(row.try_get("created_at")?)?,
            expires_at: moment(row.try_get("expires_at")?)?,
        })
    }
}

impl Store {
    /// Creates the order and its checkout, unless the reference is taken.
    pub(crate) async fn insert_order(
        &self,
        new: NewOrder,
        now: Timestamp,
    ) -> Result<OrderInserted> {
        let mut work = self.write().await?;
        let there = sqlx::query("SELECT * FROM orders WHERE reference = ?")
            .bind(&new.reference)
            .fetch_optional(&mut *work)
            .await?;
        if let Some(row) = there {
            let same = row.try_get::<Vec<u8>, _>("content_hash")? == new.content_hash;
            return Ok(if same {
                OrderInserted::Same(Order::read(&row)?)
            } else {
                OrderInserted::Other
            });
        }
        let row = sqlx::query(
            "INSERT INTO orders (checkout, reference, content_hash, amount, currency, description, locale,
                                 return_url, customer, products, created_at, expires_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING *",
        )
        .bind(CheckoutId::generate().as_str())
        .bind(&new.reference)
        .bind(new.content_hash.as_slice())
        .bind(new.amount)
        .bind(&new.currency)
        .bind(&new.description)
        .bind(&new.locale)
        .bind(&new.return_url)
        .bind(serde_json::to_string(&new.customer).map_err(|_| unreadable("customer"))?)
        .bind(serde_json::to_string(&new.products).map_err(|_| unreadable("products"))?)
        .bind(now.as_millisecond())
        .bind(new.expires_at.as_millisecond())
        .fetch_one(&mut *work)
        .await?;
        let order = Order::read(&row)?;
        work.commit().await?;
        Ok(OrderInserted::New(order))
    }

    pub(crate) async fn order_by_reference(&self, reference: &str) -> Result<Option<Order>> {
        let row = sqlx::query("SELECT * FROM orders WHERE reference = ?")
            .bind(reference)
            .fetch_optional(&self.pool)
            .await?;
        row.as_ref().map(Order::read).transpose()
    }

    pub(crate) async fn order(&self, checkout: &CheckoutId) -> Result<Option<Order>> {
        let row = sqlx::query("SELECT * FROM orders WHERE checkout = ?")
            .bind(checkout.as_str())
            .fetch_optional(&self.pool)
            .await?;
        row.as_ref().map(Order::read).transpose()
    }

    /// The order and its telling payment. One read transaction: a revision must
    /// never be shown with the payment of an earlier one.
    pub(crate) async fn snapshot(&self, checkout: &CheckoutId) -> Result<Option<Snapshot>> {
        let mut reading = self.pool.begin().await?;
        let order = sqlx::query("SELECT * FROM orders WHERE checkout = ?")
            .bind(checkout.as_str())
            .fetch_optional(&mut *reading)
            .await?;
        let Some(order) = order else { return Ok(None) };
        let payment = sqlx::query(
            "SELECT * FROM payments WHERE checkout = ? ORDER BY status = 'paid' DESC, rowid DESC LIMIT 1",
        )
        .bind(checkout.as_str())
        .fetch_optional(&mut *reading)
        .await?;
        Ok(Some(Snapshot {
            order: Order::read(&order)?,
            payment: payment.as_ref().map(Payment::read).transpose()?,
        }))
    }

    /// Counts one more TempToken; false when `limit` of them were given out already.
    pub(crate) async fn count_temp_token(&self, checkout: &CheckoutId, limit: u32) -> Result<bool> {
        let counted =
            sqlx::query("UPDATE orders SET temp_tokens = temp_tokens + 1 WHERE checkout = ? AND temp_tokens < ?")
                .bind(checkout.as_str())
                .bind(limit)
                .execute(&self.pool)
                .await?;
        Ok(counted.rows_affected() == 1)
    }
}
