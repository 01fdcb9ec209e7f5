//! An alternative payment method: a wallet, a meal card, by code, page or
//! picture.

use std::rc::Rc;

use crate::core::payer;
use crate::core::text::fill;
use crate::ui::form::Context;
use crate::ui::icon::Icon;
use crate::ui::methods::Offered;
use crate::ui::payer::PayerForm;
use crate::wire::merchant::{ApmKind, ApmOffer, Instrument};

pub(super) fn offered(offer: &ApmOffer, id: &str, context: &Rc<Context>) -> Option<Offered> {
    let fields = payer::fields(&offer.fields)?;
    let texts = context.texts;
    let (icon, aside, note) = match offer.kind {
        ApmKind::Otp => (Icon::CODE, texts.apm_otp, texts.otp_note.to_owned()),
        ApmKind::Redirect => {
            let note = fill(texts.leaves_note, &offer.name);
            (Icon::PAGE, texts.apm_redirect, note)
        }
        ApmKind::Qr => {
            let note = fill(texts.qr_note, &offer.name);
            (Icon::PICTURE, texts.apm_qr, note)
        }
        ApmKind::Direct => (Icon::WALLET, "", String::new()),
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
        icon,
        body: Box::new(body),
    })
}
