//! Browsers that come back from a provider or a bank. What they bring is a hint:
//! a good one makes the server ask, and none changes anything by what it says.
//! The browser is sent on to the shop in every case.
//!
//! Which hints are good is for the provider's own code to judge.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use kasa_checkout::wire::merchant::{Challenge, RETURN_PARAMETER};
use maud::{DOCTYPE, html};
use tracing::Instrument as _;
use url::Url;

use crate::app::App;
use crate::ids::PaymentId;
use crate::problem::{Error, Result};
use crate::settle::settle;
use crate::store::{Order, Payment};
use crate::text;

/// A shopper is not kept longer than this; the question goes on without them.
const PATIENCE: Duration = Duration::from_secs(8);

const FRAME_SCRIPT: &str = include_str!("frame.js");

/// `{payment}` of a return's path, of whatever shape.
pub(crate) type PaymentText = std::result::Result<Path<String>, PathRejection>;

/// What every return does: finds the payment, lets `believe` judge what the
/// browser brought, asks the provider if it is believed, and sends the browser on.
pub(crate) async fn come_back<E: fmt::Display>(
    app: &Arc<App>,
    path: PaymentText,
    believe: impl FnOnce(&Payment) -> std::result::Result<(), E>,
) -> Result<Response> {
    let Path(text) = path.map_err(|_| Error::PaymentNotFound)?;
    let id = PaymentId::try_from(text).map_err(|_| Error::PaymentNotFound)?;
    let payment = app
        .store
        .payment(&id)
        .await?
        .ok_or(Error::PaymentNotFound)?;
    let order = app
        .store
        .order(&payment.checkout)
        .await?
        .ok_or(Error::PaymentNotFound)?;
    let challenge = payment.challenge;
    // `believe` may hold what is not to be held over the question.
    let believed = believe(&payment).map_err(|doubt| doubt.to_string());
    match believed {
        Ok(()) => settle_within(app, payment).await,
        Err(doubt) => tracing::warn!(payment = ?id, doubt, "return not believed"),
    }
    send_on(&id, &order, challenge)
}

/// Settles, but goes on before a provider's time-out. For callbacks too.
pub(crate) async fn settle_within(app: &Arc<App>, payment: Payment) {
    let span = tracing::info_span!("settle", payment = ?payment.id);
    let worker = Arc::clone(app);
    let settling = async move { settle(&worker, payment).await.map(drop) };
    patiently(app, settling).instrument(span).await;
}

/// Lets `work` come to its end, but goes on without it before a provider's time-out.
pub(crate) async fn patiently(
    app: &Arc<App>,
    work: impl Future<Output = Result<()>> + Send + 'static,
) {
    match tokio::time::timeout(PATIENCE, app.to_the_end(work)).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::error!(%error, "asking after a hint failed"),
        Err(_) => tracing::warn!("asking after a hint takes long"),
    }
}

fn send_on(payment: &PaymentId, order: &Order, challenge: Challenge) -> Result<Response> {
    let shop = shop_address(order)?;
    Ok(match challenge {
        Challenge::Redirect => (
            StatusCode::SEE_OTHER,
            [(header::LOCATION, shop.to_string())],
        )
            .into_response(),
        Challenge::Frame => frame_page(payment, &order.locale, &shop),
    })
}

/// The shop's page with the checkout's id in its query.
fn shop_address(order: &Order) -> Result<Url> {
    let mut url = Url::parse(&order.return_url)
        .map_err(|_| Error::Internal("stored return address".into()))?;
    let others: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, _)| name != RETURN_PARAMETER)
        .map(|(n, v)| (n.into(), v.into()))
        .collect();
    url.query_pairs_mut()
        .clear()
        .extend_pairs(others)
        .append_pair(RETURN_PARAMETER, order.checkout.as_str());
    Ok(url)
}

/// A page that tells the page around it "returned" and shows nothing; without
/// scripts it offers the way back.
fn frame_page(payment: &PaymentId, locale: &str, shop: &Url) -> Response {
    let origin = shop.origin().ascii_serialization();
    let page = html! {
        (DOCTYPE)
        html lang=(locale) {
            head {
                meta charset="utf-8";
                title { (text::RETURNED_TITLE) }
                script src="../frame.js" data-payment=(payment.as_str()) data-origin=(origin) data-shop=(shop) {}
            }
            body {
                noscript {
                    p lang="tr" { (text::RETURNED_TR) }
                    p lang="en" { (text::RETURNED_EN) }
                    p { a href=(shop) target="_top" { (text::BACK_TO_SHOP) } }
                }
            }
        }
    };
    let policy = format!(
        "default-src 'none'; script-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors {origin}"
    );
    (
        [
            (header::CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
            (header::CONTENT_SECURITY_POLICY, policy),
        ],
        page.into_string(),
    )
        .into_response()
}

pub(crate) async fn frame_script() -> impl IntoResponse {
    (
        [(header::CONTENT_TYPE, "text/javascript; charset=utf-8")],
        FRAME_SCRIPT,
    )
}
