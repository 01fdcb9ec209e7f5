//! A test for each state of the card flow and each event in it.

use super::*;
use crate::core::flow::Lost;
use crate::core::flow::testing::{LOSSES, Run, ecom, refused, temp_token};
use crate::wire::merchant::problem;

type Tokenizing = Run<Card, Result<String, NoToken>>;

fn awaiting_temp_token() -> Tokenizing {
    Run::new(
        |out| Card::start(ecom("Ada"), out),
        |flow, event, out| flow.update(event, &AllowList::default(), out),
    )
}

fn awaiting_card_token() -> Tokenizing {
    let mut run = awaiting_temp_token();
    run.fetched(Answer::Ok(temp_token()));
    run
}

fn because(error: Error) -> Result<String, NoToken> {
    Err(NoToken::Because(error))
}

mod awaiting_temp_token {
    use super::*;

    fn start() -> Tokenizing {
        super::awaiting_temp_token()
    }

    #[test]
    fn begins_with_asking_for_a_temp_token() {
        assert_eq!(start().heard(), ["ask fetch_temp_token"]);
    }

    #[test]
    fn the_card_leaves_with_the_token() {
        let mut run = start();
        assert_eq!(
            run.fetched(Answer::Ok(temp_token())),
            ["tokenize Ada with tt-1"]
        );
        assert!(matches!(run.state(), Card::AwaitingCardToken { .. }));
    }

    #[test]
    fn the_card_goes_to_nobody_but_paywall() {
        for elsewhere in ["https://evil.example", "https://pay.shop.example", ""] {
            let mut run = start();
            let mut token = temp_token();
            token.payment_api = elsewhere.into();
            assert!(run.fetched(Answer::Ok(token)).is_empty());
            assert_eq!(run.end(), &because(Error::PaymentApiRefused));
        }
    }

    #[test]
    fn a_lost_answer_is_asked_for_once_more() {
        for lost in LOSSES {
            let mut run = start();
            assert_eq!(run.fetched(Answer::Lost(lost)), ["ask fetch_temp_token"]);
            assert_eq!(
                run.fetched(Answer::Ok(temp_token())),
                ["tokenize Ada with tt-1"]
            );
        }
    }

    #[test]
    fn a_second_loss_is_told_as_what_it_was() {
        for (lost, error) in [
            (Lost::Unreachable, Error::MerchantUnreachable),
            (Lost::Late, Error::MerchantTimeout),
            (Lost::Garbled, Error::MerchantAnswerInvalid),
        ] {
            let mut run = start();
            run.fetched(Answer::Lost(Lost::Unreachable));
            assert!(run.fetched(Answer::Lost(lost)).is_empty());
            assert_eq!(run.end(), &because(error));
        }
    }

    #[test]
    fn a_refusal_for_another_payment_is_a_reason_to_look() {
        for code in [problem::ALREADY_PAID, problem::PAYMENT_PENDING] {
            let mut run = start();
            assert!(run.fetched(refused(409, code)).is_empty());
            assert!(matches!(run.end(), Err(NoToken::Look(refusal)) if refusal.code == code));
        }
    }

    #[test]
    fn any_other_refusal_ends_it() {
        for (status, code, error) in [
            (410, problem::CHECKOUT_EXPIRED, Error::CheckoutExpired),
            (429, problem::TOO_MANY_ATTEMPTS, Error::TooManyAttempts),
            (
                502,
                problem::PROVIDER_UNAVAILABLE,
                Error::ProviderUnavailable,
            ),
        ] {
            let mut run = start();
            assert!(run.fetched(refused(status, code)).is_empty());
            assert_eq!(run.end(), &because(error));
        }
    }

    #[test]
    fn cancel_ends_it_before_anything_is_sent() {
        let mut run = start();
        assert!(run.on(Event::Cancel).is_empty());
        assert_eq!(run.end(), &because(Error::Aborted));
    }

    #[test]
    fn every_other_event_changes_nothing() {
        let mut run = start();
        let token = run.attempt("ask fetch_temp_token");
        run.ignores_all_but(&["cancel"], &[("temp_token", token)]);
    }

    #[test]
    fn the_answer_to_a_lost_asking_comes_too_late() {
        let mut run = start();
        run.fetched(Answer::Lost(Lost::Late));
        let token = run.attempt("ask fetch_temp_token");
        run.ignores_all_but(&["cancel"], &[("temp_token", token)]);
    }
}

mod awaiting_card_token {
    use super::*;

    fn start() -> Tokenizing {
        super::awaiting_card_token()
    }

    #[test]
    fn a_card_token_ends_it_well() {
        let mut run = start();
        let effects = run.tokenized(Tokenized::CardToken("tok-1".into()));
        assert!(effects.is_empty());
        assert_eq!(run.end(), &Ok("tok-1".into()));
    }

    #[test]
    fn a_refused_temp_token_is_renewed_for_the_card_that_came_back() {
        let mut run = start();
        let effects = run.tokenized(Tokenized::TokenRefused(ecom("Ada again")));
        assert_eq!(effects, ["ask fetch_temp_token"]);
        let effects = run.fetched(Answer::Ok(temp_token()));
        assert_eq!(effects, ["tokenize Ada again with tt-1"]);
    }

    #[test]
    fn a_second_refused_temp_token_ends_it() {
        let mut run = start();
        run.tokenized(Tokenized::TokenRefused(ecom("Ada")));
        run.fetched(Answer::Ok(temp_token()));
        let effects = run.tokenized(Tokenized::TokenRefused(ecom("Ada")));
        assert!(effects.is_empty());
        assert_eq!(run.end(), &because(Error::TempTokenRefused));
    }

    #[test]
    fn a_refused_card_ends_it_with_paywalls_code() {
        let mut run = start();
        assert!(run.tokenized(Tokenized::CardRefused(14)).is_empty());
        assert_eq!(run.end(), &because(Error::CardRefused(14)));
    }

    #[test]
    fn a_lost_answer_is_made_good_with_a_fresh_temp_token() {
        for lost in LOSSES {
            let mut run = start();
            let effects = run.tokenized(Tokenized::Lost(lost, ecom("Ada again")));
            assert_eq!(effects, ["ask fetch_temp_token"]);
            let effects = run.fetched(Answer::Ok(temp_token()));
            assert_eq!(effects, ["tokenize Ada again with tt-1"]);
        }
    }

    #[test]
    fn a_second_loss_is_told_as_what_it_was() {
        for (lost, error) in [
            (Lost::Unreachable, Error::PaywallUnreachable),
            (Lost::Late, Error::PaywallTimeout),
            (Lost::Garbled, Error::PaywallAnswerInvalid),
        ] {
            let mut run = start();
            run.tokenized(Tokenized::Lost(Lost::Late, ecom("Ada")));
            run.fetched(Answer::Ok(temp_token()));
            let effects = run.tokenized(Tokenized::Lost(lost, ecom("Ada")));
            assert!(effects.is_empty());
            assert_eq!(run.end(), &because(error));
        }
    }

    #[test]
    fn losses_are_counted_over_both_calls() {
        let mut run = start();
        run.tokenized(Tokenized::Lost(Lost::Late, ecom("Ada")));
        assert!(run.fetched(Answer::Lost(Lost::Late)).is_empty());
        assert_eq!(run.end(), &because(Error::MerchantTimeout));
    }

    #[test]
    fn a_loss_and_a_refused_temp_token_are_both_made_good() {
        let mut run = start();
        run.tokenized(Tokenized::Lost(Lost::Late, ecom("Ada")));
        run.fetched(Answer::Ok(temp_token()));
        let effects = run.tokenized(Tokenized::TokenRefused(ecom("Ada")));
        assert_eq!(effects, ["ask fetch_temp_token"]);
        run.fetched(Answer::Ok(temp_token()));
        run.tokenized(Tokenized::CardToken("tok-1".into()));
        assert_eq!(run.end(), &Ok("tok-1".into()));
    }

    #[test]
    fn a_renewed_temp_token_does_not_forgive_a_loss() {
        let mut run = start();
        run.tokenized(Tokenized::Lost(Lost::Late, ecom("Ada")));
        run.fetched(Answer::Ok(temp_token()));
        run.tokenized(Tokenized::TokenRefused(ecom("Ada")));
        assert!(run.fetched(Answer::Lost(Lost::Late)).is_empty());
        assert_eq!(run.end(), &because(Error::MerchantTimeout));
    }

    #[test]
    fn cancel_ends_it() {
        let mut run = start();
        assert!(run.on(Event::Cancel).is_empty());
        assert_eq!(run.end(), &because(Error::Aborted));
    }

    #[test]
    fn every_other_event_changes_nothing() {
        let mut run = start();
        let tokenize = run.attempt("tokenize");
        run.ignores_all_but(&["cancel"], &[("tokenized", tokenize)]);
    }
}
