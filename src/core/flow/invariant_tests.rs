//! The seven invariants of the core, each held in every order of events that a
//! breadth-first walk through the worlds reaches.

use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};
use std::time::Instant;

use super::world::{Kind, Limits, Move, Reply, Seen, World};
use super::*;
use crate::core::flow::Lost;
use crate::core::flow::following::Stage;
use crate::core::flow::testing::{FOREIGN, PAN, every_event, holder};
use crate::wire::merchant::Next;

const LIMITS: Limits = Limits {
    depth: 7,
    cards: 2,
    look: true,
};

/// To a form, and on to a payment request.
const TO_THE_REQUEST: [Move; 5] = [
    Move::Open,
    Move::Answer(Attempt(1), Reply::Nothing),
    Move::Pay,
    Move::Answer(Attempt(2), Reply::Token),
    Move::Answer(Attempt(3), Reply::Token),
];

/// Walks through every script within the limits, from the very beginning and
/// from a payment request; but not on from a place where it has been. Shows
/// each step, and each place once.
fn walk(limits: Limits, mut on_step: impl FnMut(&World, &Seen), mut on_place: impl FnMut(World)) {
    let begun = Instant::now();
    let (mut places, mut steps) = (0_u32, 0_u32);
    for start in [
        (Challenge::Redirect, false),
        (Challenge::Redirect, true),
        (Challenge::Frame, false),
    ] {
        let begin: Vec<Vec<Move>> = vec![vec![], TO_THE_REQUEST.to_vec()];
        let mut been: HashSet<String> = begin
            .iter()
            .map(|script| World::replay(start, script).key())
            .collect();
        let mut queue: VecDeque<_> = begin.into_iter().map(|script| (script, 0)).collect();
        while let Some((script, depth)) = queue.pop_front() {
            places += 1;
            on_place(World::replay(start, &script));
            if depth == limits.depth {
                continue;
            }
            let mut world = World::replay(start, &script);
            let before = world.text();
            for step in world.moves(limits) {
                let seen = world.step(step);
                steps += 1;
                on_step(&world, &seen);
                // Where nothing has moved, the same world takes the next step.
                if !seen.moved() && world.text() == before {
                    world.script.truncate(script.len());
                    continue;
                }
                let key = world.key();
                let come = std::mem::replace(&mut world, World::replay(start, &script));
                if been.insert(key) {
                    queue.push_back((come.script, depth + 1));
                }
            }
        }
    }
    println!("{places} places, {steps} steps, {:?}", begun.elapsed());
}

#[test]
fn one_event_in_all_its_effects_out() {
    let on_step = |world: &World, seen: &Seen| {
        let out = format!("{:?}", world.checkout.out);
        assert!(out.ends_with("effects: [] }"), "{out} {:?}", world.script);
        let settle = seen.said.iter().position(|said| said.starts_with("settle"));
        if let Some(settle) = settle {
            let last = settle + 1 == seen.said.len();
            assert!(last, "{:?} {:?}", seen.said, world.script);
        }
    };
    // The same events give the same state: nothing comes in beside them.
    let on_place = |world: World| {
        let again = World::replay(world.start, &world.script);
        assert_eq!(again.text(), world.text(), "{:?}", world.script);
    };
    walk(LIMITS, on_step, on_place);
}

#[test]
fn answers_of_another_attempt_change_nothing() {
    let on_step = |world: &World, seen: &Seen| {
        let fresh = seen
            .attempts
            .iter()
            .all(|attempt| attempt.0 > seen.last_attempt);
        let distinct: BTreeSet<u32> = seen.attempts.iter().map(|attempt| attempt.0).collect();
        assert!(fresh, "an attempt used again: {:?}", world.script);
        assert_eq!(distinct.len(), seen.attempts.len(), "{:?}", world.script);
    };
    let on_place = |mut world: World| {
        let before = world.text();
        for stale in world.stale() {
            let seen = world.step(stale);
            assert!(seen.said.is_empty(), "{:?} {:?}", seen.said, world.script);
        }
        assert_eq!(world.text(), before, "{:?}", world.script);
    };
    walk(LIMITS, on_step, on_place);
}

#[test]
fn never_two_charges_at_once() {
    let mut keys = BTreeSet::new();
    let on_step = |world: &World, seen: &Seen| {
        for key in &seen.created {
            keys.insert(key.clone());
            let open = seen.was_unresolved.as_ref();
            let same = open.is_none_or(|open| open == key);
            assert!(same, "{key} beside {open:?}: {:?}", world.script);
        }
        let in_flight: BTreeSet<&String> = world
            .asked
            .values()
            .filter_map(|asked| match &asked.kind {
                Kind::Create(key) if !asked.answered => Some(key),
                _ => None,
            })
            .collect();
        assert!(in_flight.len() <= 1, "{in_flight:?}: {:?}", world.script);
        // Where a payment was asked for, its end is said on evidence only.
        if seen.was_unresolved.is_some() {
            for end in &seen.settled {
                assert!(is_evident(end, seen), "{end:?}: {:?}", world.script);
            }
        }
    };
    walk(LIMITS, on_step, |_| {});
    assert!(keys.len() > 1, "no second payment was reached");
}

/// True where the answer in hand says that a payment that was asked for has
/// ended so, or where its end is said to be unknown.
fn is_evident(end: &Result<Outcome, Error>, seen: &Seen) -> bool {
    match (end, &seen.answer) {
        (Ok(Outcome::Unknown(_)), _) => true,
        // The refusal that says so: over, and not paid.
        (Ok(Outcome::Final(said)), Some((_, Reply::Expired))) => said.status == Status::Failed,
        (Ok(Outcome::Final(said)), Some((_, reply))) => reply.payment().as_ref() == Some(said),
        (Err(Error::CheckoutExpired), Some((_, reply))) => *reply == Reply::Expired,
        (Err(_), Some((Kind::Create(_), reply))) => *reply == Reply::Refused,
        _ => false,
    }
}

#[test]
fn a_lost_answer_to_a_payment_request_is_asked_for_again_after_a_pause() {
    let on_step = |world: &World, seen: &Seen| {
        if let Some((Kind::Create(_), Reply::Lost(_) | Reply::Trouble)) = seen.answer {
            let paused = matches!(seen.said.as_slice(), [wait] if wait.starts_with("wait "));
            assert!(paused, "{:?}: {:?}", seen.said, world.script);
        }
    };
    walk(LIMITS, on_step, |_| {});
}

/// A server, as far as it answers and after how many milliseconds.
type Server = fn(&Kind) -> Option<(Reply, u32)>;

/// It never answers; every asking runs into its deadline.
fn silent(_: &Kind) -> Option<(Reply, u32)> {
    None
}

/// It answers well, but the payment stays pending.
fn undecided(kind: &Kind) -> Option<(Reply, u32)> {
    match kind {
        Kind::Fetch | Kind::Tokenize => Some((Reply::Token, 200)),
        Kind::Read => Some((Reply::AtBank(1), 25_000)),
        Kind::Create(_) => Some((Reply::AtBank(1), 2_000)),
        Kind::Cancel | Kind::Code => Some((Reply::Refused, 200)),
        Kind::Wait => None,
    }
}

/// It answers everything with 500.
fn broken(kind: &Kind) -> Option<(Reply, u32)> {
    match kind {
        Kind::Wait | Kind::Tokenize => None,
        _ => Some((Reply::Trouble, 1_000)),
    }
}

/// Lets the clock run until nothing is left to happen. Gives how many results
/// came, and after how many milliseconds the last of them.
fn run_down(world: &mut World, server: Server) -> (usize, u32) {
    const HOURS: u32 = 4 * 60 * 60_000;
    let lost = Reply::Lost(Lost::Late);
    let (mut agenda, mut known) = (BTreeMap::new(), 0);
    let (mut now, mut results, mut ended) = (0, 0, 0);
    loop {
        for (&attempt, asked) in world.asked.range(known + 1..) {
            known = attempt;
            let (reply, after) = match asked.kind {
                Kind::Wait => (Reply::Elapsed, asked.milliseconds),
                _ => server(&asked.kind).unwrap_or((lost, asked.milliseconds)),
            };
            if !asked.answered {
                agenda.insert((now + after, attempt), reply);
            }
        }
        let Some(((at, attempt), reply)) = agenda.pop_first() else {
            return (results, ended);
        };
        now = at;
        assert!(now < HOURS, "it never rests: {:?}", world.script);
        let seen = world.step(Move::Answer(Attempt(attempt), reply));
        if !seen.settled.is_empty() {
            results += seen.settled.len();
            ended = now;
        }
    }
}

/// Two deadlines at most, one after the other, and what a last asking takes.
const LONGEST_MS: u32 = (20 + 3) * 60_000;

fn every_pay_ends_in_exactly_one_result_within(limits: Limits) {
    let on_step = |world: &World, seen: &Seen| {
        let awaited = usize::from(seen.was_owed || seen.was_expectant);
        let results = seen.settled.len();
        assert!(results <= awaited, "{:?}: {:?}", seen.settled, world.script);
    };
    let on_place = |world: World| {
        if !world.owed && !world.checkout.is_paying() {
            return;
        }
        for server in [silent as Server, undecided, broken] {
            let mut world = World::replay(world.start, &world.script);
            let length = world.script.len();
            let (results, after) = run_down(&mut world, server);
            let script = &world.script[..length];
            assert_eq!(results, 1, "{script:?}");
            assert!(after <= LONGEST_MS, "only after {after} ms: {script:?}");
        }
    };
    walk(limits, on_step, on_place);
}

#[test]
fn every_pay_ends_in_exactly_one_result() {
    let (depth, look) = (6, false);
    every_pay_ends_in_exactly_one_result_within(Limits {
        depth,
        look,
        ..LIMITS
    });
}

#[test]
fn every_pay_ends_in_exactly_one_result_also_when_it_looks_for_another_payment() {
    every_pay_ends_in_exactly_one_result_within(LIMITS);
}

#[test]
fn a_card_is_in_one_place_and_then_nowhere() {
    let on_step = |world: &World, seen: &Seen| {
        let script = &world.script;
        let in_state = match &world.checkout.phase {
            Phase::Tokenizing {
                flow: Card::AwaitingTempToken { card, .. },
                ..
            } => Some(card),
            _ => None,
        };
        let cards: Vec<_> = in_state.into_iter().chain(world.cards.values()).collect();
        let holders: BTreeSet<_> = cards.iter().map(|card| holder(card)).collect();
        assert_eq!(holders.len(), cards.len(), "a card twice: {script:?}");
        let whole = |card: &&TempCardBody| matches!(card, TempCardBody::Ecom(card) if card.card_number == PAN);
        assert!(cards.iter().all(whole));
        // While one is worked on, it is there.
        if matches!(world.checkout.phase, Phase::Tokenizing { .. }) {
            assert!(!cards.is_empty(), "a card lost: {script:?}");
        }
        let told = format!("{} {:?} {:?}", world.text(), seen.said, seen.settled);
        assert!(!told.contains(PAN) && !told.contains("360"), "{script:?}");
    };
    walk(LIMITS, on_step, |_| {});
}

#[test]
fn only_the_merchant_server_says_paid() {
    let mut reached = false;
    let on_step = |world: &World, seen: &Seen| {
        let answer = seen.answer.as_ref();
        let said = answer.and_then(|(_, reply)| reply.payment());
        for end in &seen.settled {
            let (Ok(Outcome::Final(told)) | Ok(Outcome::Unknown(Some(told)))) = end else {
                continue;
            };
            if told.status == Status::Paid {
                assert_eq!(Some(told), said.as_ref(), "{:?}", world.script);
                reached = true;
            }
        }
        // Nothing holds a paid payment but what has told of it.
        let paid = world.text().contains("status: Paid");
        let done = matches!(world.checkout.phase, Phase::Done { .. });
        assert!(!paid || done, "{:?}", world.script);
    };
    walk(LIMITS, on_step, |_| {});
    assert!(reached, "no paid payment was reached");
}

#[test]
fn an_event_that_is_not_expected_changes_nothing() {
    let on_place = |mut world: World| {
        let before = world.text();
        let named = world.named();
        let attempts: Vec<Attempt> = world
            .asked
            .iter()
            // An awaited attempt is answered in its own kind only; see `stale`
            // for the others.
            .filter(|(attempt, asked)| asked.answered || !named.contains(attempt))
            .map(|(attempt, _)| Attempt(*attempt))
            .chain([FOREIGN])
            .collect();
        for event in attempts.into_iter().flat_map(every_event) {
            if event.attempt().is_some() || !expects(&world.checkout.phase, &event) {
                let fed = format!("{event:?}");
                let effects = world.checkout.handle(event);
                assert!(
                    effects.is_empty(),
                    "{fed}: {effects:?} after {:?}",
                    world.script
                );
            }
        }
        assert_eq!(world.text(), before, "{:?}", world.script);
    };
    let limits = Limits { depth: 6, ..LIMITS };
    walk(limits, |_, _| {}, on_place);
}

/// Where an event that answers nothing has a meaning.
fn expects(phase: &Phase, event: &Event) -> bool {
    let stage = match phase {
        Phase::Paying {
            flow: Payment::Following(following),
            ..
        } => Some(&following.stage),
        _ => None,
    };
    match event {
        Event::Open => matches!(phase, Phase::Idle | Phase::Closed(_)),
        Event::Pay { .. } | Event::TokenizeCard { .. } => {
            matches!(phase, Phase::Ready { .. })
        }
        Event::EnterCode { .. } | Event::ResendCode => matches!(
            phase,
            Phase::Paying {
                flow: Payment::Following(following),
                ..
            } if matches!(following.payment.next, Some(Next::Otp(_)))
        ),
        // Answered beside the phases; see `lookup_tests.rs`.
        Event::BinTyped { .. } | Event::DeleteCard { .. } => true,
        Event::Cancel => matches!(phase, Phase::Tokenizing { .. } | Phase::Paying { .. }),
        Event::ContinueChallenge => matches!(stage, Some(Stage::Held)),
        Event::FrameReturned | Event::FrameBlocked | Event::LeaveFrame => {
            matches!(stage, Some(Stage::Framed(_)))
        }
        Event::LeaveBlocked => matches!(stage, Some(Stage::Leaving(_))),
        Event::PageRestored => matches!(stage, Some(Stage::Leaving(_) | Stage::Held)),
        Event::Checkout { .. }
        | Event::TempToken { .. }
        | Event::Tokenized { .. }
        | Event::Payment { .. }
        | Event::Bin { .. }
        | Event::Cards { .. }
        | Event::CardDeleted { .. }
        | Event::Elapsed { .. } => false,
    }
}
