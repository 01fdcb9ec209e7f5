//! `GET /sandbox/pos`: sales as tests look at them. `POST /sandbox/pos/{id}`: puts
//! one into any status, the merchant is told.

use std::sync::Arc;

use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Json, Response};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::notify;
use super::payment::{Payment, Status};
use crate::app::App;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct View {
    payment_request_id: Uuid,
    merchant_unique_code: String,
    terminal_id: Uuid,
    terminal_tag: &'static str,
    display_code: String,
    /// As sent, `"22.00"`.
    amount: String,
    currency_id: u8,
    status: u8,
    /// Every status so far, the present one last.
    history: Vec<u8>,
}

/// Oldest first.
pub(super) async fn list(State(app): State<Arc<App>>) -> Json<Vec<View>> {
    Json(app.pos.lock().payments().iter().map(View::of).collect())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wish {
    /// 1 to 12.
    status: u8,
}

/// 202, or 4xx with the reason as plain text.
pub(super) async fn set(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    wish: Result<Json<Wish>, JsonRejection>,
) -> Response {
    let wish = match wish {
        Ok(Json(wish)) => wish,
        Err(rejection) => return rejection.into_response(),
    };
    let Some(status) = Status::of(wish.status) else {
        let reason = "status must be 1 to 12";
        return (StatusCode::UNPROCESSABLE_ENTITY, reason).into_response();
    };
    let mut state = app.pos.lock();
    let Some(payment) = Uuid::parse_str(&id).ok().and_then(|id| state.by_id(id)) else {
        return (StatusCode::NOT_FOUND, "there is no such payment request").into_response();
    };
    payment.change(status, app.clock.now());
    notify::send(&app, payment);
    StatusCode::ACCEPTED.into_response()
}

impl View {
    fn of(payment: &Payment) -> Self {
        let order = &payment.order;
        Self {
            payment_request_id: payment.id,
            merchant_unique_code: order.merchant_unique_code.clone(),
            terminal_id: order.terminal.id,
            terminal_tag: order.terminal.tag,
            display_code: order.display_code.clone(),
            amount: order.amount.text(),
            currency_id: order.currency_id,
            status: payment.status.id(),
            history: payment.history.iter().map(|status| status.id()).collect(),
        }
    }
}
