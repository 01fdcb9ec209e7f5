//! What a card's first digits tell the browser, and what a payment by
//! installments comes to.

use serde_json::{Value, json};

use crate::support::{Answer, Call, Reply, Till, card_payment, order, refusal, standing, success};

fn bin() -> Answer {
    success(
        json!({ "BinNumber": "557920", "CardBankId": 1, "CardBank": "papara", "CardBrandId": 1,
        "CardBrand": "Master Card", "CardFamilyId": 2, "CardFamily": "Bonus", "CardKindId": 1, "CardKind": "Bireysel",
        "CardTypeId": 1, "CardType": "Kredi", "IsMatchedByEightDigitBin": false, "IsMatchedBySixDigitBin": true }),
    )
}

fn offer() -> Answer {
    let option = |count: u8, interest: Value, added: Value| {
        json!({ "PaymentGatewayId": 1, "PaymentGatewayName": "-", "Installment": count, "Commission": 1.9,
                "Interest": interest, "RawAmount": 10.5, "InterestAmount": added })
    };
    success(json!({ "CardBank": "papara", "Options": [
        option(1, json!(0), json!(0)), option(2, json!(0), json!(0)), option(6, json!(5), json!(0.53)) ] }))
}

async fn ask(till: &Till, checkout: &str, digits: &str) -> Reply {
    let path = format!("/v1/checkouts/{checkout}/bin");
    Reply::to(till.request("POST", &path).json(&json!({ "bin": digits }))).await
}

#[tokio::test]
async fn a_bin_tells_the_card_and_its_plans_with_who_bears_the_interest() {
    let till = Till::open().await;
    let checkout = till.checkout().await;
    till.paywall
        .will(Call::Bin, bin())
        .will(Call::Installment, offer());
    assert_eq!(
        ask(&till, &checkout, "55792009").await.ok(),
        json!({ "brand": "Master Card", "bank": "papara", "family": "Bonus", "kind": "credit", "plans": [
            { "installments": 1, "each": 1050, "total": 1050, "interest": 0, "paidBy": "shop" },
            { "installments": 2, "each": 525, "total": 1050, "interest": 0, "paidBy": "shop" },
            { "installments": 6, "each": 184, "total": 1103, "interest": 53, "paidBy": "shopper" } ] })
    );
    let (bin, plans) = (
        &till.paywall.seen(Call::Bin)[0],
        &till.paywall.seen(Call::Installment)[0],
    );
    assert_eq!(bin.header("binnumber"), "55792009");
    assert_eq!(plans.header("binnumber"), "557920");
    assert_eq!(plans.header("apikeypublic"), "public-key");
}

#[tokio::test]
async fn a_card_of_which_nothing_is_known_can_pay_at_once() {
    let till = Till::open().await;
    let checkout = till.checkout().await;
    let single = json!([{ "installments": 1, "each": 1050, "total": 1050, "interest": 0, "paidBy": "shop" }]);
    for (of_bin, of_plans) in [
        (refusal(73), refusal(73)),
        (Answer::Cut, refusal(1)),
        (refusal(1), Answer::Html),
    ] {
        till.paywall
            .will(Call::Bin, of_bin)
            .will(Call::Installment, of_plans);
        assert_eq!(
            ask(&till, &checkout, "557920").await.ok(),
            json!({ "plans": single })
        );
    }
    till.paywall
        .will(Call::Bin, Answer::Cut)
        .will(Call::Installment, Answer::Status(500));
    ask(&till, &checkout, "557920")
        .await
        .problem(502, "provider_unavailable");
}

#[tokio::test]
async fn a_bin_is_six_to_eight_digits_of_an_open_checkout() {
    let till = Till::open().await;
    let checkout = till.checkout().await;
    for unfit in ["", "55792", "557920093", "55792o", "5579200931751297"] {
        let reply = ask(&till, &checkout, unfit).await;
        reply.problem(422, "invalid_request");
        assert!(unfit.is_empty() || !reply.text.contains(unfit), "{unfit}");
    }
    ask(&till, &format!("co_{}", "0".repeat(32)), "557920")
        .await
        .problem(404, "checkout_not_found");
    till.wait(601);
    ask(&till, &checkout, "557920")
        .await
        .problem(410, "checkout_expired");
}

/// A payment in six parts at the bank: (checkout, payment).
async fn in_six_parts(till: &Till, reference: &str) -> (String, String) {
    let checkout = till.checkout_of(&order(reference)).await;
    let mut body = card_payment();
    body["installments"] = 6.into();
    till.paywall.will(Call::Start3d, crate::support::started());
    let payment = Reply::to(till.payment_request(&checkout, "key-0123456789abcdef", &body))
        .await
        .ok();
    assert_eq!(payment["installments"], 6);
    (checkout, payment["id"].as_str().unwrap().to_owned())
}

fn charged(more: Value) -> Answer {
    let Answer::With(write) = standing(4, 1) else {
        unreachable!()
    };
    Answer::With(Box::new(move |seen| {
        let mut answer = write(seen);
        let told = answer["Body"]["Paywall"].as_object_mut().unwrap();
        told.extend(more.as_object().unwrap().clone());
        answer
    }))
}

#[tokio::test]
async fn with_interest_on_the_shopper_what_was_asked_for_must_be_the_orders_amount() {
    let till = Till::open().await;
    let cases = [
        (
            json!({ "PaymentAmount": 11.03, "AppliedInterest": true, "OriginalAmount": 10.5, "InterestAmount": 0.53 }),
            "paid",
        ),
        (
            json!({ "PaymentAmount": 10.5, "AppliedInterest": false, "OriginalAmount": 10.5 }),
            "paid",
        ),
        (
            json!({ "PaymentAmount": 11.03, "AppliedInterest": false, "OriginalAmount": 10.5 }),
            "pending",
        ),
        (
            json!({ "PaymentAmount": 11.03, "AppliedInterest": true, "OriginalAmount": 10.49 }),
            "pending",
        ),
        (
            json!({ "PaymentAmount": 10, "AppliedInterest": true, "OriginalAmount": 10.5 }),
            "pending",
        ),
        (
            json!({ "PaymentAmount": 11.03, "AppliedInterest": true }),
            "pending",
        ),
    ];
    for (at, (told, status)) in cases.into_iter().enumerate() {
        let (checkout, payment) = in_six_parts(&till, &format!("ORD-{at}")).await;
        till.paywall.will(Call::Query, charged(told.clone()));
        till.come_back(&payment).await;
        assert_eq!(till.status(&checkout).await, status, "{told}");
    }
}
