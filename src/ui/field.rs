//! One field of a form: label, input, hint, error. The input is
//! uncontrolled: its text lives in the browser's own control and nowhere else.

use std::cell::Cell;
use std::rc::{Rc, Weak};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlInputElement, InputEvent};

use crate::browser::listen::Listener;
use crate::core::edit::{self, Stroke};
use crate::core::field::{Fault, Field};
use crate::core::secret::Secret;
use crate::core::text::Texts;
use crate::ui::dom::{append, command, element, insert, labelled, make, mark, set, set_text, show};

/// What is wrong with a text, by the rules of its form.
pub type Judge = fn(Field, &Secret) -> Option<Fault>;

pub struct FieldView {
    pub field: Field,
    pub root: Element,
    pub input: HtmlInputElement,
    /// Above the input, where it takes nothing of its width: the card's brand.
    pub badge: Option<Element>,
    hint: Element,
    error: Element,
    texts: &'static Texts,
    judge: Judge,
    /// How many digits there were before the last stroke; not the digits.
    digits: Cell<usize>,
    /// Of a one-time code, where it is known.
    pub code_length: Cell<Option<u8>>,
    /// What comes in now is of our own making.
    at_work: Cell<bool>,
    _listeners: [Listener; 4],
}

impl FieldView {
    /// `form` goes before the ids, which other forms on the page have too.
    pub fn new(field: Field, form: &str, texts: &'static Texts, judge: Judge) -> Rc<Self> {
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
        let input = input(field, &id, texts);
        let [error, hint] = ["error", "hint"].map(|what| {
            let id = below(&id, what);
            element("p", &[("class", what), ("part", what), ("id", &id)])
        });
        if field == Field::Code {
            // Comes from the server, long after the button was pressed.
            set(&error, "role", "alert");
        }
        let says = element(
            "div",
            &[("class", "says"), ("data-room", longest(field, texts))],
        );
        append(&says, &[&error, &hint]);
        append(&root, &[&label, &input, &says]);
        let badge = (field == Field::Number).then(|| {
            let badge = element("span", &[("class", "brand"), ("part", "brand")]);
            insert(&root, &[&badge], Some(&input));
            badge
        });
        let view = Rc::new_cyclic(|weak| FieldView {
            field,
            root,
            badge,
            hint,
            error,
            texts,
            judge,
            digits: Cell::new(0),
            code_length: Cell::new(None),
            at_work: Cell::new(false),
            _listeners: listeners(weak, &input),
            input,
        });
        view.set_fault(None);
        view.set_hint(match field {
            Field::Cvc => texts.cvc_hint,
            _ => "",
        });
        view
    }

    /// What was typed.
    pub fn secret(&self) -> Secret {
        Secret::new(self.input.value())
    }

    /// As if it had been typed.
    pub fn fill(&self, text: &str) {
        self.input.set_value(text);
        self.regroup(None);
        self.set_fault(None);
    }

    pub fn wipe(&self) {
        self.input.set_value("");
        self.digits.set(0);
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
        self.show_hint(!self.is_faulty());
    }

    /// An error takes the hint's place.
    fn show_hint(&self, wanted: bool) {
        let empty = self.hint.text_content().is_none_or(|text| text.is_empty());
        show(&self.hint, wanted && !empty);
    }

    /// Whether something is said to be wrong with it.
    pub fn is_faulty(&self) -> bool {
        !self.error.has_attribute("hidden")
    }

    fn fault(&self) -> Option<Fault> {
        (self.judge)(self.field, &self.secret())
    }

    /// Nothing is said to be wrong while it is typed, and what was said goes as
    /// soon as it is mended.
    fn typed(&self, event: &Event) {
        let by_hand = event.dyn_ref::<InputEvent>();
        // An input method is still at work: hands off.
        if self.at_work.get() || by_hand.is_some_and(InputEvent::is_composing) {
            return;
        }
        self.regroup(by_hand.map(InputEvent::input_type));
        if self.is_faulty() && self.fault().is_none() {
            self.set_fault(None);
        }
    }

    /// Says what is wrong; of an empty field only where something was said.
    fn left(&self) {
        let fault = self.fault();
        if fault.is_some() && (self.is_faulty() || !self.input.value().is_empty()) {
            self.set_fault(fault);
        }
    }

    /// `kind`: the input event's, where a person's stroke made it.
    fn regroup(&self, kind: Option<String>) {
        let typed = self.secret();
        let count = edit::count_digits(typed.expose());
        let same = self.digits.replace(count) == count;
        let kind = kind.as_deref();
        let stroke = match kind {
            Some("deleteContentBackward") if same => Stroke::ErasedGapBack,
            Some("deleteContentForward") if same => Stroke::ErasedGapOn,
            Some(kind) if kind.starts_with("delete") => Stroke::Erased,
            _ => Stroke::Wrote,
        };
        let caret = self.input.selection_start().ok().flatten();
        let caret = caret.map_or(usize::MAX, |caret| caret as usize);
        let length = self.code_length.get();
        let Some(edit) = edit::edit(self.field, typed.expose(), caret, stroke, length) else {
            return;
        };
        let edited = Secret::new(edit.text);
        if edited.expose() == typed.expose() {
            return;
        }
        // Between what was typed and what we made of it: one step further.
        let further = match kind {
            Some("historyUndo") => command("undo", ""),
            Some("historyRedo") => command("redo", ""),
            _ => false,
        };
        if !further {
            self.replace(typed.expose(), edited.expose(), edit.caret, kind.is_some());
            self.digits.set(edit::count_digits(edited.expose()));
        }
    }

    /// By an edit where there is one to be undone: setting the value would
    /// forget all that can be.
    fn replace(&self, typed: &str, edited: &str, caret: usize, by_hand: bool) {
        let input = &self.input;
        let here = input.matches(":focus").unwrap_or(false);
        if here && by_hand {
            let (from, to, text) = difference(typed, edited);
            let _ = input.set_selection_range(from, to);
            self.at_work.set(true);
            command(
                if text.is_empty() {
                    "delete"
                } else {
                    "insertText"
                },
                text,
            );
            self.at_work.set(false);
        }
        if Secret::new(input.value()).expose() != edited {
            input.set_value(edited);
        }
        // In some browsers this takes the focus.
        if here {
            let caret = caret as u32;
            let _ = input.set_selection_range(caret, caret);
        }
    }
}

/// From where to where `typed` has to become which text, so that it is
/// `edited`; in UTF-16 units, of which a digit or a separator is one.
fn difference<'a>(typed: &str, edited: &'a str) -> (u32, u32, &'a str) {
    let same = |(one, other): &(char, char)| one == other;
    let start = typed.chars().zip(edited.chars()).take_while(same).count();
    let rest = typed.chars().count().min(edited.len()) - start;
    let ends = typed.chars().rev().zip(edited.chars().rev());
    let end = ends.take(rest).take_while(same).count();
    let text = edited.get(start..edited.len() - end).unwrap_or_default();
    let length = typed.encode_utf16().count();
    (start as u32, (length - end) as u32, text)
}

fn listeners(view: &Weak<FieldView>, input: &HtmlInputElement) -> [Listener; 4] {
    let on = |kind, heard: fn(&FieldView, &Event)| {
        let view = view.clone();
        Listener::new(input, kind, move |event| {
            if let Some(view) = view.upgrade() {
                heard(&view, &event);
            }
        })
    };
    [
        on("input", FieldView::typed),
        on("compositionend", FieldView::typed),
        // Filled in by the browser, it is never entered or left.
        on("change", |view, _| view.left()),
        on("blur", |view, _| view.left()),
    ]
}

fn input(field: Field, id: &str, texts: &Texts) -> HtmlInputElement {
    let input: HtmlInputElement = make("input", attributes(field));
    let mut described = below(id, "error");
    described.push(' ');
    described.push_str(&below(id, "hint"));
    for (name, value) in [
        ("id", id),
        ("name", field.name()),
        ("part", "input"),
        ("aria-describedby", &described),
    ] {
        set(&input, name, value);
    }
    match field {
        Field::Expiry => input.set_placeholder(texts.expiry_hint),
        Field::Phone => input.set_placeholder(texts.phone_hint),
        _ => {}
    }
    input
}

fn below(id: &str, what: &str) -> String {
    let mut id = String::from(id);
    id.push('-');
    id.push_str(what);
    id
}

/// The longest that can be said of a field: the room for it is kept, so that
/// nothing moves when it is said.
fn longest(field: Field, texts: &Texts) -> &'static str {
    let others = match field {
        Field::Number => [texts.number_unlikely, ""],
        Field::Cvc => [texts.cvc_hint, texts.cvc_hint_amex],
        Field::Code => [texts.code_wrong, ""],
        _ => [""; 2],
    };
    [Fault::Missing, Fault::Invalid, Fault::Expired]
        .map(|fault| texts.fault(field, fault))
        .into_iter()
        .chain(others)
        .fold("", |longest, text| {
            if text.chars().count() > longest.chars().count() {
                text
            } else {
                longest
            }
        })
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
