//! One of several to choose: a radio button or checkbox with its lines of text,
//! all of it a target for the finger.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlInputElement};

use crate::ui::dom::{append, element, labelled, make};

/// `lines`: the first is the name, the rest are said smaller. What is empty is
/// left out.
pub fn radio(
    name: &str,
    value: &str,
    lines: &[&str],
) -> Result<(Element, HtmlInputElement), JsValue> {
    choice(
        &[("type", "radio"), ("name", name), ("value", value)],
        lines,
    )
}

pub fn checkbox(name: &str, text: &str) -> Result<(Element, HtmlInputElement), JsValue> {
    choice(&[("type", "checkbox"), ("name", name)], &[text])
}

fn choice(
    attributes: &[(&str, &str)],
    lines: &[&str],
) -> Result<(Element, HtmlInputElement), JsValue> {
    let label = element("label", &[("class", "choice"), ("part", "choice")])?;
    let input: HtmlInputElement = make("input", attributes)?;
    let text = element("span", &[("class", "lines")])?;
    for line in lines.iter().filter(|line| !line.is_empty()) {
        let line = labelled("span", &[], line)?;
        append(&text, &[&line])?;
    }
    append(&label, &[&input, &text])?;
    Ok((label, input))
}

/// The value that is chosen in `group`, if any is.
pub fn chosen(group: &Element) -> Option<String> {
    let input = group.query_selector("input:checked").ok().flatten()?;
    Some(input.unchecked_into::<HtmlInputElement>().value())
}
