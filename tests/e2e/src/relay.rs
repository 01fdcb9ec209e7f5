//! What every man in the middle does: takes a browser's connections, and passes
//! a request on to a server as it is.

use std::convert::Infallible;
use std::sync::Arc;

use anyhow::Result;
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::header::{CONNECTION, CONTENT_LENGTH, HOST, TRANSFER_ENCODING};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{HeaderMap, Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use reqwest::Client;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

/// A request that was read to its end.
#[derive(Clone, Debug)]
pub(crate) struct Heard {
    pub method: Method,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// An answer that was read to its end.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// Carries requests. An error breaks the connection without an answer.
pub(crate) trait Carrier: Send + Sync + 'static {
    fn carry(
        &self,
        request: Request<Incoming>,
    ) -> impl Future<Output = Result<Response<Full<Bytes>>>> + Send;
}

/// Ends with its handle, and its connections with it.
pub(crate) fn listen(
    listener: std::net::TcpListener,
    carrier: Arc<impl Carrier>,
) -> Result<JoinHandle<()>> {
    listener.set_nonblocking(true)?;
    let listener = TcpListener::from_std(listener)?;
    Ok(tokio::spawn(async move {
        let mut connections = JoinSet::new();
        while let Ok((stream, _)) = listener.accept().await {
            connections.spawn(serve(stream, carrier.clone()));
            while connections.try_join_next().is_some() {}
        }
    }))
}

async fn serve(stream: TcpStream, carrier: Arc<impl Carrier>) -> Result<(), Infallible> {
    let service = service_fn(move |request| {
        let carrier = carrier.clone();
        async move { carrier.carry(request).await }
    });
    // A connection serves one request: on one that served before, a browser would
    // quietly send a lost request again, and the page would learn of no loss.
    let _ = http1::Builder::new()
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), service)
        .await;
    Ok(())
}

/// Does not follow redirects: those are the browser's.
pub(crate) fn client() -> Result<Client> {
    Ok(Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()?)
}

impl Heard {
    pub(crate) async fn read(request: Request<Incoming>) -> Result<Self> {
        let (parts, body) = request.into_parts();
        Ok(Heard {
            method: parts.method,
            headers: parts.headers,
            body: body.collect().await?.to_bytes(),
        })
    }

    pub(crate) async fn pass_on(self, http: &Client, url: &str) -> Result<Answer> {
        let mut headers = self.headers;
        headers.remove(HOST);
        drop_hop_by_hop(&mut headers);
        let sent = http.request(self.method, url).headers(headers);
        let answer = sent.body(self.body).send().await?;
        let status = answer.status();
        let mut headers = answer.headers().clone();
        drop_hop_by_hop(&mut headers);
        Ok(Answer {
            status,
            headers,
            body: answer.bytes().await?,
        })
    }
}

impl From<Answer> for Response<Full<Bytes>> {
    fn from(answer: Answer) -> Self {
        let mut response = Response::new(Full::new(answer.body));
        *response.status_mut() = answer.status;
        *response.headers_mut() = answer.headers;
        response
    }
}

fn drop_hop_by_hop(headers: &mut HeaderMap) {
    for own in [CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING] {
        headers.remove(own);
    }
    headers.remove("proxy-connection");
}
