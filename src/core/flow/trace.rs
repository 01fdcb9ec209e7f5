//! What may be told of an event or effect: names and numbers, never any of its
//! data. For logs, teaching and tests; nothing is decided by it, and it knows no
//! clock: whoever hears it adds the time.

use crate::core::error::Error;
use crate::core::flow::{Answer, Attempt, Call, Effect, Event, Outcome, Settled, Tokenized};
use crate::wire::merchant::{Next, Payment};

/// One line of a trace. What is `None` does not belong to it. Its words are
/// `'static`, so that no card, token or key can ever be among them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    /// `event`: something happened. `effect`: something is to be done.
    pub kind: &'static str,
    pub step: &'static str,
    /// The same of a call or timer and of its answer; 0 where nothing answers.
    pub attempt: u32,
    /// Of an effect, for whom it is: `merchant`, `paywall`, `provider` (where
    /// the whole page goes), `page`.
    pub to: Option<&'static str>,
    /// Of an answer: `ok`, `refused`, `lost`.
    pub ended: Option<&'static str>,
    /// The code of the `KasaError` that a refusal, a loss, a warning or an end is.
    pub code: Option<&'static str>,
    /// Of an answer that tells of a payment, and of the end.
    pub status: Option<&'static str>,
    /// What that payment needs.
    pub next: Option<&'static str>,
    /// What is paid with.
    pub method: Option<&'static str>,
}

impl Trace {
    pub fn of_event(event: &Event) -> Self {
        let line = Trace {
            kind: "event",
            step: event.name(),
            attempt: number(event.attempt()),
            ..Trace::default()
        };
        match event {
            Event::Pay { how, .. } => Trace {
                method: Some(how.method()),
                ..line
            },
            Event::Checkout { answer, .. } => {
                let payment = told(answer).and_then(|order| order.payment.as_ref());
                line.ended(end(answer)).about(payment)
            }
            Event::Payment { answer, .. } => line.ended(end(answer)).about(told(answer)),
            Event::TempToken { answer, .. } => line.ended(end(answer)),
            Event::Bin { answer, .. } => line.ended(end(answer)),
            Event::Cards { answer, .. } => line.ended(end(answer)),
            Event::CardDeleted { answer, .. } => line.ended(end(answer)),
            Event::Tokenized { answer, .. } => line.ended(tokenized(answer)),
            _ => line,
        }
    }

    pub fn of_effect(effect: &Effect) -> Self {
        let line = Trace {
            kind: "effect",
            step: effect.name(),
            attempt: number(effect.attempt()),
            to: effect.party(),
            ..Trace::default()
        };
        match effect {
            Effect::Settle(Settled::Payment(Ok(Outcome::Final(payment)))) => Trace {
                status: Some(payment.status.name()),
                ..line
            },
            Effect::Settle(Settled::Payment(Ok(Outcome::Unknown(_)))) => Trace {
                status: Some("pending"),
                ..line
            },
            Effect::Settle(Settled::Payment(Err(error)) | Settled::CardToken(Err(error)))
            | Effect::Warn(error) => Trace {
                code: Some(error.code()),
                ..line
            },
            _ => line,
        }
    }

    fn ended(self, (ended, code): End) -> Self {
        Trace {
            ended: Some(ended),
            code,
            ..self
        }
    }

    fn about(self, payment: Option<&Payment>) -> Self {
        let Some(payment) = payment else { return self };
        Trace {
            status: Some(payment.status.name()),
            next: payment.next.as_ref().and_then(need),
            ..self
        }
    }
}

type End = (&'static str, Option<&'static str>);

const OK: End = ("ok", None);

fn end<T>(answer: &Answer<T>) -> End {
    match answer {
        Answer::Ok(_) => OK,
        Answer::Refused(refusal) => ("refused", Some(Error::from(refusal.clone()).code())),
        Answer::Lost(lost) => ("lost", Some(Error::merchant(*lost).code())),
    }
}

fn tokenized(answer: &Tokenized) -> End {
    match answer {
        Tokenized::CardToken(_) => OK,
        Tokenized::TokenRefused(_) => ("refused", Some(Error::TempTokenRefused.code())),
        Tokenized::CardRefused(code) => ("refused", Some(Error::CardRefused(*code).code())),
        Tokenized::Lost(lost, _) => ("lost", Some(Error::paywall(*lost).code())),
    }
}

fn told<T>(answer: &Answer<T>) -> Option<&T> {
    match answer {
        Answer::Ok(value) => Some(value),
        Answer::Refused(_) | Answer::Lost(_) => None,
    }
}

/// As on the wire; what a later version needs has no name here.
fn need(next: &Next) -> Option<&'static str> {
    match next {
        Next::Redirect(_) => Some("redirect"),
        Next::Otp(_) => Some("otp"),
        Next::Qr(_) => Some("qr"),
        Next::Wait(_) => Some("wait"),
        Next::Unknown(_) => None,
    }
}

fn number(attempt: Option<Attempt>) -> u32 {
    attempt.map_or(0, |attempt| attempt.0)
}

macro_rules! named {
    ($type:ident { $($variant:ident => $name:literal),+ $(,)? }) => {
        impl $type {
            /// Stable; part of the API.
            pub fn name(&self) -> &'static str {
                match self { $($type::$variant { .. } => $name),+ }
            }
        }
    };
}

named!(Event {
    Open => "open", Pay => "pay", TokenizeCard => "tokenize_card", Cancel => "cancel",
    EnterCode => "enter_code", ResendCode => "resend_code", BinTyped => "bin_typed",
    DeleteCard => "delete_card", Bin => "bin", Cards => "cards", CardDeleted => "card_deleted",
    ContinueChallenge => "continue_challenge", FrameReturned => "frame_returned",
    FrameBlocked => "frame_blocked", LeaveBlocked => "leave_blocked",
    LeaveFrame => "leave_frame", PageRestored => "page_restored", Checkout => "checkout",
    TempToken => "temp_token", Tokenized => "tokenized", Payment => "payment", Elapsed => "elapsed",
});

named!(Call {
    ReadCheckout => "read_checkout", FetchTempToken => "fetch_temp_token",
    CreatePayment => "create_payment", CancelPayment => "cancel_payment",
    ConfirmCode => "confirm_code", ResendCode => "resend_code",
    ReadBin => "read_bin", ListCards => "list_cards", DeleteCard => "delete_card",
});

impl Effect {
    /// Stable; part of the API.
    pub fn name(&self) -> &'static str {
        match self {
            // To hold on until the server has news is another thing than to ask.
            Effect::Ask {
                call: Call::ReadCheckout { since: Some(_) },
                ..
            } => "await_change",
            Effect::Ask { call, .. } => call.name(),
            Effect::Tokenize { .. } => "tokenize",
            Effect::Wait { .. } => "wait",
            Effect::Leave(_) => "leave",
            Effect::Settle(_) => "settle",
            Effect::Warn(_) => "warn",
        }
    }

    fn party(&self) -> Option<&'static str> {
        match self {
            Effect::Ask { .. } => Some("merchant"),
            Effect::Tokenize { .. } => Some("paywall"),
            Effect::Leave(_) => Some("provider"),
            Effect::Settle(_) | Effect::Warn(_) => Some("page"),
            Effect::Wait { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::flow::testing::{at_bank, ecom, every_event, paid, pay, refused};
    use crate::core::flow::{How, Lost};
    use crate::wire::merchant::Instrument;

    const ATTEMPT: Attempt = Attempt(4);

    fn event(step: &'static str) -> Trace {
        Trace {
            kind: "event",
            step,
            ..Trace::default()
        }
    }

    fn answer(step: &'static str, ended: &'static str) -> Trace {
        Trace {
            attempt: ATTEMPT.0,
            ended: Some(ended),
            ..event(step)
        }
    }

    #[test]
    fn every_answer_says_how_it_ended_and_nothing_else_does() {
        for event in every_event(ATTEMPT) {
            let line = Trace::of_event(&event);
            assert_eq!(line.attempt, event.attempt().map_or(0, |_| ATTEMPT.0));
            let is_answer = line.attempt != 0 && line.step != "elapsed";
            assert_eq!(line.ended.is_some(), is_answer, "{event:?}");
            let went_well = matches!(line.ended, None | Some("ok"));
            assert_eq!(line.code.is_none(), went_well, "{event:?}");
        }
    }

    #[test]
    fn a_payment_is_told_by_its_method_its_status_and_what_it_needs() {
        let with = How::With(Instrument::Hepsipay);
        let key = String::new();
        for (given, method) in [
            (pay("key-1"), "card"),
            (Event::Pay { how: with, key }, "hepsipay"),
        ] {
            let method = Some(method);
            let line = Trace {
                method,
                ..event("pay")
            };
            assert_eq!(Trace::of_event(&given), line);
        }
        for (payment, status, next) in [
            (at_bank("pay_1"), "pending", Some("redirect")),
            (paid("pay_1"), "paid", None),
        ] {
            let given = Event::Payment {
                attempt: ATTEMPT,
                answer: Answer::Ok(payment),
            };
            let line = Trace {
                status: Some(status),
                next,
                ..answer("payment", "ok")
            };
            assert_eq!(Trace::of_event(&given), line);
        }
    }

    #[test]
    fn a_refusal_and_a_loss_have_the_code_of_their_error() {
        let temp_token = |answer| Event::TempToken {
            attempt: ATTEMPT,
            answer,
        };
        let tokenized = |answer| Event::Tokenized {
            attempt: ATTEMPT,
            answer,
        };
        for (given, ended, code) in [
            (
                temp_token(refused(410, "checkout_expired")),
                "refused",
                "checkout_expired",
            ),
            (
                temp_token(refused(418, "5141181677407907")),
                "refused",
                "merchant_refused",
            ),
            (
                temp_token(Answer::Lost(Lost::Late)),
                "lost",
                "merchant_timeout",
            ),
            (
                tokenized(Tokenized::CardRefused(14)),
                "refused",
                "card_refused",
            ),
            (
                tokenized(Tokenized::TokenRefused(ecom("Ada"))),
                "refused",
                "temp_token_refused",
            ),
            (
                tokenized(Tokenized::Lost(Lost::Unreachable, ecom("Ada"))),
                "lost",
                "paywall_unreachable",
            ),
        ] {
            let line = Trace {
                code: Some(code),
                ..answer(given.name(), ended)
            };
            assert_eq!(Trace::of_event(&given), line);
        }
    }

    #[test]
    fn an_effect_names_whom_it_is_for() {
        let ask = |call| Effect::Ask {
            attempt: ATTEMPT,
            call,
        };
        for (effect, step, to) in [
            (
                ask(Call::ReadCheckout { since: None }),
                "read_checkout",
                Some("merchant"),
            ),
            (
                ask(Call::ReadCheckout { since: Some(7) }),
                "await_change",
                Some("merchant"),
            ),
            (
                ask(Call::FetchTempToken),
                "fetch_temp_token",
                Some("merchant"),
            ),
            (
                Effect::Wait {
                    attempt: ATTEMPT,
                    milliseconds: 500,
                },
                "wait",
                None,
            ),
            (Effect::Warn(Error::RedirectRefused), "warn", Some("page")),
        ] {
            let line = Trace::of_effect(&effect);
            assert_eq!((line.kind, line.step, line.to), ("effect", step, to));
        }
    }

    #[test]
    fn the_end_has_its_status_or_its_code() {
        let settle = |end| Trace::of_effect(&Effect::Settle(Settled::Payment(end)));
        assert_eq!(
            settle(Ok(Outcome::Final(paid("pay_1")))).status,
            Some("paid")
        );
        assert_eq!(settle(Ok(Outcome::Unknown(None))).status, Some("pending"));
        assert_eq!(settle(Err(Error::Busy)).code, Some("busy"));
    }
}
