//! The shop's page is left or reloaded while a payment is under way, and takes
//! it up again.

use kasa_e2e::Result;
use kasa_e2e::books::Stands;
use kasa_e2e::cards::GOOD;
use kasa_e2e::shopper::Mode;
use kasa_e2e::world::{World, run};

#[tokio::test]
async fn back_from_the_bank_the_payment_goes_on() {
    run(async |world| {
        let shopper = &world.shopper;
        let order = meets_the_bank(world, Mode::Redirect).await?;

        shopper.goes_back_to_the_shop().await?;

        goes_on_and_pays(world, Mode::Redirect, &order).await
    })
    .await;
}

#[tokio::test]
async fn the_shops_page_opened_anew_takes_up_the_payment() {
    run(async |world| {
        let shopper = &world.shopper;
        let order = shopper.comes_to_pay(Mode::Redirect).await?;
        let page = shopper.url().await?;
        shopper.pays_with(&GOOD).await?;
        shopper.meets_the_bank(Mode::Redirect).await?;

        shopper.opens(&page).await?;
        shopper.sees("continue").await?;
        shopper.reloads().await?;

        goes_on_and_pays(world, Mode::Redirect, &order).await
    })
    .await;
}

#[tokio::test]
async fn reloaded_while_the_frame_is_open_the_payment_goes_on() {
    run(async |world| {
        let order = meets_the_bank(world, Mode::Frame).await?;

        world.shopper.reloads().await?;

        goes_on_and_pays(world, Mode::Frame, &order).await
    })
    .await;
}

#[tokio::test]
async fn reloaded_in_redirect_mode_then_cancelled() {
    run(async |world| {
        let order = meets_the_bank(world, Mode::Redirect).await?;

        world.shopper.goes_back_to_the_shop().await?;

        cancels(world, &order).await
    })
    .await;
}

#[tokio::test]
async fn reloaded_in_frame_mode_then_cancelled() {
    run(async |world| {
        let order = meets_the_bank(world, Mode::Frame).await?;

        world.shopper.reloads().await?;

        cancels(world, &order).await
    })
    .await;
}

#[tokio::test]
async fn reloaded_after_it_was_paid_the_page_still_says_so() {
    run(async |world| {
        let shopper = &world.shopper;
        let order = meets_the_bank(world, Mode::Frame).await?;
        shopper.confirms_at_the_bank(Mode::Frame).await?;
        shopper.sees_result("paid").await?;

        shopper.reloads().await?;

        shopper.sees_result("paid").await?;
        shopper.is_thanked().await?;
        world.books.record(&order).await?.assert_paid_once(&GOOD);
        Ok(())
    })
    .await;
}

async fn meets_the_bank(world: &World, mode: Mode) -> Result<String> {
    let shopper = &world.shopper;
    let order = shopper.comes_to_pay(mode).await?;
    shopper.pays_with(&GOOD).await?;
    shopper.meets_the_bank(mode).await?;
    Ok(order)
}

async fn goes_on_and_pays(world: &World, mode: Mode, order: &str) -> Result<()> {
    let shopper = &world.shopper;
    shopper.presses("continue").await?;
    shopper.confirms_at_the_bank(mode).await?;
    shopper.sees_result("paid").await?;
    world.books.record(order).await?.assert_paid_once(&GOOD);
    shopper.is_thanked().await
}

async fn cancels(world: &World, order: &str) -> Result<()> {
    let shopper = &world.shopper;
    shopper.presses("cancel").await?;
    shopper.sees_result("canceled").await?;
    shopper.sees_the_form().await?;
    let record = world.books.record(order).await?;
    record.assert_ended("canceled", "canceled", Stands::Canceled);
    Ok(())
}
