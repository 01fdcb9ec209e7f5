//! The whole checkout, phase by phase, seen from its shell. What holds in every
//! order of events is in `invariant_tests.rs`.

use super::*;
use crate::core::flow::testing::{
    BANK, LOSSES, Run, at_bank, card, checkout, failed, paid, pay, payment, refused, rules,
    temp_token,
};
use crate::core::flow::{Lost, Tokenized};
use crate::wire::merchant::{Challenge, Payment as Attempted, problem};

#[path = "walking.rs"]
mod walking;

#[path = "invariant_tests.rs"]
mod invariants;

type Kasa = Run<Checkout, ()>;

const CREATE: &str = "ask create_payment key-1: card tok-1 in 3";

fn kasa(challenge: Challenge, returning: bool) -> Kasa {
    let start = Checkout::new(rules(challenge), returning);
    Run::new(
        |_| start,
        |mut checkout, event, out| {
            checkout
                .handle(event)
                .into_iter()
                .for_each(|effect| out.put(effect));
            Step::Continue(checkout)
        },
    )
}

fn opening() -> Kasa {
    let mut run = kasa(Challenge::Redirect, false);
    run.on(Event::Open);
    run
}

fn opened_with(payment: impl Into<Option<Attempted>>) -> Kasa {
    let mut run = opening();
    run.read(Answer::Ok(checkout(payment)));
    run
}

fn ready() -> Kasa {
    opened_with(None)
}

fn tokenizing() -> Kasa {
    let mut run = ready();
    run.on(pay("key-1"));
    run
}

/// From a form to the payment request of that key.
fn create(run: &mut Kasa, key: &str) -> Vec<String> {
    run.on(pay(key));
    run.fetched(Answer::Ok(temp_token()));
    run.tokenized(Tokenized::CardToken("tok-1".into()))
}

fn creating() -> Kasa {
    let mut run = ready();
    create(&mut run, "key-1");
    run
}

fn at_the_bank() -> Kasa {
    let mut run = creating();
    run.created(Answer::Ok(at_bank("pay_1")));
    run
}

fn unknown() -> Kasa {
    let mut run = creating();
    run.elapsed(90_000);
    run
}

fn closed() -> Kasa {
    let mut run = opening();
    run.read(refused(404, problem::CHECKOUT_NOT_FOUND));
    run
}

fn settled(run: &Kasa) -> Vec<String> {
    let heard = run.heard().into_iter();
    let settled = heard.filter_map(|text| text.strip_prefix("settle "));
    settled.map(str::to_owned).collect()
}

fn notice(run: &Kasa) -> Option<&Notice> {
    match run.state().view() {
        View::Form {
            notice, busy: None, ..
        } => notice,
        other => panic!("no free form: {other:?}"),
    }
}

fn is_form(run: &Kasa) -> bool {
    matches!(run.state().view(), View::Form { busy: None, .. })
}

mod opening {
    use super::*;

    #[test]
    fn reads_the_order_and_shows_the_form() {
        let mut run = opening();
        assert_eq!(run.heard(), ["ask read_checkout"]);
        assert!(run.read(Answer::Ok(checkout(None))).is_empty());
        assert_eq!(notice(&run), None);
        assert_eq!(run.state().order(), Some(&checkout(None)));
    }

    #[test]
    fn a_broken_connection_is_tried_once_more() {
        let mut run = opening();
        let effects = run.read(Answer::Lost(Lost::Unreachable));
        assert_eq!(effects, ["ask read_checkout"]);
        run.read(Answer::Ok(checkout(None)));
        assert!(is_form(&run));
    }

    #[test]
    fn a_second_loss_closes_it() {
        for (lost, error) in [
            (Lost::Unreachable, Error::MerchantUnreachable),
            (Lost::Late, Error::MerchantTimeout),
            (Lost::Garbled, Error::MerchantAnswerInvalid),
        ] {
            let mut run = opening();
            run.read(Answer::Lost(Lost::Unreachable));
            assert!(run.read(Answer::Lost(lost)).is_empty());
            assert_eq!(run.state().view(), View::Closed(&error));
        }
    }

    #[test]
    fn a_late_or_garbled_answer_closes_it_at_once() {
        for lost in [Lost::Late, Lost::Garbled] {
            let mut run = opening();
            assert!(run.read(Answer::Lost(lost)).is_empty());
            assert!(matches!(run.state().view(), View::Closed(_)));
        }
    }

    #[test]
    fn a_refusal_closes_it() {
        let run = closed();
        assert_eq!(run.state().view(), View::Closed(&Error::CheckoutNotFound));
        assert!(settled(&run).is_empty());
    }

    #[test]
    fn what_was_closed_can_be_opened_again() {
        let mut run = closed();
        assert_eq!(run.on(Event::Open), ["ask read_checkout"]);
        run.read(Answer::Ok(checkout(None)));
        assert!(is_form(&run));
    }

    #[test]
    fn a_paid_order_is_done() {
        for returning in [false, true] {
            let mut run = kasa(Challenge::Redirect, returning);
            run.on(Event::Open);
            let effects = run.read(Answer::Ok(checkout(paid("pay_1"))));
            assert_eq!(effects, ["settle payment: Paid pay_1"]);
            assert!(matches!(run.state().view(), View::Done { .. }));
        }
    }

    #[test]
    fn a_pending_payment_is_taken_up() {
        let mut run = opening();
        let effects = run.read(Answer::Ok(checkout(at_bank("pay_1"))));
        assert_eq!(effects, ["wait 1200000 ms", "ask read_checkout since 7"]);
        assert!(matches!(
            run.state().view(),
            View::Waiting {
                doing: Doing::Held,
                can_continue: true,
                can_cancel: true,
                ..
            }
        ));
        let effects = run.read(Answer::Ok(checkout(paid("pay_1"))));
        assert_eq!(effects, ["settle payment: Paid pay_1"]);
    }

    #[test]
    fn an_unpaid_end_is_history_to_a_page_opened_afresh() {
        for status in [Status::Failed, Status::Canceled] {
            let run = opened_with(payment("pay_1", status));
            assert_eq!(notice(&run), None);
            assert!(settled(&run).is_empty());
        }
    }

    #[test]
    fn an_unpaid_end_is_news_to_a_page_come_back_from_the_bank() {
        for status in [Status::Failed, Status::Canceled] {
            let mut run = kasa(Challenge::Redirect, true);
            run.on(Event::Open);
            let record = payment("pay_1", status);
            run.read(Answer::Ok(checkout(record.clone())));
            assert_eq!(
                settled(&run),
                [format!("payment: {:?} pay_1", record.status)]
            );
            let expected = Notice::Outcome(Outcome::Final(record));
            assert_eq!(notice(&run), Some(&expected));
        }
    }
}

mod paying {
    use super::*;

    /// Ends the payment of [`at_the_bank`].
    fn ended(status: Status) -> Kasa {
        let mut run = at_the_bank();
        run.read(Answer::Ok(checkout(payment("pay_1", status))));
        run
    }

    #[test]
    fn goes_from_the_card_to_the_bank() {
        let mut run = ready();
        assert_eq!(run.on(pay("key-1")), ["ask fetch_temp_token"]);
        let effects = run.fetched(Answer::Ok(temp_token()));
        assert_eq!(effects, ["tokenize Ada with tt-1"]);
        let effects = run.tokenized(Tokenized::CardToken("tok-1".into()));
        assert_eq!(effects, ["wait 90000 ms", CREATE]);
        let effects = run.created(Answer::Ok(at_bank("pay_1")));
        assert!(effects.contains(&format!("leave for {BANK}")));
    }

    #[test]
    fn paid_is_the_end() {
        let run = ended(Status::Paid);
        assert_eq!(settled(&run), ["payment: Paid pay_1"]);
        assert!(matches!(
            run.state().view(),
            View::Done { outcome: Outcome::Final(record), .. } if record.status == Status::Paid
        ));
    }

    #[test]
    fn failed_or_canceled_shows_the_form_again_and_why() {
        for status in [Status::Failed, Status::Canceled] {
            let run = ended(status);
            assert_eq!(settled(&run), [format!("payment: {status:?} pay_1")]);
            let end = Outcome::Final(payment("pay_1", status));
            assert_eq!(notice(&run), Some(&Notice::Outcome(end)));
        }
    }

    #[test]
    fn an_unknown_outcome_is_an_end_without_another_try() {
        let run = unknown();
        assert_eq!(settled(&run), ["payment: unknown"]);
        let outcome = &Outcome::Unknown(None);
        assert!(matches!(run.state().view(), View::Done { outcome: end, .. } if end == outcome));
    }

    #[test]
    fn an_error_shows_the_form_again_and_why() {
        let mut run = creating();
        run.created(refused(429, problem::TOO_MANY_ATTEMPTS));
        assert_eq!(settled(&run), ["payment: error too_many_attempts"]);
        let expected = Notice::Error(Error::TooManyAttempts);
        assert_eq!(notice(&run), Some(&expected));
    }

    #[test]
    fn a_card_that_paywall_refuses_creates_no_payment() {
        let mut run = tokenizing();
        run.fetched(Answer::Ok(temp_token()));
        let effects = run.tokenized(Tokenized::CardRefused(14));
        assert_eq!(effects, ["settle payment: error card_refused"]);
        assert_eq!(notice(&run), Some(&Notice::Error(Error::CardRefused(14))));
    }

    #[test]
    fn cancel_before_the_request_creates_no_payment() {
        let mut run = tokenizing();
        let effects = run.on(Event::Cancel);
        assert_eq!(effects, ["settle payment: error aborted"]);
        assert!(is_form(&run));
        run.ignores_all_but(&["pay_by_card", "tokenize_card"], &[]);
    }

    #[test]
    fn a_second_pay_beside_the_first_does_nothing() {
        for mut run in [tokenizing(), creating(), at_the_bank(), unknown()] {
            let before = format!("{:?}", run.state());
            assert!(run.on(pay("key-2")).is_empty());
            let tokenize = Event::TokenizeCard { card: card("Eve") };
            assert!(run.on(tokenize).is_empty());
            assert_eq!(format!("{:?}", run.state()), before);
        }
    }

    #[test]
    fn the_next_pay_has_a_key_of_its_own_and_clears_the_notice() {
        let mut run = ended(Status::Failed);
        run.on(pay("key-2"));
        assert!(matches!(
            run.state().view(),
            View::Form { notice: None, .. }
        ));
        run.fetched(Answer::Ok(temp_token()));
        let effects = run.tokenized(Tokenized::CardToken("tok-2".into()));
        assert_eq!(
            effects,
            ["wait 90000 ms", "ask create_payment key-2: card tok-2 in 3"]
        );
    }

    #[test]
    fn the_payment_that_failed_is_not_taken_for_the_next_one() {
        let mut run = ended(Status::Failed);
        create(&mut run, "key-2");
        run.created(Answer::Lost(Lost::Late));
        let effects = run.read(Answer::Ok(checkout(failed("pay_1"))));
        assert_eq!(effects, ["ask create_payment key-2: card tok-1 in 3"]);
    }

    #[test]
    fn an_answer_of_an_earlier_payment_changes_nothing() {
        let mut run = creating();
        let earlier = run.attempt("ask create_payment");
        run.created(refused(422, problem::INVALID_REQUEST));
        create(&mut run, "key-2");
        let before = format!("{:?}", run.state());
        let answer = Answer::Ok(paid("pay_1"));
        let late = Event::Payment {
            attempt: earlier,
            answer,
        };
        assert!(run.on(late).is_empty());
        assert_eq!(format!("{:?}", run.state()), before);
    }

    #[test]
    fn where_the_order_is_paid_already_that_is_the_result() {
        let mut run = tokenizing();
        let effects = run.fetched(refused(409, problem::ALREADY_PAID));
        assert_eq!(effects, ["ask read_checkout"]);
        run.read(Answer::Ok(checkout(paid("pay_0"))));
        assert_eq!(settled(&run), ["payment: Paid pay_0"]);
    }

    #[test]
    fn where_another_payment_is_pending_it_is_taken_up() {
        let mut run = tokenizing();
        run.fetched(refused(409, problem::PAYMENT_PENDING));
        run.read(Answer::Ok(checkout(at_bank("pay_0"))));
        assert!(matches!(run.state().view(), View::Waiting { .. }));
        run.read(Answer::Ok(checkout(failed("pay_0"))));
        assert_eq!(settled(&run), ["payment: Failed pay_0"]);
    }

    #[test]
    fn where_another_payment_has_just_failed_that_is_the_result() {
        let mut run = tokenizing();
        run.fetched(refused(409, problem::PAYMENT_PENDING));
        run.read(Answer::Ok(checkout(failed("pay_0"))));
        assert_eq!(settled(&run), ["payment: Failed pay_0"]);
    }

    #[test]
    #[ignore = "known: a pay that looks for another payment is left without a result"]
    fn where_the_other_payment_cannot_be_read_there_is_a_result_all_the_same() {
        for answer in [
            Answer::Lost(Lost::Late),
            refused(500, problem::INTERNAL),
            Answer::Ok(checkout(None)),
        ] {
            let mut run = tokenizing();
            run.fetched(refused(409, problem::PAYMENT_PENDING));
            run.read(answer);
            assert_eq!(settled(&run).len(), 1);
        }
    }
}

mod tokenizing {
    use super::*;

    fn start() -> Kasa {
        let mut run = ready();
        let card = card("Ada");
        run.on(Event::TokenizeCard { card });
        run
    }

    #[test]
    fn hands_the_card_token_over_and_creates_no_payment() {
        let mut run = start();
        run.fetched(Answer::Ok(temp_token()));
        let effects = run.tokenized(Tokenized::CardToken("tok-1".into()));
        assert_eq!(effects, ["settle card token: tok-1"]);
        assert_eq!(notice(&run), None);
        run.ignores_all_but(&["pay_by_card", "tokenize_card"], &[]);
    }

    #[test]
    fn tells_why_there_is_none() {
        let mut run = start();
        run.fetched(Answer::Ok(temp_token()));
        let effects = run.tokenized(Tokenized::CardRefused(14));
        assert_eq!(effects, ["settle card token: error card_refused"]);
        assert!(is_form(&run));
    }

    #[test]
    fn another_payment_is_no_reason_to_look() {
        for (code, error) in [
            (problem::ALREADY_PAID, "already_paid"),
            (problem::PAYMENT_PENDING, "busy"),
        ] {
            let effects = start().fetched(refused(409, code));
            assert_eq!(effects, [format!("settle card token: error {error}")]);
        }
    }

    #[test]
    fn cancel_ends_it() {
        let effects = start().on(Event::Cancel);
        assert_eq!(effects, ["settle card token: error aborted"]);
    }
}

#[test]
fn every_other_event_changes_nothing() {
    let mut run = kasa(Challenge::Redirect, false);
    run.ignores_all_but(&["open"], &[]);

    let mut run = opening();
    let read = run.attempt("ask read_checkout");
    run.ignores_all_but(&[], &[("checkout", read)]);

    closed().ignores_all_but(&["open"], &[]);
    ready().ignores_all_but(&["pay_by_card", "tokenize_card"], &[]);
    unknown().ignores_all_but(&[], &[]);
    opened_with(paid("pay_1")).ignores_all_but(&[], &[]);

    let mut run = tokenizing();
    let token = run.attempt("ask fetch_temp_token");
    run.ignores_all_but(&["cancel"], &[("temp_token", token)]);
}

#[test]
fn is_free_only_before_a_form() {
    let busy = || Err(Error::Busy);
    let fresh = || kasa(Challenge::Redirect, false);
    let paid = || opened_with(paid("pay_1"));
    let cases: [(&str, Kasa, Result<(), Error>); 9] = [
        ("idle", fresh(), busy()),
        ("opening", opening(), busy()),
        ("closed", closed(), Err(Error::CheckoutNotFound)),
        ("ready", ready(), Ok(())),
        ("tokenizing", tokenizing(), busy()),
        ("creating", creating(), busy()),
        ("at the bank", at_the_bank(), busy()),
        ("unknown", unknown(), busy()),
        ("paid", paid(), Err(Error::AlreadyPaid)),
    ];
    for (name, run, expected) in cases {
        assert_eq!(run.state().is_free(), expected, "{name}");
    }
}

/// What of a view is not the order or the words of an error.
fn shown(run: &Kasa) -> String {
    match run.state().view() {
        View::Opening => "opening".into(),
        View::Closed(error) => format!("closed {}", error.code()),
        View::Form { busy, notice, .. } => format!("form {busy:?} {}", notice.is_some()),
        View::Waiting {
            doing,
            frame,
            can_continue,
            can_cancel,
            ..
        } => format!("waiting {doing:?} {frame:?} {can_continue} {can_cancel}"),
        View::Done { outcome, .. } => {
            format!(
                "done {}",
                crate::core::flow::testing::ending(&Ok(outcome.clone()))
            )
        }
    }
}

/// A checkout whose bank's page comes into a frame.
fn framed() -> Kasa {
    let mut run = kasa(Challenge::Frame, false);
    run.on(Event::Open);
    run.read(Answer::Ok(checkout(None)));
    create(&mut run, "key-1");
    run.created(Answer::Ok(at_bank("pay_1")));
    run
}

fn after(mut run: Kasa, event: Event) -> Kasa {
    run.on(event);
    run
}

#[test]
fn every_phase_has_its_view() {
    let lost = || {
        let mut run = creating();
        run.created(Answer::Lost(Lost::Late));
        run
    };
    let frame = format!("waiting AtBank Some({BANK:?}) false true");
    let fresh = kasa(Challenge::Redirect, false);
    let restored = after(at_the_bank(), Event::PageRestored);
    let cases: [(Kasa, &str); 15] = [
        (fresh, "opening"),
        (opening(), "opening"),
        (closed(), "closed checkout_not_found"),
        (ready(), "form None false"),
        (tokenizing(), "form Some(Tokenizing) false"),
        (creating(), "form Some(Creating) false"),
        (lost(), "waiting Checking None false true"),
        (
            after(lost(), Event::Cancel),
            "waiting Checking None false false",
        ),
        (at_the_bank(), "waiting Leaving None false false"),
        (restored, "waiting Held None true true"),
        (framed(), &frame),
        (
            after(framed(), Event::FrameReturned),
            "waiting Confirming None false true",
        ),
        (
            after(framed(), Event::Cancel),
            "waiting Canceling None false false",
        ),
        (opened_with(paid("pay_1")), "done Paid pay_1"),
        (unknown(), "done unknown"),
    ];
    for (run, expected) in cases {
        assert_eq!(shown(&run), expected);
    }
}

#[test]
fn each_loss_of_the_creation_is_looked_for_and_ends_in_one_result() {
    for lost in LOSSES {
        let mut run = creating();
        run.created(Answer::Lost(lost));
        assert!(settled(&run).is_empty());
        run.read(Answer::Ok(checkout(at_bank("pay_1"))));
        run.read(Answer::Ok(checkout(paid("pay_1"))));
        assert_eq!(settled(&run), ["payment: Paid pay_1"]);
    }
}
