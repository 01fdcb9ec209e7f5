//! The card form. Judges what was typed by the core's rules, and hands a good
//! card to the driver; what is wrong is said at its field.

use std::rc::{Rc, Weak};
use wasm_bindgen::JsValue;
use web_sys::{HtmlButtonElement, HtmlFormElement};

use crate::browser::driver::{Driver, dispatch};
use crate::browser::listen::Listener;
use crate::browser::page;
use crate::core::card::{self, Brand, CardInput};
use crate::core::field::Field;
use crate::core::flow::{Event, How};
use crate::core::text::Texts;
use crate::ui::dom::{append, element, make, set_text, show};
use crate::ui::field::FieldView;

pub struct CardForm {
    pub root: HtmlFormElement,
    pay: HtmlButtonElement,
    fields: Rc<[Rc<FieldView>; 4]>,
    _listeners: Vec<Listener>,
}

impl CardForm {
    /// `amount` is formatted.
    pub fn new(
        texts: &'static Texts,
        amount: &str,
        driver: &Weak<Driver>,
    ) -> Result<Self, JsValue> {
        let root: HtmlFormElement = make("form", &[("part", "form"), ("novalidate", "")])?;
        let controls = element("fieldset", &[("aria-labelledby", "title")])?;
        let title = element("h2", &[("id", "title"), ("part", "title")])?;
        title.set_text_content(Some(texts.title));

        let field = |field| FieldView::new(field, texts);
        let fields = [
            field(Field::Number)?,
            field(Field::Expiry)?,
            field(Field::Cvc)?,
            field(Field::Holder)?,
        ];
        let [number, expiry, cvc, holder] = &fields;
        let row = element("div", &[("class", "row")])?;
        append(&row, &[&expiry.root, &cvc.root])?;

        let pay: HtmlButtonElement = make("button", &[("part", "pay"), ("type", "submit")])?;
        pay.set_text_content(Some(&texts.pay.replace("{}", amount)));
        let secure = element("p", &[("class", "secure"), ("part", "secure")])?;
        secure.set_text_content(Some(texts.secure));
        append(
            &controls,
            &[&title, &number.root, &row, &holder.root, &pay, &secure],
        )?;
        append(&root, &[&controls])?;

        let fields = Rc::new(fields);
        let listeners = listeners(&root, &fields, texts, driver);
        let form = CardForm {
            root,
            pay,
            fields,
            _listeners: listeners,
        };
        form.wipe();
        Ok(form)
    }

    /// Keeps what was typed and where the focus is, and lets nothing be typed
    /// meanwhile. Not `disabled`, which would drop the focus.
    pub fn set_busy(&self, busy: bool) {
        for field in self.fields.iter() {
            field.input.set_read_only(busy);
        }
        let value = if busy { "true" } else { "false" };
        let _ = self.pay.set_attribute("aria-disabled", value);
    }

    pub fn wipe(&self) {
        for field in self.fields.iter() {
            field.wipe();
            show_brand(field);
        }
    }
}

impl Drop for CardForm {
    fn drop(&mut self) {
        self.wipe();
    }
}

fn listeners(
    root: &HtmlFormElement,
    fields: &Rc<[Rc<FieldView>; 4]>,
    texts: &'static Texts,
    driver: &Weak<Driver>,
) -> Vec<Listener> {
    let mut listeners = Vec::new();
    for field in fields.iter() {
        listeners.push(field.on_input(|field| {
            show_brand(field);
            if field.field == Field::Number {
                field.set_hint("");
            }
        }));
        let all = Rc::downgrade(fields);
        listeners.push(field.on_leave(move |field| {
            if let Some(all) = all.upgrade() {
                left(field, &all, texts);
            }
        }));
    }
    let submit = {
        let (fields, driver) = (fields.clone(), driver.clone());
        Listener::new(root, "submit", move |event| {
            event.prevent_default();
            pay(&fields, &driver);
        })
    };
    listeners.push(submit);
    // The back/forward cache would keep the page with all that was typed.
    if let Some(window) = page::window() {
        let fields = fields.clone();
        listeners.push(Listener::new(&window, "pagehide", move |_| {
            for field in fields.iter() {
                field.wipe();
            }
        }));
    }
    listeners
}

/// Says what is wrong with a field that was left, if anything was typed.
fn left(field: &FieldView, all: &[Rc<FieldView>; 4], texts: &'static Texts) {
    let input = typed(all);
    let fault = card::fault(field.field, &input, page::today());
    if field.input.value().is_empty() {
        return;
    }
    field.set_fault(fault);
    if field.field == Field::Number && fault.is_none() {
        let likely = card::luhn(card::digits(input.number.expose()).expose());
        field.set_hint(if likely { "" } else { texts.number_unlikely });
    }
}

fn typed(fields: &[Rc<FieldView>; 4]) -> CardInput {
    let [number, expiry, cvc, holder] = fields;
    CardInput {
        number: number.secret(),
        expiry: expiry.secret(),
        cvc: cvc.secret(),
        holder: holder.secret(),
    }
}

fn pay(fields: &[Rc<FieldView>; 4], driver: &Weak<Driver>) {
    match card::check(&typed(fields), page::today()) {
        Ok(card) => {
            if let Ok(key) = page::idempotency_key() {
                let how = How::Card {
                    card,
                    installments: 1,
                    save: false,
                };
                let event = Event::Pay { how, key };
                dispatch(driver, event);
            }
        }
        Err(faults) => {
            let fault_of = |field| {
                faults
                    .iter()
                    .find(|(faulty, _)| *faulty == field)
                    .map(|(_, fault)| *fault)
            };
            for view in fields {
                view.set_fault(fault_of(view.field));
            }
            if let Some(first) = fields.iter().find(|view| fault_of(view.field).is_some()) {
                let _ = first.input.focus();
            }
        }
    }
}

fn show_brand(field: &FieldView) {
    if let Some(badge) = &field.badge {
        let brand = Brand::of(card::digits(field.secret().expose()).expose());
        set_text(badge, brand.map_or("", Brand::name));
        show(badge, brand.is_some());
    }
}
