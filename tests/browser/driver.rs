//! The driver with the real pair behind it: a payment up to the bank's frame,
//! and out of it again.

use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::languages::language;
use crate::support::{Order, card, driver, pay_event, settled, until};
use kasa_checkout::browser::driver::Driver;
use kasa_checkout::browser::page;
use kasa_checkout::core::error::Error;
use kasa_checkout::core::flow::checkout::{Doing, View};
use kasa_checkout::core::flow::{Event, Outcome, Settled};
use kasa_checkout::core::text::TURKISH;
use kasa_checkout::ui::challenge::Challenge;
use kasa_checkout::wire::merchant::Status;

fn is_free(driver: &Driver) -> bool {
    driver.look(|core| core.is_free().is_ok())
}

fn is_at_bank(driver: &Driver) -> bool {
    driver.look(|core| {
        matches!(
            core.view(),
            View::Waiting {
                doing: Doing::AtBank,
                ..
            }
        )
    })
}

fn dialog() -> Option<web_sys::Element> {
    let document = page::document().expect("a page");
    document
        .query_selector("kasa-challenge")
        .expect("a selector")
}

#[wasm_bindgen_test]
async fn a_payment_leads_to_the_banks_frame_and_closing_it_cancels() {
    let order = Order::new().await;
    let driver = driver(&order);
    let settled = settled(&driver);
    let texts = Rc::new(Cell::new(&TURKISH));
    let challenge = Challenge::new(texts.clone(), &driver);
    driver.dispatch(Event::Open);
    until("the order is read", || is_free(&driver)).await;
    // Which one it is may be known only now.
    texts.set(language("ar", "rtl", &[("challenge_title", "التحقّق")]));

    driver.dispatch(pay_event());
    driver.dispatch(pay_event());
    until("the bank's frame", || is_at_bank(&driver)).await;
    let shadow = dialog().expect("a dialog").shadow_root().expect("its root");
    let frame = shadow
        .query_selector("iframe")
        .ok()
        .flatten()
        .expect("a frame");
    assert_eq!(frame.get_attribute("title").as_deref(), Some("التحقّق"));
    let dialog_around = frame.closest("dialog[dir=rtl][lang=ar]");
    assert!(dialog_around.is_ok_and(|dialog| dialog.is_some()));
    assert!(
        frame
            .get_attribute("src")
            .is_some_and(|src| src.contains("UniqueNumber="))
    );
    assert_eq!(order.recorded().await, ["pending"]);

    let close: web_sys::HtmlElement = {
        use wasm_bindgen::JsCast;
        let close = shadow.query_selector("[part~=close]").ok().flatten();
        close.expect("a close button").unchecked_into()
    };
    close.click();
    until("a result", || !settled.borrow().is_empty()).await;
    let statuses: Vec<Option<Status>> = settled
        .borrow()
        .iter()
        .map(|end| match end {
            Settled::Payment(Ok(Outcome::Final(payment))) => Some(payment.status),
            _ => None,
        })
        .collect();
    assert_eq!(statuses, [Some(Status::Canceled)]);
    assert!(dialog().is_none());
    assert_eq!(order.recorded().await, ["canceled"]);
    drop(challenge);
    driver.destroy();
}

#[wasm_bindgen_test]
async fn a_payment_under_way_is_taken_up_by_another_page() {
    let order = Order::new().await;
    let first = driver(&order);
    first.dispatch(Event::Open);
    until("the order is read", || is_free(&first)).await;
    first.dispatch(pay_event());
    until("the bank's frame", || is_at_bank(&first)).await;
    first.destroy();

    let second = driver(&order);
    let settled = settled(&second);
    second.dispatch(Event::Open);
    until("it is taken up", || {
        second.look(|core| {
            matches!(
                core.view(),
                View::Waiting {
                    can_continue: true,
                    ..
                }
            )
        })
    })
    .await;
    second.dispatch(Event::ContinueChallenge);
    until("the bank's frame", || is_at_bank(&second)).await;
    second.dispatch(Event::Cancel);
    until("a result", || !settled.borrow().is_empty()).await;
    assert_eq!(order.recorded().await, ["canceled"]);
    second.destroy();
}

#[wasm_bindgen_test]
async fn a_card_token_is_made_without_a_payment() {
    let order = Order::new().await;
    let driver = driver(&order);
    let settled = settled(&driver);
    driver.dispatch(Event::Open);
    until("the order is read", || is_free(&driver)).await;
    driver.dispatch(Event::TokenizeCard { card: card() });
    until("a token", || !settled.borrow().is_empty()).await;
    assert!(
        matches!(settled.borrow().as_slice(), [Settled::CardToken(Ok(token))] if !token.is_empty())
    );
    assert!(order.recorded().await.is_empty());
    driver.destroy();
}

#[wasm_bindgen_test]
async fn an_unknown_checkout_is_named() {
    let order = Order {
        checkout: "co_unknown".into(),
        reference: String::new(),
    };
    let driver = driver(&order);
    driver.dispatch(Event::Open);
    until("it is closed", || {
        driver.look(|core| core.view() == View::Closed(&Error::CheckoutNotFound))
    })
    .await;
    driver.destroy();
}

#[wasm_bindgen_test]
async fn a_message_that_is_not_the_frames_changes_nothing() {
    let order = Order::new().await;
    let driver = driver(&order);
    let _challenge = Challenge::new(Rc::new(Cell::new(&TURKISH)), &driver);
    driver.dispatch(Event::Open);
    until("the order is read", || is_free(&driver)).await;
    driver.dispatch(pay_event());
    until("the bank's frame", || is_at_bank(&driver)).await;

    // The page itself says so: right shape, wrong source and origin.
    let message = js_sys::Object::new();
    js_sys::Reflect::set(&message, &"type".into(), &"kasa:returned".into()).expect("set");
    let window = page::window().expect("a window");
    window.post_message(&message, "*").expect("posted");
    // Posted after it, and so heard after it.
    let heard = std::rc::Rc::new(std::cell::Cell::new(false));
    let listener = kasa_checkout::browser::listen::Listener::new(&window, "message", {
        let heard = heard.clone();
        move |_| heard.set(true)
    });
    window.post_message(&"after".into(), "*").expect("posted");
    until("the second message", || heard.get()).await;
    drop(listener);
    assert!(is_at_bank(&driver));
    driver.dispatch(Event::Cancel);
    until("it ends", || is_free(&driver)).await;
    driver.destroy();
}
