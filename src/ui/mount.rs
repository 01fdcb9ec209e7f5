//! The drop-in: the ways to pay, the waiting and the result, in one shadow root.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use wasm_bindgen::JsValue;
use web_sys::{Element, HtmlElement};

use crate::browser::driver::{Driver, News, dispatch};
use crate::browser::listen::Listener;
use crate::browser::page;
use crate::core::flow::checkout::{Checkout, Doing, Notice, View};
use crate::core::flow::{Event, Outcome};
use crate::core::text::Texts;
use crate::ui::dom::{append, element, insert, make, set, set_text, shadow, show};
use crate::ui::form::Context;
use crate::ui::methods::Methods;
use crate::ui::status::StatusLine;
use crate::ui::style;
use crate::ui::waiting::Waiting;
use crate::wire::merchant::{Checkout as Order, Status};

/// What stands in the page; dropping it takes everything away again.
pub struct Mount {
    driver: Weak<Driver>,
    observer: u32,
    host: Element,
    _parts: Rc<Parts>,
}

struct Parts {
    texts: &'static Texts,
    driver: Weak<Driver>,
    methods: RefCell<Option<Methods>>,
    host: Element,
    root: Element,
    /// The methods go before it.
    status: StatusLine,
    waiting: Waiting,
    actions: Element,
    go_on: HtmlElement,
    cancel: HtmlElement,
    /// Reads the order again.
    retry: HtmlElement,
    result: Element,
    /// Whether the form was to be seen when last drawn; nothing before the order was read.
    form_shown: Cell<Option<bool>>,
    _listeners: [Listener; 5],
}

impl Mount {
    pub fn new(
        target: &Element,
        texts: &'static Texts,
        driver: &Rc<Driver>,
    ) -> Result<Self, JsValue> {
        let host = element("kasa-drop-in", &[]);
        let parts = Rc::new(Parts::new(&host, texts, Rc::downgrade(driver))?);
        target.append_child(&host)?;
        driver.look(|core| parts.draw(core));
        parts.look_up();
        let observer = driver.observe({
            let parts = Rc::downgrade(&parts);
            move |news| {
                if let (News::Moved(core), Some(parts)) = (news, parts.upgrade()) {
                    parts.draw(core);
                    parts.look_up();
                }
            }
        });
        Ok(Mount {
            driver: Rc::downgrade(driver),
            observer,
            host,
            _parts: parts,
        })
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        if let Some(driver) = self.driver.upgrade() {
            driver.forget(self.observer);
        }
        self.host.remove();
    }
}

impl Parts {
    fn new(host: &Element, texts: &'static Texts, driver: Weak<Driver>) -> Result<Self, JsValue> {
        let shadow = shadow(host)?;
        style::adopt(&shadow)?;
        let root = element(
            "div",
            &[("part", "root"), ("lang", texts.tag), ("dir", texts.dir)],
        );
        let status = StatusLine::new();
        let waiting = Waiting::new(texts, &status, &driver);
        let actions = element("div", &[("class", "actions"), ("part", "actions")]);
        let button = |part, text| -> HtmlElement {
            let button: HtmlElement = make("button", &[("part", part), ("type", "button")]);
            button.set_text_content(Some(text));
            button
        };
        let go_on = button("continue", texts.continue_at_bank);
        let cancel = button("cancel", texts.cancel);
        let retry = button("retry", texts.retry);
        let result = element("p", &[("class", "result"), ("part", "result")]);
        append(&actions, &[&go_on, &cancel, &retry]);
        append(&root, &[&status.root, &waiting.root, &actions, &result]);
        append(&shadow, &[&root]);

        let pressed = |button: &HtmlElement, event: fn() -> Event| {
            let driver = driver.clone();
            Listener::new(button, "click", move |_| dispatch(&driver, event()))
        };
        let seen = |kind| {
            let status = status.clone();
            Listener::new(&root, kind, move |_| status.is_seen())
        };
        let listeners = [
            pressed(&go_on, || Event::ContinueChallenge),
            pressed(&cancel, || Event::Cancel),
            Listener::new(&retry, "click", {
                let (driver, status) = (driver.clone(), status.clone());
                move |_| {
                    // The button goes away while the order is read.
                    let _ = status.root.focus();
                    dispatch(&driver, Event::Open);
                }
            }),
            seen("pointerdown"),
            seen("keydown"),
        ];
        Ok(Parts {
            texts,
            driver: driver.clone(),
            methods: RefCell::default(),
            host: host.clone(),
            root,
            status,
            waiting,
            actions,
            go_on,
            cancel,
            retry,
            result,
            form_shown: Cell::default(),
            _listeners: listeners,
        })
    }

    fn draw(&self, core: &Checkout) {
        if let Some(order) = core.order() {
            self.ensure_methods(order);
        }
        let view = core.view();
        let scene = scene(&view, self.texts);
        if let Some(methods) = &*self.methods.borrow() {
            show(&methods.root, scene.form.is_some());
            methods.set_busy(scene.form == Some(FormState::Busy));
            methods.update(core);
            if matches!(view, View::Closed(_) | View::Done { .. }) {
                methods.wipe();
            }
        }
        if self.waiting.draw(&view) {
            // It has said so itself.
        } else if scene.servers {
            self.status.say_busy(scene.text, self.texts.still_busy);
        } else {
            self.status.say(scene.tone, scene.text);
        }
        set(&self.root, "data-view", scene.name);
        if let Ok(Some(focused)) = self.root.query_selector("form :focus") {
            self.status.uncover(&focused);
        }
        self.play(&scene);
    }

    /// Never while anything is held of the driver, except by its observers.
    fn look_up(&self) {
        if let Some(methods) = &*self.methods.borrow() {
            methods.look_up();
        }
    }

    fn play(&self, scene: &Scene) {
        // Where there was no form yet, whoever called `init` was told, and calls again.
        let retry = scene.retry && self.methods.borrow().is_some();
        show(&self.actions, scene.go_on || scene.cancel || retry);
        show(&self.go_on, scene.go_on);
        show(&self.cancel, scene.cancel);
        show(&self.retry, retry);
        set(&self.result, "data-status", scene.status);
        set_text(&self.result, scene.detail);
        show(&self.result, !scene.detail.is_empty());
        if self.methods.borrow().is_some() {
            self.keep_focus(scene.form.is_some());
        }
    }

    /// Where what had the focus goes away with the form, or comes back with
    /// it, the message takes the focus, so that it is read and not lost. What
    /// is first to be seen takes it from nobody: the page would scroll there.
    fn keep_focus(&self, form: bool) {
        if self
            .form_shown
            .replace(Some(form))
            .is_none_or(|before| before == form)
        {
            return;
        }
        let nowhere = page::document().is_none_or(|document| {
            document
                .active_element()
                .is_none_or(|active| active.tag_name() == "BODY" || active == self.host)
        });
        if nowhere && !self.waiting.has_focus() {
            let _ = self.status.root.focus();
        }
    }

    fn ensure_methods(&self, order: &Order) {
        if self.methods.borrow().is_some() {
            return;
        }
        let context = Rc::new(Context {
            texts: self.texts,
            driver: self.driver.clone(),
            amount: order.amount,
            currency: order.currency.clone(),
            busy: Cell::new(false),
            status: self.status.clone(),
        });
        let methods = Methods::new(&order.methods, &context);
        insert(&self.root, &[&methods.root], Some(&self.status.root));
        self.methods.replace(Some(methods));
    }
}

/// All that the drop-in shows at one time.
#[derive(Default)]
struct Scene {
    /// For the style.
    name: &'static str,
    /// `busy`, `bad`, `good` or nothing.
    tone: &'static str,
    text: &'static str,
    /// Servers are busy, and nobody else is waited for.
    servers: bool,
    form: Option<FormState>,
    go_on: bool,
    cancel: bool,
    /// The order may be read if it is tried again.
    retry: bool,
    /// Of the payment that ended.
    status: &'static str,
    detail: &'static str,
}

#[derive(Clone, Copy, PartialEq)]
enum FormState {
    Free,
    Busy,
}

fn scene(view: &View, texts: &'static Texts) -> Scene {
    match view {
        View::Opening => Scene {
            name: "opening",
            tone: "busy",
            servers: true,
            text: texts.opening,
            ..Scene::default()
        },
        View::Closed(error) => Scene {
            name: "closed",
            tone: "bad",
            text: texts.error(error),
            retry: error.retryable(),
            ..Scene::default()
        },
        View::Form {
            busy: Some(busy), ..
        } => Scene {
            name: "form",
            tone: "busy",
            servers: true,
            text: texts.busy(*busy),
            form: Some(FormState::Busy),
            ..Scene::default()
        },
        View::Form {
            busy: None, notice, ..
        } => Scene {
            name: "form",
            tone: notice.map_or("", tone),
            text: match notice {
                Some(Notice::Error(error)) => texts.error(error),
                Some(Notice::Outcome(outcome)) => texts.outcome(outcome),
                None => "",
            },
            form: Some(FormState::Free),
            status: match notice {
                Some(Notice::Outcome(outcome)) => outcome_name(outcome),
                Some(Notice::Error(_)) | None => "",
            },
            ..Scene::default()
        },
        View::Waiting {
            doing,
            can_continue,
            can_cancel,
            ..
        } => Scene {
            name: "waiting",
            servers: matches!(
                doing,
                Doing::Checking | Doing::Leaving | Doing::Confirming | Doing::Canceling
            ),
            // The shopper's turn.
            tone: if *doing == Doing::Held { "" } else { "busy" },
            text: texts.doing(*doing),
            go_on: *can_continue,
            cancel: *can_cancel,
            ..Scene::default()
        },
        View::Done { outcome, .. } => Scene {
            name: "done",
            // What is not known yet, this page does not wait for.
            tone: if matches!(outcome, Outcome::Final(_)) {
                "good"
            } else {
                ""
            },
            text: texts.outcome(outcome),
            status: outcome_name(outcome),
            detail: match outcome {
                Outcome::Final(_) => texts.paid_detail,
                Outcome::Unknown(_) => texts.pending_detail,
            },
            ..Scene::default()
        },
    }
}

/// What the shopper wanted is no fault.
fn tone(notice: &Notice) -> &'static str {
    match notice {
        Notice::Outcome(Outcome::Final(payment)) if payment.status == Status::Canceled => "",
        Notice::Outcome(_) | Notice::Error(_) => "bad",
    }
}

/// The status of a result: an outcome that is not known is `pending`.
pub fn outcome_name(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Unknown(_) => "pending",
        Outcome::Final(payment) => payment.status.name(),
    }
}
