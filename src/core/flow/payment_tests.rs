//! A test for each state of a payment and each event in it: here until the
//! payment is known to exist, from then on in `following_tests.rs`.

use super::*;
use crate::core::flow::Lost;
use crate::core::flow::following::Stage;
use crate::core::flow::testing::{
    BANK, ELSEWHERE, LOSSES, Run, at_bank, checkout, ending, failed, paid, payment, pending,
    pending_at, refused, rules,
};
use crate::wire::merchant::{Challenge, Instrument, RedirectMethod, Status, problem};

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

fn creating_by(challenge: Challenge) -> Paying {
    let request = PaymentRequest {
        instrument: Instrument::Card {
            card_token: "tok-1".into(),
            installments: 3,
            save: false,
        },
        challenge,
    };
    let order = Order {
        key: "key-1".into(),
        request,
    };
    paying(challenge, |out| Payment::start(order, out))
}

fn creating() -> Paying {
    creating_by(Challenge::Redirect)
}

fn pausing() -> Paying {
    let mut run = creating();
    run.created(Answer::Lost(Lost::Late));
    run
}

fn looking() -> Paying {
    let mut run = creating();
    run.created(refused(409, problem::PAYMENT_PENDING));
    run
}

fn stage(run: &Paying) -> Option<&Stage> {
    match run.state() {
        Payment::Following(following) => Some(&following.stage),
        Payment::Creating { .. } | Payment::Pausing { .. } | Payment::Looking { .. } => None,
    }
}

fn is_pausing(run: &Paying) -> bool {
    matches!(run.state(), Payment::Pausing { .. })
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
            assert!(matches!(run.state(), Payment::Looking { .. }));
        }
    }

    #[test]
    fn any_other_refusal_ends_it_as_an_error() {
        let mut run = start();
        let effects = run.created(refused(429, problem::TOO_MANY_ATTEMPTS));
        assert!(effects.is_empty());
        assert_eq!(run.end(), &Err(Error::TooManyAttempts));
    }

    #[test]
    fn a_server_in_trouble_may_have_created_it() {
        for status in [500, 502, 503] {
            let mut run = start();
            let effects = run.created(refused(status, problem::INTERNAL));
            assert_eq!(effects, ["wait 500 ms"]);
            assert!(is_pausing(&run));
        }
    }

    #[test]
    fn a_lost_answer_is_asked_for_again_not_reported() {
        for lost in LOSSES {
            let mut run = start();
            assert_eq!(run.created(Answer::Lost(lost)), ["wait 500 ms"]);
            assert!(is_pausing(&run));
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

mod pausing {
    use super::*;

    fn start() -> Paying {
        super::pausing()
    }

    #[test]
    fn after_the_pause_the_very_same_request_is_sent_again() {
        let mut run = start();
        assert_eq!(run.elapsed(500), [CREATE]);
        assert!(matches!(run.state(), Payment::Creating { .. }));
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
            let effects = run.created(Answer::Lost(Lost::Unreachable));
            assert_eq!(effects, [format!("wait {longer} ms")]);
        }
    }

    #[test]
    fn sending_again_does_not_move_the_deadline() {
        let mut run = start();
        run.elapsed(500);
        run.elapsed(90_000);
        assert_eq!(run.end(), &Ok(Outcome::Unknown(None)));
    }

    #[test]
    fn at_the_deadline_the_outcome_is_unknown() {
        let mut run = start();
        assert!(run.elapsed(90_000).is_empty());
        assert_eq!(run.end(), &Ok(Outcome::Unknown(None)));
    }

    #[test]
    fn cancel_is_kept_until_it_is_known_what_there_is_to_cancel() {
        let mut run = start();
        assert!(run.on(Event::Cancel).is_empty());
        assert_eq!(run.elapsed(500), [CREATE]);
        let effects = run.created(Answer::Ok(at_bank("pay_1")));
        assert_eq!(
            effects,
            [
                "wait 1200000 ms",
                "ask read_checkout since 0",
                "ask cancel_payment pay_1"
            ]
        );
    }

    #[test]
    fn every_other_event_changes_nothing() {
        let mut run = start();
        let understood = [
            ("elapsed", run.attempt("wait 500")),
            ("elapsed", run.attempt("wait 90000")),
        ];
        run.ignores_all_but(&["cancel"], &understood);
    }
}

mod looking {
    use super::*;

    fn start() -> Paying {
        super::looking()
    }

    #[test]
    fn the_other_payment_is_followed_from_its_revision() {
        let mut run = start();
        let effects = run.read(Answer::Ok(checkout(pending("pay_0"))));
        assert_eq!(effects, ["wait 1200000 ms", "ask read_checkout since 7"]);
        assert_eq!(stage(&run), Some(&Stage::Held));
    }

    #[test]
    fn if_it_has_ended_so_does_this() {
        for status in [Status::Paid, Status::Failed, Status::Canceled] {
            let mut run = start();
            let record = payment("pay_0", status);
            assert!(run.read(Answer::Ok(checkout(record.clone()))).is_empty());
            assert_eq!(run.end(), &Ok(Outcome::Final(record)));
        }
    }

    #[test]
    fn where_it_cannot_be_seen_the_request_is_tried_again_after_a_pause() {
        let answers = || {
            LOSSES
                .into_iter()
                .map(Answer::Lost)
                .chain([Answer::Ok(checkout(None)), refused(500, problem::INTERNAL)])
        };
        for answer in answers() {
            let mut run = start();
            assert_eq!(run.read(answer), ["wait 500 ms"]);
            assert!(is_pausing(&run));
        }
    }

    #[test]
    fn a_refusal_ends_it_as_an_error() {
        let mut run = start();
        let effects = run.read(refused(410, problem::CHECKOUT_EXPIRED));
        assert!(effects.is_empty());
        assert_eq!(run.end(), &Err(Error::CheckoutExpired));
    }

    #[test]
    fn a_shopper_who_has_left_cancels_what_there_is() {
        let mut run = start();
        assert!(run.on(Event::Cancel).is_empty());
        let effects = run.read(Answer::Ok(checkout(at_bank("pay_0"))));
        assert_eq!(
            effects,
            [
                "wait 1200000 ms",
                "ask read_checkout since 7",
                "ask cancel_payment pay_0"
            ]
        );
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
        let understood = [
            ("checkout", run.attempt("ask read_checkout")),
            ("elapsed", run.attempt("wait 90000")),
        ];
        run.ignores_all_but(&["cancel"], &understood);
    }
}
