//! The terminal that a person can tap: `/pos/terminal/{terminalId}`.

use std::sync::Arc;

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use uuid::Uuid;

use super::payment::Deed;
use super::terminals::{self, Terminal};
use super::{notify, page};
use crate::app::App;

/// Seconds after which a terminal without a sale looks again.
const LOOK_AGAIN: &str = "2";

#[derive(Deserialize)]
pub(super) struct Press {
    r#do: Deed,
    /// The sale that was on the screen: another may have taken its place.
    sale: Uuid,
}

pub(super) async fn show(State(app): State<Arc<App>>, Path(id): Path<String>) -> Response {
    let Some(terminal) = find(&id) else {
        return unknown();
    };
    let state = app.pos.lock();
    match state.at_terminal(terminal.id) {
        Some(payment) => page::sale(payment).into_response(),
        None => {
            let idle = page::idle(terminal, state.last_at_terminal(terminal.id));
            ([(header::REFRESH, LOOK_AGAIN)], idle).into_response()
        }
    }
}

/// A press that came too late does nothing; the page then shows how things stand.
pub(super) async fn press(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    pressed: Result<Form<Press>, FormRejection>,
) -> Response {
    let Some(terminal) = find(&id) else {
        return unknown();
    };
    let Ok(Form(pressed)) = pressed else {
        return (StatusCode::BAD_REQUEST, page::bad_request()).into_response();
    };
    let mut state = app.pos.lock();
    let payment = state
        .by_id(pressed.sale)
        .filter(|payment| payment.order.terminal.id == terminal.id);
    if let Some(payment) = payment
        && payment.act(pressed.r#do, app.clock.now())
    {
        notify::send(&app, payment);
    }
    Redirect::to(&page::path(terminal)).into_response()
}

fn find(id: &str) -> Option<&'static Terminal> {
    Uuid::parse_str(id).ok().and_then(terminals::by_id)
}

fn unknown() -> Response {
    (StatusCode::NOT_FOUND, page::unknown()).into_response()
}
