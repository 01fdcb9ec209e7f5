//! What the POS room remembers. Knows no HTTP.

use jiff::Timestamp;
use uuid::Uuid;

use super::payment::{Order, Payment, Status};
use super::refusal::Refusal;

#[derive(Debug, Default)]
pub(crate) struct State {
    /// Oldest first.
    payments: Vec<Payment>,
}

impl State {
    /// Creates the sale and sends it to its terminal. A MerchantUniqueCode is
    /// never free again.
    pub(super) fn start(&mut self, order: Order, now: Timestamp) -> Result<&Payment, Refusal> {
        if self
            .payments
            .iter()
            .any(|known| known.order.code == order.code)
        {
            return Err(Refusal::DuplicateMerchantUniqueCode);
        }
        let sent = if order.terminal.online {
            Status::SentToDevice
        } else {
            Status::NotSentToDevice
        };
        let mut payment = Payment::new(order, now);
        payment.change(sent, now);
        Ok(self.payments.push_mut(payment))
    }

    pub(super) fn by_id(&mut self, id: Uuid) -> Option<&mut Payment> {
        self.payments.iter_mut().find(|known| known.id == id)
    }

    /// What a terminal shows: the oldest sale that it has in hand or before it.
    pub(super) fn at_terminal(&self, terminal: Uuid) -> Option<&Payment> {
        self.payments
            .iter()
            .find(|known| known.order.terminal.id == terminal && known.is_at_device())
    }

    /// The sale of a terminal that changed last.
    pub(super) fn last_at_terminal(&self, terminal: Uuid) -> Option<&Payment> {
        self.payments
            .iter()
            .filter(|known| known.order.terminal.id == terminal)
            .max_by_key(|known| known.changed_at)
    }

    /// Oldest first.
    pub(super) fn payments(&self) -> &[Payment] {
        &self.payments
    }
}
