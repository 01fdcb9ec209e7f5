//! An alternative payment method: a wallet, a meal card, by code, page or
//! picture.

use std::rc::Rc;

use crate::core::payer;
use crate::core::text::fill;
use crate::ui::form::Context;
use crate::ui::methods::Offered;
use crate::ui::payer::PayerForm;
use crate::wire::merchant::{ApmKind, ApmOffer, Instrument};

pub(super) fn offered(offer: &ApmOffer, id: &str, context: &Rc<Context>) -> Option<Offered> {
    let fields = payer::fields(&offer.fields)?;
    let texts = context.texts;
    let (aside, note) = match offer.kind {
        ApmKind::Otp => (texts.apm_otp, texts.otp_note.to_owned()),
        ApmKind::Redirect => (texts.apm_redirect, fill(texts.leaves_note, &offer.name)),
        ApmKind::Qr => (texts.apm_qr, fill(texts.qr_note, &offer.name)),
        ApmKind::Direct => ("", String::new()),
    };
    let (connection, kind) = (offer.connection.clone(), offer.kind);
    let body = PayerForm::new(context, id, &note, &fields, move |payer| Instrument::Apm {
        connection: connection.clone(),
        kind,
        payer,
    });
    Some(Offered {
        name: offer.name.clone(),
        aside,
        body: Box::new(body),
    })
}
