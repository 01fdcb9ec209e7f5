//! Payments as stored, and the decision whether one may be made.

use jiff::Timestamp;
use kasa_checkout::wire::merchant::{Challenge, Next, Status};
use serde_json::Value;
use sqlx::Row as _;

use super::tries::{Over, Tries, count_tries};
use super::{Order, Result, Row, Store, count, moment, optional_json, unreadable};
use crate::ids::{CheckoutId, PaymentId};

/// A payment that a shopper asks for. Holds no instrument, only the hash of the request.
pub(crate) struct NewPayment {
    pub(crate) id: PaymentId,
    /// What the provider will know it by.
    pub(crate) reference: String,
    pub(crate) checkout: CheckoutId,
    pub(crate) idempotency_key: String,
    pub(crate) request_hash: String,
    pub(crate) method: String,
    pub(crate) provider: String,
    pub(crate) challenge: Challenge,
    pub(crate) installments: u8,
    /// When the reconciler should first ask, if nobody else has by then.
    pub(crate) next_check_at: Timestamp,
}

/// What became of the call that starts a payment at its provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StartCall {
    /// Sent, or about to be; after a crash it stays so.
    UnderWay,
    Answered,
    /// No usable answer came: nobody holds what the shopper needs to pay.
    Lost,
}

/// A payment as stored.
#[derive(Clone, Debug)]
pub(crate) struct Payment {
    pub(crate) id: PaymentId,
    pub(crate) checkout: CheckoutId,
    pub(crate) method: String,
    /// Name of the provider.
    pub(crate) provider: String,
    pub(crate) status: Status,
    pub(crate) challenge: Challenge,
    pub(crate) installments: u8,
    pub(crate) amount: i64,
    pub(crate) currency: String,
    /// What the provider knows it by.
    pub(crate) reference: String,
    /// How often it was started anew at the provider, each time under another reference.
    pub(crate) restarts: u32,
    pub(crate) start: StartCall,
    /// When the latest start began.
    pub(crate) started_at: Timestamp,
    pub(crate) next: Option<Next>,
    /// What the provider's code keeps; nobody else reads it.
    pub(crate) state: Option<Value>,
    pub(crate) provider_id: Option<String>,
    pub(crate) provider_status: Option<String>,
    pub(crate) error_code: Option<String>,
    pub(crate) error_message: Option<String>,
    pub(crate) card_masked: Option<String>,
    pub(crate) otp_attempts: u32,
    pub(crate) cancel_wish: bool,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

/// May this payment be made?
pub(crate) enum Admission {
    /// Yes: it is stored as pending, and nothing was sent yet.
    New(Payment),
    /// The same request came before; this is its payment.
    Known(Payment),
    /// The same key came before with another request.
    Mismatch,
    /// Another payment of this checkout is pending.
    Pending,
    Paid,
    Expired,
    /// Too many: of the checkout, its customer or an address.
    Over(Over),
    NoCheckout,
}

pub(crate) fn status_text(status: Status) -> &'static str {
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
    pub(super) fn read(row: &Row) -> Result<Self> {
        let text = |column: &str| -> Result<String> { row.try_get(column) };
        Ok(Payment {
            id: PaymentId::try_from(text("id")?).map_err(|_| unreadable("id"))?,
            checkout: CheckoutId::try_from(text("checkout")?)
                .map_err(|_| unreadable("checkout"))?,
            method: text("method")?,
            provider: text("provider")?,
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
            installments: count(row, "installments")?,
            amount: row.try_get("amount")?,
            currency: text("currency")?,
            reference: text("reference")?,
            restarts: count(row, "restarts")?,
            start: match text("start_call")?.as_str() {
                "under_way" => StartCall::UnderWay,
                "answered" => StartCall::Answered,
                "lost" => StartCall::Lost,
                _ => return Err(unreadable("start_call")),
            },
            started_at: moment(row.try_get("started_at")?)?,
            next: optional_json(row, "next")?,
            state: optional_json(row, "state")?,
            provider_id: row.try_get("provider_id")?,
            provider_status: row.try_get("provider_status")?,
            error_code: row.try_get("error_code")?,
            error_message: row.try_get("error_message")?,
            card_masked: row.try_get("card_masked")?,
            otp_attempts: count(row, "otp_attempts")?,
            cancel_wish: row.try_get::<i64, _>("cancel_wish")? != 0,
            created_at: moment(row.try_get("created_at")?)?,
            updated_at: moment(row.try_get("updated_at")?)?,
        })
    }
}

impl Store {
    /// Decides whether a payment may be made, and stores it as pending if so.
    /// `limit`: payments of a checkout, 0 for any number. `tries`: what it counts
    /// as, if it is a new one.
    pub(crate) async fn admit(
        &self,
        new: NewPayment,
        limit: u32,
        tries: &[Tries],
        now: Timestamp,
    ) -> Result<Admission> {
        let mut work = self.database.hold(&new.checkout).await?;
        let order = sqlx::query("SELECT * FROM orders WHERE checkout = $1")
            .bind(new.checkout.as_str())
            .fetch_optional(&mut *work)
            .await?;
        let Some(order) = order else {
            return Ok(Admission::NoCheckout);
        };
        let order = Order::read(&order)?;
        let earlier = sqlx::query("SELECT * FROM payments WHERE checkout = $1")
            .bind(new.checkout.as_str())
            .fetch_all(&mut *work)
            .await?;
        if let Some(answer) = refuse(&new, &order, &earlier, limit, now)? {
            return Ok(answer);
        }
        if let Some(over) = count_tries(&mut work, tries, now).await? {
            return Ok(Admission::Over(over));
        }
        let number = i64::try_from(earlier.len()).map_err(|_| unreadable("number"))? + 1;
        let payment = sqlx::query(
            "INSERT INTO payments (id, checkout, number, idempotency_key, request_hash, method, provider, challenge,
                                   installments, amount, currency, reference, next_check_at, started_at, created_at,
                                   updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14, $14) RETURNING *",
        )
        .bind(new.id.as_str())
        .bind(new.checkout.as_str())
        .bind(number)
        .bind(&new.idempotency_key)
        .bind(&new.request_hash)
        .bind(&new.method)
        .bind(&new.provider)
        .bind(challenge_text(new.challenge))
        .bind(i64::from(new.installments))
        .bind(order.amount)
        .bind(&order.currency)
        .bind(&new.reference)
        .bind(new.next_check_at.as_millisecond())
        .bind(now.as_millisecond())
        .fetch_one(&mut *work)
        .await?;
        let payment = Payment::read(&payment)?;
        self.commit_visible(work, &new.checkout).await?;
        Ok(Admission::New(payment))
    }

    pub(crate) async fn payment(&self, id: &PaymentId) -> Result<Option<Payment>> {
        let row = sqlx::query("SELECT * FROM payments WHERE id = $1")
            .bind(id.as_str())
            .fetch_optional(self.pool())
            .await?;
        row.as_ref().map(Payment::read).transpose()
    }

    /// The payment that its provider knows by this.
    pub(crate) async fn payment_by_reference(&self, reference: &str) -> Result<Option<Payment>> {
        let row = sqlx::query("SELECT * FROM payments WHERE reference = $1")
            .bind(reference)
            .fetch_optional(self.pool())
            .await?;
        row.as_ref().map(Payment::read).transpose()
    }

    /// All payments of a checkout, oldest first.
    pub(crate) async fn payments(&self, checkout: &CheckoutId) -> Result<Vec<Payment>> {
        let rows = sqlx::query("SELECT * FROM payments WHERE checkout = $1 ORDER BY number")
            .bind(checkout.as_str())
            .fetch_all(self.pool())
            .await?;
        rows.iter().map(Payment::read).collect()
    }
}

/// The answer to a payment that is not to be made, by what is stored.
fn refuse(
    new: &NewPayment,
    order: &Order,
    earlier: &[Row],
    limit: u32,
    now: Timestamp,
) -> Result<Option<Admission>> {
    let mut pending = false;
    for row in earlier {
        if row.try_get::<String, _>("idempotency_key")? == new.idempotency_key {
            let same = row.try_get::<String, _>("request_hash")? == new.request_hash;
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
    } else if limit != 0 && earlier.len() >= limit as usize {
        Some(Admission::Over(Over::Checkout))
    } else {
        None
    })
}
