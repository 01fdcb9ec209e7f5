//! The one-time code: one field, how long it is good for, how many tries are
//! left, and another code when its time has come. The seconds tick here only;
//! the live region hears of the first and of the last. A code that the browser
//! reads in its SMS is typed in, and left to the shopper to confirm.

use gloo_timers::callback::Interval;
use std::cell::RefCell;
use std::rc::{Rc, Weak};
use web_sys::{Element, HtmlFormElement};

use crate::browser::driver::{Driver, dispatch};
use crate::browser::listen::Listener;
use crate::core::field::Field;
use crate::core::flow::Event;
use crate::core::otp;
use crate::core::text::{Texts, fill};
use crate::ui::dom::{append, element, labelled, make, mark, set_text, show};
use crate::ui::field::FieldView;
use crate::ui::intl::format_count;
use crate::ui::status::StatusLine;
use crate::ui::waiting::sms::Sms;
use crate::wire::merchant::{Otp, OtpFault};

const TICK_MS: u32 = 1_000;

pub struct CodeForm {
    inner: Rc<Inner>,
    _listeners: [Listener; 2],
}

struct Inner {
    root: HtmlFormElement,
    field: Rc<FieldView>,
    countdown: Element,
    attempts: Element,
    confirm: Element,
    resend: Element,
    resend_wait: Element,
    texts: &'static Texts,
    status: StatusLine,
    shown: RefCell<Option<Shown>>,
    ticker: RefCell<Option<Interval>>,
    sms: RefCell<Option<Sms>>,
}

/// The code that is awaited, by the page's own clock (milliseconds).
struct Shown {
    otp: Otp,
    checking: bool,
    can_resend: bool,
    expires: Option<f64>,
    resend: Option<f64>,
    /// Seconds that the code was good for when it was first shown.
    first: Option<u32>,
}

impl CodeForm {
    pub fn new(texts: &'static Texts, status: &StatusLine, driver: &Weak<Driver>) -> Self {
        let root: HtmlFormElement = make(
            "form",
            &[("part", "otp"), ("novalidate", ""), ("hidden", "")],
        );
        let field = FieldView::new(Field::Code, "", texts, |_, _| None);
        let meta = element("div", &[("class", "meta")]);
        let countdown = element("span", &[("part", "countdown")]);
        let attempts = element("span", &[("part", "attempts")]);
        append(&meta, &[&countdown, &attempts]);
        let confirm = labelled(
            "button",
            &[("part", "confirm"), ("type", "submit")],
            texts.confirm_code,
        );
        let attributes = [
            ("part", "resend"),
            ("type", "button"),
            ("aria-describedby", "resend-wait"),
        ];
        let resend = labelled("button", &attributes, texts.resend_code);
        let resend_wait = element("p", &[("class", "hint"), ("id", "resend-wait")]);
        append(
            &root,
            &[&field.root, &meta, &confirm, &resend, &resend_wait],
        );
        let inner = Rc::new(Inner {
            root,
            field,
            countdown,
            attempts,
            confirm,
            resend,
            resend_wait,
            texts,
            status: status.clone(),
            shown: RefCell::default(),
            ticker: RefCell::default(),
            sms: RefCell::default(),
        });
        let listeners = listeners(&inner, driver);
        CodeForm {
            inner,
            _listeners: listeners,
        }
    }

    pub fn root(&self) -> &HtmlFormElement {
        &self.inner.root
    }

    /// With: whether a code is being judged, and whether another may be had.
    pub fn draw(&self, awaited: Option<(&Otp, bool, bool)>) {
        let inner = &self.inner;
        let Some((otp, checking, can_resend)) = awaited else {
            if inner.shown.take().is_some() {
                inner.ticker.take();
                inner.sms.take();
                inner.field.wipe();
                show(&inner.root, false);
            }
            return;
        };
        inner.field.code_length.set(otp.length);
        let news = inner.learn(otp, checking, can_resend);
        show(&inner.root, true);
        inner.draw();
        if news {
            let _ = inner.field.input.focus();
            inner.sms.take();
            inner.sms.replace(inner.wait_for_sms());
        }
        if inner.ticker.borrow().is_none() {
            let weak = Rc::downgrade(inner);
            let tick = move || {
                if let Some(inner) = weak.upgrade() {
                    inner.draw();
                }
            };
            inner.ticker.replace(Some(Interval::new(TICK_MS, tick)));
        }
    }
}

fn listeners(inner: &Rc<Inner>, driver: &Weak<Driver>) -> [Listener; 2] {
    let submit = {
        let (inner, driver) = (Rc::downgrade(inner), driver.clone());
        move |event: web_sys::Event| {
            event.prevent_default();
            if let Some(inner) = inner.upgrade() {
                inner.confirm(&driver);
            }
        }
    };
    let resend = {
        let (inner, driver) = (Rc::downgrade(inner), driver.clone());
        move |_| {
            if inner.upgrade().is_some_and(|inner| inner.resends_now()) {
                dispatch(&driver, Event::ResendCode);
            }
        }
    };
    [
        Listener::new(&inner.confirm, "click", submit),
        Listener::new(&inner.resend, "click", resend),
    ]
}

impl Inner {
    fn wait_for_sms(self: &Rc<Self>) -> Option<Sms> {
        let weak = Rc::downgrade(self);
        Sms::wait(move |code| {
            let Some(inner) = weak.upgrade() else { return };
            let awaited = inner.shown.borrow().as_ref().map(|shown| !shown.checking);
            if awaited == Some(true) {
                inner.field.fill(&code);
            }
        })
    }

    /// True where the shopper has something new before them.
    fn learn(&self, otp: &Otp, checking: bool, can_resend: bool) -> bool {
        let mut shown = self.shown.borrow_mut();
        // A poll may know of the end before the answer itself comes.
        if checking && let Some(shown) = &mut *shown {
            (shown.checking, shown.can_resend) = (checking, can_resend);
            return false;
        }
        let before = shown.as_ref();
        // The server's clock moves on without there being anything new.
        let same = before.is_some_and(|before| {
            let now = otp.now.clone();
            let otp_before = before.otp.clone();
            Otp { now, ..otp_before } == *otp
        });
        let judged = before.is_some_and(|before| before.checking) && otp.fault.is_some();
        if !before.is_some_and(|before| before.otp == *otp) {
            let timed = Shown::new(otp, before);
            *shown = Some(timed);
        }
        if let Some(shown) = &mut *shown {
            (shown.checking, shown.can_resend) = (checking, can_resend);
        }
        (judged || !same) && self.refuse(otp.fault)
    }

    /// Makes room for another try, and says what was wrong with the one before.
    fn refuse(&self, fault: Option<OtpFault>) -> bool {
        self.field.wipe();
        self.field.set_error(match fault {
            Some(OtpFault::Wrong) => self.texts.code_wrong,
            // The status says so, as when the time is over.
            Some(OtpFault::Expired) | None => "",
        });
        true
    }

    fn confirm(&self, driver: &Weak<Driver>) {
        let length = match &*self.shown.borrow() {
            Some(shown) if !shown.checking => shown.otp.length,
            _ => return,
        };
        match otp::check(&self.field.secret(), length) {
            Ok(code) => dispatch(driver, Event::EnterCode { code }),
            Err(fault) => {
                self.field.set_fault(Some(fault));
                let _ = self.field.input.focus();
            }
        }
    }

    fn resends_now(&self) -> bool {
        let shown = self.shown.borrow();
        shown
            .as_ref()
            .is_some_and(|shown| !shown.checking && shown.resend_wait() == 0)
    }

    fn draw(&self) {
        let shown = self.shown.borrow();
        let Some(shown) = &*shown else { return };
        let texts = self.texts;
        let left = shown.expires.map(seconds_until);
        let countdown = left.map(|left| fill(texts.code_left, &minutes(left)));
        set_text(&self.countdown, &countdown.unwrap_or_default());
        let attempts = shown.otp.attempts_left;
        let attempts =
            attempts.map(|count| format_count(u32::from(count), texts.code_attempts, texts));
        set_text(&self.attempts, attempts.as_deref().unwrap_or_default());

        let wait = shown.resend_wait();
        show(&self.resend, shown.can_resend);
        mark(&self.resend, "aria-disabled", wait > 0 || shown.checking);
        show(&self.resend_wait, shown.can_resend && wait > 0);
        set_text(
            &self.resend_wait,
            &format_count(wait, texts.resend_wait, texts),
        );
        self.field.input.set_read_only(shown.checking);
        mark(&self.confirm, "aria-disabled", shown.checking);
        let over = left == Some(0) || shown.otp.fault == Some(OtpFault::Expired);
        mark(&self.root, "data-over", over);
        self.say(shown, over);
    }

    fn say(&self, shown: &Shown, over: bool) {
        let texts = self.texts;
        match (over, shown.can_resend) {
            _ if shown.checking => return self.status.say("busy", texts.code_checking),
            (true, true) => return self.status.say("bad", texts.code_expired),
            (true, false) => return self.status.say("bad", texts.code_over),
            (false, _) => {}
        }
        let mut text = String::from(texts.code_sent);
        // The field says what is wrong, where something is.
        if let (Some(first), None) = (shown.first, shown.otp.fault) {
            text.push(' ');
            text.push_str(&format_count(first, texts.code_seconds, texts));
        }
        self.status.say("", &text);
    }
}

impl Shown {
    /// Times by the page's clock, as of now.
    fn new(otp: &Otp, before: Option<&Shown>) -> Self {
        let expires = on_our_clock(otp.expires_at.as_deref(), otp);
        let first = match before {
            Some(before) if before.otp.expires_at == otp.expires_at => before.first,
            _ => expires.map(seconds_until),
        };
        Shown {
            otp: otp.clone(),
            checking: false,
            can_resend: false,
            expires,
            resend: on_our_clock(otp.resend_at.as_deref(), otp),
            first,
        }
    }

    /// Seconds until another code may be asked for.
    fn resend_wait(&self) -> u32 {
        self.resend.map_or(0, seconds_until)
    }
}

/// A time of the server's by the page's clock; `otp.now` is the server's own at
/// this moment.
fn on_our_clock(time: Option<&str>, otp: &Otp) -> Option<f64> {
    let time = js_sys::Date::parse(time?);
    let page = js_sys::Date::now();
    let server = otp.now.as_deref().map_or(page, js_sys::Date::parse);
    let ours = time - server + page;
    ours.is_finite().then_some(ours)
}

fn seconds_until(time: f64) -> u32 {
    let seconds = ((time - js_sys::Date::now()) / 1_000.0).ceil();
    // Saturates.
    seconds as u32
}

/// `1:05`
fn minutes(seconds: u32) -> String {
    let mut text = (seconds / 60).to_string();
    text.push_str(if seconds % 60 < 10 { ":0" } else { ":" });
    text.push_str(&(seconds % 60).to_string());
    text
}
