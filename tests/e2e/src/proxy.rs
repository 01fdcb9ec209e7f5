//! A reverse proxy for one server, which can be told to misbehave: to lose an
//! answer, to answer with something else, to change a header. Everything it is
//! not told to spoil passes unchanged.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::{Result, anyhow};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::header::{
    CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, HOST, HeaderName, TRANSFER_ENCODING,
};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response};
use hyper_util::rt::TokioIo;
use reqwest::Client;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// What is done to a request instead of answering it as it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trick {
    /// The server does its work and answers; then the connection breaks.
    LoseAnswer,
    /// The server hears nothing; a page of HTML answers.
    Html,
}

/// A trick that waits for a request.
struct Trap {
    method: Method,
    path_ends: &'static str,
    trick: Trick,
    times: usize,
}

#[derive(Default)]
struct Plan {
    traps: Vec<Trap>,
    sprung: usize,
    /// Header of an answer, what stands in it, what shall stand there.
    rewrites: Vec<(HeaderName, &'static str, &'static str)>,
}

/// Stops when dropped.
pub struct Proxy {
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
        let listener = TcpListener::from_std(listener)?;
        let plan = Arc::<Mutex<Plan>>::default();
        let route = Arc::new(Route {
            // Redirects are the browser's to follow.
            http: Client::builder()
                .no_proxy()
                .redirect(reqwest::redirect::Policy::none())
                .build()?,
            upstream,
            plan: plan.clone(),
        });
        let accepting = tokio::spawn(accept(listener, route));
        Ok(Proxy { plan, accepting })
    }

    /// Plays a trick on the next `times` requests that fit.
    pub fn play(&self, trick: Trick, method: Method, path_ends: &'static str, times: usize) {
        lock(&self.plan).traps.push(Trap {
            method,
            path_ends,
            trick,
            times,
        });
    }

    /// From now on `from` in that header of every answer becomes `to`.
    pub fn rewrite(&self, header: HeaderName, from: &'static str, to: &'static str) {
        lock(&self.plan).rewrites.push((header, from, to));
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
        if trick == Some(Trick::Html) {
            let page = "<!doctype html><title>Kasa</title><h1>It works!</h1>";
            return Ok(Response::builder()
                .header(CONTENT_TYPE, "text/html; charset=utf-8")
                .header("access-control-allow-origin", "*")
                .body(Full::from(page))?);
        }
        let answer = self.pass_on(request).await?;
        if trick == Some(Trick::LoseAnswer) {
            return Err(anyhow!("the answer is lost on purpose"));
        }
        Ok(answer)
    }

    async fn pass_on(&self, request: Request<Incoming>) -> Result<Response<Full<Bytes>>> {
        let (parts, body) = request.into_parts();
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        let mut headers = parts.headers;
        for own in [HOST, CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING] {
            headers.remove(own);
        }
        let answer = self
            .http
            .request(parts.method, format!("{}{path}", self.upstream))
            .headers(headers)
            .body(body.collect().await?.to_bytes())
            .send()
            .await?;
        let mut response = Response::builder().status(answer.status());
        for (name, value) in answer.headers() {
            if ![CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING].contains(name) {
                let value = lock(&self.plan).rewritten(name, value.to_str()?);
                response = response.header(name, value);
            }
        }
        Ok(response.body(Full::new(answer.bytes().await?))?)
    }
}

impl Plan {
    fn spring(&mut self, method: &Method, path: &str) -> Option<Trick> {
        let fits = |trap: &&mut Trap| {
            trap.times > 0 && trap.method == *method && path.ends_with(trap.path_ends)
        };
        let trap = self.traps.iter_mut().find(fits)?;
        trap.times -= 1;
        self.sprung += 1;
        Some(trap.trick)
    }

    fn rewritten(&self, name: &HeaderName, value: &str) -> String {
        self.rewrites
            .iter()
            .filter(|(header, ..)| header == name)
            .fold(value.to_owned(), |value, (_, from, to)| {
                value.replace(from, to)
            })
    }
}

fn lock(plan: &Mutex<Plan>) -> MutexGuard<'_, Plan> {
    plan.lock().unwrap_or_else(PoisonError::into_inner)
}
