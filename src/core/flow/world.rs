//! The checkout in a world that answers whatever it likes. A checkout cannot be
//! cloned (it may own a card), so a world is a script, played from the start.

use std::collections::BTreeMap;

use super::*;
use crate::core::flow::testing::{awaiting_code, card, code, pending, sentence};
use crate::core::flow::{Lost, TOKENIZE_DEADLINE_MS, Tokenized};
use crate::wire::paywall::{TempCardBody, TempCardRequest};

/// One step of a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Move {
    Open,
    Pay,
    Tokenize,
    Cancel,
    Continue,
    Returned,
    Blocked,
    Restored,
    Code,
    Resend,
    Answer(Attempt, Reply),
}

const FREE: [Move; 10] = [
    Move::Open,
    Move::Pay,
    Move::Tokenize,
    Move::Cancel,
    Move::Continue,
    Move::Returned,
    Move::Blocked,
    Move::Restored,
    Move::Code,
    Move::Resend,
];

/// An answer in short; payments are named by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reply {
    Nothing,
    Pending(u8),
    AtBank(u8),
    /// A one-time code is awaited.
    Code(u8),
    Paid(u8),
    Failed(u8),
    /// 409 `payment_pending`
    Look,
    /// 410 `checkout_expired`
    Expired,
    /// 422
    Refused,
    /// 500
    Trouble,
    Lost(Lost),
    Token,
    TokenRefused,
    Elapsed,
}

/// What an effect asked for, and how long it may take.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) kind: Kind,
    pub(super) milliseconds: u32,
    pub(super) answered: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Read,
    Fetch,
    Tokenize,
    Create(String),
    Cancel,
    Code,
    Wait,
}

impl Kind {
    fn of(effect: &Effect) -> Option<Kind> {
        Some(match effect {
            Effect::Ask { call, .. } => match call {
                Call::ReadCheckout { .. } => Kind::Read,
                Call::FetchTempToken => Kind::Fetch,
                Call::CreatePayment { key, .. } => Kind::Create(key.clone()),
                Call::CancelPayment { .. } => Kind::Cancel,
                Call::ConfirmCode { .. } | Call::ResendCode { .. } => Kind::Code,
                // No world has cards kept, or a form that asks for plans.
                Call::ReadBin { .. } | Call::ListCards | Call::DeleteCard { .. } => return None,
            },
            Effect::Tokenize { .. } => Kind::Tokenize,
            Effect::Wait { .. } => Kind::Wait,
            Effect::Leave(_) | Effect::Settle(_) | Effect::Warn(_) => return None,
        })
    }

    pub(super) fn replies(&self) -> &'static [Reply] {
        use Reply::*;
        match self {
            Kind::Read => &[
                Nothing,
                Pending(1),
                AtBank(1),
                Paid(1),
                Failed(1),
                AtBank(2),
                Failed(2),
                Expired,
                Trouble,
                Lost(super::Lost::Unreachable),
            ],
            Kind::Fetch => &[Token, Look, Refused, Lost(super::Lost::Late)],
            Kind::Tokenize => &[Token, TokenRefused, Refused, Lost(super::Lost::Late)],
            Kind::Create(_) | Kind::Cancel | Kind::Code => &[
                Pending(1),
                AtBank(1),
                Code(1),
                Paid(1),
                Failed(1),
                AtBank(2),
                Look,
                Refused,
                Trouble,
                Lost(super::Lost::Late),
            ],
            Kind::Wait => &[Elapsed],
        }
    }

    pub(super) fn event(
        &self,
        attempt: Attempt,
        reply: Reply,
        card: Option<TempCardBody>,
    ) -> Event {
        match self {
            Kind::Read => Event::Checkout {
                attempt,
                answer: reply.answer(|| checkout(reply.payment())),
            },
            Kind::Fetch => Event::TempToken {
                attempt,
                answer: reply.answer(temp_token),
            },
            Kind::Tokenize => Event::Tokenized {
                attempt,
                answer: match (reply, card) {
                    (Reply::TokenRefused, Some(card)) => Tokenized::TokenRefused(card),
                    (Reply::Lost(lost), Some(card)) => Tokenized::Lost(lost, card),
                    (Reply::Token, _) => Tokenized::CardToken("tok-1".into()),
                    _ => Tokenized::CardRefused(14),
                },
            },
            Kind::Create(_) | Kind::Cancel | Kind::Code => Event::Payment {
                attempt,
                answer: match reply.payment() {
                    Some(payment) => Answer::Ok(payment),
                    None => reply.answer(|| pending("pay_1")),
                },
            },
            Kind::Wait => Event::Elapsed { attempt },
        }
    }
}

impl Reply {
    pub(super) fn payment(self) -> Option<Attempted> {
        match self {
            Reply::Pending(n) => Some(pending(&format!("pay_{n}"))),
            Reply::AtBank(n) => Some(at_bank(&format!("pay_{n}"))),
            Reply::Code(n) => Some(awaiting_code(&format!("pay_{n}"))),
            Reply::Paid(n) => Some(paid(&format!("pay_{n}"))),
            Reply::Failed(n) => Some(failed(&format!("pay_{n}"))),
            _ => None,
        }
    }

    fn answer<T>(self, ok: impl FnOnce() -> T) -> Answer<T> {
        match self {
            Reply::Look => refused(409, problem::PAYMENT_PENDING),
            Reply::Expired => refused(410, problem::CHECKOUT_EXPIRED),
            Reply::Refused => refused(422, problem::INVALID_REQUEST),
            Reply::Trouble => refused(500, problem::INTERNAL),
            Reply::Lost(lost) => Answer::Lost(lost),
            _ => Answer::Ok(ok()),
        }
    }
}

/// The checkout, what it has asked for, and what a bystander knows of it.
pub(super) struct World {
    pub(super) start: (Challenge, bool),
    pub(super) checkout: Checkout,
    pub(super) asked: BTreeMap<u32, Asked>,
    /// The cards of the tempcard calls that are out.
    pub(super) cards: BTreeMap<u32, TempCardBody>,
    pub(super) script: Vec<Move>,
    /// Cards given to it: each has its number in the holder's name.
    pub(super) given: u8,
    /// A `pay` was taken and has no result yet.
    pub(super) owed: bool,
    /// It was opened, and may yet tell of a payment from before.
    pub(super) expectant: bool,
    /// A payment was asked for by this key, and its end is not known.
    pub(super) unresolved: Option<String>,
}

/// What one step did.
pub(super) struct Seen {
    /// The kind of effect that was answered, and how.
    pub(super) answer: Option<(Kind, Reply)>,
    pub(super) said: Vec<String>,
    /// A card was given, taken or not.
    gave: bool,
    pub(super) attempts: Vec<Attempt>,
    pub(super) created: Vec<String>,
    pub(super) settled: Vec<Result<Outcome, Error>>,
    /// Of the world before.
    pub(super) last_attempt: u32,
    pub(super) was_owed: bool,
    pub(super) was_expectant: bool,
    pub(super) was_unresolved: Option<String>,
}

impl Seen {
    pub(super) fn moved(&self) -> bool {
        self.answer.is_some() || self.gave || !self.said.is_empty()
    }
}

impl World {
    pub(super) fn new(start @ (challenge, returning): (Challenge, bool)) -> Self {
        World {
            start,
            checkout: Checkout::new(rules(challenge), returning),
            asked: BTreeMap::new(),
            cards: BTreeMap::new(),
            script: vec![],
            given: 0,
            owed: false,
            expectant: false,
            unresolved: None,
        }
    }

    pub(super) fn replay(start: (Challenge, bool), script: &[Move]) -> Self {
        let mut world = World::new(start);
        for &step in script {
            world.step(step);
        }
        world
    }

    fn card(&mut self) -> TempCardRequest {
        self.given += 1;
        card(&format!("Ada {}", self.given))
    }

    fn event(&mut self, step: Move) -> Event {
        match step {
            Move::Open => Event::Open,
            Move::Pay => Event::Pay {
                how: How::Card {
                    card: self.card(),
                    installments: 1,
                    save: false,
                },
                key: format!("key-{}", self.given),
            },
            Move::Tokenize => Event::TokenizeCard {
                card: TempCardBody::Ecom(self.card()),
            },
            Move::Code => Event::EnterCode { code: code() },
            Move::Resend => Event::ResendCode,
            Move::Cancel => Event::Cancel,
            Move::Continue => Event::ContinueChallenge,
            Move::Returned => Event::FrameReturned,
            Move::Blocked => Event::FrameBlocked,
            Move::Restored => Event::PageRestored,
            Move::Answer(attempt, reply) => {
                let card = self.cards.remove(&attempt.0);
                let asked = self.asked.get_mut(&attempt.0).expect("it was asked");
                asked.answered = true;
                asked.kind.event(attempt, reply, card)
            }
        }
    }

    pub(super) fn step(&mut self, step: Move) -> Seen {
        let mut seen = Seen {
            answer: match step {
                Move::Answer(attempt, reply) => Some((self.asked[&attempt.0].kind.clone(), reply)),
                _ => None,
            },
            said: vec![],
            gave: matches!(step, Move::Pay | Move::Tokenize),
            attempts: vec![],
            created: vec![],
            settled: vec![],
            last_attempt: self.asked.keys().next_back().copied().unwrap_or(0),
            was_owed: self.owed,
            was_expectant: self.expectant,
            was_unresolved: self.unresolved.clone(),
        };
        let taken = self.checkout.is_free().is_ok();
        let opens = matches!(self.checkout.phase, Phase::Idle | Phase::Closed(_));
        let event = self.event(step);
        self.script.push(step);
        let effects = self.checkout.handle(event);
        self.owed |= taken && step == Move::Pay;
        self.expectant |= opens && step == Move::Open;
        for effect in effects {
            self.note(effect, &mut seen);
        }
        self.expectant &= self.checkout.is_free().is_err();
        seen
    }

    fn note(&mut self, effect: Effect, seen: &mut Seen) {
        seen.said.push(sentence(&effect));
        if let (Some(attempt), Some(kind)) = (effect.attempt(), Kind::of(&effect)) {
            seen.attempts.push(attempt);
            let asked = Asked {
                kind,
                milliseconds: patience(&effect),
                answered: false,
            };
            self.asked.insert(attempt.0, asked);
        }
        match effect {
            Effect::Ask {
                call: Call::CreatePayment { key, .. },
                ..
            } => {
                seen.created.push(key.clone());
                self.unresolved = Some(key);
            }
            Effect::Tokenize { attempt, card, .. } => {
                self.cards.insert(attempt.0, card);
            }
            Effect::Settle(Settled::Payment(end)) => {
                if !matches!(end, Ok(Outcome::Unknown(_))) {
                    self.unresolved = None;
                }
                self.owed = false;
                self.expectant = false;
                seen.settled.push(end);
            }
            _ => {}
        }
    }

    /// The state in words.
    pub(super) fn text(&self) -> String {
        let Checkout {
            phase, returning, ..
        } = &self.checkout;
        format!("{phase:?} returning: {returning}")
    }

    /// The attempts that the state names.
    pub(super) fn named(&self) -> Vec<u32> {
        let text = self.text();
        let named = text.split("Attempt(").skip(1);
        named
            .filter_map(|rest| rest.split(')').next()?.parse().ok())
            .collect()
    }

    /// The same for two places that differ in nothing but the numbers of their
    /// attempts.
    pub(super) fn key(&self) -> String {
        let mut key = self.text();
        for (place, attempt) in self.named().iter().enumerate() {
            let asked = &self.asked[attempt];
            let name = format!("#{place} {:?} {}", asked.kind, asked.answered);
            key = key.replace(&format!("Attempt({attempt})"), &name);
        }
        let known = (self.given, self.owed, self.expectant, &self.unresolved);
        format!("{key} {known:?}")
    }

    /// What may happen now: all but what [`stale`](Self::stale) says.
    pub(super) fn moves(&self, limits: Limits) -> Vec<Move> {
        let mut moves = FREE.to_vec();
        if self.given == limits.cards {
            moves.retain(|step| !matches!(step, Move::Pay | Move::Tokenize));
        }
        for attempt in self.named() {
            let asked = &self.asked[&attempt];
            if !asked.answered {
                let replies = asked.kind.replies().iter();
                let replies = replies.filter(|reply| {
                    limits.look || asked.kind != Kind::Fetch || **reply != Reply::Look
                });
                moves.extend(replies.map(|reply| Move::Answer(Attempt(attempt), *reply)));
            }
        }
        moves
    }

    /// Doubled answers, and late ones to askings that are not awaited any more.
    pub(super) fn stale(&self) -> Vec<Move> {
        let named = self.named();
        let stale = self
            .asked
            .iter()
            .filter(|(attempt, asked)| asked.answered || !named.contains(attempt));
        stale
            .flat_map(|(attempt, asked)| {
                let replies = asked.kind.replies().iter();
                replies.map(|reply| Move::Answer(Attempt(*attempt), *reply))
            })
            .collect()
    }
}

fn patience(effect: &Effect) -> u32 {
    match effect {
        Effect::Ask { call, .. } => call.deadline_ms(),
        Effect::Tokenize { .. } => TOKENIZE_DEADLINE_MS,
        Effect::Wait { milliseconds, .. } => *milliseconds,
        Effect::Leave(_) | Effect::Settle(_) | Effect::Warn(_) => 0,
    }
}

/// How far a walk goes.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    /// Steps of a script.
    pub(super) depth: usize,
    /// Cards given in a script.
    pub(super) cards: u8,
    /// Whether a TempToken may be refused for another payment.
    pub(super) look: bool,
}
