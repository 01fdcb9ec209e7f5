//! Making elements without markup text: no `innerHTML`, no inline style, so
//! that the strictest page policy holds.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, Node, ShadowRoot, ShadowRootInit, ShadowRootMode};

use crate::browser::page;

/// An element with its attributes.
pub fn element(tag: &str, attributes: &[(&str, &str)]) -> Result<Element, JsValue> {
    let element = document()?.create_element(tag)?;
    for (name, value) in attributes {
        element.set_attribute(name, value)?;
    }
    Ok(element)
}

/// The same with a text in it.
pub fn labelled(tag: &str, attributes: &[(&str, &str)], text: &str) -> Result<Element, JsValue> {
    let element = element(tag, attributes)?;
    element.set_text_content(Some(text));
    Ok(element)
}

/// The same, as the type that the tag makes.
pub fn make<T: JsCast>(tag: &str, attributes: &[(&str, &str)]) -> Result<T, JsValue> {
    element(tag, attributes)?
        .dyn_into()
        .map_err(|_| JsValue::from_str("unexpected element"))
}

pub fn document() -> Result<Document, JsValue> {
    page::document().ok_or(JsValue::NULL)
}

pub fn append(parent: &Node, children: &[&Node]) -> Result<(), JsValue> {
    for child in children {
        parent.append_child(child)?;
    }
    Ok(())
}

/// Shows or hides.
pub fn show(element: &Element, shown: bool) {
    // Fails for no attribute name that is a name.
    let _ = if shown {
        element.remove_attribute("hidden")
    } else {
        element.set_attribute("hidden", "")
    };
}

/// Sets a boolean of ARIA.
pub fn mark(element: &Element, name: &str, value: bool) {
    let _ = element.set_attribute(name, if value { "true" } else { "false" });
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
    host.attach_shadow(&ShadowRootInit::new(ShadowRootMode::Open))
}
