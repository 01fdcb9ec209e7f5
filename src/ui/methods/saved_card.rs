//! A card kept before: chosen from the list, or removed from it. An expired one
//! can only be removed.

use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlFormElement};

use crate::browser::driver::dispatch;
use crate::browser::listen::Listener;
use crate::core::card;
use crate::core::flow::checkout::Checkout;
use crate::core::flow::{Event, How};
use crate::core::text::fill;
use crate::ui::choice;
use crate::ui::dom::{append, element, make, mark, set, set_text, show};
use crate::ui::form::{Context, Form};
use crate::ui::icon::Icon;
use crate::ui::methods::{Body, Offered};
use crate::ui::plans::Plans;
use crate::wire::merchant::{Instrument, SavedCard};

/// PayWall masks all but these; fewer name no issuer.
const BIN_LENGTHS: std::ops::RangeInclusive<usize> = 6..=8;

pub(super) fn offered(context: &Rc<Context>) -> Offered {
    Offered {
        name: context.texts.method_saved_card.to_owned(),
        aside: "",
        icon: Icon::SAVED_CARD,
        body: Box::new(SavedCards::new(context)),
    }
}

struct SavedCards {
    form: Form,
    list: Rc<List>,
    plans: Rc<Plans>,
    _listeners: Vec<Listener>,
}

impl SavedCards {
    fn new(context: &Rc<Context>) -> Self {
        let form = Form::new(context);
        let list = Rc::new(List::new(context));
        form.put(&[&list.root, &list.note]);
        let plans = Rc::new(Plans::new(&form));
        show(&form.button.root, false);
        let listeners = vec![
            form.on_submit({
                let (list, plans, context) = (list.clone(), plans.clone(), context.clone());
                move || {
                    if let Some(card) = choice::chosen(&list.root) {
                        let installments = plans.installments();
                        context.pay(How::With(Instrument::SavedCard { card, installments }));
                    }
                }
            }),
            Listener::new(&form.root, "click", {
                let list = list.clone();
                move |event| {
                    let target = event.target().and_then(|target| target.dyn_into().ok());
                    list.clicked(target.as_ref());
                }
            }),
        ];
        SavedCards {
            form,
            list,
            plans,
            _listeners: listeners,
        }
    }
}

impl Body for SavedCards {
    fn root(&self) -> &HtmlFormElement {
        &self.form.root
    }

    fn update(&self, core: &Checkout) {
        let lookup = core.lookup();
        self.list.draw(lookup.cards());
        self.list.mark_deleting(lookup.deleting());
        self.plans.update(core, self.bin().as_deref());
        show(
            &self.form.button.root,
            choice::chosen(&self.list.root).is_some(),
        );
    }

    fn is_usable(&self) -> bool {
        let shown = self.list.shown.borrow();
        shown
            .as_ref()
            .is_none_or(|cards| cards.iter().any(|card| !card.expired))
    }

    fn bin(&self) -> Option<String> {
        let chosen = choice::chosen(&self.list.root)?;
        let shown = self.list.shown.borrow();
        let card = shown.as_ref()?.iter().find(|card| card.id == chosen)?;
        let (first, _) = card::ends(&card.masked);
        let bin = first.get(..*BIN_LENGTHS.end()).unwrap_or(first);
        BIN_LENGTHS.contains(&bin.len()).then(|| bin.to_owned())
    }
}

struct List {
    root: Element,
    /// Says what there is to say of the list: a live region.
    note: HtmlElement,
    context: Rc<Context>,
    /// `None` while they are fetched.
    shown: RefCell<Option<Vec<SavedCard>>>,
    /// The card whose removal was asked for once.
    sure: RefCell<Option<String>>,
}

impl List {
    fn new(context: &Rc<Context>) -> Self {
        let attributes = [
            ("class", "choices"),
            ("part", "cards"),
            ("hidden", ""),
            ("role", "group"),
            ("aria-label", context.texts.method_saved_card),
        ];
        let note: HtmlElement = make(
            "p",
            &[("part", "about"), ("role", "status"), ("tabindex", "-1")],
        );
        set_text(&note, context.texts.cards_loading);
        List {
            root: element("div", &attributes),
            note,
            context: context.clone(),
            shown: RefCell::default(),
            sure: RefCell::default(),
        }
    }

    fn draw(&self, cards: Option<&[SavedCard]>) {
        if self.shown.borrow().as_deref() == cards {
            return;
        }
        let before = choice::chosen(&self.root);
        let good = |card: &&SavedCard| !card.expired;
        let list = cards.unwrap_or_default();
        let list = list.get(..choice::MOST).unwrap_or(list);
        let kept = list
            .iter()
            .filter(good)
            .find(|card| Some(&card.id) == before.as_ref())
            .or(list.iter().find(good))
            .map(|card| card.id.as_str());
        let had_focus = self.find(":focus").is_some();
        self.root.set_text_content(None);
        for card in list {
            self.put(card, kept == Some(card.id.as_str()));
        }
        self.shown.replace(cards.map(<[SavedCard]>::to_vec));
        self.sure.replace(None);
        self.say_state();
        show(&self.root, !list.is_empty());
        if had_focus {
            let next = self.find("input:checked, button");
            let _ = next.unwrap_or_else(|| self.note.clone()).focus();
        }
    }

    fn put(&self, card: &SavedCard, checked: bool) {
        let texts = self.context.texts;
        let (_, last) = card::ends(&card.masked);
        let given = [&card.name, &card.bank, &card.brand];
        let given = given.into_iter().flatten().next();
        let mut number = String::from("•••• ");
        number.push_str(last);
        let expiry = if card.expired {
            texts.card_expired.to_owned()
        } else {
            fill(texts.card_expires, &month(card))
        };
        let lines: &[choice::Line] = match given {
            Some(name) => &[(name, ""), (&number, &expiry)],
            None => &[(&number, &expiry)],
        };
        let (label, input) = choice::radio("saved", &card.id, lines);
        input.set_checked(checked);
        input.set_disabled(card.expired);
        let attributes = [
            ("part", "remove"),
            ("type", "button"),
            ("data-card", &card.id),
            ("data-last", last),
        ];
        let remove = element("button", &attributes);
        let row = element("div", &[("class", "card")]);
        append(&row, &[&label, &remove]);
        append(&self.root, &[&row]);
        self.name_button(&remove, false)
    }

    fn name_button(&self, button: &Element, sure: bool) {
        let texts = self.context.texts;
        let last = button.get_attribute("data-last").unwrap_or_default();
        // What is read begins with what is seen.
        let mut name = String::new();
        if sure {
            name.push_str(texts.remove_sure);
            name.push_str(": ");
        }
        name.push_str(&fill(texts.card_delete, &last));
        set(button, "aria-label", &name);
        mark(button, "data-sure", sure);
        set_text(
            button,
            if sure {
                texts.remove_sure
            } else {
                texts.remove
            },
        );
    }

    /// What there is to say while nothing is being removed.
    fn say_state(&self) {
        let texts = self.context.texts;
        let text = match &*self.shown.borrow() {
            None => texts.cards_loading,
            Some(cards) if cards.is_empty() => texts.cards_none,
            Some(_) => "",
        };
        set_text(&self.note, text);
    }

    fn mark_deleting(&self, card: Option<&str>) {
        for button in self.buttons() {
            let deleting = card.is_some() && button.get_attribute("data-card").as_deref() == card;
            mark(&button, "aria-disabled", deleting);
        }
    }

    fn clicked(&self, target: Option<&Element>) {
        if self.context.busy.get() {
            return;
        }
        let button = target.and_then(|target| target.closest("[part=remove]").ok().flatten());
        let card = button
            .as_ref()
            .and_then(|button| button.get_attribute("data-card"));
        let before = self.sure.replace(None);
        match (card, button) {
            (Some(card), _) if before.as_ref() == Some(&card) => {
                self.ask(None);
                dispatch(&self.context.driver, Event::DeleteCard { card });
            }
            (Some(card), Some(button)) => {
                self.ask(Some(&button));
                self.sure.replace(Some(card));
            }
            _ if before.is_some() => self.ask(None),
            _ => {}
        }
    }

    /// Asks whether this card is to be removed indeed; `None` takes it back.
    fn ask(&self, asked: Option<&Element>) {
        for button in self.buttons() {
            self.name_button(&button, asked == Some(&button));
        }
        match asked.and_then(|button| button.get_attribute("data-last")) {
            Some(last) => set_text(&self.note, &fill(self.context.texts.remove_again, &last)),
            None => self.say_state(),
        }
    }

    fn find(&self, selector: &str) -> Option<HtmlElement> {
        let found = self.root.query_selector(selector).ok().flatten()?;
        found.dyn_into().ok()
    }

    fn buttons(&self) -> Vec<Element> {
        let mut buttons = Vec::new();
        crate::ui::dom::each(&self.root, "button", |button| buttons.push(button.clone()));
        buttons
    }
}

/// `05/28`
fn month(card: &SavedCard) -> String {
    let mut text = String::new();
    for number in [u16::from(card.expiry_month), card.expiry_year % 100] {
        if !text.is_empty() {
            text.push('/');
        }
        if number < 10 {
            text.push('0');
        }
        text.push_str(&number.to_string());
    }
    text
}
