//! Faults put around the real core, each of which the search must find: that it
//! finds none in the core alone would say nothing otherwise.

use super::super::*;
use super::server::Method;
use super::walk::walk;
use super::{Setting, setting};
use crate::core::flow::Event;
use crate::core::flow::following::Stage;
use crate::wire::merchant::Challenge;

type Handle = fn(&mut Checkout, Event) -> Vec<Effect>;

/// Walks the small space with the fault in it.
fn found(handle: Handle, space: Setting) -> &'static str {
    let seen = walk(&Setting { handle, ..space });
    let wrong = seen
        .fault
        .unwrap_or_else(|| panic!("not found in {} states", seen.states));
    wrong.what
}

fn rough() -> Setting {
    Setting {
        kills: false,
        ..setting("rough", Method::Terminal)
    }
}

fn is_followed(core: &Checkout) -> bool {
    matches!(
        core.phase,
        Phase::Paying {
            flow: Payment::Following(_),
            ..
        }
    )
}

/// A lost payment request goes out again under a key of its own.
fn new_key_after_a_loss(core: &mut Checkout, event: Event) -> Vec<Effect> {
    let again = matches!(
        core.phase,
        Phase::Paying {
            flow: Payment::Pausing { .. },
            ..
        }
    );
    let mut effects = core.handle(event);
    for effect in &mut effects {
        if let Effect::Ask {
            call: Call::CreatePayment { key, .. },
            ..
        } = effect
            && again
        {
            *key = "key-7".into();
        }
    }
    effects
}

#[test]
fn a_new_key_after_a_lost_answer_is_found() {
    let what = found(new_key_after_a_loss, rough());
    assert_eq!(
        what,
        "a new key while the payment before may still take money"
    );
}

/// Whatever payment an answer tells of, it is taken for the one that is awaited.
fn stale_answer(core: &mut Checkout, event: Event) -> Vec<Effect> {
    let awaited = match &core.phase {
        Phase::Paying {
            flow: Payment::Creating { attempt, .. },
            ..
        } => Some(*attempt),
        Phase::Paying {
            flow: Payment::Following(following),
            ..
        } => Some(following.poll),
        _ => None,
    };
    match (event, awaited) {
        (Event::Payment { answer, .. }, Some(attempt)) => {
            core.handle(Event::Payment { attempt, answer })
        }
        (Event::Checkout { answer, .. }, Some(attempt)) => {
            core.handle(Event::Checkout { attempt, answer })
        }
        (event, _) => core.handle(event),
    }
}

#[test]
fn a_stale_answer_that_is_taken_is_found() {
    let what = found(stale_answer, rough());
    assert!(
        what.contains("not expected") || what.contains("another attempt"),
        "{what}"
    );
}

fn result_twice(core: &mut Checkout, event: Event) -> Vec<Effect> {
    let mut effects = core.handle(event);
    effects.extend(
        effects
            .last()
            .filter(|last| matches!(last, Effect::Settle(_)))
            .cloned(),
    );
    effects
}

#[test]
fn a_result_that_is_said_twice_is_found() {
    let what = found(result_twice, rough());
    assert_eq!(what, "a `pay` has more than one result");
}

/// Canceled is said as soon as it is wished for.
fn canceled_before_it_is_granted(core: &mut Checkout, event: Event) -> Vec<Effect> {
    if is_followed(core)
        && matches!(event, Event::Cancel)
        && let Phase::Paying {
            order,
            flow: Payment::Following(following),
        } = std::mem::replace(&mut core.phase, Phase::Idle)
    {
        let mut payment = following.payment;
        payment.status = Status::Canceled;
        core.phase = core.paid(order, Ok(Outcome::Final(payment)));
        return core.out.take();
    }
    core.handle(event)
}

#[test]
fn a_cancellation_that_is_said_before_it_is_granted_is_found() {
    let what = found(canceled_before_it_is_granted, rough());
    assert!(what.contains("evidence"), "{what}");
}

/// A lost answer to a payment request is taken for a failure.
fn loss_as_failure(core: &mut Checkout, event: Event) -> Vec<Effect> {
    if let Phase::Paying {
        order,
        flow: Payment::Creating { attempt, .. },
    } = &core.phase
        && matches!(&event, Event::Payment { attempt: answered, answer: Answer::Lost(_) } if answered == attempt)
    {
        core.phase = core.paid(order.clone(), Err(Error::MerchantUnreachable));
        return core.out.take();
    }
    core.handle(event)
}

#[test]
fn a_lost_answer_that_is_taken_for_a_failure_is_found() {
    let what = found(loss_as_failure, rough());
    assert!(what.contains("asked for again"), "{what}");
}

/// No deadline of a payment is ever over.
fn no_deadline(core: &mut Checkout, event: Event) -> Vec<Effect> {
    let deadline = match &core.phase {
        Phase::Paying {
            flow: Payment::Following(following),
            ..
        } => Some(following.deadline),
        _ => None,
    };
    match event {
        Event::Elapsed { attempt } if Some(attempt) == deadline => vec![],
        event => core.handle(event),
    }
}

#[test]
fn a_payment_that_never_ends_is_found() {
    let what = found(no_deadline, rough());
    assert_eq!(what, "a `pay` has no result");
}

/// That it is paid is not heard.
fn deaf_to_paid(core: &mut Checkout, event: Event) -> Vec<Effect> {
    let told = match &event {
        Event::Checkout {
            answer: Answer::Ok(order),
            ..
        } => order.payment.as_ref(),
        Event::Payment {
            answer: Answer::Ok(payment),
            ..
        } => Some(payment),
        _ => None,
    };
    match told.map(|payment| payment.status) {
        Some(Status::Paid) => vec![],
        _ => core.handle(event),
    }
}

#[test]
fn a_payment_that_can_never_be_said_is_found() {
    let what = found(deaf_to_paid, rough());
    assert_eq!(what, "from here nobody can pay any more");
}

/// Paid is said as soon as the bank's page has sent the shopper back.
fn paid_on_return(core: &mut Checkout, event: Event) -> Vec<Effect> {
    let framed = matches!(
        &core.phase,
        Phase::Paying { flow: Payment::Following(following), .. }
            if matches!(following.stage, Stage::Framed(_))
    );
    if framed
        && matches!(event, Event::FrameReturned)
        && let Phase::Paying {
            order,
            flow: Payment::Following(following),
        } = std::mem::replace(&mut core.phase, Phase::Idle)
    {
        let mut payment = following.payment;
        payment.status = Status::Paid;
        core.phase = core.paid(order, Ok(Outcome::Final(payment)));
        return core.out.take();
    }
    core.handle(event)
}

#[test]
fn paid_that_the_server_has_not_said_is_found() {
    let framed = Setting {
        challenge: Challenge::Frame,
        ..setting("framed", Method::SavedCard)
    };
    let what = found(paid_on_return, framed);
    assert_eq!(what, "an end is said without evidence");
}

/// A number is given a second time.
fn attempt_again(core: &mut Checkout, event: Event) -> Vec<Effect> {
    core.out.last = core.out.last.saturating_sub(1);
    core.handle(event)
}

#[test]
fn an_attempt_that_is_used_again_is_found() {
    let what = found(attempt_again, rough());
    assert_eq!(what, "an attempt was used again");
}

/// The order is read once more whenever it is asked for.
fn opened_again(core: &mut Checkout, event: Event) -> Vec<Effect> {
    if matches!(event, Event::Open) {
        core.phase = core.open(false, None);
        return core.out.take();
    }
    core.handle(event)
}

#[test]
fn an_event_that_is_heeded_where_it_is_not_expected_is_found() {
    let what = found(opened_again, rough());
    assert_eq!(what, "an event that is not expected did something");
}

/// The card goes out to PayWall twice.
fn card_twice(core: &mut Checkout, event: Event) -> Vec<Effect> {
    let mut effects = core.handle(event);
    if let Some(Effect::Tokenize { token, card, .. }) = effects.first() {
        let (token, card) = (token.clone(), card.clone());
        let attempt = core.out.attempt();
        effects.push(Effect::Tokenize {
            attempt,
            token,
            card,
        });
    }
    effects
}

#[test]
fn a_card_that_leaves_twice_is_found() {
    let what = found(card_twice, setting("card", Method::Card));
    assert_eq!(
        what,
        "a card leaves, and nobody waits for what becomes of it"
    );
}

/// No fault of the core: without the server's guard, a page that forgets by
/// being loaded anew pays twice. That is counted.
#[test]
fn money_that_is_taken_twice_is_found() {
    let unguarded = Setting {
        guard: false,
        ..setting("unguarded", Method::Terminal)
    };
    let what = found(Checkout::handle, unguarded);
    assert_eq!(what, "money was taken twice");
}
