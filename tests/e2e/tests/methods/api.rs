//! The other methods without the drop-in, as a shop with a face of its own
//! calls them.

use serde_json::{Value, json};

use kasa_e2e::cards::{CREDIT, GOOD, RIGHT_CODE, WRONG_CODE, meal};
use kasa_e2e::script::script;
use kasa_e2e::shopper::{Mode, Shopper, Trial, Way};
use kasa_e2e::world::run;

#[tokio::test]
async fn the_page_hands_on_the_code_and_is_asked_again_after_a_wrong_one() {
    run(async |world| {
        let order = world.shopper.comes_to_pay(Mode::Redirect).await?;
        let body = format!(
            r#"
            const asked = [];
            const onOtp = ({{ error = null, attemptsLeft }}) => {{
              asked.push({{ error, attemptsLeft }});
              return asked.length === 1 ? "{WRONG_CODE}" : "{RIGHT_CODE}";
            }};
            const payer = {{ cardNumber: "{}" }};
            const {{ status, method }} = await kasa.pay({{ method: "apm", connection: "12", payer }}, {{ onOtp }});
            return {{ asked, status, method }};"#,
            meal::GOOD.number
        );
        let answer = script(world, &body).await?;
        let asked = json!([
            {"error": null, "attemptsLeft": 3},
            {"error": "wrong", "attemptsLeft": 2},
        ]);
        assert_eq!(answer, json!({"asked": asked, "status": "paid", "method": "apm"}));
        let record = world.books.settled(&order).await?;
        record.assert_paid_by("apm");
        assert_eq!(record.order.payments.len(), 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn the_page_is_told_how_far_the_terminal_is() {
    run(async |world| {
        let shopper = &world.shopper;
        let order = shopper
            .comes_to_pay_by(&Way::TERMINAL, Mode::Redirect, Some(Trial::Counter))
            .await?;
        let body = r#"
            const sent = new Promise((settle) => {
              globalThis.stages = [];
              const onWait = (wait) => { stages.push(wait.stage); settle(wait); };
              globalThis.paying = kasa.pay({ method: "terminal", terminal: kasa.methods.find(({ type }) => type === "terminal").terminals?.[0].id }, { onWait });
            });
            return sent;"#;
        let wait = script(world, body).await?;
        assert_eq!(wait, json!({"type": "wait", "cancellable": true, "stage": "sending"}));

        let page = world.books.terminal_page().await?;
        let taps = async |terminal: &Shopper| {
            terminal.does("take").await?;
            terminal.does("pay").await
        };
        shopper.on_another_device(&page, taps).await?;

        assert_eq!(script(world, "return (await paying).status;").await?, "paid");
        assert_eq!(script(world, "return stages[0];").await?, "sending");
        world.books.settled(&order).await?.assert_paid_by("terminal");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn plans_are_told_for_the_first_digits_and_one_of_them_pays() {
    run(async |world| {
        let order = world.shopper.comes_to_pay(Mode::Frame).await?;
        let bin = &CREDIT.number[..8];
        let body = format!(
            r#"
            const known = await kasa.installments("{bin}");
            return {{ ...known, plans: known.plans.map(({{ installments, each, total, interest }}) => ({{ installments, adds: installments > 1 || (each === total && interest === 0) }})) }};"#
        );
        let known = script(world, &body).await?;
        assert_eq!(known["kind"], "credit");
        let counts: Vec<_> = known["plans"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|plan| plan["installments"].clone())
            .collect();
        assert!(counts.contains(&json!(1)) && counts.contains(&json!(3)), "{known}");
        assert_eq!(known["plans"][0]["adds"], true);
        let misuse = script(world, "return (await thrown(() => kasa.installments('12'))).code;").await?;
        assert_eq!(misuse, "invalid_options");

        let body = format!(
            r#"
            const shown = atBank(kasa);
            const card = {{ number: "{}", expiry: "12/29", cvc: "{}", holder: "Elif Yılmaz" }};
            globalThis.paying = kasa.pay({{ method: "card", card, installments: 3 }});
            await shown;"#,
            CREDIT.number, CREDIT.cvc
        );
        let started = script(world, &format!("{body} return true;")).await?;
        assert_eq!(started, true);
        world.shopper.confirms_at_the_bank(Mode::Frame).await?;
        let paid = script(world, "const { status, installments } = await paying; return { status, installments };").await?;
        assert_eq!(paid, json!({"status": "paid", "installments": 3}));
        let record = world.books.settled(&order).await?;
        record.assert_paid_by("card");
        assert_eq!(record.order.payments[0].installments, 3);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_kept_card_is_listed_pays_and_is_forgotten() {
    run(async |world| {
        let shopper = &world.shopper;
        shopper.comes_to_pay(Mode::Frame).await?;
        assert_eq!(script(world, "return kasa.cards();").await?, json!([]));
        let body = "
            const shown = atBank(kasa);
            globalThis.paying = kasa.pay({ ...REQUEST, save: true });
            await shown;
            return true;";
        script(world, body).await?;
        shopper.confirms_at_the_bank(Mode::Frame).await?;
        assert_eq!(script(world, "return (await paying).status;").await?, "paid");
        shopper.is_thanked().await?;
        shopper.goes_back_to_the_shop().await?;

        let order = shopper.comes_to_pay(Mode::Frame).await?;
        let body = "
            const [card, ...others] = await kasa.cards();
            const shown = atBank(kasa);
            globalThis.paying = kasa.pay({ method: 'saved_card', card: card.id });
            await shown;
            return { masked: card.masked, expired: card.expired, others: others.length };";
        let kept = script(world, body).await?;
        assert_eq!(kept, json!({"masked": GOOD.masked, "expired": false, "others": 0}));
        shopper.confirms_at_the_bank(Mode::Frame).await?;
        assert_eq!(script(world, "return (await paying).status;").await?, "paid");
        let record = world.books.settled(&order).await?;
        let method = record.order.payments.last().map(|it| it.method.as_str());
        assert_eq!(method, Some("saved_card"));

        shopper.is_thanked().await?;
        shopper.goes_back_to_the_shop().await?;
        shopper.comes_to_pay(Mode::Frame).await?;
        let body = "
            const [card] = await kasa.cards();
            await kasa.deleteCard(card.id);
            return { left: await kasa.cards(), again: (await thrown(() => kasa.deleteCard(card.id)))?.code ?? null };";
        let gone = script(world, body).await?;
        assert_eq!(gone["left"], json!([]), "{gone}");
        assert!(world.books.kept_cards().await?.is_empty());
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn an_insurance_card_becomes_a_token_by_its_ends() {
    run(async |world| {
        world.shopper.comes_to_pay(Mode::Redirect).await?;
        let card = r#"{ type: "insurance", firstDigits: "51411816", lastDigits: "7907", identityNumber: "10000000146", holder: "Elif Yılmaz" }"#;
        let token: Value = script(world, &format!("return kasa.tokenize({card});")).await?;
        assert!(token["token"].as_str().is_some_and(|token| !token.is_empty()));
        let body = format!("return thrown(() => kasa.tokenize({{ ...{card}, identityNumber: '10000000147' }}));");
        let error = script(world, &body).await?;
        assert_eq!(error["code"], "invalid_card", "{error}");
        Ok(())
    })
    .await;
}
