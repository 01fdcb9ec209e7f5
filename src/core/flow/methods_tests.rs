//! The methods other than a new card: they need no token, and what follows
//! depends on the next step that the server names.

use super::*;
use crate::core::flow::testing::{awaiting_code, code, pending_at, pending_with, saved_card};
use crate::wire::merchant::{
    ApmKind, BinInfo, Next, Otp, OtpFault, Payer, Qr, RedirectMethod, SavedCards, Wait, payer_field,
};

fn pay_with(instrument: Instrument) -> Event {
    let key = "key-1".into();
    let how = How::With(instrument);
    Event::Pay { how, key }
}

fn payer(number: &str) -> Payer {
    let mut payer = Payer::default();
    payer.card_number = Some(number.into());
    payer
}

/// A payment by meal card, as the server answered it.
fn meal_card(payment: Attempted) -> Kasa {
    let mut run = ready();
    run.on(pay_with(Instrument::Apm {
        connection: "12".into(),
        kind: ApmKind::Otp,
        payer: payer("6375780000000000"),
    }));
    run.created(Answer::Ok(payment));
    run
}

fn doing(run: &Kasa) -> Doing {
    match run.state().view() {
        View::Waiting { doing, .. } => doing,
        view => panic!("not waiting: {view:?}"),
    }
}

fn awaiting(otp: Otp) -> Attempted {
    pending_with("pay_1", Next::Otp(Box::new(otp)))
}

const ASKED: Doing = Doing::Code {
    checking: false,
    can_resend: true,
};

#[test]
fn what_needs_no_card_token_is_asked_for_at_once() {
    for (instrument, named) in [
        (Instrument::Hepsipay, "hepsipay"),
        (
            Instrument::SavedCard {
                card: "sc_1".into(),
                installments: 3,
            },
            "saved_card",
        ),
        (Instrument::Terminal { terminal: None }, "terminal"),
    ] {
        let effects = ready().on(pay_with(instrument));
        let asked = format!("ask create_payment key-1: {named}");
        assert_eq!(effects, ["wait 90000 ms", asked.as_str()]);
    }
}

#[test]
fn a_providers_own_page_never_stands_in_a_frame() {
    for (method, frame) in [
        (Method::CARD, true),
        (Method::SAVED_CARD, true),
        (Method::HEPSIPAY, false),
        (Method::ASPAY, false),
        (Method::APM, false),
    ] {
        let mut run = kasa(Challenge::Frame, false);
        run.on(Event::Open);
        run.read(Answer::Ok(checkout(None)));
        run.on(pay_with(Instrument::Hepsipay));
        let payment = Attempted {
            method: method.into(),
            ..pending_at("pay_1", BANK, RedirectMethod::Get)
        };
        let effects = run.created(Answer::Ok(payment));
        let left = effects.contains(&format!("leave for {BANK}"));
        assert_eq!(left, !frame, "{method}: {effects:?}");
    }
}

#[test]
fn a_code_is_handed_on_and_its_payment_paid() {
    let mut run = meal_card(awaiting_code("pay_1"));
    assert_eq!(
        doing(&run),
        Doing::Code {
            checking: false,
            can_resend: true
        }
    );
    let effects = run.on(Event::EnterCode { code: code() });
    assert_eq!(effects, ["ask confirm_code pay_1: 123456"]);
    assert_eq!(
        doing(&run),
        Doing::Code {
            checking: true,
            can_resend: true
        }
    );
    assert!(run.on(Event::EnterCode { code: code() }).is_empty());
    let effects = run.confirmed(Answer::Ok(paid_one()));
    assert_eq!(effects, ["settle payment: Paid pay_1"]);
}

fn paid_one() -> Attempted {
    payment("pay_1", Status::Paid)
}

#[test]
fn a_wrong_code_is_told_and_another_may_be_typed() {
    let mut run = meal_card(awaiting_code("pay_1"));
    run.on(Event::EnterCode { code: code() });
    let wrong = awaiting(Otp {
        attempts_left: Some(2),
        fault: Some(OtpFault::Wrong),
        ..Otp::default()
    });
    assert!(run.confirmed(Answer::Ok(wrong)).is_empty());
    assert_eq!(
        doing(&run),
        Doing::Code {
            checking: false,
            can_resend: false
        }
    );
    assert_eq!(
        run.on(Event::EnterCode { code: code() }),
        ["ask confirm_code pay_1: 123456"]
    );
}

#[test]
fn what_became_of_a_code_whose_answer_was_lost_is_asked_for() {
    let lost = LOSSES.map(Answer::Lost);
    let refusals = [(409, "otp_not_awaited"), (500, "internal")];
    let refusals = refusals.map(|(status, code)| refused(status, code));
    for answer in lost.into_iter().chain(refusals) {
        let mut run = meal_card(awaiting_code("pay_1"));
        run.on(Event::EnterCode { code: code() });
        assert_eq!(run.confirmed(answer), ["ask read_checkout"]);
        let effects = run.read(Answer::Ok(checkout(paid_one())));
        assert_eq!(effects, ["settle payment: Paid pay_1"]);
    }
}

#[test]
fn another_code_is_asked_for_with_the_card_again() {
    let otp = || Otp {
        resend_at: Some("2026-11-01T10:00:30Z".into()),
        resend_fields: vec![payer_field::CARD_NUMBER.into()],
        ..Otp::default()
    };
    let mut run = meal_card(awaiting(otp()));
    let effects = run.on(Event::ResendCode);
    assert_eq!(effects, ["ask resend_code pay_1 with 6375780000000000"]);
    assert!(run.on(Event::ResendCode).is_empty());
    assert!(run.resent(Answer::Ok(awaiting(otp()))).is_empty());
    assert_eq!(doing(&run), ASKED);
    // The page that took it up again does not know the card any more.
    let mut reloaded = opened_with(awaiting(otp()));
    assert_eq!(
        doing(&reloaded),
        Doing::Code {
            checking: false,
            can_resend: false
        }
    );
    assert!(reloaded.on(Event::ResendCode).is_empty());
}

#[test]
fn no_other_code_is_asked_for_where_there_will_be_none() {
    let mut run = meal_card(awaiting(Otp::default()));
    assert!(run.on(Event::ResendCode).is_empty());
}

#[test]
fn no_code_is_taken_while_none_is_awaited() {
    let mut run = meal_card(payment("pay_1", Status::Pending));
    assert!(run.on(Event::EnterCode { code: code() }).is_empty());
    run.on(Event::Cancel);
    assert!(run.on(Event::EnterCode { code: code() }).is_empty());
}

#[test]
fn what_the_payer_does_elsewhere_is_shown_and_waited_for() {
    let image = String::from("iVBOR");
    let wait = |cancellable| {
        let stage = None;
        Next::Wait(Wait { cancellable, stage })
    };
    for (next, expected, can_cancel) in [
        (Next::Qr(Qr { image }), Doing::Scan, true),
        (wait(true), Doing::Elsewhere, true),
        (wait(false), Doing::Elsewhere, false),
    ] {
        let run = meal_card(pending_with("pay_1", next));
        let view = run.state().view();
        let View::Waiting {
            doing,
            can_cancel: may,
            payment,
            ..
        } = view
        else {
            panic!("not waiting: {view:?}");
        };
        assert_eq!((doing, may), (expected, can_cancel));
        assert_eq!(payment.map(|payment| payment.id.as_str()), Some("pay_1"));
    }
}

#[test]
fn a_cancellation_that_is_not_granted_is_told_until_the_next_try() {
    let not_canceled = |run: &Kasa| {
        matches!(
            run.state().view(),
            View::Waiting {
                not_canceled: true,
                ..
            }
        )
    };
    let mut run = meal_card(awaiting_code("pay_1"));
    assert!(!not_canceled(&run));
    run.on(Event::Cancel);
    assert_eq!(doing(&run), Doing::Canceling);
    run.canceled(Answer::Ok(awaiting_code("pay_1")));
    assert!(not_canceled(&run));
    assert_eq!(doing(&run), ASKED);
    run.on(Event::Cancel);
    assert!(!not_canceled(&run));
    let effects = run.canceled(Answer::Ok(payment("pay_1", Status::Canceled)));
    assert_eq!(effects, ["settle payment: Canceled pay_1"]);
}

#[test]
fn saved_cards_are_listed_where_the_order_takes_them() {
    let mut order = checkout(None);
    order.methods.push(Method::SavedCard);
    let mut run = kasa(Challenge::Redirect, false);
    run.on(Event::Open);
    assert_eq!(run.read(Answer::Ok(order)), ["ask list_cards"]);
    let (attempt, cards) = (run.attempt("ask list_cards"), vec![saved_card("sc_1")]);
    let answer = Answer::Ok(SavedCards { cards });
    assert!(run.on(Event::Cards { attempt, answer }).is_empty());
    let listed = run.state().lookup().cards().map(<[_]>::len);
    assert_eq!(listed, Some(1));
}

#[test]
fn saved_cards_of_a_paid_order_are_none_without_asking() {
    let mut order = checkout(paid("pay_1"));
    order.methods.push(Method::SavedCard);
    let mut run = kasa(Challenge::Redirect, false);
    run.on(Event::Open);
    assert_eq!(run.read(Answer::Ok(order)), ["settle payment: Paid pay_1"]);
    assert!(run.state().lookup().cards().is_some_and(<[_]>::is_empty));
}

#[test]
fn nothing_is_looked_up_before_the_order_is_known() {
    for mut run in [kasa(Challenge::Redirect, false), opening(), closed()] {
        let digits = "51411816".into();
        assert!(run.on(Event::BinTyped { digits }).is_empty());
    }
    let mut run = ready();
    let digits = "51411816".into();
    assert_eq!(
        run.on(Event::BinTyped { digits }),
        ["ask read_bin 51411816"]
    );
    let (attempt, answer) = (run.attempt("ask read_bin"), Answer::Ok(BinInfo::default()));
    run.on(Event::Bin { attempt, answer });
    assert_eq!(
        run.state().lookup().plans("51411816"),
        Some(&BinInfo::default())
    );
}
