//! Messages that a provider's server posts to a merchant: sent in order, again
//! when they are not accepted, and spoiled as ordered. Knows no provider: a room
//! hands over where to, what, and how a forged one would look.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Client, Request, RequestBuilder, StatusCode, redirect};
use serde::Serialize;
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use crate::app::{App, Memory};
use crate::faults::FaultKind;

/// How long a merchant may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Sendings of one message, the first one too.
const ATTEMPTS: u32 = 4;

/// Sendings that are remembered; the oldest go first.
const KEPT: usize = 1_000;

/// A request to post.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub(crate) url: String,
    /// `content-type` and the signature, where it travels as a header.
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Message {
    /// Proved within its body, which is made of texts and numbers.
    pub(crate) fn json(url: &str, body: &impl Serialize) -> Self {
        let json = HeaderValue::from_static("application/json");
        Self {
            url: url.to_owned(),
            headers: HeaderMap::from_iter([(CONTENT_TYPE, json)]),
            // So it can always be written.
            body: serde_json::to_string(body).unwrap_or_default(),
        }
    }
}

/// How a message is to be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signing {
    Right,
    /// As somebody would who does not have the key.
    Forged,
}

/// One sending, as `GET /sandbox/callbacks` tells it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Sending {
    callback: &'static str,
    url: String,
    /// From 1.
    attempt: u32,
    /// HTTP status of the merchant's answer; null when there was none.
    status: Option<u16>,
    at: Timestamp,
}

/// Posts a request to a merchant and brings the status of the answer; `None` without one.
/// In place of the network, where the merchant lives in the same process.
pub type Courier = Arc<dyn Fn(Request) -> Answered + Send + Sync>;

/// The future of a [`Courier`]'s answer.
pub type Answered = Pin<Box<dyn Future<Output = Option<StatusCode>> + Send>>;

pub(crate) struct Callbacks {
    client: Client,
    courier: Option<Courier>,
    /// Before the second attempt; it doubles before each further one.
    pause: Duration,
    lines: Memory<Lines>,
    sent: Memory<VecDeque<Sending>>,
}

impl fmt::Debug for Callbacks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Callbacks")
            .field("pause", &self.pause)
            .field("lines", &self.lines)
            .field("sent", &self.sent)
            .finish_non_exhaustive()
    }
}

#[derive(Debug, Default)]
struct Lines {
    lines: HashMap<&'static str, Line>,
    /// Sendings under way; they end with the sandbox.
    tasks: JoinSet<()>,
}

/// Messages under one name arrive in the order they were sent in.
#[derive(Debug, Default)]
struct Line {
    /// Closes when the message before has been sent for the first time.
    before: Option<oneshot::Receiver<()>>,
    /// Waits until another message overtakes it.
    held_back: Vec<Message>,
}

impl Callbacks {
    pub(crate) fn new(pause: Duration, courier: Option<Courier>) -> reqwest::Result<Self> {
        // An error says that the process has a provider already, which does as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .no_proxy()
            .timeout(PATIENCE)
            .redirect(redirect::Policy::none())
            .build()?;
        Ok(Self {
            client,
            courier,
            pause,
            lines: Memory::default(),
            sent: Memory::default(),
        })
    }

    async fn post(&self, call: RequestBuilder) -> Option<StatusCode> {
        let Some(courier) = &self.courier else {
            return call.send().await.ok().map(|answer| answer.status());
        };
        let answered = courier(call.build().ok()?);
        tokio::time::timeout(PATIENCE, answered)
            .await
            .ok()
            .flatten()
    }

    /// Oldest first.
    pub(crate) fn list(&self) -> Vec<Sending> {
        self.sent.lock().iter().cloned().collect()
    }
}

/// Sends a message under the name of its callback, by which faults are ordered.
/// Returns at once; `message` is asked for the text with the signature wanted.
pub(crate) fn send(app: &Arc<App>, name: &'static str, message: impl Fn(Signing) -> Message) {
    let order = app.faults.take(name);
    let fault = order.as_ref().map(|order| order.fault);
    if let Some(fault) = fault {
        tracing::info!(callback = name, ?fault, "spoiling a callback as ordered");
    }
    let delay = Duration::from_millis(order.map_or(0, |order| order.delay_ms));
    let right = || message(Signing::Right);
    match fault {
        Some(FaultKind::Lost) => {}
        Some(FaultKind::Reordered) => {
            let mut lines = app.callbacks.lines.lock();
            lines.lines.entry(name).or_default().held_back.push(right());
        }
        Some(FaultKind::Late) => {
            let (sender, message) = (app.clone(), right());
            spawn(app, async move {
                tokio::time::sleep(delay).await;
                deliver(&sender, name, &message).await;
            });
        }
        Some(FaultKind::Forged) => line_up(app, name, vec![message(Signing::Forged)]),
        Some(FaultKind::Doubled) => line_up(app, name, vec![right(), right()]),
        _ => line_up(app, name, vec![right()]),
    }
}

/// Sends after what was sent before under this name, and what was held back after that.
fn line_up(app: &Arc<App>, name: &'static str, mut messages: Vec<Message>) {
    let (done, next) = oneshot::channel::<()>();
    let before = {
        let mut lines = app.callbacks.lines.lock();
        let line = lines.lines.entry(name).or_default();
        messages.append(&mut line.held_back);
        line.before.replace(next)
    };
    let sender = app.clone();
    spawn(app, async move {
        if let Some(before) = before {
            // It only ever closes.
            let _ = before.await;
        }
        let mut refused = Vec::new();
        for message in messages {
            if !attempt(&sender, name, &message, 1).await {
                refused.push(message);
            }
        }
        drop(done);
        for message in refused {
            again(&sender, name, &message).await;
        }
    });
}

async fn deliver(app: &App, name: &'static str, message: &Message) {
    if !attempt(app, name, message, 1).await {
        again(app, name, message).await;
    }
}

async fn again(app: &App, name: &'static str, message: &Message) {
    let mut pause = app.callbacks.pause;
    for number in 2..=ATTEMPTS {
        tokio::time::sleep(pause).await;
        pause *= 2;
        if attempt(app, name, message, number).await {
            return;
        }
    }
    tracing::warn!(callback = name, "the merchant did not accept a callback");
}

/// Whether the merchant took it: any 2xx.
async fn attempt(app: &App, name: &'static str, message: &Message, number: u32) -> bool {
    let call = app
        .callbacks
        .client
        .post(&message.url)
        .headers(message.headers.clone())
        .body(message.body.clone());
    let status = app.callbacks.post(call).await;
    let mut sent = app.callbacks.sent.lock();
    if sent.len() == KEPT {
        sent.pop_front();
    }
    sent.push_back(Sending {
        callback: name,
        url: message.url.clone(),
        attempt: number,
        status: status.map(|status| status.as_u16()),
        at: app.clock.now(),
    });
    status.is_some_and(|status| status.is_success())
}

fn spawn(app: &App, task: impl Future<Output = ()> + Send + 'static) {
    let mut lines = app.callbacks.lines.lock();
    while lines.tasks.try_join_next().is_some() {}
    lines.tasks.spawn(task);
}
