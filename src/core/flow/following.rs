//! Follows a payment that exists: shows the bank's or provider's page, takes a
//! one-time code, and waits by long poll for the merchant server's last word.

use crate::core::error::Error;
use crate::core::flow::{Answer, Attempt, Call, Effect, Event, Outbox, Outcome, Step, pause_ms};
use crate::core::redirect::AllowList;
use crate::wire::merchant::{
    Challenge, Checkout, Method, Next, Payer, Payment as Record, PaymentError, Redirect,
    RedirectMethod, Status, payer_field, problem,
};

/// How long a payment is followed before it is left to the server: longer than
/// any bank keeps its page open.
const FOLLOW_MS: u32 = 20 * 60_000;

/// The page should be gone by then; if it is not, the shopper may push again.
const LEAVE_MS: u32 = 8_000;

/// `error.code` of a payment that was not finished in time.
const EXPIRED: &str = "expired";

#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
pub struct Following {
    pub payment: Record,
    pub stage: Stage,
    pub(super) deadline: Attempt,
    /// The long poll, or the pause after one that was lost.
    pub(super) poll: Attempt,
    /// News are above it.
    pub(super) revision: u64,
    pub(super) losses: u8,
    pub(super) cancel: Option<Attempt>,
    /// The cancellation before was not granted.
    pub(super) not_canceled: bool,
    /// A one-time code, or the wish for another, is with the server.
    pub(super) code: Option<Attempt>,
    /// What another code has to be asked for with; empty after a reload.
    payer: Payer,
}

/// Where the shopper is with the bank's page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// To be shown as soon as the server names it.
    Ahead,
    /// In the frame, at this address.
    Framed(String),
    /// The page has been sent there; the attempt is the timer that looks
    /// whether it went.
    Leaving(Attempt),
    /// Taken up after a reload or a way back: the shopper's to go on.
    Held,
    /// Done with it, or not to be shown; only the server's word is missing.
    Behind,
}

/// How this page meets challenges.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    pub challenge: Challenge,
    pub redirects: AllowList,
}

type Progress = Step<Following, Result<Outcome, Error>>;

impl Following {
    /// Follows the payment that a request made: the bank's page comes up as
    /// soon as it is known, unless the shopper wants out by now.
    pub fn begin(
        payment: Record,
        payer: Payer,
        cancel: bool,
        rules: &Rules,
        out: &mut Outbox,
    ) -> Progress {
        Self::start(payment, 0, Stage::Ahead, payer, cancel, rules, out)
    }

    /// Follows a payment that was made before, or on another page: whether to
    /// go on at the bank is the shopper's to say.
    pub fn take_up(
        payment: Record,
        revision: u64,
        cancel: bool,
        rules: &Rules,
        out: &mut Outbox,
    ) -> Progress {
        let payer = Payer::default();
        Self::start(payment, revision, Stage::Held, payer, cancel, rules, out)
    }

    fn start(
        payment: Record,
        revision: u64,
        stage: Stage,
        payer: Payer,
        cancel: bool,
        rules: &Rules,
        out: &mut Outbox,
    ) -> Progress {
        if payment.status != Status::Pending {
            return Step::Complete(Ok(Outcome::Final(payment)));
        }
        let deadline = out.wait(FOLLOW_MS);
        let since = Some(revision);
        let poll = out.ask(Call::ReadCheckout { since });
        let mut following = Following {
            payment,
            stage,
            deadline,
            poll,
            revision,
            losses: 0,
            cancel: None,
            not_canceled: false,
            code: None,
            payer,
        };
        if cancel {
            following.cancel(out);
        } else {
            following.meet_challenge(rules, out);
        }
        Step::Continue(following)
    }

    /// True while the server has been asked to cancel and has not answered.
    pub fn is_canceling(&self) -> bool {
        self.cancel.is_some()
    }

    /// True where a cancellation may be asked for.
    pub fn can_cancel(&self) -> bool {
        let over = matches!(&self.payment.next, Some(Next::Wait(wait)) if !wait.cancellable);
        !over && !self.is_canceling() && !matches!(self.stage, Stage::Leaving(_))
    }

    /// True while a code is with the server.
    pub fn is_checking_code(&self) -> bool {
        self.code.is_some()
    }

    /// True where a code may be entered now.
    fn awaits_code(&self) -> bool {
        let wanted = matches!(self.payment.next, Some(Next::Otp(_)));
        wanted && !self.is_checking_code() && !self.is_canceling()
    }

    /// True where another code may be asked for, now or when its time has come.
    pub fn can_resend(&self) -> bool {
        let Some(Next::Otp(otp)) = &self.payment.next else {
            return false;
        };
        let known = otp.resend_fields.iter().all(|name| self.knows(name));
        otp.resend_at.is_some() && known
    }

    fn knows(&self, name: &str) -> bool {
        match name {
            payer_field::CARD_NUMBER => self.payer.card_number.is_some(),
            payer_field::PHONE => self.payer.phone.is_some(),
            payer_field::IDENTITY_NUMBER => self.payer.identity_number.is_some(),
            payer_field::EMAIL => self.payer.email.is_some(),
            payer_field::FULL_NAME => self.payer.full_name.is_some(),
            _ => false,
        }
    }

    /// True where the shopper may go on at the bank.
    pub fn can_continue(&self) -> bool {
        let known = matches!(self.payment.next, Some(Next::Redirect(_)));
        self.stage == Stage::Held && known && !self.is_canceling()
    }

    pub fn update(mut self, event: Event, rules: &Rules, out: &mut Outbox) -> Progress {
        match event {
            Event::Checkout { attempt, answer } if attempt == self.poll => {
                return self.polled(answer, rules, out);
            }
            Event::Payment { attempt, answer } if Some(attempt) == self.cancel => {
                self.cancel = None;
                // Not granted, or not known: the shopper may go on, or ask again.
                if self.stage == Stage::Behind {
                    self.stage = Stage::Held;
                }
                self.not_canceled = true;
                if let Answer::Ok(payment) = answer
                    && payment.id == self.payment.id
                {
                    return self.learned(payment, rules, out);
                }
            }
            Event::EnterCode { code } if self.awaits_code() => {
                let payment = self.payment.id.clone();
                self.code = Some(out.ask(Call::ConfirmCode { payment, code }));
            }
            Event::ResendCode if self.awaits_code() && self.can_resend() => {
                let (payment, payer) = (self.payment.id.clone(), self.payer.clone());
                self.code = Some(out.ask(Call::ResendCode { payment, payer }));
            }
            Event::Payment { attempt, answer } if Some(attempt) == self.code => {
                self.code = None;
                match answer {
                    Answer::Ok(payment) if payment.id == self.payment.id => {
                        return self.learned(payment, rules, out);
                    }
                    // Whether the code was taken is for the server to say.
                    _ => self.ask(out),
                }
            }
            Event::Elapsed { attempt } if attempt == self.deadline => {
                return Step::Complete(Ok(Outcome::Unknown(Some(self.payment))));
            }
            Event::Elapsed { attempt } if attempt == self.poll => self.ask(out),
            Event::Elapsed { attempt } if self.stage == Stage::Leaving(attempt) => {
                self.stage = Stage::Held;
            }
            Event::Cancel if self.cancel.is_none() => self.cancel(out),
            Event::ContinueChallenge if self.can_continue() => {
                self.not_canceled = false;
                self.stage = Stage::Ahead;
                self.meet_challenge(rules, out);
            }
            Event::FrameReturned if matches!(self.stage, Stage::Framed(_)) => {
                self.stage = Stage::Behind;
                self.ask(out);
            }
            Event::FrameBlocked if matches!(self.stage, Stage::Framed(_)) => {
                out.put(Effect::Warn(Error::FrameBlocked));
                self.show_challenge(Challenge::Redirect, rules, out);
            }
            Event::LeaveFrame if matches!(self.stage, Stage::Framed(_)) => {
                self.show_challenge(Challenge::Redirect, rules, out);
            }
            // Why it did not go is known; nobody has to wait for it.
            Event::LeaveBlocked if matches!(self.stage, Stage::Leaving(_)) => {
                out.put(Effect::Warn(Error::RedirectBlocked));
                self.stage = Stage::Held;
            }
            Event::PageRestored if matches!(self.stage, Stage::Leaving(_) | Stage::Held) => {
                self.stage = Stage::Held;
                self.ask(out);
            }
            _ => {}
        }
        Step::Continue(self)
    }

    /// Waits on the server for news. Where it had none, or something between
    /// answers from memory at once, it is not asked again without a pause.
    fn poll_on(&mut self, revision: u64, out: &mut Outbox) {
        self.poll = if revision > self.revision {
            out.ask(Call::ReadCheckout {
                since: Some(revision),
            })
        } else {
            out.wait(pause_ms(0))
        };
        self.revision = revision;
    }

    /// Asks how it stands, at once; the poll before is not listened to any more.
    fn ask(&mut self, out: &mut Outbox) {
        self.revision = 0;
        self.poll = out.ask(Call::ReadCheckout { since: None });
    }

    fn polled(mut self, answer: Answer<Checkout>, rules: &Rules, out: &mut Outbox) -> Progress {
        match answer {
            Answer::Ok(Checkout {
                payment: Some(payment),
                revision,
                ..
            }) if payment.id == self.payment.id => {
                self.losses = 0;
                if payment.status == Status::Pending {
                    self.poll_on(revision, out);
                }
                self.learned(payment, rules, out)
            }
            // Over, and not paid: so says the refusal itself.
            Answer::Refused(refusal) if refusal.code == problem::CHECKOUT_EXPIRED => {
                Step::Complete(Ok(Outcome::Final(expired(self.payment))))
            }
            // Another payment is only created once the one before has ended, so
            // ours has; but how is not said here.
            Answer::Ok(Checkout {
                payment: Some(_), ..
            }) => Step::Complete(Ok(Outcome::Unknown(Some(self.payment)))),
            Answer::Ok(_) | Answer::Refused(_) | Answer::Lost(_) => {
                self.poll = out.wait(pause_ms(self.losses));
                self.losses = self.losses.saturating_add(1);
                Step::Continue(self)
            }
        }
    }

    fn learned(mut self, payment: Record, rules: &Rules, out: &mut Outbox) -> Progress {
        if payment.status != Status::Pending {
            return Step::Complete(Ok(Outcome::Final(payment)));
        }
        self.payment = payment;
        self.meet_challenge(rules, out);
        Step::Continue(self)
    }

    fn cancel(&mut self, out: &mut Outbox) {
        let payment = self.payment.id.clone();
        self.not_canceled = false;
        self.cancel = Some(out.ask(Call::CancelPayment { payment }));
        self.stage = match self.stage {
            Stage::Ahead | Stage::Framed(_) => Stage::Behind,
            ref stage => stage.clone(),
        };
    }

    /// Shows the bank's page if it is known and the shopper has not been there.
    fn meet_challenge(&mut self, rules: &Rules, out: &mut Outbox) {
        if self.stage == Stage::Ahead {
            self.show_challenge(rules.challenge, rules, out);
        }
    }

    /// The one way to the bank's page; each address passes the allow-list here.
    fn show_challenge(&mut self, challenge: Challenge, rules: &Rules, out: &mut Outbox) {
        let Some(Next::Redirect(to)) = &self.payment.next else {
            return;
        };
        if !rules.redirects.allows(&to.url) {
            out.put(Effect::Warn(Error::RedirectRefused));
            self.payment.next = None;
            self.cancel(out);
        } else if challenge == Challenge::Frame
            && to.method == RedirectMethod::Get
            && is_bank(&self.payment.method)
        {
            self.stage = Stage::Framed(to.url.clone());
        } else {
            out.put(Effect::Leave(Redirect::clone(to)));
            self.stage = Stage::Leaving(out.wait(LEAVE_MS));
        }
    }
}

/// Only a bank's 3-D Secure page is made for frames; a provider's own page may
/// forbid them, or lose its cookies there.
fn is_bank(method: &str) -> bool {
    matches!(method, Method::CARD | Method::SAVED_CARD)
}

/// A payment whose checkout is over: it was not paid.
fn expired(payment: Record) -> Record {
    Record {
        status: Status::Failed,
        next: None,
        error: Some(PaymentError {
            code: EXPIRED.to_owned(),
            message: None,
        }),
        ..payment
    }
}
