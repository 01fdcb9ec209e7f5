//! The line that says what goes on: the drop-in's live region, there from the
//! start.

use web_sys::HtmlElement;

use crate::ui::dom::{make, set, set_text};

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

    /// `tone`: `busy`, `bad`, `good` or nothing.
    pub fn say(&self, tone: &str, text: &str) {
        set(&self.root, "data-tone", tone);
        set_text(&self.root, text);
    }
}
