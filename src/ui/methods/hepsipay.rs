//! Hepsipay's own page; nothing is asked for here.

use std::rc::Rc;

use crate::core::text::fill;
use crate::ui::form::Context;
use crate::ui::icon::Icon;
use crate::ui::methods::Offered;
use crate::ui::payer::PayerForm;
use crate::wire::merchant::Instrument;

pub(super) fn offered(id: &str, context: &Rc<Context>) -> Offered {
    let texts = context.texts;
    let note = fill(texts.leaves_note, texts.method_hepsipay);
    let body = PayerForm::new(context, id, &note, &[], |_| Instrument::Hepsipay);
    Offered {
        name: texts.method_hepsipay.to_owned(),
        aside: texts.apm_redirect,
        icon: Icon::PAGE,
        body: Box::new(body),
    }
}
