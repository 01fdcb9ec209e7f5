//! Every call of PayWall as it goes over the wire: verb, path, keys, parameters,
//! body; and what becomes of answers that are about something else.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use kasa_merchant::paywall::amount::Currency;
use kasa_merchant::paywall::apm::{CurrentPayer, OldPayer, Pay, PayById, Payer, QrGenerate, Sale};
use kasa_merchant::paywall::{Error, Loss, physical};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::support::Ear;

fn done(body: Value) -> Value {
    json!({ "ErrorCode": 0, "Result": true, "Message": "", "Body": body })
}

fn refused(code: i32) -> Value {
    json!({ "ErrorCode": code, "Result": false, "Message": "no", "Body": null })
}

fn sale<'a>(payer: Payer<'a>) -> Sale<'a> {
    Sale {
        currency_id: 1,
        merchant_unique_code: "pay_1",
        amount: Decimal::new(1050, 2),
        description: "Bir kitap",
        payer,
        products: Vec::new(),
    }
}

fn current() -> Payer<'static> {
    Payer::Current(CurrentPayer {
        phone: "5000000000",
        ..CurrentPayer::default()
    })
}

fn transaction(code: &str) -> Value {
    json!({ "ApmKey": "Paye", "ApmConnectionId": 21, "ApmTransactionId": 4330,
            "UniqueCode": "85a07d7e", "MerchantUniqueCode": code, "Amount": 10.5 })
}

fn with(mut base: Value, more: Value) -> Value {
    let more = more.as_object().unwrap().clone();
    base.as_object_mut().unwrap().extend(more);
    base
}

/// That an answer was no answer: it may not be taken for ours, nor for a refusal.
#[track_caller]
fn is_lost<T>(answer: Result<T, Error>) {
    assert!(matches!(
        answer.map(drop),
        Err(Error::Lost(Loss::UnexpectedBody))
    ));
}

#[tokio::test]
async fn refunds_of_a_card_go_by_code_and_day() {
    let ear = Ear::answering(done(Value::Null)).await;
    // 21:30 UTC is half past midnight in Istanbul.
    let created: Timestamp = "2025-03-09T21:30:00Z".parse().unwrap();
    ear.paywall.refund("pay_1", created).await.unwrap();
    let heard = ear.heard("POST /api/paywall/private/refund", "private");
    assert_eq!(
        heard.body,
        json!({ "Date": "2025-03-10", "MerchantUniqueCode": "pay_1" })
    );
    let part = Decimal::new(250, 2);
    ear.paywall
        .refund_part("pay_1", created, part)
        .await
        .unwrap();
    let heard = ear.heard("POST /api/paywall/private/refund/partial", "private");
    assert_eq!(heard.body["Amount"].to_string(), "2.50");
    assert_eq!(heard.body["Date"], "2025-03-10");
    assert_eq!(heard.body["MerchantUniqueCode"], "pay_1");
}

#[tokio::test]
async fn the_apm_list_leaves_out_what_it_cannot_read() {
    let entry = json!({ "ProviderId": 3, "ProviderKey": "papara", "ProviderName": "Papara", "CategoryName": "Cüzdan",
        "ConnectionId": 19, "ExternalIdSupport": false, "ExternalId": "", "Logo": "https://example.com/logo.png",
        "Features": { "OtpBased": false, "QrBased": true, "CheckoutBased": true, "DirectPayBased": false } });
    let ear = Ear::answering(done(json!([entry, { "ProviderKey": "x" }, "odd", null]))).await;
    let list = ear.paywall.apm_list(1).await.unwrap();
    ear.heard("GET /api/paywall/apm/list", "public")
        .has("currencyid", "1");
    let [papara] = &list[..] else {
        panic!("{list:?}")
    };
    assert_eq!(
        (papara.connection_id, papara.provider_key.as_str()),
        (19, "papara")
    );
    let features = papara.features;
    assert!(features.qr_based && features.checkout_based);
    assert!(!features.otp_based && !features.direct_pay_based);
}

#[tokio::test]
async fn the_payers_form_chooses_the_call_that_starts_a_code() {
    let started = with(transaction("pay_1"), json!({ "PendingOtpConfirm": true }));
    let ear = Ear::answering(done(started)).await;
    let pay = |payer| Pay {
        apm_key: None,
        apm_connection_id: Some(21),
        sale: sale(payer),
        provider: None,
    };
    assert!(
        ear.paywall
            .apm_pay(&pay(current()))
            .await
            .unwrap()
            .pending_otp_confirm
    );
    let heard = ear.heard("POST /api/paywall/apm/pay", "public");
    assert_eq!(heard.body["Payer"], json!({ "Phone": "5000000000" }));
    assert_eq!(heard.body["ApmConnectionId"], 21);
    assert_eq!(heard.body.get("ApmKey"), None);
    assert_eq!(heard.body["Amount"].to_string(), "10.50");

    let old = Payer::Old(OldPayer::default());
    ear.paywall.apm_pay(&pay(old)).await.unwrap();
    let heard = ear.heard("POST /api/paywall/apm/pay/request/otp", "public");
    assert_eq!(
        heard.body["Payer"],
        json!({ "CardNumber": "", "Phone": "", "Identity": "" })
    );
}

#[tokio::test]
async fn an_apms_page_is_opened_only_if_it_is_one_and_ours() {
    let ear = Ear::answering(Value::Null).await;
    let body = PayById {
        apm_id: 19,
        merchant_success_back_url: "https://pay.example/ok",
        merchant_fail_back_url: "https://pay.example/fail",
        sale: sale(current()),
    };
    let answer = |url: &str, code: &str| {
        done(json!({ "RedirectUrl": url, "Transaction": transaction(code) }))
    };
    ear.will(answer("https://agent.example/x?UniqueNumber=1", "pay_1"));
    let redirected = ear.paywall.apm_redirect(&body).await.unwrap();
    assert_eq!(redirected.transaction.unique_code, "85a07d7e");
    let heard = ear.heard("POST /api/paywall/apm/pay/byid", "public");
    assert_eq!(heard.body["ApmId"], 19);
    assert_eq!(
        heard.body["MerchantFailBackUrl"],
        "https://pay.example/fail"
    );
    for (url, code) in [
        ("javascript:1", "pay_1"),
        ("", "pay_1"),
        ("https://agent.example", "pay_2"),
    ] {
        ear.will(answer(url, code));
        is_lost(ear.paywall.apm_redirect(&body).await);
    }
}

#[tokio::test]
async fn a_qr_code_is_a_picture_or_nothing() {
    let ear = Ear::answering(Value::Null).await;
    let body = QrGenerate {
        apm_connection_id: 19,
        merchant_success_back_url: "https://pay.example/ok",
        merchant_fail_back_url: "https://pay.example/fail",
        sale: sale(current()),
    };
    let answer = |kind: i32, bytes: &[u8]| {
        let detail = json!({ "FormatType": kind, "Content": STANDARD.encode(bytes) });
        done(with(transaction("pay_1"), json!({ "QrDetail": detail })))
    };
    ear.will(answer(1, b"\x89PNG\r\n\x1a\n..."));
    assert!(ear.paywall.apm_picture(&body).await.is_ok());
    let heard = ear.heard("POST /api/paywall/apm/pay/qr/generate", "public");
    assert_eq!(heard.body["ApmConnectionId"], 19);
    for wrong in [
        answer(2, b"\x89PNG\r\n\x1a\n..."),
        answer(1, b"<svg onload=...>"),
    ] {
        ear.will(wrong);
        is_lost(ear.paywall.apm_picture(&body).await);
    }
}

#[tokio::test]
async fn a_code_is_confirmed_under_paywalls_own_code() {
    let ear = Ear::answering(done(transaction("pay_1"))).await;
    ear.paywall.apm_confirm("85a07d7e", "10188").await.unwrap();
    let heard = ear.heard("POST /api/paywall/apm/pay/confirm/otp", "public");
    assert_eq!(
        heard.body,
        json!({ "UniqueCode": "85a07d7e", "Otp": "10188" })
    );
}

#[tokio::test]
async fn an_apm_payment_is_asked_about_by_our_code() {
    let standing = json!({ "StatusId": 4, "Status": "Success", "TypeId": 1, "CurrencyId": 1 });
    let ear = Ear::answering(done(with(transaction("pay_1"), standing.clone()))).await;
    let told = ear.paywall.apm_query("pay_1").await.unwrap().unwrap();
    ear.heard("GET /api/paywall/apm/query", "public")
        .has("merchantuniquecode", "pay_1");
    assert_eq!(
        (told.status_id, told.type_id, told.currency_id),
        (4, 1, Some(1))
    );
    assert_eq!(told.transaction.amount, Some(Decimal::new(1050, 2)));
    ear.will(done(with(transaction("pay_2"), standing)));
    is_lost(ear.paywall.apm_query("pay_1").await);
    ear.will(refused(296));
    assert!(ear.paywall.apm_query("pay_1").await.unwrap().is_none());
    ear.will(refused(1));
    assert!(matches!(
        ear.paywall.apm_query("pay_1").await,
        Err(Error::Refused(refusal)) if refusal.code == 1
    ));
}

#[tokio::test]
async fn refunds_of_an_apm_go_by_paywalls_own_code() {
    let ear = Ear::answering(done(transaction("pay_1"))).await;
    ear.paywall.apm_refund("85a07d7e", None).await.unwrap();
    let heard = ear.heard("POST /api/paywall/apm/refund", "public");
    assert_eq!(heard.body, json!({ "UniqueCode": "85a07d7e" }));
    let part = Decimal::new(250, 2);
    ear.paywall
        .apm_refund("85a07d7e", Some(part))
        .await
        .unwrap();
    let heard = ear.heard("POST /api/paywall/apm/refund/partial", "public");
    assert_eq!(heard.body["Amount"].to_string(), "2.50");
    assert_eq!(heard.body["UniqueCode"], "85a07d7e");
}

#[tokio::test]
async fn a_bin_and_its_installments_are_asked_for_in_headers() {
    let bin = json!({ "BinNumber": "557920", "CardBankId": 1, "CardBank": "papara", "CardBrandId": 1,
        "CardBrand": "Master Card", "CardFamilyId": 2, "CardFamily": "Bonus", "CardKindId": 1, "CardKind": "Bireysel",
        "CardTypeId": 1, "CardType": "Kredi", "IsMatchedByEightDigitBin": false, "IsMatchedBySixDigitBin": true });
    let ear = Ear::answering(done(bin)).await;
    let told = ear.paywall.bin("55792009").await.unwrap();
    ear.heard("GET /api/paywall/bin/inquiry", "public")
        .has("binnumber", "55792009");
    assert_eq!(told.card_family.as_deref(), Some("Bonus"));

    ear.will(done(json!({ "CardBank": "papara", "Options": [
        { "PaymentGatewayId": 1, "PaymentGatewayName": "-", "Installment": 3, "Commission": 1, "Interest": 2,
          "RawAmount": 10.5, "InterestAmount": 0.21 } ] })));
    let currency = Currency::of("TRY").unwrap();
    let plans = ear
        .paywall
        .installments("557920", currency, 1050)
        .await
        .unwrap();
    let heard = ear.heard("GET /api/paywall/installment", "public");
    for (name, value) in [
        ("currencyid", "1"),
        ("amount", "10.50"),
        ("binnumber", "557920"),
        ("distinctduplicates", "true"),
    ] {
        heard.has(name, value);
    }
    assert_eq!(
        (plans[0].count, plans[0].total, plans[0].each),
        (3, 1071, 357)
    );
}

#[tokio::test]
async fn saved_cards_are_listed_and_deleted_for_one_customer() {
    let card = json!({ "Name": "Kart", "CardBin": "557920", "CardLastFour": "1297", "CardHolderName": "Ada Deneme",
        "CardNumber": "557920******1297", "Expired": false, "CardTypeId": 1, "CardType": "Master Card", "Month": 6,
        "Year": 2026, "UniqueCode": "dW5pcXVl", "Details": { "CardBrand": "Master Card", "CardBank": "papara" } });
    let ear = Ear::answering(done(json!([card, { "CardBin": "1" }]))).await;
    let wall = ear.card_wall();
    let cards = wall.list("customer-7").await.unwrap();
    let heard = ear.heard("GET /paywall/card", "private");
    heard.has("relationalid1", "customer-7");
    heard.has("includedetails", "TRUE");
    assert_eq!(cards.len(), 1);
    assert_eq!((cards[0].month, cards[0].year), (Some(6), Some(2026)));
    for nothing in [
        done(json!([])),
        done(json!("")),
        done(Value::Null),
        refused(115),
    ] {
        ear.will(nothing);
        assert!(wall.list("customer-7").await.unwrap().is_empty());
    }

    ear.will(done(Value::Null));
    wall.delete("customer-7", "dW5pcXVl").await.unwrap();
    ear.will(refused(115));
    wall.delete("customer-7", "dW5pcXVl").await.unwrap();
    let heard = ear.heard("DELETE /paywall/card", "private");
    assert_eq!(
        heard.body,
        json!({ "RelationalId1": "customer-7", "UniqueCode": "dW5pcXVl" })
    );
    ear.will(refused(516));
    assert!(wall.delete("customer-7", "dW5pcXVl").await.is_err());
}

const REQUEST: &str = "1eb856a8-1d41-49ab-8994-ecee2880d62c";

fn physically(result: Value) -> Value {
    json!({ "Result": result, "Failed": false, "Message": null, "ClientMessage": null, "Succeeded": true })
}

#[tokio::test]
async fn a_terminal_is_cancelled_and_asked_about_by_its_request() {
    let camel = json!({ "result": { "paymentRequestId": REQUEST, "paymentRequestActivityId": "-",
        "paymentRequestActivityTypeId": 2, "paymentStatus": 4 }, "failed": false, "message": null,
        "clientMessage": null, "succeeded": true });
    let ear = Ear::answering(camel).await;
    let terminals = ear.physical();
    let cancelled = terminals.cancel(REQUEST).await.unwrap();
    assert_eq!(cancelled.payment_status, Some(physical::status::SUCCESS));
    let heard = ear.heard("POST /api/payment/async/cancel", "private");
    assert_eq!(heard.body, json!({ "PaymentRequestId": REQUEST }));

    let standing = |id: &str| {
        physically(
            json!({ "PaymentRequestId": id, "TerminalId": "-", "MerchantUniqueCode": "7cc7c8e8", "Amount": 22,
            "CurrencyId": "1", "PaymentTypeId": 1, "PaymentType": "Sale", "PaymentStatusId": 2,
            "PaymentStatus": "SentToDevice" }),
        )
    };
    ear.will(standing(&REQUEST.to_uppercase()));
    let told = terminals.inquiry(REQUEST).await.unwrap().unwrap();
    ear.heard(&format!("GET /api/payment/inquiry/{REQUEST}"), "private");
    assert_eq!(told.payment_status_id, physical::status::SENT);
    assert_eq!(
        (told.amount, told.currency_id),
        (Some(Decimal::from(22)), Some(1))
    );

    ear.will(standing("7cc7c8e8-9d92-41b6-9378-e9ecef5a7812"));
    is_lost(terminals.inquiry(REQUEST).await);
    ear.will(
        json!({ "Result": null, "Failed": true, "Message": "-", "Succeeded": false,
                     "ClientMessage": "Payment.Request.RequestNotFound" }),
    );
    assert!(terminals.inquiry(REQUEST).await.unwrap().is_none());
}

#[tokio::test]
async fn only_a_guid_is_put_into_a_path() {
    let ear = Ear::answering(Value::Null).await;
    is_lost(ear.physical().inquiry("../terminal/list").await);
    assert!(ear.is_quiet());
}

#[tokio::test]
async fn terminals_are_listed_from_whichever_page_is_the_first() {
    let ear = Ear::answering(physically(json!({ "Items": [
        { "Id": "38e895c3-1a9a-4b73-8816-8557d1d031d6", "ConnectionName": "Kasa 1", "SerialNo": "A1" }, null ],
        "Pagination": { "CurrentPage": 0, "PageCount": 1, "PageSize": 10, "TotalCount": 1 } })))
    .await;
    let terminals = ear.physical().terminals().await.unwrap();
    let heard = ear.heard("POST /api/terminal/list", "private");
    assert_eq!(heard.body, json!({ "pageIndex": 1, "pageSize": 100 }));
    assert_eq!(terminals.len(), 1);
    assert_eq!(terminals[0].name(), "Kasa 1");

    let ear = Ear::answering(physically(json!({ "Items": [] }))).await;
    assert!(ear.physical().terminals().await.unwrap().is_empty());
    let heard = ear.heard("POST /api/terminal/list", "private");
    assert_eq!(heard.body["pageIndex"], 0);
}
