//! What is to be seen of a checkout: a reading of its state, for the drop-in to
//! draw and for `change` and `action` events. Decides nothing.

use super::{Checkout, Phase};
use crate::core::error::Error;
use crate::core::flow::Outcome;
use crate::core::flow::following::{Following, Stage};
use crate::core::flow::payment::Payment;
use crate::wire::merchant::{Checkout as Record, Next, Payment as Attempted};

/// Why the form is shown again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Nothing was charged, and why.
    Error(Error),
    /// The payment before ended unpaid.
    Outcome(Outcome),
}

/// What is to be seen.
#[derive(Debug, PartialEq, Eq)]
pub enum View<'a> {
    Opening,
    Closed(&'a Error),
    Form {
        order: &'a Record,
        busy: Option<Busy>,
        notice: Option<&'a Notice>,
    },
    Waiting {
        order: &'a Record,
        /// `None` until it is known that there is one.
        payment: Option<&'a Attempted>,
        doing: Doing,
        /// The bank's page, where it stands in a frame.
        frame: Option<&'a str>,
        can_continue: bool,
        can_cancel: bool,
        /// The shopper wanted out, and the server could not grant it.
        not_canceled: bool,
    },
    Done {
        order: &'a Record,
        outcome: &'a Outcome,
    },
}

/// What the form is waiting for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Busy {
    /// The card becomes a token.
    Tokenizing,
    /// The payment is being created.
    Creating,
}

/// What a payment is waiting for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// An answer was lost; the server is asked what became of the payment.
    Checking,
    /// The page is on its way to the bank.
    Leaving,
    /// The shopper is at the bank, in the frame.
    AtBank,
    /// A payment from before was taken up; the shopper may go on or cancel.
    Held,
    /// The server's last word is awaited.
    Confirming,
    /// The server has been asked to cancel.
    Canceling,
    /// The payer's one-time code is awaited, or, `checking`, judged.
    Code { checking: bool, can_resend: bool },
    /// The payer's phone is to scan the picture.
    Scan,
    /// A terminal or somebody else is at work.
    Elsewhere,
}

impl Checkout {
    pub fn view(&self) -> View<'_> {
        match &self.phase {
            Phase::Idle | Phase::Opening { .. } => View::Opening,
            Phase::Closed(error) => View::Closed(error),
            Phase::Ready { order, notice } => View::Form {
                order,
                busy: None,
                notice: notice.as_ref(),
            },
            Phase::Tokenizing { order, .. } => View::Form {
                order,
                busy: Some(Busy::Tokenizing),
                notice: None,
            },
            Phase::Paying { order, flow } => paying_view(order, flow),
            Phase::Done { order, outcome } => View::Done { order, outcome },
        }
    }
}

fn paying_view<'a>(order: &'a Record, flow: &'a Payment) -> View<'a> {
    match flow {
        Payment::Creating { .. } => View::Form {
            order,
            busy: Some(Busy::Creating),
            notice: None,
        },
        Payment::Pausing { .. } | Payment::Looking { .. } => View::Waiting {
            order,
            payment: None,
            doing: Doing::Checking,
            frame: None,
            can_continue: false,
            can_cancel: !flow.is_canceling(),
            not_canceled: false,
        },
        Payment::Following(following) => View::Waiting {
            order,
            payment: Some(&following.payment),
            doing: doing(following),
            frame: match &following.stage {
                Stage::Framed(url) if !following.is_canceling() => Some(url),
                _ => None,
            },
            can_continue: following.can_continue(),
            can_cancel: following.can_cancel(),
            not_canceled: following.not_canceled && !following.is_canceling(),
        },
    }
}

fn doing(following: &Following) -> Doing {
    if following.is_canceling() {
        return Doing::Canceling;
    }
    match (&following.payment.next, &following.stage) {
        (Some(Next::Otp(_)), _) => Doing::Code {
            checking: following.is_checking_code(),
            can_resend: following.can_resend(),
        },
        (Some(Next::Qr(_)), _) => Doing::Scan,
        (Some(Next::Wait(_)), _) => Doing::Elsewhere,
        (_, Stage::Ahead | Stage::Behind) => Doing::Confirming,
        (_, Stage::Framed(_)) => Doing::AtBank,
        (_, Stage::Leaving(_)) => Doing::Leaving,
        (_, Stage::Held) => Doing::Held,
    }
}
