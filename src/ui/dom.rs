//! Making elements without markup text: no `innerHTML`, no inline style, so
//! that the strictest page policy holds.

use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, Node, ShadowRoot, ShadowRootInit, ShadowRootMode};

use crate::browser::page;

// Not by web-sys, whose results would have to be passed on everywhere, and paid
// for in bytes: these throw for no name and no child that this room has.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = document, js_name = createElement)]
    fn create(tag: &str) -> Element;

    #[wasm_bindgen(js_namespace = document, js_name = execCommand)]
    fn exec_command(name: &str, with_ui: bool, value: &str) -> bool;

    #[wasm_bindgen(js_namespace = document, js_name = createElementNS)]
    fn create_in(namespace: &str, tag: &str) -> Element;

    type Plain;

    #[wasm_bindgen(method, js_name = setAttribute)]
    fn set_attribute(this: &Plain, name: &str, value: &str);

    #[wasm_bindgen(method, js_name = removeAttribute)]
    fn remove_attribute(this: &Plain, name: &str);

    #[wasm_bindgen(method, js_name = insertBefore)]
    fn insert_before(this: &Plain, child: &Node, next: Option<&Node>);
}

/// An element with its attributes.
pub fn element(tag: &str, attributes: &[(&str, &str)]) -> Element {
    with(create(tag), attributes)
}

/// An element of a drawing.
pub fn drawn(tag: &str, attributes: &[(&str, &str)]) -> Element {
    with(create_in("http://www.w3.org/2000/svg", tag), attributes)
}

fn with(element: Element, attributes: &[(&str, &str)]) -> Element {
    for (name, value) in attributes {
        set(&element, name, value);
    }
    element
}

/// The same with a text in it.
pub fn labelled(tag: &str, attributes: &[(&str, &str)], text: &str) -> Element {
    let element = element(tag, attributes);
    element.set_text_content(Some(text));
    element
}

/// The same, as the type that the tag makes.
pub fn make<T: JsCast>(tag: &str, attributes: &[(&str, &str)]) -> T {
    element(tag, attributes).unchecked_into()
}

pub fn set(element: &Element, name: &str, value: &str) {
    element.unchecked_ref::<Plain>().set_attribute(name, value);
}

pub fn append(parent: &Node, children: &[&Node]) {
    insert(parent, children, None);
}

/// Above `next`.
pub fn insert(parent: &Node, children: &[&Node], next: Option<&Node>) {
    for child in children {
        parent.unchecked_ref::<Plain>().insert_before(child, next);
    }
}

/// Edits the field that has the focus as its own keys would, so that it can be
/// undone. False where the browser knows no such command.
pub fn command(name: &str, value: &str) -> bool {
    exec_command(name, false, value)
}

pub fn document() -> Result<Document, JsValue> {
    page::document().ok_or(JsValue::NULL)
}

/// Shows or hides.
pub fn show(element: &Element, shown: bool) {
    if shown {
        element.unchecked_ref::<Plain>().remove_attribute("hidden");
    } else {
        set(element, "hidden", "");
    }
}

/// Sets a boolean of ARIA.
pub fn mark(element: &Element, name: &str, value: bool) {
    set(element, name, if value { "true" } else { "false" });
}

/// Sets the text only where it differs: a live region announces each change.
pub fn set_text(node: &Node, text: &str) {
    if node.text_content().as_deref() != Some(text) {
        node.set_text_content(Some(text));
    }
}

/// Does it to each that the selector finds.
pub fn each(root: &Element, selector: &str, mut then: impl FnMut(&Element)) {
    let Ok(found) = root.query_selector_all(selector) else {
        return;
    };
    for place in 0..found.length() {
        if let Some(node) = found.get(place) {
            then(node.unchecked_ref());
        }
    }
}

pub fn shadow(host: &Element) -> Result<ShadowRoot, JsValue> {
    let init: ShadowRootInit = page::bare();
    init.set_mode(ShadowRootMode::Open);
    host.attach_shadow(&init)
}
