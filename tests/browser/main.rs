//! The component in a real headless browser, against a real merchant server
//! and sandbox. `npm test -- --only browser` starts them and hands over where
//! they are; the bank's own page is another site, so its journeys are in
//! `tests/e2e`.

#![cfg(target_arch = "wasm32")]

mod driver;
mod dropin;
mod http;
mod journeys;
mod languages;
mod methods;
mod script;
mod session;
mod support;
mod waiting;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
