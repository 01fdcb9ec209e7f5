//! What the tests of the flows share: answers to build with, one of every
//! event, and a shell that does nothing but remember what it was told to do.
//! Knows no flow.

use std::collections::BTreeMap;
use std::fmt::Debug;

use super::*;
use crate::core::flow::following::Rules;
use crate::core::flow::lookup::Lookup;
use crate::core::redirect::AllowList;
use crate::wire::merchant::{
    Challenge, Instrument, Method, Next, Otp, PaymentError, Purpose, Redirect, RedirectMethod,
    SavedCard, Status,
};

/// A bank's page the shopper may be sent to, and one they may not.
pub(crate) const BANK: &str = "https://agent.itspaywall.com/3d";
pub(crate) const ELSEWHERE: &str = "https://evil.example/3d";

pub(crate) const PAN: &str = "5141181677407907";

/// An attempt that no effect of a test carries.
pub(crate) const FOREIGN: Attempt = Attempt(9_999);

pub(crate) const LOSSES: [Lost; 3] = [Lost::Unreachable, Lost::Late, Lost::Garbled];

pub(crate) fn rules(challenge: Challenge) -> Rules {
    Rules {
        challenge,
        redirects: AllowList::new("https://pay.shop.example", vec![]),
    }
}

/// Told apart by the name on it.
pub(crate) fn card(holder: &str) -> TempCardRequest {
    TempCardRequest {
        card_type: 1,
        card_owner_name: holder.into(),
        card_number: PAN.into(),
        card_cvv: "360".into(),
        card_expiry_month: "09".into(),
        card_expiry_year: "28".into(),
        expiry_min: 10,
    }
}

pub(crate) fn pay(key: &str) -> Event {
    Event::Pay {
        how: How::Card {
            card: card("Ada"),
            installments: 3,
            save: false,
        },
        key: key.into(),
    }
}

/// The same card as tempcard takes it.
pub(crate) fn ecom(holder: &str) -> TempCardBody {
    TempCardBody::Ecom(card(holder))
}

/// The name on a card that is to be tokenised.
pub(crate) fn holder(card: &TempCardBody) -> &str {
    match card {
        TempCardBody::Ecom(card) => &card.card_owner_name,
        TempCardBody::Insurance(card) => &card.card_owner_name,
    }
}

/// Pending, with this to be done.
pub(crate) fn pending_with(id: &str, next: Next) -> Payment {
    Payment {
        next: Some(next),
        ..pending(id)
    }
}

/// Pending, with a code to be typed, or another to be asked for.
pub(crate) fn awaiting_code(id: &str) -> Payment {
    let otp = Otp {
        attempts_left: Some(3),
        resend_at: Some("2026-11-01T10:00:30Z".into()),
        ..Otp::default()
    };
    pending_with(id, Next::Otp(Box::new(otp)))
}

pub(crate) fn code() -> OtpRequest {
    OtpRequest {
        code: "123456".into(),
    }
}

pub(crate) fn saved_card(id: &str) -> SavedCard {
    SavedCard {
        id: id.into(),
        masked: "557920******1297".into(),
        brand: None,
        bank: None,
        name: None,
        expiry_month: 9,
        expiry_year: 2028,
        expired: false,
    }
}

pub(crate) fn temp_token() -> TempToken {
    TempToken {
        token: "tt-1".into(),
        expires_at: "2026-11-01T10:30:00Z".into(),
        scope: Purpose::Card,
        payment_api: "https://api.itspaywall.com".into(),
    }
}

pub(crate) fn checkout(payment: impl Into<Option<Payment>>) -> Checkout {
    Checkout {
        id: "co_1".into(),
        revision: 7,
        amount: 10_50,
        currency: "TRY".into(),
        description: "Books".into(),
        methods: vec![Method::Card { save: true }],
        payment: payment.into(),
        expires_at: "2026-11-01T11:00:00Z".into(),
        locale: "tr".into(),
    }
}

pub(crate) fn payment(id: &str, status: Status) -> Payment {
    let unpaid = matches!(status, Status::Failed | Status::Canceled);
    Payment {
        id: id.into(),
        method: Method::CARD.into(),
        status,
        next: None,
        error: unpaid.then(|| PaymentError {
            code: "declined".into(),
            message: None,
        }),
        card: None,
        installments: Some(3),
    }
}

pub(crate) fn pending(id: &str) -> Payment {
    payment(id, Status::Pending)
}

pub(crate) fn paid(id: &str) -> Payment {
    payment(id, Status::Paid)
}

pub(crate) fn failed(id: &str) -> Payment {
    payment(id, Status::Failed)
}

/// Pending, with a page to send the shopper to.
pub(crate) fn pending_at(id: &str, url: &str, method: RedirectMethod) -> Payment {
    Payment {
        next: Some(Next::Redirect(Redirect {
            url: url.into(),
            method,
            fields: BTreeMap::new(),
        })),
        ..pending(id)
    }
}

pub(crate) fn at_bank(id: &str) -> Payment {
    pending_at(id, BANK, RedirectMethod::Get)
}

pub(crate) fn refused<T>(status: u16, code: &str) -> Answer<T> {
    Answer::Refused(Problem {
        title: "No".into(),
        status,
        code: code.into(),
        detail: None,
    })
}

/// Every way to be answered: well, in each way given; refused; not at all.
fn answers<T>(ok: impl IntoIterator<Item = T>) -> Vec<Answer<T>> {
    let refusals = [
        (409, problem::PAYMENT_PENDING),
        (410, problem::CHECKOUT_EXPIRED),
        (422, problem::INVALID_REQUEST),
        (500, problem::INTERNAL),
    ];
    ok.into_iter()
        .map(Answer::Ok)
        .chain(refusals.map(|(status, code)| refused(status, code)))
        .chain(LOSSES.map(Answer::Lost))
        .collect()
}

/// A line for each kind of event: the kind, and what a test makes of it. A kind
/// without a line does not build.
macro_rules! every_event {
    ($attempt:ident: $($kind:pat => $events:expr),+ $(,)?) => {
        /// Events of every kind; those that answer, in each way they can and
        /// for the given attempt.
        pub(crate) fn every_event($attempt: Attempt) -> Vec<Event> {
            let _complete = |event: &Event| match event { $($kind => {}),+ };
            let mut events = Vec::new();
            $(events.extend($events);)+
            events
        }

        /// The kinds of events, in order.
        pub(crate) const KINDS: usize = [$(stringify!($kind)),+].len();

        /// The same of one kind.
        pub(crate) fn events_of(kind: usize, $attempt: Attempt) -> Vec<Event> {
            let makers: [fn(Attempt) -> Vec<Event>; KINDS] =
                [$(|$attempt| { let _ = $attempt; Vec::from_iter($events) }),+];
            makers.get(kind).map_or_else(Vec::new, |make| make($attempt))
        }
    };
}

every_event! { attempt:
    Event::Open => [Event::Open],
    Event::Pay { .. } => [
        pay("key-9"),
        Event::Pay { how: How::With(Instrument::Hepsipay), key: "key-9".into() },
    ],
    Event::TokenizeCard { .. } => [Event::TokenizeCard { card: ecom("Ada") }],
    Event::EnterCode { .. } => [Event::EnterCode { code: code() }],
    Event::ResendCode => [Event::ResendCode],
    Event::BinTyped { .. } => [Event::BinTyped { digits: "51411816".into() }],
    Event::DeleteCard { .. } => [Event::DeleteCard { card: "sc_1".into() }],
    Event::Bin { .. } => answers([BinInfo::default()])
        .into_iter().map(|answer| Event::Bin { attempt, answer }),
    Event::Cards { .. } => answers([SavedCards { cards: vec![saved_card("sc_1")] }])
        .into_iter().map(|answer| Event::Cards { attempt, answer }),
    Event::CardDeleted { .. } => answers([()])
        .into_iter().map(|answer| Event::CardDeleted { attempt, answer }),
    Event::Cancel => [Event::Cancel],
    Event::ContinueChallenge => [Event::ContinueChallenge],
    Event::FrameReturned => [Event::FrameReturned],
    Event::FrameBlocked => [Event::FrameBlocked],
    Event::LeaveBlocked => [Event::LeaveBlocked],
    Event::LeaveFrame => [Event::LeaveFrame],
    Event::PageRestored => [Event::PageRestored],
    Event::Checkout { .. } => answers([
        checkout(None), checkout(at_bank("pay_1")), checkout(paid("pay_1")), checkout(failed("pay_2")),
    ]).into_iter().map(|answer| Event::Checkout { attempt, answer }),
    Event::TempToken { .. } => answers([temp_token()])
        .into_iter().map(|answer| Event::TempToken { attempt, answer }),
    Event::Tokenized { .. } => [
        Tokenized::CardToken("tok-9".into()), Tokenized::TokenRefused(ecom("Ada")),
        Tokenized::CardRefused(14), Tokenized::Lost(Lost::Late, ecom("Ada")),
    ].map(|answer| Event::Tokenized { attempt, answer }),
    Event::Payment { .. } => answers([at_bank("pay_1"), paid("pay_1"), failed("pay_1")])
        .into_iter().map(|answer| Event::Payment { attempt, answer }),
    Event::Elapsed { .. } => [Event::Elapsed { attempt }],
}

/// An effect in words: all that it says but its attempt.
pub(crate) fn sentence(effect: &Effect) -> String {
    match effect {
        Effect::Ask { call, .. } => match call {
            Call::ReadCheckout { since: None } => "ask read_checkout".into(),
            Call::ReadCheckout { since: Some(since) } => {
                format!("ask read_checkout since {since}")
            }
            Call::FetchTempToken => "ask fetch_temp_token".into(),
            Call::CreatePayment { key, request } => {
                format!("ask create_payment {key}: {}", paying(&request.instrument))
            }
            Call::CancelPayment { payment } => format!("ask cancel_payment {payment}"),
            Call::ConfirmCode { payment, code } => {
                format!("ask confirm_code {payment}: {}", code.code)
            }
            Call::ResendCode { payment, payer } => {
                let number = payer.card_number.as_deref().unwrap_or("nothing");
                format!("ask resend_code {payment} with {number}")
            }
            Call::ReadBin { bin } => format!("ask read_bin {bin}"),
            Call::ListCards => "ask list_cards".into(),
            Call::DeleteCard { card } => format!("ask delete_card {card}"),
        },
        Effect::Tokenize { token, card, .. } => {
            format!("tokenize {} with {}", holder(card), token.token)
        }
        Effect::Wait { milliseconds, .. } => format!("wait {milliseconds} ms"),
        Effect::Leave(to) => format!("leave for {}", to.url),
        Effect::Settle(Settled::Payment(end)) => format!("settle payment: {}", ending(end)),
        Effect::Settle(Settled::CardToken(Ok(token))) => format!("settle card token: {token}"),
        Effect::Settle(Settled::CardToken(Err(error))) => {
            format!("settle card token: error {}", error.code())
        }
        Effect::Warn(error) => format!("warn {}", error.code()),
    }
}

fn paying(instrument: &Instrument) -> String {
    match instrument {
        Instrument::Card {
            card_token,
            installments,
            ..
        } => format!("card {card_token} in {installments}"),
        other => other.method().into(),
    }
}

/// The end of a payment in words.
pub(crate) fn ending(end: &Result<Outcome, Error>) -> String {
    match end {
        Ok(Outcome::Final(payment)) => format!("{:?} {}", payment.status, payment.id),
        Ok(Outcome::Unknown(Some(payment))) => format!("unknown {}", payment.id),
        Ok(Outcome::Unknown(None)) => "unknown".into(),
        Err(error) => format!("error {}", error.code()),
    }
}

type Update<S, O> = Box<dyn Fn(S, Event, &mut Outbox) -> Step<S, O>>;

/// A flow and a shell around it that carries nothing out: a test reads what the
/// flow wants done, and answers.
pub(crate) struct Run<S, O> {
    state: Option<S>,
    end: Option<O>,
    update: Update<S, O>,
    out: Outbox,
    heard: Vec<(Option<Attempt>, String)>,
}

impl<S: Debug, O: Debug> Run<S, O> {
    pub(crate) fn new(
        start: impl FnOnce(&mut Outbox) -> S,
        update: impl Fn(S, Event, &mut Outbox) -> Step<S, O> + 'static,
    ) -> Self {
        let mut out = Outbox::default();
        let state = Some(start(&mut out));
        let mut run = Run {
            state,
            end: None,
            update: Box::new(update),
            out,
            heard: vec![],
        };
        run.hear();
        run
    }

    fn hear(&mut self) -> Vec<String> {
        let effects = self.out.take();
        let heard = effects
            .iter()
            .map(|effect| (effect.attempt(), sentence(effect)));
        self.heard.extend(heard);
        effects.iter().map(sentence).collect()
    }

    /// Feeds an event; says what came out.
    pub(crate) fn on(&mut self, event: Event) -> Vec<String> {
        let state = self.state.take().expect("the flow is not over");
        match (self.update)(state, event, &mut self.out) {
            Step::Continue(state) => self.state = Some(state),
            Step::Complete(end) => self.end = Some(end),
        }
        self.hear()
    }

    pub(crate) fn state(&self) -> &S {
        self.state.as_ref().expect("the flow is not over")
    }

    pub(crate) fn end(&self) -> &O {
        self.end.as_ref().expect("the flow is over")
    }

    /// All that ever came out.
    pub(crate) fn heard(&self) -> Vec<&str> {
        self.heard.iter().map(|(_, text)| text.as_str()).collect()
    }

    /// The attempt of the latest effect that begins so.
    pub(crate) fn attempt(&self, effect: &str) -> Attempt {
        let found = self
            .heard
            .iter()
            .rev()
            .find(|(_, text)| text.starts_with(effect));
        let attempt = found.and_then(|(attempt, _)| *attempt);
        attempt.unwrap_or_else(|| panic!("no `{effect}` in {:?}", self.heard))
    }

    /// Answers the latest reading of the checkout.
    pub(crate) fn read(&mut self, answer: Answer<Checkout>) -> Vec<String> {
        let attempt = self.attempt("ask read_checkout");
        self.on(Event::Checkout { attempt, answer })
    }

    /// Answers the latest fetching of a TempToken.
    pub(crate) fn fetched(&mut self, answer: Answer<TempToken>) -> Vec<String> {
        let attempt = self.attempt("ask fetch_temp_token");
        self.on(Event::TempToken { attempt, answer })
    }

    /// Answers the latest tempcard.
    pub(crate) fn tokenized(&mut self, answer: Tokenized) -> Vec<String> {
        let attempt = self.attempt("tokenize");
        self.on(Event::Tokenized { attempt, answer })
    }

    /// Answers the latest payment request.
    pub(crate) fn created(&mut self, answer: Answer<Payment>) -> Vec<String> {
        let attempt = self.attempt("ask create_payment");
        self.on(Event::Payment { attempt, answer })
    }

    /// Answers the latest cancellation.
    pub(crate) fn canceled(&mut self, answer: Answer<Payment>) -> Vec<String> {
        let attempt = self.attempt("ask cancel_payment");
        self.on(Event::Payment { attempt, answer })
    }

    /// Answers the latest one-time code.
    pub(crate) fn confirmed(&mut self, answer: Answer<Payment>) -> Vec<String> {
        let attempt = self.attempt("ask confirm_code");
        self.on(Event::Payment { attempt, answer })
    }

    /// Answers the latest wish for another code.
    pub(crate) fn resent(&mut self, answer: Answer<Payment>) -> Vec<String> {
        let attempt = self.attempt("ask resend_code");
        self.on(Event::Payment { attempt, answer })
    }

    /// Ends the latest wait of so many milliseconds.
    pub(crate) fn elapsed(&mut self, milliseconds: u32) -> Vec<String> {
        let attempt = self.attempt(&format!("wait {milliseconds} ms"));
        self.on(Event::Elapsed { attempt })
    }

    /// Feeds every event there is, under every attempt there was and one there
    /// was not, but for those named: all must leave the state as it is.
    pub(crate) fn ignores_all_but(&mut self, free: &[&str], answers: &[(&str, Attempt)]) {
        let given = self.heard.iter().filter_map(|(attempt, _)| *attempt);
        let attempts: Vec<Attempt> = given.chain([FOREIGN]).collect();
        for event in attempts.into_iter().flat_map(every_event) {
            let understood = match event.attempt() {
                // Answered beside the flows; see `lookup_tests.rs`.
                None if Lookup::hears(&event) => true,
                None => free.contains(&event.name()),
                Some(attempt) => answers.contains(&(event.name(), attempt)),
            };
            if understood {
                continue;
            }
            let (before, fed) = (format!("{:?}", self.state), format!("{event:?}"));
            let effects = self.on(event);
            assert!(effects.is_empty(), "{fed} gave {effects:?} in {before}");
            assert_eq!(format!("{:?}", self.state), before, "after {fed}");
        }
    }
}
