//! The loop: one event in, all its effects out, then the next event. Holds the
//! core, carries out its effects, and tells the observers when something moved.

use gloo_net::http::Method;
use gloo_timers::callback::Timeout;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};
use wasm_bindgen_futures::spawn_local;
use web_sys::AbortController;

use crate::browser::http::Exchange;
use crate::browser::listen::Listener;
use crate::browser::page;
use crate::core::error::Error;
use crate::core::flow::checkout::Checkout;
use crate::core::flow::following::Rules;
use crate::core::flow::trace::Trace;
use crate::core::flow::{Answer, Attempt, Call, Effect, Event, Settled, TOKENIZE_DEADLINE_MS};
use crate::wire::merchant::{
    BinRequest, IDEMPOTENCY_KEY, MAX_WAIT_SECONDS, Purpose, Redirect, ResendRequest, TempToken,
    TempTokenRequest,
};
use crate::wire::paywall::TempCardBody;

/// What an observer is told.
pub enum News<'a> {
    /// The view may have changed.
    Moved(&'a Checkout),
    Settled(&'a Settled),
    Warned(&'a Error),
    Traced(&'a Trace),
}

type Observer = Rc<dyn Fn(&News)>;

pub struct Driver {
    merchant: String,
    checkout: String,
    core: RefCell<Checkout>,
    queue: RefCell<VecDeque<Event>>,
    busy: Cell<bool>,
    observers: RefCell<Vec<(u32, Observer)>>,
    last_observer: Cell<u32>,
    /// What is under way and dies with us.
    exchanges: RefCell<Vec<(Attempt, AbortController)>>,
    timers: RefCell<Vec<(Attempt, Timeout)>>,
    listeners: RefCell<Vec<Listener>>,
    /// Hears of it where the page may not be left.
    leaving: RefCell<Option<Listener>>,
    gone: Cell<bool>,
}

impl Driver {
    /// `merchant` without a trailing slash.
    pub fn new(merchant: String, checkout: String, rules: Rules, returning: bool) -> Rc<Self> {
        let driver = Rc::new(Driver {
            merchant,
            checkout,
            core: RefCell::new(Checkout::new(rules, returning)),
            queue: RefCell::default(),
            busy: Cell::new(false),
            observers: RefCell::default(),
            last_observer: Cell::new(0),
            exchanges: RefCell::default(),
            timers: RefCell::default(),
            listeners: RefCell::default(),
            leaving: RefCell::default(),
            gone: Cell::new(false),
        });
        driver.listen();
        driver
    }

    fn listen(self: &Rc<Self>) {
        let Some(window) = page::window() else { return };
        let driver = Rc::downgrade(self);
        let shown = Listener::on_page(&window, "pageshow", move |event| {
            let event: web_sys::PageTransitionEvent = wasm_bindgen::JsCast::unchecked_into(event);
            if event.persisted() {
                dispatch(&driver, Event::PageRestored);
            }
        });
        self.listeners.borrow_mut().push(shown);
    }

    /// Looks at the core. Never hold what it gives over a dispatch.
    pub fn look<T>(&self, at: impl FnOnce(&Checkout) -> T) -> T {
        at(&self.core.borrow())
    }

    /// The origin that the frame's return page speaks from.
    pub fn merchant_origin(&self) -> String {
        web_sys::Url::new(&self.merchant).map_or_else(|_| String::new(), |url| url.origin())
    }

    /// Is told of everything from now on, until the number it is given is taken
    /// back with [`Driver::forget`].
    pub fn observe(&self, observer: impl Fn(&News) + 'static) -> u32 {
        let number = self.last_observer.get().wrapping_add(1);
        self.last_observer.set(number);
        self.observers
            .borrow_mut()
            .push((number, Rc::new(observer)));
        number
    }

    pub fn forget(&self, observer: u32) {
        self.observers
            .borrow_mut()
            .retain(|(number, _)| *number != observer);
    }

    /// Puts an event in; may be called from anywhere, an observer too.
    pub fn dispatch(self: &Rc<Self>, event: Event) {
        if self.gone.get() {
            return;
        }
        self.queue.borrow_mut().push_back(event);
        if self.busy.replace(true) {
            return;
        }
        while let Some(event) = self.take() {
            self.tell(&News::Traced(&Trace::of_event(&event)));
            let effects = self.core.borrow_mut().handle(event);
            for effect in effects {
                self.carry_out(effect);
            }
            self.tell_moved();
        }
        self.busy.set(false);
    }

    /// True while an event is being handled.
    pub fn is_busy(&self) -> bool {
        self.busy.get()
    }

    fn take(&self) -> Option<Event> {
        self.queue.borrow_mut().pop_front()
    }

    fn tell(&self, news: &News) {
        let observers: Vec<Observer> = self
            .observers
            .borrow()
            .iter()
            .map(|(_, observer)| observer.clone())
            .collect();
        for observer in observers {
            observer(news);
        }
    }

    fn tell_moved(&self) {
        let core = self.core.borrow();
        self.tell(&News::Moved(&core));
    }

    /// Ends everything: requests, timers, listeners, observers.
    pub fn destroy(&self) {
        self.gone.set(true);
        for (_, abort) in self.exchanges.take() {
            abort.abort();
        }
        self.timers.take();
        self.listeners.take();
        self.leaving.take();
        self.observers.take();
        self.queue.take();
    }

    fn carry_out(self: &Rc<Self>, effect: Effect) {
        self.tell(&News::Traced(&Trace::of_effect(&effect)));
        match effect {
            Effect::Ask { attempt, call } => self.ask(attempt, call),
            Effect::Tokenize {
                attempt,
                token,
                card,
            } => self.tokenize(attempt, token, card),
            Effect::Wait {
                attempt,
                milliseconds,
            } => self.wait(attempt, milliseconds),
            Effect::Leave(to) => self.leave(&to),
            Effect::Settle(settled) => self.tell(&News::Settled(&settled)),
            Effect::Warn(error) => self.tell(&News::Warned(&error)),
        }
    }

    fn leave(self: &Rc<Self>, to: &Redirect) {
        let driver = Rc::downgrade(self);
        let blocked = move || dispatch(&driver, Event::LeaveBlocked);
        self.leaving
            .replace(page::on_blocked(&["form-action"], blocked));
        // Where the browser refuses without a word, the flow's own timer brings the shopper on.
        let _ = page::leave(to);
    }

    fn wait(self: &Rc<Self>, attempt: Attempt, milliseconds: u32) {
        let driver = Rc::downgrade(self);
        let timer = Timeout::new(milliseconds, move || {
            if let Some(driver) = driver.upgrade() {
                // The timer itself is running: it is let go, not cancelled.
                let rung = {
                    let mut timers = driver.timers.borrow_mut();
                    let place = timers.iter().position(|(number, _)| *number == attempt);
                    place.map(|place| timers.swap_remove(place))
                };
                drop(rung);
                driver.dispatch(Event::Elapsed { attempt });
            }
        });
        self.timers.borrow_mut().push((attempt, timer));
    }

    fn exchange(&self, attempt: Attempt, deadline_ms: u32) -> Exchange {
        let abort = AbortController::new().ok();
        if let Some(abort) = &abort {
            self.exchanges.borrow_mut().push((attempt, abort.clone()));
        }
        Exchange::new(deadline_ms, abort)
    }

    fn ended(&self, attempt: Attempt) {
        self.exchanges
            .borrow_mut()
            .retain(|(number, _)| *number != attempt);
    }

    fn tokenize(self: &Rc<Self>, attempt: Attempt, token: TempToken, card: TempCardBody) {
        let exchange = self.exchange(attempt, TOKENIZE_DEADLINE_MS);
        let driver = Rc::downgrade(self);
        spawn_local(async move {
            let answer = exchange.tokenize(&token, card).await;
            answered(&driver, attempt, Event::Tokenized { attempt, answer });
        });
    }

    fn ask(self: &Rc<Self>, attempt: Attempt, call: Call) {
        let exchange = self.exchange(attempt, call.deadline_ms());
        let mut url = self.merchant.clone();
        url.push_str("/v1/checkouts/");
        push_part(&mut url, &self.checkout);
        let driver = Rc::downgrade(self);
        spawn_local(async move {
            let event = asked(&exchange, url, attempt, call).await;
            answered(&driver, attempt, event);
        });
    }
}

/// One call of the merchant API, and the event that its answer is.
async fn asked(exchange: &Exchange, mut url: String, attempt: Attempt, call: Call) -> Event {
    const NOTHING: Option<&()> = None;
    match call {
        Call::ReadCheckout { since } => {
            if let Some(revision) = since {
                url.push_str("?wait=");
                url.push_str(&MAX_WAIT_SECONDS.to_string());
                url.push_str("&since=");
                url.push_str(&revision.to_string());
            }
            let answer = exchange.ask(Method::GET, &url, &[], NOTHING).await;
            Event::Checkout { attempt, answer }
        }
        Call::FetchTempToken => {
            url.push_str("/temp-token");
            let body = TempTokenRequest {
                purpose: Purpose::Card,
            };
            let answer: Answer<TempToken> =
                exchange.ask(Method::POST, &url, &[], Some(&body)).await;
            Event::TempToken { attempt, answer }
        }
        Call::CreatePayment { key, request } => {
            url.push_str("/payments");
            let headers = [(IDEMPOTENCY_KEY, key.as_str())];
            let answer = exchange
                .ask(Method::POST, &url, &headers, Some(&request))
                .await;
            Event::Payment { attempt, answer }
        }
        Call::CancelPayment { payment } => {
            of_payment(&mut url, &payment, "/cancel");
            let answer = exchange.ask(Method::POST, &url, &[], NOTHING).await;
            Event::Payment { attempt, answer }
        }
        Call::ConfirmCode { payment, code } => {
            of_payment(&mut url, &payment, "/otp");
            let answer = exchange.ask(Method::POST, &url, &[], Some(&code)).await;
            Event::Payment { attempt, answer }
        }
        Call::ResendCode { payment, payer } => {
            of_payment(&mut url, &payment, "/otp/resend");
            let body = ResendRequest { payer };
            let answer = exchange.ask(Method::POST, &url, &[], Some(&body)).await;
            Event::Payment { attempt, answer }
        }
        Call::ReadBin { bin } => {
            url.push_str("/bin");
            let body = BinRequest { bin };
            let answer = exchange.ask(Method::POST, &url, &[], Some(&body)).await;
            Event::Bin { attempt, answer }
        }
        Call::ListCards => {
            url.push_str("/cards");
            let answer = exchange.ask(Method::GET, &url, &[], NOTHING).await;
            Event::Cards { attempt, answer }
        }
        Call::DeleteCard { card } => {
            url.push_str("/cards/");
            push_part(&mut url, &card);
            let answer = exchange.ask(Method::DELETE, &url, &[], NOTHING).await;
            Event::CardDeleted { attempt, answer }
        }
    }
}

fn of_payment(url: &mut String, payment: &str, call: &str) {
    url.push_str("/payments/");
    push_part(url, payment);
    url.push_str(call);
}

/// One part of a path, whatever it is made of.
fn push_part(url: &mut String, part: &str) {
    url.push_str(&String::from(js_sys::encode_uri_component(part)));
}

fn answered(driver: &Weak<Driver>, attempt: Attempt, event: Event) {
    if let Some(driver) = driver.upgrade() {
        driver.ended(attempt);
        driver.dispatch(event);
    }
}

/// Puts an event into a driver that may be gone.
pub fn dispatch(driver: &Weak<Driver>, event: Event) {
    if let Some(driver) = driver.upgrade() {
        driver.dispatch(event);
    }
}
