//! Speaks. The boundary to JavaScript: synchronous calls in, notes out;
//! promises, errors and events are made of them in `index.js`, so that a
//! trap in here can never leave a promise unsettled. Conversions only.

mod convert;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::{AbortSignal, Element};

use crate::browser::driver::{Driver, News};
use crate::browser::{listen, page};
use crate::core::card;
use crate::core::error::Error;
use crate::core::flow::checkout::{Checkout, Doing, View};
use crate::core::flow::{Event, How, Settled};
use crate::core::text::{self, TURKISH, Texts};
use crate::ui::challenge::Challenge;
use crate::ui::mount::Mount;
use crate::wire::merchant::OtpRequest;
use convert::{Action, Wanted};

/// One checkout on one page; `Kasa` of `index.js` wraps it.
#[wasm_bindgen]
pub struct Session {
    driver: Rc<Driver>,
    texts: Rc<Cell<&'static Texts>>,
    mount: RefCell<Option<Mount>>,
    challenge: RefCell<Option<Challenge>>,
}

#[wasm_bindgen]
impl Session {
    /// `notify(kind, payload)` is called with: `opened`, `closed` {error},
    /// `settled` {result | error}, `token` {token | error}, `change` {phase},
    /// `action` {…}, `lookup` {bins, cards, deleting}, `warn` {error}, `trace` {kind, step, attempt, …}. Throws `{code, message, retryable}`.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue, notify: js_sys::Function) -> Result<Session, JsValue> {
        let options = convert::options(options).map_err(|error| convert::error(&error))?;
        let driver = Driver::new(
            options.merchant.clone(),
            options.checkout.clone(),
            options.rules(),
            options.returning,
        );
        let told = Told::default();
        driver.observe(move |news| {
            for (kind, payload) in notes(news, &told) {
                // A listener of the page that throws is the page's affair.
                let _ = notify.call2(&JsValue::NULL, &kind.into(), &payload);
            }
        });
        Ok(Session {
            driver,
            texts: Rc::new(Cell::new(&TURKISH)),
            mount: RefCell::default(),
            challenge: RefCell::default(),
        })
    }

    /// Reads the checkout; ends in `opened` or `closed`.
    pub fn open(&self) {
        self.challenge
            .borrow_mut()
            .get_or_insert_with(|| Challenge::new(self.texts.clone(), &self.driver));
        self.driver.dispatch(Event::Open);
    }

    /// The language that the order was made in.
    #[wasm_bindgen(getter)]
    pub fn locale(&self) -> Option<String> {
        self.driver
            .look(|core| core.order().map(|order| order.locale.clone()))
    }

    /// Settles the language, before anything is to be seen: tag, direction, and
    /// a text for each of `messageKeys`, with NUL between them.
    pub fn speak(&self, language: String) {
        self.texts.set(text::keep(language));
    }

    /// Puts the drop-in into `target`, away from wherever it was before.
    pub fn mount(&self, target: &Element) -> Result<(), JsValue> {
        self.unmount();
        let mount = Mount::new(target, self.texts.get(), &self.driver)?;
        self.mount.replace(Some(mount));
        Ok(())
    }

    pub fn unmount(&self) {
        drop(self.mount.replace(None));
    }

    /// Starts a payment that ends in `settled`. Throws `{code, …}` when nothing
    /// was started.
    pub fn pay(&self, request: &JsValue) -> Result<(), JsValue> {
        let key = page::idempotency_key()?;
        let how = convert::pay_request(request).and_then(|wanted| self.judge(wanted));
        self.start(how.map(|how| Event::Pay { how, key }))
    }

    /// Starts a tokenisation that ends in `token`.
    pub fn tokenize(&self, card: &JsValue) -> Result<(), JsValue> {
        let card = self
            .driver
            .look(Checkout::is_free)
            .and_then(|()| convert::token_request(card, page::today()));
        self.start(card.map(|card| Event::TokenizeCard { card }))
    }

    /// Hands a one-time code on; what comes of it is told by `action` or `settled`.
    /// False where none is awaited, or the one before is still being judged.
    pub fn confirm(&self, code: String) -> bool {
        let code = OtpRequest { code };
        self.about_a_code(Event::EnterCode { code })
    }

    /// Asks for another one-time code. False where none is awaited.
    pub fn resend(&self) -> bool {
        self.about_a_code(Event::ResendCode)
    }

    /// What the order may be paid with, as the merchant API has it.
    #[wasm_bindgen(getter)]
    pub fn methods(&self) -> JsValue {
        self.driver.look(|core| {
            let methods = core.order().map(|order| convert::plain(&order.methods));
            methods.unwrap_or_else(|| js_sys::Array::new().into())
        })
    }

    /// Plans of the card that begins so; told by `lookup`.
    #[wasm_bindgen(js_name = lookUpBin)]
    pub fn look_up_bin(&self, digits: String) {
        self.driver.dispatch(Event::BinTyped { digits });
    }

    /// What is looked up by now, as `lookup` tells it.
    #[wasm_bindgen(getter)]
    pub fn lookup(&self) -> JsValue {
        self.driver.look(|core| convert::lookup(core.lookup()))
    }

    /// Forgets a saved card; told by `lookup`.
    #[wasm_bindgen(js_name = deleteCard)]
    pub fn delete_card(&self, card: String) {
        self.driver.dispatch(Event::DeleteCard { card });
    }

    pub fn cancel(&self) {
        self.driver.dispatch(Event::Cancel);
    }

    /// Goes on at the bank with a payment that was taken up.
    #[wasm_bindgen(js_name = continueChallenge)]
    pub fn continue_challenge(&self) {
        self.driver.dispatch(Event::ContinueChallenge);
    }

    /// True while a payment is under way.
    #[wasm_bindgen(getter)]
    pub fn paying(&self) -> bool {
        self.driver.look(|core| core.is_paying())
    }

    /// True in the middle of an event. Asked when nothing of ours is running, it
    /// tells that a trap cut an event short.
    #[wasm_bindgen(getter)]
    pub fn busy(&self) -> bool {
        self.driver.is_busy()
    }

    /// Takes everything away: nodes, listeners, timers, requests.
    pub fn destroy(&self) {
        self.unmount();
        drop(self.challenge.replace(None));
        self.driver.destroy();
    }
}

impl Session {
    fn about_a_code(&self, event: Event) -> bool {
        let awaited = self.driver.look(|core| {
            let view = core.view();
            matches!(
                view,
                View::Waiting {
                    doing: Doing::Code {
                        checking: false,
                        ..
                    },
                    ..
                }
            )
        });
        self.driver.dispatch(event);
        awaited
    }

    /// What was asked for, if it is good and there is room for it now.
    fn judge(&self, wanted: Wanted) -> Result<How, Error> {
        self.driver.look(|core| {
            core.takes(wanted.method())?;
            let offers = core.order().map_or(&[][..], |order| &order.methods);
            match wanted {
                Wanted::Card {
                    card,
                    installments,
                    save,
                } => {
                    convert::may_save(save, offers)?;
                    Ok(How::Card {
                        card: card::check(&card, page::today()).map_err(Error::InvalidCard)?,
                        installments,
                        save,
                    })
                }
                wanted => convert::instrument(wanted, offers).map(How::With),
            }
        })
    }

    fn start(&self, event: Result<Event, Error>) -> Result<(), JsValue> {
        self.driver
            .dispatch(event.map_err(|error| convert::error(&error))?);
        Ok(())
    }
}

/// Names of the texts that `speak` takes, with blanks between them.
#[wasm_bindgen(js_name = messageKeys)]
pub fn message_keys() -> String {
    text::KEYS.to_owned()
}

/// Sets the instance aside, which may have trapped: the next call of any export
/// is answered by a fresh one. Needs no memory and no stack that might be spoilt.
#[wasm_bindgen]
pub fn restart() {
    wasm_bindgen::handler::schedule_reinit();
}

/// All listeners from now on end with `signal`, even those of an instance that
/// has trapped and can no longer take them back itself.
#[wasm_bindgen(js_name = listenUntil)]
pub fn listen_until(signal: AbortSignal) {
    listen::until(signal);
}

/// What the page was last told, so that it is told once.
#[derive(Default)]
struct Told {
    opened: Cell<bool>,
    phase: Cell<&'static str>,
    action: RefCell<Option<Action>>,
    lookup: Cell<u32>,
}

/// Said, for what is not said could be inherited.
const NO_ERROR: (&str, JsValue) = ("error", JsValue::UNDEFINED);

fn notes(news: &News, told: &Told) -> Vec<(&'static str, JsValue)> {
    match news {
        News::Moved(core) => moved(core, told),
        News::Settled(Settled::Payment(end)) => vec![(
            "settled",
            match end {
                Ok(outcome) => convert::object(&[NO_ERROR, ("result", convert::result(outcome))]),
                Err(error) => convert::object(&[("error", convert::error(error))]),
            },
        )],
        News::Settled(Settled::CardToken(end)) => vec![(
            "token",
            match end {
                Ok(token) => convert::object(&[NO_ERROR, ("token", token.into())]),
                Err(error) => convert::object(&[("error", convert::error(error))]),
            },
        )],
        News::Warned(error) => vec![("warn", convert::error(error))],
        News::Traced(line) => vec![("trace", convert::trace(line))],
    }
}

fn moved(core: &Checkout, told: &Told) -> Vec<(&'static str, JsValue)> {
    let view = core.view();
    let mut notes = Vec::new();
    let phase = convert::phase(&view);
    if told.phase.replace(phase) != phase {
        notes.push(("change", convert::object(&[("phase", phase.into())])));
    }
    let action = convert::action(&view);
    if *told.action.borrow() != action {
        if let Some(action) = &action {
            notes.push(("action", action.to_js()));
        }
        told.action.replace(action);
    }
    let lookup = core.lookup();
    if told.lookup.replace(lookup.revision()) != lookup.revision() {
        notes.push(("lookup", convert::lookup(lookup)));
    }
    match view {
        View::Opening => {}
        View::Closed(error) if !told.opened.replace(true) => {
            notes.push(("closed", convert::error(error)));
        }
        _ if !told.opened.replace(true) => notes.push(("opened", JsValue::UNDEFINED)),
        _ => {}
    }
    notes
}
