//! The line that says what goes on: the drop-in's live region, there from the
//! start.

use web_sys::HtmlElement;

use crate::ui::dom::{make, mark, set};

#[derive(Clone)]
pub struct StatusLine {
    pub root: HtmlElement,
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
        let root = make("p", &attributes);
        StatusLine { root }
    }

    /// The shopper goes on: it need not stay in sight any longer.
    pub fn is_seen(&self) {
        mark(&self.root, "data-fresh", false);
    }

    /// `tone`: `busy`, `bad`, `good` or nothing.
    pub fn say(&self, tone: &str, text: &str) {
        set(&self.root, "data-tone", tone);
        if self.root.text_content().as_deref() != Some(text) {
            mark(&self.root, "data-fresh", true);
            self.root.set_text_content(Some(text));
        }
    }
}
