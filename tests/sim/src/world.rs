//! One run: the parts put together, the time of faults, the calm after it, and
//! the look into everybody's books.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, Once, OnceLock, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response};
use jiff::Timestamp;
use kasa_merchant::outbound::{Carrier, Unreached};
use serde_json::Value;
use tokio::task::JoinSet;
use tower::ServiceExt as _;

use crate::books;
use crate::dice::Dice;
use crate::forger;
use crate::net::{Broken, Cut, Delivered, Letter, Line, Net, Party, read};
use crate::page::{self, Told};
use crate::planted::Planted;
use crate::shop::{self, Ear, Shop};
use crate::tally::Tally;
use crate::till::Till;
use crate::trace::Trace;

pub const MERCHANT: &str = "http://localhost:8401";
pub const SANDBOX: &str = "http://127.0.0.1:8402";
pub const SHOP: &str = "http://localhost:8400";
pub const API_KEY: &str = "back-end-key";
pub const ORDER: &str = "ORD-1";

/// Shoppers must all have gone home by then.
const LONGEST_VISIT: Duration = Duration::from_secs(8 * 3600);

/// Nothing may stay pending for longer, once nothing goes wrong any more.
const LONGEST_REST: u32 = 60 * 6;

/// After so many looks, what a person has to settle is taken as it is.
const PATIENCE: u32 = 40;

/// Keys that the merchant server shares with the sandbox, which has them by default.
pub fn keys() -> impl Iterator<Item = (&'static str, String)> {
    [
        ("PAYWALL_HASH_KEY_3D", "sbx-hash-3d-5b1f0c"),
        ("PAYWALL_HASH_KEY_APM", "sbx-hash-apm-2c9e41"),
        ("PAYWALL_HASH_KEY_POS", "sbx-hash-pos-77ad03"),
        ("HEPSIPAY_SECRET_KEY", "SbxSecret-7f3a"),
        ("HEPSIPAY_API_KEY", "sbx-hepsipay-key"),
        ("COREFY_ACCOUNT", "coma_sandbox0001"),
        ("COREFY_API_KEY", "api_key_sandbox"),
        ("COREFY_SECRET_TEST", "sk_test_sandbox"),
    ]
    .into_iter()
    .map(|(name, key)| (name, key.to_owned()))
}

/// What everybody in a run can reach.
pub struct World {
    pub seed: u64,
    pub net: Net,
    pub trace: Trace,
    pub tally: Tally,
    pub shop: Arc<Shop>,
    /// What is paid with in this run, or `any`.
    pub method: &'static str,
    /// Whether the bank's page stands in a frame.
    pub framed: bool,
    till: Till,
    sandbox: Arc<dyn Party>,
    checkout: OnceLock<String>,
    told: Mutex<Vec<Told>>,
    /// Keys that pages paid with.
    keys: Mutex<BTreeSet<String>>,
    pages: AtomicU64,
}

impl World {
    pub fn merchant(&self) -> Arc<dyn Party> {
        Arc::new(self.till.clone())
    }

    pub fn sandbox(&self) -> Arc<dyn Party> {
        Arc::clone(&self.sandbox)
    }

    pub fn checkout(&self) -> &str {
        self.checkout.get().map_or("", String::as_str)
    }

    pub fn next_page(&self) -> u64 {
        self.pages.fetch_add(1, Ordering::Relaxed)
    }

    pub fn told(&self, told: Told) {
        self.told
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(told);
    }

    pub fn all_told(&self) -> Vec<Told> {
        self.told
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub fn pays_with(&self, key: String) {
        self.keys
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(key);
    }

    /// Whether a page paid with this key.
    pub fn knows(&self, key: &str) -> bool {
        self.keys
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .contains(key)
    }

    /// One of the sandbox's own lists; nothing spoils this look.
    pub async fn list(&self, name: &str) -> Vec<Value> {
        let letter = Letter::new(
            axum::http::Method::GET,
            &format!("{SANDBOX}/sandbox/{name}"),
        );
        let Some(letter) = letter else {
            return Vec::new();
        };
        match self.sandbox.take(letter.into_request()).await {
            Ok(answer) => serde_json::from_slice(&answer.body).unwrap_or_default(),
            Err(Broken) => Vec::new(),
        }
    }

    pub async fn last_of(&self, list: &str, member: &str) -> Option<String> {
        let listed = self.list(list).await;
        Some(listed.last()?[member].as_str()?.to_owned())
    }
}

/// What came of a run.
pub struct Report {
    pub seed: u64,
    pub hash: u64,
    pub steps: u64,
    pub virtual_time: Duration,
    pub violations: Vec<String>,
    pub lines: Vec<String>,
    pub tally: Tally,
}

struct Providers(Router);

impl Party for Providers {
    fn take(&self, request: Request<Body>) -> Delivered {
        let router = self.0.clone();
        Box::pin(async move {
            let Ok(response) = router.oneshot(request).await;
            read(response).await
        })
    }
}

/// The merchant server's way out.
struct Out {
    net: Net,
    sandbox: Arc<dyn Party>,
    shop: Arc<Shop>,
    sent_twice: fn(&Letter) -> bool,
}

#[async_trait]
impl Carrier for Out {
    async fn carry(&self, request: reqwest::Request) -> Result<reqwest::Response, Unreached> {
        let letter = letter(&request);
        let (line, party): (Line, Arc<dyn Party>) = if letter.url.as_str().starts_with(SHOP) {
            (Line::MerchantToShop, Arc::new(Ear(Arc::clone(&self.shop))))
        } else {
            (Line::MerchantToProvider, Arc::clone(&self.sandbox))
        };
        if (self.sent_twice)(&letter) {
            let twin = self.net.send(line, Arc::clone(&party), letter.clone());
            let _ = twin.await;
        }
        let answer = self.net.send(line, party, letter).await;
        let answer = answer.map_err(|Broken| Unreached("the connection broke"))?;
        let mut response = Response::new(reqwest::Body::wrap(Cut::from(&answer)));
        *response.status_mut() = answer.status;
        *response.headers_mut() = answer.headers;
        Ok(response.into())
    }
}

fn letter(request: &reqwest::Request) -> Letter {
    let body = request.body().and_then(reqwest::Body::as_bytes);
    Letter {
        method: request.method().clone(),
        url: request.url().clone(),
        headers: request.headers().clone(),
        body: body.unwrap_or_default().to_vec().into(),
    }
}

/// Runs the world of a seed, with a bug in it if one is planted, on a thread of
/// its own, so that nothing of another run is in the way.
pub fn run(seed: u64, planted: Option<&'static Planted>) -> Report {
    let thread = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            // What a database's thread has ready waits until all else has been
            // done: so its real speed decides nothing.
            .global_queue_interval(u32::MAX)
            .build()
            .expect("a runtime");
        note_panics();
        runtime.block_on(live(seed, planted))
    });
    thread.join().expect("a run does not panic")
}

thread_local! {
    static PANICS: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// A task that panics does so quietly; here it is noted, with its run's thread.
fn note_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            PANICS.with_borrow_mut(|panics| panics.push(panic.to_string()));
            before(panic);
        }));
    });
}

async fn live(seed: u64, planted: Option<&'static Planted>) -> Report {
    let folder = folder();
    let trace = Trace::begin();
    let tally = Tally::default();
    let subscriber = tracing_subscriber::fmt()
        .with_writer(trace.log())
        .with_ansi(false)
        .without_time()
        .with_target(false)
        .with_max_level(tracing::Level::INFO)
        .finish();
    let _logging = tracing::subscriber::set_default(subscriber);
    let mut dice = Dice::of(seed, "world", 0);
    let net = Net::new(
        seed,
        dice.among(&[0, 4, 10, 25]),
        trace.clone(),
        tally.clone(),
    );
    let shop = Arc::new(Shop::new(seed, trace.clone(), tally.clone()));
    let started = tokio::time::Instant::now();
    let epoch: Timestamp = "2026-06-01T09:00:00Z".parse().expect("a time");
    let now = move || epoch + started.elapsed();
    // When the server dies: at these takings of a connection, and at these times.
    let kills = dice.among(&[0, 0, 1, 2, 5]);
    let fatal = (0..kills).map(|_| dice.number(0, 160)).collect();
    let (till, mut deaths) = Till::new(
        folder.path().into(),
        seed,
        now.into(),
        fatal,
        trace.clone(),
        tally.clone(),
    );
    let courier = {
        let (net, till) = (net.clone(), till.clone());
        let courier: kasa_sandbox::Courier = Arc::new(move |request| {
            let sent = (net.clone(), Arc::new(till.clone()), letter(&request));
            Box::pin(async move {
                let (net, till, letter) = sent;
                let answer = net.send(Line::ProviderToMerchant, till, letter).await;
                answer.ok().map(|answer| answer.status)
            })
        });
        courier
    };
    let sandbox: Arc<dyn Party> = Arc::new(Providers(sandbox(now, courier)));
    till.set_carrier(Arc::new(Out {
        net: net.clone(),
        sandbox: Arc::clone(&sandbox),
        shop: Arc::clone(&shop),
        sent_twice: planted.map_or(|_| false, |bug| bug.sent_twice),
    }));
    let methods = [
        "card", "card", "card", "apm", "apm", "hepsipay", "aspay", "terminal", "any",
    ];
    let world = Arc::new(World {
        seed,
        net,
        trace: trace.clone(),
        tally: tally.clone(),
        shop,
        method: dice.among(&methods),
        framed: dice.chance(40),
        till: till.clone(),
        sandbox,
        checkout: OnceLock::new(),
        told: Mutex::default(),
        keys: Mutex::default(),
        pages: AtomicU64::new(0),
    });
    trace.step(format!(
        "seed {seed}, method {}, framed {}",
        world.method, world.framed
    ));
    till.start().await;
    if let Some(bug) = planted {
        till.plant(bug.sql).await;
    }
    let undertaker = {
        let till = till.clone();
        let mut dice = Dice::of(seed, "undertaker", 0);
        tokio::spawn(async move {
            while deaths.recv().await.is_some() {
                till.kill().await;
                tokio::time::sleep(dice.milliseconds(100, 90_000)).await;
                till.start().await;
            }
        })
    };
    let reaper = tokio::spawn(reap(till.clone(), Dice::of(seed, "reaper", 0), kills));
    visit(&world, &mut dice).await;
    // The faults have an end.
    reaper.abort();
    undertaker.abort();
    till.calm().await;
    till.start().await;
    world.net.calm();
    world.shop.calm();
    trace.step("calm");
    rest(&world).await;
    books::check(&world).await;
    till.kill().await;
    // Nothing happens any more while the database is read, however long that takes.
    let held = till.hold();
    books::check_database(&world, &till.database()).await;
    drop(held);
    for line in trace.lines() {
        if crate::wallet::secrets().any(|number| line.contains(number)) {
            trace.violation("a card number stands in the trace or in the log");
        }
    }
    for panic in PANICS.take() {
        trace.violation(format!("a panic: {panic}"));
    }
    tally.add("virtual seconds", trace.now().as_secs());
    Report {
        seed,
        hash: trace.hash(),
        steps: trace.steps(),
        virtual_time: trace.now(),
        violations: trace.violations(),
        lines: trace.lines(),
        tally,
    }
}

fn sandbox(
    now: impl Fn() -> Timestamp + Send + Sync + 'static,
    courier: kasa_sandbox::Courier,
) -> Router {
    let given: BTreeMap<&str, String> = BTreeMap::from([
        ("LISTEN", "127.0.0.1:8402".into()),
        ("PUBLIC_URL", SANDBOX.into()),
        ("APM_CALLBACK_URL", format!("{MERCHANT}/callback/apm")),
        ("HEPSIPAY_API_KEY", "sbx-hepsipay-key".into()),
    ]);
    let settings = kasa_sandbox::settings::Settings::read(|name| given.get(name).cloned());
    let settings = settings.expect("the sandbox's settings are valid");
    kasa_sandbox::routes(settings, now.into(), courier).expect("the sandbox")
}

/// A folder in memory where there is one: thousands of small databases.
fn folder() -> tempfile::TempDir {
    let memory = std::path::Path::new("/dev/shm");
    let made = if memory.is_dir() {
        tempfile::tempdir_in(memory)
    } else {
        tempfile::tempdir()
    };
    made.expect("a folder for the database")
}

/// Kills the server at times that it has nothing to do with.
async fn reap(till: Till, mut dice: Dice, kills: u64) {
    for _ in 0..kills {
        tokio::time::sleep(dice.milliseconds(50, 240_000)).await;
        till.kill().await;
        tokio::time::sleep(dice.milliseconds(10, 60_000)).await;
        till.start().await;
    }
}

/// The order, its shoppers, and the shop that gives back.
async fn visit(world: &Arc<World>, dice: &mut Dice) {
    let Some(checkout) = shop::order(world, ORDER, dice).await else {
        return;
    };
    let _ = world.checkout.set(checkout);
    let mut people = JoinSet::new();
    people.spawn(page::shop_around(Arc::clone(world), false));
    people.spawn(forger::forge(Arc::clone(world)));
    if dice.chance(25) {
        // A second tab, or another device.
        let (world, after) = (Arc::clone(world), dice.seconds(1, 120));
        people.spawn(async move {
            tokio::time::sleep(after).await;
            page::shop_around(world, false).await;
        });
    }
    let all = async { while people.join_next().await.is_some() {} };
    if tokio::time::timeout(LONGEST_VISIT, all).await.is_err() {
        world
            .trace
            .violation("somebody at the shop never gets to an end");
    }
    shop::give_back(world, ORDER).await;
}

/// Lets hours pass until all is settled.
async fn rest(world: &Arc<World>) {
    for round in 0..LONGEST_REST {
        tokio::time::sleep(Duration::from_secs(30)).await;
        if books::is_settled(world, round > PATIENCE).await {
            world.trace.step("settled");
            return;
        }
        tokio::time::advance(Duration::from_secs(10 * 60)).await;
    }
    let order = shop::read(world, ORDER).await;
    world
        .trace
        .violation(format!("something stays pending for ever: {order:?}"));
}
