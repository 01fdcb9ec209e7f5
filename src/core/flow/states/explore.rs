//! Walks a machine through everything that may happen to it, and notes each
//! step. Knows no machine: what it looks at is what the flows let everybody see.

use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};
use std::fmt::Debug;

use super::super::testing::{
    ELSEWHERE, FOREIGN, KINDS, at_bank, awaiting_code, checkout, events_of, payment, pending,
    pending_at, pending_with,
};
use super::super::trace::Trace;
use super::super::*;
use crate::wire::merchant::{Next, Qr, RedirectMethod, Status, Wait};

/// Makes the machine, in one of the ways to begin.
pub(super) type Begin<S, O> = Box<dyn Fn(&mut Outbox) -> Step<S, O>>;

type Update<S, O> = Box<dyn Fn(S, Event, &mut Outbox) -> Step<S, O>>;

/// A machine, how it may begin, and how its states and ends are called.
pub(super) struct Machine<S, O> {
    pub(super) begins: Vec<(&'static str, Begin<S, O>)>,
    pub(super) update: Update<S, O>,
    /// The events that are for it.
    pub(super) hears: fn(&Event) -> bool,
    /// What decides of what may happen next, besides what is awaited.
    pub(super) like: fn(&S) -> String,
    /// One name for each of its parts; most have one.
    pub(super) place: fn(&S) -> Vec<String>,
    pub(super) end: fn(&O) -> String,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    Begin,
    At(Vec<String>),
    End(String),
}

/// What happened: in the words of the trace, with what an answer said.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cause {
    pub(super) step: &'static str,
    /// `ok`, `refused`, `lost`, or the status of the payment that is told of;
    /// empty where nothing is answered.
    pub(super) class: &'static str,
    /// What kind of refusal, what the payment needs, or how long a wait was.
    pub(super) detail: String,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Arrow {
    pub(super) from: Place,
    pub(super) cause: Cause,
    pub(super) to: Place,
    pub(super) effects: Vec<&'static str>,
}

/// A step of a script: which of all events, for which attempt.
#[derive(Clone, Copy)]
struct Move {
    kind: usize,
    number: usize,
    attempt: Attempt,
}

/// A machine cannot be cloned (it may own a card): it is played from the start.
struct Shell<'a, S, O> {
    machine: &'a Machine<S, O>,
    now: Option<Step<S, O>>,
    out: Outbox,
    /// What is under way: the event that answers, and, of a wait, how long.
    asked: BTreeMap<u32, (&'static str, String)>,
}

/// Every step that the machine can take, each once.
pub(super) fn walk<S: Debug, O: Debug>(machine: &Machine<S, O>) -> BTreeSet<Arrow> {
    let mut arrows = BTreeSet::new();
    let mut been = HashSet::new();
    for (name, begin) in &machine.begins {
        let (shell, effects) = Shell::play(machine, begin, &[]);
        arrows.insert(Arrow {
            from: Place::Begin,
            cause: Cause {
                step: name,
                class: "",
                detail: String::new(),
            },
            to: shell.place(),
            effects,
        });
        been.insert(shell.key());
        let mut queue = VecDeque::from([vec![]]);
        while let Some(script) = queue.pop_front() {
            let (mut shell, _) = Shell::play(machine, begin, &script);
            let (from, before) = (shell.place(), shell.text());
            for step in shell.moves() {
                let (cause, effects) = shell.step(step);
                let still = effects.is_empty() && shell.text() == before;
                arrows.insert(Arrow {
                    from: from.clone(),
                    cause,
                    to: shell.place(),
                    effects,
                });
                // Where nothing has moved, the same machine takes the next step.
                if still {
                    continue;
                }
                if shell.state().is_some() && been.insert(shell.key()) {
                    queue.push_back([script.as_slice(), &[step]].concat());
                }
                (shell, _) = Shell::play(machine, begin, &script);
            }
        }
    }
    arrows
}

impl<'a, S: Debug, O: Debug> Shell<'a, S, O> {
    fn play(
        machine: &'a Machine<S, O>,
        begin: &Begin<S, O>,
        script: &[Move],
    ) -> (Self, Vec<&'static str>) {
        let mut out = Outbox::default();
        let mut shell = Shell {
            machine,
            now: Some(begin(&mut out)),
            out,
            asked: BTreeMap::new(),
        };
        let effects = shell.heard();
        for step in script {
            shell.step(*step);
        }
        (shell, effects)
    }

    fn step(&mut self, step: Move) -> (Cause, Vec<&'static str>) {
        let event = events(step.kind, step.attempt).swap_remove(step.number);
        let cause = self.cause(&event);
        self.asked.remove(&step.attempt.0);
        let Some(Step::Continue(state)) = self.now.take() else {
            panic!("a step of what is over");
        };
        self.now = Some((self.machine.update)(state, event, &mut self.out));
        (cause, self.heard())
    }

    fn heard(&mut self) -> Vec<&'static str> {
        let effects = self.out.take();
        for effect in &effects {
            if let Some(attempt) = effect.attempt() {
                self.asked.insert(attempt.0, answer_to(effect));
            }
        }
        effects.iter().map(Effect::name).collect()
    }

    fn state(&self) -> Option<&S> {
        match &self.now {
            Some(Step::Continue(state)) => Some(state),
            _ => None,
        }
    }

    fn place(&self) -> Place {
        match self.now.as_ref().expect("it has begun") {
            Step::Continue(state) => Place::At((self.machine.place)(state)),
            Step::Complete(end) => Place::End((self.machine.end)(end)),
        }
    }

    fn text(&self) -> String {
        format!("{:?}", self.now)
    }

    /// The same for two places where the same may happen next.
    fn key(&self) -> String {
        let Some(state) = self.state() else {
            return String::new();
        };
        let awaited = attempts(&self.text());
        let awaited: Vec<_> = awaited
            .iter()
            .map(|attempt| self.asked.get(attempt))
            .collect();
        format!("{} {awaited:?}", (self.machine.like)(state))
    }

    /// What may happen now: what needs no asking, and each answer to what the
    /// state waits for.
    fn moves(&self) -> Vec<Move> {
        let Some(_) = self.state() else { return vec![] };
        let awaited = attempts(&self.text());
        let awaited = awaited
            .into_iter()
            .filter_map(|attempt| Some((Attempt(attempt), Some(self.asked.get(&attempt)?.0))));
        let mut moves = vec![];
        for (attempt, answer) in awaited.chain([(FOREIGN, None)]) {
            for kind in 0..KINDS {
                for (number, event) in events(kind, attempt).iter().enumerate() {
                    let fits = match answer {
                        Some(answer) => event.attempt().is_some() && event.name() == answer,
                        None => event.attempt().is_none(),
                    };
                    if fits && (self.machine.hears)(event) {
                        moves.push(Move {
                            kind,
                            number,
                            attempt,
                        });
                    }
                }
            }
        }
        moves
    }

    fn cause(&self, event: &Event) -> Cause {
        let trace = Trace::of_event(event);
        let (step, class) = (trace.step, trace.ended.unwrap_or_default());
        let asked = event
            .attempt()
            .and_then(|attempt| self.asked.get(&attempt.0));
        let detail = match (asked, refusal(event)) {
            (Some(("elapsed", length)), _) => length.clone(),
            (_, Some(500..)) => "5xx".to_owned(),
            _ => trace.code.unwrap_or_default().to_owned(),
        };
        let (class, detail) = match event {
            Event::Payment {
                answer: Answer::Ok(payment),
                ..
            } => self.told(payment, trace),
            Event::Checkout {
                answer: Answer::Ok(order),
                ..
            } => match &order.payment {
                Some(payment) => self.told(payment, trace),
                None => ("no payment", detail),
            },
            _ => (class, detail),
        };
        Cause {
            step,
            class,
            detail,
        }
    }

    fn told(&self, payment: &Payment, trace: Trace) -> (&'static str, String) {
        if payment.id != FIRST && self.text().contains(FIRST) {
            return ("another payment", String::new());
        }
        let detail = match (&payment.next, trace.next) {
            (Some(Next::Redirect(to)), _) if to.url == ELSEWHERE => "barred redirect",
            (_, Some(next)) => next,
            (_, None) if payment.status == Status::Pending => "without next",
            (_, None) => "",
        };
        (trace.status.unwrap_or_default(), detail.to_owned())
    }
}

/// The status of the refusal that it brings.
fn refusal(event: &Event) -> Option<u16> {
    fn of<T>(answer: &Answer<T>) -> Option<u16> {
        match answer {
            Answer::Refused(refusal) => Some(refusal.status),
            Answer::Ok(_) | Answer::Lost(_) => None,
        }
    }
    match event {
        Event::Checkout { answer, .. } => of(answer),
        Event::TempToken { answer, .. } => of(answer),
        Event::Payment { answer, .. } => of(answer),
        Event::Bin { answer, .. } => of(answer),
        Event::Cards { answer, .. } => of(answer),
        Event::CardDeleted { answer, .. } => of(answer),
        _ => None,
    }
}

const FIRST: &str = "pay_1";

/// Every event of a kind; those that tell of a payment, of each kind of payment.
fn events(kind: usize, attempt: Attempt) -> Vec<Event> {
    let mut events = events_of(kind, attempt);
    match events.first() {
        Some(Event::Payment { .. }) => events.extend(payments().map(|payment| Event::Payment {
            attempt,
            answer: Answer::Ok(payment),
        })),
        Some(Event::Checkout { .. }) => events.extend(payments().map(|payment| Event::Checkout {
            attempt,
            answer: Answer::Ok(checkout(payment)),
        })),
        _ => {}
    }
    events
}

/// One of each kind.
fn payments() -> impl Iterator<Item = Payment> {
    let qr = Next::Qr(Qr {
        image: String::new(),
    });
    let wait = Next::Wait(Wait {
        cancellable: true,
        stage: None,
    });
    let with = |next| pending_with(FIRST, next);
    [
        pending(FIRST),
        at_bank(FIRST),
        pending_at(FIRST, ELSEWHERE, RedirectMethod::Get),
        awaiting_code(FIRST),
        with(qr),
        with(wait),
        payment(FIRST, Status::Paid),
        payment(FIRST, Status::Failed),
        payment(FIRST, Status::Canceled),
    ]
    .into_iter()
}

/// The event that answers an effect, and, of a wait, how long it is.
fn answer_to(effect: &Effect) -> (&'static str, String) {
    let answer = match effect {
        Effect::Ask { call, .. } => match call {
            Call::ReadCheckout { .. } => "checkout",
            Call::FetchTempToken => "temp_token",
            Call::CreatePayment { .. }
            | Call::CancelPayment { .. }
            | Call::ConfirmCode { .. }
            | Call::ResendCode { .. } => "payment",
            Call::ReadBin { .. } => "bin",
            Call::ListCards => "cards",
            Call::DeleteCard { .. } => "card_deleted",
        },
        Effect::Tokenize { .. } => "tokenized",
        Effect::Wait { milliseconds, .. } => return ("elapsed", length(*milliseconds)),
        Effect::Leave(_) | Effect::Settle(_) | Effect::Warn(_) => unreachable!("not answered"),
    };
    (answer, String::new())
}

/// Pauses grow; deadlines do not.
fn length(milliseconds: u32) -> String {
    match milliseconds / 1000 {
        0..8 => "pause".to_owned(),
        seconds @ 8..120 => format!("{seconds} s"),
        seconds => format!("{} min", seconds / 60),
    }
}

/// The attempts that a state names.
fn attempts(text: &str) -> Vec<u32> {
    let named = text.split("Attempt(").skip(1);
    named
        .filter_map(|rest| rest.split(')').next()?.parse().ok())
        .collect()
}
