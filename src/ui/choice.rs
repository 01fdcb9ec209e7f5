//! One of several to choose: a radio button or checkbox with its lines of text,
//! all of it a target for the finger.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};

use crate::ui::dom::{append, element, labelled, make};

/// Nobody reads more of anything, and the page would stand still while it is drawn.
pub const MOST: usize = 100;

/// A line of a choice: what it begins with, and what stands at its end. What is
/// empty is left out.
pub type Line<'a> = (&'a str, &'a str);

/// `lines`: the first names it, the rest are said smaller.
pub fn radio(name: &str, value: &str, lines: &[Line]) -> (Element, HtmlInputElement) {
    choice(
        &[("type", "radio"), ("name", name), ("value", value)],
        lines,
    )
}

pub fn checkbox(name: &str, text: &str) -> (Element, HtmlInputElement) {
    choice(&[("type", "checkbox"), ("name", name)], &[(text, "")])
}

fn choice(attributes: &[(&str, &str)], lines: &[Line]) -> (Element, HtmlInputElement) {
    let label = element("label", &[("class", "choice"), ("part", "choice")]);
    let input: HtmlInputElement = make("input", attributes);
    let all = element("span", &[("class", "lines")]);
    for (start, end) in lines {
        let line = element("span", &[]);
        for text in [start, end] {
            if !text.is_empty() {
                let text = labelled("span", &[], text);
                append(&line, &[&text]);
            }
        }
        append(&all, &[&line]);
    }
    append(&label, &[&input, &all]);
    (label, input)
}

/// The value that is chosen in `group`, if any is.
pub fn chosen(group: &Element) -> Option<String> {
    let input = group.query_selector("input:checked").ok().flatten()?;
    Some(input.unchecked_into::<HtmlInputElement>().value())
}
