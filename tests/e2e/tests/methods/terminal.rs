//! An order that is paid at the counter: a terminal rings, and somebody taps.

use kasa_e2e::Result;
use kasa_e2e::books::Stands;
use kasa_e2e::shopper::{Mode, Shopper, Trial, Way};
use kasa_e2e::world::{World, run};

const TERMINAL: Way = Way::TERMINAL;

/// The sandbox's second terminal, which no sale reaches.
const OFFLINE: &str = "5d0f6b0e-52c7-4d57-9b0b-0a4c3f1c9a02";

#[tokio::test]
async fn paid_at_the_terminal() {
    run(async |world| {
        let shopper = &world.shopper;
        let order = rings(world).await?;

        at_the_terminal(world, &["take"]).await?;
        shopper.sees_stage("on_terminal").await?;
        at_the_terminal(world, &["pay"]).await?;

        shopper.sees_result("paid").await?;
        let record = world.books.settled(&order).await?;
        record.assert_paid_by("terminal");
        assert_eq!(record.order.payments.len(), 1);
        shopper.is_thanked().await?;
        // There is no call that gives it back; the page says so.
        shopper.is_refunded("failed").await
    })
    .await;
}

#[tokio::test]
async fn declined_at_the_terminal_and_paid_at_the_second_try() {
    run(async |world| {
        let shopper = &world.shopper;
        let order = rings(world).await?;

        at_the_terminal(world, &["take", "decline"]).await?;

        shopper
            .is_told_and_may_try_again(&TERMINAL, "failed")
            .await?;
        let record = world.books.settled(&order).await?;
        record.assert_ended("failed", "declined", Stands::Failed);

        shopper.presses_pay_at(&TERMINAL).await?;
        shopper.sees_stage("sending").await?;
        at_the_terminal(world, &["take", "pay"]).await?;
        shopper.sees_result("paid").await?;
        world
            .books
            .settled(&order)
            .await?
            .assert_paid_by("terminal");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn cancelled_in_the_shop_the_terminal_has_it_no_more() {
    run(async |world| {
        let shopper = &world.shopper;
        let order = rings(world).await?;

        shopper.presses("cancel").await?;

        shopper
            .is_told_and_may_try_again(&TERMINAL, "canceled")
            .await?;
        let record = world.books.settled(&order).await?;
        record.assert_ended("canceled", "canceled", Stands::Canceled);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_terminal_that_cannot_be_reached_is_said() {
    run(async |world| {
        let shopper = &world.shopper;
        let order = comes_to_the_counter(world).await?;
        let offline = format!("input[name=terminal][value='{OFFLINE}']");
        shopper.ticks(&TERMINAL, &offline).await?;
        shopper.presses_pay_at(&TERMINAL).await?;

        shopper
            .is_told_and_may_try_again(&TERMINAL, "failed")
            .await?;
        let record = world.books.settled(&order).await?;
        record.assert_ended("failed", "terminal_unreachable", Stands::Failed);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn an_order_of_the_web_rings_no_terminal() {
    run(async |world| {
        world.shopper.comes_to_pay(Mode::Redirect).await?;
        assert!(!world.shopper.is_offered(&TERMINAL).await?);
        Ok(())
    })
    .await;
}

async fn comes_to_the_counter(world: &World) -> Result<String> {
    let shopper = &world.shopper;
    shopper
        .comes_to_pay_by(&TERMINAL, Mode::Redirect, Some(Trial::Counter))
        .await
}

/// The terminal rings; nobody has taken the sale yet.
async fn rings(world: &World) -> Result<String> {
    let shopper = &world.shopper;
    let order = comes_to_the_counter(world).await?;
    shopper.presses_pay_at(&TERMINAL).await?;
    shopper.sees_stage("sending").await?;
    Ok(order)
}

async fn at_the_terminal(world: &World, deeds: &[&str]) -> Result<()> {
    let page = world.books.terminal_page().await?;
    let taps = async |terminal: &Shopper| {
        for deed in deeds {
            terminal.does(deed).await?;
        }
        Ok(())
    };
    world.shopper.on_another_device(&page, taps).await
}
