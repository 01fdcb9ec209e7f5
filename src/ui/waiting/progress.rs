//! How far a payment is, as three steps of a way. Out of the reach of screen
//! readers: the status says the same in words.

use web_sys::Element;

use crate::core::flow::checkout::{Doing, View};
use crate::core::text::Texts;
use crate::ui::dom::{append, element, labelled, set, set_text, show};
use crate::wire::merchant::{Method, Next, stage};

pub struct Progress {
    pub root: Element,
    texts: &'static Texts,
    steps: [Element; 3],
}

/// Where a payment stands on its way.
struct Place {
    /// Names of the first steps; the last is the result.
    first: &'static str,
    second: &'static str,
    /// `1` to `3`.
    step: &'static str,
    /// Of a terminal, as the merchant server names it.
    stage: &'static str,
}

impl Progress {
    pub fn new(texts: &'static Texts) -> Self {
        let root = element("ol", &[("part", "stage"), ("aria-hidden", "true")]);
        let steps = ["", "", texts.step_result].map(|name| labelled("li", &[], name));
        for step in &steps {
            append(&root, &[step]);
        }
        Progress { root, texts, steps }
    }

    pub fn draw(&self, view: &View) {
        let place = self.place(view);
        show(&self.root, place.is_some());
        let Some(place) = place else { return };
        let [first, second, _] = &self.steps;
        set_text(first, place.first);
        set_text(second, place.second);
        set(&self.root, "data-step", place.step);
        set(&self.root, "data-stage", place.stage);
    }

    /// `None` where the way is not known, or is being left.
    fn place(&self, view: &View) -> Option<Place> {
        let View::Waiting {
            payment: Some(payment),
            doing,
            ..
        } = view
        else {
            return None;
        };
        let texts = self.texts;
        let step = match doing {
            Doing::Checking | Doing::Canceling => return None,
            Doing::Confirming | Doing::Code { checking: true, .. } => "3",
            _ => "2",
        };
        let begun = |second, step| Place {
            first: texts.step_started,
            second,
            step,
            stage: "",
        };
        let terminal = |step, stage| Place {
            first: texts.stage_sending,
            second: texts.stage_on_terminal,
            step,
            stage,
        };
        match &payment.next {
            Some(Next::Otp(_)) => Some(begun(texts.step_code, step)),
            Some(Next::Qr(_)) => Some(begun(texts.step_scan, step)),
            Some(Next::Wait(wait)) => match wait.stage.as_deref() {
                Some(stage::SENDING) => Some(terminal("1", stage::SENDING)),
                Some(stage::ON_TERMINAL) => Some(terminal("2", stage::ON_TERMINAL)),
                _ => None,
            },
            _ => match payment.method.as_str() {
                Method::CARD | Method::SAVED_CARD => Some(begun(texts.step_bank, step)),
                Method::TERMINAL => Some(terminal(step, "")),
                _ => Some(begun(texts.step_page, step)),
            },
        }
    }
}
