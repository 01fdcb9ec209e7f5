//! What is sent, beside the contract's samples.

use super::*;

/// Creates `new`, loses the answer, and tells what was sent.
async fn sent(new: &NewPayment<'_>) -> Value {
    let (provider, corefy) = as_sampled().await;
    provider.will(CREATE, Says::Text(503, ""));
    corefy.create_payment(new).await.unwrap_err();
    provider.asked(CREATE)[0].json()
}

async fn sent_payout(new: &NewPayout<'_>) -> Value {
    let (provider, corefy) = as_sampled().await;
    provider.will(CREATE_PAYOUT, Says::Text(503, ""));
    corefy.create_payout(new).await.unwrap_err();
    provider.asked(CREATE_PAYOUT)[0].json()
}

#[tokio::test]
async fn the_smallest_payment_is_written_as_the_sample() {
    let sample = sample!("corefy-payment-invoice-min");
    let email = sample["data"]["attributes"]["customer"]["email"].as_str();
    let new = NewPayment {
        reference_id: "7be889b3-ef86-4cd3-b02c-ea01aad2b73b",
        amount: 10000,
        description: None,
        customer: Customer {
            reference_id: "f103d8f1-f2b6-447f-a7fd-960a9e46a713",
            email,
            individual_tax_id: Some("48570756934"),
            ..Customer::default()
        },
        return_url: None,
        callback_url: None,
    };
    assert_eq!(sent(&new).await, sample);
}

#[tokio::test]
async fn the_fullest_payment_is_written_as_the_sample() {
    let sample = sample!("corefy-payment-invoice-max");
    let email = sample["data"]["attributes"]["customer"]["email"].as_str();
    let new = NewPayment {
        reference_id: "9f998e58-bbc9-40a5-b589-72d9cb7df76d",
        amount: 10000,
        description: None,
        customer: Customer {
            reference_id: "dd1b0d54-ada1-40a1-9d18-b8d8e899b65e",
            name: Some("John Doe"),
            email,
            phone: Some("+90787623423"),
            individual_tax_id: Some("48570756934"),
        },
        return_url: None,
        callback_url: None,
    };
    assert_eq!(sent(&new).await, sample);
}

#[tokio::test]
async fn payouts_are_written_as_the_samples() {
    let customer = |reference_id, phone| Customer {
        reference_id,
        individual_tax_id: Some("48570756934"),
        phone,
        ..Customer::default()
    };
    let new = |reference_id, customer| NewPayout {
        reference_id,
        amount: 1200,
        customer,
        iban: "TR100000000000000000000000",
        beneficiary: "ADA ELEZ",
        callback_url: None,
    };
    let least = new(
        "1d052439-d817-4207-b2bb-4fa25b616967",
        customer("96f044ce-6a26-43b0-bf40-1ab2cb47b87d", None),
    );
    assert_eq!(sent_payout(&least).await, sample!("corefy-payout-min"));
    let most = new(
        "aa86e9e6-373d-45f8-9cbf-a0c83e43282c",
        customer("3254797a-4fc6-44e5-8a5f-bbbd30188f18", Some("90123456789")),
    );
    assert_eq!(sent_payout(&most).await, sample!("corefy-payout-max"));
}

#[tokio::test]
async fn a_payment_says_where_to_return_and_to_call() {
    let new = NewPayment {
        return_url: Some("https://pay.shop.example/return/aspay/pay_1"),
        callback_url: Some("https://pay.shop.example/callback/corefy"),
        ..payment()
    };
    let attributes = &sent(&new).await["data"]["attributes"];
    assert_eq!(attributes["amount"].to_string(), "129.9");
    assert_eq!(attributes["description"], "Order 1001");
    assert_eq!(attributes["return_url"], new.return_url.unwrap());
    for end in ["success", "pending", "fail"] {
        assert_eq!(attributes["return_urls"][end], new.return_url.unwrap());
    }
    assert_eq!(attributes["callback_url"], new.callback_url.unwrap());
}

#[tokio::test]
async fn calls_carry_basic_and_the_type_in_the_spelling_that_was_set() {
    let vector = &vectors("corefy_basic_auth")[0];
    let provider = Provider::start().await;
    let settings = CorefySettings {
        account: vector["user"].as_str().unwrap().into(),
        api_key: Secret::new(vector["password"].as_str().unwrap()),
        type_plural: true,
        ..settings(&provider)
    };
    let corefy = Corefy::new(&settings, Duration::from_secs(20)).unwrap();
    provider.will(CREATE, Says::Json(201, invoice()));
    provider.will(CREATE_PAYOUT, Says::Text(503, ""));
    corefy.create_payment(&payment()).await.unwrap();
    corefy.create_payout(&payout()).await.unwrap_err();
    let asked = &provider.asked(CREATE)[0];
    assert_eq!(
        asked.header("authorization"),
        vector["expected_header"].as_str().unwrap()
    );
    assert_eq!(asked.json()["data"]["type"], "payment-invoices");
    let asked = &provider.asked(CREATE_PAYOUT)[0];
    assert_eq!(asked.json()["data"]["type"], "payout-invoices");
}
