//! Faults to order: each waits for a call it names and spoils its answer.
//! Knows the names of the calls, nothing of what they do.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use futures_util::stream;
use serde::{Deserialize, Serialize};

use crate::state::App;

/// The PayWall calls that a fault can be ordered for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CallName {
    Temptoken,
    Tempcard,
    Start3d,
    /// All three ways to query.
    Query,
    Cancel,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FaultKind {
    /// The work is done, then the connection breaks in the middle of the answer.
    Lost,
    /// HTTP 500; the work is not done.
    Status500,
    /// HTTP 200 with a page of HTML, as from a proxy; the work is not done.
    Html,
    /// Waits `delayMs`, then works as always.
    Slow,
    /// For temptoken: the token looks good, but PayWall holds it for expired.
    ExpiredToken,
}

/// Body of `POST /sandbox/faults`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct FaultOrder {
    pub(crate) call: CallName,
    pub(crate) fault: FaultKind,
    /// How many calls it spoils.
    #[serde(default = "once")]
    pub(crate) times: u32,
    /// Milliseconds, for `slow`.
    #[serde(default)]
    pub(crate) delay_ms: u64,
}

fn once() -> u32 {
    1
}

/// Marks a request whose token is to be held for expired at once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ExpireAtOnce;

/// The orders that still wait, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Faults(Mutex<Vec<FaultOrder>>);

impl Faults {
    const LONGEST_DELAY_MS: u64 = 120_000;

    /// Says in words what is wrong with an order that makes no sense.
    pub(crate) fn order(&self, order: FaultOrder) -> Result<(), &'static str> {
        if order.fault == FaultKind::ExpiredToken && order.call != CallName::Temptoken {
            return Err("the fault expired_token goes with the call temptoken only");
        }
        if order.times == 0 {
            return Err("times must be 1 or more");
        }
        if order.delay_ms > Self::LONGEST_DELAY_MS {
            return Err("delayMs must be 120000 or less");
        }
        self.lock().push(order);
        Ok(())
    }

    pub(crate) fn waiting(&self) -> Vec<FaultOrder> {
        self.lock().clone()
    }

    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    fn take(&self, call: CallName) -> Option<FaultOrder> {
        let mut waiting = self.lock();
        let index = waiting.iter().position(|order| order.call == call)?;
        let order = waiting.get_mut(index)?;
        order.times -= 1;
        let taken = *order;
        waiting.retain(|order| order.times > 0);
        Some(taken)
    }

    fn lock(&self) -> MutexGuard<'_, Vec<FaultOrder>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Middleware around one call: spoils it when a fault waits for it.
pub(crate) async fn spoil(
    State((app, call)): State<(Arc<App>, CallName)>,
    mut request: Request,
    next: Next,
) -> Response {
    let Some(order) = app.faults.take(call) else {
        return next.run(request).await;
    };
    tracing::info!(?call, fault = ?order.fault, "spoiling a call as ordered");
    match order.fault {
        FaultKind::Status500 => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        FaultKind::Html => Html(PROXY_PAGE).into_response(),
        FaultKind::Lost => break_off(next.run(request).await).await,
        FaultKind::Slow => {
            tokio::time::sleep(Duration::from_millis(order.delay_ms)).await;
            next.run(request).await
        }
        FaultKind::ExpiredToken => {
            request.extensions_mut().insert(ExpireAtOnce);
            next.run(request).await
        }
    }
}

const PROXY_PAGE: &str = "<!doctype html><html lang=\"en\"><title>Service unavailable</title>\
    <h1>Service temporarily unavailable</h1><p>Please try again later.</p></html>";

/// Sends the head and half of the body, then drops the connection.
async fn break_off(response: Response) -> Response {
    let (mut head, body) = response.into_parts();
    head.headers.remove(header::CONTENT_LENGTH);
    let whole = axum::body::to_bytes(body, 1 << 20)
        .await
        .unwrap_or_default();
    let half = whole.slice(..whole.len() / 2);
    Response::from_parts(head, Body::from_stream(half_then_error(half)))
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

    fn order(call: CallName, fault: FaultKind, times: u32) -> FaultOrder {
        FaultOrder {
            call,
            fault,
            times,
            delay_ms: 0,
        }
    }

    #[test]
    fn a_fault_spoils_its_own_call_as_often_as_ordered() {
        let faults = Faults::default();
        faults
            .order(order(CallName::Query, FaultKind::Html, 2))
            .unwrap();
        assert!(faults.take(CallName::Cancel).is_none());
        assert!(faults.take(CallName::Query).is_some());
        assert!(faults.take(CallName::Query).is_some());
        assert!(faults.take(CallName::Query).is_none());
    }

    #[test]
    fn faults_of_one_call_come_in_the_order_they_were_ordered() {
        let faults = Faults::default();
        faults
            .order(order(CallName::Start3d, FaultKind::Lost, 1))
            .unwrap();
        faults
            .order(order(CallName::Start3d, FaultKind::Html, 1))
            .unwrap();
        let taken: Vec<_> = std::iter::from_fn(|| faults.take(CallName::Start3d))
            .map(|order| order.fault)
            .collect();
        assert_eq!(taken, [FaultKind::Lost, FaultKind::Html]);
    }

    #[test]
    fn senseless_orders_are_refused() {
        let faults = Faults::default();
        assert!(
            faults
                .order(order(CallName::Query, FaultKind::ExpiredToken, 1))
                .is_err()
        );
        assert!(
            faults
                .order(order(CallName::Query, FaultKind::Lost, 0))
                .is_err()
        );
    }
}
