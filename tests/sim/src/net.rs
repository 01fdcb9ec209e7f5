//! The network between the parts, which the seed rules: what goes over it is
//! delayed, lost before or after it was delivered, doubled, overtaken, or
//! answered by somebody in between.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Method, Request, Response, StatusCode, header};
use tokio_util::task::AbortOnDropHandle;

use crate::dice::Dice;
use crate::tally::Tally;
use crate::trace::Trace;

const LONGEST_BODY: usize = 1 << 20;

const PROXY_PAGE: &str =
    "<!doctype html><title>Service unavailable</title><h1>Please try again later.</h1>";

/// Who speaks to whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// The component's calls.
    PageToMerchant,
    /// tempcard.
    PageToPayWall,
    /// A return from a provider's page.
    BrowserToMerchant,
    /// A provider's page.
    BrowserToProvider,
    MerchantToProvider,
    /// Callbacks.
    ProviderToMerchant,
    /// Webhooks.
    MerchantToShop,
    ShopToMerchant,
}

impl Line {
    fn name(self) -> &'static str {
        match self {
            Line::PageToMerchant => "page>merchant",
            Line::PageToPayWall => "page>paywall",
            Line::BrowserToMerchant => "browser>merchant",
            Line::BrowserToProvider => "browser>provider",
            Line::MerchantToProvider => "merchant>provider",
            Line::ProviderToMerchant => "provider>merchant",
            Line::MerchantToShop => "merchant>shop",
            Line::ShopToMerchant => "shop>merchant",
        }
    }

    /// TCP doubles nothing: who repeats a request is a browser, a proxy or the
    /// sender himself, and none of them repeats a server's call that moves money.
    fn doubles(self, method: &Method) -> bool {
        match self {
            Line::MerchantToProvider => *method == Method::GET,
            Line::PageToPayWall | Line::BrowserToProvider => false,
            _ => true,
        }
    }
}

/// What the one who asked gets.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
    /// The connection broke after half of the body.
    pub half: bool,
}

/// A request as it travels.
#[derive(Clone, Debug)]
pub struct Letter {
    pub method: Method,
    pub url: url::Url,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// No answer: refused or broken off.
#[derive(Clone, Copy, Debug)]
pub struct Broken;

pub type Delivered = Pin<Box<dyn Future<Output = Result<Answer, Broken>> + Send>>;

/// Whoever lives at an address.
pub trait Party: Send + Sync {
    fn take(&self, request: Request<Body>) -> Delivered;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    None,
    /// It never arrives; nothing ever comes back.
    LostBefore,
    Refused,
    /// It arrives; nothing ever comes back.
    LostAfter,
    /// It arrives; the connection breaks instead of an answer.
    Broken,
    HalfBody,
    /// Somebody in between answers, and does not hand it on.
    Status500,
    Html,
    /// The same, after it was handed on.
    Status502After,
    HtmlAfter,
    Doubled,
    /// Later than any deadline.
    Late,
    LateAnswer,
}

const FAULTS: [Fault; 12] = [
    Fault::LostBefore,
    Fault::Refused,
    Fault::LostAfter,
    Fault::Broken,
    Fault::HalfBody,
    Fault::Status500,
    Fault::Html,
    Fault::Status502After,
    Fault::HtmlAfter,
    Fault::Doubled,
    Fault::Late,
    Fault::LateAnswer,
];

#[derive(Clone)]
pub struct Net(Arc<Inner>);

struct Inner {
    seed: u64,
    /// Faults in a hundred messages.
    faults: u32,
    calm: AtomicBool,
    sent: AtomicU64,
    trace: Trace,
    tally: Tally,
}

impl Net {
    pub fn new(seed: u64, faults: u32, trace: Trace, tally: Tally) -> Self {
        Net(Arc::new(Inner {
            seed,
            faults,
            calm: AtomicBool::new(false),
            sent: AtomicU64::new(0),
            trace,
            tally,
        }))
    }

    /// From now on nothing goes wrong.
    pub fn calm(&self) {
        self.0.calm.store(true, Ordering::Relaxed);
    }

    pub fn is_calm(&self) -> bool {
        self.0.calm.load(Ordering::Relaxed)
    }

    /// Hands a letter to `party` and brings the answer, as the dice will have it.
    /// Dropped, it hangs up; what is under way may arrive all the same.
    pub async fn send(
        &self,
        line: Line,
        party: Arc<dyn Party>,
        letter: Letter,
    ) -> Result<Answer, Broken> {
        let number = self.0.sent.fetch_add(1, Ordering::Relaxed);
        let mut dice = Dice::of(self.0.seed, line.name(), number);
        let fault = self.fault(line, &letter.method, &mut dice);
        let what = format!(
            "{} {number} {} {}",
            line.name(),
            letter.method,
            shown(&letter.url)
        );
        self.0.trace.step(match fault {
            Fault::None => what.clone(),
            fault => format!("{what} !{fault:?}"),
        });
        let (there, back) = (travel(&mut dice), travel(&mut dice));
        let late = dice.seconds(5, 180);
        // A server drops the work of a client that is gone, or it does not notice.
        let noticed = dice.chance(50);
        match fault {
            Fault::LostBefore => return std::future::pending().await,
            Fault::Refused => return Err(Broken),
            Fault::Status500 | Fault::Html => {
                tokio::time::sleep(there + back).await;
                return Ok(between(fault));
            }
            _ => {}
        }
        if fault == Fault::Doubled {
            let (twin, party) = (letter.clone(), Arc::clone(&party));
            let delay = there + dice.milliseconds(0, 20_000);
            let net = self.clone();
            let what = what.clone();
            tokio::spawn(async move {
                tokio::time::sleep(delay).await;
                net.deliver(&what, &party, twin).await
            });
        }
        let net = self.clone();
        let there = if fault == Fault::Late { late } else { there };
        let told = what.clone();
        let delivered = tokio::spawn(async move {
            tokio::time::sleep(there).await;
            net.deliver(&told, &party, letter).await
        });
        let answer = if noticed {
            AbortOnDropHandle::new(delivered).await
        } else {
            delivered.await
        };
        let answer = answer.unwrap_or(Err(Broken));
        tokio::time::sleep(if fault == Fault::LateAnswer {
            late
        } else {
            back
        })
        .await;
        let answer = match fault {
            Fault::LostAfter => std::future::pending().await,
            Fault::Broken => Err(Broken),
            Fault::HalfBody => answer.map(|whole| Answer {
                half: true,
                body: whole.body.slice(..whole.body.len() / 2),
                ..whole
            }),
            Fault::Status502After | Fault::HtmlAfter => Ok(between(fault)),
            _ => answer,
        };
        self.0.trace.step(match &answer {
            Ok(answer) => format!("{} {number} -> {}", line.name(), answer.status.as_u16()),
            Err(Broken) => format!("{} {number} -> broken", line.name()),
        });
        answer
    }

    fn fault(&self, line: Line, method: &Method, dice: &mut Dice) -> Fault {
        if self.is_calm() || !dice.chance(self.0.faults) {
            return Fault::None;
        }
        let fault = dice.among(&FAULTS);
        if fault == Fault::Doubled && !line.doubles(method) {
            return Fault::None;
        }
        self.0.tally.count(format!("fault {fault:?}"));
        fault
    }

    async fn deliver(
        &self,
        what: &str,
        party: &Arc<dyn Party>,
        letter: Letter,
    ) -> Result<Answer, Broken> {
        let answer = party.take(letter.into_request()).await;
        if let Ok(answer) = &answer {
            // What the server in question made of it, whatever the network makes of that.
            let own = answer.status.as_u16();
            if own == 500 || (own > 500 && self.is_calm()) {
                let body = String::from_utf8_lossy(&answer.body).into_owned();
                self.0
                    .trace
                    .violation(format!("{what} was answered {own}: {body}"));
            }
        }
        answer
    }
}

impl Letter {
    pub fn new(method: Method, url: &str) -> Option<Self> {
        Some(Letter {
            method,
            url: url.parse().ok()?,
            headers: HeaderMap::new(),
            body: Bytes::new(),
        })
    }

    #[must_use]
    pub fn with(mut self, name: header::HeaderName, value: &str) -> Self {
        if let Ok(value) = value.parse() {
            self.headers.insert(name, value);
        }
        self
    }

    #[must_use]
    pub fn body(mut self, kind: &str, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self.with(header::CONTENT_TYPE, kind)
    }

    pub fn into_request(self) -> Request<Body> {
        let mut path = self.url.path().to_owned();
        if let Some(query) = self.url.query() {
            path.push('?');
            path.push_str(query);
        }
        let mut request = Request::new(Body::from(self.body));
        *request.method_mut() = self.method;
        *request.uri_mut() = path.parse().unwrap_or_default();
        *request.headers_mut() = self.headers;
        let peer = SocketAddr::from(([192, 0, 2, 7], 40_000));
        request.extensions_mut().insert(ConnectInfo(peer));
        request
    }
}

/// Mostly a moment; now and then so long that others overtake it.
fn travel(dice: &mut Dice) -> Duration {
    match dice.number(0, 99) {
        0..85 => dice.milliseconds(2, 150),
        85..97 => dice.milliseconds(150, 3_000),
        _ => dice.milliseconds(3_000, 20_000),
    }
}

fn between(fault: Fault) -> Answer {
    let status = match fault {
        Fault::Status500 => StatusCode::INTERNAL_SERVER_ERROR,
        Fault::Html => StatusCode::OK,
        _ => StatusCode::BAD_GATEWAY,
    };
    Answer {
        status,
        headers: HeaderMap::new(),
        body: Bytes::from_static(PROXY_PAGE.as_bytes()),
        half: false,
    }
}

fn shown(url: &url::Url) -> String {
    match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    }
}

/// The whole of an answer.
pub async fn read(response: Response<Body>) -> Result<Answer, Broken> {
    let (head, body) = response.into_parts();
    let body = axum::body::to_bytes(body, LONGEST_BODY).await;
    Ok(Answer {
        status: head.status,
        headers: head.headers,
        body: body.map_err(|_| Broken)?,
        half: false,
    })
}

/// A body that breaks off, if it was half.
pub struct Cut {
    rest: Option<Bytes>,
    breaks: bool,
}

impl From<&Answer> for Cut {
    fn from(answer: &Answer) -> Self {
        Cut {
            rest: Some(answer.body.clone()),
            breaks: answer.half,
        }
    }
}

impl http_body::Body for Cut {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, std::io::Error>>> {
        Poll::Ready(match self.rest.take() {
            Some(rest) => Some(Ok(http_body::Frame::data(rest))),
            None if std::mem::take(&mut self.breaks) => {
                Some(Err(std::io::ErrorKind::ConnectionReset.into()))
            }
            None => None,
        })
    }
}
