//! A new card. Judges what was typed by the core's rules, and hands a good card
//! to the driver; what is wrong is said at its field.

use std::rc::Rc;
use web_sys::{HtmlFormElement, HtmlInputElement};

use crate::browser::listen::Listener;
use crate::browser::page;
use crate::core::card::{self, Brand, CardInput};
use crate::core::field::Field;
use crate::core::flow::How;
use crate::core::flow::checkout::Checkout;
use crate::core::text::Texts;
use crate::ui::choice;
use crate::ui::dom::{append, element, labelled, set, set_text, show};
use crate::ui::field::FieldView;
use crate::ui::form::{Context, Form};
use crate::ui::icon::Icon;
use crate::ui::methods::{Body, Offered};
use crate::ui::plans::Plans;

/// Fewer digits are still being typed; more name no issuer.
const BIN_LENGTH: usize = 8;

pub(super) fn offered(save: bool, context: &Rc<Context>) -> Offered {
    Offered {
        name: context.texts.method_card.to_owned(),
        aside: "",
        icon: Icon::CARD,
        body: Box::new(CardForm::new(save, context)),
    }
}

struct CardForm {
    form: Form,
    fields: Rc<Fields>,
    plans: Rc<Plans>,
    _listeners: Vec<Listener>,
}

type Fields = [Rc<FieldView>; 4];

impl CardForm {
    /// `save`: the card may be kept for the next order.
    fn new(save: bool, context: &Rc<Context>) -> Self {
        let form = Form::new(context);
        let texts = context.texts;
        // These ids are the card's alone; the other forms' have their form's before them.
        let field = |field| {
            FieldView::new(field, "", texts, |field, typed| {
                card::fault(field, typed, page::today())
            })
        };
        let fields = [
            field(Field::Number),
            field(Field::Expiry),
            field(Field::Cvc),
            field(Field::Holder),
        ];
        let [number, expiry, cvc, holder] = &fields;
        let row = element("div", &[("class", "row")]);
        append(&row, &[&expiry.root, &cvc.root]);
        form.put(&[&number.root, &row, &holder.root]);
        let plans = Rc::new(Plans::new(&form));
        let save = if save {
            let (label, input) = choice::checkbox("save", texts.save_card);
            form.put(&[&label]);
            Some(input)
        } else {
            None
        };
        let secure = element("p", &[("class", "secure"), ("part", "secure")]);
        let note = labelled("span", &[], texts.secure);
        append(&secure, &[&Icon::LOCK.draw(), &note]);
        append(&form.root, &[&secure]);

        let fields = Rc::new(fields);
        let mut listeners = listeners(&fields, texts);
        listeners.push(form.on_submit({
            let (fields, plans, context) = (fields.clone(), plans.clone(), context.clone());
            move || pay(&fields, &plans, save.as_ref(), &context)
        }));
        let form = CardForm {
            form,
            fields,
            plans,
            _listeners: listeners,
        };
        form.wipe();
        form
    }
}

impl Body for CardForm {
    fn root(&self) -> &HtmlFormElement {
        &self.form.root
    }

    fn update(&self, core: &Checkout) {
        self.plans.update(core, self.bin().as_deref());
    }

    fn wipe(&self) {
        for field in self.fields.iter() {
            field.wipe();
        }
        show_brand(&self.fields, self.form.context.texts);
    }

    fn bin(&self) -> Option<String> {
        let [number, ..] = &*self.fields;
        let digits = card::digits(number.secret().expose());
        digits.expose().get(..BIN_LENGTH).map(String::from)
    }
}

fn listeners(fields: &Rc<Fields>, texts: &'static Texts) -> Vec<Listener> {
    let [number, ..] = &**fields;
    let on = |kind, heard: fn(&Fields, &Texts)| {
        let fields = Rc::downgrade(fields);
        Listener::new(&number.input, kind, move |_| {
            if let Some(fields) = fields.upgrade() {
                heard(&fields, texts);
            }
        })
    };
    vec![
        on("input", |fields, texts| {
            show_brand(fields, texts);
            let [number, ..] = fields;
            number.set_hint("");
        }),
        on("change", |[number, ..], texts| {
            let digits = card::digits(number.secret().expose());
            if !number.is_faulty() && !card::luhn(digits.expose()) {
                number.set_hint(texts.number_unlikely);
            }
        }),
    ]
}

fn typed(fields: &Fields) -> CardInput {
    let [number, expiry, cvc, holder] = fields;
    CardInput {
        number: number.secret(),
        expiry: expiry.secret(),
        cvc: cvc.secret(),
        holder: holder.secret(),
    }
}

fn pay(fields: &Fields, plans: &Plans, save: Option<&HtmlInputElement>, context: &Context) {
    match card::check(&typed(fields), page::today()) {
        Ok(card) => context.pay(How::Card {
            card,
            installments: plans.installments(),
            save: save.is_some_and(HtmlInputElement::checked),
        }),
        Err(faults) => context.refuse(fields, &faults),
    }
}

/// The brand at the number, and where its security code is.
fn show_brand([number, _, cvc, _]: &Fields, texts: &Texts) {
    let brand = Brand::of(card::digits(number.secret().expose()).expose());
    if let Some(badge) = &number.badge {
        let name = brand.map_or("", Brand::name);
        set_text(badge, name);
        set(badge, "data-brand", name);
        show(badge, brand.is_some());
    }
    cvc.set_hint(match brand {
        Some(Brand::Amex) => texts.cvc_hint_amex,
        _ => texts.cvc_hint,
    });
}
