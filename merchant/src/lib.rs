//! Kasa's reference merchant server: it keeps orders, starts payments at their
//! providers and alone says whether one is paid.
//!
//! | module | what it does |
//! |---|---|
//! | [`settings`] | reads and checks the environment |
//! | [`check`], [`log`] | what an operator asks of the settings; what the server says by itself |
//! | `connections` | how many, how slow |
//! | `http` | routes, CORS, headers, request log |
//! | `orders` | the shop's back end: create, read |
//! | `checkouts` | the browser: read with long poll |
//! | `payments` | the browser: create, cancel |
//! | `otp` | the browser: one-time codes |
//! | `refunds` | the shop's back end: money given back |
//! | `payouts` | the shop's back end: bank transfers |
//! | `returns` | browsers that come back from a provider |
//! | `providers` | the ways to pay, one file each, behind one trait |
//! | `settle` | asks a provider and records what it says; nobody else says `paid` |
//! | `reconciler` | asks about what was left pending |
//! | [`Inside`] | the server without its sockets |
//! | [`outbound`] | one bounded exchange with another server, and how its answer is lost |
//! | [`clock`], [`chance`] | what the server has from outside, so that it can be another |
//! | `events`, `webhooks` | what the shop's back end is told of by itself, and how it gets there |
//! | `address`, `limits` | who calls, and how often the same may try |
//! | `probes`, `metrics` | what is told to those who keep the server running |
//! | `store` | the database, the only place with SQL |
//! | [`paywall`] | PayWall's contract, the only place that calls it |
//! | [`hepsipay`] | Hepsipay's hosted page: its contract, the only place that calls it |
//! | [`corefy`] | Corefy, which carries Aspay's hosted page and payouts: likewise |

mod address;
mod app;
pub mod chance;
pub mod check;
mod checkouts;
pub mod clock;
mod connections;
pub mod corefy;
mod events;
mod extract;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
pub mod hepsipay;
mod http;
mod ids;
mod inside;
mod limits;
pub mod log;
mod metrics;
#[cfg(test)]
mod openapi_tests;
mod orders;
mod otp;
pub mod outbound;
mod payments;
mod payouts;
pub mod paywall;
mod polls;
mod probes;
mod problem;
mod providers;
mod reconciler;
mod refunds;
mod returns;
pub mod secret;
pub mod settings;
mod settle;
mod store;
mod text;
mod webhooks;

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio_util::task::AbortOnDropHandle;

use app::App;
use clock::Clock;
use connections::Connections;
use metrics::Metrics;
use providers::Providers;
use settings::Settings;

pub use inside::{Inside, Outside};

/// Why the server cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Settings(#[from] settings::SettingsError),
    #[error("HTTP client: {0}")]
    Client(#[from] reqwest::Error),
    #[error("provider: {0}")]
    Provider(Box<dyn std::error::Error + Send + Sync>),
    #[error(
        "no provider is set up: set the variables KASA_PAYWALL_…, KASA_HEPSIPAY_… or KASA_COREFY_…"
    )]
    NoProvider,
    #[error(transparent)]
    Store(#[from] store::OpenError),
    #[error("cannot listen on {listen}: {error}")]
    Listen {
        listen: String,
        error: std::io::Error,
    },
}

/// As `--version` and the metrics tell it.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A server that has its database open and is bound, but does not serve yet.
pub struct Server {
    app: Arc<App>,
    listener: TcpListener,
    address: SocketAddr,
    /// With the address that they are told at.
    metrics: Option<(TcpListener, SocketAddr)>,
}

async fn listen(listen: &str) -> Result<(TcpListener, SocketAddr), StartError> {
    let refused = |error| StartError::Listen {
        listen: listen.to_owned(),
        error,
    };
    let listener = TcpListener::bind(listen).await.map_err(refused)?;
    let address = listener.local_addr().map_err(refused)?;
    Ok((listener, address))
}

/// The providers of `settings`; at least one.
fn providers(
    settings: &Settings,
    outside: &Outside,
    metrics: &Metrics,
) -> Result<Providers, StartError> {
    let providers = Providers::set_up(settings, outside, metrics).map_err(StartError::Provider)?;
    if providers.is_empty() {
        return Err(StartError::NoProvider);
    }
    metrics.begin_at_zero(&providers.methods());
    Ok(providers)
}

impl Server {
    /// Opens the database, then binds the address of `settings`: whoever reaches
    /// it, reaches a server that can work.
    pub async fn bind(settings: Settings, clock: Clock) -> Result<Self, StartError> {
        let outside = Outside {
            clock,
            ..Outside::default()
        };
        let Inside { app } = Inside::open(settings, outside).await?;
        let watched = match &app.settings.operation.metrics_listen {
            Some(address) => Some(listen(address).await?),
            None => None,
        };
        let (listener, address) = listen(&app.settings.listen).await?;
        Ok(Server {
            app,
            listener,
            address,
            metrics: watched,
        })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// `None`: there are no metrics.
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics.as_ref().map(|(_, address)| *address)
    }

    /// For doing what is due without waiting for the clock.
    pub fn reconciler(&self) -> Reconciler {
        Reconciler {
            app: Arc::clone(&self.app),
        }
    }

    /// Serves until `shutdown`. Then it is not ready, goes on for as long as its
    /// settings say, takes no connection any more, and lets running work come to
    /// its end: long polls answer at once, calls of providers within their time-out.
    pub async fn serve(self, shutdown: impl Future<Output = ()>) -> std::io::Result<()> {
        let Server { app, listener, .. } = self;
        let stop = app.stop.clone();
        // Until the very end: a stop that takes long wants to be watched.
        let watched = self.metrics.map(|(listener, _)| {
            let router = metrics::router(Arc::clone(&app));
            AbortOnDropHandle::new(tokio::spawn(axum::serve(listener, router).into_future()))
        });
        let reconciling = tokio::spawn(reconciler::run(Arc::clone(&app)));
        let sending = tokio::spawn(webhooks::run(Arc::clone(&app)));
        let connections = Connections {
            settings: app.settings.connections.clone(),
            metrics: app.metrics.clone(),
            open: http::router(Arc::clone(&app)),
            full: http::full(Arc::clone(&app)),
        };
        let serving = tokio::spawn(connections.serve(listener, stop.clone()));
        tokio::pin!(serving);
        let shutdown = async {
            shutdown.await;
            app.leaving.cancel();
            tokio::time::sleep(app.settings.operation.drain).await;
        };
        let ended = tokio::select! {
            ended = &mut serving => Some(ended),
            () = shutdown => None,
        };
        stop.cancel();
        app.tasks.close();
        let finish = async {
            let ended = match ended {
                Some(ended) => ended,
                None => serving.await,
            };
            let _ = reconciling.await;
            app.tasks.wait().await;
            let _ = sending.await;
            ended
        };
        // A client that reads slowly must not hold the server up for ever.
        let ended = tokio::time::timeout(app.settings.operation.stop, finish).await;
        app.store.close().await;
        drop(watched);
        match ended {
            Ok(ended) => ended.map_err(std::io::Error::other),
            Err(_) => {
                tracing::warn!("stopped with calls still open");
                Ok(())
            }
        }
    }
}

/// Asks about payments and refunds that are due, then sends webhooks that are;
/// once a call.
pub struct Reconciler {
    app: Arc<App>,
}

impl Reconciler {
    pub async fn pass(&self) {
        reconciler::pass(&self.app).await;
        webhooks::pass(&self.app).await;
    }
}
