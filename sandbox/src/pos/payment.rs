//! One sale on a terminal from its request to its end. Decides only: no clock,
//! no HTTP, no words.

use jiff::Timestamp;
use uuid::Uuid;

use super::refusal::Refusal;
use super::terminals::Terminal;
use crate::money::Amount;

/// What the merchant asked for, checked.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(super) terminal: &'static Terminal,
    pub(super) code: Uuid,
    /// `code` in the very letters it was sent in: they are signed.
    pub(super) merchant_unique_code: String,
    pub(super) display_code: String,
    pub(super) amount: Amount,
    pub(super) currency_id: u8,
    /// Empty: nobody is told.
    pub(super) callback_address: String,
}

#[derive(Clone, Debug)]
pub(crate) struct Payment {
    /// `PaymentRequestId`
    pub(super) id: Uuid,
    /// A new one with every change.
    pub(super) activity: Uuid,
    pub(super) order: Order,
    pub(super) status: Status,
    /// All so far, the present one last.
    pub(super) history: Vec<Status>,
    pub(super) created_at: Timestamp,
    pub(super) changed_at: Timestamp,
}

/// `PaymentStatusId` (paywall.md §4.7). The discriminant is the number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Status {
    Created = 1,
    SentToDevice = 2,
    NotSentToDevice = 3,
    Success = 4,
    Failed = 5,
    Unknown = 6,
    FirebaseNotSent = 7,
    SocketNotSent = 8,
    FirebaseSent = 9,
    SocketSent = 10,
    TakenByDevice = 11,
    Withdrawn = 12,
}

/// What a person can do on the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Deed {
    Take,
    Pay,
    Decline,
}

impl Status {
    pub(super) const ALL: [Self; 12] = [
        Self::Created,
        Self::SentToDevice,
        Self::NotSentToDevice,
        Self::Success,
        Self::Failed,
        Self::Unknown,
        Self::FirebaseNotSent,
        Self::SocketNotSent,
        Self::FirebaseSent,
        Self::SocketSent,
        Self::TakenByDevice,
        Self::Withdrawn,
    ];

    pub(super) fn id(self) -> u8 {
        self as u8
    }

    pub(super) fn of(id: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.id() == id)
    }

    /// The terminal has been told and waits for somebody to take it.
    pub(super) fn waits_at_device(self) -> bool {
        matches!(
            self,
            Self::SentToDevice | Self::FirebaseSent | Self::SocketSent
        )
    }
}

impl Payment {
    pub(super) fn new(order: Order, now: Timestamp) -> Self {
        Self {
            id: Uuid::new_v4(),
            activity: Uuid::new_v4(),
            order,
            status: Status::Created,
            history: vec![Status::Created],
            created_at: now,
            changed_at: now,
        }
    }

    pub(super) fn change(&mut self, status: Status, now: Timestamp) {
        self.status = status;
        self.history.push(status);
        self.activity = Uuid::new_v4();
        self.changed_at = now;
    }

    /// Whether the terminal has it in hand or before it.
    pub(super) fn is_at_device(&self) -> bool {
        self.status.waits_at_device() || self.status == Status::TakenByDevice
    }

    /// A person at the terminal. False: there was nothing to do so.
    pub(super) fn act(&mut self, deed: Deed, now: Timestamp) -> bool {
        let after = match (deed, self.status) {
            (Deed::Take, status) if status.waits_at_device() => Status::TakenByDevice,
            (Deed::Pay, Status::TakenByDevice) => Status::Success,
            (Deed::Decline, Status::TakenByDevice) => Status::Failed,
            _ => return false,
        };
        self.change(after, now);
        true
    }

    /// `async/cancel`: withdraws what is not paid.
    pub(super) fn cancel(&mut self, now: Timestamp) -> Result<(), Refusal> {
        match self.status {
            Status::Success | Status::Failed => Err(Refusal::NotConvenientStatus),
            Status::Withdrawn => Err(Refusal::AlreadyCanceled),
            _ => {
                self.change(Status::Withdrawn, now);
                Ok(())
            }
        }
    }
}
