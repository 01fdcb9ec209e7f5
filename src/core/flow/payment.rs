//! From a payment request to its outcome. Every method passes through here: the
//! request goes out, and the payment it makes is followed ([`following`](super::following)).
//!
//! The one rule above all: when the answer to a payment request is lost, the
//! outcome is unknown. The server is asked what became of it; only when it
//! says "nothing" is the very same request (same key) sent again.

use crate::core::error::Error;
use crate::core::flow::following::{Following, Rules};
use crate::core::flow::{
    Answer, Attempt, Call, Event, Outbox, Outcome, Step, asks_to_look, pause_ms,
};
use crate::wire::merchant::{Checkout, Payment as Record, PaymentRequest, problem};

/// How long a lost answer is looked for.
const LOCATE_MS: u32 = 90_000;

/// A payment request and what was there before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    pub key: String,
    pub request: PaymentRequest,
    /// The payment the checkout had before: any other is ours.
    pub previous: Option<String>,
}

#[derive(Debug)]
pub enum Payment {
    /// The request is out.
    Creating { attempt: Attempt, request: Request },
    /// Its answer was lost; asking the server, or pausing before it.
    Locating { attempt: Attempt, request: Request },
    /// The payment exists; the server's last word is awaited by long poll.
    Following(Following),
}

/// A request whose payment is not known yet.
#[derive(Debug)]
pub struct Request {
    order: Order,
    deadline: Attempt,
    /// The shopper wants out.
    cancel: bool,
    /// How often an answer was lost so far.
    losses: u8,
}

type Progress = Step<Payment, Result<Outcome, Error>>;

impl Payment {
    pub fn start(order: Order, out: &mut Outbox) -> Self {
        let request = Request {
            order,
            deadline: out.wait(LOCATE_MS),
            cancel: false,
            losses: 0,
        };
        Self::create(request, out)
    }

    /// Follows a payment that was under way when the page was opened.
    pub fn take_up(payment: Record, revision: u64, out: &mut Outbox) -> Self {
        Payment::Following(Following::take_up(payment, revision, out))
    }

    fn create(request: Request, out: &mut Outbox) -> Self {
        let attempt = out.ask(Call::CreatePayment {
            key: request.order.key.clone(),
            request: request.order.request.clone(),
        });
        Payment::Creating { attempt, request }
    }

    /// True once the shopper wants out of a payment that is not known yet.
    pub fn is_canceling(&self) -> bool {
        match self {
            Payment::Creating { request, .. } | Payment::Locating { request, .. } => request.cancel,
            Payment::Following(following) => following.is_canceling(),
        }
    }

    pub fn update(mut self, event: Event, rules: &Rules, out: &mut Outbox) -> Progress {
        match (&mut self, &event) {
            (
                Payment::Creating { request, .. } | Payment::Locating { request, .. },
                Event::Elapsed { attempt },
            ) if request.deadline == *attempt => {
                return Step::Complete(Ok(Outcome::Unknown(None)));
            }
            (
                Payment::Creating { request, .. } | Payment::Locating { request, .. },
                Event::Cancel,
            ) => request.cancel = true,
            _ => {}
        }
        match (self, event) {
            (
                Payment::Creating { attempt, request },
                Event::Payment {
                    attempt: answered,
                    answer,
                },
            ) if attempt == answered => Self::created(answer, request, rules, out),
            (
                Payment::Locating { attempt, request },
                Event::Checkout {
                    attempt: answered,
                    answer,
                },
            ) if attempt == answered => Self::located(answer, request, rules, out),
            (Payment::Locating { attempt, request }, Event::Elapsed { attempt: elapsed })
                if attempt == elapsed =>
            {
                let attempt = out.ask(Call::ReadCheckout { since: None });
                Step::Continue(Payment::Locating { attempt, request })
            }
            (Payment::Following(following), event) => {
                following.update(event, rules, out).map(Payment::Following)
            }
            (state, _) => Step::Continue(state),
        }
    }

    fn follow(
        payment: Record,
        revision: Option<u64>,
        request: Request,
        rules: &Rules,
        out: &mut Outbox,
    ) -> Progress {
        Following::begin(payment, revision, request.cancel, rules, out).map(Payment::Following)
    }

    fn created(
        answer: Answer<Record>,
        mut request: Request,
        rules: &Rules,
        out: &mut Outbox,
    ) -> Progress {
        let certain = answer.is_certain();
        match answer {
            Answer::Ok(payment) => Self::follow(payment, None, request, rules, out),
            Answer::Refused(refusal) if asks_to_look(&refusal) => {
                request.order.previous = None;
                Step::Continue(Self::locate(request, out))
            }
            Answer::Refused(refusal) if certain => Step::Complete(Err(refusal.into())),
            Answer::Refused(_) | Answer::Lost(_) => Step::Continue(Self::locate(request, out)),
        }
    }

    /// Asks what became of it: at once for the first time, then after ever
    /// longer pauses.
    fn locate(mut request: Request, out: &mut Outbox) -> Self {
        let attempt = match request.losses.checked_sub(1) {
            None => out.ask(Call::ReadCheckout { since: None }),
            Some(before) => out.wait(pause_ms(before)),
        };
        request.losses = request.losses.saturating_add(1);
        Payment::Locating { attempt, request }
    }

    fn located(
        answer: Answer<Checkout>,
        request: Request,
        rules: &Rules,
        out: &mut Outbox,
    ) -> Progress {
        match answer {
            Answer::Ok(Checkout {
                payment: Some(payment),
                revision,
                ..
            }) if request.order.previous.as_deref() != Some(payment.id.as_str()) => {
                Self::follow(payment, Some(revision), request, rules, out)
            }
            Answer::Refused(refusal) if refusal.code == problem::CHECKOUT_EXPIRED => {
                Step::Complete(Err(refusal.into()))
            }
            // It never arrived, and the shopper does not want it any more.
            Answer::Ok(_) if request.cancel => Step::Complete(Err(Error::Aborted)),
            Answer::Ok(_) => Step::Continue(Self::create(request, out)),
            Answer::Refused(_) | Answer::Lost(_) => Step::Continue(Self::locate(request, out)),
        }
    }
}

#[cfg(test)]
#[path = "payment_tests.rs"]
mod tests;
