//! The HTTP shell against real servers: every way an answer can come or fail.

use gloo_net::http::Method;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::AbortController;

use crate::support::{self, Order, card, input, merchant, sandbox};
use kasa_checkout::browser::http::Exchange;
use kasa_checkout::core::flow::{Answer, Lost, Tokenized};
use kasa_checkout::wire::merchant::{Checkout, Purpose, TempToken, TempTokenRequest, problem};
use kasa_checkout::wire::paywall::TempCardBody;

const NOTHING: Option<&()> = None;

fn exchange(deadline_ms: u32) -> Exchange {
    Exchange::new(deadline_ms, AbortController::new().ok())
}

async fn read(url: &str, deadline_ms: u32) -> Answer<Checkout> {
    exchange(deadline_ms)
        .ask(Method::GET, url, &[], NOTHING)
        .await
}

async fn temp_token(order: &Order) -> TempToken {
    let url = format!("{}/v1/checkouts/{}/temp-token", merchant(), order.checkout);
    let body = TempTokenRequest {
        purpose: Purpose::Card,
    };
    match exchange(10_000)
        .ask(Method::POST, &url, &[], Some(&body))
        .await
    {
        Answer::Ok(token) => token,
        other => panic!("{other:?}"),
    }
}

#[wasm_bindgen_test]
async fn an_order_is_read_as_the_contract_says() {
    let order = Order::new().await;
    let url = format!("{}/v1/checkouts/{}", merchant(), order.checkout);
    let Answer::Ok(checkout) = read(&url, 10_000).await else {
        panic!("no checkout")
    };
    assert_eq!(checkout.id, order.checkout);
    assert_eq!(
        (checkout.amount, checkout.currency.as_str()),
        (12_345, "TRY")
    );
    assert!(
        checkout
            .methods
            .iter()
            .any(|method| method.name() == "card")
    );
    assert_eq!(checkout.payment, None);
}

#[wasm_bindgen_test]
async fn a_refusal_keeps_its_code() {
    let url = format!("{}/v1/checkouts/co_unknown", merchant());
    let Answer::Refused(refusal) = read(&url, 10_000).await else {
        panic!("no refusal")
    };
    assert_eq!(refusal.code, problem::CHECKOUT_NOT_FOUND);
    assert_eq!(refusal.status, 404);
}

#[wasm_bindgen_test]
async fn a_page_in_place_of_json_is_garbled() {
    let page = kasa_checkout::browser::page::window().expect("a window");
    let url = page.location().href().expect("an address");
    assert_eq!(read(&url, 10_000).await, Answer::Lost(Lost::Garbled));
}

#[wasm_bindgen_test]
async fn no_server_is_unreachable() {
    // Port 9 (discard) has no server here.
    assert_eq!(
        read("http://127.0.0.1:9/v1/checkouts/x", 10_000).await,
        Answer::Lost(Lost::Unreachable)
    );
}

#[wasm_bindgen_test]
async fn an_answer_after_the_deadline_is_late() {
    let order = Order::new().await;
    let url = format!(
        "{}/v1/checkouts/{}?wait=25&since=999999",
        merchant(),
        order.checkout
    );
    assert_eq!(read(&url, 300).await, Answer::Lost(Lost::Late));
}

#[wasm_bindgen_test]
async fn a_card_becomes_a_token_at_paywall() {
    let token = temp_token(&Order::new().await).await;
    assert_eq!(token.payment_api, sandbox());
    let Tokenized::CardToken(card_token) = exchange(10_000).tokenize(&token, card()).await else {
        panic!("no card token")
    };
    assert!(!card_token.is_empty());
}

#[wasm_bindgen_test]
async fn a_refused_temp_token_hands_the_card_back() {
    let mut token = temp_token(&Order::new().await).await;
    token.token = "00000000-0000-0000-0000-000000000000".into();
    let Tokenized::TokenRefused(card) = exchange(10_000).tokenize(&token, card()).await else {
        panic!("not refused")
    };
    assert!(matches!(card, TempCardBody::Ecom(card) if card.card_number == support::NUMBER));
}

#[wasm_bindgen_test]
async fn a_refused_card_says_paywalls_code() {
    let token = temp_token(&Order::new().await).await;
    let today = kasa_checkout::browser::page::today();
    let mut card =
        kasa_checkout::core::card::check(&input(support::NUMBER), today).expect("a good card");
    card.card_expiry_month = "13".into();
    let Tokenized::CardRefused(code) = exchange(10_000)
        .tokenize(&token, TempCardBody::Ecom(card))
        .await
    else {
        panic!("not refused")
    };
    assert_eq!(code, 15);
}
