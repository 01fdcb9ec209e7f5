//! A meal card that is paid with by a one-time code, and a wallet that needs
//! none.

use kasa_e2e::Result;
use kasa_e2e::books::Stands;
use kasa_e2e::cards::{MealCard, RIGHT_CODE, WRONG_CODE, meal};
use kasa_e2e::shopper::{Mode, Way, ways};
use kasa_e2e::world::{World, run};

const MEAL_CARD: Way = ways::MEAL_CARD;

#[tokio::test]
async fn paid_with_the_code() {
    run(async |world| {
        let shopper = &world.shopper;
        let order = asks_for_a_code(world, &meal::GOOD).await?;

        shopper.enters_one_time_code(RIGHT_CODE).await?;

        is_paid(world, &order, &meal::GOOD).await
    })
    .await;
}

#[tokio::test]
async fn one_wrong_code_then_the_right_one_pays() {
    run(async |world| {
        let shopper = &world.shopper;
        let order = asks_for_a_code(world, &meal::GOOD).await?;

        shopper.enters_one_time_code(WRONG_CODE).await?;
        shopper.is_told_of_a_wrong_code().await?;
        shopper.enters_one_time_code(RIGHT_CODE).await?;

        is_paid(world, &order, &meal::GOOD).await
    })
    .await;
}

#[tokio::test]
async fn three_wrong_codes_fail_the_payment() {
    run(async |world| {
        let shopper = &world.shopper;
        let order = asks_for_a_code(world, &meal::GOOD).await?;

        for _ in 0..2 {
            shopper.enters_one_time_code(WRONG_CODE).await?;
            shopper.is_told_of_a_wrong_code().await?;
        }
        shopper.enters_one_time_code(WRONG_CODE).await?;

        shopper
            .is_told_and_may_try_again(&MEAL_CARD, "failed")
            .await?;
        let record = world.books.record(&order).await?;
        record.assert_ended("failed", "code_wrong", Stands::Failed);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_refused_card_fails_before_any_code_and_another_pays() {
    run(async |world| {
        let shopper = &world.shopper;
        let order = comes_to_pay(world).await?;
        pays_with(world, &meal::REFUSED).await?;

        shopper
            .is_told_and_may_try_again(&MEAL_CARD, "failed")
            .await?;
        let record = world.books.record(&order).await?;
        record.assert_ended("failed", "declined", Stands::Failed);

        pays_with(world, &meal::GOOD).await?;
        shopper.enters_one_time_code(RIGHT_CODE).await?;
        shopper.sees_result("paid").await?;
        let record = world.books.record(&order).await?;
        record.assert_paid_by("apm");
        assert_eq!(record.order.payments.len(), 2);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn cancelled_while_the_code_is_awaited() {
    run(async |world| {
        let shopper = &world.shopper;
        let order = asks_for_a_code(world, &meal::GOOD).await?;

        shopper.presses("cancel").await?;

        shopper
            .is_told_and_may_try_again(&MEAL_CARD, "canceled")
            .await?;
        let record = world.books.record(&order).await?;
        // Nobody can tell the provider; without its code nothing is taken.
        record.assert_ended("canceled", "canceled", Stands::Open);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn reloaded_while_the_code_is_awaited_it_can_still_be_typed() {
    run(async |world| {
        let shopper = &world.shopper;
        let order = asks_for_a_code(world, &meal::GOOD).await?;

        shopper.reloads().await?;
        shopper.enters_one_time_code(RIGHT_CODE).await?;

        is_paid(world, &order, &meal::GOOD).await
    })
    .await;
}

#[tokio::test]
async fn a_card_that_needs_no_code_pays_at_once() {
    run(async |world| {
        let order = comes_to_pay(world).await?;
        pays_with(world, &meal::WITHOUT_CODE).await?;

        is_paid(world, &order, &meal::WITHOUT_CODE).await
    })
    .await;
}

#[tokio::test]
async fn a_wallet_that_asks_for_nothing_pays_at_once() {
    run(async |world| {
        let shopper = &world.shopper;
        let order = shopper
            .comes_to_pay_by(&ways::PAYE, Mode::Redirect, None)
            .await?;
        shopper.presses_pay_at(&ways::PAYE).await?;

        shopper.sees_result("paid").await?;
        let record = world.books.record(&order).await?;
        record.assert_paid_by("apm");
        assert_eq!(record.order.payments.len(), 1);
        shopper.is_thanked().await
    })
    .await;
}

async fn comes_to_pay(world: &World) -> Result<String> {
    let shopper = &world.shopper;
    shopper
        .comes_to_pay_by(&MEAL_CARD, Mode::Redirect, None)
        .await
}

async fn pays_with(world: &World, card: &MealCard) -> Result<()> {
    let shopper = &world.shopper;
    shopper
        .types_at(&MEAL_CARD, "cardNumber", card.number)
        .await?;
    shopper.presses_pay_at(&MEAL_CARD).await
}

async fn asks_for_a_code(world: &World, card: &MealCard) -> Result<String> {
    let order = comes_to_pay(world).await?;
    pays_with(world, card).await?;
    world.shopper.sees("otp").await?;
    Ok(order)
}

async fn is_paid(world: &World, order: &str, card: &MealCard) -> Result<()> {
    let shopper = &world.shopper;
    shopper.sees_result("paid").await?;
    let record = world.books.record(order).await?;
    let charge = record.assert_paid_by("apm");
    assert_eq!(charge.card.as_deref(), Some(card.masked), "{record:#?}");
    assert_eq!(record.order.payments.len(), 1, "{record:#?}");
    shopper.is_thanked().await
}
