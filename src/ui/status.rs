//! The line that says what goes on: the drop-in's live region, there from the
//! start.

use gloo_timers::callback::Timeout;
use std::cell::RefCell;
use std::rc::Rc;
use web_sys::{Element, HtmlElement};

use crate::browser::page;
use crate::ui::dom::{make, mark, set};

/// Servers are usually done sooner.
const USUAL_MS: u32 = 12_000;

/// Between the line and what it covered, with its outline.
const AIR_PX: f64 = 12.0;

#[derive(Clone)]
pub struct StatusLine {
    pub root: HtmlElement,
    said: Rc<RefCell<String>>,
    /// Before it is said that this takes long.
    late: Rc<RefCell<Option<Timeout>>>,
    /// What stood here before what is wrong in a form was summed up.
    before: Rc<RefCell<Option<String>>>,
}

impl StatusLine {
    pub fn new() -> Self {
        let attributes = [
            ("class", "status"),
            ("part", "status"),
            ("role", "status"),
            ("aria-live", "polite"),
            ("tabindex", "-1"),
        ];
        StatusLine {
            root: make("p", &attributes),
            said: Rc::default(),
            late: Rc::default(),
            before: Rc::default(),
        }
    }

    /// The shopper goes on: it need not stay in sight any longer.
    pub fn is_seen(&self) {
        mark(&self.root, "data-fresh", false);
    }

    /// It may stick to the window's end, in front of what has the focus: lets
    /// that come out.
    pub fn uncover(&self, focused: &Element) {
        let (line, behind) = (
            self.root.get_bounding_client_rect(),
            focused.get_bounding_client_rect(),
        );
        let covered = behind.bottom() - line.top();
        if covered > 0.0
            && behind.top() < line.bottom()
            && let Some(window) = page::window()
        {
            window.scroll_by_with_x_and_y(0.0, covered + AIR_PX);
        }
    }

    /// Says what is wrong in a form, until it is mended or there is something
    /// new to say.
    pub fn sum_up(&self, text: &str) {
        let before = self.before.take();
        let before = before.or_else(|| Some(self.said.borrow().clone()));
        self.say("bad", text);
        self.before.replace(before);
    }

    pub fn is_mended(&self) {
        if let Some(before) = self.before.take() {
            self.say(if before.is_empty() { "" } else { "bad" }, &before);
        }
    }

    /// `tone`: `busy`, `bad`, `good` or nothing.
    pub fn say(&self, tone: &str, text: &str) {
        if self.before.borrow().as_deref() == Some(text) {
            return;
        }
        self.before.take();
        set(&self.root, "data-tone", tone);
        if *self.said.borrow() != text {
            self.late.replace(None);
            self.said.replace(text.to_owned());
            mark(&self.root, "data-fresh", true);
            self.root.set_text_content(Some(text));
        }
    }

    /// The same of what only servers are busy with; should they take longer
    /// than usual, that is said too.
    pub fn say_busy(&self, text: &str, still_busy: &'static str) {
        self.say("busy", text);
        let root = self.root.clone();
        let mut longer = text.to_owned();
        longer.push(' ');
        longer.push_str(still_busy);
        self.late.borrow_mut().get_or_insert_with(|| {
            Timeout::new(USUAL_MS, move || root.set_text_content(Some(&longer)))
        });
    }
}
