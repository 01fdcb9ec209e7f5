//! The form that every method's fields stand in, with its own button to pay;
//! and what it is told of the order. Knows no method.

use std::cell::Cell;
use std::rc::{Rc, Weak};
use web_sys::{Element, HtmlFormElement, Node};

use crate::browser::driver::{Driver, dispatch};
use crate::browser::listen::Listener;
use crate::browser::page;
use crate::core::field::Faults;
use crate::core::flow::{Event, How};
use crate::core::text::{Texts, fill};
use crate::ui::dom::{append, element, insert, labelled, make, set_text};
use crate::ui::field::FieldView;
use crate::ui::intl::format_amount;
use crate::ui::status::StatusLine;

/// What every form is made with.
pub struct Context {
    pub texts: &'static Texts,
    pub driver: Weak<Driver>,
    /// Minor units of `currency`.
    pub amount: i64,
    pub currency: String,
    /// A payment is being started: nothing may be changed meanwhile.
    pub busy: Cell<bool>,
    pub status: StatusLine,
}

impl Context {
    pub fn money(&self, minor_units: i64) -> String {
        format_amount(minor_units, &self.currency, self.texts.tag)
    }

    /// Says what is wrong: at each field, and how much of it there is in all;
    /// leads to the first.
    pub fn refuse(&self, fields: &[Rc<FieldView>], faults: &Faults) {
        let mut first = None;
        let mut names = String::new();
        for view in fields {
            let fault = faults.iter().find(|(faulty, _)| *faulty == view.field);
            view.set_fault(fault.map(|(_, fault)| *fault));
            if fault.is_some() {
                first = first.or(Some(view));
                names.push_str(if names.is_empty() { " " } else { ", " });
                names.push_str(self.texts.label(view.field));
            }
        }
        let mut summary = fill(self.texts.check_fields, &faults.len().to_string());
        summary.push_str(&names);
        self.status.sum_up(&summary);
        if let Some(first) = first {
            let _ = first.input.focus();
        }
    }

    pub fn pay(&self, how: How) {
        if let Ok(key) = page::idempotency_key() {
            dispatch(&self.driver, Event::Pay { how, key });
        }
    }
}

pub struct Form {
    pub root: HtmlFormElement,
    pub context: Rc<Context>,
    pub button: PayButton,
}

impl Form {
    pub fn new(context: &Rc<Context>) -> Self {
        let root: HtmlFormElement = make("form", &[("part", "form"), ("novalidate", "")]);
        let button = PayButton {
            root: element("button", &[("part", "pay"), ("type", "submit")]),
            context: context.clone(),
        };
        button.say(context.amount);
        append(&root, &[&button.root]);
        Form {
            root,
            context: context.clone(),
            button,
        }
    }

    /// Puts them above the button.
    pub fn put(&self, nodes: &[&Node]) {
        insert(&self.root, nodes, Some(&self.button.root));
    }

    /// Says what will happen; nothing where there is nothing to say.
    pub fn put_note(&self, text: &str) {
        if text.is_empty() {
            return;
        }
        let note = labelled("p", &[("part", "about")], text);
        self.put(&[&note])
    }

    /// By the button, which Enter in a field presses too. Not by the form's own
    /// event: a sandboxed frame that may send no forms never tells it.
    pub fn on_submit(&self, then: impl Fn() + 'static) -> Listener {
        let context = self.context.clone();
        Listener::new(&self.button.root, "click", move |event| {
            event.prevent_default();
            if !context.busy.get() {
                then();
            }
        })
    }
}

/// The button says what will be paid.
#[derive(Clone)]
pub struct PayButton {
    pub root: Element,
    context: Rc<Context>,
}

impl PayButton {
    /// `minor_units` of the order's currency.
    pub fn say(&self, minor_units: i64) {
        let amount = self.context.money(minor_units);
        set_text(&self.root, &fill(self.context.texts.pay, &amount));
    }
}
