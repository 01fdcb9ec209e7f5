//! A `pay` from the form to each of its ends.

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
    run.ignores_all_but(&["pay", "tokenize_card"], &[]);
}

#[test]
fn a_second_pay_beside_the_first_does_nothing() {
    for mut run in [tokenizing(), creating(), at_the_bank(), unknown()] {
        let before = format!("{:?}", run.state());
        assert!(run.on(pay("key-2")).is_empty());
        let tokenize = Event::TokenizeCard { card: ecom("Eve") };
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
    let effects = run.elapsed(500);
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
