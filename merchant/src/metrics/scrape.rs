//! `GET /metrics`, on an address of its own: not for the shop's public.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::app::App;
use crate::problem::{Error, Result};

/// Before Prometheus gives up on its own (10 s, unless told otherwise).
const PATIENCE: Duration = Duration::from_secs(5);

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

pub(crate) fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/metrics", get(metrics))
        .with_state(app)
}

async fn metrics(State(app): State<Arc<App>>) -> Result<Response> {
    let tally = tokio::time::timeout(PATIENCE, app.store.tally(app.now())).await;
    let tally = match tally {
        Ok(Ok(tally)) => Some(tally),
        Ok(Err(error)) => {
            tracing::warn!(%error, "metrics without the database's");
            None
        }
        Err(_) => {
            tracing::warn!("metrics without the database's: it took too long");
            None
        }
    };
    let methods = app.providers.methods();
    let text = app.metrics.text(tally.as_ref(), &methods);
    let text = text.map_err(|error| Error::Internal(error.to_string()))?;
    Ok(([(header::CONTENT_TYPE, OPEN_METRICS)], text).into_response())
}
