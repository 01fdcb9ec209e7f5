//! Payments as stored, and the decision whether one may be made.

use jiff::Timestamp;
use kasa_checkout::wire::merchant::{Challenge, Status};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use super::{Order, Result, Store, moment, unreadable};
use crate::ids::{CheckoutId, PaymentId};

/// A payment that a shopper asks for. Holds no card token, only the hash of the request.
pub(crate) struct NewPayment {
    pub(crate) checkout: CheckoutId,
    pub(crate) idempotency_key: String,
    pub(crate) request_hash: [u8; 32],
    pub(crate) method: String,
    pub(crate) challenge: Challenge,
    pub(crate) installments: u8,
    /// When the reconciler should first ask, if nobody else has by then.
    pub(crate) next_check_at: Timestamp,
}

/// What became of the call that starts a payment at PayWall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Start {
    /// Sent, or about to be; after a crash it stays so.
    UnderWay,
    Answered,
    /// No usable answer came: nobody holds a link to the bank.
    Lost,
}

/// A payment as stored.
#[derive(Clone, Debug)]
pub(crate) struct Payment {
    pub(crate) id: PaymentId,
    pub(crate) checkout: CheckoutId,
    pub(crate) method: String,
    pub(crate) status: Status,
    pub(crate) challenge: Challenge,
    pub(crate) installments: u8,
    pub(crate) amount: i64,
    pub(crate) currency: String,
    pub(crate) start: Start,
    pub(crate) redirect_url: Option<String>,
    pub(crate) error_code: Option<String>,
    pub(crate) error_message: Option<String>,
    pub(crate) card_masked: Option<String>,
    pub(crate) provider_payment_id: Option<i64>,
    pub(crate) provider_status_id: Option<i64>,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

/// May this payment be made?
pub(crate) enum Admission {
    /// Yes: it is stored as pending, and nothing was sent yet.
    New(Box<Order>, Payment),
    /// The same request came before; this is its payment.
    Known(Payment),
    /// The same key came before with another request.
    Mismatch,
    /// Another payment of this checkout is pending.
    Pending,
    Paid,
    Expired,
    TooMany,
    NoCheckout,
}

pub(super) fn status_text(status: Status) -> &'static str {
    match status {
        Status::Pending => "pending",
        Status::Paid => "paid",
        Status::Failed => "failed",
        Status::Canceled => "canceled",
    }
}

fn challenge_text(challenge: Challenge) -> &'static str {
    match challenge {
        Challenge::Redirect => "redirect",
        Challenge::Frame => "frame",
    }
}

impl Payment {
    pub(super) fn read(row: &SqliteRow) -> Result<Self> {
        let text = |column: &str| -> Result<String> { row.try_get(column) };
        Ok(Payment {
            id: PaymentId::try_from(text("id")?).map_err(|_| unreadable("id"))?,
            checkout: CheckoutId::try_from(text("checkout")?)
                .map_err(|_| unreadable("checkout"))?,
            method: text("method")?,
            status: match text("status")?.as_str() {
                "pending" => Status::Pending,
                "paid" => Status::Paid,
                "failed" => Status::Failed,
                "canceled" => Status::Canceled,
                _ => return Err(unreadable("status")),
            },
            challenge: match text("challenge")?.as_str() {
                "redirect" => Challenge::Redirect,
                "frame" => Challenge::Frame,
                _ => return Err(unreadable("challenge")),
            },
            installments: row.try_get("installments")?,
            amount: row.try_get("amount")?,
            currency: text("currency")?,
            start: match text("start")?.as_str() {
                "under_way" => Start::UnderWay,
                "answered" => Start::Answered,
                "lost" => Start::Lost,
                _ => return Err(unreadable("start")),
            },
            redirect_url: row.try_get("redirect_url")?,
            error_code: row.try_get("error_code")?,
            error_message: row.try_get("error_message")?,
            card_masked: row.try_get("card_masked")?,
            provider_payment_id: row.try_get("provider_payment_id")?,
            provider_status_id: row.try_get("provider_status_id")?,
            created_at: moment(row.try_get("created_at")?)?,
            updated_at: moment(row.try_get("updated_at")?)?,
        })
    }
}

impl Store {
    /// Decides whether a payment may be made, and stores it as pending if so.
    pub(crate) async fn admit(
        &self,
        new: NewPayment,
        limit: u32,
        now: Timestamp,
    ) -> Result<Admission> {
        let mut work = self.write().await?;
        let order = sqlx::query("SELECT * FROM orders WHERE checkout = ?")
            .bind(new.checkout.as_str())
            .fetch_optional(&mut *work)
            .await?;
        let Some(order) = order else {
            return Ok(Admission::NoCheckout);
        };
        let order = Order::read(&order)?;
        let earlier = sqlx::query("SELECT * FROM payments WHERE checkout = ?")
            .bind(new.checkout.as_str())
            .fetch_all(&mut *work)
            .await?;
        if let Some(answer) = refuse(&new, &order, &earlier, limit, now)? {
            return Ok(answer);
        }
        let payment = sqlx::query(
            "INSERT INTO payments (id, checkout, idempotency_key, request_hash, method, challenge, installments,
                                   amount, currency, next_check_at, created_at, updated_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING *",
        )
        .bind(PaymentId::generate().as_str())
        .bind(new.checkout.as_str())
        .bind(&new.idempotency_key)
        .bind(new.request_hash.as_slice())
        .bind(&new.method)
        .bind(challenge_text(new.challenge))
        .bind(new.installments)
        .bind(order.amount)
        .bind(&order.currency)
        .bind(new.next_check_at.as_millisecond())
        .bind(now.as_millisecond())
        .bind(now.as_millisecond())
        .fetch_one(&mut *work)
        .await?;
        let payment = Payment::read(&payment)?;
        self.commit_visible(work, &new.checkout).await?;
        Ok(Admission::New(Box::new(order), payment))
    }

    pub(crate) async fn payment(&self, id: &PaymentId) -> Result<Option<Payment>> {
        let row = sqlx::query("SELECT * FROM payments WHERE id = ?")
            .bind(id.as_str())
            .fetch_optional(&self.pool)
            .await?;
        row.as_ref().map(Payment::read).transpose()
    }

    /// All payments of a checkout, oldest first.
    pub(crate) async fn payments(&self, checkout: &CheckoutId) -> Result<Vec<Payment>> {
        let rows = sqlx::query("SELECT * FROM payments WHERE checkout = ? ORDER BY rowid")
            .bind(checkout.as_str())
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(Payment::read).collect()
    }
}

/// The answer to a payment that is not to be made, by what is stored.
fn refuse(
    new: &NewPayment,
    order: &Order,
    earlier: &[SqliteRow],
    limit: u32,
    now: Timestamp,
) -> Result<Option<Admission>> {
    let mut pending = false;
    for row in earlier {
        if row.try_get::<String, _>("idempotency_key")? == new.idempotency_key {
            let same = row.try_get::<Vec<u8>, _>("request_hash")? == new.request_hash;
            return Ok(Some(if same {
                Admission::Known(Payment::read(row)?)
            } else {
                Admission::Mismatch
            }));
        }
        pending |= row.try_get::<String, _>("status")? == "pending";
    }
    Ok(if order.paid_at.is_some() {
        Some(Admission::Paid)
    } else if pending {
        Some(Admission::Pending)
    } else if order.expires_at <= now {
        Some(Admission::Expired)
    } else if earlier.len() >= limit as usize {
        Some(Admission::TooMany)
    } else {
        None
    })
}
