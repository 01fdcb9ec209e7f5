//! The bank's page in a frame: a dialog of its own, beside whatever the shop
//! mounts, so that headless callers have it too. What the frame says is a hint
//! to ask the server, and only from our own frame, from the merchant's origin,
//! in the known shape.

use gloo_timers::callback::Timeout;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Element, HtmlButtonElement, HtmlDialogElement, HtmlElement, HtmlIFrameElement, MessageEvent,
};

use crate::browser::driver::{Driver, News, dispatch};
use crate::browser::listen::Listener;
use crate::browser::page;
use crate::core::flow::Event;
use crate::core::flow::checkout::{Checkout, View};
use crate::core::text::Texts;
use crate::ui::dom::{append, document, element, labelled, make, shadow, show};
use crate::ui::style;
use crate::wire::merchant::RETURNED_MESSAGE;

/// Watches the driver and keeps the dialog open exactly while the view has a
/// frame.
pub struct Challenge {
    driver: Weak<Driver>,
    observer: u32,
    _open: Rc<RefCell<Option<Dialog>>>,
}

impl Challenge {
    /// `texts`: of the language that is settled by the time a frame opens.
    pub fn new(texts: Rc<Cell<&'static Texts>>, driver: &Rc<Driver>) -> Self {
        let open: Rc<RefCell<Option<Dialog>>> = Rc::default();
        let observer = driver.observe({
            let (open, driver) = (Rc::downgrade(&open), Rc::downgrade(driver));
            move |news| {
                if let (News::Moved(core), Some(open)) = (news, open.upgrade()) {
                    follow(core, &open, texts.get(), &driver);
                }
            }
        });
        Challenge {
            driver: Rc::downgrade(driver),
            observer,
            _open: open,
        }
    }
}

impl Drop for Challenge {
    fn drop(&mut self) {
        if let Some(driver) = self.driver.upgrade() {
            driver.forget(self.observer);
        }
    }
}

fn follow(core: &Checkout, open: &RefCell<Option<Dialog>>, texts: &Texts, driver: &Weak<Driver>) {
    let frame = match core.view() {
        View::Waiting { frame, .. } => frame,
        _ => None,
    };
    let shown = open.borrow().as_ref().map(|dialog| dialog.url.clone());
    match frame {
        Some(url) if shown.as_deref() != Some(url) => {
            open.replace(None);
            match Dialog::open(url, texts, driver) {
                Ok(dialog) => drop(open.replace(Some(dialog))),
                Err(_) => dispatch(driver, Event::FrameBlocked),
            }
        }
        None if shown.is_some() => drop(open.replace(None)),
        Some(_) | None => {}
    }
}

/// What goes on in the frame cannot be seen from here; a shopper who is still
/// there after so long may be looking at nothing.
const SILENCE_MS: u32 = 30_000;

struct Dialog {
    url: String,
    host: Element,
    dialog: HtmlDialogElement,
    /// What had the focus before, and gets it back.
    before: Option<HtmlElement>,
    _listeners: [Listener; 5],
    /// Shows the way out of the frame, should the bank stay silent.
    _silence: Timeout,
}

impl Dialog {
    fn open(url: &str, texts: &Texts, driver: &Weak<Driver>) -> Result<Self, JsValue> {
        let before = document()?
            .active_element()
            .and_then(|active| active.dyn_into().ok());
        let host = element("kasa-challenge", &[]);
        let shadow = shadow(&host)?;
        style::adopt(&shadow)?;
        let dialog: HtmlDialogElement = make(
            "dialog",
            &[
                ("part", "dialog"),
                ("lang", texts.tag),
                ("dir", texts.dir),
                ("aria-labelledby", "title"),
            ],
        );
        let header = element("header", &[("part", "header"), ("role", "none")]);
        let title = element("h2", &[("id", "title"), ("part", "title")]);
        title.set_text_content(Some(texts.challenge_title));
        let close: HtmlButtonElement = make("button", &[("part", "close"), ("type", "button")]);
        close.set_text_content(Some(texts.challenge_close));
        let frame: HtmlIFrameElement = make(
            "iframe",
            &[
                ("name", "kasa-challenge"),
                ("part", "frame"),
                ("title", texts.challenge_title),
                ("referrerpolicy", "no-referrer"),
            ],
        );
        append(&header, &[&title, &close]);
        let slow = element("p", &[("part", "slow"), ("role", "status"), ("hidden", "")]);
        let question = labelled("span", &[], texts.challenge_slow);
        let leave = element("button", &[("part", "leave"), ("type", "button")]);
        leave.set_text_content(Some(texts.challenge_leave));
        append(&slow, &[&question, &leave]);
        // Below the frame: nothing in it moves when this comes up.
        append(&dialog, &[&header, &frame, &slow]);
        append(&shadow, &[&dialog]);
        let listeners = [
            on(&close, "click", driver, Event::Cancel),
            on(&leave, "click", driver, Event::LeaveFrame),
            on(&dialog, "cancel", driver, Event::Cancel),
            returned(&frame, driver)?,
            blocked(driver).ok_or(JsValue::NULL)?,
        ];
        document()?
            .body()
            .ok_or(JsValue::NULL)?
            .append_child(&host)?;
        let opened = Dialog {
            url: url.to_owned(),
            host,
            dialog,
            before,
            _listeners: listeners,
            _silence: Timeout::new(SILENCE_MS, move || show(&slow, true)),
        };
        opened.dialog.show_modal()?;
        // Only now: a frame that begins to load while it is not displayed may
        // stay blank.
        frame.set_src(url);
        Ok(opened)
    }
}

impl Drop for Dialog {
    fn drop(&mut self) {
        self.dialog.close();
        self.host.remove();
        if let Some(before) = &self.before {
            let _ = before.focus();
        }
    }
}

fn on(target: &Element, kind: &'static str, driver: &Weak<Driver>, event: Event) -> Listener {
    let driver = driver.clone();
    // An event is told once; the dialog is gone after it.
    let event = Cell::new(Some(event));
    Listener::new(target, kind, move |dom_event| {
        dom_event.prevent_default();
        if let Some(event) = event.take() {
            dispatch(&driver, event);
        }
    })
}

/// The return page's message.
fn returned(frame: &HtmlIFrameElement, driver: &Weak<Driver>) -> Result<Listener, JsValue> {
    let window = page::window().ok_or(JsValue::NULL)?;
    let (frame, driver) = (frame.clone(), driver.clone());
    Ok(Listener::on_page(&window, "message", move |event| {
        let Some(strong) = driver.upgrade() else {
            return;
        };
        let message: MessageEvent = event.unchecked_into();
        let ours = frame.content_window().is_some_and(|window| {
            message
                .source()
                .is_some_and(|source| JsValue::from(window) == JsValue::from(source))
        });
        let kind = js_sys::Reflect::get(&message.data(), &"type".into()).ok();
        let known = kind.and_then(|kind| kind.as_string()).as_deref() == Some(RETURNED_MESSAGE);
        if ours && known && message.origin() == strong.merchant_origin() {
            strong.dispatch(Event::FrameReturned);
        }
    }))
}

/// The page's own policy keeps the bank out of the frame: said by the browser
/// at once, so nobody has to wait for it.
fn blocked(driver: &Weak<Driver>) -> Option<Listener> {
    let driver = driver.clone();
    page::on_blocked(&["frame-src", "child-src", "default-src"], move || {
        dispatch(&driver, Event::FrameBlocked)
    })
}
