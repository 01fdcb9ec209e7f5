//! The installment plans of the card in hand: shown only where there is a
//! choice, and what is chosen is what the button says.

use std::cell::RefCell;
use std::rc::Rc;
use web_sys::Element;

use crate::browser::listen::Listener;
use crate::core::flow::checkout::Checkout;
use crate::core::text::fill;
use crate::ui::choice;
use crate::ui::dom::{append, element, labelled, show};
use crate::ui::form::{Context, Form, PayButton};
use crate::ui::intl::format_count;
use crate::wire::merchant::{PaidBy, Plan};

pub struct Plans {
    inner: Rc<Inner>,
    _listener: Listener,
}

struct Inner {
    root: Element,
    list: Element,
    context: Rc<Context>,
    button: PayButton,
    shown: RefCell<Vec<Plan>>,
}

impl Plans {
    /// At this place of the form.
    pub fn new(form: &Form) -> Self {
        let root = element("fieldset", &[("part", "plans"), ("hidden", "")]);
        let legend = labelled("legend", &[], form.context.texts.installments);
        let list = element("div", &[("class", "choices")]);
        append(&root, &[&legend, &list]);
        form.put(&[&root]);
        let inner = Rc::new(Inner {
            root,
            list,
            context: form.context.clone(),
            button: form.button.clone(),
            shown: RefCell::default(),
        });
        let listener = {
            let inner = inner.clone();
            Listener::new(&inner.root.clone(), "change", move |_| inner.say_total())
        };
        Plans {
            inner,
            _listener: listener,
        }
    }

    /// Shows what is known of the card that begins with `bin`.
    pub fn update(&self, core: &Checkout, bin: Option<&str>) {
        let known = bin.and_then(|bin| core.lookup().plans(bin));
        let plans = known.map_or(&[][..], |info| &info.plans);
        // One way to pay is no choice.
        self.inner.draw(if plans.len() > 1 { plans } else { &[] });
    }

    /// 1 where nothing else is chosen.
    pub fn installments(&self) -> u8 {
        self.inner.chosen().map_or(1, |plan| plan.installments)
    }
}

impl Inner {
    fn chosen(&self) -> Option<Plan> {
        let chosen = choice::chosen(&self.list)?;
        let shown = self.shown.borrow();
        shown
            .iter()
            .find(|plan| plan.installments.to_string() == chosen)
            .cloned()
    }

    fn draw(&self, plans: &[Plan]) {
        if *self.shown.borrow() == plans {
            return;
        }
        let before = self.chosen().map(|plan| plan.installments);
        let kept = plans
            .iter()
            .find(|plan| Some(plan.installments) == before)
            .or(plans.first())
            .map(|plan| plan.installments);
        self.shown.replace(plans.to_vec());
        self.list.set_text_content(None);
        for plan in plans.iter().take(choice::MOST) {
            self.put(plan, kept == Some(plan.installments));
        }
        show(&self.root, !plans.is_empty());
        self.say_total();
    }

    fn put(&self, plan: &Plan, checked: bool) {
        let (texts, context) = (self.context.texts, &self.context);
        let count = plan.installments.to_string();
        let total = context.money(self.total(plan));
        let (label, input) = if plan.installments == 1 {
            choice::radio("installments", &count, &[(texts.single_payment, &total)])
        } else {
            let name = format_count(u32::from(plan.installments), texts.plan, texts);
            let each = fill(texts.plan_each, &context.money(plan.each));
            let total = fill(texts.plan_total, &total);
            let cost = if bears_interest(plan) {
                fill(texts.plan_interest, &context.money(plan.interest))
            } else {
                texts.plan_free.to_owned()
            };
            let lines = [(&*name, &*each), (&*total, &*cost)];
            choice::radio("installments", &count, &lines)
        };
        input.set_checked(checked);
        append(&self.list, &[&label])
    }

    /// What the shopper pays in all.
    fn total(&self, plan: &Plan) -> i64 {
        match plan.paid_by {
            PaidBy::Shopper => plan.total,
            PaidBy::Shop => self.context.amount,
        }
    }

    fn say_total(&self) {
        let plan = self.chosen();
        let total = plan.map_or(self.context.amount, |plan| self.total(&plan));
        self.button.say(total);
    }
}

fn bears_interest(plan: &Plan) -> bool {
    plan.paid_by == PaidBy::Shopper && plan.interest > 0
}
