//! What cannot be paid is said at once and by name, and nothing is sent.

use std::time::Duration;

use kasa_e2e::cards::GOOD;
use kasa_e2e::proxy::Trick;
use kasa_e2e::shopper::Mode;
use kasa_e2e::wait::until;
use kasa_e2e::world::{run, run_behind_proxies};

/// A second or so, on a machine that has other things to do.
const AT_ONCE: Duration = Duration::from_secs(3);

const NO_SUCH_CHECKOUT: &str = "co_0123456789abcdefghijkl";

#[tokio::test]
async fn wrong_card_data_are_said_at_the_field_and_nothing_is_sent() {
    run(async |world| {
        let shopper = &world.shopper;
        let order = shopper.comes_to_pay(Mode::Redirect).await?;
        shopper.types_into("number", "5141 1816").await?;
        shopper.types_into("expiry", "0120").await?;
        shopper.types_into("holder", GOOD.holder).await?;

        shopper.presses_pay().await?;

        for wrong in ["number", "expiry", "cvc"] {
            let words = shopper.reads_error_at(wrong).await?;
            assert!(!words.is_empty(), "no message at {wrong}");
        }
        assert_eq!(shopper.reads_error_at("holder").await?, "");
        assert_eq!(world.browser.sent("POST", "/temp-token"), 0);
        assert_eq!(world.browser.sent("POST", "/tempcard"), 0);
        assert_eq!(world.browser.sent("POST", "/payments"), 0);
        assert_eq!(world.books.calls("temptoken").await?, 0);
        world.books.record(&order).await?.assert_untouched();

        shopper.pays_with(&GOOD).await?;
        shopper.confirms_at_the_bank(Mode::Redirect).await?;
        shopper.sees_result("paid").await?;
        world.books.record(&order).await?.assert_paid_once(&GOOD);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn merchant_server_down_is_said_and_retried() {
    run(async |world| {
        let shopper = &world.shopper;
        let order = shopper.comes_to_pay(Mode::Redirect).await?;
        world.merchant.stop().await?;

        shopper.reloads().await?;
        let code = shopper.sees_shop_error(AT_ONCE).await?;
        assert_eq!(code, "merchant_unreachable");

        world.merchant.start_again().await?;
        shopper.retries().await?;
        shopper.sees_the_form().await?;
        world.books.record(&order).await?.assert_untouched();
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn html_in_place_of_the_merchant_server_is_said() {
    run_behind_proxies(async |world, proxies| {
        let shopper = &world.shopper;
        let order = shopper.comes_to_pay(Mode::Redirect).await?;
        proxies.merchant.play(Trick::Html, usize::MAX, |_, path| {
            path.starts_with("/v1/checkouts/")
        });

        shopper.reloads().await?;

        let code = shopper.sees_shop_error(AT_ONCE).await?;
        assert_eq!(code, "merchant_answer_invalid");
        world.books.record(&order).await?.assert_untouched();
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn shops_own_address_as_the_merchant_servers_is_said() {
    run_behind_proxies(async |world, proxies| {
        let shopper = &world.shopper;
        let order = shopper.comes_to_pay(Mode::Redirect).await?;
        let (merchant, shop) = (&proxies.merchant.origin, &proxies.shop.origin);
        proxies.shop.rewrite_body(merchant, shop);

        shopper.reloads().await?;

        let code = shopper.sees_shop_error(AT_ONCE).await?;
        assert_eq!(code, "merchant_answer_invalid");
        world.books.record(&order).await?.assert_untouched();
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn unknown_checkout_is_said() {
    run(async |world| {
        let shopper = &world.shopper;
        let query = format!("siparis=DNG-0&kasa_checkout={NO_SUCH_CHECKOUT}");

        shopper.opens_checkout(&query).await?;

        let code = shopper.sees_shop_error(AT_ONCE).await?;
        assert_eq!(code, "checkout_not_found");
        assert!(world.books.charges().await?.is_empty());
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn wasm_blocked_by_the_pages_policy_is_said() {
    run_behind_proxies(async |world, proxies| {
        let shopper = &world.shopper;
        let policy = hyper::header::CONTENT_SECURITY_POLICY;
        proxies
            .shop
            .rewrite_header(policy, " 'wasm-unsafe-eval'", "");
        shopper.fills_the_cart().await?;

        shopper.goes_to_checkout().await?;

        let code = shopper.sees_shop_error(AT_ONCE).await?;
        assert_eq!(code, "wasm_blocked");
        // So the browser does tell us of violations, should there be any. Of the
        // WebAssembly not every one tells.
        shopper.asks_for_a_forbidden_picture().await?;
        until("a report of the violation", async || {
            Ok((!world.browser.violations().is_empty()).then_some(()))
        })
        .await
    })
    .await;
}
