//! What a payment under way asks of the shopper, and how far it is: a one-time
//! code, a picture to scan, a terminal at work.

mod code;
mod progress;
mod scan;
mod sms;

use std::rc::Weak;
use web_sys::Element;

use crate::browser::driver::Driver;
use crate::core::flow::checkout::{Doing, View};
use crate::core::text::Texts;
use crate::ui::dom::{append, element, set_text};
use crate::ui::status::StatusLine;
use crate::wire::merchant::{Next, stage};
use code::CodeForm;
use progress::Progress;
use scan::Scan;

pub struct Waiting {
    pub root: Element,
    texts: &'static Texts,
    status: StatusLine,
    code: CodeForm,
    scan: Scan,
    progress: Progress,
    /// Why the payment is still under way, where the shopper wanted out.
    note: Element,
}

impl Waiting {
    pub fn new(texts: &'static Texts, status: &StatusLine, driver: &Weak<Driver>) -> Self {
        let root = element("div", &[("part", "waiting")]);
        let code = CodeForm::new(texts, status, driver);
        let scan = Scan::new(texts, status);
        let progress = Progress::new(texts);
        let note = element("p", &[("part", "note"), ("role", "status")]);
        append(&root, &[&progress.root, &note, code.root(), &scan.root]);
        Waiting {
            root,
            texts,
            status: status.clone(),
            code,
            scan,
            progress,
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
            (Some(Next::Wait(wait)), Some(Doing::Elsewhere)) => match wait.stage.as_deref() {
                Some(stage::SENDING) => Some(self.texts.terminal_sending),
                Some(stage::ON_TERMINAL) => Some(self.texts.terminal_ready),
                _ => None,
            },
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
        self.progress.draw(view);
        if let Some(text) = reached {
            self.status.say("busy", text);
        }
        otp.is_some() || image.is_some() || reached.is_some()
    }

    /// True where the focus is on something of it.
    pub fn has_focus(&self) -> bool {
        self.root
            .query_selector(":focus")
            .is_ok_and(|found| found.is_some())
    }
}
