//! Methods paid through the drop-in, with the real pair behind it: what the
//! scripts of the other files stand for.

use std::rc::Rc;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use crate::support::{Order, Place, driver, put, text_of, until};
use kasa_checkout::browser::driver::Driver;
use kasa_checkout::core::flow::Event;
use kasa_checkout::core::text::TURKISH;
use kasa_checkout::ui::mount::Mount;

/// Shows the drop-in of the order and opens the method of this selector.
async fn opened(order: Order, section: &str) -> (Order, Rc<Driver>, Place, Mount) {
    let driver = driver(&order);
    driver.dispatch(Event::Open);
    until("the order is read", || {
        driver.look(|core| core.is_free().is_ok())
    })
    .await;
    let place = Place::new();
    let mount = Mount::new(&place.0, &TURKISH, &driver).expect("mounted");
    press(&place, &format!("{section} [part=choose]"));
    (order, driver, place, mount)
}

fn press(place: &Place, selector: &str) {
    place.find::<HtmlElement>(selector).click();
}

async fn shown(place: &Place, selector: &str) {
    until(selector, || {
        place.find::<HtmlElement>(selector).offset_height() > 0
    })
    .await;
}

async fn ends(place: &Place, status: &str) {
    until(status, || {
        let result: HtmlElement = place.find("[part=result]");
        result.get_attribute("data-status").as_deref() == Some(status)
    })
    .await;
}

#[wasm_bindgen_test]
async fn a_meal_card_pays_by_the_code_on_the_phone() {
    let (order, driver, place, _mount) = opened(Order::new().await, "[data-kind=otp]").await;
    put(&place, "cardNumber", "6375 7800 0000 0000");
    press(&place, "[data-kind=otp] [part=pay]");
    shown(&place, "[part=otp]").await;
    assert!(!text_of(&place, "[part=countdown]").is_empty());

    put(&place, "code", "654321");
    press(&place, "[part=confirm]");
    until("it is wrong", || !text_of(&place, "#code-error").is_empty()).await;
    put(&place, "code", "123456");
    press(&place, "[part=confirm]");
    ends(&place, "paid").await;
    assert_eq!(order.recorded().await, ["paid"]);
    driver.destroy();
}

#[wasm_bindgen_test]
async fn a_wallets_picture_is_drawn() {
    let (_, driver, place, _mount) = opened(Order::new().await, "[data-kind=qr]").await;
    press(&place, "[data-kind=qr] [part=pay]");
    shown(&place, "[part=qr]").await;
    let canvas: web_sys::HtmlCanvasElement = place.find("[part=qr]");
    // 300 is a canvas's width before anything is drawn.
    until("it is drawn", || canvas.width() != 300).await;
    assert_eq!(canvas.width(), canvas.height());
    driver.destroy();
}

#[wasm_bindgen_test]
async fn a_terminal_is_rung_and_called_off() {
    let order = Order::with(r#"{"terminal": {}}"#).await;
    let (order, driver, place, _mount) = opened(order, "[data-method=terminal]").await;
    press(&place, "[data-method=terminal] [name=terminal]");
    press(&place, "[data-method=terminal] [part=pay]");
    shown(&place, "[part=stage]").await;
    press(&place, "[part=cancel]");
    ends(&place, "canceled").await;
    assert_eq!(order.recorded().await, ["canceled"]);
    driver.destroy();
}
