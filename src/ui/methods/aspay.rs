//! Aspay's own page, after what it wants to know of its payer.

use std::rc::Rc;

use crate::core::payer;
use crate::core::text::fill;
use crate::ui::form::Context;
use crate::ui::icon::Icon;
use crate::ui::methods::Offered;
use crate::ui::payer::PayerForm;
use crate::wire::merchant::Instrument;

pub(super) fn offered(fields: &[String], id: &str, context: &Rc<Context>) -> Option<Offered> {
    let fields = payer::fields(fields)?;
    let texts = context.texts;
    let note = fill(texts.leaves_note, texts.method_aspay);
    let body = PayerForm::new(context, id, &note, &fields, |payer| Instrument::Aspay {
        payer,
    });
    Some(Offered {
        name: texts.method_aspay.to_owned(),
        aside: texts.apm_redirect,
        icon: Icon::PAGE,
        body: Box::new(body),
    })
}
