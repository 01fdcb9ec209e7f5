//! Stands in for Hepsipay's common payment page (hepsipay.md §2 to §9): save,
//! query, refund, and the page that the shopper pays on. Here: the routes, who
//! may call, how a call is refused. Each call has its own file.

mod page;
mod pages;
mod query;
mod records;
mod refund;
mod refusal;
mod sale;
mod save;
pub(crate) mod settings;
pub mod signature;
mod start_page;
pub(crate) mod state;
mod text;
mod wire;

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{any, get, post};
use serde_json::json;

use self::refusal::Refusal;
use self::signature::{Algorithm, Signer, same};
use self::state::RefusalStatus;
use self::wire::Text;
use crate::app::App;
use crate::faults::Target;
use crate::{calls, faults, page as shared};

pub(crate) use self::start_page::section;

const SAVE: &str = "hepsipay_save";
const QUERY: &str = "hepsipay_query";
const REFUND: &str = "hepsipay_refund";

pub(crate) const TARGETS: &[Target] = &[
    Target::call(SAVE),
    Target::call(QUERY),
    Target::call(REFUND),
];

pub(crate) const RECORDS: &str = "/sandbox/hepsipay";

pub(crate) fn router(app: &Arc<App>) -> Router<Arc<App>> {
    api(app)
        .merge(shared::guarded(page::router()))
        .route(RECORDS, get(records::list))
        .route(
            "/sandbox/hepsipay/switches",
            get(records::switches).post(records::switch),
        )
}

fn api(app: &Arc<App>) -> Router<Arc<App>> {
    let spoil = |call| from_fn_with_state((app.clone(), call), faults::spoil);
    Router::new()
        .route(
            "/hepsipay/api/commonpayments/save",
            post(save::handle).route_layer(spoil(SAVE)),
        )
        .route(
            "/hepsipay/api/commonpayments/query",
            post(query::handle).route_layer(spoil(QUERY)),
        )
        .route(
            "/hepsipay/api/payments/refund",
            post(refund::handle).route_layer(spoil(REFUND)),
        )
        .route("/hepsipay/api/{*rest}", any(not_implemented))
        .layer(from_fn_with_state(app.clone(), calls::record))
}

/// A call that the sandbox does not have must not look like a refusal of one it has.
async fn not_implemented(State(app): State<Arc<App>>) -> Response {
    let mut response = refused(&app, Refusal::NotImplemented, Spelling::Camel);
    *response.status_mut() = StatusCode::NOT_IMPLEMENTED;
    response
}

/// How an answer spells its keys.
#[derive(Clone, Copy, Debug)]
enum Spelling {
    /// As the printed samples of save and query do.
    Camel,
    /// As the documentation names the fields of refund.
    Pascal,
}

/// `success: false` with its code; unsigned, because only successes are checked
/// (hepsipay.md §3).
fn refused(app: &App, refusal: Refusal, spelling: Spelling) -> Response {
    let status = match app.hepsipay.lock().switches.refusals {
        RefusalStatus::Ok => StatusCode::OK,
        RefusalStatus::BadRequest => StatusCode::BAD_REQUEST,
    };
    let (message, user) = text::refusal(refusal);
    let code = refusal.code();
    let body = match spelling {
        Spelling::Camel => json!({
            "success": false, "messageCode": code, "message": message, "userMessage": user,
        }),
        Spelling::Pascal => json!({
            "Success": false, "MessageCode": code, "Message": message, "UserMessage": user,
        }),
    };
    (status, Json(body)).into_response()
}

fn check_api_key(app: &App, sent: &Text) -> Result<(), Refusal> {
    if same(&sent.0, app.settings.hepsipay.api_key.reveal()) {
        Ok(())
    } else {
        Err(Refusal::ApiKey)
    }
}

fn signer(app: &App, algorithm: Algorithm) -> Signer<'_> {
    Signer {
        secret: &app.settings.hepsipay.secret_key,
        algorithm,
    }
}
