//! BIN inquiry, installment, and payments in installments (paywall.md §5.1, §5.2).

use crate::support::{CREDIT_CARD, PAYING_CARD, World, error_code, start_request_of};
use serde_json::{Value, json};

const BIN: &str = "/api/paywall/bin/inquiry";
const INSTALLMENT: &str = "/api/paywall/installment";

fn ask<'a>(bin: &'a str, amount: &'a str) -> [(&'static str, &'a str); 4] {
    [
        ("currencyid", "1"),
        ("amount", amount),
        ("binnumber", bin),
        ("distinctduplicates", "true"),
    ]
}

#[tokio::test]
async fn a_bin_of_six_or_eight_digits_tells_the_card() {
    let world = World::new().await;
    for (bin, eight) in [("557920", false), ("55792009", true), ("55792000", false)] {
        let answer = world.public_get(BIN, &[("binnumber", bin)]).await;
        let wanted = json!({
            "BinNumber": bin, "CardBankId": 0, "CardBank": "papara", "CardBrandId": 1,
            "CardBrand": "Master Card", "CardFamilyId": 2, "CardFamily": "Bonus",
            "CardKindId": 1, "CardKind": "Bireysel", "CardTypeId": 1, "CardType": "Kredi",
            "IsMatchedByEightDigitBin": eight, "IsMatchedBySixDigitBin": !eight,
        });
        assert_eq!(answer["Body"], wanted, "{bin}");
    }
}

#[tokio::test]
async fn eight_digits_tell_cards_apart_that_six_do_not() {
    let world = World::new().await;
    for (bin, kind) in [("97920880", "Banka"), ("97920831", "Kredi")] {
        let answer = world.public_get(BIN, &[("binnumber", bin)]).await;
        assert_eq!(answer["Body"]["CardType"], kind, "{bin}");
    }
}

#[tokio::test]
async fn an_unknown_or_malformed_bin_is_refused() {
    let world = World::new().await;
    for (bin, code) in [
        ("411111", 73),
        ("55792", 14),
        ("5579200", 14),
        ("55792x", 14),
    ] {
        let answer = world.public_get(BIN, &[("binnumber", bin)]).await;
        assert_eq!(error_code(&answer), code, "{bin}");
    }
    assert_eq!(error_code(&world.public_get(BIN, &[]).await), 2);
}

#[tokio::test]
async fn a_credit_card_may_pay_in_parts_and_bears_interest_from_six_on() {
    let world = World::new().await;
    let answer = world
        .public_get(INSTALLMENT, &ask("557920", "100.00"))
        .await;
    let body = &answer["Body"];
    assert_eq!(body["CardFamily"], "Bonus");
    let told: Vec<_> = body["Options"]
        .as_array()
        .unwrap()
        .iter()
        .map(|option| {
            assert_eq!(option["RawAmount"].to_string(), "100.00");
            assert_eq!(option["PaymentGatewayId"], 1);
            (
                option["Installment"].as_u64().unwrap(),
                option["Interest"].to_string(),
                option["InterestAmount"].to_string(),
            )
        })
        .collect();
    let wanted = [
        (1, "0", "0"),
        (2, "0", "0"),
        (3, "0", "0"),
        (6, "6", "6.00"),
        (9, "9.75", "9.75"),
        (12, "13.5", "13.50"),
    ];
    assert_eq!(
        told,
        wanted.map(|(n, rate, sum)| (n, rate.into(), sum.into()))
    );
}

#[tokio::test]
async fn other_cards_and_currencies_pay_at_once() {
    let world = World::new().await;
    let foreign = [
        ("currencyid", "2"),
        ("amount", "100"),
        ("binnumber", "557920"),
        ("distinctduplicates", "false"),
    ];
    let asked = [ask("514118", "100"), ask("411111", "100"), foreign];
    for parameters in asked {
        let answer = world.public_get(INSTALLMENT, &parameters).await;
        let options = answer["Body"]["Options"].as_array().unwrap();
        assert_eq!(options.len(), 1, "{parameters:?}");
        assert_eq!(options[0]["Installment"], 1);
    }
}

#[tokio::test]
async fn without_a_bin_each_family_tells_its_plans() {
    let world = World::new().await;
    let parameters = [
        ("currencyid", "1"),
        ("amount", "100.00"),
        ("distinctduplicates", "TRUE"),
    ];
    let answer = world.public_get(INSTALLMENT, &parameters).await;
    let families = answer["Body"].as_array().unwrap();
    let names: Vec<_> = families.iter().map(|one| &one["CardFamily"]).collect();
    assert_eq!(names, ["World", "Bonus", "Maximum", "Axess"]);
    assert_eq!(families[0]["CardFamilyId"], 1);
    assert_eq!(families[0]["Option"].as_array().unwrap().len(), 6);
}

#[tokio::test]
async fn each_wrong_header_has_its_own_code() {
    let world = World::new().await;
    let with = |name: &'static str, value: &'static str| {
        ask("557920", "100").map(|header| {
            if header.0 == name {
                (name, value)
            } else {
                header
            }
        })
    };
    let cases = [
        (with("currencyid", "949"), 8),
        (with("currencyid", "TRY"), 8),
        (with("amount", "many"), 2),
        (with("amount", "0"), 45),
        (with("distinctduplicates", "1"), 2),
        (with("binnumber", "55"), 14),
    ];
    for (parameters, code) in cases {
        let answer = world.public_get(INSTALLMENT, &parameters).await;
        assert_eq!(error_code(&answer), code, "{parameters:?}");
    }
}

async fn start_in(world: &World, card: &str, code: &str, installments: u8) -> Value {
    let mut request = start_request_of("10.50", code, &world.card_token(card).await);
    request["PaymentDetail"]["Installment"] = installments.into();
    request
}

#[tokio::test]
async fn in_six_parts_the_shopper_pays_the_interest_too() {
    let world = World::new().await;
    let form = world
        .pay(&start_in(&world, CREDIT_CARD, "ORD-1", 6).await)
        .await;
    assert_eq!(form.field("amount"), "11.13");
    assert_eq!(form.field("installment"), "6");
    let record = world.record("ORD-1").await;
    let told = [
        ("PaymentAmount", "11.13"),
        ("ActivityAmount", "11.13"),
        ("OriginalAmount", "10.50"),
        ("InterestAmount", "0.63"),
        ("InterestRate", "6"),
        ("RemainingRefundAmount", "11.13"),
        ("Installment", "6"),
    ];
    for (name, value) in told {
        assert_eq!(record[name].to_string(), value, "{name}");
    }
    assert_eq!(record["AppliedInterest"], true);
    assert_eq!(record["CardFamilyName"], "Bonus");
}

#[tokio::test]
async fn in_three_parts_the_shop_bears_the_cost() {
    let world = World::new().await;
    let form = world
        .pay(&start_in(&world, CREDIT_CARD, "ORD-1", 3).await)
        .await;
    assert_eq!(form.field("amount"), "10.50");
    let record = world.record("ORD-1").await;
    assert_eq!(record["PaymentAmount"].to_string(), "10.50");
    assert_eq!(record["AppliedInterest"], false);
    assert_eq!(record["CommissionRate"].to_string(), "4.75");
    assert_eq!(record["CommissionAmount"].to_string(), "0.50");
}

#[tokio::test]
async fn a_plan_that_the_card_does_not_have_is_refused_and_does_not_spend_it() {
    let world = World::new().await;
    for (card, installments) in [
        (PAYING_CARD, 3),
        ("4111111111111111", 2),
        (CREDIT_CARD, 4),
        (CREDIT_CARD, 0),
    ] {
        let mut request = start_in(&world, card, "ORD-1", installments).await;
        assert_eq!(error_code(&world.start(&request).await), 9, "{card}");
        request["PaymentDetail"]["Installment"] = 1.into();
        request["PaymentDetail"]["MerchantUniqueCode"] =
            format!("ORD-{card}-{installments}").into();
        assert_eq!(error_code(&world.start(&request).await), 0, "{card}");
    }
}
