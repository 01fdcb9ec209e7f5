//! The drop-in in a page: typing, faults at their fields, and leaving nothing
//! behind.

use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Event as DomEvent, HtmlElement, HtmlInputElement};

use crate::support::{NUMBER, Order, Place, driver, put, tell, text_of, until};
use kasa_checkout::browser::driver::Driver;
use kasa_checkout::browser::page;
use kasa_checkout::core::flow::Event;
use kasa_checkout::core::text::{ENGLISH, TURKISH, Texts};
use kasa_checkout::ui::mount::Mount;

async fn mounted(texts: &'static Texts) -> (Order, Rc<Driver>, Place, Mount) {
    let order = Order::new().await;
    let driver = driver(&order);
    driver.dispatch(Event::Open);
    until("the order is read", || {
        driver.look(|core| core.is_free().is_ok())
    })
    .await;
    let place = Place::new();
    let mount = Mount::new(&place.0, texts, &driver).expect("mounted");
    (order, driver, place, mount)
}

#[wasm_bindgen_test]
async fn the_button_says_the_amount_in_the_shoppers_language() {
    let (_, driver, place, mount) = mounted(&TURKISH).await;
    let button = text_of(&place, "[part~=pay]");
    assert!(
        button.contains("123,45") && button.contains("öde"),
        "{button}"
    );
    drop(mount);
    let _english = Mount::new(&place.0, &ENGLISH, &driver).expect("mounted");
    let button = text_of(&place, "[part~=pay]");
    assert!(
        button.contains("123.45") && button.starts_with("Pay"),
        "{button}"
    );
    driver.destroy();
}

#[wasm_bindgen_test]
async fn a_number_is_grouped_and_its_brand_shown() {
    let (_, driver, place, _mount) = mounted(&TURKISH).await;
    put(&place, "number", "9792088780144513");
    assert_eq!(
        place.find::<HtmlInputElement>("[name=number]").value(),
        "9792 0887 8014 4513"
    );
    assert_eq!(text_of(&place, "[part~=brand]"), "Troy");
    put(&place, "expiry", "528");
    put(&place, "expiry", "2028-05");
    assert_eq!(
        place.find::<HtmlInputElement>("[name=expiry]").value(),
        "05/28"
    );
    driver.destroy();
}

#[wasm_bindgen_test]
async fn wrong_fields_are_named_where_they_are_and_nothing_is_sent() {
    let (order, driver, place, _mount) = mounted(&TURKISH).await;
    put(&place, "number", "5141 1816");
    put(&place, "cvc", "36");
    place.find::<HtmlElement>("[part~=pay]").click();
    for name in ["number", "expiry", "cvc", "holder"] {
        let input: HtmlInputElement = place.find(&format!("[name={name}]"));
        assert_eq!(
            input.get_attribute("aria-invalid").as_deref(),
            Some("true"),
            "{name}"
        );
        let error = text_of(&place, &format!("#{name}-error"));
        assert!(!error.is_empty(), "{name}");
        let described = input.get_attribute("aria-describedby").unwrap_or_default();
        assert!(described.contains(&format!("{name}-error")), "{described}");
    }
    let focused = place
        .shadow()
        .active_element()
        .and_then(|active| active.get_attribute("name"));
    assert_eq!(focused.as_deref(), Some("number"));
    assert!(driver.look(|core| core.is_free().is_ok()));
    assert!(order.recorded().await.is_empty());

    put(&place, "number", NUMBER);
    let input: HtmlInputElement = place.find("[name=number]");
    assert_eq!(
        input.get_attribute("aria-invalid").as_deref(),
        Some("false")
    );
    driver.destroy();
}

#[wasm_bindgen_test]
async fn a_number_that_fails_luhn_is_only_warned_of() {
    let (_, driver, place, _mount) = mounted(&TURKISH).await;
    put(&place, "number", "5293601234567896");
    let input: HtmlInputElement = place.find("[name=number]");
    tell(&input, "change");
    until("the warning", || {
        !text_of(&place, "#number-hint").is_empty()
    })
    .await;
    assert_eq!(
        input.get_attribute("aria-invalid").as_deref(),
        Some("false")
    );
    driver.destroy();
}

#[wasm_bindgen_test]
async fn what_is_typed_is_in_no_attribute() {
    let (_, driver, place, _mount) = mounted(&TURKISH).await;
    put(&place, "number", NUMBER);
    put(&place, "cvc", "7913");
    let markup = place.shadow().inner_html();
    for secret in [NUMBER, "5141 1816", "7913"] {
        assert!(!markup.contains(secret));
    }
    driver.destroy();
}

#[wasm_bindgen_test]
async fn unmounting_wipes_the_form_and_leaves_no_node() {
    let (_, driver, place, mount) = mounted(&TURKISH).await;
    put(&place, "number", NUMBER);
    let input: HtmlInputElement = place.find("[name=number]");
    drop(mount);
    assert_eq!(input.value(), "");
    assert_eq!(place.0.child_element_count(), 0);

    let all = || {
        let document = page::document().expect("a page");
        document
            .query_selector_all("*")
            .expect("a selector")
            .length()
    };
    let before = all();
    for _ in 0..40 {
        drop(Mount::new(&place.0, &TURKISH, &driver).expect("mounted"));
    }
    assert_eq!(all(), before);
    driver.destroy();
}

#[wasm_bindgen_test]
async fn hiding_the_page_wipes_the_card() {
    let (_, driver, place, _mount) = mounted(&TURKISH).await;
    put(&place, "number", NUMBER);
    let window = page::window().expect("a window");
    let hide = DomEvent::new("pagehide").expect("an event");
    window
        .unchecked_ref::<web_sys::EventTarget>()
        .dispatch_event(&hide)
        .expect("told");
    assert_eq!(place.find::<HtmlInputElement>("[name=number]").value(), "");
    driver.destroy();
}
