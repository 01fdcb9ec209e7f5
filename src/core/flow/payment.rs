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
    Creating {
        attempt: Attempt,
        deadline: Attempt,
        order: Order,
        cancel: bool,
    },
    /// Its answer was lost; asking the server, or pausing between two askings.
    Locating {
        attempt: Attempt,
        deadline: Attempt,
        order: Order,
        cancel: bool,
        tries: u8,
    },
    /// The payment exists; the server's last word is awaited by long poll.
    Following(Following),
}

type Progress = Step<Payment, Result<Outcome, Error>>;

impl Payment {
    pub fn start(order: Order, out: &mut Outbox) -> Self {
        let deadline = out.wait(LOCATE_MS);
        Self::create(order, deadline, false, out)
    }

    /// Follows a payment that was under way when the page was opened.
    pub fn take_up(payment: Record, revision: u64, out: &mut Outbox) -> Self {
        Payment::Following(Following::take_up(payment, revision, out))
    }

    fn create(order: Order, deadline: Attempt, cancel: bool, out: &mut Outbox) -> Self {
        let attempt = out.ask(Call::CreatePayment {
            key: order.key.clone(),
            request: order.request.clone(),
        });
        Payment::Creating {
            attempt,
            deadline,
            order,
            cancel,
        }
    }

    pub fn update(self, event: Event, rules: &Rules, out: &mut Outbox) -> Progress {
        match (self, event) {
            (
                Payment::Creating {
                    attempt,
                    deadline,
                    order,
                    cancel,
                },
                Event::Payment {
                    attempt: answered,
                    answer,
                },
            ) if attempt == answered => Self::created(answer, deadline, order, cancel, rules, out),
            (
                Payment::Locating {
                    attempt,
                    deadline,
                    order,
                    cancel,
                    tries,
                },
                Event::Checkout {
                    attempt: answered,
                    answer,
                },
            ) if attempt == answered => {
                Self::located(answer, deadline, order, cancel, tries, rules, out)
            }
            (
                Payment::Locating {
                    attempt,
                    deadline,
                    order,
                    cancel,
                    tries,
                },
                Event::Elapsed { attempt: elapsed },
            ) if attempt == elapsed => {
                let attempt = out.ask(Call::ReadCheckout { since: None });
                Step::Continue(Payment::Locating {
                    attempt,
                    deadline,
                    order,
                    cancel,
                    tries,
                })
            }
            (
                Payment::Creating { deadline, .. } | Payment::Locating { deadline, .. },
                Event::Elapsed { attempt },
            ) if deadline == attempt => Step::Complete(Ok(Outcome::Unknown(None))),
            (
                Payment::Creating {
                    attempt,
                    deadline,
                    order,
                    ..
                },
                Event::Cancel,
            ) => Step::Continue(Payment::Creating {
                attempt,
                deadline,
                order,
                cancel: true,
            }),
            (
                Payment::Locating {
                    attempt,
                    deadline,
                    order,
                    tries,
                    ..
                },
                Event::Cancel,
            ) => Step::Continue(Payment::Locating {
                attempt,
                deadline,
                order,
                cancel: true,
                tries,
            }),
            (Payment::Following(following), event) => {
                following.update(event, rules, out).map(Payment::Following)
            }
            (state, _) => Step::Continue(state),
        }
    }

    fn follow(
        payment: Record,
        revision: Option<u64>,
        cancel: bool,
        rules: &Rules,
        out: &mut Outbox,
    ) -> Progress {
        Following::begin(payment, revision, cancel, rules, out).map(Payment::Following)
    }

    fn created(
        answer: Answer<Record>,
        deadline: Attempt,
        order: Order,
        cancel: bool,
        rules: &Rules,
        out: &mut Outbox,
    ) -> Progress {
        let certain = answer.is_certain();
        match answer {
            Answer::Ok(payment) => Self::follow(payment, None, cancel, rules, out),
            Answer::Refused(refusal) if asks_to_look(&refusal) => {
                let order = Order {
                    previous: None,
                    ..order
                };
                Step::Continue(Self::locate(deadline, order, cancel, out))
            }
            Answer::Refused(refusal) if certain => Step::Complete(Err(refusal.into())),
            Answer::Refused(_) | Answer::Lost(_) => {
                Step::Continue(Self::locate(deadline, order, cancel, out))
            }
        }
    }

    fn locate(deadline: Attempt, order: Order, cancel: bool, out: &mut Outbox) -> Self {
        let attempt = out.ask(Call::ReadCheckout { since: None });
        Payment::Locating {
            attempt,
            deadline,
            order,
            cancel,
            tries: 0,
        }
    }

    fn located(
        answer: Answer<Checkout>,
        deadline: Attempt,
        order: Order,
        cancel: bool,
        tries: u8,
        rules: &Rules,
        out: &mut Outbox,
    ) -> Progress {
        match answer {
            Answer::Ok(Checkout {
                payment: Some(payment),
                revision,
                ..
            }) if order.previous.as_deref() != Some(payment.id.as_str()) => {
                Self::follow(payment, Some(revision), cancel, rules, out)
            }
            Answer::Refused(refusal) if refusal.code == problem::CHECKOUT_EXPIRED => {
                Step::Complete(Err(refusal.into()))
            }
            // It never arrived, and the shopper does not want it any more.
            Answer::Ok(_) if cancel => Step::Complete(Err(Error::Aborted)),
            Answer::Ok(_) => Step::Continue(Self::create(order, deadline, cancel, out)),
            Answer::Refused(_) | Answer::Lost(_) => {
                let attempt = out.wait(pause_ms(tries));
                let tries = tries.saturating_add(1);
                Step::Continue(Payment::Locating {
                    attempt,
                    deadline,
                    order,
                    cancel,
                    tries,
                })
            }
        }
    }
}

#[cfg(test)]
#[path = "payment_tests.rs"]
mod tests;
