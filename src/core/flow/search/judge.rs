//! What an event does to a page, and whether the invariants of ARCHITECTURE.md
//! allow it. Knows no server but by what the event says.

use std::collections::BTreeSet;

use super::super::*;
use super::Setting;
use super::acts::Act;
use super::net::{Ask, Reply, number, tokenized};
use super::page::Page;
use super::server::{Refusal, Stand};
use crate::core::flow::testing::PAN;
use crate::core::flow::{Attempt, Call, Effect, Event};
use crate::wire::merchant;

/// What may come to a page; answers by the place of what they answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Input {
    /// With the number of the `pay` that it may be.
    Act(Act, u8),
    Answer(u8, Reply),
    Lost(u8, Lost),
    /// PayWall answers, in one of its ways.
    Token(u8, u8),
}

/// What a result says.
#[derive(Clone, Copy, Debug)]
pub(super) enum End {
    Unknown,
    /// Of the payment of this number.
    Final(u8, Stand),
    /// Nothing was charged by this key.
    Nothing(Option<u8>),
}

/// What an input did to a page.
#[derive(Clone, Debug)]
pub(super) struct Felt {
    /// Where each of its attempts is now, if the page still waits for it.
    pub(super) kept: Vec<Option<u8>>,
    pub(super) sent: Vec<Ask>,
    pub(super) leaves: bool,
    pub(super) end: Option<End>,
    pub(super) fault: Option<&'static str>,
}

/// The first thing that was wrong.
#[derive(Default)]
struct Fault(Option<&'static str>);

impl Fault {
    fn unless(&mut self, well: bool, words: &'static str) {
        if !well {
            self.0.get_or_insert(words);
        }
    }
}

impl Input {
    fn event(self, page: &Page, setting: &Setting) -> Event {
        let attempt = |place: u8| Attempt(u32::from(place) + 1);
        match self {
            Input::Act(act, number) => act.event(number, setting),
            Input::Answer(place, reply) => reply.event(attempt(place), setting.method),
            Input::Lost(place, lost) => page.ask(place).lost(attempt(place), lost),
            Input::Token(place, way) => match page.ask(place) {
                Ask::Tokenize(card) => tokenized(attempt(place), card, way),
                ask => unreachable!("{ask:?} is not PayWall's"),
            },
        }
    }

    fn reply(self) -> Option<Reply> {
        match self {
            Input::Answer(_, reply) => Some(reply),
            _ => None,
        }
    }
}

impl Page {
    pub(super) fn ask(&self, place: u8) -> Ask {
        self.asked[usize::from(place)].0
    }

    /// The page after the input, its attempts numbered anew.
    pub(super) fn feel(&self, input: Input, setting: &Setting) -> (Page, Felt) {
        let mut fault = Fault::default();
        let mut page = self.clone();
        let event = input.event(self, setting);
        let lost_request = self.has_lost_the_request(&event);
        let opens = matches!(self.core.phase, Phase::Idle | Phase::Closed(_));
        page.owed |= self.core.is_free().is_ok() && matches!(event, Event::Pay { .. });
        page.expectant |= opens && matches!(event, Event::Open);
        let effects = (setting.handle)(&mut page.core, event);

        let told = format!("{effects:?}");
        let mut twin = self.core.clone();
        let again = (setting.handle)(&mut twin, input.event(self, setting));
        fault.unless(
            format!("{again:?}") == told
                && format!("{:?}", twin.phase) == format!("{:?}", page.core.phase),
            "the same event did something else",
        );
        fault.unless(page.core.out.effects.is_empty(), "an effect was kept back");
        self.judge_attempts(&effects, &mut fault);
        let last = effects.len().saturating_sub(1);
        let settles = |effect: &Effect| matches!(effect, Effect::Settle(_));
        fault.unless(
            !effects[..last].iter().any(settles),
            "a result is not the last that is said, or is said twice",
        );
        fault.unless(
            !lost_request || matches!(effects.as_slice(), [Effect::Wait { .. }]),
            "a lost request was not asked for again after a pause",
        );
        fault.unless(
            !told.contains(PAN) && !told.contains("\"360\""),
            "a card is told",
        );
        let mut felt = Felt {
            kept: vec![],
            sent: vec![],
            leaves: false,
            end: None,
            fault: None,
        };
        for effect in &effects {
            page.note(effect, input.reply(), &mut felt, &mut fault);
        }
        page.expectant &= page.core.is_free().is_err();
        if !matches!(input, Input::Act(..)) {
            let before = page.digest();
            let doubled = (setting.handle)(&mut page.core, input.event(self, setting));
            let still = doubled.is_empty() && page.digest() == before;
            fault.unless(still, "an answer that came twice did something");
        }
        let named = page.attempts();
        fault.unless(
            effects.iter().all(|effect| match effect {
                Effect::Tokenize { attempt, .. } => named.iter().any(|known| *known == attempt),
                _ => true,
            }),
            "a card leaves, and nobody waits for what becomes of it",
        );
        page.renumber(self, &effects, &mut felt);
        page.forget_losses(setting.losses_told);
        felt.fault = fault.0;
        (page, felt)
    }

    fn judge_attempts(&self, effects: &[Effect], fault: &mut Fault) {
        let attempts: Vec<u32> = (effects.iter().filter_map(Effect::attempt))
            .map(|attempt| attempt.0)
            .collect();
        let distinct: BTreeSet<&u32> = attempts.iter().collect();
        let last = self.core.out.last;
        let fresh = distinct.len() == attempts.len() && attempts.iter().all(|given| *given > last);
        fault.unless(fresh, "an attempt was used again");
    }

    fn note(&mut self, effect: &Effect, reply: Option<Reply>, felt: &mut Felt, fault: &mut Fault) {
        match effect {
            Effect::Ask {
                call: Call::CreatePayment { key, .. },
                ..
            } => {
                let before = std::mem::replace(&mut self.open, number(key));
                fault.unless(
                    before.is_none() || before == self.open,
                    "a new key while the payment before may still take money",
                );
            }
            Effect::Tokenize { card, .. } => {
                let whole = matches!(card, TempCardBody::Ecom(card) if card.card_number == PAN);
                fault.unless(whole, "a card is spoilt");
            }
            Effect::Leave(_) => felt.leaves = true,
            Effect::Settle(Settled::Payment(end)) => {
                fault.unless(
                    self.owed || self.expectant,
                    "a result that nobody waits for, or twice the same",
                );
                (self.owed, self.expectant) = (false, false);
                let paid = said(end).is_some_and(|said| said.status == Status::Paid);
                fault.unless(
                    (self.open.is_none() && !paid) || is_evident(end, reply),
                    "an end is said without evidence",
                );
                felt.end = Some(match end {
                    Ok(Outcome::Unknown(_)) => End::Unknown,
                    Ok(Outcome::Final(said)) => {
                        End::Final(number(&said.id).unwrap_or(0), Stand::of(said.status))
                    }
                    Err(_) => End::Nothing(self.open),
                });
                if !matches!(end, Ok(Outcome::Unknown(_))) {
                    self.open = None;
                }
            }
            _ => {}
        }
        felt.sent.extend(Ask::of(effect).map(|(ask, _)| ask));
    }

    /// Numbers the attempts that the state names from 1, so that pages that
    /// differ in nothing else are one.
    fn renumber(&mut self, before: &Page, effects: &[Effect], felt: &mut Felt) {
        let new = effects
            .iter()
            .filter_map(|effect| Some((effect.attempt()?, Ask::of(effect)?)));
        let old = (1..).map(Attempt).zip(before.asked.iter().copied());
        let all: Vec<(Attempt, (Ask, u32))> = old.chain(new).collect();
        let mut named = self.attempts();
        let small = |place: usize| u8::try_from(place).expect("few of them");
        felt.kept = (all.iter().take(before.asked.len()))
            .map(|(attempt, _)| named.iter().position(|known| *known == attempt).map(small))
            .collect();
        let asked = named.iter().map(|attempt| {
            let asked = all.iter().find(|(known, _)| known == *attempt);
            asked.expect("an attempt that something was asked by").1
        });
        let asked: Vec<(Ask, u32)> = asked.collect();
        for (number, attempt) in (1..).zip(&mut named) {
            **attempt = Attempt(number);
        }
        self.core.out.last = u32::try_from(asked.len()).expect("few of them");
        self.asked = asked;
    }

    /// What is wrong about the page itself, whatever the others do.
    pub(super) fn fault(&self) -> Option<&'static str> {
        let mut fault = Fault::default();
        let phase = &self.core.phase;
        let shown = format!("{:?}", self.core);
        let telling = shown.contains(PAN) || shown.contains("\"360\"");
        fault.unless(!telling, "a card is shown");
        let done = matches!(phase, Phase::Done { .. });
        let paid = format!("{phase:?}").contains("status: Paid");
        fault.unless(done || !paid, "paid is known, and not said");

        let away = self
            .asked
            .iter()
            .filter(|(ask, _)| matches!(ask, Ask::Tokenize(_)));
        let cards = away.count() + usize::from(self.held_card().is_some());
        let tokenizing = matches!(phase, Phase::Tokenizing { .. });
        fault.unless(cards <= 1, "a card is in two places");
        fault.unless(!tokenizing || cards == 1, "a card is lost");
        fault.unless(tokenizing || cards == 0, "a card is kept");
        fault.0
    }

    /// The event says that the answer to a payment request was lost.
    fn has_lost_the_request(&self, event: &Event) -> bool {
        let Phase::Paying {
            flow: Payment::Creating { attempt, .. },
            ..
        } = &self.core.phase
        else {
            return false;
        };
        match event {
            Event::Payment {
                attempt: answered,
                answer,
            } => attempt == answered && !answer.is_certain(),
            _ => false,
        }
    }
}

/// The payment that a result tells of.
fn said(end: &Result<Outcome, Error>) -> Option<&merchant::Payment> {
    match end {
        Ok(Outcome::Final(said) | Outcome::Unknown(Some(said))) => Some(said),
        _ => None,
    }
}

/// True where the answer in hand says that a payment that was asked for has
/// ended so, or where its end is said to be unknown.
fn is_evident(end: &Result<Outcome, Error>, reply: Option<Reply>) -> bool {
    let refusal = reply.and_then(Reply::refusal);
    match end {
        Ok(Outcome::Unknown(None)) => true,
        Ok(Outcome::Unknown(Some(said))) => said.status == Status::Pending,
        Ok(Outcome::Final(said)) => match reply.and_then(Reply::told) {
            Some(told) => {
                number(&said.id) == Some(told.number) && said.status == told.stand.status()
            }
            // The refusal that says so: over, and not paid.
            None => refusal == Some(Refusal::Expired) && said.status == Status::Failed,
        },
        Err(Error::CheckoutExpired) => refusal == Some(Refusal::Expired),
        Err(_) => refusal == Some(Refusal::Unfit),
    }
}
