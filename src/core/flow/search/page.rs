//! One page: the core, and what a bystander knows of it. Looks into the core's
//! state, but never changes it other than by an event; renumbering aside.

use std::collections::hash_map::DefaultHasher;
use std::fmt::Write as _;
use std::hash::{Hash, Hasher};

use super::super::*;
use super::Setting;
use super::acts::Act;
use super::net::{Ask, number};
use crate::core::flow::Attempt;
use crate::core::flow::following::{Following, Stage};
use crate::core::flow::testing::{every_event, holder, rules};
use crate::wire::merchant::Next;

#[derive(Clone)]
pub(super) struct Page {
    pub(super) core: Checkout,
    /// What it waits for, in milliseconds at most; `Attempt(1)` is the first.
    pub(super) asked: Vec<(Ask, u32)>,
    /// A `pay` was taken and has no result yet.
    pub(super) owed: bool,
    /// It was opened, and may yet tell of a payment from before.
    pub(super) expectant: bool,
    /// A payment was asked for by this key, and its end is not known.
    pub(super) open: Option<u8>,
}

/// States are told apart by 128 bits: that two of ten million have the same
/// happens in one walk of ten to the twenty-fourth.
#[derive(Default)]
pub(super) struct Digest(Vec<u8>);

impl std::fmt::Write for Digest {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.0.extend_from_slice(text.as_bytes());
        Ok(())
    }
}

impl Hasher for Digest {
    fn write(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    /// What tells enum variants apart; there are few.
    fn write_isize(&mut self, number: isize) {
        self.0.push(number.to_le_bytes()[0]);
    }

    fn finish(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        hasher.write(&self.0);
        hasher.finish()
    }
}

impl Digest {
    pub(super) fn of(value: impl Hash) -> u128 {
        let mut digest = Digest(Vec::with_capacity(256));
        value.hash(&mut digest);
        digest.whole()
    }

    fn whole(self) -> u128 {
        let mut hasher = DefaultHasher::new();
        hasher.write(&self.0);
        let high = hasher.finish();
        hasher.write_u8(0);
        u128::from(high) << 64 | u128::from(hasher.finish())
    }
}

impl Page {
    pub(super) fn new(setting: &Setting, returning: bool) -> Self {
        Page {
            core: Checkout::new(rules(setting.challenge), returning),
            asked: vec![],
            owed: false,
            expectant: false,
            open: None,
        }
    }

    /// All of the core that decides of what it does and shows. The order is not
    /// part of it: of what may change there, nothing is read again.
    pub(super) fn digest(&self) -> u128 {
        let mut digest = Digest::default();
        let written = match &self.core.phase {
            Phase::Ready { notice, .. } => write!(digest, "Ready {notice:?}"),
            Phase::Tokenizing { flow, then, .. } => write!(digest, "{flow:?} {then:?}"),
            Phase::Paying { flow, .. } => write!(digest, "{flow:?}"),
            Phase::Done { outcome, .. } => write!(digest, "Done {outcome:?}"),
            phase @ (Phase::Idle | Phase::Opening { .. } | Phase::Closed(_)) => {
                write!(digest, "{phase:?}")
            }
        };
        written.expect("a digest takes it all");
        let resend = self.following().map(Following::can_resend);
        let known = (&self.asked, self.owed, self.expectant, self.open);
        (self.held_card(), resend, self.core.returning, known).hash(&mut digest);
        digest.whole()
    }

    pub(super) fn held_card(&self) -> Option<&str> {
        match &self.core.phase {
            Phase::Tokenizing {
                flow: Card::AwaitingTempToken { card, .. },
                ..
            } => Some(holder(card)),
            _ => None,
        }
    }

    pub(super) fn following(&self) -> Option<&Following> {
        match &self.core.phase {
            Phase::Paying {
                flow: Payment::Following(following),
                ..
            } => Some(following),
            _ => None,
        }
    }

    /// More losses in a row than `most` only make pauses longer, if anything.
    pub(super) fn forget_losses(&mut self, most: u8) {
        let losses = match &mut self.core.phase {
            Phase::Paying { flow, .. } => match flow {
                Payment::Creating { request, .. }
                | Payment::Pausing { request, .. }
                | Payment::Looking { request, .. } => &mut request.losses,
                Payment::Following(following) => &mut following.losses,
            },
            _ => return,
        };
        *losses = (*losses).min(most);
    }

    /// The payment that it follows.
    pub(super) fn followed(&self) -> Option<u8> {
        number(&self.following()?.payment.id)
    }

    pub(super) fn is_framed(&self) -> bool {
        matches!(self.following(), Some(following) if matches!(following.stage, Stage::Framed(_)))
    }

    /// Nothing is under way.
    pub(super) fn rests(&self) -> bool {
        matches!(
            self.core.phase,
            Phase::Ready { .. } | Phase::Done { .. } | Phase::Closed(_)
        )
    }

    pub(super) fn says_paid(&self) -> bool {
        matches!(
            &self.core.phase,
            Phase::Done { outcome: Outcome::Final(payment), .. } if payment.status == Status::Paid
        )
    }

    /// The attempts that the state names, always in the same order.
    pub(super) fn attempts(&mut self) -> Vec<&mut Attempt> {
        match &mut self.core.phase {
            Phase::Opening { attempt, .. }
            | Phase::Tokenizing {
                flow:
                    Card::AwaitingTempToken { attempt, .. } | Card::AwaitingCardToken { attempt, .. },
                ..
            } => vec![attempt],
            Phase::Paying { flow, .. } => match flow {
                Payment::Creating { attempt, request }
                | Payment::Pausing { attempt, request }
                | Payment::Looking { attempt, request } => vec![attempt, &mut request.deadline],
                Payment::Following(following) => {
                    let mut named = vec![&mut following.deadline, &mut following.poll];
                    named.extend(following.cancel.as_mut());
                    named.extend(following.code.as_mut());
                    if let Stage::Leaving(attempt) = &mut following.stage {
                        named.push(attempt);
                    }
                    named
                }
            },
            _ => vec![],
        }
    }

    /// Puts in every answer to these attempts, which nobody waits for, and each
    /// event that is not expected.
    pub(super) fn heeds_the_unexpected(
        &self,
        attempts: &[Attempt],
        setting: &Setting,
    ) -> Option<&'static str> {
        let mut page = self.clone();
        let events = attempts.iter().copied().flat_map(every_event);
        let unexpected = events.filter(|event| match Act::of(event) {
            Some(act) => !self.expects(act),
            // Beside the phases; see `lookup_tests.rs`.
            None => event.attempt().is_some(),
        });
        let still = unexpected.fold(true, |still, event| {
            still & (setting.handle)(&mut page.core, event).is_empty()
        });
        let same = still && page.digest() == self.digest();
        (!same).then_some("an event that is not expected did something")
    }

    /// Where an act has a meaning.
    pub(super) fn expects(&self, act: Act) -> bool {
        let phase = &self.core.phase;
        let following = self.following();
        let stage = following.map(|following| &following.stage);
        match act {
            Act::Open => matches!(phase, Phase::Idle | Phase::Closed(_)),
            Act::Pay | Act::Tokenize => matches!(phase, Phase::Ready { .. }),
            Act::Code | Act::Resend => matches!(
                following,
                Some(following) if matches!(following.payment.next, Some(Next::Otp(_)))
            ),
            Act::Cancel => matches!(phase, Phase::Tokenizing { .. } | Phase::Paying { .. }),
            Act::Continue => matches!(stage, Some(Stage::Held)),
            Act::Returned | Act::FrameBlocked | Act::LeaveFrame => {
                matches!(stage, Some(Stage::Framed(_)))
            }
            Act::LeaveBlocked => matches!(stage, Some(Stage::Leaving(_))),
            Act::Restored => matches!(stage, Some(Stage::Leaving(_) | Stage::Held)),
        }
    }
}
