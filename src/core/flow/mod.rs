//! The flows, one state machine a method, and what they are made of: events
//! come in, effects go out, answers carry the attempt they answer.
//!
//! * [`card`]: from card data to a PayWall card token.
//! * [`payment`], [`following`]: from a payment request to its outcome; shared by all methods.
//! * [`lookup`]: what the form is filled with: installment plans, saved cards.
//! * [`checkout`]: the whole, which holds the flow under way and makes the view.
//! * [`trace`]: what may be told of it all.

pub mod card;
pub mod checkout;
pub mod following;
pub mod lookup;
pub mod payment;
#[cfg(test)]
mod states;
#[cfg(test)]
mod testing;
pub mod trace;

use crate::wire::merchant::{
    BinInfo, Checkout, Instrument, OtpRequest, Payer, Payment, PaymentRequest, Problem, Redirect,
    SavedCards, TempToken, problem,
};
use crate::wire::paywall::{TempCardBody, TempCardRequest};

use crate::core::error::Error;

/// Names one asking, so that its answer can be told from any other's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempt(pub u32);

/// Where the next attempt and the effects of the event in hand are taken from
/// and put.
#[derive(Debug, Default)]
#[cfg_attr(test, derive(Clone))]
pub struct Outbox {
    last: u32,
    effects: Vec<Effect>,
}

impl Outbox {
    pub(crate) fn put(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    pub(crate) fn ask(&mut self, call: Call) -> Attempt {
        let attempt = self.attempt();
        self.put(Effect::Ask { attempt, call });
        attempt
    }

    pub(crate) fn wait(&mut self, milliseconds: u32) -> Attempt {
        let attempt = self.attempt();
        self.put(Effect::Wait {
            attempt,
            milliseconds,
        });
        attempt
    }

    pub(crate) fn attempt(&mut self) -> Attempt {
        self.last = self.last.wrapping_add(1);
        Attempt(self.last)
    }

    pub(crate) fn take(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }
}

/// A flow after an event: where it is now, or how it ended.
#[derive(Debug)]
pub enum Step<S, O> {
    Continue(S),
    Complete(O),
}

impl<S, O> Step<S, O> {
    /// The same step of a flow that holds this one.
    pub(crate) fn map<T>(self, held: impl FnOnce(S) -> T) -> Step<T, O> {
        match self {
            Step::Continue(state) => Step::Continue(held(state)),
            Step::Complete(outcome) => Step::Complete(outcome),
        }
    }
}

/// What happened outside.
#[derive(Debug)]
pub enum Event {
    /// The page asks for the checkout to be read.
    Open,
    /// Pay. `key` is a fresh idempotency key.
    Pay {
        how: How,
        key: String,
    },
    /// Make a card token and hand it over.
    TokenizeCard {
        card: TempCardBody,
    },
    /// The payer typed the one-time code.
    EnterCode {
        code: OtpRequest,
    },
    /// The payer wants another one.
    ResendCode,
    /// The first digits of the card in the form; none when it is left.
    BinTyped {
        digits: String,
    },
    /// Forget a card kept for this customer; its id.
    DeleteCard {
        card: String,
    },
    /// The shopper or the shop wants out.
    Cancel,
    /// The shopper goes on at the bank after a reload or a way back.
    ContinueChallenge,
    /// The frame's return page spoke: a hint to ask the server.
    FrameReturned,
    /// The page's policy keeps the bank's page out of the frame.
    FrameBlocked,
    /// The page's policy does not let a form leave for the bank's page.
    LeaveBlocked,
    /// The shopper would rather have the bank's page as a whole page.
    LeaveFrame,
    /// The page is shown again out of the back/forward cache.
    PageRestored,

    Checkout {
        attempt: Attempt,
        answer: Answer<Checkout>,
    },
    TempToken {
        attempt: Attempt,
        answer: Answer<TempToken>,
    },
    Tokenized {
        attempt: Attempt,
        answer: Tokenized,
    },
    /// Of a creation, a cancellation or a one-time code.
    Payment {
        attempt: Attempt,
        answer: Answer<Payment>,
    },
    Bin {
        attempt: Attempt,
        answer: Answer<BinInfo>,
    },
    Cards {
        attempt: Attempt,
        answer: Answer<SavedCards>,
    },
    CardDeleted {
        attempt: Attempt,
        answer: Answer<()>,
    },
    /// A [`Effect::Wait`] is over.
    Elapsed {
        attempt: Attempt,
    },
}

/// What the shopper pays with.
#[derive(Debug)]
pub enum How {
    /// A new card: it becomes a card token first.
    Card {
        card: TempCardRequest,
        installments: u8,
        save: bool,
    },
    /// Anything that the merchant server takes as it is.
    With(Instrument),
}

impl How {
    /// The method's `type`.
    pub fn method(&self) -> &'static str {
        match self {
            How::Card { .. } => crate::wire::merchant::Method::CARD,
            How::With(instrument) => instrument.method(),
        }
    }
}

/// What is to be done outside.
#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
pub enum Effect {
    /// Ask the merchant server; answers with the event of the call's kind.
    Ask { attempt: Attempt, call: Call },
    /// PayWall's tempcard. The card leaves the core here and is wiped after,
    /// unless the answer hands it back.
    Tokenize {
        attempt: Attempt,
        token: TempToken,
        card: TempCardBody,
    },
    /// Answers with [`Event::Elapsed`].
    Wait { attempt: Attempt, milliseconds: u32 },
    /// Send the whole page to the bank.
    Leave(Redirect),
    /// What was asked of us has ended. Once a payment, once a tokenisation.
    Settle(Settled),
    /// Something the shop's developer should know; no end of anything.
    Warn(Error),
}

/// A call of the merchant API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Call {
    /// With `since`: waits on the server for a later revision.
    ReadCheckout {
        since: Option<u64>,
    },
    FetchTempToken,
    CreatePayment {
        key: String,
        request: PaymentRequest,
    },
    CancelPayment {
        payment: String,
    },
    ConfirmCode {
        payment: String,
        code: OtpRequest,
    },
    /// `payer` again, because the server keeps none of it.
    ResendCode {
        payment: String,
        payer: Payer,
    },
    ReadBin {
        bin: String,
    },
    ListCards,
    DeleteCard {
        card: String,
    },
}

impl Call {
    /// After this the answer counts as lost.
    pub fn deadline_ms(&self) -> u32 {
        match self {
            Call::ReadCheckout { since: None } | Call::FetchTempToken => 10_000,
            Call::ReadBin { .. } | Call::ListCards | Call::DeleteCard { .. } => 15_000,
            Call::ReadCheckout { since: Some(_) } => 35_000,
            // The server itself waits up to 20 s for its provider, twice.
            Call::CreatePayment { .. }
            | Call::CancelPayment { .. }
            | Call::ConfirmCode { .. }
            | Call::ResendCode { .. } => 45_000,
        }
    }
}

/// Deadline of PayWall's tempcard.
pub const TOKENIZE_DEADLINE_MS: u32 = 15_000;

/// What became of a question to the merchant server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer<T> {
    Ok(T),
    Refused(Problem),
    Lost(Lost),
}

impl<T> Answer<T> {
    /// A refusal by a server that itself is in trouble (5xx) tells nothing of
    /// what it did before.
    pub(crate) fn is_certain(&self) -> bool {
        match self {
            Answer::Ok(_) => true,
            Answer::Refused(refusal) => refusal.status < 500,
            Answer::Lost(_) => false,
        }
    }
}

/// How an answer was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(test, derive(Hash))]
pub enum Lost {
    /// No connection, or one that broke.
    Unreachable,
    /// None within the deadline.
    Late,
    /// Not what the contract says: HTML, other JSON, half a body.
    Garbled,
}

/// What became of a tempcard call. The card comes back where it is needed again.
#[derive(Debug)]
pub enum Tokenized {
    CardToken(String),
    /// The TempToken is expired, unknown or under-scoped.
    TokenRefused(TempCardBody),
    /// PayWall's error code for this card.
    CardRefused(i32),
    Lost(Lost, TempCardBody),
}

/// What [`Effect::Settle`] says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settled {
    Payment(Result<Outcome, Error>),
    CardToken(Result<String, Error>),
}

/// How a payment ended, as far as the merchant server says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The server's last word: paid, failed or canceled.
    Final(Payment),
    /// No last word in time; the server goes on asking. `None`: it is not even
    /// known whether a payment was created.
    Unknown(Option<Payment>),
}

/// True for refusals that mean "look at the checkout": there is a payment that
/// this page does not know of.
pub(crate) fn asks_to_look(refusal: &Problem) -> bool {
    matches!(
        refusal.code.as_str(),
        problem::ALREADY_PAID | problem::PAYMENT_PENDING
    )
}

/// The pause after so many losses in a row: 0.5 s, 1 s, 2 s, 4 s, then 8 s each.
pub(crate) fn pause_ms(losses: u8) -> u32 {
    500 << losses.min(4)
}

impl Event {
    /// The attempt that it answers.
    pub fn attempt(&self) -> Option<Attempt> {
        match self {
            Event::Checkout { attempt, .. }
            | Event::TempToken { attempt, .. }
            | Event::Tokenized { attempt, .. }
            | Event::Payment { attempt, .. }
            | Event::Bin { attempt, .. }
            | Event::Cards { attempt, .. }
            | Event::CardDeleted { attempt, .. }
            | Event::Elapsed { attempt } => Some(*attempt),
            Event::Open
            | Event::Pay { .. }
            | Event::TokenizeCard { .. }
            | Event::EnterCode { .. }
            | Event::ResendCode
            | Event::BinTyped { .. }
            | Event::DeleteCard { .. }
            | Event::Cancel
            | Event::ContinueChallenge
            | Event::FrameReturned
            | Event::FrameBlocked
            | Event::LeaveBlocked
            | Event::LeaveFrame
            | Event::PageRestored => None,
        }
    }
}

impl Effect {
    /// The attempt it will be answered by, where it is answered.
    pub fn attempt(&self) -> Option<Attempt> {
        match self {
            Effect::Ask { attempt, .. }
            | Effect::Tokenize { attempt, .. }
            | Effect::Wait { attempt, .. } => Some(*attempt),
            Effect::Leave(_) | Effect::Settle(_) | Effect::Warn(_) => None,
        }
    }
}
