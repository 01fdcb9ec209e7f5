//! A test for each stage of a followed payment and each event in it.

use super::*;

/// What the server says next is taken alike in every stage.
macro_rules! hears_the_server {
    ($start:path) => {
        #[test]
        fn the_servers_last_word_ends_it() {
            super::the_servers_last_word_ends_it($start);
        }
        #[test]
        fn news_of_a_pending_payment_are_followed_by_the_next_poll() {
            super::news_are_followed_by_the_next_poll($start);
        }
        #[test]
        fn a_poll_without_news_is_asked_again_after_a_growing_pause() {
            super::a_poll_without_news_is_asked_again($start);
        }
        #[test]
        fn an_expired_checkout_was_not_paid() {
            super::an_expired_checkout_was_not_paid($start);
        }
        #[test]
        fn another_payment_in_its_place_leaves_the_outcome_unknown() {
            super::another_payment_leaves_the_outcome_unknown($start);
        }
        #[test]
        fn at_the_deadline_the_outcome_is_unknown() {
            let mut run = $start();
            assert!(run.elapsed(1_200_000).is_empty());
            assert_eq!(ending(run.end()), "unknown pay_1");
        }
    };
}

fn the_servers_last_word_ends_it(start: fn() -> Paying) {
    for status in [Status::Paid, Status::Failed, Status::Canceled] {
        let mut run = start();
        let record = payment("pay_1", status);
        assert!(run.read(Answer::Ok(checkout(record.clone()))).is_empty());
        assert_eq!(run.end(), &Ok(Outcome::Final(record)));
    }
}

fn news_are_followed_by_the_next_poll(start: fn() -> Paying) {
    let mut run = start();
    let before = stage(&run).cloned();
    let effects = run.read(Answer::Ok(checkout(pending("pay_1"))));
    assert_eq!(effects, ["ask read_checkout since 7"]);
    assert_eq!(stage(&run), before.as_ref());
}

fn a_poll_without_news_is_asked_again(start: fn() -> Paying) {
    let without_news = || {
        LOSSES
            .map(Answer::Lost)
            .into_iter()
            .chain([Answer::Ok(checkout(None)), refused(404, "unheard_of")])
            .chain([refused(500, problem::INTERNAL)])
    };
    let mut run = start();
    let before = stage(&run).cloned();
    for (answer, pause) in without_news().zip([500, 1_000, 2_000, 4_000, 8_000, 8_000]) {
        assert_eq!(run.read(answer), [format!("wait {pause} ms")]);
        assert_eq!(stage(&run), before.as_ref());
        assert_eq!(run.elapsed(pause), ["ask read_checkout"]);
    }
    run.read(Answer::Ok(checkout(pending("pay_1"))));
    let effects = run.read(Answer::Lost(Lost::Unreachable));
    assert_eq!(effects, ["wait 500 ms"], "a good answer forgives");
}

fn an_expired_checkout_was_not_paid(start: fn() -> Paying) {
    let mut run = start();
    let effects = run.read(refused(410, problem::CHECKOUT_EXPIRED));
    assert!(effects.is_empty());
    let Ok(Outcome::Final(payment)) = run.end() else {
        panic!("{:?}", run.end());
    };
    assert_eq!((payment.status, &payment.next), (Status::Failed, &None));
    let code = payment.error.as_ref().map(|error| error.code.as_str());
    assert_eq!(code, Some("expired"));
}

fn another_payment_leaves_the_outcome_unknown(start: fn() -> Paying) {
    for other in [pending("pay_2"), paid("pay_2"), failed("pay_2")] {
        let mut run = start();
        assert!(run.read(Answer::Ok(checkout(other))).is_empty());
        assert_eq!(ending(run.end()), "unknown pay_1");
    }
}

/// Every event but those named and those of [`hears_the_server`].
fn ignores_the_rest(mut run: Paying, free: &[&str], answers: &[(&str, Attempt)]) {
    let poll = run.attempt("ask read_checkout");
    let hears = [
        ("checkout", poll),
        // No shell lets an asking elapse; the flow would ask again.
        ("elapsed", poll),
        ("elapsed", run.attempt("wait 1200000")),
    ];
    run.ignores_all_but(free, &[&hears, answers].concat());
}

fn created(challenge: Challenge, record: Record) -> Paying {
    let mut run = creating_by(challenge);
    run.created(Answer::Ok(record));
    run
}

fn leave() -> String {
    format!("leave for {BANK}")
}

mod ahead {
    use super::*;

    fn start() -> Paying {
        created(Challenge::Redirect, pending("pay_1"))
    }

    hears_the_server!(start);

    #[test]
    fn the_whole_page_goes_to_the_bank_once_it_is_named() {
        let mut run = start();
        let effects = run.read(Answer::Ok(checkout(at_bank("pay_1"))));
        assert_eq!(
            effects,
            ["ask read_checkout since 7", &leave(), "wait 8000 ms"]
        );
        assert!(matches!(stage(&run), Some(Stage::Leaving(_))));
    }

    #[test]
    fn or_the_banks_page_comes_into_the_frame() {
        let mut run = created(Challenge::Frame, pending("pay_1"));
        let effects = run.read(Answer::Ok(checkout(at_bank("pay_1"))));
        assert_eq!(effects, ["ask read_checkout since 7"]);
        assert_eq!(stage(&run), Some(&Stage::Framed(BANK.into())));
    }

    #[test]
    fn a_page_that_wants_a_post_is_not_framed() {
        let mut run = created(Challenge::Frame, pending("pay_1"));
        let record = pending_at("pay_1", BANK, RedirectMethod::Post);
        let effects = run.read(Answer::Ok(checkout(record)));
        assert!(effects.contains(&leave()), "{effects:?}");
    }

    #[test]
    fn a_page_elsewhere_is_not_shown_and_the_payment_cancelled() {
        for challenge in [Challenge::Redirect, Challenge::Frame] {
            let mut run = created(challenge, pending("pay_1"));
            let record = pending_at("pay_1", ELSEWHERE, RedirectMethod::Get);
            let effects = run.read(Answer::Ok(checkout(record)));
            assert_eq!(
                effects,
                [
                    "ask read_checkout since 7",
                    "warn redirect_refused",
                    "ask cancel_payment pay_1"
                ]
            );
            assert_eq!(stage(&run), Some(&Stage::Behind));
        }
    }

    #[test]
    fn cancel_asks_the_server_and_shows_no_bank() {
        let mut run = start();
        assert_eq!(run.on(Event::Cancel), ["ask cancel_payment pay_1"]);
        let effects = run.read(Answer::Ok(checkout(at_bank("pay_1"))));
        assert_eq!(effects, ["ask read_checkout since 7"]);
        assert_eq!(stage(&run), Some(&Stage::Behind));
    }

    #[test]
    fn every_other_event_changes_nothing() {
        ignores_the_rest(start(), &["cancel"], &[]);
    }
}

mod framed {
    use super::*;

    fn start() -> Paying {
        created(Challenge::Frame, at_bank("pay_1"))
    }

    hears_the_server!(start);

    #[test]
    fn the_returned_frame_is_a_reason_to_ask_at_once() {
        let mut run = start();
        let earlier = run.attempt("ask read_checkout");
        assert_eq!(run.on(Event::FrameReturned), ["ask read_checkout"]);
        assert_eq!(stage(&run), Some(&Stage::Behind));
        let answer = Answer::Ok(checkout(paid("pay_1")));
        let late = Event::Checkout {
            attempt: earlier,
            answer,
        };
        assert!(run.on(late).is_empty());
        assert_eq!(stage(&run), Some(&Stage::Behind));
    }

    #[test]
    fn a_frame_that_does_not_serve_becomes_a_navigation() {
        for (left, told) in [
            (Event::FrameBlocked, Some("warn frame_blocked")),
            (Event::LeaveFrame, None),
        ] {
            let mut run = start();
            let mut effects: Vec<String> = told.map(String::from).into_iter().collect();
            effects.extend([leave(), "wait 8000 ms".into()]);
            assert_eq!(run.on(left), effects);
            assert!(matches!(stage(&run), Some(Stage::Leaving(_))));
        }
    }

    #[test]
    fn the_frame_stays_where_it_is_while_the_server_repeats_itself() {
        let mut run = start();
        let effects = run.read(Answer::Ok(checkout(at_bank("pay_1"))));
        assert_eq!(effects, ["ask read_checkout since 7"]);
        assert_eq!(stage(&run), Some(&Stage::Framed(BANK.into())));
    }

    #[test]
    fn cancel_takes_the_frame_away() {
        let mut run = start();
        assert_eq!(run.on(Event::Cancel), ["ask cancel_payment pay_1"]);
        assert_eq!(stage(&run), Some(&Stage::Behind));
    }

    #[test]
    fn every_other_event_changes_nothing() {
        let free = ["cancel", "frame_returned", "frame_blocked", "leave_frame"];
        ignores_the_rest(start(), &free, &[]);
    }

    #[test]
    fn a_blocked_frame_leads_to_no_page_elsewhere() {
        let mut run = start();
        let record = pending_at("pay_1", ELSEWHERE, RedirectMethod::Get);
        run.read(Answer::Ok(checkout(record)));
        let effects = run.on(Event::FrameBlocked);
        assert!(!effects.contains(&format!("leave for {ELSEWHERE}")));
    }
}

mod leaving {
    use super::*;

    fn start() -> Paying {
        created(Challenge::Redirect, at_bank("pay_1"))
    }

    hears_the_server!(start);

    #[test]
    fn a_page_that_did_not_go_is_the_shoppers_to_push_again() {
        let mut run = start();
        assert!(run.elapsed(8_000).is_empty());
        assert_eq!(stage(&run), Some(&Stage::Held));
    }

    #[test]
    fn a_page_that_may_not_go_is_told_at_once() {
        let mut run = start();
        assert_eq!(run.on(Event::LeaveBlocked), ["warn redirect_blocked"]);
        assert_eq!(stage(&run), Some(&Stage::Held));
    }

    #[test]
    fn a_page_that_came_back_asks_how_it_stands() {
        let mut run = start();
        assert_eq!(run.on(Event::PageRestored), ["ask read_checkout"]);
        assert_eq!(stage(&run), Some(&Stage::Held));
    }

    #[test]
    fn the_page_is_not_sent_twice() {
        let mut run = start();
        let effects = run.read(Answer::Ok(checkout(at_bank("pay_1"))));
        assert_eq!(effects, ["ask read_checkout since 7"]);
    }

    #[test]
    fn cancel_asks_the_server() {
        let mut run = start();
        assert_eq!(run.on(Event::Cancel), ["ask cancel_payment pay_1"]);
        assert!(matches!(stage(&run), Some(Stage::Leaving(_))));
    }

    #[test]
    fn every_other_event_changes_nothing() {
        let run = start();
        let timer = ("elapsed", run.attempt("wait 8000"));
        let free = ["cancel", "leave_blocked", "page_restored"];
        ignores_the_rest(run, &free, &[timer]);
    }
}

mod held {
    use super::*;

    fn taken_up(challenge: Challenge, record: Record) -> Paying {
        paying(challenge, |out| {
            match Payment::take_up(record, 5, &rules(challenge), out) {
                Step::Continue(flow) => flow,
                Step::Complete(end) => panic!("{end:?}"),
            }
        })
    }

    fn start() -> Paying {
        taken_up(Challenge::Redirect, at_bank("pay_1"))
    }

    hears_the_server!(start);

    #[test]
    fn taking_up_asks_for_what_came_after() {
        let heard = ["wait 1200000 ms", "ask read_checkout since 5"];
        assert_eq!(start().heard(), heard);
        assert_eq!(stage(&start()), Some(&Stage::Held));
    }

    #[test]
    fn news_do_not_send_the_shopper_away() {
        let mut run = start();
        let effects = run.read(Answer::Ok(checkout(at_bank("pay_1"))));
        assert_eq!(effects, ["ask read_checkout since 7"]);
        assert_eq!(stage(&run), Some(&Stage::Held));
    }

    #[test]
    fn the_shopper_goes_on_at_the_bank() {
        let mut run = start();
        let effects = run.on(Event::ContinueChallenge);
        assert_eq!(effects, [leave(), "wait 8000 ms".into()]);
        assert!(matches!(stage(&run), Some(Stage::Leaving(_))));
    }

    #[test]
    fn the_shopper_goes_on_in_the_frame() {
        let mut run = taken_up(Challenge::Frame, at_bank("pay_1"));
        assert!(run.on(Event::ContinueChallenge).is_empty());
        assert_eq!(stage(&run), Some(&Stage::Framed(BANK.into())));
    }

    #[test]
    fn going_on_elsewhere_is_refused_and_the_payment_cancelled() {
        let record = pending_at("pay_1", ELSEWHERE, RedirectMethod::Get);
        let mut run = taken_up(Challenge::Redirect, record);
        let effects = run.on(Event::ContinueChallenge);
        assert_eq!(
            effects,
            ["warn redirect_refused", "ask cancel_payment pay_1"]
        );
    }

    #[test]
    fn without_a_page_there_is_no_going_on() {
        let run = taken_up(Challenge::Redirect, pending("pay_1"));
        ignores_the_rest(run, &["cancel", "page_restored"], &[]);
    }

    #[test]
    fn a_page_that_came_back_asks_how_it_stands() {
        let mut run = start();
        assert_eq!(run.on(Event::PageRestored), ["ask read_checkout"]);
        assert_eq!(stage(&run), Some(&Stage::Held));
    }

    #[test]
    fn cancel_asks_the_server() {
        let mut run = start();
        assert_eq!(run.on(Event::Cancel), ["ask cancel_payment pay_1"]);
        assert_eq!(stage(&run), Some(&Stage::Held));
    }

    #[test]
    fn every_other_event_changes_nothing() {
        let free = ["cancel", "continue_challenge", "page_restored"];
        ignores_the_rest(start(), &free, &[]);
    }
}

mod behind {
    use super::*;

    fn start() -> Paying {
        let mut run = created(Challenge::Frame, at_bank("pay_1"));
        run.on(Event::FrameReturned);
        run
    }

    hears_the_server!(start);

    #[test]
    fn the_banks_page_does_not_come_back() {
        let mut run = start();
        let effects = run.read(Answer::Ok(checkout(at_bank("pay_1"))));
        assert_eq!(effects, ["ask read_checkout since 7"]);
        assert_eq!(stage(&run), Some(&Stage::Behind));
    }

    #[test]
    fn cancel_asks_the_server() {
        let mut run = start();
        assert_eq!(run.on(Event::Cancel), ["ask cancel_payment pay_1"]);
        assert_eq!(stage(&run), Some(&Stage::Behind));
    }

    #[test]
    fn every_other_event_changes_nothing() {
        ignores_the_rest(start(), &["cancel"], &[]);
    }
}

mod pausing {
    use super::*;

    #[test]
    fn a_pause_between_polls_awaits_its_end_and_nothing_else() {
        let mut run = created(Challenge::Redirect, pending("pay_1"));
        run.read(Answer::Lost(Lost::Late));
        let pause = run.attempt("wait 500");
        let deadline = run.attempt("wait 1200000");
        run.ignores_all_but(
            &["cancel"],
            &[
                ("elapsed", pause),
                // No shell reads a checkout from a pause; the flow would take it.
                ("checkout", pause),
                ("elapsed", deadline),
            ],
        );
    }

    #[test]
    fn a_returned_frame_cuts_the_pause_short() {
        let mut run = created(Challenge::Frame, at_bank("pay_1"));
        run.read(Answer::Lost(Lost::Late));
        assert_eq!(run.on(Event::FrameReturned), ["ask read_checkout"]);
        assert!(run.elapsed(500).is_empty());
    }
}

#[path = "canceling_tests.rs"]
mod canceling;
