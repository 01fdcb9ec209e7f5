//! A wallet that is paid with by the payer's phone, which scans a picture.

use kasa_e2e::Result;
use kasa_e2e::books::Stands;
use kasa_e2e::shopper::{Mode, Way, ways};
use kasa_e2e::world::{World, run};

const PICTURE: Way = ways::PAPARA_QR;

#[tokio::test]
async fn paid_with_the_phone() {
    run(async |world| {
        let shopper = &world.shopper;
        let order = scans(world).await?;

        on_the_phone(world, "pay").await?;

        shopper.sees_result("paid").await?;
        let record = world.books.settled(&order).await?;
        record.assert_paid_by("apm");
        assert_eq!(record.order.payments.len(), 1);
        world.books.taken("apm_callback").await?;
        shopper.is_thanked().await
    })
    .await;
}

#[tokio::test]
async fn declined_with_the_phone() {
    run(async |world| {
        let shopper = &world.shopper;
        let order = scans(world).await?;

        on_the_phone(world, "decline").await?;

        shopper
            .is_told_and_may_try_again(&PICTURE, "failed")
            .await?;
        let record = world.books.settled(&order).await?;
        record.assert_ended("failed", "declined", Stands::Failed);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn cancelled_before_the_phone_has_scanned_it() {
    run(async |world| {
        let shopper = &world.shopper;
        let order = scans(world).await?;

        shopper.presses("cancel").await?;

        shopper
            .is_told_and_may_try_again(&PICTURE, "canceled")
            .await?;
        let record = world.books.settled(&order).await?;
        record.assert_ended("canceled", "canceled", Stands::Open);
        Ok(())
    })
    .await;
}

/// A picture is on the screen.
async fn scans(world: &World) -> Result<String> {
    let shopper = &world.shopper;
    let order = shopper
        .comes_to_pay_by(&PICTURE, Mode::Redirect, None)
        .await?;
    shopper.presses_pay_at(&PICTURE).await?;
    shopper.sees_a_picture().await?;
    Ok(order)
}

async fn on_the_phone(world: &World, deed: &str) -> Result<()> {
    let page = world.books.phone_page().await?;
    let deed = async |phone: &kasa_e2e::shopper::Shopper| phone.does_at_the_provider(deed).await;
    world.shopper.on_another_device(&page, deed).await
}
