//! The merchant server's lives: started, killed where it stands, started again
//! over the same database. And the hands of the clock: virtual time must not run
//! on while a real thread of the database is at work.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use kasa_merchant::clock::Clock;
use kasa_merchant::outbound::Carrier;
use kasa_merchant::settings::Settings;
use kasa_merchant::{Inside, Outside};
use sqlx::Connection as _;
use sqlx::any::AnyPoolOptions;
use tokio::sync::{Notify, mpsc};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use crate::dice::Dice;
use crate::net::{Broken, Delivered, Party, read};
use crate::tally::Tally;
use crate::trace::Trace;

/// Real time.
const LOOK_AGAIN: Duration = Duration::from_micros(50);

#[derive(Clone)]
pub struct Till(Arc<Inner>);

struct Inner {
    folder: PathBuf,
    seed: u64,
    trace: Trace,
    tally: Tally,
    clock: Clock,
    carrier: Mutex<Option<Arc<dyn Carrier>>>,
    running: Mutex<Option<Running>>,
    lives: AtomicU64,
    /// Things that go on in real time: the database opens, works, or closes.
    real: AtomicUsize,
    began: Notify,
    /// How often a connection to the database was taken.
    taken: Arc<AtomicU64>,
    /// At which of these the server is to be killed.
    fatal: Mutex<Vec<u64>>,
    /// Whoever starts it or kills it does so alone.
    turns: tokio::sync::Mutex<()>,
    /// A connection was taken that is never given back; only a kill ends that.
    dying: AtomicBool,
    doomed: mpsc::UnboundedSender<()>,
}

struct Running {
    inside: Inside,
    router: Router,
    dead: CancellationToken,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Real work under way, until dropped.
struct Real<'a>(&'a Inner);

impl<'a> Real<'a> {
    fn begin(inner: &'a Inner) -> Self {
        inner.real.fetch_add(1, Ordering::Relaxed);
        inner.began.notify_one();
        Real(inner)
    }
}

impl Drop for Real<'_> {
    fn drop(&mut self) {
        self.0.real.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Till {
    /// `fatal`: at which takings of a connection it dies; told by the receiver.
    pub fn new(
        folder: PathBuf,
        seed: u64,
        clock: Clock,
        fatal: Vec<u64>,
        trace: Trace,
        tally: Tally,
    ) -> (Self, mpsc::UnboundedReceiver<()>) {
        let (doomed, deaths) = mpsc::unbounded_channel();
        let till = Till(Arc::new(Inner {
            folder,
            seed,
            trace,
            tally,
            clock,
            carrier: Mutex::default(),
            running: Mutex::default(),
            lives: AtomicU64::new(0),
            real: AtomicUsize::new(0),
            began: Notify::new(),
            taken: Arc::default(),
            fatal: Mutex::new(fatal),
            turns: tokio::sync::Mutex::default(),
            dying: AtomicBool::new(false),
            doomed,
        }));
        tokio::spawn(till.clone().hold_time());
        (till, deaths)
    }

    pub fn set_carrier(&self, carrier: Arc<dyn Carrier>) {
        *lock(&self.0.carrier) = Some(carrier);
    }

    /// While a blocking task runs, the runtime does not put its clock forward.
    async fn hold_time(self) {
        loop {
            self.0.began.notified().await;
            let till = self.clone();
            let idle = tokio::task::spawn_blocking(move || {
                while till.is_at_work() {
                    std::thread::sleep(LOOK_AGAIN);
                }
            });
            let _ = idle.await;
        }
    }

    fn is_at_work(&self) -> bool {
        let running = lock(&self.0.running);
        // What is about to be killed works no more, though a connection is taken.
        let storing = !self.0.dying.load(Ordering::Relaxed)
            && running.as_ref().is_some_and(|run| run.inside.is_at_work());
        storing || self.0.real.load(Ordering::Relaxed) > 0
    }

    pub fn database(&self) -> PathBuf {
        self.0.folder.join("kasa.db")
    }

    pub fn is_up(&self) -> bool {
        lock(&self.0.running).is_some()
    }

    pub async fn start(&self) {
        let _turn = self.0.turns.lock().await;
        if self.is_up() {
            return;
        }
        let life = self.0.lives.fetch_add(1, Ordering::Relaxed);
        self.0
            .trace
            .step(format!("merchant server starts, life {life}"));
        let _real = Real::begin(&self.0);
        let settings = Settings::from_variables(self.variables());
        let settings = settings.expect("the simulation's settings are valid");
        let inside = Inside::open(settings, self.outside(life)).await;
        let inside = inside.expect("the merchant server starts over its own database");
        let dead = CancellationToken::new();
        tokio::spawn(dead.clone().run_until_cancelled_owned(inside.work()));
        let router = inside.router();
        *lock(&self.0.running) = Some(Running {
            inside,
            router,
            dead,
        });
    }

    /// Virtual time stands still until this is dropped.
    pub fn hold(&self) -> impl Drop {
        Real::begin(&self.0)
    }

    /// Changes the rules of its database.
    pub async fn plant(&self, sql: &'static str) {
        let _real = Real::begin(&self.0);
        let address = format!("sqlite://{}", self.database().display());
        let database = sqlx::SqliteConnection::connect(&address).await;
        let mut database = database.expect("the database is there");
        let planted = sqlx::raw_sql(sql).execute(&mut database).await;
        planted.expect("a trigger that fits the tables");
        let _ = database.close().await;
    }

    /// It dies no more; where it was about to, it is killed now.
    pub async fn calm(&self) {
        lock(&self.0.fatal).clear();
        if self.0.dying.load(Ordering::Relaxed) {
            self.kill().await;
        }
    }

    /// As SIGKILL does it: every task ends at the await that it is at.
    pub async fn kill(&self) {
        let _turn = self.0.turns.lock().await;
        let Some(running) = lock(&self.0.running).take() else {
            return;
        };
        self.0.trace.step("merchant server is killed");
        self.0.tally.count("kill");
        self.0.dying.store(false, Ordering::Relaxed);
        let _real = Real::begin(&self.0);
        running.dead.cancel();
        running.inside.end().await;
    }

    fn outside(&self, life: u64) -> Outside {
        let dice = Mutex::new(Dice::of(self.0.seed, "merchant", life));
        let inner = Arc::downgrade(&self.0);
        let pool = AnyPoolOptions::new()
            // One after the other: so it is in the same order every time.
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .before_acquire(move |_, _| {
                let dies = inner.upgrade().is_some_and(|inner| inner.take_connection());
                Box::pin(async move {
                    if dies {
                        std::future::pending::<()>().await;
                    }
                    Ok(true)
                })
            });
        Outside {
            clock: self.0.clock.clone(),
            chance: (move || lock(&dice).wide()).into(),
            way: lock(&self.0.carrier).clone(),
            pool,
        }
    }

    fn variables(&self) -> BTreeMap<String, String> {
        let sandbox = crate::world::SANDBOX;
        let database = format!("sqlite://{}?mode=rwc", self.database().display());
        [
            ("PUBLIC_URL", crate::world::MERCHANT.into()),
            ("DATABASE_URL", database),
            ("API_KEY", crate::world::API_KEY.into()),
            ("SHOP_ORIGINS", crate::world::SHOP.into()),
            ("RECONCILE_SECONDS", "60".into()),
            ("PAYMENT_LIFETIME_SECONDS", "3600".into()),
            ("PROVIDER_TIMEOUT_SECONDS", "20".into()),
            ("WEBHOOK_URL", format!("{}/webhook", crate::world::SHOP)),
            ("WEBHOOK_SECRET", crate::shop::secret()),
            ("PAYWALL_PAYMENT_API", sandbox.into()),
            ("PAYWALL_PRIVATE_API", sandbox.into()),
            ("PAYWALL_CARD_API", sandbox.into()),
            ("PAYWALL_PHYSICAL_API", sandbox.into()),
            ("PAYWALL_PUBLIC_KEY", "sbx-public-key".into()),
            ("PAYWALL_PUBLIC_CLIENT", "sbx-public-client".into()),
            ("PAYWALL_PRIVATE_KEY", "sbx-private-key".into()),
            ("PAYWALL_PRIVATE_CLIENT", "sbx-private-client".into()),
            ("PAYWALL_APM", "true".into()),
            ("HEPSIPAY_API", format!("{sandbox}/hepsipay/api")),
            ("HEPSIPAY_PAGE", format!("{sandbox}/hepsipay/page")),
            ("COREFY_API", format!("{sandbox}/corefy/api")),
            ("COREFY_HPP", format!("{sandbox}/corefy/hpp")),
            ("COREFY_TEST_MODE", "true".into()),
        ]
        .into_iter()
        .chain(crate::world::keys())
        .map(|(name, value)| (format!("KASA_{name}"), value))
        .collect()
    }
}

impl Inner {
    /// True: the server dies here.
    fn take_connection(&self) -> bool {
        self.began.notify_one();
        let number = self.taken.fetch_add(1, Ordering::Relaxed);
        // While it starts there is nobody yet to die: whoever waits for the start would wait for ever.
        let up = lock(&self.running).is_some();
        let mut fatal = lock(&self.fatal);
        let dies = up && fatal.contains(&number);
        if dies {
            fatal.retain(|each| *each != number);
            self.tally.count("kill between two statements");
            self.dying.store(true, Ordering::Relaxed);
            let _ = self.doomed.send(());
        }
        dies
    }
}

impl Party for Till {
    fn take(&self, request: Request<Body>) -> Delivered {
        let running = lock(&self.0.running);
        let Some(Running { router, dead, .. }) = running.as_ref() else {
            return Box::pin(async { Err(Broken) });
        };
        let (router, dead) = (router.clone(), dead.clone());
        Box::pin(async move {
            let handled = async move {
                let response = router.oneshot(request).await;
                let Ok(response) = response;
                read(response).await
            };
            // What it still finds out when it is killed, it tells nobody.
            tokio::select! {
                biased;
                () = dead.cancelled() => Err(Broken),
                handled = handled => handled,
            }
        })
    }
}
