//! # kasa-sandbox
//!
//! Stands in for PayWall and for a bank's 3-D Secure page, so that the checkout
//! and the merchant server can be worked on without the internet.
//!
//! * `paywall`: PayWall's calls, as its contract says.
//! * `bank`: the pages that the shopper's browser meets.
//! * `control`, `faults`: the sandbox's own calls, and faults to order.
//! * `payment`, `card`, `money`, `hash`: decide; no clock, no HTTP.
//! * `state`: remembers, in memory.
//!
//! A library so that tests start it in their own process: [`Sandbox::start`].

mod assets;
mod bank;
mod card;
mod cards;
mod control;
mod currency;
mod faults;
mod gateway;
pub mod hash;
mod money;
mod payment;
mod paywall;
pub mod secret;
pub mod settings;
mod state;
mod text;
pub mod time;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::{HeaderValue, Request, header};
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::trace::TraceLayer;

use crate::settings::Settings;
use crate::state::App;
use crate::time::Clock;

/// Bytes of a request's body.
const LARGEST_BODY: usize = 256 * 1024;

/// How long a stop waits for answers under way.
const STOP_PATIENCE: Duration = Duration::from_secs(2);

/// The bank's pages may stand in any site's frame and post to any merchant.
const BANK_POLICY: &str =
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; base-uri 'none'";

const START_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; \
    img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

#[derive(Debug, Error)]
pub enum StartError {
    #[error("cannot listen on {address}: {source}")]
    Listen {
        address: SocketAddr,
        source: io::Error,
    },
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
        let app = Arc::new(App::new(settings, public_url));
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
    let bank = bank::router()
        .layer(header(header::CONTENT_SECURITY_POLICY, BANK_POLICY))
        // The page's address is a capability; the merchant needs the origin only.
        .layer(header(header::REFERRER_POLICY, "strict-origin"));
    let control = control::router().layer(header(header::CONTENT_SECURITY_POLICY, START_POLICY));
    Router::new()
        .merge(paywall::router(app))
        .merge(bank)
        .merge(control)
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
