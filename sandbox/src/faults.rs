//! Faults to order: each waits for a call or callback that it names and spoils
//! it. Knows the names that the rooms declare, nothing of what they do.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::response::Parts;
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use futures_util::stream;
use serde::{Deserialize, Serialize};

use crate::LARGEST_BODY;
use crate::app::{App, Memory};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FaultKind {
    /// The work is done, then the connection breaks in the middle of the answer.
    /// A callback is never sent.
    Lost,
    /// The work is done; half of the answer comes as if it were all of it.
    Half,
    /// HTTP 500; the work is not done.
    Status500,
    /// HTTP 502, as from a proxy; the work is done.
    Status502,
    /// HTTP 200 with a page of HTML, as from a proxy; the work is not done.
    Html,
    /// Waits `delayMs`, then works as always; also if nobody waits for the answer
    /// any more.
    Slow,
    /// The token looks good, but the provider holds it for expired.
    ExpiredToken,
    /// The callback comes twice. A call arrives twice, as by a proxy that repeats
    /// it; the answer is the second one's.
    Doubled,
    /// The callback comes `delayMs` later; others overtake it. Of a call: the work
    /// is done at once, its answer comes so much later.
    Late,
    /// The callback comes with a wrong signature.
    Forged,
    /// The callback comes right after the next one of its name.
    Reordered,
}

/// What can happen to any call.
const CALL_FAULTS: &[FaultKind] = {
    use FaultKind::{Doubled, Half, Html, Late, Lost, Slow, Status500, Status502};
    &[Lost, Half, Status500, Status502, Html, Slow, Late, Doubled]
};

/// A call or callback that faults can be ordered for, as its room declares it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target {
    pub(crate) name: &'static str,
    pub(crate) takes: &'static [FaultKind],
}

impl Target {
    /// A call of a merchant's server or of a browser; see [`spoil`].
    pub(crate) const fn call(name: &'static str) -> Self {
        Self {
            name,
            takes: CALL_FAULTS,
        }
    }

    /// A message to a merchant's server; see [`crate::callback::send`].
    pub(crate) const fn callback(name: &'static str) -> Self {
        use FaultKind::{Doubled, Forged, Late, Lost, Reordered};
        Self {
            name,
            takes: &[Doubled, Late, Lost, Forged, Reordered],
        }
    }
}

/// Body of `POST /sandbox/faults`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct FaultOrder {
    pub(crate) call: String,
    pub(crate) fault: FaultKind,
    /// How many calls it spoils.
    #[serde(default = "once")]
    pub(crate) times: u32,
    /// Milliseconds, for `slow` and `late`.
    #[serde(default)]
    pub(crate) delay_ms: u64,
}

fn once() -> u32 {
    1
}

/// Why an order is refused, in words for the one who ordered.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Senseless {
    #[error("there is no call {asked:?}; there are {known}")]
    UnknownCall { asked: String, known: String },
    #[error("the fault {fault} does not go with {call}, which takes {takes}")]
    WrongFault {
        fault: FaultKind,
        call: &'static str,
        takes: String,
    },
    #[error("times must be 1 or more")]
    Never,
    #[error("delayMs must be 120000 or less")]
    TooSlow,
}

impl fmt::Display for FaultKind {
    /// The name it has in JSON.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

/// Marks a request whose token is to be held for expired at once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ExpireAtOnce;

/// What can be spoiled, and the orders that still wait, oldest first.
#[derive(Debug)]
pub(crate) struct Faults {
    targets: Vec<Target>,
    waiting: Memory<Vec<FaultOrder>>,
}

impl Faults {
    const LONGEST_DELAY_MS: u64 = 120_000;

    pub(crate) fn of<'a>(targets: impl Iterator<Item = &'a Target>) -> Self {
        Self {
            targets: targets.copied().collect(),
            waiting: Memory::default(),
        }
    }

    pub(crate) fn targets(&self) -> &[Target] {
        &self.targets
    }

    pub(crate) fn order(&self, order: FaultOrder) -> Result<(), Senseless> {
        let Some(target) = self.targets.iter().find(|known| known.name == order.call) else {
            let known = words(self.targets.iter().map(|known| known.name));
            return Err(Senseless::UnknownCall {
                asked: order.call,
                known,
            });
        };
        if !target.takes.contains(&order.fault) {
            return Err(Senseless::WrongFault {
                fault: order.fault,
                call: target.name,
                takes: words(target.takes),
            });
        }
        if order.times == 0 {
            return Err(Senseless::Never);
        }
        if order.delay_ms > Self::LONGEST_DELAY_MS {
            return Err(Senseless::TooSlow);
        }
        self.waiting.lock().push(order);
        Ok(())
    }

    pub(crate) fn waiting(&self) -> Vec<FaultOrder> {
        self.waiting.lock().clone()
    }

    pub(crate) fn clear(&self) {
        self.waiting.lock().clear();
    }

    /// The fault that waits for this call, counted as done.
    pub(crate) fn take(&self, call: &str) -> Option<FaultOrder> {
        let mut waiting = self.waiting.lock();
        let index = waiting.iter().position(|order| order.call == call)?;
        let order = waiting.get_mut(index)?;
        order.times -= 1;
        let taken = order.clone();
        waiting.retain(|order| order.times > 0);
        Some(taken)
    }
}

fn words<T: fmt::Display>(list: impl IntoIterator<Item = T>) -> String {
    let list: Vec<_> = list.into_iter().map(|item| item.to_string()).collect();
    list.join(", ")
}

/// Middleware around one call: spoils it when a fault waits for it.
pub(crate) async fn spoil(
    State((app, call)): State<(Arc<App>, &'static str)>,
    mut request: Request,
    next: Next,
) -> Response {
    let Some(order) = app.faults.take(call) else {
        return next.run(request).await;
    };
    tracing::info!(call, fault = ?order.fault, "spoiling a call as ordered");
    let delay = Duration::from_millis(order.delay_ms);
    match order.fault {
        FaultKind::Status500 => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        FaultKind::Status502 => {
            next.run(request).await;
            StatusCode::BAD_GATEWAY.into_response()
        }
        FaultKind::Html => Html(PROXY_PAGE).into_response(),
        FaultKind::Lost => {
            let (head, half) = half_of(next.run(request).await).await;
            Response::from_parts(head, Body::from_stream(half_then_error(half)))
        }
        FaultKind::Half => {
            let (head, half) = half_of(next.run(request).await).await;
            Response::from_parts(head, Body::from(half))
        }
        FaultKind::Slow => after(delay, next, request).await,
        FaultKind::Late => {
            let answer = next.run(request).await;
            tokio::time::sleep(delay).await;
            answer
        }
        FaultKind::Doubled => twice(next, request).await,
        FaultKind::ExpiredToken => {
            request.extensions_mut().insert(ExpireAtOnce);
            next.run(request).await
        }
        // Of callbacks; no order for a call can name them.
        FaultKind::Forged | FaultKind::Reordered => next.run(request).await,
    }
}

/// In a task of its own: a request that waits in a provider's queue does not
/// leave it because its sender has hung up.
async fn after(delay: Duration, next: Next, request: Request) -> Response {
    let work = tokio::spawn(async move {
        tokio::time::sleep(delay).await;
        next.run(request).await
    });
    work.await
        .unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

async fn twice(next: Next, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, LARGEST_BODY).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let first = Request::from_parts(head.clone(), Body::from(body.clone()));
    next.clone().run(first).await;
    next.run(Request::from_parts(head, Body::from(body))).await
}

const PROXY_PAGE: &str = "<!doctype html><html lang=\"en\"><title>Service unavailable</title>\
    <h1>Service temporarily unavailable</h1><p>Please try again later.</p></html>";

/// The head, without the length of the whole, and half of the body.
async fn half_of(response: Response) -> (Parts, Bytes) {
    let (mut head, body) = response.into_parts();
    head.headers.remove(header::CONTENT_LENGTH);
    let whole = axum::body::to_bytes(body, 1 << 20)
        .await
        .unwrap_or_default();
    let half = whole.slice(..whole.len() / 2);
    (head, half)
}

/// The pause between half and error lets the server flush: with nothing sent, a
/// client may quietly send the request again, and the fault would not be seen.
fn half_then_error(half: Bytes) -> impl futures_util::Stream<Item = Result<Bytes, BrokenOff>> {
    stream::unfold(Some(half), |half| async move {
        match half {
            Some(half) => Some((Ok(half), None)),
            None => {
                tokio::task::yield_now().await;
                Some((Err(BrokenOff), None))
            }
        }
    })
}

#[derive(Debug, thiserror::Error)]
#[error("broken off as ordered")]
struct BrokenOff;

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: &[Target] = &[
        Target::call("query"),
        Target::call("cancel"),
        Target::callback("told"),
    ];

    fn faults() -> Faults {
        Faults::of(KNOWN.iter())
    }

    fn order(call: &str, fault: FaultKind, times: u32) -> FaultOrder {
        FaultOrder {
            call: call.to_owned(),
            fault,
            times,
            delay_ms: 0,
        }
    }

    #[test]
    fn a_fault_spoils_its_own_call_as_often_as_ordered() {
        let faults = faults();
        faults.order(order("query", FaultKind::Html, 2)).unwrap();
        assert!(faults.take("cancel").is_none());
        assert!(faults.take("query").is_some());
        assert!(faults.take("query").is_some());
        assert!(faults.take("query").is_none());
    }

    #[test]
    fn faults_of_one_call_come_in_the_order_they_were_ordered() {
        let faults = faults();
        faults.order(order("cancel", FaultKind::Lost, 1)).unwrap();
        faults.order(order("cancel", FaultKind::Html, 1)).unwrap();
        let taken: Vec<_> = std::iter::from_fn(|| faults.take("cancel"))
            .map(|order| order.fault)
            .collect();
        assert_eq!(taken, [FaultKind::Lost, FaultKind::Html]);
    }

    #[test]
    fn senseless_orders_are_refused_with_words() {
        let words = |call, fault, times| {
            let refused = faults().order(order(call, fault, times));
            refused.unwrap_err().to_string()
        };
        assert_eq!(
            words("query", FaultKind::ExpiredToken, 1),
            "the fault expired_token does not go with query, which takes lost, half, status500, status502, html, slow, late, doubled"
        );
        assert_eq!(
            words("refound", FaultKind::Lost, 1),
            "there is no call \"refound\"; there are query, cancel, told"
        );
        assert_eq!(
            words("query", FaultKind::Lost, 0),
            "times must be 1 or more"
        );
        assert!(words("told", FaultKind::Html, 1).contains("doubled"));
    }
}
