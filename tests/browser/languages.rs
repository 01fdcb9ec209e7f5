//! The drop-in in a language that came from outside: its words, its direction,
//! its plurals, and why a payment failed.

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlElement, HtmlInputElement};

use crate::script::{Script, apm, card, plans};
use crate::support::{NUMBER, put, text_of};
use kasa_checkout::core::text::{self, ENGLISH, KEYS, TURKISH, Texts};
use kasa_checkout::wire::merchant::{ApmKind, Method, Next, Otp};

/// As `index.js` hands a language over: these texts, the rest as built in.
pub fn language(tag: &str, dir: &str, given: &[(&str, &str)]) -> &'static Texts {
    let texts = KEYS.split_whitespace().map(|key| {
        let found = given.iter().find(|(named, _)| *named == key);
        found.map_or("", |(_, text)| *text)
    });
    let all: Vec<&str> = [tag, dir].into_iter().chain(texts).collect();
    text::keep(all.join("\0"))
}

/// A code that is awaited, with so many tries left.
fn code(attempts_left: u8) -> Next {
    Next::Otp(Box::new(Otp {
        length: Some(6),
        now: None,
        expires_at: None,
        attempts_left: Some(attempts_left),
        resend_at: None,
        resend_fields: vec![],
        fault: None,
    }))
}

#[wasm_bindgen_test]
fn a_language_is_drawn_in_its_direction_and_digits_stay_as_on_the_card() {
    let arabic = language(
        "ar-EG",
        "rtl",
        &[("number", "رقم البطاقة"), ("pay", "ادفع {}")],
    );
    let (_script, place, _mount) = Script::speaking(arabic, vec![card()]);
    let root: HtmlElement = place.find("[part=root]");
    assert_eq!(root.get_attribute("dir").as_deref(), Some("rtl"));
    assert_eq!(root.get_attribute("lang").as_deref(), Some("ar-EG"));
    assert_eq!(text_of(&place, "label[for=number]"), "رقم البطاقة");
    let button = text_of(&place, "[part~=pay]");
    assert!(
        button.contains("ادفع") && button.contains("123"),
        "{button}"
    );
    for name in ["number", "expiry", "cvc"] {
        let input: HtmlInputElement = place.find(&format!("[name={name}]"));
        assert_eq!(input.get_attribute("dir").as_deref(), Some("ltr"), "{name}");
    }
}

#[wasm_bindgen_test]
fn what_counts_is_said_in_the_plural_that_the_language_has_for_it() {
    let forms = "one:осталась {} попытка\nfew:осталось {} попытки\nосталось {} попыток";
    let russian = language("ru", "ltr", &[("code_attempts", forms)]);
    for (texts, count, said) in [
        (russian, 1, "осталась 1 попытка"),
        (russian, 3, "осталось 3 попытки"),
        (russian, 5, "осталось 5 попыток"),
        (russian, 21, "осталась 21 попытка"),
        (&ENGLISH, 1, "1 attempt left."),
        (&ENGLISH, 2, "2 attempts left."),
        (&TURKISH, 2, "2 deneme hakkınız var."),
    ] {
        let (script, place, _mount) = Script::speaking(texts, vec![apm("1", ApmKind::Otp, &[])]);
        place.find::<HtmlElement>("[part=pay]").click();
        script.answer_next("create_payment", code(count));
        assert_eq!(text_of(&place, "[part=attempts]"), said);
    }
}

#[wasm_bindgen_test]
fn a_plan_counts_its_installments() {
    let (script, place, _mount) = Script::speaking(&ENGLISH, vec![card()]);
    put(&place, "number", NUMBER);
    script.answer_plans(plans());
    assert!(text_of(&place, "[part=plans]").contains("3 installments"));
}

#[wasm_bindgen_test]
fn a_payment_that_failed_says_what_to_do_about_it() {
    for (code, said) in [
        ("declined", TURKISH.failed_declined),
        ("card_expired", TURKISH.failed_card_expired),
        ("installments_refused", TURKISH.failed_installments),
        ("terminal_unreachable", TURKISH.failed_terminal),
        ("provider_error", TURKISH.error_provider),
        ("something_new", TURKISH.failed),
    ] {
        let (script, place, _mount) = Script::speaking(&TURKISH, vec![Method::Hepsipay]);
        place.find::<HtmlElement>("[part=pay]").click();
        script.answer_failed("create_payment", code);
        assert_eq!(text_of(&place, "[part=status]"), said, "{code}");
    }
}
