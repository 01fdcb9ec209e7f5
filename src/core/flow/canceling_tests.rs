//! A followed payment while the server is asked to cancel it.

use super::*;

fn start() -> Paying {
    let mut run = created(Challenge::Frame, at_bank("pay_1"));
    run.on(Event::Cancel);
    run
}

fn leaving() -> Paying {
    let mut run = created(Challenge::Redirect, at_bank("pay_1"));
    run.on(Event::Cancel);
    run
}

fn held() -> Paying {
    let mut run = leaving();
    run.on(Event::PageRestored);
    run
}

fn is_canceling(run: &Paying) -> bool {
    matches!(run.state(), Payment::Following(following) if following.is_canceling())
}

hears_the_server!(start);

#[test]
fn the_answer_that_it_has_ended_ends_it() {
    for status in [Status::Canceled, Status::Failed, Status::Paid] {
        let mut run = start();
        let record = payment("pay_1", status);
        assert!(run.canceled(Answer::Ok(record.clone())).is_empty());
        assert_eq!(run.end(), &Ok(Outcome::Final(record)));
    }
}

#[test]
fn a_payment_that_goes_on_is_the_shoppers_again() {
    let mut run = start();
    assert!(run.canceled(Answer::Ok(at_bank("pay_1"))).is_empty());
    assert_eq!(stage(&run), Some(&Stage::Held));
    assert!(!is_canceling(&run));
}

#[test]
fn a_refused_or_lost_cancellation_can_be_asked_again() {
    let refusals = [
        refused(422, "not_cancellable"),
        refused(500, problem::INTERNAL),
    ];
    for answer in LOSSES.map(Answer::Lost).into_iter().chain(refusals) {
        let mut run = start();
        assert!(run.canceled(answer).is_empty());
        assert_eq!(stage(&run), Some(&Stage::Held));
        assert_eq!(run.on(Event::Cancel), ["ask cancel_payment pay_1"]);
    }
}

#[test]
fn a_page_on_its_way_stays_on_its_way() {
    let mut run = leaving();
    run.canceled(Answer::Lost(Lost::Late));
    assert!(matches!(stage(&run), Some(Stage::Leaving(_))));
}

#[test]
fn the_poll_goes_on_beside_it() {
    let mut run = start();
    let effects = run.read(Answer::Ok(checkout(at_bank("pay_1"))));
    assert_eq!(effects, ["ask read_checkout since 7"]);
    assert!(is_canceling(&run));
    assert_eq!(stage(&run), Some(&Stage::Behind));
}

#[test]
fn the_timer_of_the_navigation_is_still_heard() {
    let mut run = leaving();
    assert!(run.elapsed(8_000).is_empty());
    assert_eq!(stage(&run), Some(&Stage::Held));
    assert!(is_canceling(&run));
}

#[test]
fn every_other_event_changes_nothing() {
    let run = start();
    let cancel = ("payment", run.attempt("ask cancel_payment"));
    ignores_the_rest(run, &[], &[cancel]);
}

#[test]
fn every_other_event_changes_nothing_on_the_way_to_the_bank() {
    let run = leaving();
    let cancel = ("payment", run.attempt("ask cancel_payment"));
    let timer = ("elapsed", run.attempt("wait 8000"));
    ignores_the_rest(run, &["leave_blocked", "page_restored"], &[cancel, timer]);
}

#[test]
fn every_other_event_changes_nothing_where_the_shopper_may_go_on() {
    let run = held();
    let cancel = ("payment", run.attempt("ask cancel_payment"));
    ignores_the_rest(run, &["page_restored"], &[cancel]);
}
