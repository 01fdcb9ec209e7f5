//! CardWall, paying by a saved card, saving with a payment (paywall.md §5.3, §2.1).

use crate::support::{
    CREDIT_CARD, FAILING_CARD, PAYING_CARD, World, envelope, error_code, private, start_request,
};
use reqwest::Method;
use serde_json::{Value, json};

const CARDS: &str = "/paywall/card";
const SHOPPER: &str = "shopper-1";

fn new_card(number: &str) -> Value {
    json!({
        "RelationalId1": SHOPPER,
        "Card": { "Nickname": "Maaş", "HolderName": "Ada Deneme", "Number": number,
                  "Month": 9, "Year": 2038 },
    })
}

async fn list(world: &World, headers: &[(&str, &str)]) -> Value {
    let call = headers
        .iter()
        .fold(world.get(CARDS), |call, (name, value)| {
            call.header(*name, *value)
        });
    envelope(private(call)).await
}

/// The shopper's only card, as it is listed now.
async fn only(world: &World) -> Value {
    let answer = list(world, &[("relationalid1", SHOPPER)]).await;
    let cards = answer["Body"].as_array().unwrap();
    assert_eq!(cards.len(), 1);
    cards[0].clone()
}

async fn call(world: &World, method: Method, body: &Value) -> Value {
    let call = world.http.request(method, format!("{}{CARDS}", world.url));
    envelope(private(call).json(body)).await
}

fn pay_by(code: &str, saved: &Value) -> Value {
    let mut request = start_request(code, "");
    request["Card"] = json!({ "UniqueCode": saved, "Number": "", "TempCardToken": "" });
    request
}

#[tokio::test]
async fn a_saved_card_is_listed_masked_with_details_when_asked() {
    let world = World::new().await;
    let saved = world.private_post(CARDS, &new_card(CREDIT_CARD)).await;
    assert_eq!(saved["Body"]["CardHolderName"], "A** D*****");
    assert_eq!(saved["Body"]["Details"], Value::Null);
    assert!(saved["Body"].get("Expired").is_none());

    let headers = [("relationalid1", SHOPPER), ("includedetails", "TRUE")];
    let listed = list(&world, &headers).await["Body"][0].clone();
    let wanted = json!({
        "Name": "Maaş", "CardBin": "557920", "CardLastFour": "1297",
        "CardHolderName": "Ada Deneme", "CardNumber": "557920******1297", "Expired": false,
        "CardTypeId": 1, "CardType": "MasterCard", "Month": 9, "Year": 2038,
        "UniqueCode": listed["UniqueCode"],
        "Details": {
            "CardBankId": 0, "CardBank": "papara", "CardBrandId": 1, "CardBrand": "Master Card",
            "CardFamilyId": 2, "CardFamily": "Bonus", "CardKindId": 1, "CardKind": "Bireysel",
            "CardTypeId": 1, "CardType": "Kredi",
        },
    });
    assert_eq!(listed, wanted);
}

#[tokio::test]
async fn all_ids_used_at_saving_are_needed_for_listing() {
    let world = World::new().await;
    let mut body = new_card(PAYING_CARD);
    body["RelationalId2"] = "branch-7".into();
    world.private_post(CARDS, &body).await;
    let listed = |headers: Vec<(&'static str, &'static str)>| {
        let world = &world;
        async move {
            list(world, &headers).await["Body"]
                .as_array()
                .unwrap()
                .len()
        }
    };
    assert_eq!(listed(vec![("relationalid1", SHOPPER)]).await, 0);
    let both = vec![("relationalid1", SHOPPER), ("relationalid2", "branch-7")];
    assert_eq!(listed(both).await, 1);
    assert_eq!(error_code(&list(&world, &[]).await), 2);
}

#[tokio::test]
async fn a_card_saved_twice_is_one_card() {
    let world = World::new().await;
    world.private_post(CARDS, &new_card(PAYING_CARD)).await;
    let mut again = new_card(PAYING_CARD);
    again["Card"]["Year"] = 2039.into();
    world.private_post(CARDS, &again).await;
    assert_eq!(only(&world).await["Year"], 2039);
}

#[tokio::test]
async fn every_listing_gives_new_codes_and_spends_the_old() {
    let world = World::new().await;
    world.private_post(CARDS, &new_card(PAYING_CARD)).await;
    let first = only(&world).await["UniqueCode"].clone();
    let second = only(&world).await["UniqueCode"].clone();
    assert_ne!(first, second);

    let old = world.start(&pay_by("ORD-1", &first)).await;
    assert_eq!(error_code(&old), 21);
    let body = json!({ "RelationalId1": SHOPPER, "UniqueCode": first });
    assert_eq!(error_code(&call(&world, Method::DELETE, &body).await), 118);
    let unknown = world.start(&pay_by("ORD-1", &"bm9uZQ==".into())).await;
    assert_eq!(error_code(&unknown), 22);
    assert_eq!(error_code(&world.start(&pay_by("ORD-1", &second)).await), 0);
}

#[tokio::test]
async fn a_saved_card_pays_after_the_banks_page_as_always() {
    let world = World::new().await;
    world.private_post(CARDS, &new_card(PAYING_CARD)).await;
    let code = only(&world).await["UniqueCode"].clone();
    let form = world.pay(&pay_by("ORD-1", &code)).await;
    assert_eq!(form.field("status"), "Success");
    let record = world.record("ORD-1").await;
    assert_eq!(record["UsedSavedCard"], true);
    assert_eq!(record["UsedTempCard"], false);
    assert_eq!(record["CardNumber"], "514118******7907");
}

#[tokio::test]
async fn a_card_whose_date_is_past_is_listed_as_expired_and_cannot_pay() {
    let world = World::new().await;
    let mut body = new_card(PAYING_CARD);
    body["Card"]["Year"] = 2024.into();
    world.private_post(CARDS, &body).await;
    let card = only(&world).await;
    assert_eq!(card["Expired"], true);
    let answer = world.start(&pay_by("ORD-1", &card["UniqueCode"])).await;
    assert_eq!(error_code(&answer), 19);
}

#[tokio::test]
async fn with_force_cvv_the_cvc_is_looked_at() {
    let world = World::new().await;
    world.private_post(CARDS, &new_card(PAYING_CARD)).await;
    let mut request = pay_by("ORD-1", &only(&world).await["UniqueCode"]);
    request["Card"]["ForceCvv"] = true.into();
    assert_eq!(error_code(&world.start(&request).await), 18);
    request["Card"]["Cvv"] = "360".into();
    assert_eq!(error_code(&world.start(&request).await), 0);
}

#[tokio::test]
async fn a_card_is_renamed_renewed_and_deleted() {
    let world = World::new().await;
    world.private_post(CARDS, &new_card(PAYING_CARD)).await;
    let mut body = json!({
        "RelationalId1": SHOPPER, "UniqueCode": only(&world).await["UniqueCode"],
        "Nickname": "Tatil", "Month": 1, "Year": 2040,
    });
    let answer = call(&world, Method::PUT, &body).await;
    assert_eq!((error_code(&answer), &answer["Body"]), (0, &Value::Null));
    let card = only(&world).await;
    assert_eq!(
        (&card["Name"], &card["Month"], &card["Year"]),
        (&"Tatil".into(), &1.into(), &2040.into())
    );

    body["UniqueCode"] = card["UniqueCode"].clone();
    body["RelationalId1"] = "shopper-2".into();
    assert_eq!(error_code(&call(&world, Method::DELETE, &body).await), 115);
    body["RelationalId1"] = SHOPPER.into();
    assert_eq!(error_code(&call(&world, Method::DELETE, &body).await), 0);
    assert_eq!(error_code(&call(&world, Method::DELETE, &body).await), 116);
    let answer = world.start(&pay_by("ORD-1", &card["UniqueCode"])).await;
    assert_eq!(error_code(&answer), 23);
    assert_eq!(
        list(&world, &[("relationalid1", SHOPPER)]).await["Body"],
        json!([])
    );
}

#[tokio::test]
async fn malformed_cards_are_not_saved() {
    let world = World::new().await;
    let cases: [(&str, Value, i64); 6] = [
        ("/RelationalId1", json!(""), 2),
        ("/Card/HolderName", json!(""), 104),
        ("/Card/Number", json!("41"), 105),
        ("/Card/Month", json!(13), 107),
        ("/Card/Year", json!(380), 108),
        ("/Card/Month", json!("09"), 2),
    ];
    for (place, value, code) in cases {
        let mut body = new_card(PAYING_CARD);
        *body.pointer_mut(place).unwrap() = value;
        let answer = world.private_post(CARDS, &body).await;
        assert_eq!(error_code(&answer), code, "{place}");
    }
    let public = world.public(CARDS, &new_card(PAYING_CARD));
    assert_eq!(error_code(&envelope(public).await), 401);
}

async fn saving(world: &World, code: &str, card: &str) -> Value {
    let mut request = start_request(code, &world.card_token(card).await);
    request["Card"]["CardSave"] =
        json!({ "Save": true, "Nickname": "Kartım", "RelationalId1": SHOPPER });
    request
}

#[tokio::test]
async fn a_card_is_saved_with_the_payment_when_it_was_paid() {
    let world = World::new().await;
    let form = world.pay(&saving(&world, "ORD-1", PAYING_CARD).await).await;
    assert_eq!(form.field("cardSaved"), "True");
    let told = form.field("cardSavedUniqueCode").to_owned();
    assert_eq!(world.list("/sandbox/cards").await[0]["uniqueCode"], told);
    assert_eq!(
        error_code(&world.start(&pay_by("ORD-2", &told.into())).await),
        0
    );
    let card = only(&world).await;
    assert_eq!(
        (&card["Name"], &card["Month"], &card["Year"]),
        (&"Kartım".into(), &9.into(), &2028.into())
    );
}

#[tokio::test]
async fn a_card_that_did_not_pay_is_not_saved() {
    let world = World::new().await;
    let form = world
        .pay(&saving(&world, "ORD-1", FAILING_CARD).await)
        .await;
    assert_eq!(form.field("cardSaved"), "False");
    assert_eq!(form.field("cardSavedUniqueCode"), "");
    assert_eq!(
        list(&world, &[("relationalid1", SHOPPER)]).await["Body"],
        json!([])
    );
}

#[tokio::test]
async fn saving_needs_to_know_for_whom() {
    let world = World::new().await;
    let mut request = saving(&world, "ORD-1", PAYING_CARD).await;
    request["Card"]["CardSave"]["RelationalId1"] = "".into();
    assert_eq!(error_code(&world.start(&request).await), 18);
}
