//! What is asked by those who keep the server running: whether it lives, and
//! whether work may be sent to it. Tells nothing but that.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::Json;
use serde_json::{Value, json};

use crate::app::App;
use crate::problem::{Error, Result};

pub(crate) const LIVE: &str = "/healthz";
pub(crate) const READY: &str = "/readyz";

/// Before a prober gives up.
const PATIENCE: Duration = Duration::from_secs(2);

/// No look at the database: starting the server anew would not mend that.
pub(crate) async fn live() -> Json<Value> {
    Json(json!({ "status": "ok" }))
}

/// Until the database is there and its tables are up to date, nobody listens.
pub(crate) async fn ready(State(app): State<Arc<App>>) -> Result<Json<Value>> {
    if app.leaving.is_cancelled() {
        return Err(Error::NotReady("the server is stopping"));
    }
    let silent = Error::NotReady("the database does not answer");
    match tokio::time::timeout(PATIENCE, app.store.ping()).await {
        Ok(Ok(())) => Ok(Json(json!({ "status": "ready" }))),
        Ok(Err(error)) => {
            tracing::warn!(%error, "not ready: the database does not answer");
            Err(silent)
        }
        Err(_) => {
            tracing::warn!("not ready: the database takes too long to answer");
            Err(silent)
        }
    }
}
