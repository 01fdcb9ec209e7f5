//! Connections: how many there may be, how slow they may be, and their end when
//! the server stops. Knows nothing of what is asked on them.
//!
//! Made of hyper's own parts, because `axum::serve` lets none of this be said.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_io_timeout::TimeoutStream;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use crate::metrics::{Limit, Metrics};
use crate::settings::ConnectionSettings;

/// Bytes of a request's head; no browser's comes near it.
const LONGEST_HEAD: usize = 16 * 1024;

/// Headers of one request.
const MOST_HEADERS: usize = 64;

/// Connections beyond the most that are told so at one time; more are just closed.
const TURNED_AWAY_AT_ONCE: usize = 64;

/// Where too many files are open, some have to be closed first.
const ACCEPT_AGAIN: Duration = Duration::from_millis(200);

pub(crate) struct Connections {
    pub(crate) settings: ConnectionSettings,
    pub(crate) metrics: Metrics,
    /// Answers requests.
    pub(crate) open: Router,
    /// Answers those for whom there is no place.
    pub(crate) full: Router,
}

impl Connections {
    /// Until `stop`; then what is under way comes to its end.
    pub(crate) async fn serve(self, listener: TcpListener, stop: CancellationToken) {
        let places = Arc::new(Semaphore::new(self.settings.most as usize));
        let doorstep = Arc::new(Semaphore::new(TURNED_AWAY_AT_ONCE));
        let http = self.http();
        let mut brief = http.clone();
        brief.keep_alive(false);
        let graceful = GracefulShutdown::new();
        loop {
            let accepted = tokio::select! {
                () = stop.cancelled() => break,
                accepted = listener.accept() => accepted,
            };
            let (stream, peer) = match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::error!(%error, "no connection can be taken");
                    tokio::time::sleep(ACCEPT_AGAIN).await;
                    continue;
                }
            };
            let (place, http, router) = match Arc::clone(&places).try_acquire_owned() {
                Ok(place) => (place, &http, &self.open),
                Err(_) => {
                    self.metrics.limited(Limit::Connections);
                    match Arc::clone(&doorstep).try_acquire_owned() {
                        Ok(place) => (place, &brief, &self.full),
                        Err(_) => continue,
                    }
                }
            };
            let service = service(router.clone(), peer);
            let connection = http.serve_connection(self.io(stream), service);
            let connection = graceful.watch(connection);
            tokio::spawn(async move {
                // Who broke it off, or was too slow, is nobody's concern.
                let _ = connection.await;
                drop(place);
            });
        }
        drop(listener);
        graceful.shutdown().await;
    }

    fn http(&self) -> http1::Builder {
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new())
            .header_read_timeout(self.settings.head)
            .max_headers(MOST_HEADERS)
            .max_header_size(LONGEST_HEAD)
            .max_buf_size(2 * LONGEST_HEAD);
        http
    }

    fn io(&self, stream: TcpStream) -> TokioIo<std::pin::Pin<Box<TimeoutStream<TcpStream>>>> {
        // An answer is written at once, and nothing follows it.
        let _ = stream.set_nodelay(true);
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(self.settings.write));
        TokioIo::new(Box::pin(stream))
    }
}

fn service(
    router: Router,
    peer: SocketAddr,
) -> impl hyper::service::Service<
    Request<Incoming>,
    Response = axum::response::Response,
    Error = Infallible,
    Future: Send,
> {
    service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().oneshot(request)
    })
}
