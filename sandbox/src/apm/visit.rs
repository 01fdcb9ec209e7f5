//! What the payer's browser meets on the way of a redirect: PayWall's link, then
//! the provider's page, then the form back to the merchant. No cookies: all of it
//! works in a frame of another site.

use std::sync::Arc;

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use uuid::Uuid;

use super::transaction::{Deed, Transaction};
use super::{pages, postback};
use crate::app::App;

#[derive(Deserialize)]
pub(super) struct AgentQuery {
    #[serde(rename = "UniqueNumber", default)]
    unique_number: String,
}

#[derive(Deserialize)]
pub(super) struct Submission {
    pub(super) r#do: Deed,
}

/// The link of the start's answer. It can be opened again until the end.
pub(super) async fn agent(
    State(app): State<Arc<App>>,
    Query(query): Query<AgentQuery>,
) -> Response {
    let mut state = app.apm.lock();
    let found = parse(&query.unique_number)
        .and_then(|code| state.by_unique_code(code, app.clock.now()))
        .filter(|transaction| has_page(transaction));
    let Some(transaction) = found else {
        return unknown();
    };
    if !transaction.waits_for_payer() {
        return (StatusCode::GONE, pages::closed()).into_response();
    }
    transaction.open_link();
    pages::forward(transaction.unique_code).into_response()
}

pub(super) async fn show(State(app): State<Arc<App>>, Path(id): Path<String>) -> Response {
    on_page(&app, &id, Transaction::open_page)
}

/// After the end it only shows the same result again.
pub(super) async fn submit(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    submission: Result<Form<Submission>, FormRejection>,
) -> Response {
    let Ok(Form(submission)) = submission else {
        return bad_request();
    };
    let now = app.clock.now();
    on_page(&app, &id, |transaction| {
        transaction.act(submission.r#do, now)
    })
}

fn on_page(app: &App, id: &str, deed: impl FnOnce(&mut Transaction)) -> Response {
    let mut state = app.apm.lock();
    let found = parse(id)
        .and_then(|code| state.by_unique_code(code, app.clock.now()))
        .filter(|transaction| has_page(transaction));
    let Some(transaction) = found else {
        return unknown();
    };
    deed(transaction);
    match transaction.outcome() {
        None => pages::pay(transaction).into_response(),
        Some(outcome) => {
            let form = postback::form(transaction, outcome, app.settings.apm.hash_key.as_ref());
            pages::post_back(transaction, &form, outcome.is_ok()).into_response()
        }
    }
}

/// One-time codes, payments at once and QR codes have none.
fn has_page(transaction: &Transaction) -> bool {
    transaction.order.connection.features.checkout && !transaction.by_phone
}

pub(super) fn unknown() -> Response {
    (StatusCode::NOT_FOUND, pages::unknown()).into_response()
}

pub(super) fn bad_request() -> Response {
    (StatusCode::BAD_REQUEST, pages::bad_request()).into_response()
}

pub(super) fn parse(id: &str) -> Option<Uuid> {
    Uuid::parse_str(id).ok()
}
