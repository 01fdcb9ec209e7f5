//! A reverse proxy for one server, which can be told to misbehave: to lose an
//! answer, to answer with something else, to change a header. Everything it is
//! not told to spoil passes unchanged.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::{Result, anyhow};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::header::{
    CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, HOST, HeaderName, IF_NONE_MATCH, TRANSFER_ENCODING,
};
use hyper::http::request::Parts;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response};
use hyper_util::rt::TokioIo;
use reqwest::Client;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// What is done to a request instead of answering it as it should be.
#[derive(Clone, Copy, Debug)]
pub enum Trick {
    /// The server does its work and answers; then the connection breaks.
    LoseAnswer,
    /// The server hears nothing; a page of HTML answers.
    Html,
}

/// A request on its way, as a watcher sees it.
#[derive(Clone, Debug)]
pub struct Seen {
    pub moment: Moment,
    pub method: Method,
    pub path: String,
    /// Of the request.
    pub body: Bytes,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Moment {
    /// It has come; the server has not heard of it.
    Asked,
    /// The server has answered; nobody has heard of the answer.
    Answered,
}

/// What a watcher makes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ruling {
    Pass,
    /// The connection breaks.
    Break,
    /// This status is the answer, without a body.
    Answer(u16),
}

type Watcher = Arc<dyn Fn(Seen) -> BoxFuture<'static, Ruling> + Send + Sync>;

type Fits = Box<dyn Fn(&Method, &str) -> bool + Send>;

/// A trick that waits for a request.
struct Trap {
    fits: Fits,
    trick: Trick,
    times: usize,
}

#[derive(Default)]
struct Plan {
    traps: Vec<Trap>,
    sprung: usize,
    watcher: Option<Watcher>,
    /// What stands in an answer's header, and what shall stand there.
    headers: Vec<(HeaderName, String, String)>,
    /// The same for bodies.
    bodies: Vec<(String, String)>,
}

/// Stops when dropped.
pub struct Proxy {
    /// As browsers write it.
    pub origin: String,
    plan: Arc<Mutex<Plan>>,
    accepting: tokio::task::JoinHandle<()>,
}

struct Route {
    http: Client,
    /// Origin of the server behind.
    upstream: String,
    plan: Arc<Mutex<Plan>>,
}

impl Proxy {
    /// `listener` is where browsers find it; `upstream` the server's origin.
    pub fn start(listener: std::net::TcpListener, upstream: String) -> Result<Self> {
        listener.set_nonblocking(true)?;
        let origin = format!("http://localhost:{}", listener.local_addr()?.port());
        let listener = TcpListener::from_std(listener)?;
        let plan = Arc::<Mutex<Plan>>::default();
        let route = Arc::new(Route {
            // Redirects are the browser's to follow.
            http: Client::builder()
                .no_proxy()
                .redirect(reqwest::redirect::Policy::none())
                // The server may be another one by then, at the same address.
                .pool_max_idle_per_host(0)
                .build()?,
            upstream,
            plan: plan.clone(),
        });
        let accepting = tokio::spawn(accept(listener, route));
        Ok(Proxy {
            origin,
            plan,
            accepting,
        })
    }

    /// Plays a trick on the next `times` requests whose method and path fit.
    pub fn play(
        &self,
        trick: Trick,
        times: usize,
        fits: impl Fn(&Method, &str) -> bool + Send + 'static,
    ) {
        let fits = Box::new(fits);
        lock(&self.plan).traps.push(Trap { fits, trick, times });
    }

    /// From now on every request is shown twice: when it has come, and when the
    /// server has answered it.
    pub fn watch(
        &self,
        watcher: impl Fn(Seen) -> BoxFuture<'static, Ruling> + Send + Sync + 'static,
    ) {
        lock(&self.plan).watcher = Some(Arc::new(watcher));
    }

    /// From now on `from` in that header of every answer becomes `to`.
    pub fn rewrite_header(&self, header: HeaderName, from: &str, to: &str) {
        lock(&self.plan)
            .headers
            .push((header, from.into(), to.into()));
    }

    /// From now on `from` in the body of every answer becomes `to`.
    pub fn rewrite_body(&self, from: &str, to: &str) {
        lock(&self.plan).bodies.push((from.into(), to.into()));
    }

    /// How many tricks were played.
    pub fn sprung(&self) -> usize {
        lock(&self.plan).sprung
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, route: Arc<Route>) {
    // Ends its connections with it.
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        connections.spawn(serve(stream, route.clone()));
        while connections.try_join_next().is_some() {}
    }
}

async fn serve(stream: TcpStream, route: Arc<Route>) -> Result<(), Infallible> {
    let service = service_fn(move |request| {
        let route = route.clone();
        async move { route.carry(request).await }
    });
    // An error of the service breaks the connection without an answer, which
    // is what is wanted.
    // A connection serves one request: on one that served before, Chromium would
    // quietly send a lost request again, and the page would learn of no loss.
    let _ = http1::Builder::new()
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), service)
        .await;
    Ok(())
}

impl Route {
    async fn carry(&self, request: Request<Incoming>) -> Result<Response<Full<Bytes>>> {
        let trick = lock(&self.plan).spring(request.method(), request.uri().path());
        if let Some(Trick::Html) = trick {
            let page = "<!doctype html><title>Kasa</title><h1>It works!</h1>";
            return Ok(Response::builder()
                .header(CONTENT_TYPE, "text/html; charset=utf-8")
                .header("access-control-allow-origin", "*")
                .body(Full::from(page))?);
        }
        let (parts, body) = request.into_parts();
        let body = body.collect().await?.to_bytes();
        let mut seen = Seen {
            moment: Moment::Asked,
            method: parts.method.clone(),
            path: parts.uri.path().to_owned(),
            body: body.clone(),
        };
        if let Some(answer) = self.judged(&seen).await? {
            return Ok(answer);
        }
        let answer = self.pass_on(parts, body).await?;
        if let Some(Trick::LoseAnswer) = trick {
            return Err(anyhow!("the answer is lost on purpose"));
        }
        seen.moment = Moment::Answered;
        Ok(self.judged(&seen).await?.unwrap_or(answer))
    }

    /// What is answered in the server's stead, by whoever watches.
    async fn judged(&self, seen: &Seen) -> Result<Option<Response<Full<Bytes>>>> {
        let watcher = lock(&self.plan).watcher.clone();
        let Some(watcher) = watcher else {
            return Ok(None);
        };
        match watcher(seen.clone()).await {
            Ruling::Pass => Ok(None),
            Ruling::Break => Err(anyhow!("broken off on purpose")),
            Ruling::Answer(status) => {
                let answer = Response::builder().status(status);
                Ok(Some(answer.body(Full::default())?))
            }
        }
    }

    async fn pass_on(&self, parts: Parts, body: Bytes) -> Result<Response<Full<Bytes>>> {
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        let mut headers = parts.headers;
        for own in [HOST, CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING] {
            headers.remove(own);
        }
        // An answer that was rewritten differs from what the browser may hold.
        headers.remove(IF_NONE_MATCH);
        let answer = self
            .http
            .request(parts.method, format!("{}{path}", self.upstream))
            .headers(headers)
            .body(body)
            .send()
            .await?;
        let mut response = Response::builder().status(answer.status());
        for (name, value) in answer.headers() {
            if ![CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING].contains(name) {
                let value = lock(&self.plan).header(name, value.to_str()?);
                response = response.header(name, value);
            }
        }
        let body = answer.bytes().await?;
        let body = lock(&self.plan).body(body);
        Ok(response.body(Full::new(body))?)
    }
}

impl Plan {
    fn spring(&mut self, method: &Method, path: &str) -> Option<Trick> {
        let fits = |trap: &&mut Trap| trap.times > 0 && (trap.fits)(method, path);
        let trap = self.traps.iter_mut().find(fits)?;
        trap.times -= 1;
        self.sprung += 1;
        Some(trap.trick)
    }

    fn header(&self, name: &HeaderName, value: &str) -> String {
        self.headers
            .iter()
            .filter(|(header, ..)| header == name)
            .fold(value.to_owned(), |value, (_, from, to)| {
                value.replace(from, to)
            })
    }

    fn body(&self, body: Bytes) -> Bytes {
        match std::str::from_utf8(&body) {
            Ok(text) if self.bodies.iter().any(|(from, _)| text.contains(from)) => self
                .bodies
                .iter()
                .fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
                .into(),
            _ => body,
        }
    }
}

fn lock(plan: &Mutex<Plan>) -> MutexGuard<'_, Plan> {
    plan.lock().unwrap_or_else(PoisonError::into_inner)
}
