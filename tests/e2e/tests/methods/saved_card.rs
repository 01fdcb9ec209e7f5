//! A card that was kept while it paid, and pays the next order.

use kasa_e2e::books::{Instrument, Stands};
use kasa_e2e::cards::{Card, DECLINED, GOOD};
use kasa_e2e::shopper::{Mode, Trial, Way};
use kasa_e2e::traces::Traces;
use kasa_e2e::world::{World, run};
use kasa_e2e::{Result, ensure};

const SAVED_CARD: Way = Way::SAVED_CARD;

#[tokio::test]
async fn kept_while_it_pays_and_pays_the_next_order() {
    run(async |world| {
        let shopper = &world.shopper;
        keeps(world, &GOOD).await?;
        let order = comes_again(world).await?;

        shopper.presses_pay_at(&SAVED_CARD).await?;
        shopper.confirms_at_the_bank(Mode::Frame).await?;

        shopper.sees_result("paid").await?;
        let record = world.books.settled(&order).await?;
        let paid = record.order.payments.last().map(|it| it.method.as_str());
        assert_eq!(paid, Some("saved_card"), "{record:#?}");
        let [_, charge] = record.charges.as_slice() else {
            panic!("not two charges in {record:#?}");
        };
        assert_eq!(charge.stands, Stands::Paid);
        assert_eq!(charge.instrument, Instrument::SavedCard);
        record.assert_card(&GOOD);
        shopper.is_thanked().await
    })
    .await;
}

#[tokio::test]
async fn wrong_codes_fail_it_and_the_card_stays() {
    run(async |world| {
        let shopper = &world.shopper;
        keeps(world, &GOOD).await?;
        let order = comes_again(world).await?;
        shopper.presses_pay_at(&SAVED_CARD).await?;
        shopper.meets_the_bank(Mode::Frame).await?;

        shopper.fails_at_the_bank().await?;

        shopper
            .is_told_and_may_try_again(&SAVED_CARD, "failed")
            .await?;
        assert_ended(world, &order, "failed", Stands::Failed).await?;
        assert_eq!(world.books.kept_cards().await?.len(), 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn cancelled_by_closing_the_frame() {
    run(async |world| {
        let shopper = &world.shopper;
        keeps(world, &GOOD).await?;
        let order = comes_again(world).await?;
        shopper.presses_pay_at(&SAVED_CARD).await?;
        shopper.meets_the_bank(Mode::Frame).await?;

        shopper.closes_the_frame().await?;

        shopper
            .is_told_and_may_try_again(&SAVED_CARD, "canceled")
            .await?;
        assert_ended(world, &order, "canceled", Stands::Canceled).await
    })
    .await;
}

#[tokio::test]
async fn removed_it_is_gone_at_paywall_too() {
    run(async |world| {
        let shopper = &world.shopper;
        keeps(world, &GOOD).await?;
        comes_again(world).await?;

        shopper.removes_the_saved_card().await?;

        assert!(world.books.kept_cards().await?.is_empty());
        // There is nothing to pay with there, so the new card's form is next.
        shopper.sees_the_form().await
    })
    .await;
}

#[tokio::test]
async fn a_card_that_did_not_pay_is_not_kept() {
    run(async |world| {
        let shopper = &world.shopper;
        shopper.comes_to_pay(Mode::Frame).await?;
        shopper.ticks(&Way::CARD, "input[name=save]").await?;
        shopper.pays_with(&DECLINED).await?;
        shopper.confirms_at_the_bank(Mode::Frame).await?;

        shopper.sees_result("failed").await?;
        assert!(world.books.kept_cards().await?.is_empty());
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_guest_is_offered_none_and_can_keep_none() {
    run(async |world| {
        let shopper = &world.shopper;
        shopper
            .comes_to_pay_by(&Way::CARD, Mode::Redirect, Some(Trial::Guest))
            .await?;
        assert!(!shopper.is_offered(&SAVED_CARD).await?);
        let fields = shopper.is_asked_for(&Way::CARD).await?;
        assert!(!fields.contains(&"save".to_owned()), "{fields:?}");
        Ok(())
    })
    .await;
}

/// PayWall's code of a card pays. PayWall itself sends it through the browser, in
/// the form that brings the shopper back (paywall.md §2.3); nobody else does.
#[tokio::test]
async fn the_cards_code_is_in_the_browser_on_paywalls_own_way_back_alone() {
    run(async |world| {
        let shopper = &world.shopper;
        keeps(world, &GOOD).await?;
        let mut codes = codes(world).await?;
        comes_again(world).await?;
        codes.extend(self::codes(world).await?);
        shopper.presses_pay_at(&SAVED_CARD).await?;
        shopper.confirms_at_the_bank(Mode::Frame).await?;
        shopper.sees_result("paid").await?;
        codes.extend(self::codes(world).await?);

        let mut traces = Traces::default();
        traces.gather(world).await?;
        assert!(traces.read_answer_of("/cards"), "no list was read");
        let way_back = |url: &str| url.contains("/bank/3d/") || url.contains("/return/paywall/");
        assert!(traces.take_exchanges_with(way_back) > 0, "nobody came back");
        for code in codes {
            traces.assert_without("the card's UniqueCode", &code);
        }
        Ok(())
    })
    .await;
}

/// Pays an order with a new card that is to be kept.
async fn keeps(world: &World, card: &Card) -> Result<()> {
    let shopper = &world.shopper;
    let order = shopper.comes_to_pay(Mode::Frame).await?;
    shopper.ticks(&Way::CARD, "input[name=save]").await?;
    shopper.pays_with(card).await?;
    shopper.confirms_at_the_bank(Mode::Frame).await?;
    shopper.sees_result("paid").await?;
    shopper.is_thanked().await?;
    world.books.record(&order).await?.assert_paid_once(card);
    let kept = world.books.kept_cards().await?;
    ensure!(kept.len() == 1, "kept: {kept:#?}");
    assert_eq!(kept[0].masked_card, card.masked);
    Ok(())
}

/// To a new order, with the card of the one before.
async fn comes_again(world: &World) -> Result<String> {
    let shopper = &world.shopper;
    let order = shopper
        .comes_to_pay_by(&SAVED_CARD, Mode::Frame, None)
        .await?;
    shopper.ticks(&SAVED_CARD, "input[name=saved]").await?;
    Ok(order)
}

async fn codes(world: &World) -> Result<Vec<String>> {
    let kept = world.books.kept_cards().await?;
    ensure!(!kept.is_empty(), "no card is kept");
    Ok(kept.into_iter().map(|card| card.unique_code).collect())
}

async fn assert_ended(world: &World, order: &str, status: &str, stands: Stands) -> Result<()> {
    let record = world.books.record(order).await?;
    assert_eq!(record.order.status, "open", "{record:#?}");
    assert_eq!(record.order.payments.len(), 1, "{record:#?}");
    assert_eq!(record.order.payments[0].status, status, "{record:#?}");
    let last = record.charges.last().map(|charge| charge.stands);
    assert_eq!(last, Some(stands), "{record:#?}");
    Ok(())
}
