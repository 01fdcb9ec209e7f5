//! What the shop's back end is told of by itself: the bodies of webhooks. Pure;
//! written by the store in the transaction of the change, sent by
//! [`webhooks`](crate::webhooks).

use jiff::Timestamp;
use serde::Serialize;

use crate::ids::PaymentId;
use crate::orders::{PaymentView, payment_view};
use crate::payouts;
use crate::refunds::{RefundView, refunded, view};
use crate::store::{Order, Payment, Payout, PayoutStatus, Refund};

/// Something that happened, as it will be sent.
pub(crate) struct Event {
    /// `order.paid`, `order.refunded`, `payout.paid`, `payout.failed`, `payout.canceled`
    pub(crate) kind: &'static str,
    pub(crate) body: String,
}

#[derive(Serialize)]
struct Body<D> {
    #[serde(rename = "type")]
    kind: &'static str,
    timestamp: Timestamp,
    data: D,
}

impl<D: Serialize> Body<D> {
    /// `None` only if it cannot be written as JSON, which nothing in it forbids.
    fn event(self) -> Option<Event> {
        let body = serde_json::to_string(&self).ok()?;
        Some(Event {
            kind: self.kind,
            body,
        })
    }
}

/// The order at that moment, as [`OrderView`](crate::orders) has it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Data<'a> {
    reference: &'a str,
    status: &'static str,
    /// Minor units.
    amount: i64,
    currency: &'a str,
    paid_at: Option<Timestamp>,
    refunded_amount: i64,
    /// The one that paid, or that is given back.
    payment: PaymentView,
    #[serde(skip_serializing_if = "Option::is_none")]
    refund: Option<RefundView>,
}

/// An order with its payments and refunds as they are after the change.
pub(crate) struct Books {
    pub(crate) order: Order,
    pub(crate) payments: Vec<Payment>,
    pub(crate) refunds: Vec<Refund>,
}

pub(crate) fn order_paid(books: &Books, by: &PaymentId, now: Timestamp) -> Option<Event> {
    event("order.paid", books, by, None, now)
}

pub(crate) fn order_refunded(books: &Books, refund: &Refund, now: Timestamp) -> Option<Event> {
    event("order.refunded", books, &refund.payment, Some(refund), now)
}

/// That a payout has ended, or ended otherwise than was thought. `None` while it has not.
pub(crate) fn payout_ended(payout: Payout, timestamp: Timestamp) -> Option<Event> {
    let kind = match payout.status {
        PayoutStatus::Pending => return None,
        PayoutStatus::Paid => "payout.paid",
        PayoutStatus::Failed => "payout.failed",
        PayoutStatus::Canceled => "payout.canceled",
    };
    let data = payouts::view(payout);
    let body = Body {
        kind,
        timestamp,
        data,
    };
    body.event()
}

/// `None` only if the payment is not in the books.
fn event(
    kind: &'static str,
    books: &Books,
    payment: &PaymentId,
    refund: Option<&Refund>,
    timestamp: Timestamp,
) -> Option<Event> {
    let order = &books.order;
    let payment = books.payments.iter().find(|each| each.id == *payment)?;
    let body = Body {
        kind,
        timestamp,
        data: Data {
            reference: &order.reference,
            status: "paid",
            amount: order.amount,
            currency: &order.currency,
            paid_at: order.paid_at,
            refunded_amount: refunded(order, &books.payments, &books.refunds),
            payment: payment_view(payment),
            refund: refund.map(view),
        },
    };
    body.event()
}
