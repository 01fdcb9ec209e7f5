//! From a payment request to its outcome. Every method passes through here: the
//! request goes out, and the payment it makes is followed ([`following`](super::following)).
//!
//! The one rule above all: when the answer to a payment request is lost, the
//! outcome is unknown. Then the very same request is sent again: the merchant
//! server answers its idempotency key with the payment that it made, or makes
//! it now. Nothing else could tell: a checkout read meanwhile may show no
//! payment only because the request is still on its way.

use crate::core::error::Error;
use crate::core::flow::following::{Following, Rules};
use crate::core::flow::{
    Answer, Attempt, Call, Event, Outbox, Outcome, Step, asks_to_look, pause_ms,
};
use crate::wire::merchant::{Checkout, Payment as Record, PaymentRequest};

/// How long a lost answer is asked for.
const CREATE_MS: u32 = 90_000;

/// A payment request under its idempotency key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    pub key: String,
    pub request: PaymentRequest,
}

#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
pub enum Payment {
    /// The request is out.
    Creating { attempt: Attempt, request: Request },
    /// Its answer was lost; it goes out again after a pause.
    Pausing { attempt: Attempt, request: Request },
    /// It was refused because the order has another payment, which is read.
    Looking { attempt: Attempt, request: Request },
    /// The payment exists; the server's last word is awaited by long poll.
    Following(Following),
}

/// A request whose payment is not known yet.
#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
pub struct Request {
    order: Order,
    pub(super) deadline: Attempt,
    /// The shopper wants out.
    cancel: bool,
    /// How often an answer was lost so far.
    pub(super) losses: u8,
}

pub(crate) type Progress = Step<Payment, Result<Outcome, Error>>;

impl Payment {
    pub fn start(order: Order, out: &mut Outbox) -> Self {
        let request = Request {
            order,
            deadline: out.wait(CREATE_MS),
            cancel: false,
            losses: 0,
        };
        Self::create(request, out)
    }

    /// Follows a payment that was under way when the page was opened.
    pub fn take_up(payment: Record, revision: u64, rules: &Rules, out: &mut Outbox) -> Progress {
        Following::take_up(payment, revision, false, rules, out).map(Payment::Following)
    }

    fn create(request: Request, out: &mut Outbox) -> Self {
        let attempt = out.ask(Call::CreatePayment {
            key: request.order.key.clone(),
            request: request.order.request.clone(),
        });
        Payment::Creating { attempt, request }
    }

    /// True once the shopper wants out.
    pub fn is_canceling(&self) -> bool {
        match self {
            Payment::Creating { request, .. }
            | Payment::Pausing { request, .. }
            | Payment::Looking { request, .. } => request.cancel,
            Payment::Following(following) => following.is_canceling(),
        }
    }

    pub fn update(mut self, event: Event, rules: &Rules, out: &mut Outbox) -> Progress {
        if let Payment::Creating { request, .. }
        | Payment::Pausing { request, .. }
        | Payment::Looking { request, .. } = &mut self
        {
            match event {
                Event::Elapsed { attempt } if attempt == request.deadline => {
                    return Step::Complete(Ok(Outcome::Unknown(None)));
                }
                // Kept until there is a payment to cancel: the request may have arrived.
                Event::Cancel => request.cancel = true,
                _ => {}
            }
        }
        match (self, event) {
            (
                Payment::Creating { attempt, request },
                Event::Payment {
                    attempt: answered,
                    answer,
                },
            ) if attempt == answered => Self::created(answer, request, rules, out),
            (Payment::Pausing { attempt, request }, Event::Elapsed { attempt: elapsed })
                if attempt == elapsed =>
            {
                Step::Continue(Self::create(request, out))
            }
            (
                Payment::Looking { attempt, request },
                Event::Checkout {
                    attempt: answered,
                    answer,
                },
            ) if attempt == answered => Self::looked(answer, request, rules, out),
            (Payment::Following(following), event) => {
                following.update(event, rules, out).map(Payment::Following)
            }
            (state, _) => Step::Continue(state),
        }
    }

    fn created(
        answer: Answer<Record>,
        request: Request,
        rules: &Rules,
        out: &mut Outbox,
    ) -> Progress {
        let certain = answer.is_certain();
        match answer {
            Answer::Ok(payment) => {
                let payer = request.order.request.instrument.into_payer();
                Following::begin(payment, payer, request.cancel, rules, out).map(Payment::Following)
            }
            Answer::Refused(refusal) if asks_to_look(&refusal) => {
                let attempt = out.ask(Call::ReadCheckout { since: None });
                Step::Continue(Payment::Looking { attempt, request })
            }
            Answer::Refused(refusal) if certain => Step::Complete(Err(refusal.into())),
            Answer::Refused(_) | Answer::Lost(_) => Self::pause(request, out),
        }
    }

    fn looked(
        answer: Answer<Checkout>,
        request: Request,
        rules: &Rules,
        out: &mut Outbox,
    ) -> Progress {
        let certain = answer.is_certain();
        match answer {
            Answer::Ok(Checkout {
                payment: Some(payment),
                revision,
                ..
            }) => Following::take_up(payment, revision, request.cancel, rules, out)
                .map(Payment::Following),
            Answer::Refused(refusal) if certain => Step::Complete(Err(refusal.into())),
            // The other payment cannot be seen; the request is good for another try.
            Answer::Ok(_) | Answer::Refused(_) | Answer::Lost(_) => Self::pause(request, out),
        }
    }

    fn pause(mut request: Request, out: &mut Outbox) -> Progress {
        let attempt = out.wait(pause_ms(request.losses));
        request.losses = request.losses.saturating_add(1);
        Step::Continue(Payment::Pausing { attempt, request })
    }
}

#[cfg(test)]
#[path = "payment_tests.rs"]
mod tests;
