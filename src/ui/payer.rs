//! A form that asks its payer for a few fields, or for none: what every method
//! but the cards is.

use std::rc::Rc;
use web_sys::{HtmlFormElement, Node};

use crate::browser::listen::Listener;
use crate::core::field::Field;
use crate::core::flow::How;
use crate::core::payer;
use crate::ui::choice;
use crate::ui::field::FieldView;
use crate::ui::form::{Context, Form};
use crate::ui::methods::Body;
use crate::wire::merchant::{Instrument, Payer};

pub struct PayerForm {
    form: Form,
    fields: Rc<[Rc<FieldView>]>,
    _listener: Listener,
}

impl PayerForm {
    /// `id` goes before the fields' own ids, which other forms have too; `note`
    /// says what will happen; `instrument` is what the filled form pays with.
    pub fn new(
        context: &Rc<Context>,
        id: &str,
        note: &str,
        wanted: &[Field],
        instrument: impl Fn(Payer) -> Instrument + 'static,
    ) -> Self {
        let form = Form::new(context);
        form.put_note(note);
        let fields = wanted
            .iter()
            .take(choice::MOST)
            .map(|field| FieldView::new(*field, id, context.texts, payer::fault));
        let fields: Rc<[Rc<FieldView>]> = fields.collect();
        for view in fields.iter() {
            form.put(&[&view.root]);
        }
        let listener = form.on_submit({
            let (fields, context) = (fields.clone(), context.clone());
            move || {
                let wanted: Vec<Field> = fields.iter().map(|view| view.field).collect();
                match payer::check(&wanted, |field| typed(&fields, field)) {
                    Ok(payer) => context.pay(How::With(instrument(payer))),
                    Err(faults) => context.refuse(&fields, &faults),
                }
            }
        });
        PayerForm {
            form,
            fields,
            _listener: listener,
        }
    }

    /// Puts them below the note and above the button.
    pub fn put(&self, nodes: &[&Node]) {
        self.form.put(nodes)
    }
}

impl Body for PayerForm {
    fn root(&self) -> &HtmlFormElement {
        &self.form.root
    }

    fn wipe(&self) {
        for field in self.fields.iter() {
            field.wipe();
        }
    }
}

fn typed(fields: &[Rc<FieldView>], field: Field) -> crate::core::secret::Secret {
    let view = fields.iter().find(|view| view.field == field);
    view.map(|view| view.secret()).unwrap_or_default()
}
