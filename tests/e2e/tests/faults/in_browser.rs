//! The same in the real browser, by the drop-in: the server is killed, the tab is
//! closed, the clock is wrong, the net is gone. A shopper can always go on.

use std::sync::{Arc, Mutex};

use futures_util::FutureExt as _;
use kasa_e2e::cards::{GOOD, RIGHT_CODE, meal};
use kasa_e2e::proxy::{Moment, Proxy, Ruling, Seen};
use kasa_e2e::shopper::{Mode, Shopper, Trial, Way, ways};
use kasa_e2e::wait::{PATIENCE, until};
use kasa_e2e::world::{Proxies, World, run, run_behind_proxies};
use kasa_e2e::{Context as _, Result};
use reqwest::Method;
use serde_json::json;
use thirtyfour::By;
use tokio::sync::Notify;
use tokio::time::timeout;

use crate::figures::{deep, tell};

/// A way to pay, as it is gone through in the browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tour {
    Redirect,
    Frame,
    Code,
    Picture,
    Hepsipay,
    Aspay,
    Terminal,
}

const TOURS: [Tour; 7] = [
    Tour::Redirect,
    Tour::Frame,
    Tour::Code,
    Tour::Picture,
    Tour::Hepsipay,
    Tour::Aspay,
    Tour::Terminal,
];

impl Tour {
    fn way(self) -> Way {
        match self {
            Tour::Redirect | Tour::Frame => Way::CARD,
            Tour::Code => ways::MEAL_CARD,
            Tour::Picture => ways::PAPARA_QR,
            Tour::Hepsipay => Way::HEPSIPAY,
            Tour::Aspay => Way::ASPAY,
            Tour::Terminal => Way::TERMINAL,
        }
    }

    fn mode(self) -> Mode {
        if self == Tour::Frame {
            Mode::Frame
        } else {
            Mode::Redirect
        }
    }

    /// To the form, filled in; answers the order's reference.
    async fn comes(self, shopper: &Shopper) -> Result<String> {
        let trial = (self == Tour::Terminal).then_some(Trial::Counter);
        let order = shopper
            .comes_to_pay_by(&self.way(), self.mode(), trial)
            .await?;
        match self {
            Tour::Redirect | Tour::Frame => shopper.types(&GOOD).await?,
            Tour::Code => {
                shopper
                    .types_at(&self.way(), "cardNumber", meal::GOOD.number)
                    .await?
            }
            _ => {}
        }
        Ok(order)
    }

    /// Presses Pay, and waits for what comes next.
    async fn asks(self, shopper: &Shopper) -> Result<()> {
        shopper.presses_pay_at(&self.way()).await?;
        self.is_met(shopper).await
    }

    async fn is_met(self, shopper: &Shopper) -> Result<()> {
        match self {
            Tour::Redirect | Tour::Frame => shopper.meets_the_bank(self.mode()).await,
            Tour::Code => shopper.sees("otp").await.map(drop),
            Tour::Picture => shopper.sees_a_picture().await,
            Tour::Hepsipay | Tour::Aspay => shopper.meets_the_provider().await,
            Tour::Terminal => shopper.sees_stage("sending").await,
        }
    }

    /// Goes on with a payment that a page opened anew has taken up.
    async fn goes_on(self, shopper: &Shopper) -> Result<()> {
        if matches!(
            self,
            Tour::Redirect | Tour::Frame | Tour::Hepsipay | Tour::Aspay
        ) {
            shopper.presses("continue").await?;
        }
        self.is_met(shopper).await
    }

    /// What the payer does to pay.
    async fn pays(self, world: &World) -> Result<()> {
        let shopper = &world.shopper;
        match self {
            Tour::Redirect | Tour::Frame => shopper.enters_code(RIGHT_CODE).await,
            Tour::Code => shopper.enters_one_time_code(RIGHT_CODE).await,
            Tour::Hepsipay | Tour::Aspay => shopper.does("pay").await,
            Tour::Picture => {
                let phone = world.books.phone_page().await?;
                shopper
                    .on_another_device(&phone, async |phone| phone.does("pay").await)
                    .await
            }
            Tour::Terminal => {
                let terminal = world.books.terminal_page().await?;
                let taps = async |terminal: &Shopper| {
                    terminal.does("take").await?;
                    terminal.does("pay").await
                };
                shopper.on_another_device(&terminal, taps).await
            }
        }
    }

    async fn is_paid(self, world: &World, order: &str) -> Result<()> {
        world.shopper.sees_result("paid").await?;
        let record = world.books.settled(order).await?;
        record.assert_paid_by(self.way().method());
        assert_eq!(record.order.payments.len(), 1, "{record:#?}");
        world.books.announced(order).await?;
        Ok(())
    }
}

// ---- the server is killed

/// Where the server dies while a browser looks on.
#[derive(Clone, Copy, Debug)]
enum Death {
    /// The payment is made; the page does not hear of it.
    AtTheRequest,
    /// The shopper is elsewhere.
    Meanwhile,
    /// The shopper comes back, or has told the code.
    AtTheReturn,
}

#[tokio::test]
async fn the_page_finds_its_way_when_the_server_was_killed() {
    let deaths = [Death::AtTheRequest, Death::Meanwhile, Death::AtTheReturn];
    let mut kills = 0;
    for (row, tour) in TOURS.into_iter().enumerate() {
        for (column, death) in deaths.into_iter().enumerate() {
            if deep() || row % deaths.len() == column {
                run_behind_proxies(async |world, proxies| {
                    survives(world, proxies, tour, death).await
                })
                .await;
                kills += 1;
            }
        }
    }
    tell(
        "server killed under a real page",
        &format!("{kills} kills, {kills} paid, 0 lost, 0 doubled"),
    );
}

async fn survives(world: &mut World, proxies: &Proxies, tour: Tour, death: Death) -> Result<()> {
    let order = tour.comes(&world.shopper).await?;
    let page = world.shopper.url().await?;
    match death {
        Death::AtTheRequest => {
            let deadly = Deadly::at(&proxies.merchant, |seen| {
                seen.moment == Moment::Answered
                    && seen.method == Method::POST
                    && seen.path.ends_with("/payments")
            });
            world.shopper.presses_pay_at(&tour.way()).await?;
            deadly.kills(world).await?;
            tour.is_met(&world.shopper).await?;
            tour.pays(world).await?;
        }
        Death::Meanwhile => {
            tour.asks(&world.shopper).await?;
            world.merchant.kill().await;
            world.merchant.start_again().await?;
            tour.pays(world).await?;
        }
        Death::AtTheReturn => {
            tour.asks(&world.shopper).await?;
            let deadly = Deadly::at(&proxies.merchant, |seen| {
                let asked = seen.moment == Moment::Asked;
                let returns =
                    seen.path.starts_with("/return/") || seen.path.starts_with("/callback/");
                asked
                    && (returns
                        || seen.path.ends_with("/otp")
                        || seen.path.starts_with("/v1/checkouts/"))
            });
            tour.pays(world).await?;
            deadly.kills(world).await?;
            // Where the browser was on its way back, it shows an error of its own.
            if matches!(tour, Tour::Redirect | Tour::Hepsipay | Tour::Aspay) {
                world.shopper.opens(&page).await?;
            }
            if tour == Tour::Code {
                pays_after_all(world, tour).await?;
            }
        }
    }
    tour.is_paid(world, &order).await
}

/// A code that nobody heard is typed again.
async fn pays_after_all(world: &World, tour: Tour) -> Result<()> {
    until("room for the code", async || {
        world.browser.driver.enter_default_frame().await?;
        Ok(tour.pays(world).await.is_ok().then_some(()))
    })
    .await
}

/// A request that the server does not live to hear, or to see answered.
struct Deadly {
    reached: Arc<Notify>,
    dead: Arc<Notify>,
}

impl Deadly {
    fn at(proxy: &Proxy, fits: impl Fn(&Seen) -> bool + Send + Sync + 'static) -> Deadly {
        let (reached, dead) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let deadly = Deadly {
            reached: reached.clone(),
            dead: dead.clone(),
        };
        let armed = Mutex::new(true);
        proxy.watch(move |seen| {
            let mut armed = armed.lock().expect("nobody panics with it");
            if !*armed || !fits(&seen) {
                return std::future::ready(Ruling::Pass).boxed();
            }
            *armed = false;
            let (reached, dead) = (reached.clone(), dead.clone());
            async move {
                reached.notify_one();
                dead.notified().await;
                Ruling::Break
            }
            .boxed()
        });
        deadly
    }

    async fn kills(self, world: &mut World) -> Result<()> {
        let came = timeout(PATIENCE, self.reached.notified()).await;
        came.context("nobody came by where the server was to be killed")?;
        world.merchant.kill().await;
        self.dead.notify_one();
        world.merchant.start_again().await
    }
}

// ---- the tab is closed

#[derive(Clone, Copy, Debug)]
enum Closed {
    /// As soon as Pay is pressed.
    AtOnce,
    /// With what the payment asks for on it.
    Meanwhile,
    /// Right after the payer has paid.
    AfterPaying,
}

#[tokio::test]
async fn a_new_tab_takes_the_payment_up_when_the_old_one_was_closed() {
    let moments = [Closed::AtOnce, Closed::Meanwhile, Closed::AfterPaying];
    let mut tabs = 0;
    for (row, tour) in TOURS.into_iter().enumerate() {
        for (column, closed) in moments.into_iter().enumerate() {
            if deep() || (row % 2 != 1 && row % moments.len() == column) {
                run(async |world| comes_back(world, tour, closed).await).await;
                tabs += 1;
            }
        }
    }
    tell(
        "tab closed",
        &format!("{tabs} tabs, {tabs} paid, 0 lost, 0 doubled"),
    );
}

async fn comes_back(world: &World, tour: Tour, closed: Closed) -> Result<()> {
    let shopper = &world.shopper;
    let order = tour.comes(shopper).await?;
    let page = shopper.url().await?;
    match closed {
        Closed::AtOnce => {
            shopper.presses_pay_at(&tour.way()).await?;
            another_tab(world, &page).await?;
            // The request was on its way, or it was not.
            let payments = world.books.order(&order).await?.payments;
            if payments.is_empty() && shopper.is_offered(&tour.way()).await? {
                return left_in_peace(world, &order).await;
            }
            tour.goes_on(shopper).await?;
            tour.pays(world).await?;
        }
        Closed::Meanwhile => {
            tour.asks(shopper).await?;
            another_tab(world, &page).await?;
            tour.goes_on(shopper).await?;
            tour.pays(world).await?;
        }
        Closed::AfterPaying => {
            tour.asks(shopper).await?;
            tour.pays(world).await?;
            another_tab(world, &page).await?;
        }
    }
    tour.is_paid(world, &order).await
}

/// Nothing was asked for, or it was and nobody paid: nothing is taken.
async fn left_in_peace(world: &World, order: &str) -> Result<()> {
    let record = world.books.record(order).await?;
    assert_eq!(record.order.status, "open", "{record:#?}");
    Ok(())
}

/// Closes this one, and opens the page in another.
async fn another_tab(world: &World, page: &str) -> Result<()> {
    let driver = &world.browser.driver;
    driver.enter_default_frame().await?;
    let fresh = driver.new_tab().await?;
    driver.close_window().await?;
    driver.switch_to_window(fresh).await?;
    world.shopper.opens(page).await
}

// ---- the clock is wrong

#[tokio::test]
async fn a_clock_that_is_wrong_changes_nothing() {
    const MINUTES: [i64; 4] = [10, -10, 24 * 60, -24 * 60];
    let mut clocks = 0;
    for (row, tour) in TOURS.into_iter().enumerate() {
        for (column, minutes) in MINUTES.into_iter().enumerate() {
            let bounded = matches!(
                (tour, column),
                (Tour::Frame, 1) | (Tour::Code, 0 | 3) | (Tour::Picture, 2)
            );
            if bounded || (deep() && row % 2 == column % 2) {
                run(async |world| pays_by_a_wrong_clock(world, tour, minutes).await).await;
                clocks += 1;
            }
        }
    }
    tell(
        "clock off",
        &format!("{clocks} journeys by ten minutes or a day, {clocks} paid"),
    );
}

async fn pays_by_a_wrong_clock(world: &World, tour: Tour, minutes: i64) -> Result<()> {
    let script = format!(
        "(() => {{
          const Right = Date, now = () => Right.now() + {};
          globalThis.Date = class extends Right {{
            constructor(...parts) {{ super(...(parts.length ? parts : [now()])); }}
            static now() {{ return now(); }}
          }};
        }})()",
        minutes * 60_000
    );
    let cdp = world.browser.driver.cdp();
    cdp.page()
        .add_script_to_evaluate_on_new_document(script.as_str())
        .await?;
    let order = tour.comes(&world.shopper).await?;
    tour.asks(&world.shopper).await?;
    if tour == Tour::Code {
        let left = seconds_left(&world.shopper.reads("countdown").await?);
        assert!(
            left.is_some_and(|left| (60..=120).contains(&left)),
            "{left:?} seconds are left"
        );
    }
    tour.pays(world).await?;
    tour.is_paid(world, &order).await
}

/// Of `1:58` within words.
fn seconds_left(words: &str) -> Option<u32> {
    let (before, after) = words.split_once(':')?;
    let minutes = before
        .rsplit(|letter: char| !letter.is_ascii_digit())
        .next()?;
    let seconds = after
        .split(|letter: char| !letter.is_ascii_digit())
        .next()?;
    Some(minutes.parse::<u32>().ok()? * 60 + seconds.parse::<u32>().ok()?)
}

// ---- the net is gone

#[tokio::test]
async fn offline_the_shopper_is_told_and_back_online_it_goes_on() {
    run(async |world| {
        let (shopper, tour) = (&world.shopper, Tour::Frame);
        let order = tour.comes(shopper).await?;
        online(world, false).await?;
        shopper.presses_pay_at(&tour.way()).await?;
        assert!(!shopper.reads_status().await?.is_empty());
        online(world, true).await?;
        shopper.sees_the_form().await?;
        world.books.record(&order).await?.assert_untouched();
        tour.asks(shopper).await?;
        tour.pays(world).await?;
        tour.is_paid(world, &order).await
    })
    .await;
}

#[tokio::test]
async fn what_was_paid_elsewhere_meanwhile_is_seen_when_the_net_is_back() {
    let tours = [Tour::Picture, Tour::Terminal, Tour::Frame];
    for tour in tours
        .into_iter()
        .filter(|tour| deep() || *tour != Tour::Terminal)
    {
        run(async |world| {
            let order = tour.comes(&world.shopper).await?;
            tour.asks(&world.shopper).await?;
            if tour == Tour::Frame {
                tour.pays(world).await?;
                online(world, false).await?;
            } else {
                online(world, false).await?;
                tour.pays(world).await?;
            }
            world.books.settled(&order).await?;
            online(world, true).await?;
            tour.is_paid(world, &order).await
        })
        .await;
    }
}

#[tokio::test]
async fn a_code_that_was_typed_offline_can_be_typed_again() {
    run(async |world| {
        let tour = Tour::Code;
        let order = tour.comes(&world.shopper).await?;
        tour.asks(&world.shopper).await?;
        online(world, false).await?;
        tour.pays(world).await?;
        online(world, true).await?;
        pays_after_all(world, tour).await?;
        tour.is_paid(world, &order).await
    })
    .await;
}

/// The tab's net, as the DevTools' own switch does it.
async fn online(world: &World, online: bool) -> Result<()> {
    let driver = &world.browser.driver;
    driver.enter_default_frame().await?;
    let conditions = json!({ "offline": !online, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
    let cdp = driver.cdp();
    cdp.send_raw("Network.enable", json!({})).await?;
    cdp.send_raw("Network.emulateNetworkConditions", conditions)
        .await?;
    if !online {
        until("a page that is offline", async || {
            let _ = driver.find(By::Css("body")).await?;
            let answer = driver
                .execute("return navigator.onLine", Vec::new())
                .await?;
            Ok((answer.json() == &json!(false)).then_some(()))
        })
        .await?;
    }
    Ok(())
}
