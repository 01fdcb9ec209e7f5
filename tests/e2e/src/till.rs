//! The merchant server and the sandbox without a browser, for tests that need
//! many of them: every request passes a gate that can be watched, the server can
//! be killed and comes up again by itself, and its clock runs fast and can be
//! put forward. The shop is an ear for webhooks.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::binaries;
use crate::books::Books;
use crate::keys::Keys;
use crate::process::{Recipe, Server};
use crate::proxy::{Moment, Proxy, Ruling};
use crate::recipes;
use crate::world::{Addresses, listener, loopback};

/// How much faster than ours the merchant server's clock runs: its 20 seconds
/// for a provider are two.
pub const SPEED: u32 = 10;

/// Where returns lead to; nobody listens there.
pub const SHOP: &str = "http://localhost:9";

/// A payment of which nobody can be asked ends by its time alone: here sooner
/// than by the default.
const LIFETIME: &str = "240";

pub struct Till {
    pub books: Books,
    /// Before the merchant server: browsers, returns and callbacks.
    pub front: Proxy,
    /// Between it and the providers.
    pub back: Proxy,
    /// The shop's ear for webhooks.
    pub shop: Proxy,
    pub http: Client,
    heard: Arc<Mutex<Vec<Value>>>,
    merchant: Arc<Merchant>,
    sandbox: Server,
    _folder: TempDir,
}

/// The merchant server, which is killed by whoever watches.
pub struct Merchant {
    server: tokio::sync::Mutex<Server>,
    clock: Clock,
    kills: AtomicUsize,
}

impl Till {
    pub async fn open() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let database = format!(
            "sqlite://{}?mode=rwc",
            folder.path().join("kasa.db").display()
        );
        Self::open_over(folder, &database).await
    }

    /// Over a database of somebody else's making.
    pub async fn open_over(folder: TempDir, database: &str) -> Result<Self> {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let keys = Keys::fresh();
        let mut at = Addresses::free()?;
        let front = Proxy::start(listener()?, loopback(at.merchant_port))?;
        let back = Proxy::start(listener()?, at.sandbox())?;
        let shop = Proxy::start(listener()?, at.shop.clone())?;
        at.merchant.clone_from(&front.origin);
        at.heard.clone_from(&front.origin);
        at.providers.clone_from(&back.origin);
        let clock = Clock::start(folder.path().join("clock"))?;
        let mut recipe = recipes::merchant(&at, &keys, database)?;
        recipe.env.extend(clock.environment()?);
        told_to(&mut recipe, "KASA_SHOP_ORIGINS", SHOP);
        told_to(&mut recipe, "KASA_PAYMENT_LIFETIME_SECONDS", LIFETIME);
        told_to(
            &mut recipe,
            "KASA_WEBHOOK_URL",
            &format!("{}/webhook", shop.origin),
        );
        let mut sandbox = recipes::sandbox(&at, &keys)?;
        told_to(&mut sandbox, "KASA_SANDBOX_CALLBACK_PAUSE_MS", "100");
        let (sandbox, merchant) = tokio::try_join!(Server::start(sandbox), Server::start(recipe))?;
        let http = Client::builder()
            .no_proxy()
            .pool_max_idle_per_host(0)
            .build()?;
        let till = Till {
            books: Books {
                http: http.clone(),
                merchant: loopback(at.merchant_port),
                shop: at.shop.clone(),
                sandbox: at.sandbox(),
                api_key: keys.api.clone(),
            },
            front,
            back,
            shop,
            http,
            heard: Arc::default(),
            merchant: Arc::new(Merchant {
                server: merchant.into(),
                clock,
                kills: AtomicUsize::new(0),
            }),
            sandbox,
            _folder: folder,
        };
        till.hear_at_once();
        Ok(till)
    }

    /// The shop takes every webhook, unless its gate is watched by another.
    fn hear_at_once(&self) {
        let heard = self.heard.clone();
        self.shop.watch(move |seen| {
            if seen.moment == Moment::Asked {
                note(&heard, &seen.body);
            }
            Box::pin(std::future::ready(Ruling::Answer(204)))
        });
    }

    /// What the shop was told so far, where the ear itself was watched too.
    pub fn heard(&self) -> Vec<Value> {
        lock(&self.heard).clone()
    }

    /// Where a watcher of the shop's gate writes down what it lets in.
    pub fn ear(&self) -> impl Fn(&[u8]) + Send + Sync + Clone + use<> {
        let heard = self.heard.clone();
        move |body| note(&heard, body)
    }

    pub fn merchant(&self) -> Arc<Merchant> {
        self.merchant.clone()
    }

    /// Origin of the sandbox, as the payer's browser visits it.
    pub fn sandbox(&self) -> &str {
        &self.books.sandbox
    }

    /// A call of the shop's back end.
    pub fn back_end(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("{}/v1/{path}", self.front.origin);
        self.http
            .request(method, url)
            .bearer_auth(&self.books.api_key)
    }

    /// Orders a fault for the next such call; delays in milliseconds of ours.
    pub async fn order_fault(&self, call: &str, fault: &str, delay: Duration) -> Result<()> {
        let url = format!("{}/sandbox/faults", self.sandbox());
        let order = json!({ "call": call, "fault": fault, "times": 1, "delayMs": delay.as_millis() as u64 });
        let answer = self.http.post(url).json(&order).send().await?;
        let status = answer.status();
        ensure!(
            status == 202,
            "no fault {fault} of {call}: {}",
            answer.text().await?
        );
        Ok(())
    }

    /// Whether every fault that was ordered for this call has been played.
    pub async fn fault_played(&self, call: &str) -> Result<bool> {
        let waiting: Vec<Value> = self.books.sandbox("faults").await?;
        Ok(waiting.iter().all(|each| each["call"] != call))
    }

    pub async fn last_words(&self) -> String {
        let server = self.merchant.server.lock().await;
        format!(
            "---- merchant\n{}---- sandbox\n{}",
            server.last_words(),
            self.sandbox.last_words()
        )
    }

    pub async fn close(mut self) {
        self.merchant.server.lock().await.kill().await;
        self.sandbox.kill().await;
    }
}

impl Merchant {
    /// Kills it at once, and lets it come up again at the same address, over the
    /// same database, while the caller goes on.
    pub async fn kill(self: Arc<Self>) {
        self.kills.fetch_add(1, Ordering::Relaxed);
        let merchant = self.clone();
        let (killed, dead) = tokio::sync::oneshot::channel();
        tokio::spawn(async move {
            let mut server = merchant.server.lock().await;
            server.kill().await;
            let _ = killed.send(());
            merchant.clock.restart();
            if let Err(error) = server.start_again().await {
                eprintln!("the merchant server did not come up again: {error:#}");
            }
        });
        let _ = dead.await;
    }

    pub fn kills(&self) -> usize {
        self.kills.load(Ordering::Relaxed)
    }

    /// Puts its clock forward.
    pub fn later(&self, by: Duration) {
        self.clock.forward(by);
    }
}

/// A clock that runs fast, also over the server's deaths.
struct Clock {
    file: PathBuf,
    /// When the server's process began, and how far ahead of us it then was.
    ahead: Mutex<(Instant, Duration)>,
}

impl Clock {
    fn start(file: PathBuf) -> Result<Self> {
        let clock = Clock {
            file,
            ahead: Mutex::new((Instant::now(), Duration::ZERO)),
        };
        clock.set(Duration::ZERO)?;
        Ok(clock)
    }

    fn environment(&self) -> Result<Vec<(&'static str, String)>> {
        Ok(vec![
            ("LD_PRELOAD", binaries::faketime()?.display().to_string()),
            ("FAKETIME_TIMESTAMP_FILE", self.file.display().to_string()),
            ("FAKETIME_NO_CACHE", "1".into()),
        ])
    }

    fn restart(&self) {
        let mut ahead = lock(&self.ahead);
        let (since, before) = *ahead;
        *ahead = (Instant::now(), before + since.elapsed() * (SPEED - 1));
        let _ = self.set(ahead.1);
    }

    fn forward(&self, by: Duration) {
        let mut ahead = lock(&self.ahead);
        ahead.1 += by;
        let _ = self.set(ahead.1);
    }

    /// In one step: the server looks whenever it wants to know the time.
    fn set(&self, ahead: Duration) -> Result<()> {
        let next = self.file.with_extension("next");
        std::fs::write(&next, format!("+{} x{SPEED}\n", ahead.as_secs()))?;
        Ok(std::fs::rename(next, &self.file)?)
    }
}

fn told_to(recipe: &mut Recipe, setting: &'static str, value: &str) {
    recipe.env.retain(|(name, _)| *name != setting);
    recipe.env.push((setting, value.to_owned()));
}

fn note(heard: &Mutex<Vec<Value>>, body: &[u8]) {
    if let Ok(event) = serde_json::from_slice(body) {
        lock(heard).push(event);
    }
}

fn lock<T>(held: &Mutex<T>) -> MutexGuard<'_, T> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}
