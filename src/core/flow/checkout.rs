//! The whole checkout: reads the order, holds the flow under way, and says
//! what is to be seen. One `handle(event) -> effects`.

mod view;

use crate::core::error::Error;
use crate::core::flow::card::{Card, NoToken};
use crate::core::flow::following::Rules;
use crate::core::flow::lookup::Lookup;
use crate::core::flow::payment::{self, Payment};
use crate::core::flow::{
    Answer, Attempt, Call, Effect, Event, How, Lost, Outbox, Outcome, Settled, Step,
};
use crate::wire::merchant::{Checkout as Record, Instrument, Method, PaymentRequest, Status};
use crate::wire::paywall::TempCardBody;

pub use view::{Busy, Doing, Notice, View};

/// The checkout of one order on one page.
#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
pub struct Checkout {
    rules: Rules,
    /// True until told otherwise: the page was opened by a return from the
    /// bank, so that an ended payment is news and not history.
    returning: bool,
    out: Outbox,
    lookup: Lookup,
    phase: Phase,
}

#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
enum Phase {
    /// Nothing was asked of it yet.
    Idle,
    /// The order is being read.
    Opening {
        attempt: Attempt,
        retried: bool,
        /// By this a `pay` was refused: it is to hear of the payment that there
        /// already is, or of this if there is none.
        refused: Option<Error>,
    },
    /// The order cannot be read; it may be opened again.
    Closed(Error),
    /// The form is there to be filled in.
    Ready {
        order: Record,
        notice: Option<Notice>,
    },
    /// A card becomes a token, to pay with or to be handed over.
    Tokenizing {
        order: Record,
        flow: Card,
        then: Then,
    },
    /// A payment is under way.
    Paying { order: Record, flow: Payment },
    /// Paid, or left to the merchant server to find out.
    Done { order: Record, outcome: Outcome },
}

/// What a card token is wanted for.
#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
enum Then {
    Pay {
        installments: u8,
        save: bool,
        key: String,
    },
    HandOver,
}

impl Checkout {
    pub fn new(rules: Rules, returning: bool) -> Self {
        Checkout {
            rules,
            returning,
            out: Outbox::default(),
            lookup: Lookup::default(),
            phase: Phase::Idle,
        }
    }

    /// Takes one event and gives all its effects.
    pub fn handle(&mut self, event: Event) -> Vec<Effect> {
        if Lookup::hears(&event) {
            if self.order().is_some() {
                self.lookup.update(event, &mut self.out);
            }
        } else {
            let phase = std::mem::replace(&mut self.phase, Phase::Idle);
            self.phase = self.step(phase, event);
        }
        self.out.take()
    }

    fn step(&mut self, phase: Phase, event: Event) -> Phase {
        match (phase, event) {
            (Phase::Idle | Phase::Closed(_), Event::Open) => self.open(false, None),
            (
                Phase::Opening {
                    attempt,
                    retried,
                    refused,
                },
                Event::Checkout {
                    attempt: answered,
                    answer,
                },
            ) if attempt == answered => self.opened(answer, retried, refused),

            (Phase::Ready { order, .. }, Event::Pay { how, key }) => self.pay(order, how, key),
            (Phase::Ready { order, .. }, Event::TokenizeCard { card }) => {
                let flow = Card::start(card, &mut self.out);
                Phase::Tokenizing {
                    order,
                    flow,
                    then: Then::HandOver,
                }
            }

            (Phase::Tokenizing { order, flow, then }, event) => {
                match flow.update(event, &self.rules.redirects, &mut self.out) {
                    Step::Continue(flow) => Phase::Tokenizing { order, flow, then },
                    Step::Complete(end) => self.tokenized(order, then, end),
                }
            }
            (Phase::Paying { order, flow }, event) => {
                let step = flow.update(event, &self.rules, &mut self.out);
                self.followed(order, step)
            }
            (phase, _) => phase,
        }
    }

    fn pay(&mut self, order: Record, how: How, key: String) -> Phase {
        match how {
            How::Card {
                card,
                installments,
                save,
            } => {
                let flow = Card::start(TempCardBody::Ecom(card), &mut self.out);
                let then = Then::Pay {
                    installments,
                    save,
                    key,
                };
                Phase::Tokenizing { order, flow, then }
            }
            How::With(instrument) => self.request(order, instrument, key),
        }
    }

    fn request(&mut self, order: Record, instrument: Instrument, key: String) -> Phase {
        let request = PaymentRequest {
            instrument,
            challenge: self.rules.challenge,
        };
        let wanted = payment::Order { key, request };
        let flow = Payment::start(wanted, &mut self.out);
        Phase::Paying { order, flow }
    }

    fn open(&mut self, retried: bool, refused: Option<Error>) -> Phase {
        let attempt = self.out.ask(Call::ReadCheckout { since: None });
        Phase::Opening {
            attempt,
            retried,
            refused,
        }
    }

    fn opened(&mut self, answer: Answer<Record>, retried: bool, refused: Option<Error>) -> Phase {
        let order = match answer {
            Answer::Ok(order) => order,
            // A connection that broke may have been an old one; asked once more.
            Answer::Lost(Lost::Unreachable) if !retried => return self.open(true, refused),
            Answer::Lost(lost) => return self.close(Error::merchant(lost), refused),
            Answer::Refused(refusal) => return self.close(refusal.into(), refused),
        };
        if order.methods.contains(&Method::SavedCard) && self.lookup.cards().is_none() {
            match &order.payment {
                // Nothing more is to be paid with one.
                Some(payment) if payment.status == Status::Paid => self.lookup.list_no_cards(),
                _ => self.lookup.list_cards(&mut self.out),
            }
        }
        let Some(payment) = order.payment.clone() else {
            return match refused {
                Some(refused) => self.paid(order, Err(refused)),
                None => Phase::Ready {
                    order,
                    notice: None,
                },
            };
        };
        // An end that this page did not wait for is history, unless it is paid.
        let history = matches!(payment.status, Status::Failed | Status::Canceled);
        if history && !self.returning && refused.is_none() {
            return Phase::Ready {
                order,
                notice: None,
            };
        }
        let step = Payment::take_up(payment, order.revision, &self.rules, &mut self.out);
        self.followed(order, step)
    }

    fn followed(&mut self, order: Record, step: payment::Progress) -> Phase {
        match step {
            Step::Continue(flow) => Phase::Paying { order, flow },
            Step::Complete(end) => self.paid(order, end),
        }
    }

    fn close(&mut self, error: Error, refused: Option<Error>) -> Phase {
        if refused.is_some() {
            self.settle(Settled::Payment(Err(error.clone())));
        }
        Phase::Closed(error)
    }

    fn tokenized(&mut self, order: Record, then: Then, end: Result<String, NoToken>) -> Phase {
        match (end, then) {
            (
                Ok(card_token),
                Then::Pay {
                    installments,
                    save,
                    key,
                },
            ) => {
                let instrument = Instrument::Card {
                    card_token,
                    installments,
                    save,
                };
                self.request(order, instrument, key)
            }
            (Ok(token), Then::HandOver) => {
                self.settle(Settled::CardToken(Ok(token)));
                Phase::Ready {
                    order,
                    notice: None,
                }
            }
            // The order has a payment that this page did not know of: its
            // outcome is what the shopper wants to hear.
            (Err(NoToken::Look(refusal)), Then::Pay { .. }) => {
                self.open(false, Some(refusal.into()))
            }
            (Err(NoToken::Look(refusal)), Then::HandOver) => {
                self.settle(Settled::CardToken(Err(refusal.into())));
                Phase::Ready {
                    order,
                    notice: None,
                }
            }
            (Err(NoToken::Because(error)), Then::Pay { .. }) => self.paid(order, Err(error)),
            (Err(NoToken::Because(error)), Then::HandOver) => {
                self.settle(Settled::CardToken(Err(error)));
                Phase::Ready {
                    order,
                    notice: None,
                }
            }
        }
    }

    /// A payment has ended, or never began.
    fn paid(&mut self, mut order: Record, end: Result<Outcome, Error>) -> Phase {
        self.returning = false;
        self.settle(Settled::Payment(end.clone()));
        match end {
            Err(error) => Phase::Ready {
                order,
                notice: Some(Notice::Error(error)),
            },
            Ok(Outcome::Final(payment)) if payment.status != Status::Paid => {
                order.payment = Some(payment.clone());
                let notice = Some(Notice::Outcome(Outcome::Final(payment)));
                Phase::Ready { order, notice }
            }
            Ok(outcome) => Phase::Done { order, outcome },
        }
    }

    fn settle(&mut self, settled: Settled) {
        self.out.put(Effect::Settle(settled));
    }

    /// The order, once it has been read.
    pub fn order(&self) -> Option<&Record> {
        match &self.phase {
            Phase::Idle | Phase::Opening { .. } | Phase::Closed(_) => None,
            Phase::Ready { order, .. }
            | Phase::Tokenizing { order, .. }
            | Phase::Paying { order, .. }
            | Phase::Done { order, .. } => Some(order),
        }
    }

    /// True while a payment is under way, or the card of one becomes a token.
    pub fn is_paying(&self) -> bool {
        matches!(
            self.phase,
            Phase::Paying { .. }
                | Phase::Opening {
                    refused: Some(_),
                    ..
                }
                | Phase::Tokenizing {
                    then: Then::Pay { .. },
                    ..
                }
        )
    }

    /// What the form is to be filled with.
    pub fn lookup(&self) -> &Lookup {
        &self.lookup
    }

    /// Whether a payment by this method may be started now, and if not, why.
    pub fn takes(&self, method: &str) -> Result<(), Error> {
        self.is_free()?;
        let offered = self
            .order()
            .is_some_and(|order| order.methods.iter().any(|offer| offer.name() == method));
        offered.then_some(()).ok_or(Error::MethodNotAllowed)
    }

    /// Whether a payment or a tokenisation may be started now, and if not, why.
    pub fn is_free(&self) -> Result<(), Error> {
        match &self.phase {
            Phase::Ready { .. } => Ok(()),
            Phase::Closed(error) => Err(error.clone()),
            Phase::Done {
                outcome: Outcome::Final(_),
                ..
            } => Err(Error::AlreadyPaid),
            Phase::Idle
            | Phase::Opening { .. }
            | Phase::Tokenizing { .. }
            | Phase::Paying { .. }
            | Phase::Done { .. } => Err(Error::Busy),
        }
    }
}

#[cfg(test)]
#[path = "search/mod.rs"]
mod search;
#[cfg(test)]
#[path = "checkout_tests.rs"]
mod tests;
