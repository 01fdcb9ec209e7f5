//! PayWall's call about a terminal's sale (paywall.md §4.6): a hint to ask, and
//! where the answer to the sale was lost, the name to ask by.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use axum::routing::post;
use kasa_checkout::wire::merchant::Method;

use super::Terminal;
use crate::app::App;
use crate::extract::RawBody;
use crate::paywall::PhysicalCallback;
use crate::problem::{Error, Result};
use crate::providers::Routes;
use crate::returns::settle_within;
use crate::store::Payment;

pub(super) const PATH: &str = "/callback/terminal";

pub(super) fn routes(terminal: Arc<Terminal>) -> Routes {
    Routes {
        server: Router::new()
            .route(PATH, post(callback))
            .layer(Extension(terminal)),
        ..Routes::default()
    }
}

/// What PayWall expects as an answer is not described; any success will do.
async fn callback(
    Extension(terminal): Extension<Arc<Terminal>>,
    State(app): State<Arc<App>>,
    RawBody(body): RawBody,
) -> Result<StatusCode> {
    let told = PhysicalCallback::read(&body).and_then(|told| {
        told.verify(terminal.hash_key.as_ref())?;
        Ok(told)
    });
    let told = told.map_err(|forgery| {
        tracing::warn!(%forgery, "terminal callback not believed");
        Error::unreadable("not a callback of PayWall's")
    })?;
    let reference = told.merchant_unique_code().to_ascii_lowercase();
    let payment = app
        .store
        .payment_by_reference(&reference)
        .await?
        .filter(|payment| payment.method == Method::TERMINAL)
        .ok_or(Error::PaymentNotFound)?;
    // The name that the sale's own answer gave is never replaced.
    let request = told.payment_request_id().to_owned();
    let payment = Payment {
        provider_id: Some(payment.provider_id.clone().unwrap_or(request)),
        ..payment
    };
    settle_within(&app, payment).await;
    Ok(StatusCode::OK)
}
