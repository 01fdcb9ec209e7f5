//! What goes wrong on the way and must not cost the shopper twice, nor at all.

use kasa_e2e::cards::GOOD;
use kasa_e2e::proxy::Trick;
use kasa_e2e::shopper::Mode;
use kasa_e2e::world::{run, run_behind_proxies};

#[tokio::test]
async fn expired_temp_token_is_renewed_without_the_shopper_noticing() {
    run(async |world| {
        let shopper = &world.shopper;
        world
            .books
            .order_fault("temptoken", "expired_token")
            .await?;
        let order = shopper.comes_to_pay(Mode::Redirect).await?;

        shopper.pays_with(&GOOD).await?;
        shopper.confirms_at_the_bank(Mode::Redirect).await?;

        shopper.sees_result("paid").await?;
        world.books.record(&order).await?.assert_paid_once(&GOOD);
        assert_eq!(world.books.calls("temptoken").await?, 2);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn double_click_on_pay_makes_one_payment() {
    run(async |world| {
        let shopper = &world.shopper;
        let order = shopper.comes_to_pay(Mode::Frame).await?;
        shopper.types(&GOOD).await?;

        shopper.double_clicks_pay().await?;
        shopper.confirms_at_the_bank(Mode::Frame).await?;

        shopper.sees_result("paid").await?;
        world.books.record(&order).await?.assert_paid_once(&GOOD);
        assert_eq!(world.books.calls("start3d").await?, 1);
        let requests = world.browser.requests();
        let sent = requests.iter().filter(|each| each.creates_payment());
        assert_eq!(sent.count(), 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn lost_answer_to_the_payment_request_makes_one_payment() {
    run_behind_proxies(async |world, proxies| {
        let shopper = &world.shopper;
        let order = shopper.comes_to_pay(Mode::Redirect).await?;
        proxies.merchant.play(Trick::LoseAnswer, 1, |method, path| {
            method == "POST" && path.ends_with("/payments")
        });

        shopper.pays_with(&GOOD).await?;
        shopper.confirms_at_the_bank(Mode::Redirect).await?;

        shopper.sees_result("paid").await?;
        assert_eq!(proxies.merchant.sprung(), 1, "the answer was not lost");
        // The page did learn of the loss, and whatever it sent after that was
        // the very same request.
        let requests = world.browser.requests();
        let sent = requests.iter().filter(|each| each.creates_payment());
        let sent: Vec<_> = sent.collect();
        assert!(sent[0].error.is_some(), "{sent:#?}");
        for again in &sent[1..] {
            assert_eq!(
                again.header("idempotency-key"),
                sent[0].header("idempotency-key")
            );
            assert_eq!(again.body, sent[0].body);
        }
        world.books.record(&order).await?.assert_paid_once(&GOOD);
        assert_eq!(world.books.calls("start3d").await?, 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn lost_answer_to_the_cancellation_still_cancels() {
    run_behind_proxies(async |world, proxies| {
        let shopper = &world.shopper;
        let order = shopper.comes_to_pay(Mode::Frame).await?;
        shopper.pays_with(&GOOD).await?;
        shopper.meets_the_bank(Mode::Frame).await?;
        proxies.merchant.play(Trick::LoseAnswer, 1, |method, path| {
            method == "POST" && path.ends_with("/cancel")
        });

        shopper.closes_the_frame().await?;

        shopper.sees_result("canceled").await?;
        assert_eq!(proxies.merchant.sprung(), 1, "the answer was not lost");
        let record = world.books.record(&order).await?;
        record.assert_ended("canceled", "canceled", kasa_e2e::books::Stands::Canceled);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn form_keeps_what_was_typed_while_the_merchant_is_down_and_pays_after() {
    run(async |world| {
        let shopper = &world.shopper;
        let order = shopper.comes_to_pay(Mode::Redirect).await?;
        shopper.types(&GOOD).await?;
        world.merchant.stop().await?;

        shopper.presses_pay().await?;
        let words = shopper.reads_status().await?;
        assert!(!words.is_empty());
        shopper.sees_the_form().await?;
        let number: String = shopper.typed("number").await?.replace(' ', "");
        assert_eq!(number, GOOD.number);
        assert_eq!(shopper.typed("cvc").await?, GOOD.cvc);
        assert_eq!(shopper.typed("holder").await?, GOOD.holder);

        world.merchant.start_again().await?;
        world.books.record(&order).await?.assert_untouched();
        shopper.presses_pay().await?;
        shopper.confirms_at_the_bank(Mode::Redirect).await?;

        shopper.sees_result("paid").await?;
        world.books.record(&order).await?.assert_paid_once(&GOOD);
        Ok(())
    })
    .await;
}
