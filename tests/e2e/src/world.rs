//! Everything one test needs, of its own: sandbox, merchant server, shop and
//! browser on free ports, with a fresh database and profile. Ended with the
//! test, however it ends; a failed one leaves evidence.

use std::net::TcpListener;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use anyhow::{Context, Result};
use futures_util::FutureExt;
use reqwest::Client;
use tempfile::TempDir;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::binaries;
use crate::books::Books;
use crate::browser::Browser;
use crate::keys::Keys;
use crate::process::{Server, end_all_when_interrupted};
use crate::proxy::Proxy;
use crate::recipes;
use crate::shopper::Shopper;

/// Worlds at a time: each is a browser and three servers.
static TURNS: Semaphore = Semaphore::const_new(2);

const PICTURE_WITHIN: Duration = Duration::from_secs(20);

pub struct World {
    pub shopper: Shopper,
    pub books: Books,
    pub keys: Keys,
    pub merchant: Server,
    pub sandbox: Server,
    pub shop: Server,
    pub browser: Browser,
    _folder: TempDir,
}

/// What the browser takes for the merchant server and for the shop.
pub struct Proxies {
    pub merchant: Proxy,
    pub shop: Proxy,
}

/// Runs a test in a world of its own, in which the browser reaches the servers
/// themselves. The test is named by the journey's type, which carries the test
/// function's path.
pub async fn run<J>(journey: J)
where
    J: AsyncFnOnce(&mut World) -> Result<()>,
{
    let addresses = Addresses::free().expect("free ports");
    run_at(&test_name::<J>(), &addresses, journey).await;
}

/// The same with a proxy before the merchant server and another before the shop.
pub async fn run_behind_proxies<J>(journey: J)
where
    J: AsyncFnOnce(&mut World, &Proxies) -> Result<()>,
{
    let mut addresses = Addresses::free().expect("free ports");
    let proxies = Proxies::before(&mut addresses).expect("proxies");
    let journey = async |world: &mut World| journey(world, &proxies).await;
    run_at(&test_name::<J>(), &addresses, journey).await;
}

async fn run_at<J>(name: &str, addresses: &Addresses, journey: J)
where
    J: AsyncFnOnce(&mut World) -> Result<()>,
{
    let _turn = TURNS.acquire().await;
    tokio::spawn(end_all_when_interrupted());
    let mut world = match World::start(addresses).await {
        Ok(world) => world,
        Err(error) => panic!("{name}: the world could not be started: {error:#}"),
    };
    let outcome = AssertUnwindSafe(journey(&mut world)).catch_unwind().await;
    match &outcome {
        Ok(Ok(())) => {}
        Ok(Err(error)) => world.testify(name, &format!("{error:#}")).await,
        Err(_) => world.testify(name, "see above").await,
    }
    let ended = world.end().await;
    match outcome {
        Err(panic) => resume_unwind(panic),
        Ok(Err(error)) => panic!("{name}: {error:#}"),
        Ok(Ok(())) => {}
    }
    if let Err(error) = ended {
        panic!("{name}: passed, but the world did not end well: {error:#}");
    }
}

/// `card::outcomes::paid_in_redirect_mode::{{closure}}…` without its ends.
fn test_name<J>() -> String {
    let path = std::any::type_name::<J>();
    let named = |part: &&str| !part.starts_with('{');
    path.split("::").filter(named).last().unwrap_or(path).into()
}

impl World {
    async fn start(at: &Addresses) -> Result<Self> {
        // Another test may have installed it already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let folder = tempfile::tempdir()?;
        let keys = Keys::fresh();
        let database = folder.path().join("kasa.db");
        let database = format!("sqlite://{}?mode=rwc", database.display());
        let (sandbox, merchant, shop, browser) = tokio::try_join!(
            Server::start(recipes::sandbox(at, &keys)?),
            Server::start(recipes::merchant(at, &keys, &database)?),
            Server::start(recipes::shop(at, &keys)?),
            Browser::start(folder.path()),
        )?;
        Ok(World {
            shopper: Shopper::new(browser.driver.clone(), at.shop.clone(), at.sandbox()),
            books: Books {
                http: Client::builder().no_proxy().build()?,
                merchant: loopback(at.merchant_port),
                shop: loopback(at.shop_port),
                sandbox: at.sandbox(),
                api_key: keys.api.clone(),
            },
            keys,
            merchant,
            sandbox,
            shop,
            browser,
            _folder: folder,
        })
    }

    async fn end(self) -> Result<()> {
        let World {
            browser,
            mut merchant,
            mut sandbox,
            mut shop,
            ..
        } = self;
        browser.end().await?;
        let (merchant, sandbox, shop) = tokio::join!(merchant.stop(), sandbox.stop(), shop.stop());
        merchant.and(sandbox).and(shop)
    }

    /// For whoever looks into the failure: where the page was, what it looked
    /// like, what the servers and the console said last.
    async fn testify(&self, name: &str, why: &str) {
        eprintln!("\n==== {name} failed: {why}");
        let url = self.shopper.url().await;
        eprintln!("page: {}", url.unwrap_or_else(|error| error.to_string()));
        let picture = binaries::evidence().join(format!("{name}.png"));
        match timeout(PICTURE_WITHIN, self.take_picture(&picture)).await {
            Ok(Ok(())) => eprintln!("picture: {}", picture.display()),
            Ok(Err(error)) => eprintln!("no picture: {error}"),
            Err(_) => eprintln!("no picture within {PICTURE_WITHIN:?}"),
        }
        for line in self.browser.console().await.unwrap_or_default() {
            eprintln!("console: {line}");
        }
        if let Ok(frame) = self.shopper.frame_as_it_is().await {
            eprintln!("frame: {frame}");
        }
        let requests = self.browser.requests();
        for request in requests.iter().filter(|each| each.url.starts_with("http")) {
            eprintln!("request: {request}");
        }
        for server in [&self.merchant, &self.sandbox, &self.shop] {
            eprintln!("---- {}\n{}", server.name(), server.last_words());
        }
    }

    async fn take_picture(&self, at: &Path) -> Result<()> {
        std::fs::create_dir_all(binaries::evidence())?;
        Ok(self.browser.driver.screenshot(at).await?)
    }
}

/// Who listens where, and by which address browsers know them. Shop and
/// merchant are on `localhost`, PayWall and the bank on `127.0.0.1`: another
/// site, as in life.
pub(crate) struct Addresses {
    pub(crate) sandbox_port: u16,
    pub(crate) merchant_port: u16,
    pub(crate) shop_port: u16,
    pub(crate) merchant: String,
    pub(crate) shop: String,
    /// Where the merchant server calls the providers.
    pub(crate) providers: String,
    /// Where providers that are told so beforehand call the merchant server.
    pub(crate) heard: String,
}

impl Addresses {
    pub(crate) fn free() -> Result<Self> {
        // Held all at once, so that they differ.
        let (sandbox, merchant, shop) = (keepable()?, keepable()?, keepable()?);
        let (merchant_port, shop_port) = (port(&merchant)?, port(&shop)?);
        let sandbox_port = port(&sandbox)?;
        Ok(Addresses {
            sandbox_port,
            merchant_port,
            shop_port,
            merchant: localhost(merchant_port),
            shop: localhost(shop_port),
            providers: loopback(sandbox_port),
            heard: loopback(merchant_port),
        })
    }

    pub(crate) fn sandbox(&self) -> String {
        loopback(self.sandbox_port)
    }
}

impl Proxies {
    /// From now on browsers know the servers by the proxies' addresses.
    fn before(at: &mut Addresses) -> Result<Self> {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let before = |server: u16, address: &mut String| -> Result<Proxy> {
            let proxy = Proxy::start(listener()?, loopback(server))?;
            address.clone_from(&proxy.origin);
            Ok(proxy)
        };
        Ok(Proxies {
            merchant: before(at.merchant_port, &mut at.merchant)?,
            shop: before(at.shop_port, &mut at.shop)?,
        })
    }
}

pub(crate) fn listener() -> Result<TcpListener> {
    TcpListener::bind(("127.0.0.1", 0)).context("no free port")
}

/// On a port that no outgoing connection is given, so that a server that is
/// started later, or again, still finds it free.
fn keepable() -> Result<TcpListener> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let first = std::process::id().wrapping_mul(97);
    let ports = (0..1000).map(|_| NEXT.fetch_add(1, Ordering::Relaxed).wrapping_add(first));
    let bound = |number: u32| {
        let port = u16::try_from(10_000 + number % 20_000).ok()?;
        TcpListener::bind(("127.0.0.1", port)).ok()
    };
    ports.into_iter().find_map(bound).context("no free port")
}

fn port(listener: &TcpListener) -> Result<u16> {
    Ok(listener.local_addr()?.port())
}

fn localhost(port: u16) -> String {
    format!("http://localhost:{port}")
}

pub(crate) fn loopback(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}
