//! The sandbox's own calls, which no provider has: what happened so far, and
//! faults to order. And the start page for people. Each room shows its records
//! by a call of its own.

pub(crate) mod start_page;

use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::get;
use axum::{Router, extract::rejection::JsonRejection};
use maud::Markup;

use crate::app::App;
use crate::callback::Sending;
use crate::calls::Call;
use crate::faults::FaultOrder;
use crate::page::if_not_present;

const START_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; \
    img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

pub(crate) fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/", get(start))
        .route("/sandbox/calls", get(calls))
        .route("/sandbox/callbacks", get(callbacks))
        .route(
            "/sandbox/faults",
            get(faults).post(order_fault).delete(clear_faults),
        )
        .layer(if_not_present(
            header::CONTENT_SECURITY_POLICY,
            START_POLICY,
        ))
}

/// Oldest first.
async fn calls(State(app): State<Arc<App>>) -> Json<Vec<Call>> {
    Json(app.calls.list())
}

/// Oldest first.
async fn callbacks(State(app): State<Arc<App>>) -> Json<Vec<Sending>> {
    Json(app.callbacks.list())
}

async fn faults(State(app): State<Arc<App>>) -> Json<Vec<FaultOrder>> {
    Json(app.faults.waiting())
}

/// 202, or 4xx with the reason as plain text.
async fn order_fault(
    State(app): State<Arc<App>>,
    order: Result<Json<FaultOrder>, JsonRejection>,
) -> Response {
    match order {
        Err(rejection) => rejection.into_response(),
        Ok(Json(order)) => match app.faults.order(order) {
            Ok(()) => StatusCode::ACCEPTED.into_response(),
            Err(reason) => (StatusCode::UNPROCESSABLE_ENTITY, reason.to_string()).into_response(),
        },
    }
}

async fn clear_faults(State(app): State<Arc<App>>) -> StatusCode {
    app.faults.clear();
    StatusCode::NO_CONTENT
}

async fn start(State(app): State<Arc<App>>) -> Markup {
    start_page::draw(&app)
}
