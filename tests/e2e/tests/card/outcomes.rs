//! How a payment can end: paid, declined, wrong codes, cancelled.

use kasa_e2e::Result;

use kasa_e2e::cards::GOOD;
use kasa_e2e::shopper::Mode;

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
