//! The inspector of the demo shop: what it draws is what happened, and nothing
//! secret is in it.

use kasa_e2e::Result;
use kasa_e2e::cards::{GOOD, RIGHT_CODE, UNPRINTED};
use kasa_e2e::shopper::Mode;
use kasa_e2e::world::{World, run};

/// From the button on, as it is when nothing goes wrong.
const BEFORE_THE_BANK: [&str; 9] = [
    "pay",
    "fetch_temp_token",
    "temptoken",
    "fetch_temp_token answered",
    "tokenize",
    "tokenize answered",
    "create_payment",
    "start3d",
    "create_payment answered",
];

#[tokio::test]
async fn payment_by_redirect_is_drawn_as_one_picture() {
    run(async |world| {
        let shopper = &world.shopper;
        let order = shopper.comes_to_pay(Mode::Redirect).await?;

        shopper.pays_with(&GOOD).await?;
        shopper.confirms_at_the_bank(Mode::Redirect).await?;
        shopper.sees_result("paid").await?;

        let steps = shopper.sees_step("webhook").await?;
        let after_the_bank = [
            "challenge_page",
            "await_change dropped",
            "return_paywall",
            "private_query",
            "come_back",
            "read_checkout",
            "read_checkout answered",
            "settle",
            "webhook",
        ];
        assert_eq!(
            from_pay(&steps),
            [&BEFORE_THE_BANK[..], &after_the_bank].concat()
        );
        world.books.record(&order).await?.assert_paid_once(&GOOD);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn fault_ordered_on_the_page_is_drawn_and_costs_nothing() {
    run(async |world| {
        let shopper = &world.shopper;
        let order = shopper.comes_to_pay(Mode::Frame).await?;
        shopper.orders_fault("card_token_lost").await?;

        shopper.pays_with(&GOOD).await?;
        shopper.meets_the_bank(Mode::Frame).await?;
        world.browser.driver.enter_default_frame().await?;
        shopper.sees_faults_waiting(false).await?;
        let steps = shopper.sees_step("challenge_frame running").await?;
        assert_eq!(
            from_pay(&steps)[4..8],
            [
                "tokenize lost",
                "tokenize answered lost",
                "fetch_temp_token",
                "temptoken"
            ]
        );

        shopper.confirms_at_the_bank(Mode::Frame).await?;
        shopper.sees_result("paid").await?;
        shopper.sees_step("webhook").await?;
        world.books.record(&order).await?.assert_paid_once(&GOOD);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn drawing_holds_no_secret() {
    run(async |world| {
        let shopper = &world.shopper;
        shopper.comes_to_pay(Mode::Redirect).await?;
        shopper.pays_with(&UNPRINTED).await?;
        shopper.meets_the_bank(Mode::Redirect).await?;
        let secrets = secrets_of(world).await?;

        shopper.enters_code(RIGHT_CODE).await?;
        shopper.sees_result("paid").await?;
        shopper.sees_step("webhook").await?;

        let drawn = shopper.everything_drawn().await?;
        for (name, secret) in secrets {
            assert!(!drawn.contains(&secret), "{name} is in the drawing");
        }
        let violations = world.browser.violations();
        assert!(violations.is_empty(), "{violations:#?}");
        Ok(())
    })
    .await;
}

/// What the browser sent that nobody else may know.
async fn secrets_of(world: &World) -> Result<Vec<(&'static str, String)>> {
    let requests = world.browser.requests();
    let sent = |url_ends: &str, header: &str| {
        let request = requests
            .iter()
            .find(|each| each.method == "POST" && each.url.ends_with(url_ends));
        let value = request.and_then(|each| each.header(header));
        value
            .unwrap_or_else(|| panic!("no {header} was sent to {url_ends}"))
            .to_owned()
    };
    let creation = requests.iter().find(|each| each.creates_payment());
    let body = creation.map_or("", |each| each.body.as_str());
    let body: serde_json::Value = serde_json::from_str(body)?;
    let card_token = body["cardToken"].as_str();
    Ok(vec![
        ("the card number", UNPRINTED.number.into()),
        ("the holder", UNPRINTED.holder.into()),
        ("the TempToken", sent("/tempcard", "token")),
        ("the idempotency key", sent("/payments", "idempotency-key")),
        ("the card token", card_token.expect("a card token").into()),
        ("the shop's key", world.keys.api.clone()),
    ])
}

fn from_pay(steps: &[String]) -> Vec<&str> {
    let steps = steps.iter().map(String::as_str);
    steps.skip_while(|step| *step != "pay").collect()
}
