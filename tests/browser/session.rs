//! The boundary that `index.js` calls: what it takes, throws and tells.

use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{NUMBER, Order, merchant, text, until};
use kasa_checkout::js::Session;

type Notes = Rc<RefCell<Vec<(String, JsValue)>>>;

fn object(fields: &[(&str, JsValue)]) -> JsValue {
    let object = js_sys::Object::new();
    for (name, value) in fields {
        js_sys::Reflect::set(&object, &(*name).into(), value).expect("set");
    }
    object.into()
}

fn session(options: &JsValue) -> (Result<Session, JsValue>, Notes) {
    let notes = Notes::default();
    let notify = Closure::<dyn FnMut(String, JsValue)>::new({
        let notes = notes.clone();
        move |kind, payload| notes.borrow_mut().push((kind, payload))
    });
    let session = Session::new(
        options,
        wasm_bindgen::JsCast::unchecked_into(notify.into_js_value()),
    );
    (session, notes)
}

fn thrown(result: Result<Session, JsValue>) -> String {
    match result {
        Ok(_) => panic!("taken"),
        Err(error) => text(&error, "code"),
    }
}

fn told(notes: &Notes, kind: &str) -> bool {
    notes.borrow().iter().any(|(told, _)| told == kind)
}

async fn opened(checkout: &str) -> (Session, Notes) {
    let options = object(&[
        ("merchant", merchant().into()),
        ("checkout", checkout.into()),
    ]);
    let (session, notes) = session(&options);
    let session = session.unwrap_or_else(|_| panic!("good options"));
    session.open();
    until("opened", || told(&notes, "opened")).await;
    (session, notes)
}

fn card(fields: &[(&str, JsValue)]) -> JsValue {
    object(&[("method", "card".into()), ("card", object(fields))])
}

#[wasm_bindgen_test]
fn options_that_do_not_fit_are_named() {
    let good = merchant();
    for options in [
        JsValue::UNDEFINED,
        object(&[]),
        object(&[
            ("merchant", "pay.shop.example".into()),
            ("checkout", "co_1".into()),
        ]),
        object(&[
            ("merchant", "ftp://shop.example".into()),
            ("checkout", "co_1".into()),
        ]),
        object(&[("merchant", good.as_str().into())]),
        object(&[
            ("merchant", good.as_str().into()),
            ("checkout", "x".repeat(200).into()),
        ]),
        object(&[
            ("merchant", good.as_str().into()),
            ("checkout", "co_1".into()),
            ("challenge", "popup".into()),
        ]),
        object(&[
            ("merchant", good.as_str().into()),
            ("checkout", "co_1".into()),
            ("redirectHosts", "bank".into()),
        ]),
    ] {
        assert_eq!(thrown(session(&options).0), "invalid_options");
    }
}

#[wasm_bindgen_test]
async fn a_card_that_does_not_fit_is_named_by_field_and_never_quoted() {
    let order = Order::new().await;
    let (session, notes) = opened(&order.checkout).await;
    let request = card(&[
        ("number", NUMBER.into()),
        ("expiryMonth", 13.into()),
        ("expiryYear", 2028.into()),
        ("cvc", "".into()),
        ("holder", "Elif Yılmaz".into()),
    ]);
    let error = session.pay(&request).expect_err("refused");
    assert_eq!(text(&error, "code"), "invalid_card");
    let fields = js_sys::Reflect::get(&error, &"fields".into()).expect("fields");
    assert_eq!(text(&fields, "expiry"), "invalid");
    assert_eq!(text(&fields, "cvc"), "missing");
    assert_eq!(text(&fields, "number"), "");
    assert!(
        !js_sys::JSON::stringify(&error)
            .expect("JSON")
            .includes(NUMBER, 0)
    );

    for request in [
        JsValue::NULL,
        object(&[("method", "cash".into())]),
        card(&[]),
    ] {
        assert!(session.pay(&request).is_err());
    }
    assert!(!session.paying());
    assert!(!told(&notes, "settled"));
    assert!(order.recorded().await.is_empty());
    session.destroy();
}

#[wasm_bindgen_test]
async fn an_unknown_checkout_ends_in_closed() {
    let options = object(&[
        ("merchant", merchant().into()),
        ("checkout", "co_unknown".into()),
    ]);
    let (session, notes) = session(&options);
    let session = session.unwrap_or_else(|_| panic!("good options"));
    session.open();
    until("closed", || told(&notes, "closed")).await;
    let notes = notes.borrow();
    let (_, error) = notes
        .iter()
        .find(|(kind, _)| kind == "closed")
        .expect("closed");
    assert_eq!(text(error, "code"), "checkout_not_found");
    session.destroy();
}

#[wasm_bindgen_test]
async fn a_payment_is_told_step_by_step_without_card_data() {
    let order = Order::new().await;
    let (session, notes) = opened(&order.checkout).await;
    let request = card(&[
        ("number", NUMBER.into()),
        ("expiry", "09/28".into()),
        ("cvc", "360".into()),
        ("holder", "Elif Yılmaz".into()),
    ]);
    session
        .tokenize(&js_sys::Reflect::get(&request, &"card".into()).expect("card"))
        .expect("started");
    until("a token", || told(&notes, "token")).await;
    assert!(told(&notes, "trace") && told(&notes, "change"));
    for (_, payload) in notes.borrow().iter() {
        // `undefined` has no JSON.
        let json = JsValue::from(js_sys::JSON::stringify(payload).expect("no cycles"));
        assert!(!json.as_string().unwrap_or_default().contains(NUMBER));
    }
    session.destroy();
}

#[wasm_bindgen_test]
async fn a_destroyed_session_tells_nothing_more() {
    let order = Order::new().await;
    let (session, notes) = opened(&order.checkout).await;
    session.destroy();
    session.destroy();
    let before = notes.borrow().len();
    session.open();
    session.cancel();
    assert_eq!(notes.borrow().len(), before);
}
