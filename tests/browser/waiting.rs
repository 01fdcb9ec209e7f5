//! What a payment under way asks for: the one-time code, the picture, the
//! terminal; and a cancellation that was not granted.

use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, HtmlElement, HtmlInputElement};

use crate::script::{Script, apm, terminals};
use crate::support::{Place, put, text_of, until};
use kasa_checkout::core::flow::Event;
use kasa_checkout::ui::mount::Mount;
use kasa_checkout::wire::merchant::{
    ApmKind, Next, Otp, OtpFault, Qr, Redirect, RedirectMethod, Status, Wait, stage,
};

/// Two pixels square: black, white, white, black.
const PICTURE: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAAAAABX3VL4AAAADElEQVR4nGNg+A+EAAYAAf+T0eSJAAAAAElFTkSuQmCC";

fn otp() -> Otp {
    Otp {
        length: Some(6),
        // Not the clock of this machine.
        now: Some("2020-01-01T10:00:00Z".into()),
        expires_at: Some("2020-01-01T10:02:00Z".into()),
        attempts_left: Some(3),
        resend_at: Some("2020-01-01T10:00:30Z".into()),
        resend_fields: vec![],
        fault: None,
    }
}

/// A payment whose next step is this.
fn waiting(next: Next) -> (Script, Place, Mount) {
    let offer = match &next {
        Next::Wait(_) => terminals(&["1"]),
        _ => apm("1", ApmKind::Otp, &[]),
    };
    let (script, place, mount) = Script::mounted(vec![offer]);
    press(&place, "[part=pay]");
    script.answer_next("create_payment", next);
    (script, place, mount)
}

fn code(otp: Otp) -> Next {
    Next::Otp(Box::new(otp))
}

fn press(place: &Place, selector: &str) {
    place.find::<HtmlElement>(selector).click();
}

fn is_shown(place: &Place, selector: &str) -> bool {
    place.find::<HtmlElement>(selector).offset_height() > 0
}

fn attribute(place: &Place, selector: &str, name: &str) -> String {
    let element: HtmlElement = place.find(selector);
    element.get_attribute(name).unwrap_or_default()
}

fn focused(place: &Place) -> String {
    let active = place.shadow().active_element();
    active
        .and_then(|active| {
            active
                .get_attribute("name")
                .or(active.get_attribute("part"))
        })
        .unwrap_or_default()
}

#[wasm_bindgen_test]
fn the_field_of_the_code_appears_with_the_focus_in_it() {
    let (_script, place, _mount) = waiting(code(otp()));
    assert!(is_shown(&place, "[part=otp]") && !is_shown(&place, "[part=methods]"));
    assert_eq!(focused(&place), "code");
    assert_eq!(
        attribute(&place, "[name=code]", "autocomplete"),
        "one-time-code"
    );
    assert!(text_of(&place, "[part=attempts]").contains('3'));
    assert!(text_of(&place, "[part=countdown]").contains("2:00"));
    assert!(text_of(&place, "[part=status]").contains("120"));
    assert!(is_shown(&place, "[part=cancel]"));
}

#[wasm_bindgen_test]
async fn the_seconds_tick_where_no_live_region_hears_them() {
    let (_script, place, _mount) = waiting(code(otp()));
    let said = text_of(&place, "[part=status]");
    until("a second is over", || {
        !text_of(&place, "[part=countdown]").contains("2:00")
    })
    .await;
    assert_eq!(text_of(&place, "[part=status]"), said);
    let countdown: HtmlElement = place.find("[part=countdown]");
    let live = countdown.closest("[aria-live], [role=status], [role=alert]");
    assert!(live.expect("a selector").is_none());
}

#[wasm_bindgen_test]
async fn the_end_of_a_code_is_told_and_another_one_can_be_asked_for() {
    let short = Otp {
        expires_at: Some("2020-01-01T10:00:01Z".into()),
        resend_at: Some("2020-01-01T10:00:01Z".into()),
        ..otp()
    };
    let (script, place, _mount) = waiting(code(short));
    press(&place, "[part=resend]");
    assert_eq!(script.times("resend_code"), 0);
    assert_eq!(attribute(&place, "[part=resend]", "aria-disabled"), "true");
    until("its time is over", || {
        text_of(&place, "[part=status]").contains("doldu")
    })
    .await;
    until("another may be asked for", || {
        attribute(&place, "[part=resend]", "aria-disabled") == "false"
    })
    .await;
    press(&place, "[part=resend]");
    assert_eq!(script.times("resend_code"), 1);
    script.answer_next("resend_code", code(otp()));
    assert!(text_of(&place, "[part=countdown]").contains("2:00"));
    assert!(text_of(&place, "[part=status]").contains("120"));
}

#[wasm_bindgen_test]
fn no_other_code_is_offered_where_none_will_be_sent() {
    let (_script, place, _mount) = waiting(code(Otp {
        resend_at: None,
        ..otp()
    }));
    assert!(!is_shown(&place, "[part=resend]"));
}

#[wasm_bindgen_test]
fn a_pasted_message_leaves_its_digits_and_a_short_code_is_not_sent() {
    let (script, place, _mount) = waiting(code(otp()));
    put(&place, "code", "Kodunuz: 123 4");
    let input: HtmlInputElement = place.find("[name=code]");
    assert_eq!(input.value(), "1234");
    press(&place, "[part=confirm]");
    assert_eq!(script.times("confirm_code"), 0);
    assert!(!text_of(&place, "#code-error").is_empty());

    put(&place, "code", "123456");
    press(&place, "[part=confirm]");
    press(&place, "[part=confirm]");
    assert_eq!(script.times("confirm_code"), 1);
    assert!(input.read_only());
    script.answer_payment("confirm_code", Status::Paid, None);
    assert_eq!(attribute(&place, "[part=result]", "data-status"), "paid");
    assert_eq!(input.value(), "");
    assert!(!is_shown(&place, "[part=otp]"));
}

#[wasm_bindgen_test]
fn a_wrong_code_is_said_each_time_and_the_field_is_empty_again() {
    let (script, place, _mount) = waiting(code(otp()));
    let wrong = || {
        code(Otp {
            fault: Some(OtpFault::Wrong),
            attempts_left: None,
            ..otp()
        })
    };
    for _ in 0..2 {
        put(&place, "code", "654321");
        assert_eq!(text_of(&place, "#code-error"), "");
        press(&place, "[part=confirm]");
        script.answer_next("confirm_code", wrong());
        let input: HtmlInputElement = place.find("[name=code]");
        assert_eq!(input.value(), "");
        assert!(text_of(&place, "#code-error").contains("yanlış"));
        assert_eq!(focused(&place), "code");
    }
}

#[wasm_bindgen_test]
fn a_poll_that_knows_first_does_not_say_so_while_the_code_is_judged() {
    let (script, place, _mount) = waiting(code(otp()));
    put(&place, "code", "654321");
    press(&place, "[part=confirm]");
    let wrong = || {
        code(Otp {
            fault: Some(OtpFault::Wrong),
            attempts_left: Some(2),
            ..otp()
        })
    };
    script.answer_order_with(wrong());
    assert_eq!(text_of(&place, "#code-error"), "");
    script.answer_next("confirm_code", wrong());
    assert!(!text_of(&place, "#code-error").is_empty());
    assert!(text_of(&place, "[part=attempts]").contains('2'));
}

#[wasm_bindgen_test]
fn the_servers_clock_alone_disturbs_no_typing() {
    let (script, place, _mount) = waiting(code(otp()));
    put(&place, "code", "123");
    // As a poll has it.
    let later = Otp {
        now: Some("2020-01-01T10:00:20Z".into()),
        ..otp()
    };
    script.answer_order_with(code(later));
    let input: HtmlInputElement = place.find("[name=code]");
    assert_eq!(input.value(), "123");
    assert!(text_of(&place, "[part=countdown]").contains("1:40"));
}

#[wasm_bindgen_test]
async fn a_picture_is_drawn_on_a_canvas() {
    let image = PICTURE.to_owned();
    let (_script, place, _mount) = waiting(Next::Qr(Qr { image }));
    let canvas: HtmlCanvasElement = place.find("canvas[part=qr]");
    until("it is drawn", || canvas.width() == 2).await;
    assert_eq!(attribute(&place, "[part=qr]", "role"), "img");
    let context = canvas.get_context("2d").ok().flatten().expect("a context");
    let context: CanvasRenderingContext2d = context.unchecked_into();
    let pixels = context.get_image_data(0.0, 0.0, 2.0, 2.0).expect("pixels");
    let reds: Vec<u8> = pixels.data().chunks(4).map(|pixel| pixel[0]).collect();
    assert_eq!(reds, [0, 255, 255, 0]);
}

#[wasm_bindgen_test]
async fn a_picture_that_cannot_be_read_is_said() {
    let image = "AAAA".to_owned();
    let (_script, place, _mount) = waiting(Next::Qr(Qr { image }));
    until("it is said", || {
        attribute(&place, "[part=status]", "data-tone") == "bad"
    })
    .await;
    assert!(!is_shown(&place, "[part=qr]"));
    assert!(is_shown(&place, "[part=cancel]"));
}

#[wasm_bindgen_test]
fn a_terminal_says_how_far_it_is_and_cancels_only_where_it_can() {
    let at = |stage: &str, cancellable| {
        Next::Wait(Wait {
            cancellable,
            stage: Some(stage.into()),
        })
    };
    let (script, place, _mount) = waiting(at(stage::SENDING, true));
    assert_eq!(attribute(&place, "[part=stage]", "data-stage"), "sending");
    let said = text_of(&place, "[part=status]");
    assert!(is_shown(&place, "[part=cancel]"));

    script.answer_order_with(at(stage::ON_TERMINAL, false));
    assert_eq!(
        attribute(&place, "[part=stage]", "data-stage"),
        "on_terminal"
    );
    assert_ne!(text_of(&place, "[part=status]"), said);
    assert!(!is_shown(&place, "[part=cancel]"));
}

#[wasm_bindgen_test]
fn a_cancellation_that_was_not_granted_is_said() {
    let next = Next::Wait(Wait {
        cancellable: true,
        stage: None,
    });
    let (script, place, _mount) = waiting(next.clone());
    assert_eq!(text_of(&place, "[part=note]"), "");
    press(&place, "[part=cancel]");
    script.answer_next("cancel_payment", next);
    assert!(!text_of(&place, "[part=note]").is_empty());
    script.driver.dispatch(Event::Cancel);
    assert_eq!(text_of(&place, "[part=note]"), "");
}

#[wasm_bindgen_test]
fn a_payment_taken_up_is_the_shoppers_to_go_on_with() {
    let to = Redirect {
        url: "http://127.0.0.1:9/page".into(),
        method: RedirectMethod::Get,
        fields: Default::default(),
    };
    let (_script, place, _mount) = Script::taken_up(Next::Redirect(to));
    assert!(is_shown(&place, "[part=continue]") && is_shown(&place, "[part=cancel]"));
    assert_eq!(attribute(&place, "[part=status]", "data-tone"), "");
}

#[wasm_bindgen_test]
fn a_code_is_still_awaited_after_a_reload() {
    let (_script, place, _mount) = Script::taken_up(code(otp()));
    assert!(is_shown(&place, "[part=otp]"));
    assert_eq!(focused(&place), "code");
}
