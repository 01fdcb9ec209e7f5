//! How a payment can end: paid, declined, wrong codes, cancelled.

use kasa_e2e::Result;
use kasa_e2e::books::Stands;
use kasa_e2e::cards::{DECLINED, GOOD, WRONG_CODE};
use kasa_e2e::shopper::{Mode, Way};
use kasa_e2e::world::{World, run};

#[tokio::test]
async fn paid_in_redirect_mode() {
    run(async |world| pays(world, Mode::Redirect).await).await;
}

#[tokio::test]
async fn paid_in_frame_mode() {
    run(async |world| pays(world, Mode::Frame).await).await;
}

async fn pays(world: &World, mode: Mode) -> Result<()> {
    let shopper = &world.shopper;
    let order = shopper.comes_to_pay(mode).await?;
    world.books.record(&order).await?.assert_untouched();

    shopper.pays_with(&GOOD).await?;
    shopper.confirms_at_the_bank(mode).await?;

    shopper.sees_result("paid").await?;
    world.books.record(&order).await?.assert_paid_once(&GOOD);
    shopper.is_thanked().await
}

#[tokio::test]
async fn declined_in_redirect_mode_and_paid_with_another_card() {
    run(async |world| declined_then_paid(world, Mode::Redirect).await).await;
}

#[tokio::test]
async fn declined_in_frame_mode_and_paid_with_another_card() {
    run(async |world| declined_then_paid(world, Mode::Frame).await).await;
}

async fn declined_then_paid(world: &World, mode: Mode) -> Result<()> {
    let shopper = &world.shopper;
    let order = shopper.comes_to_pay(mode).await?;
    shopper.pays_with(&DECLINED).await?;
    shopper.confirms_at_the_bank(mode).await?;

    shopper
        .is_told_and_may_try_again(&Way::CARD, "failed")
        .await?;
    let record = world.books.record(&order).await?;
    record.assert_ended("failed", "declined", Stands::Failed);

    shopper.pays_with(&GOOD).await?;
    shopper.confirms_at_the_bank(mode).await?;

    shopper.sees_result("paid").await?;
    let record = world.books.record(&order).await?;
    record.assert_paid(&GOOD);
    assert_eq!(record.order.payments.len(), 2);
    assert_eq!(record.order.payments[0].status, "failed");
    shopper.is_thanked().await
}

#[tokio::test]
async fn three_wrong_codes_fail_the_payment() {
    run(async |world| {
        let shopper = &world.shopper;
        let order = shopper.comes_to_pay(Mode::Redirect).await?;
        shopper.pays_with(&GOOD).await?;
        shopper.meets_the_bank(Mode::Redirect).await?;

        shopper.enters_code(WRONG_CODE).await?;
        shopper.is_asked_again(2).await?;
        shopper.enters_code(WRONG_CODE).await?;
        shopper.is_asked_again(1).await?;
        shopper.enters_code(WRONG_CODE).await?;

        shopper
            .is_told_and_may_try_again(&Way::CARD, "failed")
            .await?;
        let record = world.books.record(&order).await?;
        record.assert_ended("failed", "declined", Stands::Failed);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn one_wrong_code_then_the_right_one_pays() {
    run(async |world| {
        let shopper = &world.shopper;
        let order = shopper.comes_to_pay(Mode::Frame).await?;
        shopper.pays_with(&GOOD).await?;
        shopper.meets_the_bank(Mode::Frame).await?;

        shopper.enters_code(WRONG_CODE).await?;
        shopper.is_asked_again(2).await?;
        shopper.confirms_at_the_bank(Mode::Frame).await?;

        shopper.sees_result("paid").await?;
        world.books.record(&order).await?.assert_paid_once(&GOOD);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn cancelled_in_the_banks_page_in_redirect_mode() {
    run(async |world| cancelled_at_the_bank(world, Mode::Redirect).await).await;
}

#[tokio::test]
async fn cancelled_in_the_banks_page_in_frame_mode() {
    run(async |world| cancelled_at_the_bank(world, Mode::Frame).await).await;
}

async fn cancelled_at_the_bank(world: &World, mode: Mode) -> Result<()> {
    let shopper = &world.shopper;
    let order = shopper.comes_to_pay(mode).await?;
    shopper.pays_with(&GOOD).await?;
    shopper.meets_the_bank(mode).await?;

    shopper.cancels_at_the_bank().await?;

    shopper
        .is_told_and_may_try_again(&Way::CARD, "canceled")
        .await?;
    let record = world.books.record(&order).await?;
    record.assert_ended("canceled", "canceled", Stands::Canceled);
    Ok(())
}

#[tokio::test]
async fn closed_frame_cancels() {
    run(async |world| {
        let shopper = &world.shopper;
        let order = shopper.comes_to_pay(Mode::Frame).await?;
        shopper.pays_with(&GOOD).await?;
        shopper.meets_the_bank(Mode::Frame).await?;

        shopper.closes_the_frame().await?;

        shopper
            .is_told_and_may_try_again(&Way::CARD, "canceled")
            .await?;
        assert!(shopper.sees_no_frame().await?);
        let record = world.books.record(&order).await?;
        record.assert_ended("canceled", "canceled", Stands::Canceled);
        Ok(())
    })
    .await;
}
