//! The providers' calls that arrived: no bodies, no headers. Knows no provider.

use std::collections::VecDeque;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;
use jiff::Timestamp;
use serde::Serialize;

use crate::app::{App, Memory};

/// Calls that are remembered; the oldest go first.
const KEPT: usize = 10_000;

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Call {
    method: String,
    path: String,
    at: Timestamp,
}

#[derive(Debug, Default)]
pub(crate) struct CallLog(Memory<VecDeque<Call>>);

impl CallLog {
    fn add(&self, call: Call) {
        let mut calls = self.0.lock();
        if calls.len() == KEPT {
            calls.pop_front();
        }
        calls.push_back(call);
    }

    /// Oldest first.
    pub(crate) fn list(&self) -> Vec<Call> {
        self.0.lock().iter().cloned().collect()
    }
}

/// Middleware around a room's API: remembers that a call came. Preflights are
/// the browser's, not the caller's.
pub(crate) async fn record(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    if request.method() != Method::OPTIONS {
        app.calls.add(Call {
            method: request.method().to_string(),
            path: request.uri().path().to_owned(),
            at: app.clock.now(),
        });
    }
    next.run(request).await
}
