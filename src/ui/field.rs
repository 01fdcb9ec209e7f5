//! One field of a form: label, input, hint, error. The input is
//! uncontrolled: its text lives in the browser's own control and nowhere else.

use gloo_timers::callback::Timeout;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement, InputEvent};

use crate::browser::listen::Listener;
use crate::core::edit::{self, Edit};
use crate::core::field::{Fault, Faults, Field};
use crate::core::secret::Secret;
use crate::core::text::Texts;
use crate::ui::dom::{append, element, insert, labelled, make, mark, set, set_text, show};

/// A field is left as soon as the mouse is pressed elsewhere. What is said of
/// it makes room for itself, and so has to wait until the press is over: the
/// button would move away from under the finger.
const PRESS_MS: u32 = 250;

pub struct FieldView {
    pub field: Field,
    pub root: Element,
    pub input: HtmlInputElement,
    /// Above the input, where it takes nothing of its width: the card's brand.
    pub badge: Option<Element>,
    hint: Element,
    error: Element,
    texts: &'static Texts,
}

impl FieldView {
    /// `form` goes before the ids, which other forms on the page have too.
    pub fn new(field: Field, form: &str, texts: &'static Texts) -> Rc<Self> {
        let name = field.name();
        let mut id = String::from(form);
        if !form.is_empty() {
            id.push('-');
        }
        id.push_str(name);
        let root = element("div", &[("class", "field"), ("part", "field")]);
        let label = labelled(
            "label",
            &[("for", &id), ("part", "label")],
            texts.label(field),
        );
        let input: HtmlInputElement = make("input", attributes(field));
        for (attribute, value) in [("id", id.as_str()), ("name", name), ("part", "input")] {
            set(&input, attribute, value);
        }
        let [error_id, hint_id] = ["-error", "-hint"].map(|end| {
            let mut id = id.clone();
            id.push_str(end);
            id
        });
        let mut described = error_id.clone();
        described.push(' ');
        described.push_str(&hint_id);
        set(&input, "aria-describedby", &described);
        match field {
            Field::Expiry => input.set_placeholder(texts.expiry_hint),
            Field::Phone => input.set_placeholder(texts.phone_hint),
            _ => {}
        }
        let error = element(
            "p",
            &[("class", "error"), ("part", "error"), ("id", &error_id)],
        );
        if field == Field::Code {
            // Comes from the server, long after the button was pressed.
            set(&error, "role", "alert");
        }
        let hint = element(
            "p",
            &[("class", "hint"), ("part", "hint"), ("id", &hint_id)],
        );
        append(&root, &[&label, &input, &error, &hint]);
        let badge = match field {
            Field::Number => {
                let badge = element("span", &[("class", "brand"), ("part", "brand")]);
                insert(&root, &[&badge], Some(&input));
                Some(badge)
            }
            _ => None,
        };
        let view = FieldView {
            field,
            root,
            input,
            badge,
            hint,
            error,
            texts,
        };
        view.set_fault(None);
        view.set_hint(match field {
            Field::Cvc => texts.cvc_hint,
            _ => "",
        });
        Rc::new(view)
    }

    /// What was typed.
    pub fn secret(&self) -> Secret {
        Secret::new(self.input.value())
    }

    pub fn wipe(&self) {
        self.input.set_value("");
        self.set_fault(None);
    }

    pub fn set_fault(&self, fault: Option<Fault>) {
        self.set_error(fault.map_or("", |fault| self.texts.fault(self.field, fault)));
    }

    /// The same in words of another's.
    pub fn set_error(&self, text: &str) {
        set_text(&self.error, text);
        show(&self.error, !text.is_empty());
        self.show_hint(text.is_empty());
        mark(&self.input, "aria-invalid", !text.is_empty());
    }

    pub fn set_hint(&self, text: &str) {
        set_text(&self.hint, text);
        self.show_hint(self.error.has_attribute("hidden"));
    }

    /// An error takes the hint's place.
    fn show_hint(&self, wanted: bool) {
        let empty = self.hint.text_content().is_none_or(|text| text.is_empty());
        show(&self.hint, wanted && !empty);
    }

    /// Regroups what is typed; `then` follows each change.
    pub fn on_input(self: &Rc<Self>, then: impl Fn(&FieldView) + 'static) -> Listener {
        let view = Rc::downgrade(self);
        Listener::new(&self.input, "input", move |event| {
            let Some(view) = view.upgrade() else { return };
            // An input method is still at work: hands off.
            let composing = event
                .dyn_ref::<InputEvent>()
                .is_some_and(InputEvent::is_composing);
            if !composing {
                view.regroup();
            }
            view.set_fault(None);
            then(&view);
        })
    }

    /// A field that was changed and left.
    pub fn on_leave(self: &Rc<Self>, then: impl Fn(&FieldView) + 'static) -> Listener {
        let view = Rc::downgrade(self);
        let then = Rc::new(then);
        let mut _soon = None;
        Listener::new(&self.input, "change", move |_| {
            let (view, then) = (view.clone(), then.clone());
            _soon = Some(Timeout::new(PRESS_MS, move || {
                if let Some(view) = view.upgrade() {
                    then(&view);
                }
            }));
        })
    }

    fn regroup(&self) {
        let edit: fn(&str, usize) -> Edit = match self.field {
            Field::Number | Field::CardNumber => edit::number,
            Field::Expiry => edit::expiry,
            Field::Code => edit::code,
            _ => return,
        };
        let typed = self.secret();
        let caret = self.input.selection_start().ok().flatten();
        let edit = edit(
            typed.expose(),
            caret.map_or(usize::MAX, |caret| {
                usize::try_from(caret).unwrap_or(usize::MAX)
            }),
        );
        let edited = Secret::new(edit.text);
        if edited.expose() != typed.expose() {
            self.input.set_value(edited.expose());
            let caret = u32::try_from(edit.caret).unwrap_or(u32::MAX);
            let _ = self.input.set_selection_range(caret, caret);
        }
    }
}

/// Says what is wrong where it is, and leads to the first.
pub fn show_faults(fields: &[Rc<FieldView>], faults: &Faults) {
    let mut first = None;
    for view in fields {
        let fault = faults.iter().find(|(faulty, _)| *faulty == view.field);
        view.set_fault(fault.map(|(_, fault)| *fault));
        if fault.is_some() {
            first = first.or(Some(view));
        }
    }
    if let Some(first) = first {
        let _ = first.input.focus();
    }
}

fn attributes(field: Field) -> &'static [(&'static str, &'static str)] {
    match field {
        Field::Number => &[
            ("autocomplete", "cc-number"),
            ("inputmode", "numeric"),
            ("dir", "ltr"),
            ("translate", "no"),
            ("spellcheck", "false"),
        ],
        Field::Expiry => &[
            ("autocomplete", "cc-exp"),
            ("inputmode", "numeric"),
            ("dir", "ltr"),
            ("translate", "no"),
        ],
        Field::Cvc => &[
            ("autocomplete", "cc-csc"),
            ("inputmode", "numeric"),
            ("maxlength", "4"),
            ("dir", "ltr"),
            ("translate", "no"),
        ],
        Field::Holder => &[
            ("autocomplete", "cc-name"),
            ("autocapitalize", "words"),
            ("maxlength", "60"),
            ("spellcheck", "false"),
            ("translate", "no"),
        ],
        Field::FullName => &[
            ("autocomplete", "name"),
            ("autocapitalize", "words"),
            ("spellcheck", "false"),
        ],
        Field::Phone => &[
            ("autocomplete", "tel-national"),
            ("type", "tel"),
            ("inputmode", "tel"),
            ("dir", "ltr"),
        ],
        Field::Email => &[
            ("autocomplete", "email"),
            ("type", "email"),
            ("inputmode", "email"),
            ("dir", "ltr"),
            ("spellcheck", "false"),
        ],
        Field::IdentityNumber => &[
            ("autocomplete", "off"),
            ("inputmode", "numeric"),
            ("maxlength", "11"),
            ("dir", "ltr"),
            ("translate", "no"),
        ],
        // No `cc-number`: the browser would offer bank cards, or keep this one.
        Field::CardNumber | Field::FirstDigits | Field::LastDigits => &[
            ("autocomplete", "off"),
            ("inputmode", "numeric"),
            ("dir", "ltr"),
            ("translate", "no"),
            ("spellcheck", "false"),
        ],
        Field::Code => &[
            ("autocomplete", "one-time-code"),
            ("inputmode", "numeric"),
            ("dir", "ltr"),
            ("translate", "no"),
        ],
    }
}
