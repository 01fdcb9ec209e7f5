//! A POS terminal at the counter; where there are several, one is chosen.

use std::rc::Rc;

use crate::ui::choice;
use crate::ui::dom::{append, element, labelled};
use crate::ui::form::Context;
use crate::ui::icon::Icon;
use crate::ui::methods::Offered;
use crate::ui::payer::PayerForm;
use crate::wire::merchant::{Instrument, Terminal};

pub(super) fn offered(terminals: &[Terminal], id: &str, context: &Rc<Context>) -> Offered {
    let texts = context.texts;
    let group = element("fieldset", &[("part", "terminals")]);
    let legend = labelled("legend", &[], texts.terminal);
    let list = element("div", &[("class", "choices")]);
    append(&group, &[&legend, &list]);
    for (place, terminal) in terminals.iter().take(choice::MOST).enumerate() {
        let (label, input) = choice::radio("terminal", &terminal.id, &[(&terminal.name, "")]);
        input.set_checked(place == 0);
        append(&list, &[&label]);
    }
    let body = PayerForm::new(context, id, texts.terminal_note, &[], {
        // The only one stands here too, out of sight.
        let list = list.clone();
        move |_| Instrument::Terminal {
            terminal: choice::chosen(&list),
        }
    });
    if terminals.len() > 1 {
        body.put(&[&group]);
    }
    Offered {
        name: texts.method_terminal.to_owned(),
        aside: "",
        icon: Icon::TERMINAL,
        body: Box::new(body),
    }
}
