//! The JS API as a shop's own code calls it: promises, signals, ends.

use serde_json::{Value, json};

use kasa_e2e::Context;
use kasa_e2e::script::script;
use kasa_e2e::shopper::Mode;
use kasa_e2e::world::run;

#[tokio::test]
async fn three_pays_in_one_tick_are_one_promise_and_one_payment() {
    run(async |world| {
        let order = world.shopper.comes_to_pay(Mode::Frame).await?;
        let body = "
            const shown = atBank(kasa);
            const [first, ...others] = [1, 2, 3].map(() => kasa.pay(REQUEST));
            await shown;
            const same = others.every((each) => each === first) && kasa.pay(REQUEST) === first;
            kasa.cancel();
            return { same, status: (await first).status };";
        let answer = script(world, body).await?;
        assert_eq!(answer, json!({"same": true, "status": "canceled"}));
        let record = world.books.record(&order).await?;
        assert_eq!(record.order.payments.len(), 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_signal_aborted_before_pay_sends_nothing() {
    run(async |world| {
        let order = world.shopper.comes_to_pay(Mode::Redirect).await?;
        let body = "return thrown(() => kasa.pay(REQUEST, { signal: AbortSignal.abort() }));";
        let error = script(world, body).await?;
        assert_eq!(error["name"], "KasaError");
        assert_eq!(error["code"], "aborted");
        world.books.record(&order).await?.assert_untouched();
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_signal_aborted_at_the_bank_cancels_the_payment() {
    run(async |world| {
        let order = world.shopper.comes_to_pay(Mode::Frame).await?;
        let body = "
            const control = new AbortController();
            const shown = atBank(kasa);
            const paying = kasa.pay(REQUEST, { signal: control.signal });
            await shown;
            control.abort();
            return (await paying).status;";
        assert_eq!(script(world, body).await?, "canceled");
        let record = world.books.record(&order).await?;
        assert_eq!(record.order.payments[0].status, "canceled");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn destroy_ends_what_is_open_and_a_new_init_takes_the_payment_up() {
    run(async |world| {
        let order = world.shopper.comes_to_pay(Mode::Frame).await?;
        let body = r#"
            const shown = atBank(kasa);
            const paying = kasa.pay(REQUEST);
            await shown;
            kasa.destroy();
            kasa.destroy();
            const ended = await thrown(() => paying);
            const after = await thrown(() => kasa.pay(REQUEST));
            const left = document.querySelectorAll("kasa-drop-in, kasa-challenge").length;

            const { merchant } = await (await fetch("/api/config")).json();
            const { checkout } = kasaCheckout;
            const again = await kasaCheckout.init({ merchant, checkout, challenge: "frame" });
            const resumed = again.resume();
            again.cancel();
            return { ended: ended.code, after: after.code, left, resumed: (await resumed).status };"#;
        let answer = script(world, body).await?;
        let expected = json!({"ended": "destroyed", "after": "destroyed", "left": 0, "resumed": "canceled"});
        assert_eq!(answer, expected);
        let record = world.books.record(&order).await?;
        assert_eq!(record.order.payments.len(), 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_card_token_comes_without_a_payment() {
    run(async |world| {
        let order = world.shopper.comes_to_pay(Mode::Redirect).await?;
        let token = script(world, "return kasa.tokenize(CARD);").await?;
        assert!(
            token["token"]
                .as_str()
                .is_some_and(|token| !token.is_empty())
        );
        let none = script(world, "return kasa.resume();").await?;
        assert_eq!(none, Value::Null);
        let record = world.books.record(&order).await?;
        assert!(record.order.payments.is_empty());
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn misuse_is_named_and_sends_nothing() {
    run(async |world| {
        let order = world.shopper.comes_to_pay(Mode::Redirect).await?;
        let body = r##"return [
            await thrown(() => kasa.pay({ method: "cash" })),
            await thrown(() => kasa.pay({ method: "card", card: { ...CARD, number: "4111", cvc: "" } })),
            await thrown(() => kasa.pay({ ...REQUEST, installments: 1.5 })),
            await thrown(() => kasa.mount("#nowhere")),
            await thrown(() => kasaCheckout.init({})),
            await thrown(() => kasaCheckout.init({ merchant: "shop.example", checkout: "co_x" })),
        ];"##;
        let errors = script(world, body).await?;
        let codes: Vec<_> = errors.as_array().context("a list")?.iter().map(|error| &error["code"]).collect();
        let invalid = "invalid_options";
        assert_eq!(codes, [invalid, "invalid_card", invalid, invalid, invalid, invalid]);
        assert_eq!(errors[1]["fields"], json!({"number": "invalid", "cvc": "missing"}));
        world.books.record(&order).await?.assert_untouched();
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn init_many_times_loads_the_wasm_once() {
    run(async |world| {
        world.shopper.comes_to_pay(Mode::Redirect).await?;
        let body = r#"
            const { merchant } = await (await fetch("/api/config")).json();
            const options = { merchant, checkout: kasaCheckout.checkout };
            const all = await Promise.all(Array.from({ length: 10 }, () => kasaCheckout.init(options)));
            all.forEach((each) => each.destroy());
            return performance.getEntriesByType("resource").filter(({ name }) => name.endsWith(".wasm")).length;"#;
        assert_eq!(script(world, body).await?, 1);
        Ok(())
    })
    .await;
}
