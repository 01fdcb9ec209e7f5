//! # kasa-sandbox
//!
//! Stands in for the payment providers and for a bank's 3-D Secure page, so that
//! the checkout and the merchant server can be worked on without the internet.
//!
//! A provider lives in a room of its own and knows no other room:
//!
//! * `paywall`: cards, by PayWall's PaymentAPI and PrivateAPI, and the bank.
//! * `apm`: PayWall's alternative payment methods; keys, envelope and error codes
//!   are those of `paywall`.
//! * `pos`: PayWall's PhysicalAPI, and the terminals on the counter.
//! * `hepsipay`: Hepsipay's common payment page.
//! * `corefy`: Aspay's invoices and hosted page, as Corefy serves them.
//!
//! What rooms share: `app` (the memory of each), `faults` and `callback` (what
//! can go wrong), `calls`, `page` and `assets` (how pages look), `money`, `card`,
//! `time`. `control` serves the sandbox's own calls and the start page.
//!
//! **A new room** is a folder with a `mod.rs` that has
//!
//! 1. `TARGETS`, the calls and callbacks that faults can be ordered for;
//! 2. `router(&Arc<App>)`, with its API (inside [`faults::spoil`] and
//!    [`calls::record`]), its pages (inside [`page::guarded`]) and its control call
//!    `GET /sandbox/<name>`;
//! 3. `section(&App)`, its part of the start page;
//! 4. a state, and settings with a `read`.
//!
//! It is let in by a line each in [`ROOMS`], `App`, `Settings` and, for its
//! styles, `assets`.
//!
//! A library so that tests start it in their own process: [`Sandbox::start`].

mod apm;
mod app;
mod assets;
mod callback;
mod calls;
mod card;
mod cards;
mod control;
pub mod corefy;
mod faults;
pub mod hepsipay;
mod money;
mod page;
mod paywall;
mod pos;
pub mod secret;
pub mod settings;
pub mod time;

pub use callback::{Answered, Courier};
pub use paywall::hash;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::{HeaderValue, Request, header};
use maud::Markup;
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::trace::TraceLayer;

use crate::app::App;
use crate::callback::Callbacks;
use crate::faults::Target;
use crate::settings::Settings;
use crate::time::Clock;

/// Bytes of a request's body.
const LARGEST_BODY: usize = 256 * 1024;

/// How long a stop waits for answers under way.
const STOP_PATIENCE: Duration = Duration::from_secs(2);

/// A provider, as the rest of the sandbox sees it.
struct Room {
    targets: &'static [Target],
    router: fn(&Arc<App>) -> Router<Arc<App>>,
    /// Its part of the start page.
    section: fn(&App) -> Markup,
    /// Its control call.
    records: &'static str,
}

/// In the order of the start page.
const ROOMS: &[Room] = &[
    Room {
        targets: paywall::TARGETS,
        router: paywall::router,
        section: paywall::section,
        records: "/sandbox/payments",
    },
    Room {
        targets: apm::TARGETS,
        router: apm::router,
        section: apm::section,
        records: apm::RECORDS,
    },
    Room {
        targets: pos::TARGETS,
        router: pos::router,
        section: pos::section,
        records: pos::RECORDS,
    },
    Room {
        targets: hepsipay::TARGETS,
        router: hepsipay::router,
        section: hepsipay::section,
        records: hepsipay::RECORDS,
    },
    Room {
        targets: corefy::TARGETS,
        router: corefy::router,
        section: corefy::section,
        records: corefy::RECORDS,
    },
];

#[derive(Debug, Error)]
pub enum StartError {
    #[error("cannot listen on {address}: {source}")]
    Listen {
        address: SocketAddr,
        source: io::Error,
    },
    #[error("HTTP client: {0}")]
    Client(#[from] reqwest::Error),
}

/// A running sandbox. It stops when dropped.
#[derive(Debug)]
pub struct Sandbox {
    address: SocketAddr,
    app: Arc<App>,
    stop: oneshot::Sender<()>,
    server: JoinHandle<io::Result<()>>,
}

impl Sandbox {
    /// Starts to listen; when this returns, connections are accepted.
    pub async fn start(settings: Settings) -> Result<Self, StartError> {
        let wanted = settings.listen;
        let listener = TcpListener::bind(wanted)
            .await
            .map_err(|source| StartError::Listen {
                address: wanted,
                source,
            })?;
        let address = listener.local_addr().map_err(|source| StartError::Listen {
            address: wanted,
            source,
        })?;
        let public_url = settings
            .public_url
            .clone()
            .unwrap_or_else(|| reachable(address));
        let callbacks = Callbacks::new(settings.callback_pause, None)?;
        let clock = Clock::default();
        let app = Arc::new(App::new(settings, public_url, callbacks, clock));
        let (stop, stopped) = oneshot::channel::<()>();
        let server = axum::serve(listener, router(&app)).with_graceful_shutdown(async {
            // An error means that the handle was dropped, which is a stop as well.
            let _ = stopped.await;
        });
        Ok(Self {
            address,
            app,
            stop,
            server: tokio::spawn(async { server.await }),
        })
    }

    /// Where it listens, as an address one can open.
    pub fn url(&self) -> String {
        reachable(self.address)
    }

    /// The clock that tokens and cards expire by.
    pub fn clock(&self) -> &Clock {
        &self.app.clock
    }

    /// Finishes the answers under way, but waits no longer than two seconds.
    pub async fn stop(self) {
        let Self {
            stop, mut server, ..
        } = self;
        drop(stop);
        if tokio::time::timeout(STOP_PATIENCE, &mut server)
            .await
            .is_err()
        {
            server.abort();
        }
    }
}

/// The sandbox without its sockets, for whoever brings calls and time himself;
/// `courier` takes the callbacks. It stops when dropped.
pub fn routes(settings: Settings, clock: Clock, courier: Courier) -> Result<Router, StartError> {
    let public_url = settings
        .public_url
        .clone()
        .unwrap_or_else(|| reachable(settings.listen));
    let callbacks = Callbacks::new(settings.callback_pause, Some(courier))?;
    let app = Arc::new(App::new(settings, public_url, callbacks, clock));
    Ok(router(&app))
}

/// A server that listens everywhere is reached on loopback.
fn reachable(address: SocketAddr) -> String {
    if address.ip().is_unspecified() {
        format!("http://127.0.0.1:{}", address.port())
    } else {
        format!("http://{address}")
    }
}

fn router(app: &Arc<App>) -> Router {
    let header =
        |name, value| SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value));
    ROOMS
        .iter()
        .fold(control::router(), |all, room| all.merge((room.router)(app)))
        .layer(header(header::CACHE_CONTROL, "no-store"))
        .merge(assets::router())
        .layer(header(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(RequestBodyLimitLayer::new(LARGEST_BODY))
        .layer(TraceLayer::new_for_http().make_span_with(|request: &Request<_>| {
            // Without the query: the agent link's is a capability.
            tracing::info_span!("request", method = %request.method(), path = request.uri().path())
        }))
        .with_state(app.clone())
}
