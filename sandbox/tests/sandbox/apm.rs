//! Alternative payment methods (paywall.md §3).

use crate::support::merchant::Merchant;
use crate::support::{Form, RIGHT_CODE, World, assert_has_keys_of, envelope, error_code};
use base64::{Engine, engine::general_purpose::STANDARD};
use kasa_sandbox::{hash, secret::Secret};
use reqwest::StatusCode;
use serde_json::{Value, json};

const PAY: &str = "/api/paywall/apm/pay";
const REQUEST_OTP: &str = "/api/paywall/apm/pay/request/otp";
const CONFIRM: &str = "/api/paywall/apm/pay/confirm/otp";
const BY_ID: &str = "/api/paywall/apm/pay/byid";
const BY_KEY: &str = "/api/paywall/apm/pay/bykey";
const QR: &str = "/api/paywall/apm/pay/qr/generate";
const REFUND: &str = "/api/paywall/apm/refund";
const PARTIAL: &str = "/api/paywall/apm/refund/partial";
const COMPLETE: &str = "/api/paywall/apm/complete";

fn order(code: &str) -> Value {
    serde_json::from_str::<Value>(
        r#"{ "CurrencyId": 1, "Amount": 10.50, "Description": "Sipariş", "Payer": {},
             "MerchantSuccessBackUrl": "https://shop.example/ok",
             "MerchantFailBackUrl": "https://shop.example/fail" }"#,
    )
    .map(|mut order| {
        order["MerchantUniqueCode"] = code.into();
        order
    })
    .unwrap()
}

fn meal(code: &str, card: &str) -> Value {
    let mut order = order(code);
    order["ApmKey"] = "FoodCardProvider".into();
    order["Payer"] = json!({ "CardNumber": card });
    order
}

async fn post(world: &World, path: &str, body: &Value) -> Value {
    envelope(world.public(path, body)).await
}

async fn status(world: &World, code: &str) -> (i64, i64) {
    let body = &query(world, code).await["Body"];
    let number = |name: &str| body[name].as_i64().unwrap();
    (number("StatusId"), number("TypeId"))
}

async fn query(world: &World, code: &str) -> Value {
    let parameters = [("merchantuniquecode", code)];
    world
        .public_get("/api/paywall/apm/query", &parameters)
        .await
}

async fn confirm(world: &World, unique_code: &Value, otp: &str) -> Value {
    let body = json!({ "UniqueCode": unique_code, "Otp": otp });
    post(world, CONFIRM, &body).await
}

/// Starts on the provider's page; returns the page's address.
async fn start_page(world: &World, body: &Value) -> String {
    let answer = post(world, BY_KEY, body).await;
    let link = answer["Body"]["RedirectUrl"].as_str();
    let link = link.unwrap_or_else(|| panic!("refused: {answer}"));
    world.open(link).await
}

fn checkout(code: &str) -> Value {
    let mut body = order(code);
    body["ApmKey"] = "Papara".into();
    body
}

async fn press(world: &World, page: &str, button: &str) -> String {
    let call = world.http.post(page).form(&[("do", button)]);
    call.send().await.unwrap().text().await.unwrap()
}

#[tokio::test]
async fn the_documented_request_is_answered_in_the_documented_shape() {
    let world = World::new().await;
    let request = sample!("paywall-apm-otp-request.json");
    let documented = sample!("paywall-apm-otp-response.json");
    let answer = post(&world, REQUEST_OTP, &request).await;
    assert_eq!(error_code(&answer), 0);
    assert_has_keys_of(&answer, &documented, "");
    let body = &answer["Body"];
    for name in ["ApmKey", "PendingOtpConfirm"] {
        assert_eq!(body[name], documented["Body"][name], "{name}");
    }
    assert_eq!(body["ApmConnectionId"], 12, "the key leads, not the id");
    assert_eq!(body["MerchantUniqueCode"], request["MerchantUniqueCode"]);
    let provider = &body["ProviderDummyResponse"]["Body"];
    assert_eq!(provider["TransactionAmount"], 100, "minor units");
    assert_eq!(provider["OtpVerifyCounterInSeconds"], 120);
}

#[tokio::test]
async fn connections_are_listed_with_their_features() {
    let world = World::new().await;
    let list = |feature: &'static str| {
        let world = &world;
        async move {
            let parameters = [
                ("currencyid", "1"),
                ("focusedfeature", feature),
                ("distinctduplicates", "true"),
            ];
            world.public_get("/api/paywall/apm/list", &parameters).await
        }
    };
    let ids = |answer: Value| -> Vec<i64> {
        let list = answer["Body"].as_array().unwrap().clone();
        list.iter()
            .map(|connection| connection["ConnectionId"].as_i64().unwrap())
            .collect()
    };
    let first = list("").await["Body"][0].clone();
    let wanted = json!({
        "ProviderId": 3, "ProviderKey": "papara", "ProviderName": "Papara",
        "CategoryName": "Cüzdan", "ConnectionId": 11, "ExternalIdSupport": false,
        "ExternalId": "", "Logo": format!("{}/assets/apm-wallet.svg", world.url),
        "Features": { "OtpBased": false, "QrBased": true, "CheckoutBased": true,
                      "DirectPayBased": false },
    });
    assert_eq!(first, wanted);
    assert_eq!(ids(list("").await), [11, 12, 14, 15]);
    for (feature, wanted) in [
        ("otp", vec![12, 15]),
        ("qr", vec![11]),
        ("checkout", vec![11]),
        ("directpay", vec![14]),
    ] {
        assert_eq!(ids(list(feature).await), wanted, "{feature}");
    }
    assert_eq!(error_code(&list("points").await), 540);
    let none = world.public_get("/api/paywall/apm/list", &[]).await;
    assert_eq!(error_code(&none), 2);
    let foreign = world.public_get("/api/paywall/apm/list", &[("currencyid", "2")]);
    assert_eq!(foreign.await["Body"], json!([]));
}

#[tokio::test]
async fn the_right_code_pays() {
    let world = World::new().await;
    let started = post(&world, PAY, &meal("ORD-1", "6375780000001111")).await;
    assert_eq!(status(&world, "ORD-1").await, (8, 1));
    let unique_code = &started["Body"]["UniqueCode"];
    let answer = confirm(&world, unique_code, "123 456").await;
    assert_eq!(error_code(&answer), 0);
    let body = &answer["Body"];
    assert_eq!(body["UniqueCode"], *unique_code);
    assert_eq!(body["Amount"].to_string(), "10.50");
    let provider = &body["ProviderDummyResponse"]["Body"];
    assert_eq!(provider["CardNo"], "637578******1111");
    assert_eq!(provider["TransactionAmount"].to_string(), "10.50");
    assert_eq!(status(&world, "ORD-1").await, (4, 1));
    assert_eq!(
        error_code(&confirm(&world, unique_code, RIGHT_CODE).await),
        295
    );
}

#[tokio::test]
async fn the_third_wrong_code_fails_the_payment() {
    let world = World::new().await;
    let started = post(&world, PAY, &meal("ORD-1", "6375780000001111")).await;
    let unique_code = &started["Body"]["UniqueCode"];
    assert_eq!(error_code(&confirm(&world, unique_code, "").await), 2);
    for after in [8, 8, 11] {
        assert_eq!(
            error_code(&confirm(&world, unique_code, "000000").await),
            40
        );
        assert_eq!(status(&world, "ORD-1").await, (after, 1));
    }
    assert_eq!(
        error_code(&confirm(&world, unique_code, RIGHT_CODE).await),
        295
    );
}

#[tokio::test]
async fn a_code_that_nobody_gives_in_time_fails_the_payment() {
    let world = World::new().await;
    let started = post(&world, PAY, &meal("ORD-1", "6375780000001111")).await;
    world.sandbox.clock().advance(120);
    let late = confirm(&world, &started["Body"]["UniqueCode"], RIGHT_CODE).await;
    assert_eq!(error_code(&late), 295);
    assert_eq!(status(&world, "ORD-1").await, (11, 1));
}

#[tokio::test]
async fn meal_cards_and_phones_of_special_endings_do_as_told() {
    let world = World::new().await;
    let refused = post(&world, PAY, &meal("ORD-1", "6375780000000002")).await;
    assert_eq!(error_code(&refused), 111);
    assert_eq!(status(&world, "ORD-1").await, (9, 1));

    let at_once = post(&world, PAY, &meal("ORD-2", "6375780000000003")).await;
    assert_eq!(at_once["Body"]["PendingOtpConfirm"], false);
    assert_eq!(status(&world, "ORD-2").await, (4, 1));

    for (code, phone, error, after) in [
        ("ORD-3", "5000000001", 0, 4),
        ("ORD-4", "5000000000", 111, 5),
    ] {
        let mut body = order(code);
        body["ApmConnectionId"] = 14.into();
        body["Payer"] = json!({ "Phone": phone });
        assert_eq!(error_code(&post(&world, PAY, &body).await), error);
        assert_eq!(status(&world, code).await, (after, 1));
    }
}

#[tokio::test]
async fn each_wrong_field_has_its_own_code() {
    let world = World::new().await;
    let long = format!("https://shop.example/{}", "x".repeat(250));
    let cases: [(&str, &str, Value, i64); 17] = [
        (BY_KEY, "/ApmKey", json!("nobody"), 281),
        (BY_KEY, "/ApmKey", json!(3), 281),
        (BY_KEY, "/ApmKey", json!(null), 2),
        (BY_KEY, "/ApmKey", json!("Paye"), 285),
        (PAY, "/ApmKey", json!("papara"), 285),
        (QR, "/ApmKey", json!("FoodCardProvider"), 285),
        (BY_KEY, "/MerchantUniqueCode", json!(""), 101),
        (BY_KEY, "/MerchantUniqueCode", json!(long), 290),
        (BY_KEY, "/MerchantSuccessBackUrl", json!(long), 291),
        (BY_KEY, "/MerchantFailBackUrl", json!(long), 292),
        (BY_KEY, "/MerchantSuccessBackUrl", json!("/ok"), 102),
        (BY_KEY, "/MerchantFailBackUrl", json!("/fail"), 103),
        (BY_KEY, "/CurrencyId", json!(949), 53),
        (BY_KEY, "/CurrencyId", json!(2), 287),
        (BY_KEY, "/Amount", json!(0), 51),
        (BY_KEY, "/Description", json!(""), 2),
        (BY_KEY, "/Payer", json!(null), 2),
    ];
    for (path, place, value, code) in cases {
        let mut body = checkout("ORD-1");
        *body.pointer_mut(place).unwrap() = value.clone();
        let answer = post(&world, path, &body).await;
        assert_eq!(error_code(&answer), code, "{path} {place} = {value}");
    }
    let mut body = checkout("ORD-1");
    body["Products"] = json!([{ "ProductAmount": 10 }]);
    assert_eq!(error_code(&post(&world, BY_KEY, &body).await), 112);
    body["ApmId"] = 99.into();
    assert_eq!(error_code(&post(&world, BY_ID, &body).await), 286);
    assert_eq!(error_code(&query(&world, "ORD-1").await), 296);
}

#[tokio::test]
async fn payers_must_give_what_the_provider_needs() {
    let world = World::new().await;
    let with = |key: &str, payer: Value| {
        let mut body = order("ORD-1");
        body["ApmKey"] = key.into();
        body["Payer"] = payer;
        body
    };
    for body in [
        with("FoodCardProvider", json!({})),
        with("Paye", json!({ "CardNumber": "1" })),
        with("MetropolCard", json!({ "CardNumber": "1" })),
        with("MetropolCard", json!({ "Phone": "5000000000" })),
    ] {
        assert_eq!(error_code(&post(&world, PAY, &body).await), 2, "{body}");
    }
    let both = json!({ "CardNumber": "6375780000001111", "Phone": "5000000000" });
    let answer = post(&world, PAY, &with("MetropolCard", both)).await;
    assert_eq!(answer["Body"]["PendingOtpConfirm"], true);
}

#[tokio::test]
async fn a_code_of_the_merchant_is_never_free_again() {
    let world = World::new().await;
    let refused = meal("ORD-1", "6375780000000002");
    assert_eq!(error_code(&post(&world, PAY, &refused).await), 111);
    for path in [BY_KEY, QR] {
        assert_eq!(
            error_code(&post(&world, path, &checkout("ORD-1")).await),
            119
        );
    }
    let again = meal("ORD-1", "6375780000001111");
    assert_eq!(error_code(&post(&world, PAY, &again).await), 119);
}

#[tokio::test]
async fn paying_on_the_providers_page_posts_a_signed_form_back() {
    let world = World::new().await;
    let mut body = checkout("ORD-1");
    body["ApmId"] = 11.into();
    let answer = post(&world, BY_ID, &body).await;
    let transaction = &answer["Body"]["Transaction"];
    let unique_code = transaction["UniqueCode"].as_str().unwrap();
    let link = format!(
        "{}/paywall/callbackapm?UniqueNumber={unique_code}",
        world.url
    );
    assert_eq!(answer["Body"]["RedirectUrl"], link);
    assert_eq!(status(&world, "ORD-1").await, (1, 1));

    let page = world.open(&link).await;
    assert_eq!(status(&world, "ORD-1").await, (2, 1));
    let text = world
        .http
        .get(&page)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(text.contains("10,50") && text.contains("Sipariş"), "{text}");
    assert_eq!(status(&world, "ORD-1").await, (3, 1));

    let form = Form::read(&press(&world, &page, "pay").await, "paywall-callback-form");
    assert_eq!(form.action, "https://shop.example/ok");
    let id = transaction["ApmTransactionId"].to_string();
    let signed = hash::sign(
        &Secret::new("sbx-hash-apm-2c9e41"),
        &[&id, "ORD-1", "10.50"],
    );
    for (name, value) in [
        ("status", "Success"),
        ("errorCode", "0"),
        ("errorMessage", ""),
        ("uniqueCode", unique_code),
        ("merchantUniqueCode", "ORD-1"),
        ("amount", "10.50"),
        ("apmTransactionId", &id),
        ("hash", &signed),
        ("hashFormat", "Apm"),
        ("hashKeyType", "6"),
    ] {
        assert_eq!(form.field(name), value, "{name}");
    }
    assert_eq!(status(&world, "ORD-1").await, (4, 1));
    let again = Form::read(
        &press(&world, &page, "cancel").await,
        "paywall-callback-form",
    );
    assert_eq!(again, form, "the same result again");
    let closed = world.http.get(&link).send().await.unwrap();
    assert_eq!(closed.status(), StatusCode::GONE);
}

#[tokio::test]
async fn declining_and_cancelling_fail_the_payment() {
    let world = World::new().await;
    for button in ["decline", "cancel"] {
        let page = start_page(&world, &checkout(button)).await;
        let form = Form::read(&press(&world, &page, button).await, "paywall-callback-form");
        assert_eq!(form.action, "https://shop.example/fail");
        assert_eq!(form.field("status"), "Unsuccessful");
        assert_eq!(form.field("errorCode"), "1");
        assert!(!form.field("errorMessage").is_empty());
        assert_eq!(status(&world, button).await, (5, 1));
    }
}

#[tokio::test]
async fn without_a_hash_key_nothing_is_signed() {
    let world = World::with(&[("HASH_KEY_APM", "")]).await;
    let page = start_page(&world, &checkout("ORD-1")).await;
    let form = Form::read(&press(&world, &page, "pay").await, "paywall-callback-form");
    assert!(!form.has("hash") && !form.has("hashKeyType"));
}

fn read_qr(picture: &str) -> String {
    let file = STANDARD.decode(picture).unwrap();
    let mut reader = png::Decoder::new(std::io::Cursor::new(file))
        .read_info()
        .unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let frame = reader.next_frame(&mut pixels).unwrap();
    let width = frame.width as usize;
    let mut image =
        rqrr::PreparedImage::prepare_from_greyscale(width, frame.height as usize, |x, y| {
            pixels[y * width + x]
        });
    image.detect_grids()[0].decode().unwrap().1
}

#[tokio::test]
async fn a_qr_code_leads_to_the_payers_phone() {
    let world = World::new().await;
    for (code, button, after) in [("ORD-1", "pay", 4), ("ORD-2", "decline", 5)] {
        let answer = post(&world, QR, &checkout(code)).await;
        let body = &answer["Body"];
        assert_eq!(body["QrDetail"]["FormatType"], 1);
        assert_eq!(body["MerchantUniqueCode"], code);
        assert_eq!(status(&world, code).await, (13, 1));

        let phone = read_qr(body["QrDetail"]["Content"].as_str().unwrap());
        let unique_code = body["UniqueCode"].as_str().unwrap();
        assert_eq!(phone, format!("{}/apm/phone/{unique_code}", world.url));
        let page = world.http.get(&phone).send().await.unwrap();
        let page = page.text().await.unwrap();
        assert!(page.contains("name=\"do\" value=\"pay\""), "{page}");
        assert_eq!(status(&world, code).await, (3, 1));
        press(&world, &phone, button).await;
        assert_eq!(status(&world, code).await, (after, 1));
    }
}

#[tokio::test]
async fn a_paid_transaction_is_refunded_in_parts_or_as_a_whole() {
    let world = World::new().await;
    let started = post(&world, PAY, &meal("ORD-1", "6375780000000003")).await;
    let unique_code = started["Body"]["UniqueCode"].clone();
    let part = |amount: &str| {
        let amount: Value = serde_json::from_str(amount).unwrap();
        json!({ "UniqueCode": unique_code, "Amount": amount })
    };
    let answer = post(&world, PARTIAL, &part("4.50")).await;
    assert_eq!(answer["Body"]["MerchantUniqueCode"], "ORD-1");
    let provider = &answer["Body"]["ProviderDummyResponse"]["Body"];
    assert_eq!(provider["TransactionAmount"].to_string(), "4.50");
    assert_eq!(status(&world, "ORD-1").await, (4, 2));
    assert_eq!(error_code(&post(&world, PARTIAL, &part("6.01")).await), 373);
    assert_eq!(error_code(&post(&world, PARTIAL, &part("0")).await), 51);

    let whole = json!({ "UniqueCode": unique_code });
    assert_eq!(error_code(&post(&world, REFUND, &whole).await), 0);
    assert_eq!(world.list("/sandbox/apm").await[0]["refunded"], "10.50");
    assert_eq!(error_code(&post(&world, REFUND, &whole).await), 360);
    assert_eq!(error_code(&post(&world, PARTIAL, &part("1")).await), 360);
}

#[tokio::test]
async fn what_was_not_paid_is_neither_refunded_nor_completed() {
    let world = World::new().await;
    let started = post(&world, PAY, &meal("ORD-1", "6375780000001111")).await;
    let body = json!({ "UniqueCode": started["Body"]["UniqueCode"] });
    for path in [REFUND, COMPLETE] {
        assert_eq!(error_code(&post(&world, path, &body).await), 359, "{path}");
    }
    let unknown = json!({ "UniqueCode": "5a0c2a0e-6f0e-4a7b-9a57-3d2a6b8f9b10" });
    assert_eq!(error_code(&post(&world, REFUND, &unknown).await), 296);
    assert_eq!(error_code(&post(&world, REFUND, &json!({})).await), 2);
}

#[tokio::test]
async fn without_auto_commit_the_merchant_completes_what_the_payer_allowed() {
    let world = World::new().await;
    let mut body = checkout("ORD-1");
    body["IsAutoCommit"] = false.into();
    let page = start_page(&world, &body).await;
    let form = Form::read(&press(&world, &page, "pay").await, "paywall-callback-form");
    assert_eq!(status(&world, "ORD-1").await, (14, 1));
    let complete = json!({ "UniqueCode": form.field("uniqueCode") });
    assert_eq!(error_code(&post(&world, COMPLETE, &complete).await), 0);
    assert_eq!(status(&world, "ORD-1").await, (4, 1));
}

#[tokio::test]
async fn the_query_tells_every_documented_field() {
    let world = World::new().await;
    let started = post(&world, BY_KEY, &checkout("ORD-1")).await;
    let body = query(&world, "ORD-1").await["Body"].clone();
    let wanted = json!({
        "ApmConnectionId": 11, "ApmProviderKey": "papara",
        "ApmTransactionId": started["Body"]["Transaction"]["ApmTransactionId"], "CurrencyId": 1,
        "MerchantUniqueCode": "ORD-1", "UniqueCode": started["Body"]["Transaction"]["UniqueCode"],
        "MerchantSuccessBackUrl": "https://shop.example/ok",
        "MerchantFailBackUrl": "https://shop.example/fail", "Amount": body["Amount"],
        "Description": "Sipariş", "ChannelType": 1, "StatusId": 1, "Status": "Oluşturuldu",
        "TypeId": 1, "Type": "Satış", "Ip": "", "DateTime": body["DateTime"],
    });
    assert_eq!(body, wanted);
    assert_eq!(body["Amount"].to_string(), "10.50");
}

#[tokio::test]
async fn the_payer_has_no_cards_at_the_providers() {
    let world = World::new().await;
    let path = "/api/paywall/apm/cards";
    for named in [("apmconnectionid", "12"), ("providerkey", "metropolcard")] {
        let answer = world.public_get(path, &[("currencyid", "1"), named]).await;
        assert_eq!(answer["Body"], json!([]), "{named:?}");
    }
    let unnamed = world.public_get(path, &[("currencyid", "1")]).await;
    assert_eq!(error_code(&unnamed), 2);
}

#[tokio::test]
async fn a_lost_answer_to_a_code_has_judged_it() {
    let world = World::new().await;
    let started = post(&world, PAY, &meal("ORD-1", "6375780000001111")).await;
    world
        .order_fault(json!({ "call": "apm_confirm", "fault": "lost" }))
        .await;
    let body = json!({ "UniqueCode": started["Body"]["UniqueCode"], "Otp": RIGHT_CODE });
    let answer = world.public(CONFIRM, &body).send().await.unwrap();
    assert!(answer.bytes().await.is_err());
    assert_eq!(status(&world, "ORD-1").await, (4, 1));
}

#[tokio::test]
async fn pages_of_unknown_transactions_are_not_found() {
    let world = World::new().await;
    let unknown = "5a0c2a0e-6f0e-4a7b-9a57-3d2a6b8f9b10";
    for path in [
        format!("/paywall/callbackapm?UniqueNumber={unknown}"),
        format!("/apm/page/{unknown}"),
        format!("/apm/phone/{unknown}"),
        "/apm/page/nonsense".to_owned(),
    ] {
        let page = world.get(&path).send().await.unwrap();
        assert_eq!(page.status(), StatusCode::NOT_FOUND, "{path}");
    }
    let started = post(&world, PAY, &meal("ORD-1", "6375780000001111")).await;
    let unique_code = started["Body"]["UniqueCode"].as_str().unwrap();
    for path in ["/apm/page/", "/apm/phone/"] {
        let page = world
            .get(&format!("{path}{unique_code}"))
            .send()
            .await
            .unwrap();
        assert_eq!(page.status(), StatusCode::NOT_FOUND, "no page: {path}");
    }
}

/// A sandbox that reports to `merchant`.
async fn telling(merchant: &Merchant) -> World {
    World::with(&[("APM_CALLBACK_URL", &merchant.url)]).await
}

#[tokio::test]
async fn the_merchants_server_is_told_of_the_end_and_can_prove_it() {
    let mut merchant = Merchant::new(&[]).await;
    let world = telling(&merchant).await;
    let page = start_page(&world, &checkout("ORD-1")).await;
    press(&world, &page, "pay").await;

    let told = merchant.hears().await.json();
    let body = &query(&world, "ORD-1").await["Body"];
    let expected = json!({
        "Id": told["Id"], "Result": true, "ResultMessage": "Success", "CurrencyId": 1,
        "ApmProviderId": 3, "ApmProviderName": "Papara",
        "ApmProviderConnectionId": 11, "ApmProviderConnectionName": "Papara",
        "Amount": told["Amount"], "UniqueCode": body["UniqueCode"], "MerchantUniqueCode": "ORD-1",
        "CallbackAddress": merchant.url, "Date": told["Date"],
        "HashFormat": "Apm", "HashKeyType": 6, "Hash": told["Hash"],
    });
    assert_eq!(told, expected);
    assert_eq!(told["Amount"].to_string(), "10.50");
    let key = Secret::new("sbx-hash-apm-2c9e41");
    let proved = hash::sign(&key, &[&told["Id"].to_string(), "ORD-1", "10.50"]);
    assert_eq!(told["Hash"], proved);
}

#[tokio::test]
async fn each_way_to_end_is_told_once() {
    let mut merchant = Merchant::new(&[]).await;
    let world = telling(&merchant).await;
    let page = start_page(&world, &checkout("PAGE")).await;
    press(&world, &page, "decline").await;
    press(&world, &page, "pay").await;
    let code = post(&world, PAY, &meal("CODE", "6375780000000000")).await;
    confirm(&world, &code["Body"]["UniqueCode"], RIGHT_CODE).await;
    post(&world, PAY, &meal("REFUSED", "6375780000000002")).await;
    post(
        &world,
        REFUND,
        &json!({ "UniqueCode": code["Body"]["UniqueCode"] }),
    )
    .await;
    post(&world, PAY, &meal("LATE", "6375780000000000")).await;
    world.sandbox.clock().advance(120);
    query(&world, "LATE").await;

    for (code, paid) in [
        ("PAGE", false),
        ("CODE", true),
        ("REFUSED", false),
        ("LATE", false),
    ] {
        let told = merchant.hears().await.json();
        assert_eq!(
            (&told["MerchantUniqueCode"], &told["Result"]),
            (&code.into(), &paid.into())
        );
    }
}

#[tokio::test]
async fn a_forged_notification_has_a_wrong_hash() {
    let mut merchant = Merchant::new(&[]).await;
    let world = telling(&merchant).await;
    let order = json!({ "call": "apm_callback", "fault": "forged" });
    assert_eq!(world.order_fault(order).await.status(), 202);
    let page = start_page(&world, &checkout("ORD-1")).await;
    press(&world, &page, "pay").await;

    let told = merchant.hears().await.json();
    let parts = [told["Id"].to_string(), "ORD-1".into(), "10.50".into()];
    let right = hash::sign(
        &Secret::new("sbx-hash-apm-2c9e41"),
        &parts.each_ref().map(String::as_str),
    );
    assert_ne!(told["Hash"], right);
}
