//! The ways to pay, one under the other: a button each that opens its form, one
//! open at a time; or the form alone, where there is one way only. What a form
//! asks and does is its own file's to know.

mod apm;
mod aspay;
mod card;
mod hepsipay;
mod saved_card;
mod terminal;

use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlFormElement, HtmlInputElement};

use crate::browser::listen::Listener;
use crate::browser::page;
use crate::core::flow::Event;
use crate::core::flow::checkout::{Checkout, View};
use crate::ui::choice;
use crate::ui::dom::{append, each, element, labelled, mark, set, show};
use crate::ui::form::Context;
use crate::ui::icon::Icon;
use crate::wire::merchant::Method;

/// The form of one method.
pub trait Body {
    fn root(&self) -> &HtmlFormElement;

    /// Shows what was looked up meanwhile. Must not dispatch.
    fn update(&self, _core: &Checkout) {}

    /// Forgets what was typed.
    fn wipe(&self) {}

    /// False where there is nothing in it to pay with.
    fn is_usable(&self) -> bool {
        true
    }

    /// First digits of the card in it, whose plans are wanted.
    fn bin(&self) -> Option<String> {
        None
    }
}

/// A method as the list shows it.
struct Offered {
    name: String,
    /// Beside the name.
    aside: &'static str,
    icon: Icon,
    body: Box<dyn Body>,
}

/// `id`: good for the ids of this form's fields. `None` for what this version
/// cannot show.
fn offered(method: &Method, id: &str, context: &Rc<Context>) -> Option<Offered> {
    Some(match method {
        Method::Card { save } => card::offered(*save, context),
        Method::SavedCard => saved_card::offered(context),
        Method::Apm(offer) => apm::offered(offer, id, context)?,
        Method::Hepsipay => hepsipay::offered(id, context),
        Method::Aspay { fields } => aspay::offered(fields, id, context)?,
        Method::Terminal { terminals } => terminal::offered(terminals, id, context),
        Method::Unknown(_) => return None,
    })
}

/// All that an order offers.
pub struct Methods {
    pub root: Element,
    inner: Rc<Inner>,
    _listeners: Vec<Listener>,
}

struct Inner {
    entries: Vec<Entry>,
    context: Rc<Context>,
    root: Element,
    open: Cell<usize>,
    /// The shopper has been here: what is open is theirs to change.
    touched: Cell<bool>,
}

struct Entry {
    /// `None` where it is the only one.
    button: Option<Element>,
    section: Element,
    body: Box<dyn Body>,
}

impl Methods {
    pub fn new(offers: &[Method], context: &Rc<Context>) -> Self {
        let root = element("div", &[("part", "methods")]);
        let mut known = Vec::new();
        for (place, method) in offers.iter().take(choice::MOST).enumerate() {
            let mut id = String::from("m");
            id.push_str(&place.to_string());
            if let Some(offered) = offered(method, &id, context) {
                known.push((method, id, offered));
            }
        }
        if known.is_empty() {
            let sorry = labelled("p", &[("part", "about")], context.texts.error_other);
            append(&root, &[&sorry]);
        }
        let alone = known.len() == 1;
        if known.len() > 1 {
            let title = labelled("h2", &[("part", "title")], context.texts.methods_title);
            append(&root, &[&title]);
        }
        let mut entries = Vec::new();
        for (method, id, offered) in known {
            let entry = Entry::new(method, &id, offered, alone);
            append(&root, &[&entry.section]);
            entries.push(entry);
        }
        let inner = Rc::new(Inner {
            entries,
            context: context.clone(),
            root: root.clone(),
            open: Cell::new(0),
            touched: Cell::new(false),
        });
        inner.open(0);
        Methods {
            root,
            _listeners: listeners(&inner),
            inner,
        }
    }

    /// Keeps what was typed and where the focus is, and lets nothing be changed
    /// meanwhile. Not `disabled`, which would drop the focus.
    pub fn set_busy(&self, busy: bool) {
        if self.inner.context.busy.replace(busy) != busy {
            self.inner.mark_busy(busy);
        }
    }

    /// Shows what was looked up. Must be followed by [`Methods::look_up`] as
    /// soon as nothing is held of the driver.
    pub fn update(&self, core: &Checkout) {
        let inner = &self.inner;
        if inner.context.busy.get() {
            return;
        }
        for entry in &inner.entries {
            entry.body.update(core);
        }
        let usable = |entry: &Entry| entry.body.is_usable();
        if !inner.touched.get()
            && let Some(first) = inner.entries.iter().position(usable)
            && first != inner.open.get()
        {
            inner.open(first);
        }
    }

    /// Asks for the plans of the card in the open form, where they are not
    /// known yet.
    pub fn look_up(&self) {
        self.inner.look_up();
    }

    pub fn wipe(&self) {
        self.inner.wipe();
    }
}

impl Drop for Methods {
    fn drop(&mut self) {
        self.inner.wipe();
    }
}

impl Entry {
    fn new(method: &Method, id: &str, offered: Offered, alone: bool) -> Self {
        let Offered {
            name,
            aside,
            icon,
            body,
        } = offered;
        let section = element(
            "section",
            &[("part", "method"), ("data-method", method.name())],
        );
        if let Method::Apm(offer) = method {
            set(&section, "data-connection", &offer.connection);
            set(&section, "data-kind", offer.kind.name());
        }
        let mut title_id = String::from(id);
        title_id.push_str("-title");
        let title = element(if alone { "h2" } else { "h3" }, &[("part", "title")]);
        let name = labelled("span", &[("id", &title_id)], &name);
        let button = if alone {
            append(&title, &[&name]);
            None
        } else {
            body.root().set_id(id);
            let attributes = [
                ("part", "choose"),
                ("type", "button"),
                ("aria-controls", id),
            ];
            let button = element("button", &attributes);
            let names = element("span", &[("class", "names")]);
            let aside = labelled("span", &[("class", "aside")], aside);
            append(&names, &[&name, &aside]);
            append(&button, &[&names, &icon.draw()]);
            append(&title, &[&button]);
            Some(button)
        };
        set(body.root(), "aria-labelledby", &title_id);
        append(&section, &[&title, body.root()]);
        Entry {
            button,
            section,
            body,
        }
    }
}

impl Inner {
    fn open(&self, place: usize) {
        self.open.set(place);
        for (at, entry) in self.entries.iter().enumerate() {
            let open = at == place;
            show(entry.body.root(), open);
            if let Some(button) = &entry.button {
                mark(button, "aria-expanded", open);
            }
        }
    }

    fn mark_busy(&self, busy: bool) {
        each(&self.root, "button", |button| {
            mark(button, "aria-disabled", busy)
        });
        each(&self.root, "input", |input| {
            // Means nothing to radio buttons; those are held by the listener.
            let input: &HtmlInputElement = input.unchecked_ref();
            input.set_read_only(busy);
        });
    }

    /// Only while the form is free, when the core hears of it: what it does not
    /// take would be asked for again and again.
    fn look_up(&self) {
        let Some(driver) = self.context.driver.upgrade() else {
            return;
        };
        let Some(open) = self.entries.get(self.open.get()) else {
            return;
        };
        // What is known already is shown without being asked for.
        driver.look(|core| open.body.update(core));
        let Some(digits) = open.body.bin() else {
            return;
        };
        let news = driver.look(|core| {
            let free = matches!(core.view(), View::Form { busy: None, .. });
            free && !core.lookup().bins().any(|(bin, _)| bin == digits)
        });
        if news {
            driver.dispatch(Event::BinTyped { digits });
        }
    }

    fn wipe(&self) {
        for entry in &self.entries {
            entry.body.wipe();
        }
    }
}

fn listeners(inner: &Rc<Inner>) -> Vec<Listener> {
    let heard = |kind, heard: fn(&Inner, &web_sys::Event)| {
        let weak = Rc::downgrade(inner);
        Listener::new(&inner.root, kind, move |event| {
            if let Some(inner) = weak.upgrade() {
                heard(&inner, &event);
            }
        })
    };
    let mut listeners = vec![
        heard("click", |inner, event| {
            // Takes back what a click did to a radio button or checkbox.
            if inner.context.busy.get() {
                event.prevent_default();
            }
        }),
        heard("focusin", |inner, _| inner.touched.set(true)),
        heard("input", |inner, _| {
            let faulty = inner
                .root
                .query_selector("form:not([hidden]) [aria-invalid=true]");
            if let Ok(None) = faulty {
                inner.context.status.is_mended();
            }
            inner.look_up();
        }),
    ];
    for (place, entry) in inner.entries.iter().enumerate() {
        let Some(button) = &entry.button else {
            continue;
        };
        let weak = Rc::downgrade(inner);
        listeners.push(Listener::new(button, "click", move |_| {
            if let Some(inner) = weak.upgrade()
                && !inner.context.busy.get()
            {
                inner.touched.set(true);
                inner.open(place);
                inner.context.status.is_mended();
                inner.look_up();
            }
        }));
    }
    // The back/forward cache would keep the page with all that was typed.
    if let Some(window) = page::window() {
        let weak = Rc::downgrade(inner);
        listeners.push(Listener::on_page(&window, "pagehide", move |_| {
            if let Some(inner) = weak.upgrade() {
                inner.wipe();
            }
        }));
    }
    listeners
}
