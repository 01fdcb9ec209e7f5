//! Money given back, from the shop's page for demonstration: the shop asks the
//! merchant server, and is told of the end by webhook.

use kasa_e2e::Result;
use kasa_e2e::cards::GOOD;
use kasa_e2e::shopper::{Mode, Way, ways};
use kasa_e2e::world::{World, run};

#[tokio::test]
async fn a_card_payment_is_given_back() {
    run(async |world| {
        let shopper = &world.shopper;
        let order = shopper.comes_to_pay(Mode::Frame).await?;
        shopper.pays_with(&GOOD).await?;
        shopper.confirms_at_the_bank(Mode::Frame).await?;

        is_given_back(world, &order).await
    })
    .await;
}

#[tokio::test]
async fn a_hepsipay_payment_is_given_back() {
    run(async |world| {
        let shopper = &world.shopper;
        let order = shopper
            .comes_to_pay_by(&Way::HEPSIPAY, Mode::Redirect, None)
            .await?;
        shopper.presses_pay_at(&Way::HEPSIPAY).await?;
        shopper.does_at_the_provider("pay").await?;

        is_given_back(world, &order).await
    })
    .await;
}

#[tokio::test]
async fn an_alternative_methods_payment_is_given_back() {
    run(async |world| {
        let shopper = &world.shopper;
        let order = shopper
            .comes_to_pay_by(&ways::PAYE, Mode::Redirect, None)
            .await?;
        shopper.presses_pay_at(&ways::PAYE).await?;

        is_given_back(world, &order).await
    })
    .await;
}

async fn is_given_back(world: &World, order: &str) -> Result<()> {
    let shopper = &world.shopper;
    shopper.sees_result("paid").await?;
    shopper.is_thanked().await?;
    let known = world.books.announced(order).await?;
    assert_eq!((known.status.as_str(), known.refunded), ("paid", 0));

    shopper.is_refunded("done").await?;

    let record = world.books.record(order).await?;
    record.assert_refunded();
    world.books.announced_refund(order).await?;
    Ok(())
}
