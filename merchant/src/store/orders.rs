//! Orders and their checkouts.

use jiff::Timestamp;
use kasa_checkout::wire::merchant::Method;
use serde::{Deserialize, Serialize};
use sqlx::Row as _;

use super::{
    Payment, Result, Row, Store, count, json, moment, optional_moment, unreadable, written,
};
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

/// That an order may be paid at a counter, and at which terminal; without a
/// name, at any of the merchant's.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct WantedTerminal {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tag: Option<String>,
}

/// An order as the shop asks for it, already checked, before it is known what
/// it may be paid with.
pub(crate) struct OrderDraft {
    pub(crate) reference: String,
    /// Of the order as the shop sent it, in hex.
    pub(crate) content_hash: String,
    pub(crate) amount: i64,
    pub(crate) currency: String,
    pub(crate) description: String,
    pub(crate) locale: String,
    pub(crate) return_url: String,
    pub(crate) customer: Customer,
    /// Whose saved cards may be offered.
    pub(crate) customer_id: Option<String>,
    pub(crate) products: Vec<Product>,
    pub(crate) terminal: Option<WantedTerminal>,
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
    pub(crate) customer_id: Option<String>,
    pub(crate) products: Vec<Product>,
    /// What it may be paid with, in the order to show.
    pub(crate) methods: Vec<Method>,
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
    pub(super) fn read(row: &Row) -> Result<Self> {
        Ok(Order {
            checkout: CheckoutId::try_from(row.try_get::<String, _>("checkout")?)
                .map_err(|_| unreadable("checkout"))?,
            reference: row.try_get("reference")?,
            amount: row.try_get("amount")?,
            currency: row.try_get("currency")?,
            description: row.try_get("description")?,
            locale: row.try_get("locale")?,
            return_url: row.try_get("return_url")?,
            customer: json(row, "customer")?,
            customer_id: row.try_get("customer_id")?,
            products: json(row, "products")?,
            methods: json(row, "methods")?,
            revision: count(row, "revision")?,
            paid_at: optional_moment(row, "paid_at")?,
            created_at: moment(row.try_get("created_at")?)?,
            expires_at: moment(row.try_get("expires_at")?)?,
        })
    }
}

fn known(row: &Row, content_hash: &str) -> Result<OrderInserted> {
    let same = row.try_get::<String, _>("content_hash")? == content_hash;
    Ok(if same {
        OrderInserted::Same(Order::read(row)?)
    } else {
        OrderInserted::Other
    })
}

impl Store {
    /// What [`insert_order`](Self::insert_order) would find. `None`: the reference is free.
    pub(crate) async fn find_order(&self, draft: &OrderDraft) -> Result<Option<OrderInserted>> {
        let row = sqlx::query("SELECT * FROM orders WHERE reference = $1")
            .bind(&draft.reference)
            .fetch_optional(self.pool())
            .await?;
        row.map(|row| known(&row, &draft.content_hash)).transpose()
    }

    /// Creates the order and its checkout, unless the reference is taken.
    pub(crate) async fn insert_order(
        &self,
        draft: OrderDraft,
        methods: &[Method],
        now: Timestamp,
    ) -> Result<OrderInserted> {
        let terminal = draft.terminal.as_ref();
        let row = sqlx::query(
            "INSERT INTO orders (checkout, reference, content_hash, amount, currency, description, locale,
                                 return_url, customer, customer_id, products, terminal, methods, created_at,
                                 expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
             ON CONFLICT (reference) DO NOTHING RETURNING *",
        )
        .bind(CheckoutId::generate(&self.chance).as_str())
        .bind(&draft.reference)
        .bind(&draft.content_hash)
        .bind(draft.amount)
        .bind(&draft.currency)
        .bind(&draft.description)
        .bind(&draft.locale)
        .bind(&draft.return_url)
        .bind(written(&draft.customer, "customer")?)
        .bind(&draft.customer_id)
        .bind(written(&draft.products, "products")?)
        .bind(terminal.map(|terminal| written(terminal, "terminal")).transpose()?)
        .bind(written(&methods, "methods")?)
        .bind(now.as_millisecond())
        .bind(draft.expires_at.as_millisecond())
        .fetch_optional(self.pool())
        .await?;
        match row {
            Some(row) => Ok(OrderInserted::New(Order::read(&row)?)),
            // Orders are never deleted: what was in the way is still there.
            None => Ok(self
                .find_order(&draft)
                .await?
                .unwrap_or(OrderInserted::Other)),
        }
    }

    pub(crate) async fn order_by_reference(&self, reference: &str) -> Result<Option<Order>> {
        let row = sqlx::query("SELECT * FROM orders WHERE reference = $1")
            .bind(reference)
            .fetch_optional(self.pool())
            .await?;
        row.as_ref().map(Order::read).transpose()
    }

    pub(crate) async fn order(&self, checkout: &CheckoutId) -> Result<Option<Order>> {
        let row = sqlx::query("SELECT * FROM orders WHERE checkout = $1")
            .bind(checkout.as_str())
            .fetch_optional(self.pool())
            .await?;
        row.as_ref().map(Order::read).transpose()
    }

    /// The order and its telling payment. One read transaction: a revision must
    /// never be shown with the payment of an earlier one.
    pub(crate) async fn snapshot(&self, checkout: &CheckoutId) -> Result<Option<Snapshot>> {
        let mut reading = self.database.read().await?;
        let order = sqlx::query("SELECT * FROM orders WHERE checkout = $1")
            .bind(checkout.as_str())
            .fetch_optional(&mut *reading)
            .await?;
        let Some(order) = order else { return Ok(None) };
        let payment = sqlx::query(
            "SELECT * FROM payments WHERE checkout = $1 ORDER BY status = 'paid' DESC, number DESC LIMIT 1",
        )
        .bind(checkout.as_str())
        .fetch_optional(&mut *reading)
        .await?;
        Ok(Some(Snapshot {
            order: Order::read(&order)?,
            payment: payment.as_ref().map(Payment::read).transpose()?,
        }))
    }
}
