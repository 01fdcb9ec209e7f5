//! The merchant API's JSON, to the letter: shops write servers against it.

use serde_json::{Value, from_value, json, to_value};

use super::*;

fn pending() -> Value {
    json!({
        "id": "pay_1", "method": "card", "status": "pending",
        "next": {"type": "redirect", "url": "https://bank.example/3d", "method": "POST", "fields": {"a": "1"}},
        "installments": 3,
    })
}

fn checkout() -> Value {
    json!({
        "id": "co_1", "revision": 7, "amount": 1050, "currency": "TRY", "description": "Kitap",
        "methods": [{"type": "card"}], "payment": pending(),
        "expiresAt": "2026-11-01T10:00:00Z", "locale": "tr",
    })
}

#[test]
fn a_checkout_is_read_and_written_alike() {
    let read: Checkout = from_value(checkout()).expect("a checkout");
    assert_eq!(read.amount, 10_50);
    assert_eq!(read.methods, [Method::Card { save: false }]);
    let next = read.payment.as_ref().and_then(|paid| paid.next.clone());
    let Some(Next::Redirect(to)) = next else {
        panic!("no redirect in {read:?}");
    };
    assert_eq!(to.method, RedirectMethod::Post);
    assert_eq!(to.fields["a"], "1");
    assert_eq!(to_value(&read).expect("JSON"), checkout());
}

#[test]
fn what_is_absent_is_neither_needed_nor_written_as_null() {
    let bare = json!({"id": "pay_1", "method": "card", "status": "paid"});
    let read: Payment = from_value(bare.clone()).expect("a payment");
    assert_eq!(to_value(&read).expect("JSON"), bare);

    let mut fresh = checkout();
    fresh.as_object_mut().expect("an object").remove("payment");
    let read: Checkout = from_value(fresh.clone()).expect("a checkout");
    assert_eq!(to_value(&read).expect("JSON"), fresh);
}

#[test]
fn fields_and_methods_of_a_later_version_do_no_harm() {
    let mut later = checkout();
    later["tip"] = json!({"amount": 1});
    later["methods"] = json!([
        {"type": "hepsipay", "logo": "x"}, {"type": "barter", "goat": 1},
        {"type": "apm", "connection": "7", "kind": "telepathy"},
    ]);
    let read: Checkout = from_value(later).expect("a checkout");
    let unknown = |name: &str| Method::Unknown(name.into());
    assert_eq!(
        read.methods,
        [Method::Hepsipay, unknown("barter"), unknown("apm")]
    );
}

#[test]
fn each_status_has_its_word() {
    for (status, word) in [
        (Status::Pending, "pending"),
        (Status::Paid, "paid"),
        (Status::Failed, "failed"),
        (Status::Canceled, "canceled"),
    ] {
        assert_eq!(to_value(status).expect("JSON"), word);
        assert_eq!(from_value::<Status>(json!(word)).expect("a status"), status);
    }
    assert!(from_value::<Status>(json!("PAID")).is_err());
}

#[test]
fn a_redirect_is_a_get_unless_it_says_otherwise() {
    let next = json!({"type": "redirect", "url": "https://bank.example/"});
    let Next::Redirect(to) = from_value(next).expect("a redirect") else {
        panic!("another step");
    };
    assert_eq!(to.method, RedirectMethod::Get);
    assert!(to.fields.is_empty());
}

#[test]
fn a_next_step_that_cannot_be_taken_is_no_next_step() {
    for next in [
        json!({"type": "redirect"}),
        json!({"type": "redirect", "url": null}),
        json!({"type": "redirect", "url": "https://bank.example/", "method": "PUT"}),
        json!({"url": "https://bank.example/"}),
        json!("redirect"),
        json!({"type": "qr"}),
        json!({"type": "otp", "attemptsLeft": -1}),
    ] {
        assert!(from_value::<Next>(next.clone()).is_err(), "{next}");
    }
}

#[test]
fn a_next_step_of_a_later_version_keeps_its_name_and_the_rest_is_readable() {
    let mut later = checkout();
    later["payment"] = json!({"id": "pay_1", "method": "apm", "status": "pending",
                              "next": {"type": "dance", "length": 6}});
    let read: Checkout = from_value(later).expect("a checkout");
    let next = read.payment.and_then(|payment| payment.next);
    assert_eq!(next, Some(Next::Unknown("dance".into())));
}

#[test]
fn amounts_are_whole_numbers() {
    for amount in [json!(10.5), json!("1050"), json!(null)] {
        let mut odd = checkout();
        odd["amount"] = amount.clone();
        assert!(from_value::<Checkout>(odd).is_err(), "{amount}");
    }
}

#[test]
fn each_method_is_written_as_the_contract_says() {
    for json in [
        json!({"type": "card"}),
        json!({"type": "card", "save": true}),
        json!({"type": "saved_card"}),
        json!({"type": "apm", "connection": "11", "kind": "qr", "name": "Papara", "category": "Cüzdan"}),
        json!({"type": "apm", "connection": "12", "kind": "otp", "name": "Yemek Kartı", "fields": ["cardNumber"]}),
        json!({"type": "hepsipay"}),
        json!({"type": "aspay", "fields": ["identityNumber"]}),
        json!({"type": "terminal", "terminals": [{"id": "t-1", "name": "Kasa 1"}]}),
    ] {
        let method: Method = from_value(json.clone()).expect("a method");
        assert!(!matches!(method, Method::Unknown(_)), "{json}");
        assert_eq!(json["type"], method.name());
        assert_eq!(to_value(method).expect("JSON"), json);
    }
}

#[test]
fn each_next_step_is_written_as_the_contract_says() {
    for json in [
        json!({"type": "redirect", "url": "https://bank.example/", "method": "GET"}),
        json!({"type": "otp"}),
        json!({"type": "otp", "length": 6, "now": "2026-11-01T10:00:00Z", "expiresAt": "2026-11-01T10:02:00Z",
               "attemptsLeft": 2, "resendAt": "2026-11-01T10:00:30Z", "resendFields": ["cardNumber"], "error": "wrong"}),
        json!({"type": "qr", "image": "iVBOR"}),
        json!({"type": "wait", "cancellable": true, "stage": "on_terminal"}),
        json!({"type": "wait", "cancellable": false}),
    ] {
        let next: Next = from_value(json.clone()).expect("a next step");
        assert!(!matches!(next, Next::Unknown(_)), "{json}");
        assert_eq!(to_value(next).expect("JSON"), json);
    }
}

#[test]
fn each_payment_request_is_written_as_the_contract_says() {
    for json in [
        json!({"method": "card", "cardToken": "tok", "installments": 1, "challenge": "frame"}),
        json!({"method": "card", "cardToken": "tok", "installments": 3, "save": true, "challenge": "redirect"}),
        json!({"method": "saved_card", "card": "sc_1", "installments": 1, "challenge": "redirect"}),
        json!({"method": "apm", "connection": "12", "kind": "otp", "payer": {"cardNumber": "6375780000000000"},
               "challenge": "redirect"}),
        json!({"method": "hepsipay", "challenge": "redirect"}),
        json!({"method": "aspay", "payer": {"identityNumber": "10000000146"}, "challenge": "redirect"}),
        json!({"method": "terminal", "terminal": "t-1", "challenge": "redirect"}),
    ] {
        let request: PaymentRequest = from_value(json.clone()).expect("a request");
        assert_eq!(json["method"], request.instrument.method());
        assert_eq!(to_value(request).expect("JSON"), json);
    }
}

#[test]
fn a_payment_request_without_what_its_method_needs_is_none() {
    for json in [
        json!({}),
        json!({"method": "barter"}),
        json!({"method": "card"}),
        json!({"method": "saved_card"}),
        json!({"method": "apm", "connection": "12"}),
        json!({"method": "apm", "kind": "otp"}),
    ] {
        assert!(
            from_value::<PaymentRequest>(json.clone()).is_err(),
            "{json}"
        );
    }
}

#[test]
fn what_a_payer_typed_is_never_shown() {
    let resend: ResendRequest = from_value(json!({
        "payer": {"cardNumber": "6375780000000000", "phone": "5551112233"},
    }))
    .expect("a payer");
    let shown = format!(
        "{resend:?} {:?}",
        OtpRequest {
            code: "123456".into()
        }
    );
    assert!(!shown.bytes().any(|byte| byte.is_ascii_digit()), "{shown}");
    assert_eq!(to_value(ResendRequest::default()).expect("JSON"), json!({}));
}

#[test]
fn what_pays_is_never_shown() {
    let request: PaymentRequest = from_value(json!({
        "method": "card", "cardToken": "card-token-1", "installments": 1, "challenge": "redirect",
    }))
    .expect("a request");
    assert!(
        matches!(&request.instrument, Instrument::Card { card_token, .. } if card_token == "card-token-1")
    );
    let shown = format!("{request:?}");
    assert!(
        shown.contains("card") && !shown.contains("card-token-1"),
        "{shown}"
    );
}

#[test]
fn a_temp_token_is_asked_for_by_its_purpose() {
    let request = TempTokenRequest {
        purpose: Purpose::Card,
    };
    assert_eq!(to_value(request).expect("JSON"), json!({"purpose": "card"}));
}

#[test]
fn a_temp_token_is_read_and_never_shown() {
    let token: TempToken = from_value(json!({
        "token": "tt-secret", "expiresAt": "2026-11-01T10:00:00Z", "scope": "card",
        "paymentApi": "https://api.example",
    }))
    .expect("a token");
    assert_eq!(token.payment_api, "https://api.example");
    assert!(!format!("{token:?}").contains("secret"));
}

#[test]
fn a_problem_needs_its_code() {
    let problem = json!({"title": "No", "status": 409, "code": "already_paid"});
    let read: Problem = from_value(problem.clone()).expect("a problem");
    assert_eq!(read.code, problem::ALREADY_PAID);
    assert_eq!(to_value(read).expect("JSON"), problem);
    assert!(from_value::<Problem>(json!({"title": "No", "status": 409})).is_err());
}
