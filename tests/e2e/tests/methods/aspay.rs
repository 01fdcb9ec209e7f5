//! Aspay's page, through Corefy. It wants an identity number, and cannot be told
//! to end a payment.

use kasa_e2e::Result;
use kasa_e2e::books::Stands;
use kasa_e2e::shopper::{Mode, Trial, Way};
use kasa_e2e::world::{World, run};

const ASPAY: Way = Way::ASPAY;

/// With right check digits, and with wrong ones; nobody's.
const IDENTITY_NUMBER: &str = "10000000146";
const WRONG_NUMBER: &str = "10000000147";

#[tokio::test]
async fn paid_on_aspays_page() {
    run(async |world| {
        let order = goes_to_the_page(world).await?;
        world.shopper.does("pay").await?;
        is_paid(world, &order).await
    })
    .await;
}

#[tokio::test]
async fn declined_on_aspays_page_and_paid_at_the_second_try() {
    run(async |world| {
        let shopper = &world.shopper;
        let order = goes_to_the_page(world).await?;

        shopper.does("decline").await?;

        shopper.is_told_and_may_try_again(&ASPAY, "failed").await?;
        let record = world.books.settled(&order).await?;
        record.assert_ended("failed", "declined", Stands::Failed);

        shopper.presses_pay_at(&ASPAY).await?;
        shopper.does_at_the_provider("pay").await?;

        shopper.sees_result("paid").await?;
        world.books.settled(&order).await?.assert_paid_by("aspay");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn cancelled_on_aspays_page_after_it_could_not_be_in_the_shop() {
    run(async |world| {
        let shopper = &world.shopper;
        let order = goes_to_the_page(world).await?;

        shopper.goes_back_to_the_shop().await?;
        shopper.cancels_in_vain().await?;
        shopper.presses("continue").await?;
        shopper.does_at_the_provider("cancel").await?;

        shopper
            .is_told_and_may_try_again(&ASPAY, "canceled")
            .await?;
        let record = world.books.settled(&order).await?;
        record.assert_ended("canceled", "canceled", Stands::Canceled);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn an_order_without_an_identity_number_asks_for_a_right_one() {
    run(async |world| {
        let shopper = &world.shopper;
        let order = shopper
            .comes_to_pay_by(&ASPAY, Mode::Redirect, Some(Trial::Anonymous))
            .await?;
        assert_eq!(shopper.is_asked_for(&ASPAY).await?, ["identityNumber"]);

        shopper
            .types_at(&ASPAY, "identityNumber", WRONG_NUMBER)
            .await?;
        shopper.presses_pay_at(&ASPAY).await?;
        shopper.sees_an_error_in(&ASPAY).await?;
        world.books.record(&order).await?.assert_untouched();

        shopper
            .types_at(&ASPAY, "identityNumber", IDENTITY_NUMBER)
            .await?;
        shopper.presses_pay_at(&ASPAY).await?;
        shopper.does_at_the_provider("pay").await?;
        is_paid(world, &order).await
    })
    .await;
}

async fn goes_to_the_page(world: &World) -> Result<String> {
    let shopper = &world.shopper;
    let order = shopper
        .comes_to_pay_by(&ASPAY, Mode::Redirect, None)
        .await?;
    assert!(shopper.is_asked_for(&ASPAY).await?.is_empty());
    shopper.presses_pay_at(&ASPAY).await?;
    shopper.meets_the_provider().await?;
    Ok(order)
}

async fn is_paid(world: &World, order: &str) -> Result<()> {
    let shopper = &world.shopper;
    shopper.sees_result("paid").await?;
    let record = world.books.settled(order).await?;
    record.assert_paid_by("aspay");
    assert_eq!(record.order.payments.len(), 1);
    shopper.is_thanked().await
}
