//! What comes back about an alternative method's payment (paywall.md §3.8): a
//! browser with a form, and PayWall itself with JSON. Both are hints to ask.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::post;

use kasa_checkout::wire::merchant::Method;

use super::Apm;
use crate::app::App;
use crate::extract::RawBody;
use crate::ids::PaymentId;
use crate::paywall::{ApmCallback, ApmReturned};
use crate::problem::{Error, Result};
use crate::providers::Routes;
use crate::returns::{self, PaymentText};
use crate::store::Payment;

/// `pay_` and 32 digits; a payment started anew has more behind.
const ID_LENGTH: usize = 36;

pub(super) fn routes(apm: Arc<Apm>) -> Routes {
    Routes {
        server: Router::new()
            .route("/return/apm/{payment}", post(come_back))
            .route("/callback/apm", post(callback))
            .layer(Extension(apm)),
        ..Routes::default()
    }
}

async fn come_back(
    Extension(apm): Extension<Arc<Apm>>,
    State(app): State<Arc<App>>,
    path: PaymentText,
    form: std::result::Result<Bytes, BytesRejection>,
) -> Result<Response> {
    returns::come_back(&app, path, |payment| {
        let form = form.map_err(|_| "it could not be read".to_owned())?;
        ApmReturned::read(&form)
            .and_then(|form| form.verify(&payment.reference, apm.hash_key.as_ref()))
            .map_err(|forgery| forgery.to_string())
    })
    .await
}

/// What PayWall expects as an answer is not described; any success will do.
async fn callback(
    Extension(apm): Extension<Arc<Apm>>,
    State(app): State<Arc<App>>,
    RawBody(body): RawBody,
) -> Result<StatusCode> {
    let told = ApmCallback::read(&body).and_then(|told| {
        told.verify(apm.hash_key.as_ref())?;
        Ok(told)
    });
    let told = told.map_err(|forgery| {
        tracing::warn!(%forgery, "APM callback not believed");
        Error::unreadable("not a callback of PayWall's")
    })?;
    let payment = payment_of(&app, told.merchant_unique_code()).await?;
    returns::settle_within(&app, payment).await;
    Ok(StatusCode::OK)
}

/// The payment that is, or was before it was started anew, known by `reference`;
/// it is asked about under that.
async fn payment_of(app: &App, reference: &str) -> Result<Payment> {
    let id = reference.get(..ID_LENGTH).unwrap_or(reference);
    let id = PaymentId::try_from(id.to_owned()).map_err(|_| Error::PaymentNotFound)?;
    let payment = app
        .store
        .payment(&id)
        .await?
        .filter(|payment| payment.method == Method::APM)
        .ok_or(Error::PaymentNotFound)?;
    Ok(Payment {
        reference: reference.to_owned(),
        ..payment
    })
}
