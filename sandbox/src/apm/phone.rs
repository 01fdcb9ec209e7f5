//! The page behind a QR code: it plays the app on the payer's phone.

use std::sync::Arc;

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Response};

use super::pages;
use super::transaction::Transaction;
use super::visit::{Submission, bad_request, parse, unknown};
use crate::app::App;

pub(super) async fn show(State(app): State<Arc<App>>, Path(id): Path<String>) -> Response {
    on_phone(&app, &id, Transaction::open_page)
}

pub(super) async fn submit(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    submission: Result<Form<Submission>, FormRejection>,
) -> Response {
    let Ok(Form(submission)) = submission else {
        return bad_request();
    };
    let now = app.clock.now();
    on_phone(&app, &id, |transaction| {
        transaction.act(submission.r#do, now)
    })
}

fn on_phone(app: &App, id: &str, deed: impl FnOnce(&mut Transaction)) -> Response {
    let mut state = app.apm.lock();
    let found = parse(id)
        .and_then(|code| state.by_unique_code(code, app.clock.now()))
        .filter(|transaction| transaction.by_phone);
    let Some(transaction) = found else {
        return unknown();
    };
    deed(transaction);
    match transaction.outcome() {
        None => pages::phone(transaction).into_response(),
        Some(outcome) => pages::phone_done(transaction, outcome.is_ok()).into_response(),
    }
}
