//! The ways to pay: one open at a time, each with its own fields, and what is
//! looked up for them.

use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Event as DomEvent, HtmlElement, HtmlInputElement};

use crate::script::{Script, apm, card, plans, saved, terminals};
use crate::support::{NUMBER, Place, put, text_of};
use kasa_checkout::browser::page;
use kasa_checkout::core::flow::checkout::View;
use kasa_checkout::wire::merchant::{ApmKind, Method, Plan};

fn press(place: &Place, selector: &str) {
    place.find::<HtmlElement>(selector).click();
}

fn count(place: &Place, selector: &str) -> u32 {
    let found = place.shadow().query_selector_all(selector);
    found.expect("a selector").length()
}

fn is_shown(place: &Place, selector: &str) -> bool {
    place.find::<HtmlElement>(selector).offset_height() > 0
}

/// `data-method` of the methods whose form is to be seen.
fn open(place: &Place) -> Vec<String> {
    let sections = place.shadow().query_selector_all("[part=method]");
    let sections = sections.expect("a selector");
    (0..sections.length())
        .filter_map(|at| sections.get(at)?.dyn_into::<web_sys::Element>().ok())
        .filter(|section| {
            let form = section.query_selector("[part=form]").ok().flatten();
            form.is_some_and(|form| !form.has_attribute("hidden"))
        })
        .filter_map(|section| section.get_attribute("data-method"))
        .collect()
}

fn is_free(script: &Script) -> bool {
    script
        .driver
        .look(|core| matches!(core.view(), View::Form { busy: None, .. }))
}

#[wasm_bindgen_test]
fn one_method_stands_alone_and_more_open_one_at_a_time() {
    let (_script, place, _mount) = Script::mounted(vec![card()]);
    assert_eq!(count(&place, "[part=choose]"), 0);
    assert_eq!(open(&place), ["card"]);

    let (_script, place, _mount) =
        Script::mounted(vec![card(), Method::Hepsipay, terminals(&["1"])]);
    assert_eq!(open(&place), ["card"]);
    press(&place, "[data-method=hepsipay] [part=choose]");
    assert_eq!(open(&place), ["hepsipay"]);
    let expanded = |method: &str| {
        let button: HtmlElement = place.find(&format!("[data-method={method}] [part=choose]"));
        button.get_attribute("aria-expanded")
    };
    assert_eq!(expanded("hepsipay").as_deref(), Some("true"));
    assert_eq!(expanded("card").as_deref(), Some("false"));
    // Pressed again it stays.
    press(&place, "[data-method=hepsipay] [part=choose]");
    assert_eq!(open(&place), ["hepsipay"]);
}

#[wasm_bindgen_test]
fn what_this_version_does_not_know_is_left_out() {
    let (_script, place, _mount) = Script::mounted(vec![
        Method::Unknown("crypto".into()),
        apm("1", ApmKind::Otp, &["shoeSize"]),
        Method::Aspay {
            fields: vec!["shoeSize".into()],
        },
        apm("2", ApmKind::Qr, &[]),
    ]);
    assert_eq!(count(&place, "[part=method]"), 1);
    let section: HtmlElement = place.find("[part=method]");
    assert_eq!(
        section.get_attribute("data-connection").as_deref(),
        Some("2")
    );
    assert_eq!(section.get_attribute("data-kind").as_deref(), Some("qr"));

    let (_script, place, _mount) = Script::mounted(vec![Method::Unknown("crypto".into())]);
    assert!(!text_of(&place, "[part=methods]").is_empty());
}

#[wasm_bindgen_test]
fn the_fields_of_two_forms_do_not_share_an_id() {
    let (_script, place, _mount) = Script::mounted(vec![
        card(),
        apm("1", ApmKind::Otp, &["phone"]),
        apm("2", ApmKind::Otp, &["phone", "cardNumber"]),
    ]);
    let all = place
        .shadow()
        .query_selector_all("[id]")
        .expect("a selector");
    let mut ids: Vec<String> = (0..all.length())
        .filter_map(|at| all.get(at)?.dyn_into::<web_sys::Element>().ok())
        .map(|element| element.id())
        .collect();
    let many = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), many);
    // And each label leads to its own.
    press(&place, "[data-connection='2'] [part=choose]");
    press(&place, "[data-connection='2'] label");
    let focused = place.shadow().active_element().expect("a focus");
    let section = focused
        .closest("[data-connection='2']")
        .expect("a selector");
    assert!(section.is_some());
}

#[wasm_bindgen_test]
fn a_wrong_payer_field_is_named_where_it_is_and_nothing_is_asked() {
    let (script, place, _mount) = Script::mounted(vec![apm("1", ApmKind::Otp, &["phone"])]);
    put(&place, "phone", "0212 111 22 33");
    press(&place, "[part=pay]");
    let input: HtmlInputElement = place.find("[name=phone]");
    assert_eq!(input.get_attribute("aria-invalid").as_deref(), Some("true"));
    assert_eq!(script.times("create_payment"), 0);

    put(&place, "phone", "0555 111 22 33");
    press(&place, "[part=pay]");
    assert_eq!(script.times("create_payment"), 1);
    // Busy: what stands there can be read, not changed.
    assert!(input.read_only());
    press(&place, "[part=pay]");
    assert_eq!(script.times("create_payment"), 1);
}

#[wasm_bindgen_test]
fn a_meal_cards_number_is_wiped_as_a_cards_is() {
    let offers = vec![card(), apm("1", ApmKind::Otp, &["cardNumber"])];
    let (_script, place, mount) = Script::mounted(offers);
    put(&place, "cardNumber", "6375780000000000");
    let input: HtmlInputElement = place.find("[name=cardNumber]");
    assert_eq!(input.value(), "6375 7800 0000 0000");
    assert!(!place.shadow().inner_html().contains("6375"));

    let hide = DomEvent::new("pagehide").expect("an event");
    let window = page::window().expect("a window");
    window.dispatch_event(&hide).expect("told");
    assert_eq!(input.value(), "");
    put(&place, "cardNumber", "6375780000000000");
    drop(mount);
    assert_eq!(input.value(), "");
}

#[wasm_bindgen_test]
fn plans_are_asked_for_at_eight_digits_and_gone_with_them() {
    let (script, place, _mount) = Script::mounted(vec![card()]);
    put(&place, "number", "5141 181");
    assert_eq!(script.times("read_bin"), 0);
    put(&place, "number", NUMBER);
    put(&place, "number", "5141 1816 77");
    assert_eq!(script.times("read_bin"), 1);
    assert!(!is_shown(&place, "[part=plans]"));

    script.answer_plans(plans());
    assert!(is_shown(&place, "[part=plans]"));
    let single: HtmlInputElement = place.find("[name=installments][value='1']");
    assert!(single.checked());
    press(&place, "[name=installments][value='3']");
    assert!(text_of(&place, "[part=pay]").contains("123,45"));
    press(&place, "[name=installments][value='6']");
    assert!(text_of(&place, "[part=pay]").contains("150,00"));
    assert!(text_of(&place, "[part=plans]").contains("26,55"));

    put(&place, "number", "5141 181");
    assert!(!is_shown(&place, "[part=plans]"));
    assert!(text_of(&place, "[part=pay]").contains("123,45"));
}

#[wasm_bindgen_test]
fn a_plan_that_is_not_offered_any_more_falls_back_to_the_single_payment() {
    let (script, place, _mount) = Script::mounted(vec![card()]);
    put(&place, "number", NUMBER);
    script.answer_plans(plans());
    press(&place, "[name=installments][value='6']");
    put(&place, "number", "4546711234567894");
    script.answer_plans(plans()[..2].to_vec());
    let single: HtmlInputElement = place.find("[name=installments][value='1']");
    assert!(single.checked());
    assert!(text_of(&place, "[part=pay]").contains("123,45"));

    // One way to pay is no choice.
    put(&place, "number", "5241185032382969");
    script.answer_plans(plans()[..1].to_vec());
    assert!(!is_shown(&place, "[part=plans]"));
}

#[wasm_bindgen_test]
fn saved_cards_are_listed_chosen_and_removed_at_the_second_press() {
    let (script, place, _mount) = Script::mounted(vec![Method::SavedCard, card()]);
    assert_eq!(open(&place), ["saved_card"]);
    assert!(!is_shown(&place, "[data-method=saved_card] [part=pay]"));
    script.answer_cards(vec![
        saved("old", "454671******7894", true),
        saved("one", "979208******4513", false),
        saved("two", "557920******1297", false),
    ]);
    let expired: HtmlInputElement = place.find("[name=saved][value=old]");
    assert!(expired.disabled());
    let first: HtmlInputElement = place.find("[name=saved][value=one]");
    assert!(first.checked());
    assert!(is_shown(&place, "[data-method=saved_card] [part=pay]"));
    // Its plans, by the digits that are not masked.
    assert_eq!(script.times("read_bin"), 1);
    script.answer_plans(plans());
    assert!(is_shown(&place, "[data-method=saved_card] [part=plans]"));
    press(&place, "[name=saved][value=two]");
    assert_eq!(script.times("read_bin"), 2);

    press(&place, "[part=remove][data-card=two]");
    assert_eq!(script.times("delete_card"), 0);
    // Anything else takes it back.
    press(&place, "[part=remove][data-card=one]");
    press(&place, "[part=remove][data-card=two]");
    assert_eq!(script.times("delete_card"), 0);
    press(&place, "[part=remove][data-card=two]");
    assert_eq!(script.times("delete_card"), 1);
    script.answer_deleted();
    assert_eq!(count(&place, "[name=saved]"), 2);
    let first: HtmlInputElement = place.find("[name=saved][value=one]");
    assert!(first.checked());
}

#[wasm_bindgen_test]
fn without_a_usable_saved_card_the_next_method_is_open() {
    let (script, place, _mount) = Script::mounted(vec![Method::SavedCard, card()]);
    script.answer_cards(vec![saved("old", "454671******7894", true)]);
    assert_eq!(open(&place), ["card"]);

    // But not where the shopper has been already.
    let (script, place, _mount) = Script::mounted(vec![Method::SavedCard, card()]);
    press(&place, "[data-method=saved_card] [part=choose]");
    script.answer_cards(vec![]);
    assert_eq!(open(&place), ["saved_card"]);
    assert!(!text_of(&place, "[data-method=saved_card] [role=status]").is_empty());
}

#[wasm_bindgen_test]
fn plans_belong_to_the_open_method() {
    let (script, place, _mount) = Script::mounted(vec![card(), Method::SavedCard]);
    script.answer_cards(vec![saved("one", "979208******4513", false)]);
    assert_eq!(script.times("read_bin"), 0);
    put(&place, "number", NUMBER);
    script.answer_plans(plans());
    press(&place, "[data-method=saved_card] [part=choose]");
    assert_eq!(script.times("read_bin"), 2);
    assert!(!is_shown(&place, "[data-method=saved_card] [part=plans]"));
    script.answer_plans(plans());
    assert!(is_shown(&place, "[data-method=saved_card] [part=plans]"));
    assert!(!is_shown(&place, "[data-method=card] [part=plans]"));
    press(&place, "[data-method=card] [part=choose]");
    assert!(is_shown(&place, "[data-method=card] [part=plans]"));
    assert_eq!(script.times("read_bin"), 2);
}

#[wasm_bindgen_test]
fn a_terminal_is_chosen_only_where_there_are_several() {
    let (script, place, _mount) = Script::mounted(vec![terminals(&["1"])]);
    assert_eq!(count(&place, "[name=terminal]"), 0);
    press(&place, "[part=pay]");
    assert_eq!(script.times("create_payment"), 1);
    assert!(!is_free(&script));

    let (_script, place, _mount) = Script::mounted(vec![terminals(&["1", "2"])]);
    assert_eq!(count(&place, "[name=terminal]"), 2);
    let first: HtmlInputElement = place.find("[name=terminal][value=id-1]");
    assert!(first.checked());
}

#[wasm_bindgen_test]
fn while_a_payment_is_being_started_no_choice_can_change() {
    let (script, place, _mount) = Script::mounted(vec![terminals(&["1", "2"]), card()]);
    press(&place, "[part=pay]");
    press(&place, "[name=terminal][value=id-2]");
    let first: HtmlInputElement = place.find("[name=terminal][value=id-1]");
    assert!(first.checked());
    press(&place, "[data-method=card] [part=choose]");
    assert_eq!(open(&place), ["terminal"]);
    assert_eq!(script.times("create_payment"), 1);
}

#[wasm_bindgen_test]
fn a_plan_at_the_shops_cost_says_so() {
    let (script, place, _mount) = Script::mounted(vec![card()]);
    put(&place, "number", NUMBER);
    // What it costs the shop is not the shopper's to see.
    let costly = Plan {
        total: 14_000,
        interest: 1_655,
        ..plans().remove(1)
    };
    script.answer_plans(vec![plans().remove(0), costly]);
    press(&place, "[name=installments][value='3']");
    let text = text_of(&place, "[part=plans]");
    assert!(
        text.contains("vade farksız") && !text.contains("16,55"),
        "{text}"
    );
    assert!(text_of(&place, "[part=pay]").contains("123,45"));
}

#[wasm_bindgen_test]
fn an_order_that_could_not_be_read_again_is_read_when_asked() {
    let (script, place, _mount) = Script::mounted(vec![card()]);
    for (name, text) in [
        ("number", NUMBER),
        ("expiry", "09/28"),
        ("cvc", "360"),
        ("holder", "Elif Yılmaz"),
    ] {
        put(&place, name, text);
    }
    press(&place, "[part=pay]");
    script.answer_busy();
    // Once more by itself.
    script.lose_order();
    script.lose_order();
    assert!(is_shown(&place, "[part=retry]"));

    let before = script.times("read_checkout");
    press(&place, "[part=retry]");
    assert_eq!(script.times("read_checkout"), before + 1);
    assert!(!is_shown(&place, "[part=retry]"));
    let focused = place.shadow().active_element();
    assert!(focused.is_some_and(|focused| focused.has_attribute("tabindex")));
    script.answer_order(None);
    assert!(is_free(&script));
    assert_eq!(open(&place), ["card"]);
}
