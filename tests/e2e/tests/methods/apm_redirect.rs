//! A wallet that is paid with on the provider's page. It cannot be told to end
//! a payment.

use kasa_e2e::Result;
use kasa_e2e::books::Stands;
use kasa_e2e::shopper::{Mode, Way, ways};
use kasa_e2e::world::{World, run};

const WALLET: Way = ways::PAPARA_PAGE;

#[tokio::test]
async fn paid_on_the_wallets_page() {
    run(async |world| {
        let shopper = &world.shopper;
        let order = goes_to_the_page(world).await?;

        shopper.does("pay").await?;

        shopper.sees_result("paid").await?;
        let record = world.books.record(&order).await?;
        record.assert_paid_by("apm");
        assert_eq!(record.order.payments.len(), 1);
        shopper.is_thanked().await
    })
    .await;
}

#[tokio::test]
async fn declined_on_the_wallets_page_and_paid_at_the_second_try() {
    run(async |world| {
        let shopper = &world.shopper;
        let order = goes_to_the_page(world).await?;

        shopper.does("decline").await?;

        shopper.is_told_and_may_try_again(&WALLET, "failed").await?;
        let record = world.books.record(&order).await?;
        record.assert_ended("failed", "declined", Stands::Failed);

        shopper.presses_pay_at(&WALLET).await?;
        shopper.does_at_the_provider("pay").await?;

        shopper.sees_result("paid").await?;
        world.books.record(&order).await?.assert_paid_by("apm");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn cancelled_on_the_wallets_page_after_it_could_not_be_in_the_shop() {
    run(async |world| {
        let shopper = &world.shopper;
        let order = goes_to_the_page(world).await?;

        shopper.goes_back_to_the_shop().await?;
        shopper.cancels_in_vain().await?;
        shopper.presses("continue").await?;
        shopper.does_at_the_provider("cancel").await?;

        shopper
            .is_told_and_may_try_again(&WALLET, "canceled")
            .await?;
        let record = world.books.record(&order).await?;
        // PayWall has no other word for it there than failed.
        record.assert_ended("canceled", "canceled", Stands::Failed);
        Ok(())
    })
    .await;
}

async fn goes_to_the_page(world: &World) -> Result<String> {
    let shopper = &world.shopper;
    let order = shopper
        .comes_to_pay_by(&WALLET, Mode::Redirect, None)
        .await?;
    world.books.record(&order).await?.assert_untouched();
    shopper.presses_pay_at(&WALLET).await?;
    shopper.meets_the_provider().await?;
    Ok(order)
}
