//! All that a browser sends and gets passes here: the proxy of its session,
//! which every engine has. So what was on its network is known in each of them
//! alike, and in full. It leads to this machine alone.

use std::fmt;
use std::net::TcpListener;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Result;
use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::{ACCEPT_ENCODING, CONTENT_SECURITY_POLICY, HeaderValue};
use hyper::{HeaderMap, Method, Response, StatusCode, Uri};
use reqwest::Client;
use tokio::task::JoinHandle;

use crate::relay::{self, Answer, Carrier, Heard};

/// Where each page's policy is told to report its violations; no server hears
/// of it.
const REPORTS: &str = "/.well-known/kasa-e2e-violations";

/// A request that the browser sent.
#[derive(Clone, Debug)]
pub struct Request {
    pub method: String,
    pub url: String,
    headers: HeaderMap,
    pub body: String,
    /// Of the answer.
    pub status: Option<u16>,
    /// Why there is no answer.
    pub error: Option<String>,
    answer: Option<(HeaderMap, String)>,
}

impl Request {
    /// Case does not matter.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Whether it asks the merchant server for a payment.
    pub fn creates_payment(&self) -> bool {
        self.method == "POST" && self.url.ends_with("/payments")
    }

    /// Of an answer that came.
    pub fn answer(&self) -> Option<&str> {
        self.answer.as_ref().map(|(_, body)| body.as_str())
    }

    /// Address, headers and the answer: all but its own body.
    pub fn around_the_body(&self) -> String {
        format!("{} {:?} {:?}", self.url, self.headers, self.answer)
    }
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} : ", self.method, self.url)?;
        match (self.status, &self.error) {
            (Some(status), _) => write!(f, "{status}"),
            (None, Some(error)) => f.write_str(error),
            (None, None) => f.write_str("no answer"),
        }
    }
}

/// Cut when dropped.
pub struct Wire {
    /// As a session's capabilities name it.
    pub address: String,
    tap: Arc<Tap>,
    accepting: JoinHandle<()>,
}

struct Tap {
    http: Client,
    heard: Mutex<Log>,
}

#[derive(Default)]
struct Log {
    requests: Vec<Request>,
    violations: Vec<String>,
}

impl Wire {
    pub fn lay() -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let address = listener.local_addr()?.to_string();
        let tap = Arc::new(Tap {
            http: relay::client()?,
            heard: Mutex::default(),
        });
        let accepting = relay::listen(listener, tap.clone())?;
        Ok(Wire {
            address,
            tap,
            accepting,
        })
    }

    /// In the order in which they were sent.
    pub fn requests(&self) -> Vec<Request> {
        self.tap.log().requests.clone()
    }

    /// As the browser reported them: what a page wanted against its policy.
    pub fn violations(&self) -> Vec<String> {
        self.tap.log().violations.clone()
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Carrier for Tap {
    async fn carry(&self, request: hyper::Request<Incoming>) -> Result<Response<Full<Bytes>>> {
        let uri = request.uri().clone();
        let mut heard = Heard::read(request).await?;
        // What is packed cannot be searched.
        heard.headers.remove(ACCEPT_ENCODING);
        if heard.method == Method::POST && uri.path() == REPORTS {
            let report = String::from_utf8_lossy(&heard.body).into_owned();
            self.log().violations.push(report);
            return Ok(empty(StatusCode::NO_CONTENT));
        }
        let number = self.note_request(&uri, &heard);
        if !is_this_machine(&uri) {
            return Ok(empty(StatusCode::FORBIDDEN));
        }
        let mut answer = match heard.pass_on(&self.http, &uri.to_string()).await {
            Ok(answer) => answer,
            Err(error) => {
                self.note(number, |request| request.error = Some(format!("{error:#}")));
                return Err(error);
            }
        };
        self.note(number, |request| {
            request.status = Some(answer.status.as_u16());
            let body = String::from_utf8_lossy(&answer.body).into_owned();
            request.answer = Some((answer.headers.clone(), body));
        });
        ask_for_reports(&mut answer)?;
        Ok(answer.into())
    }
}

impl Tap {
    fn note_request(&self, uri: &Uri, heard: &Heard) -> usize {
        let mut log = self.log();
        log.requests.push(Request {
            method: heard.method.to_string(),
            url: uri.to_string(),
            headers: heard.headers.clone(),
            body: String::from_utf8_lossy(&heard.body).into_owned(),
            status: None,
            error: None,
            answer: None,
        });
        log.requests.len() - 1
    }

    fn note(&self, number: usize, what: impl FnOnce(&mut Request)) {
        if let Some(request) = self.log().requests.get_mut(number) {
            what(request);
        }
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Browsers have things to say to their makers; not from here.
fn is_this_machine(uri: &Uri) -> bool {
    uri.scheme_str() == Some("http") && matches!(uri.host(), Some("localhost" | "127.0.0.1"))
}

fn ask_for_reports(answer: &mut Answer) -> Result<()> {
    if let Some(policy) = answer.headers.get_mut(CONTENT_SECURITY_POLICY) {
        let reporting = format!("{}; report-uri {REPORTS}", policy.to_str()?);
        *policy = HeaderValue::try_from(reporting)?;
    }
    Ok(())
}

fn empty(status: StatusCode) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    *response.status_mut() = status;
    response
}
