//! PayWall's own samples: what we write equals them value for value, what they
//! answer is read.

use kasa_merchant::paywall::apm::{OldPayer, Pay, Payer, Provider, Sale, Started};
use kasa_merchant::paywall::physical::{self, PhysicalEnvelope, Requested, TerminalChoice};
use kasa_merchant::paywall::temp_token::{TempToken, TempTokenForm, TempTokenRequest};
use kasa_merchant::paywall::types::{Envelope, Product};
use rust_decimal::Decimal;
use serde_json::json;

use crate::sample;

#[test]
fn the_temptoken_request_is_written_as_the_sample() {
    let request = TempTokenRequest::for_a_card(TempTokenForm::Old, 30);
    assert_eq!(
        serde_json::to_value(request).unwrap(),
        sample!("paywall-temptoken-request")
    );
}

#[test]
fn the_temptoken_response_is_read_from_the_sample() {
    let envelope: Envelope = serde_json::from_value(sample!("paywall-temptoken-response")).unwrap();
    assert!(envelope.result);
    let token: TempToken = serde_json::from_value(envelope.body).unwrap();
    assert_eq!(token.token, "22ae3b5a-8eb0-41cc-88c7-219e25b95441");
    let expiry: jiff::Timestamp = token.expiry_date_time.parse().unwrap();
    assert_eq!(expiry.to_string(), "2024-06-13T19:25:08.0404774Z");
}

#[test]
fn the_apm_otp_request_is_written_as_the_sample() {
    let parameters = json!({ "MerchantCode": "**********", "TerminalCode": "**********" });
    let request = Pay {
        apm_key: Some("FoodCardProvider"),
        apm_connection_id: Some(19),
        sale: Sale {
            currency_id: 1,
            merchant_unique_code: "A1s2d3F4G5H6J7K8L9",
            amount: Decimal::ONE,
            description: "PW",
            payer: Payer::Old(OldPayer {
                card_number: "637578**********",
                ..OldPayer::default()
            }),
            products: vec![Product {
                product_id: "123",
                product_name: "Name",
                product_category: "Food",
                product_description: "Description of Product",
                product_amount: Decimal::ONE,
            }],
        },
        provider: Some(Provider {
            parameters: parameters.as_object().unwrap().clone(),
        }),
    };
    assert_eq!(
        serde_json::to_value(request).unwrap(),
        sample!("paywall-apm-otp-request")
    );
}

#[test]
fn the_apm_otp_response_is_read_from_the_sample() {
    let envelope: Envelope = serde_json::from_value(sample!("paywall-apm-otp-response")).unwrap();
    assert!(envelope.result);
    let started: Started = serde_json::from_value(envelope.body).unwrap();
    assert!(started.pending_otp_confirm);
    assert_eq!(started.code_seconds(), None);
    let transaction = started.transaction;
    assert_eq!(transaction.apm_transaction_id, Some(4330));
    assert_eq!(transaction.amount, Some(Decimal::ONE));
    assert_eq!(
        transaction.unique_code,
        "85a07d7e-adc4-4698-a4cb-e643bdd705b1"
    );
    assert_eq!(
        transaction.merchant_unique_code,
        "G5H6A4FKAJDLF3457394759834"
    );
}

#[test]
fn the_countdown_of_a_code_is_read_where_there_is_one() {
    let mut body = sample!("paywall-apm-otp-response")["Body"].clone();
    for (counter, seconds) in [
        (json!(180), Some(180)),
        (json!(0), None),
        (json!(-1), None),
        (json!("180"), None),
        (json!(null), None),
    ] {
        body["ProviderDummyResponse"]["Body"]["OtpVerifyCounterInSeconds"] = counter;
        let started: Started = serde_json::from_value(body.clone()).unwrap();
        assert_eq!(started.code_seconds(), seconds);
    }
    for raw in [json!(null), json!("text"), json!([])] {
        body["ProviderDummyResponse"] = raw;
        let started: Started = serde_json::from_value(body.clone()).unwrap();
        assert_eq!(started.code_seconds(), None);
    }
}

#[test]
fn the_async_sale_request_is_written_as_the_sample() {
    let amount = Decimal::from(22);
    let request = physical::Sale {
        terminal: TerminalChoice::Id("38e895c3-1a9a-4b73-8816-8557d1d031d6"),
        merchant_unique_code: "{{$guid}}",
        display_code: "Kişisel Bakım",
        amount,
        currency_id: 1,
        methods: [1, 2]
            .map(|payment_method_id| physical::PaymentMethod { payment_method_id })
            .into(),
        callback_address: "https://webhook.site/276d912e-090e-461a-aad5-5f137ab03cf4",
        split_payment_support: false,
        customer: Some(physical::Customer {
            kind: 1,
            first_name: "eda",
            middle_name: "seda",
            last_name: "meda",
            identity: "11111111110",
            country: "Türkiye",
            city: "İstanbul",
            district: "Mesela",
            neighborhood: "Öyle",
            address: "Tam sokağın ortası",
            ..physical::Customer::default()
        }),
        products: vec![physical::Product {
            name: "Saç Tıraşı",
            tax_group_id: 10,
            unit_code_id: 1,
            currency_id: None,
            amount,
            quantity: 1,
            payment_method_id: Some(2),
        }],
        skip_print_customer: false,
        skip_print_merchant: false,
        skip_payment_option_screen: false,
    };
    assert_eq!(
        serde_json::to_value(request).unwrap(),
        sample!("paywall-async-sale-request")
    );
}

#[test]
fn the_async_sale_response_is_read_from_the_sample() {
    let envelope: PhysicalEnvelope =
        serde_json::from_value(sample!("paywall-async-sale-response")).unwrap();
    assert!(envelope.succeeded && !envelope.failed);
    let requested: Requested = serde_json::from_value(envelope.result).unwrap();
    assert_eq!(
        requested.payment_request_id,
        "1eb856a8-1d41-49ab-8994-ecee2880d62c"
    );
    assert_eq!(requested.payment_status, Some(physical::status::SUCCESS));
}
