//! PhysicalAPI and its terminals (paywall.md §4), and the faults of callbacks.

use crate::support::merchant::Merchant;
use crate::support::{World, assert_has_keys_of, private};
use kasa_sandbox::{hash, secret::Secret};
use reqwest::StatusCode;
use serde_json::{Value, json};

const SALE: &str = "/api/payment/async/sale";
const CANCEL: &str = "/api/payment/async/cancel";
const LIST: &str = "/api/terminal/list";
const ONLINE: &str = "38e895c3-1a9a-4b73-8816-8557d1d031d6";
const OFFLINE: &str = "5d0f6b0e-52c7-4d57-9b0b-0a4c3f1c9a02";
const CODE: &str = "7cc7c8e8-9d92-41b6-9378-e9ecef5a7812";

/// PaymentStatusId of so many callbacks.
async fn statuses(merchant: &mut Merchant, count: usize) -> Vec<u64> {
    let mut statuses = Vec::new();
    for _ in 0..count {
        let told = merchant.hears().await.json();
        statuses.push(told["PaymentStatusId"].as_u64().unwrap());
    }
    statuses
}

fn sale(code: &str) -> Value {
    serde_json::from_str::<Value>(
        r#"{ "TerminalTagCode": "KASA-1", "Amount": 22.00, "CurrencyId": 1,
             "DisplayCode": "Masa 4", "Products": [ { "Name": "Kitap", "TaxGroupId": 10,
             "UnitCodeId": 4, "Amount": 22.00, "Quantity": 1 } ] }"#,
    )
    .map(|mut sale| {
        sale["MerchantUniqueCode"] = code.into();
        sale
    })
    .unwrap()
}

async fn sell(world: &World, body: &Value) -> String {
    let answer = world.private_post(SALE, body).await;
    let id = answer["Result"]["PaymentRequestId"].as_str();
    id.unwrap_or_else(|| panic!("refused: {answer}")).to_owned()
}

async fn inquiry(world: &World, id: &str) -> Value {
    let call = private(world.get(&format!("/api/payment/inquiry/{id}")));
    crate::support::envelope(call).await
}

async fn status(world: &World, id: &str) -> u64 {
    let answer = inquiry(world, id).await;
    answer["Result"]["PaymentStatusId"].as_u64().unwrap()
}

async fn tap(world: &World, id: &str, button: &str) -> String {
    let form = [("sale", id), ("do", button)];
    let call = world.post(&format!("/pos/terminal/{ONLINE}")).form(&form);
    call.send().await.unwrap().text().await.unwrap()
}

async fn screen(world: &World, terminal: &str) -> String {
    let page = world.get(&format!("/pos/terminal/{terminal}"));
    page.send().await.unwrap().text().await.unwrap()
}

fn refusal(answer: &Value) -> &str {
    assert_eq!(
        (&answer["Failed"], &answer["Succeeded"]),
        (&true.into(), &false.into())
    );
    assert!(answer["Message"].is_string());
    answer["ClientMessage"].as_str().unwrap()
}

#[tokio::test]
async fn the_documented_request_is_answered_in_the_documented_shape() {
    let world = World::new().await;
    let mut request = sample!("paywall-async-sale-request.json");
    assert_eq!(request["MerchantUniqueCode"], "{{$guid}}");
    request["MerchantUniqueCode"] = CODE.into();
    // The sample's merchant is somebody else's: nothing may be sent there.
    let order = json!({ "call": "pos_callback", "fault": "lost" });
    assert_eq!(world.order_fault(order).await.status(), 202);

    let documented = sample!("paywall-async-sale-response.json");
    let answer = world.private_post(SALE, &request).await;
    assert_has_keys_of(&answer, &documented, "");
    for name in ["Failed", "Message", "ClientMessage", "Succeeded"] {
        assert_eq!(answer[name], documented[name], "{name}");
    }
    assert_eq!(answer["Result"]["PaymentRequestActivityTypeId"], 1);
    assert_eq!(answer["Result"]["PaymentStatus"], 2);
    assert_eq!(world.list("/sandbox/callbacks").await, json!([]));
}

#[tokio::test]
async fn a_sale_is_taken_and_paid_on_the_terminal() {
    let world = World::new().await;
    let id = sell(&world, &sale(CODE)).await;
    let page = screen(&world, ONLINE).await;
    assert!(page.contains("22,00") && page.contains("Masa 4"), "{page}");
    assert!(page.contains("name=\"do\" value=\"take\""), "{page}");
    tap(&world, &id, "pay").await;
    assert_eq!(status(&world, &id).await, 2, "not before it is taken");

    let page = tap(&world, &id, "take").await;
    assert_eq!(status(&world, &id).await, 11);
    assert!(
        page.contains("value=\"pay\"") && page.contains("value=\"decline\""),
        "{page}"
    );
    let page = tap(&world, &id, "pay").await;
    assert!(page.contains("Onaylandı"), "{page}");
    assert_eq!(status(&world, &id).await, 4);
    assert_eq!(
        world.list("/sandbox/pos").await[0]["history"],
        json!([1, 2, 11, 4])
    );
}

#[tokio::test]
async fn a_sale_can_be_declined_on_the_terminal() {
    let world = World::new().await;
    let id = sell(&world, &sale(CODE)).await;
    tap(&world, &id, "take").await;
    assert!(tap(&world, &id, "decline").await.contains("Reddedildi"));
    assert_eq!(status(&world, &id).await, 5);
}

#[tokio::test]
async fn the_next_sale_comes_to_the_screen_when_the_first_has_ended() {
    let world = World::new().await;
    let first = sell(&world, &sale(CODE)).await;
    let second = sell(&world, &sale("1eb856a8-1d41-49ab-8994-ecee2880d62c")).await;
    assert!(screen(&world, ONLINE).await.contains(&first));
    world
        .private_post(CANCEL, &json!({ "PaymentRequestId": first }))
        .await;
    assert!(screen(&world, ONLINE).await.contains(&second));
    tap(&world, &first, "take").await;
    assert_eq!(
        status(&world, &first).await,
        12,
        "a late press does nothing"
    );
}

#[tokio::test]
async fn a_sale_does_not_reach_a_terminal_that_is_offline() {
    let world = World::new().await;
    let mut request = sale(CODE);
    request["TerminalTagCode"] = "".into();
    request["TerminalId"] = OFFLINE.into();
    let id = sell(&world, &request).await;
    assert_eq!(status(&world, &id).await, 3);
    assert!(screen(&world, OFFLINE).await.contains("Çevrimdışı"));
}

#[tokio::test]
async fn the_inquiry_tells_every_documented_field() {
    let world = World::new().await;
    let id = sell(&world, &sale(CODE)).await;
    let answer = inquiry(&world, &id).await;
    let told = &answer["Result"];
    let wanted = json!({
        "PaymentRequestId": id, "PaymentRequestActivityId": told["PaymentRequestActivityId"],
        "TerminalId": ONLINE, "MerchantUniqueCode": CODE, "DisplayCode": "Masa 4",
        "CallbackAddress": "", "Amount": told["Amount"], "PaymentChannelId": 1,
        "PaymentChannel": "Async", "CurrencyId": 1, "Currency": "TRY", "IP": "",
        "PaymentTypeId": 1, "PaymentType": "Sale", "PaymentStatusId": 2,
        "PaymentStatus": "SentToDevice", "CreatedDate": told["CreatedDate"],
        "ModifiedDate": told["ModifiedDate"],
    });
    assert_eq!(*told, wanted);
    assert_eq!(told["Amount"].to_string(), "22.00");
    let unknown = inquiry(&world, CODE).await;
    assert_eq!(refusal(&unknown), "Payment.Request.RequestNotFound");
}

#[tokio::test]
async fn what_is_not_paid_can_be_withdrawn_and_the_answer_is_in_camel_case() {
    let world = World::new().await;
    let id = sell(&world, &sale(CODE)).await;
    tap(&world, &id, "take").await;
    let answer = world
        .private_post(CANCEL, &json!({ "PaymentRequestId": id }))
        .await;
    let result = &answer["result"];
    assert_eq!(result["paymentRequestId"], id);
    assert_eq!(result["paymentRequestActivityTypeId"], 2);
    assert_eq!(result["paymentStatus"], 12);
    assert_eq!(
        (&answer["succeeded"], &answer["failed"]),
        (&true.into(), &false.into())
    );
    assert_eq!(answer["clientMessage"], Value::Null);
    assert_eq!(status(&world, &id).await, 12);
    // The request in camelCase, as the answer is.
    let again = world
        .private_post(CANCEL, &json!({ "paymentRequestId": id }))
        .await;
    assert_eq!(
        again["clientMessage"],
        "Payment.Async.AlreadyHasRefundOrCancel"
    );
}

#[tokio::test]
async fn what_is_paid_cannot_be_withdrawn() {
    let world = World::new().await;
    let id = sell(&world, &sale(CODE)).await;
    tap(&world, &id, "take").await;
    tap(&world, &id, "pay").await;
    let answer = world
        .private_post(CANCEL, &json!({ "PaymentRequestId": id }))
        .await;
    assert_eq!(
        answer["clientMessage"],
        "Payment.Async.NotConvenientStatusForThisOperation"
    );
    assert_eq!(status(&world, &id).await, 4);
}

#[tokio::test]
async fn each_wrong_field_is_refused() {
    let world = World::new().await;
    let invalid = "System.ValidationError";
    let cases: [(&str, Value, &str); 19] = [
        ("TerminalTagCode", json!("KASA-9"), "Terminal.Tag.NotFound"),
        ("TerminalTagCode", json!(""), invalid),
        ("TerminalId", json!(ONLINE), invalid),
        ("TerminalId", json!("KASA-1"), invalid),
        ("MerchantUniqueCode", json!("ORD-1"), invalid),
        ("Amount", json!(0), invalid),
        ("Amount", json!(21), invalid),
        ("CurrencyId", json!(8), invalid),
        ("CurrencyId", json!(null), invalid),
        ("DisplayCode", json!("x".repeat(26)), invalid),
        ("CallbackAddress", json!("/told"), invalid),
        (
            "CallbackAddress",
            json!(format!("https://a.example/{}", "x".repeat(150))),
            invalid,
        ),
        ("Methods", json!([{ "PaymentMethodId": 15 }]), invalid),
        ("Customer", json!({ "Type": 3 }), invalid),
        ("Products", json!([]), invalid),
        ("Products/0/Name", json!(""), invalid),
        ("Products/0/TaxGroupId", json!(18), invalid),
        ("Products/0/UnitCodeId", json!(0), invalid),
        ("Products/0/Quantity", json!(0), invalid),
    ];
    for (name, value, code) in cases {
        let mut body = sale(CODE);
        match body.pointer_mut(&format!("/{name}")) {
            Some(place) => *place = value.clone(),
            None => body[name] = value.clone(),
        }
        let answer = world.private_post(SALE, &body).await;
        assert_eq!(refusal(&answer), code, "{name} = {value}");
    }
    let mut body = sale(CODE);
    body["TerminalTagCode"] = "".into();
    body["TerminalId"] = CODE.into();
    let answer = world.private_post(SALE, &body).await;
    assert_eq!(refusal(&answer), "Terminal.NotFound");
    let public = crate::support::envelope(world.public(SALE, &sale(CODE))).await;
    assert_eq!(refusal(&public), "System.AuthError");
}

#[tokio::test]
async fn a_text_for_the_currency_is_accepted_and_a_code_is_good_once() {
    let world = World::new().await;
    let mut body = sale(CODE);
    body["CurrencyId"] = "1".into();
    sell(&world, &body).await;
    body["MerchantUniqueCode"] = CODE.to_uppercase().into();
    let answer = world.private_post(SALE, &body).await;
    assert_eq!(
        refusal(&answer),
        "Payment.Async.MerchantUniqueCodeAlreadyExists"
    );
}

#[tokio::test]
async fn terminals_are_listed_by_pages() {
    let world = World::new().await;
    let answer = world
        .private_post(LIST, &json!({ "pageIndex": 2, "pageSize": 1 }))
        .await;
    let result = &answer["Result"];
    assert_eq!(result["Items"].as_array().unwrap().len(), 1);
    assert_eq!(result["Items"][0]["Id"], OFFLINE);
    assert_eq!(
        result["Pagination"],
        json!({ "CurrentPage": 2, "PageCount": 2, "PageSize": 1, "TotalCount": 2 })
    );
    for name in [
        "ConnectionId",
        "BrandId",
        "ProviderId",
        "RegionId",
        "ConnectionName",
        "SourceId",
        "TerminalId",
        "SerialNo",
        "SourceCreatedDate",
        "SourceUpdateDate",
        "MerchantId",
    ] {
        assert!(result["Items"][0].get(name).is_some(), "{name}");
    }
}

#[tokio::test]
async fn every_status_can_be_ordered() {
    let world = World::new().await;
    let id = sell(&world, &sale(CODE)).await;
    let set = |status: u8| {
        let call = world.post(&format!("/sandbox/pos/{id}"));
        call.json(&json!({ "status": status })).send()
    };
    for wanted in 1..=12 {
        assert_eq!(set(wanted).await.unwrap().status(), StatusCode::ACCEPTED);
        assert_eq!(status(&world, &id).await, u64::from(wanted));
    }
    assert_eq!(
        set(13).await.unwrap().status(),
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let unknown = world.post(&format!("/sandbox/pos/{CODE}"));
    let unknown = unknown.json(&json!({ "status": 1 })).send().await.unwrap();
    assert_eq!(unknown.status(), StatusCode::NOT_FOUND);
}

/// A sale whose merchant listens.
async fn told_sale(world: &World, merchant: &Merchant) -> String {
    let mut request = sale(CODE);
    request["CallbackAddress"] = merchant.url.as_str().into();
    sell(world, &request).await
}

#[tokio::test]
async fn every_change_is_told_with_a_hash() {
    let world = World::new().await;
    let mut merchant = Merchant::new(&[]).await;
    let id = told_sale(&world, &merchant).await;
    let told = merchant.hears().await.json();
    let wanted = json!({
        "ConnectionId": told["ConnectionId"], "TerminalId": ONLINE, "PaymentRequestId": id,
        "PaymentRequestActivityId": told["PaymentRequestActivityId"], "PaymentTypeId": 1,
        "PaymentStatusId": 2, "MerchantUniqueCode": CODE, "DisplayCode": "Masa 4",
        "Amount": told["Amount"], "Message": null,
        "Hash": hash::sign(&Secret::new("sbx-hash-pos-77ad03"), &[&id, CODE, "22.00"]),
        "HashFormat": "PhysicalPos", "HashKeyType": 7,
    });
    assert_eq!(told, wanted);
    assert_eq!(told["Amount"].to_string(), "22.00");

    tap(&world, &id, "take").await;
    tap(&world, &id, "decline").await;
    assert_eq!(merchant.hears().await.json()["PaymentStatusId"], 11);
    let last = merchant.hears().await.json();
    assert_eq!(last["PaymentStatusId"], 5);
    assert!(last["Message"].is_string());
}

#[tokio::test]
async fn without_a_key_nothing_is_signed() {
    let world = World::with(&[("HASH_KEY_POS", "")]).await;
    let mut merchant = Merchant::new(&[]).await;
    told_sale(&world, &merchant).await;
    let told = merchant.hears().await.json();
    assert!(told.get("Hash").is_none() && told.get("HashKeyType").is_none());
}

#[tokio::test]
async fn what_the_merchant_does_not_accept_comes_again() {
    let world = World::with(&[("CALLBACK_PAUSE_MS", "1")]).await;
    let mut merchant = Merchant::new(&[500, 404]).await;
    told_sale(&world, &merchant).await;
    assert_eq!(statuses(&mut merchant, 3).await, [2, 2, 2]);
    loop {
        let sent = world.list("/sandbox/callbacks").await;
        if sent.as_array().unwrap().len() == 3 {
            let told: Vec<_> = sent.as_array().unwrap().iter().collect();
            let statuses: Vec<_> = told.iter().map(|one| &one["status"]).collect();
            assert_eq!(statuses, [500, 404, 200]);
            assert_eq!(told[2]["attempt"], 3);
            break;
        }
        tokio::task::yield_now().await;
    }
}

/// Orders a fault for the first callback of a sale that is then taken and paid.
async fn with_fault(fault: &str) -> (World, Merchant) {
    let world = World::new().await;
    let merchant = Merchant::new(&[]).await;
    let order = json!({ "call": "pos_callback", "fault": fault, "delayMs": 1500 });
    assert_eq!(world.order_fault(order).await.status(), 202);
    let id = told_sale(&world, &merchant).await;
    tap(&world, &id, "take").await;
    tap(&world, &id, "pay").await;
    (world, merchant)
}

#[tokio::test]
async fn a_doubled_callback_comes_twice() {
    let (_world, mut merchant) = with_fault("doubled").await;
    assert_eq!(statuses(&mut merchant, 4).await, [2, 2, 11, 4]);
}

#[tokio::test]
async fn a_lost_callback_never_comes() {
    let (_world, mut merchant) = with_fault("lost").await;
    assert_eq!(statuses(&mut merchant, 2).await, [11, 4]);
}

#[tokio::test]
async fn a_late_callback_is_overtaken() {
    let (_world, mut merchant) = with_fault("late").await;
    assert_eq!(statuses(&mut merchant, 3).await, [11, 4, 2]);
}

#[tokio::test]
async fn a_reordered_callback_comes_after_the_next_one() {
    let (_world, mut merchant) = with_fault("reordered").await;
    assert_eq!(statuses(&mut merchant, 3).await, [11, 2, 4]);
}

#[tokio::test]
async fn a_forged_callback_has_a_wrong_hash() {
    let (_world, mut merchant) = with_fault("forged").await;
    let forged = merchant.hears().await.json();
    let right = merchant.hears().await.json();
    assert_eq!(forged["HashFormat"], "PhysicalPos");
    assert_ne!(forged["Hash"], right["Hash"], "the same parts, another key");
}

#[tokio::test]
async fn a_fault_of_calls_does_not_go_with_a_callback() {
    let world = World::new().await;
    for (call, fault) in [("pos_callback", "html"), ("pos_sale", "forged")] {
        let order = json!({ "call": call, "fault": fault });
        let answer = world.order_fault(order).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    }
}
