//! Somebody who knows a payment's id and no key: posts what a provider would,
//! saying that all is paid. Nothing may come of it but a question to the provider.

use std::sync::Arc;

use axum::http::Method;
use serde_json::json;

use crate::dice::Dice;
use crate::net::{Letter, Line};
use crate::world::{MERCHANT, World};

/// Where providers and their browsers come back to.
const RETURNS: [&str; 3] = ["paywall", "apm", "hepsipay"];
const CALLBACKS: [&str; 3] = ["corefy", "terminal", "apm"];

pub async fn forge(world: Arc<World>) {
    let mut dice = Dice::of(world.seed, "forger", 0);
    for _ in 0..dice.number(0, 4) {
        tokio::time::sleep(dice.seconds(1, 90)).await;
        let lists = ["payments", "apm"];
        let list = dice.among(&lists);
        let Some(payment) = world.last_of(list, "merchantUniqueCode").await else {
            continue;
        };
        let letter = if dice.chance(50) {
            returned(&payment, dice.among(&RETURNS))
        } else {
            called_back(&payment, dice.among(&CALLBACKS))
        };
        if let Some(letter) = letter {
            world.tally.count("forged");
            let sent = world
                .net
                .send(Line::BrowserToMerchant, world.merchant(), letter);
            let _ = tokio::time::timeout(std::time::Duration::from_secs(30), sent).await;
        }
    }
}

fn returned(payment: &str, provider: &str) -> Option<Letter> {
    let form = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([
            ("status", "Success"),
            ("errorCode", "0"),
            ("uniqueCode", payment),
            ("paymentId", "1"),
            ("amount", "10.50"),
            ("installment", "1"),
            ("hash", "AAAAAAAAAAAAAAAAAAAAAAAAAAA="),
            ("hashFormat", "Payment"),
            ("hashKeyType", "1"),
        ])
        .finish();
    let url = format!("{MERCHANT}/return/{provider}/{payment}");
    Some(Letter::new(Method::POST, &url)?.body("application/x-www-form-urlencoded", form))
}

fn called_back(payment: &str, provider: &str) -> Option<Letter> {
    let body = json!({
        "MerchantUniqueCode": payment, "StatusId": 4, "TypeId": 1, "Status": 4,
        "Hash": "AAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "data": { "attributes": { "reference_id": payment, "status": "processed" } },
    });
    let url = format!("{MERCHANT}/callback/{provider}");
    Some(Letter::new(Method::POST, &url)?.body("application/json", body.to_string()))
}
