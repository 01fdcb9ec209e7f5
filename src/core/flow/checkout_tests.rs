//! The whole checkout, phase by phase, seen from its shell. What holds in every
//! order of events is in `search`.

use super::*;
use crate::core::flow::testing::{
    BANK, LOSSES, Run, at_bank, checkout, ecom, ending, failed, paid, pay, payment, refused, rules,
    temp_token,
};
use crate::core::flow::{Lost, Tokenized};
use crate::wire::merchant::{Challenge, Payment as Attempted, problem};

#[path = "methods_tests.rs"]
mod methods;
#[path = "paying_tests.rs"]
mod paying;

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

mod tokenizing {
    use super::*;

    fn start() -> Kasa {
        let mut run = ready();
        let card = ecom("Ada");
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
        run.ignores_all_but(&["pay", "tokenize_card"], &[]);
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
    ready().ignores_all_but(&["pay", "tokenize_card"], &[]);
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

#[test]
fn is_paying_from_the_card_to_the_end() {
    let mut tokenizing_only = ready();
    tokenizing_only.on(Event::TokenizeCard { card: ecom("Ada") });
    for (run, expected) in [
        (ready(), false),
        (tokenizing_only, false),
        (tokenizing(), true),
        (creating(), true),
        (at_the_bank(), true),
        (unknown(), false),
    ] {
        assert_eq!(run.state().is_paying(), expected, "{:?}", run.state());
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
            format!("done {}", ending(&Ok(outcome.clone())))
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
fn each_loss_of_the_creation_is_asked_for_again_and_ends_in_one_result() {
    for lost in LOSSES {
        let mut run = creating();
        run.created(Answer::Lost(lost));
        assert!(settled(&run).is_empty());
        run.elapsed(500);
        run.created(Answer::Ok(at_bank("pay_1")));
        run.read(Answer::Ok(checkout(paid("pay_1"))));
        assert_eq!(settled(&run), ["payment: Paid pay_1"]);
    }
}

#[test]
fn an_order_that_takes_no_card_says_so() {
    let mut order = checkout(None);
    order.methods.clear();
    let mut run = kasa(Challenge::Redirect, false);
    run.on(Event::Open);
    run.read(Answer::Ok(order));
    assert_eq!(
        run.state().takes(Method::CARD),
        Err(Error::MethodNotAllowed)
    );
    assert_eq!(ready().state().takes(Method::CARD), Ok(()));
    assert_eq!(
        ready().state().takes(Method::HEPSIPAY),
        Err(Error::MethodNotAllowed)
    );
}
