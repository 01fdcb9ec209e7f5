//! A test for each state of a payment and each event in it: here until the
//! payment is known to exist, from then on in `following_tests.rs`.

use super::*;
use crate::core::flow::Lost;
use crate::core::flow::following::Stage;
use crate::core::flow::testing::{
    BANK, ELSEWHERE, LOSSES, Run, at_bank, checkout, ending, failed, paid, payment, pending,
    pending_at, refused, rules,
};
use crate::wire::merchant::{Challenge, Method, RedirectMethod, Status};

#[path = "following_tests.rs"]
mod following;

type Paying = Run<Payment, Result<Outcome, Error>>;

const CREATE: &str = "ask create_payment key-1: card tok-1 in 3";

fn paying(challenge: Challenge, start: impl FnOnce(&mut Outbox) -> Payment) -> Paying {
    let rules = rules(challenge);
    Run::new(start, move |flow, event, out| {
        flow.update(event, &rules, out)
    })
}

/// A request where the checkout had the payment `pay_0` before.
fn creating_by(challenge: Challenge) -> Paying {
    let request = PaymentRequest {
        method: Method::CARD.into(),
        card_token: "tok-1".into(),
        installments: 3,
        challenge,
    };
    let order = Order {
        key: "key-1".into(),
        request,
        previous: Some("pay_0".into()),
    };
    paying(challenge, |out| Payment::start(order, out))
}

fn creating() -> Paying {
    creating_by(Challenge::Redirect)
}

fn locating() -> Paying {
    let mut run = creating();
    run.created(Answer::Lost(Lost::Late));
    run
}

fn pausing() -> Paying {
    let mut run = locating();
    run.read(Answer::Lost(Lost::Unreachable));
    run
}

fn stage(run: &Paying) -> Option<&Stage> {
    match run.state() {
        Payment::Following(following) => Some(&following.stage),
        Payment::Creating { .. } | Payment::Locating { .. } => None,
    }
}

fn is_locating(run: &Paying) -> bool {
    matches!(run.state(), Payment::Locating { .. })
}

mod creating {
    use super::*;

    fn start() -> Paying {
        super::creating()
    }

    #[test]
    fn begins_with_the_request_and_a_deadline() {
        assert_eq!(start().heard(), ["wait 90000 ms", CREATE]);
    }

    #[test]
    fn a_pending_payment_is_followed() {
        let mut run = start();
        let effects = run.created(Answer::Ok(pending("pay_1")));
        assert_eq!(effects, ["wait 1200000 ms", "ask read_checkout since 0"]);
        assert_eq!(stage(&run), Some(&Stage::Ahead));
    }

    #[test]
    fn the_whole_page_goes_to_the_bank() {
        let mut run = start();
        let effects = run.created(Answer::Ok(at_bank("pay_1")));
        let leave = format!("leave for {BANK}");
        assert_eq!(
            effects,
            [
                "wait 1200000 ms",
                "ask read_checkout since 0",
                &leave,
                "wait 8000 ms"
            ]
        );
        assert!(matches!(stage(&run), Some(Stage::Leaving(_))));
    }

    #[test]
    fn or_the_banks_page_comes_into_the_frame() {
        let mut run = creating_by(Challenge::Frame);
        let effects = run.created(Answer::Ok(at_bank("pay_1")));
        assert_eq!(effects, ["wait 1200000 ms", "ask read_checkout since 0"]);
        assert_eq!(stage(&run), Some(&Stage::Framed(BANK.into())));
    }

    #[test]
    fn a_payment_that_has_ended_ends_it() {
        for status in [Status::Paid, Status::Failed, Status::Canceled] {
            let mut run = start();
            let record = payment("pay_1", status);
            assert!(run.created(Answer::Ok(record.clone())).is_empty());
            assert_eq!(run.end(), &Ok(Outcome::Final(record)));
        }
    }

    #[test]
    fn a_refusal_for_another_payment_is_a_reason_to_look() {
        for code in [problem::ALREADY_PAID, problem::PAYMENT_PENDING] {
            let mut run = start();
            assert_eq!(run.created(refused(409, code)), ["ask read_checkout"]);
            assert!(is_locating(&run));
        }
    }

    #[test]
    fn that_other_payment_is_heard_of_even_if_it_was_there_before() {
        let mut run = start();
        run.created(refused(409, problem::ALREADY_PAID));
        assert!(run.read(Answer::Ok(checkout(paid("pay_0")))).is_empty());
        assert_eq!(ending(run.end()), "Paid pay_0");
    }

    #[test]
    fn any_other_refusal_ends_it_as_an_error() {
        let mut run = start();
        let effects = run.created(refused(429, problem::TOO_MANY_ATTEMPTS));
        assert!(effects.is_empty());
        assert_eq!(run.end(), &Err(Error::TooManyAttempts));
    }

    #[test]
    fn a_server_in_trouble_may_have_created_it_and_is_asked() {
        for status in [500, 502, 503] {
            let mut run = start();
            let effects = run.created(refused(status, problem::INTERNAL));
            assert_eq!(effects, ["ask read_checkout"]);
            assert!(is_locating(&run));
        }
    }

    #[test]
    fn a_lost_answer_is_looked_for_not_reported() {
        for lost in LOSSES {
            let mut run = start();
            assert_eq!(run.created(Answer::Lost(lost)), ["ask read_checkout"]);
            assert!(is_locating(&run));
        }
    }

    #[test]
    fn at_the_deadline_the_outcome_is_unknown() {
        let mut run = start();
        assert!(run.elapsed(90_000).is_empty());
        assert_eq!(run.end(), &Ok(Outcome::Unknown(None)));
    }

    #[test]
    fn cancel_waits_until_there_is_something_to_cancel() {
        let mut run = start();
        assert!(run.on(Event::Cancel).is_empty());
        let effects = run.created(Answer::Ok(at_bank("pay_1")));
        assert_eq!(
            effects,
            [
                "wait 1200000 ms",
                "ask read_checkout since 0",
                "ask cancel_payment pay_1"
            ]
        );
        assert_eq!(stage(&run), Some(&Stage::Behind));
    }

    #[test]
    fn cancel_does_not_unmake_what_was_paid() {
        let mut run = start();
        run.on(Event::Cancel);
        assert!(run.created(Answer::Ok(paid("pay_1"))).is_empty());
        assert_eq!(ending(run.end()), "Paid pay_1");
    }

    #[test]
    fn every_other_event_changes_nothing() {
        let mut run = start();
        let understood = [
            ("payment", run.attempt(CREATE)),
            ("elapsed", run.attempt("wait 90000")),
        ];
        run.ignores_all_but(&["cancel"], &understood);
    }
}

mod locating_asking {
    use super::*;

    fn start() -> Paying {
        super::locating()
    }

    #[test]
    fn a_new_payment_is_ours_and_followed_from_its_revision() {
        let mut run = start();
        let effects = run.read(Answer::Ok(checkout(pending("pay_1"))));
        assert_eq!(effects, ["wait 1200000 ms", "ask read_checkout since 7"]);
        assert_eq!(stage(&run), Some(&Stage::Ahead));
    }

    #[test]
    fn a_new_payment_that_has_ended_ends_it() {
        for status in [Status::Paid, Status::Failed, Status::Canceled] {
            let mut run = start();
            let record = payment("pay_1", status);
            assert!(run.read(Answer::Ok(checkout(record.clone()))).is_empty());
            assert_eq!(run.end(), &Ok(Outcome::Final(record)));
        }
    }

    #[test]
    fn where_nothing_arrived_the_very_same_request_is_sent_again() {
        let mut run = start();
        assert_eq!(run.read(Answer::Ok(checkout(None))), [CREATE]);
        assert!(matches!(run.state(), Payment::Creating { .. }));
    }

    #[test]
    fn the_payment_from_before_is_not_ours() {
        let mut run = start();
        assert_eq!(run.read(Answer::Ok(checkout(failed("pay_0")))), [CREATE]);
    }

    #[test]
    fn a_server_in_trouble_is_not_hammered() {
        let mut run = creating();
        let begins = |effects: &[String], with: &str| effects.iter().any(|e| e.starts_with(with));
        for _ in 0..10 {
            let effects = run.created(refused(500, problem::INTERNAL));
            if begins(&effects, "wait") {
                return;
            }
            let effects = run.read(Answer::Ok(checkout(None)));
            if begins(&effects, "wait") {
                return;
            }
        }
        panic!("ten requests and no pause");
    }

    #[test]
    fn sending_again_does_not_move_the_deadline() {
        let mut run = start();
        run.read(Answer::Ok(checkout(None)));
        run.elapsed(90_000);
        assert_eq!(run.end(), &Ok(Outcome::Unknown(None)));
    }

    #[test]
    fn where_nothing_arrived_and_the_shopper_has_left_nothing_is_sent() {
        let mut run = start();
        run.on(Event::Cancel);
        assert!(run.read(Answer::Ok(checkout(None))).is_empty());
        assert_eq!(run.end(), &Err(Error::Aborted));
    }

    #[test]
    fn what_did_arrive_is_cancelled_for_a_shopper_who_has_left() {
        let mut run = creating();
        run.on(Event::Cancel);
        run.created(Answer::Lost(Lost::Late));
        let effects = run.read(Answer::Ok(checkout(at_bank("pay_1"))));
        assert_eq!(
            effects,
            [
                "wait 1200000 ms",
                "ask read_checkout since 7",
                "ask cancel_payment pay_1"
            ]
        );
    }

    #[test]
    fn an_expired_checkout_was_not_paid() {
        let mut run = start();
        let effects = run.read(refused(410, problem::CHECKOUT_EXPIRED));
        assert!(effects.is_empty());
        assert_eq!(run.end(), &Err(Error::CheckoutExpired));
    }

    #[test]
    fn any_other_refusal_is_followed_by_a_pause() {
        for (status, code) in [
            (404, problem::CHECKOUT_NOT_FOUND),
            (500, problem::INTERNAL),
            (503, problem::PROVIDER_UNAVAILABLE),
        ] {
            let mut run = start();
            assert_eq!(run.read(refused(status, code)), ["wait 500 ms"]);
            assert!(is_locating(&run));
        }
    }

    #[test]
    fn a_lost_answer_is_followed_by_a_pause() {
        for lost in LOSSES {
            let mut run = start();
            assert_eq!(run.read(Answer::Lost(lost)), ["wait 500 ms"]);
            assert!(is_locating(&run));
        }
    }

    #[test]
    fn at_the_deadline_the_outcome_is_unknown() {
        let mut run = start();
        assert!(run.elapsed(90_000).is_empty());
        assert_eq!(run.end(), &Ok(Outcome::Unknown(None)));
    }

    #[test]
    fn every_other_event_changes_nothing() {
        let mut run = start();
        let read = run.attempt("ask read_checkout");
        let understood = [
            ("checkout", read),
            // No shell lets an asking elapse; the flow would ask again.
            ("elapsed", read),
            ("elapsed", run.attempt("wait 90000")),
        ];
        run.ignores_all_but(&["cancel"], &understood);
    }
}

mod locating_pausing {
    use super::*;

    fn start() -> Paying {
        super::pausing()
    }

    #[test]
    fn after_the_pause_the_server_is_asked_again() {
        assert_eq!(start().elapsed(500), ["ask read_checkout"]);
    }

    #[test]
    fn pauses_grow_up_to_eight_seconds() {
        let mut run = start();
        for (pause, longer) in [
            (500, 1_000),
            (1_000, 2_000),
            (2_000, 4_000),
            (4_000, 8_000),
            (8_000, 8_000),
        ] {
            run.elapsed(pause);
            let effects = run.read(Answer::Lost(Lost::Unreachable));
            assert_eq!(effects, [format!("wait {longer} ms")]);
        }
    }

    #[test]
    fn at_the_deadline_the_outcome_is_unknown() {
        let mut run = start();
        assert!(run.elapsed(90_000).is_empty());
        assert_eq!(run.end(), &Ok(Outcome::Unknown(None)));
    }

    #[test]
    fn cancel_is_kept_for_what_is_found() {
        let mut run = start();
        assert!(run.on(Event::Cancel).is_empty());
        assert_eq!(run.elapsed(500), ["ask read_checkout"]);
        run.read(Answer::Ok(checkout(None)));
        assert_eq!(run.end(), &Err(Error::Aborted));
    }

    #[test]
    fn every_other_event_changes_nothing() {
        let mut run = start();
        let pause = run.attempt("wait 500");
        let understood = [
            ("elapsed", pause),
            // No shell reads a checkout from a pause; the flow would take it.
            ("checkout", pause),
            ("elapsed", run.attempt("wait 90000")),
        ];
        run.ignores_all_but(&["cancel"], &understood);
    }
}
