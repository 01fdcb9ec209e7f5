//! The machines of the core as a walk takes them: how each begins, what decides
//! of what may happen next, and how its states and ends are called.

use std::fmt::Debug;

use super::super::card::{Card, NoToken};
use super::super::checkout::{Checkout, View};
use super::super::following::Following;
use super::super::lookup::Lookup;
use super::super::payment::{Order, Payment as Paying};
use super::super::testing::{ELSEWHERE, at_bank, ecom, pending, rules};
use super::super::*;
use super::explore::{Begin, Machine};
use crate::core::redirect::AllowList;
use crate::wire::merchant::{Challenge, Next};

pub(super) type End = Result<Outcome, Error>;

pub(super) fn card() -> Machine<Card, Result<String, NoToken>> {
    Machine {
        begins: vec![begin("start", |out| {
            Step::Continue(Card::start(ecom("Ada"), out))
        })],
        update: Box::new(|state: Card, event, out| state.update(event, &AllowList::default(), out)),
        hears: |_| true,
        like: |card| {
            let (Card::AwaitingTempToken { tries, .. } | Card::AwaitingCardToken { tries, .. }) =
                card;
            format!("{} {tries:?}", variant(card))
        },
        place: |card| vec![variant(card)],
        end: |end| match end {
            Ok(_) => "Token".to_owned(),
            Err(why) => variant(why),
        },
    }
}

pub(super) fn payment(challenge: Challenge) -> Machine<Paying, End> {
    let start = |out: &mut Outbox| {
        let request = PaymentRequest {
            instrument: Instrument::Hepsipay,
            challenge: Challenge::Redirect,
        };
        let key = "key-1".to_owned();
        Step::Continue(Paying::start(Order { key, request }, out))
    };
    let rules = rules(challenge);
    Machine {
        begins: vec![begin("start", start)],
        update: Box::new(move |state, event, out| state.update(event, &rules, out)),
        hears: |_| true,
        // What is followed is drawn by itself.
        like: |state| format!("{} {}", variant(state), state.is_canceling()),
        place: |state| vec![variant(state)],
        end: ended,
    }
}

pub(super) fn following(challenge: Challenge) -> Machine<Following, End> {
    let rules = move || rules(challenge);
    let fresh = move |payment: fn(&str) -> Payment| {
        begin("begin", move |out| {
            Following::begin(payment("pay_1"), Payer::default(), false, &rules(), out)
        })
    };
    let take_up = begin("take up", move |out| {
        Following::take_up(at_bank("pay_1"), 7, false, &rules(), out)
    });
    Machine {
        begins: vec![fresh(pending), fresh(at_bank), take_up],
        update: Box::new(move |state, event, out| state.update(event, &rules(), out)),
        hears: |_| true,
        like: |it| {
            let next = match &it.payment.next {
                Some(Next::Redirect(to)) if to.url == ELSEWHERE => "barred",
                Some(Next::Redirect(_)) => "bank",
                Some(Next::Otp(_)) => "code",
                _ => "",
            };
            let (cancel, code, news) = (it.cancel.is_some(), it.code.is_some(), it.revision > 0);
            format!("{} {next} {cancel} {code} {news}", variant(&it.stage))
        },
        place: |following| vec![variant(&following.stage)],
        end: ended,
    }
}

/// Its places have two names: of the phase, and of what the page sees.
pub(super) fn checkout(challenge: Challenge, returning: bool) -> Machine<Checkout, ()> {
    let new = move |_: &mut Outbox| Step::Continue(Checkout::new(rules(challenge), returning));
    Machine {
        begins: vec![begin("", new)],
        update: Box::new(|mut checkout, event, out| {
            for effect in checkout.handle(event) {
                out.put(effect);
            }
            Step::Continue(checkout)
        }),
        hears: |event| !Lookup::hears(event),
        like: |checkout| {
            let seen = match checkout.view() {
                View::Waiting {
                    doing,
                    frame,
                    can_continue,
                    ..
                } => {
                    format!("{doing:?} {frame:?} {can_continue}")
                }
                View::Form { busy, .. } => format!("{busy:?}"),
                _ => String::new(),
            };
            let text = format!("{checkout:?}");
            let hidden = [
                "phase: ",
                "retried: ",
                "refused: ",
                "then: ",
                "lost: ",
                "renewed: ",
            ];
            let hidden = hidden.map(|field| field_of(&text, field));
            format!("{hidden:?} {seen}")
        },
        place: |checkout| {
            vec![
                field_of(&format!("{checkout:?}"), "phase: "),
                seen(checkout),
            ]
        },
        end: |()| unreachable!("a checkout has no end"),
    }
}

/// `phase` of the event `change`.
fn seen(checkout: &Checkout) -> String {
    let phase = match checkout.view() {
        View::Opening => "opening",
        View::Form { busy: None, .. } => "ready",
        View::Form { busy: Some(_), .. } => "busy",
        View::Waiting { .. } => "waiting",
        View::Done { .. } => "done",
        View::Closed(_) => "closed",
    };
    phase.to_owned()
}

/// Its places have two names: of the plans of the BIN asked about, and of the cards.
/// Its places have two names: of the plans of the BIN asked about, and of the
/// cards; these are listed where the order takes any.
pub(super) fn lookup(lists: bool) -> Machine<Lookup, ()> {
    let fresh = begin("", |_| Step::Continue(Lookup::default()));
    let listing = begin("", |out| {
        let mut lookup = Lookup::default();
        lookup.list_cards(out);
        Step::Continue(lookup)
    });
    Machine {
        begins: [Some(fresh), lists.then_some(listing)]
            .into_iter()
            .flatten()
            .collect(),
        update: Box::new(|mut lookup, event, out| {
            lookup.update(event, out);
            Step::Continue(lookup)
        }),
        hears: Lookup::hears,
        like: |lookup| {
            let kept = lookup.cards().map(<[_]>::len);
            format!("{} {} {kept:?}", plans(lookup), cards(lookup))
        },
        place: |lookup| vec![plans(lookup), cards(lookup)],
        end: |()| unreachable!("a lookup has no end"),
    }
}

fn plans(lookup: &Lookup) -> String {
    let text = format!("{lookup:?}");
    match field_of(&text, "plans: ") {
        none if none.is_empty() => "NotAsked".to_owned(),
        plans => plans,
    }
}

fn cards(lookup: &Lookup) -> String {
    // The last: a deletion has cards in it.
    let text = format!("{lookup:?}").replace("cards: [", "list: [");
    field_of(&text, "cards: ")
}

fn begin<S, O>(
    name: &'static str,
    begin: impl Fn(&mut Outbox) -> Step<S, O> + 'static,
) -> (&'static str, Begin<S, O>) {
    (name, Box::new(begin))
}

fn ended(end: &End) -> String {
    match end {
        Ok(outcome) => variant(outcome),
        Err(_) => "Error".to_owned(),
    }
}

/// The name of the variant that a value is.
fn variant(value: &impl Debug) -> String {
    first_name(&format!("{value:?}"))
}

/// The name that a field's value begins with; empty where there is no such field.
fn field_of(text: &str, field: &str) -> String {
    text.split_once(field)
        .map_or_else(String::new, |(_, rest)| first_name(rest))
}

pub(super) fn first_name(text: &str) -> String {
    text.chars()
        .take_while(char::is_ascii_alphanumeric)
        .collect()
}
