//! A new card's plans, told by its first digits: the single payment and three
//! installments.

use kasa_e2e::Result;
use kasa_e2e::books::Stands;
use kasa_e2e::cards::{CREDIT, GOOD};
use kasa_e2e::shopper::{Mode, Way};
use kasa_e2e::world::{World, run};

const PLANS: &str = "[part=plans] input[name=installments]";

#[tokio::test]
async fn paid_in_three_installments() {
    run(async |world| {
        let record = pays_in(world, 3).await?;
        assert_eq!(record, 3);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn paid_at_once_where_installments_are_offered() {
    run(async |world| {
        let record = pays_in(world, 1).await?;
        assert_eq!(record, 1);
        Ok(())
    })
    .await;
}

/// Answers in how many the bank took it.
async fn pays_in(world: &World, count: u8) -> Result<u8> {
    let shopper = &world.shopper;
    let order = shopper.comes_to_pay(Mode::Frame).await?;
    shopper.types(&CREDIT).await?;
    shopper
        .ticks(&Way::CARD, &format!("{PLANS}[value='{count}']"))
        .await?;
    shopper.presses_pay().await?;
    shopper.confirms_at_the_bank(Mode::Frame).await?;

    shopper.sees_result("paid").await?;
    let record = world.books.record(&order).await?;
    record.assert_paid_once(&CREDIT);
    shopper.is_thanked().await?;
    Ok(record.assert_paid_by("card").installments)
}

#[tokio::test]
async fn wrong_codes_fail_it_and_the_next_card_has_its_own_plans() {
    run(async |world| {
        let shopper = &world.shopper;
        let order = shopper.comes_to_pay(Mode::Frame).await?;
        shopper.types(&CREDIT).await?;
        shopper
            .ticks(&Way::CARD, &format!("{PLANS}[value='3']"))
            .await?;
        shopper.presses_pay().await?;
        shopper.meets_the_bank(Mode::Frame).await?;

        shopper.fails_at_the_bank().await?;

        shopper
            .is_told_and_may_try_again(&Way::CARD, "failed")
            .await?;
        let record = world.books.record(&order).await?;
        record.assert_ended("failed", "declined", Stands::Failed);

        // A debit card takes none.
        shopper.pays_with(&GOOD).await?;
        shopper.confirms_at_the_bank(Mode::Frame).await?;
        shopper.sees_result("paid").await?;
        let record = world.books.record(&order).await?;
        record.assert_paid(&GOOD);
        assert_eq!(record.assert_paid_by("card").installments, 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn cancelled_by_closing_the_frame() {
    run(async |world| {
        let shopper = &world.shopper;
        let order = shopper.comes_to_pay(Mode::Frame).await?;
        shopper.types(&CREDIT).await?;
        shopper
            .ticks(&Way::CARD, &format!("{PLANS}[value='3']"))
            .await?;
        shopper.presses_pay().await?;
        shopper.meets_the_bank(Mode::Frame).await?;

        shopper.closes_the_frame().await?;

        shopper
            .is_told_and_may_try_again(&Way::CARD, "canceled")
            .await?;
        let record = world.books.record(&order).await?;
        record.assert_ended("canceled", "canceled", Stands::Canceled);
        Ok(())
    })
    .await;
}
