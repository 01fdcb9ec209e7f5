//! What must never be where, of the methods that are no plain card: the number
//! of a meal card, keys, broken policies.

use kasa_e2e::Result;
use kasa_e2e::cards::{RIGHT_CODE, meal};
use kasa_e2e::shopper::{Mode, Trial, Way, ways};
use kasa_e2e::traces::Traces;
use kasa_e2e::world::{World, run};

#[tokio::test]
async fn a_meal_cards_number_goes_into_the_payment_request_alone() {
    run(async |world| {
        let shopper = &world.shopper;
        let mut traces = Traces::default();
        shopper
            .comes_to_pay_by(&ways::MEAL_CARD, Mode::Redirect, None)
            .await?;
        shopper
            .types_at(&ways::MEAL_CARD, "cardNumber", meal::UNPRINTED.number)
            .await?;
        traces.gather(world).await?;
        shopper.presses_pay_at(&ways::MEAL_CARD).await?;
        shopper.sees("otp").await?;
        traces.gather(world).await?;
        shopper.enters_one_time_code(RIGHT_CODE).await?;
        shopper.sees_result("paid").await?;
        traces.gather(world).await?;

        let number = meal::UNPRINTED.number;
        let sent = traces.take_posts_with(number, |url| url.ends_with("/payments"));
        assert_eq!(sent, 1, "payment requests with the number");
        let grouped: Vec<_> = number
            .as_bytes()
            .chunks(4)
            .map(String::from_utf8_lossy)
            .collect();
        for number in [number.to_owned(), grouped.join(" "), grouped.join("-")] {
            traces.assert_without("the meal card's number", &number);
        }
        for (name, key) in world.keys.all() {
            traces.assert_without(name, key);
        }
        for server in [&world.merchant, &world.sandbox, &world.shop] {
            assert!(!server.last_words().contains(number), "{}", server.name());
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn no_key_reaches_the_browser_on_the_way_to_aspay() {
    run(async |world| {
        let mut traces = Traces::default();
        goes_to_a_page_and_pays(world, &Way::ASPAY, &mut traces).await?;
        for (name, key) in world.keys.all() {
            traces.assert_without(name, key);
        }
        Ok(())
    })
    .await;
}

/// But the API key, which Hepsipay's own form brings back: it signs nothing.
#[tokio::test]
async fn no_secret_reaches_the_browser_on_the_way_to_hepsipay() {
    run(async |world| {
        let mut traces = Traces::default();
        goes_to_a_page_and_pays(world, &Way::HEPSIPAY, &mut traces).await?;
        let ours = &world.keys.hepsipay_key;
        for (name, key) in world.keys.all() {
            if key != ours {
                traces.assert_without(name, key);
            }
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn policy_is_not_violated_by_any_way_to_pay() {
    run(async |world| {
        let shopper = &world.shopper;
        for way in [&Way::HEPSIPAY, &ways::PAPARA_PAGE] {
            goes_to_a_page_and_pays(world, way, &mut Traces::default()).await?;
        }
        shopper
            .comes_to_pay_by(&ways::PAPARA_QR, Mode::Redirect, None)
            .await?;
        shopper.presses_pay_at(&ways::PAPARA_QR).await?;
        shopper.sees_a_picture().await?;
        shopper
            .comes_to_pay_by(&Way::TERMINAL, Mode::Redirect, Some(Trial::Counter))
            .await?;
        let violations = world.browser.violations();
        assert!(violations.is_empty(), "{violations:#?}");
        Ok(())
    })
    .await;
}

async fn goes_to_a_page_and_pays(world: &World, way: &Way, traces: &mut Traces) -> Result<()> {
    let shopper = &world.shopper;
    shopper.comes_to_pay_by(way, Mode::Redirect, None).await?;
    traces.gather(world).await?;
    shopper.presses_pay_at(way).await?;
    shopper.does_at_the_provider("pay").await?;
    shopper.sees_result("paid").await?;
    shopper.is_thanked().await?;
    traces.gather(world).await
}
