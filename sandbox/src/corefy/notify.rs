//! Callbacks (corefy.md §9): the merchant's server hears of every change, proved
//! by X-Signature.

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

use super::api::whole;
use super::invoice::Invoice;
use super::problem::MEDIA_TYPE;
use super::signature::x_signature;
use super::state::Switches;
use crate::app::App;
use crate::callback::{self, Message, Signing};
use crate::secret::Secret;

/// The name that faults are ordered by.
pub(super) const CALLBACK: &str = "corefy_callback";

const X_SIGNATURE: HeaderName = HeaderName::from_static("x-signature");

/// Tells the merchant, if it wants to be told. The body is what is true now, so
/// call it before anything else changes.
pub(super) fn changed(app: &Arc<App>, invoice: &Invoice, switches: Switches) {
    let Some(url) = &invoice.order.callback_url else {
        return;
    };
    let body = whole(app, invoice, switches).to_string();
    let settings = &app.settings.corefy;
    let secret = if invoice.order.test_mode {
        &settings.secret_test
    } else {
        &settings.secret_live
    };
    let forged = Secret::new("sk_forged");
    callback::send(app, CALLBACK, |signing| Message {
        url: url.clone(),
        headers: headers(
            match signing {
                Signing::Right => secret,
                Signing::Forged => &forged,
            },
            &body,
        ),
        body: body.clone(),
    });
}

fn headers(secret: &Secret, body: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    // Base64 is always good for a header.
    if let Ok(signature) = HeaderValue::from_str(&x_signature(secret, body.as_bytes())) {
        headers.insert(X_SIGNATURE, signature);
    }
    headers
}
