//! What a payment under way asks of the shopper, and how far it is: a one-time
//! code, a picture to scan, a terminal at work.

mod code;
mod scan;

use std::rc::Weak;
use web_sys::Element;

use crate::browser::driver::Driver;
use crate::core::flow::checkout::{Doing, View};
use crate::core::text::Texts;
use crate::ui::dom::{append, element, labelled, set, set_text, show};
use crate::ui::status::StatusLine;
use crate::wire::merchant::{Next, stage};
use code::CodeForm;
use scan::Scan;

pub struct Waiting {
    pub root: Element,
    texts: &'static Texts,
    status: StatusLine,
    code: CodeForm,
    scan: Scan,
    stage: Element,
    /// Why the payment is still under way, where the shopper wanted out.
    note: Element,
}

impl Waiting {
    pub fn new(texts: &'static Texts, status: &StatusLine, driver: &Weak<Driver>) -> Self {
        let root = element("div", &[("part", "waiting")]);
        let code = CodeForm::new(texts, status, driver);
        let scan = Scan::new(texts, status);
        // The status says the same in words.
        let stage = element("ol", &[("part", "stage"), ("aria-hidden", "true")]);
        for name in [texts.stage_sending, texts.stage_on_terminal] {
            let step = labelled("li", &[], name);
            append(&stage, &[&step]);
        }
        let note = element("p", &[("part", "note"), ("role", "status")]);
        append(&root, &[&note, code.root(), &scan.root, &stage]);
        Waiting {
            root,
            texts,
            status: status.clone(),
            code,
            scan,
            stage,
            note,
        }
    }

    /// Shows what the view waits for. True where it says so by itself.
    pub fn draw(&self, view: &View) -> bool {
        let (next, doing, not_canceled) = match view {
            View::Waiting {
                payment,
                doing,
                not_canceled,
                ..
            } => (
                payment.and_then(|payment| payment.next.as_ref()),
                Some(*doing),
                *not_canceled,
            ),
            _ => (None, None, false),
        };
        let otp = match (next, doing) {
            (
                Some(Next::Otp(otp)),
                Some(Doing::Code {
                    checking,
                    can_resend,
                }),
            ) => Some((&**otp, checking, can_resend)),
            _ => None,
        };
        let image = match (next, doing) {
            (Some(Next::Qr(qr)), Some(Doing::Scan)) => Some(qr.image.as_str()),
            _ => None,
        };
        let reached = match (next, doing) {
            (Some(Next::Wait(wait)), Some(Doing::Elsewhere)) => wait.stage.as_deref(),
            _ => None,
        };
        set_text(
            &self.note,
            if not_canceled {
                self.texts.not_canceled
            } else {
                ""
            },
        );
        self.code.draw(otp);
        self.scan.draw(image);
        let staged = self.draw_stage(reached);
        otp.is_some() || image.is_some() || staged
    }

    /// True where the focus is on something of it.
    pub fn has_focus(&self) -> bool {
        self.root
            .query_selector(":focus")
            .is_ok_and(|found| found.is_some())
    }

    fn draw_stage(&self, reached: Option<&str>) -> bool {
        let text = match reached {
            Some(stage::SENDING) => Some(self.texts.terminal_sending),
            Some(stage::ON_TERMINAL) => Some(self.texts.terminal_ready),
            _ => None,
        };
        show(&self.stage, text.is_some());
        if let (Some(reached), Some(text)) = (reached, text) {
            set(&self.stage, "data-stage", reached);
            self.status.say("busy", text);
        }
        text.is_some()
    }
}
