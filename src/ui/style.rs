//! The one stylesheet, made by constructor: `style-src` needs no exception.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::ShadowRoot;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = CSSStyleSheet)]
    type StyleSheet;

    #[wasm_bindgen(constructor, js_class = "CSSStyleSheet", catch)]
    fn new() -> Result<StyleSheet, JsValue>;

    #[wasm_bindgen(method, js_name = replaceSync, catch)]
    fn replace_sync(this: &StyleSheet, text: &str) -> Result<(), JsValue>;

    type Styled;

    #[wasm_bindgen(method, setter, js_name = adoptedStyleSheets)]
    fn set_adopted_style_sheets(this: &Styled, sheets: js_sys::Array);
}

pub fn adopt(root: &ShadowRoot) -> Result<(), JsValue> {
    use wasm_bindgen::JsCast;
    let sheet = StyleSheet::new()?;
    sheet.replace_sync(include_str!("kasa.css"))?;
    root.unchecked_ref::<Styled>()
        .set_adopted_style_sheets(js_sys::Array::of1(&sheet.into()));
    Ok(())
}
