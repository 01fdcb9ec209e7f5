//! What the shopper's browser meets: PayWall's agent page, the bank's 3-D Secure
//! page, and the page that posts the result back to the merchant. No cookies:
//! all of it works in a frame of another site.

mod pages;
mod postback;
mod text;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use maud::Markup;
use serde::Deserialize;
use uuid::Uuid;

use crate::app::App;
use crate::paywall::payment::{Outcome, Payment, Phase};

pub(crate) fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/paywall/callback", get(agent))
        .route("/bank/3d/{session}", get(show).post(submit))
        .route(pages::SPECIMEN_PATH, get(specimen).post(specimen))
}

#[derive(Deserialize)]
struct AgentQuery {
    #[serde(rename = "UniqueNumber", default)]
    unique_number: String,
}

/// The link that start3d answers with. Opening it starts the payment; it can be
/// opened again until the payment has ended.
async fn agent(State(app): State<Arc<App>>, Query(query): Query<AgentQuery>) -> Response {
    let now = app.clock.now();
    let mut state = app.paywall.lock();
    let payment = parse(&query.unique_number).and_then(|session| state.by_session_mut(session));
    let Some(payment) = payment else {
        return unknown();
    };
    payment.open(now);
    if payment.is_open() {
        pages::forward(payment.session).into_response()
    } else {
        closed()
    }
}

async fn show(State(app): State<Arc<App>>, Path(session): Path<String>) -> Response {
    let mut state = app.paywall.lock();
    match parse(&session).and_then(|session| state.by_session_mut(session)) {
        Some(payment) => page(&app, payment, None),
        None => unknown(),
    }
}

/// For the state gallery of the demo shop, where no payment is.
async fn specimen() -> Markup {
    pages::specimen()
}

#[derive(Deserialize)]
struct Submission {
    #[serde(default)]
    code: String,
    /// The pressed button; absent when a script submits the form.
    action: Option<Action>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Action {
    Confirm,
    Cancel,
}

/// Takes the code, or the wish to cancel. After the end it only shows the same
/// result again.
async fn submit(
    State(app): State<Arc<App>>,
    Path(session): Path<String>,
    submission: Result<Form<Submission>, axum::extract::rejection::FormRejection>,
) -> Response {
    let Ok(Form(submission)) = submission else {
        return (StatusCode::BAD_REQUEST, pages::bad_request()).into_response();
    };
    let now = app.clock.now();
    let mut state = app.paywall.lock();
    let payment = parse(&session).and_then(|session| state.by_session_mut(session));
    let Some(payment) = payment else {
        return unknown();
    };
    let code: String = submission.code.split_whitespace().collect();
    match submission.action.unwrap_or(Action::Confirm) {
        Action::Cancel => payment.cancel_at_bank(now),
        // An empty field is a slip, not a wrong code.
        Action::Confirm if code.is_empty() && payment.is_open() => {
            return page(&app, payment, Some(text::EMPTY_CODE));
        }
        Action::Confirm => {
            let session = payment.session;
            state.confirm(session, &code, now);
        }
    }
    let payment = parse(&session).and_then(|session| state.by_session_mut(session));
    let Some(payment) = payment else {
        return unknown();
    };
    if payment.is_open() {
        // Reloading the answer to a wrong code must not spend another attempt.
        return Redirect::to(&pages::bank_path(payment.session)).into_response();
    }
    page(&app, payment, None)
}

/// The bank's page as it stands: asking, handing back, or closed.
fn page(app: &App, payment: &Payment, slip: Option<&str>) -> Response {
    match (payment.phase, payment.bank_result()) {
        (Phase::Created | Phase::Started { .. }, _) => pages::code(payment, slip).into_response(),
        (_, Some(result)) => {
            let key = app.settings.paywall.hash_key_3d.as_ref();
            let form = postback::form(payment, result, key);
            pages::post_back(&form, result.outcome == Outcome::Paid).into_response()
        }
        (_, None) => closed(),
    }
}

fn closed() -> Response {
    error(StatusCode::GONE, pages::closed())
}

fn unknown() -> Response {
    error(StatusCode::NOT_FOUND, pages::unknown())
}

fn error(status: StatusCode, page: Markup) -> Response {
    (status, page).into_response()
}

fn parse(session: &str) -> Option<Uuid> {
    Uuid::parse_str(session).ok()
}
