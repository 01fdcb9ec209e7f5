//! Orders to pay, cards to pay them with, and waiting for what must come.

use gloo_net::http::Request;
use gloo_timers::future::TimeoutFuture;
use js_sys::Reflect;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Event as DomEvent, EventInit, HtmlElement, HtmlInputElement};

use kasa_checkout::browser::driver::{Driver, News};
use kasa_checkout::browser::page;
use kasa_checkout::core::card::{self, CardInput};
use kasa_checkout::core::flow::following::Rules;
use kasa_checkout::core::flow::{Event, How, Settled};
use kasa_checkout::core::redirect::AllowList;
use kasa_checkout::core::secret::Secret;
use kasa_checkout::wire::merchant::Challenge;
use kasa_checkout::wire::paywall::{TempCardBody, TempCardRequest};

/// PayWall's test card that pays (paywall.md §5.8).
pub const NUMBER: &str = "5141181677407907";

pub fn merchant() -> String {
    address(option_env!("KASA_TEST_MERCHANT"))
}

pub fn sandbox() -> String {
    address(option_env!("KASA_TEST_SANDBOX"))
}

fn desk() -> String {
    address(option_env!("KASA_TEST_DESK"))
}

fn address(given: Option<&str>) -> String {
    given
        .expect("run by `npm test -- --only browser`, which starts the servers")
        .to_owned()
}

pub struct Order {
    pub checkout: String,
    pub reference: String,
}

impl Order {
    /// A fresh order over 123,45 TRY, made at the shop's desk.
    pub async fn new() -> Order {
        Order::with("{}").await
    }

    /// The same with something else about it; JSON.
    pub async fn with(overrides: &str) -> Order {
        let request = Request::post(&desk()).body(overrides).expect("a body");
        let answer = request.send().await.expect("the desk answers");
        let answer = json(answer).await;
        Order {
            checkout: text(&answer, "checkout"),
            reference: text(&answer, "reference"),
        }
    }

    /// What the merchant server has recorded: the payments' statuses.
    pub async fn recorded(&self) -> Vec<String> {
        let url = format!("{}/orders/{}", desk(), self.reference);
        let answer = Request::get(&url).send().await.expect("the desk answers");
        let payments = Reflect::get(&json(answer).await, &"payments".into()).expect("payments");
        let payments: js_sys::Array = payments.unchecked_into();
        payments
            .iter()
            .map(|payment| text(&payment, "status"))
            .collect()
    }
}

async fn json(answer: gloo_net::http::Response) -> JsValue {
    assert!(answer.ok(), "status {}", answer.status());
    let body = web_sys::Response::from(answer).json().expect("a body");
    JsFuture::from(body).await.expect("JSON")
}

pub fn text(object: &JsValue, name: &str) -> String {
    Reflect::get(object, &name.into())
        .ok()
        .and_then(|value| value.as_string())
        .unwrap_or_default()
}

pub fn input(number: &str) -> CardInput {
    let secret = |text: &str| Secret::new(text.into());
    CardInput {
        number: secret(number),
        expiry: secret("09/28"),
        cvc: secret("360"),
        holder: secret("Elif Yılmaz"),
    }
}

fn request() -> TempCardRequest {
    card::check(&input(NUMBER), page::today()).expect("a good card")
}

pub fn card() -> TempCardBody {
    TempCardBody::Ecom(request())
}

/// A driver on the order, that meets challenges in a frame.
pub fn driver(order: &Order) -> Rc<Driver> {
    let rules = Rules {
        challenge: Challenge::Frame,
        redirects: AllowList::new(&merchant(), vec![]),
    };
    Driver::new(merchant(), order.checkout.clone(), rules, false)
}

pub fn pay_event() -> Event {
    Event::Pay {
        how: How::Card {
            card: request(),
            installments: 1,
            save: false,
        },
        key: page::idempotency_key().expect("a key"),
    }
}

/// What the driver settled so far.
pub fn settled(driver: &Rc<Driver>) -> Rc<RefCell<Vec<Settled>>> {
    let settled: Rc<RefCell<Vec<Settled>>> = Rc::default();
    driver.observe({
        let settled = settled.clone();
        move |news| {
            if let News::Settled(end) = news {
                settled.borrow_mut().push((*end).clone());
            }
        }
    });
    settled
}

/// Looks every few milliseconds until it is so; fails after ten seconds.
pub async fn until(what: &str, mut so: impl FnMut() -> bool) {
    for _ in 0..500 {
        if so() {
            return;
        }
        TimeoutFuture::new(20).await;
    }
    panic!("never: {what}");
}

/// A place in the page that goes away with the test.
pub struct Place(pub web_sys::Element);

impl Place {
    pub fn new() -> Place {
        let document = page::document().expect("a page");
        let place = document.create_element("div").expect("an element");
        document
            .body()
            .expect("a body")
            .append_child(&place)
            .expect("appended");
        Place(place)
    }

    pub fn shadow(&self) -> web_sys::ShadowRoot {
        let host = self.0.first_element_child().expect("the drop-in");
        host.shadow_root().expect("its shadow root")
    }

    pub fn find<T: JsCast>(&self, selector: &str) -> T {
        self.shadow()
            .query_selector(selector)
            .ok()
            .flatten()
            .unwrap_or_else(|| panic!("no {selector}"))
            .unchecked_into()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.remove();
    }
}

/// As a keyboard or a paste leaves it: value set, `input` told.
pub fn put(place: &Place, name: &str, text: &str) {
    let input: HtmlInputElement = place.find(&format!("[name={name}]"));
    input.set_value(text);
    tell(&input, "input");
}

pub fn tell(input: &HtmlInputElement, kind: &str) {
    let init = EventInit::new();
    init.set_bubbles(true);
    let event = DomEvent::new_with_event_init_dict(kind, &init).expect("an event");
    input.dispatch_event(&event).expect("told");
}

pub fn text_of(place: &Place, selector: &str) -> String {
    place
        .find::<HtmlElement>(selector)
        .text_content()
        .unwrap_or_default()
}
