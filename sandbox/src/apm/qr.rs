//! `apm/pay/qr/generate` (paywall.md §3.6): a QR code for the payer's phone. It
//! holds the address of a page that plays the phone.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Json, Response};
use base64::{Engine, engine::general_purpose::STANDARD};
use qrcode::{Color, QrCode};
use serde::Serialize;

use super::provider;
use super::request::{self, BackUrls, Naming};
use super::transaction::Phase;
use crate::app::App;
use crate::paywall::api::Envelope;
use crate::paywall::general::General;

/// `FormatType` of a PNG.
const PNG: u8 = 1;

/// Pixels of a module, and modules of the quiet zone that readers need.
const SCALE: usize = 8;
const QUIET: usize = 4;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    #[serde(flatten)]
    transaction: provider::Named,
    qr_detail: QrDetail,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct QrDetail {
    format_type: u8,
    /// Base64.
    content: String,
}

pub(super) async fn handle(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    Json(Envelope::of(&headers, generate(&app, &headers, &body))).into_response()
}

fn generate(app: &App, headers: &HeaderMap, body: &[u8]) -> Result<Answer, General> {
    let request = request::read(app, headers, body)?;
    let (order, _) = request.check(Naming::Either, BackUrls::Needed, |connection| {
        connection.features.qr
    })?;
    let now = app.clock.now();
    let transaction = app.apm.lock().start(&app.ids, order, Phase::QrShown, now)?;
    let phone = format!("{}/apm/phone/{}", app.public_url, transaction.unique_code);
    let picture = picture(&phone).map_err(|_| General::ApmTransactionNotGenerated)?;
    Ok(Answer {
        transaction: provider::named(&transaction),
        qr_detail: QrDetail {
            format_type: PNG,
            content: STANDARD.encode(picture),
        },
    })
}

#[derive(Debug, thiserror::Error)]
enum PictureError {
    #[error(transparent)]
    Code(#[from] qrcode::types::QrError),
    #[error(transparent)]
    Png(#[from] png::EncodingError),
}

/// A PNG of the text as a QR code, black on white.
fn picture(text: &str) -> Result<Vec<u8>, PictureError> {
    let code = QrCode::new(text)?;
    let modules = code.width();
    let side = (modules + 2 * QUIET) * SCALE;
    let dark = |pixel: usize| {
        (pixel / SCALE)
            .checked_sub(QUIET)
            .filter(|at| *at < modules)
    };
    let mut pixels = Vec::with_capacity(side * side);
    for y in 0..side {
        for x in 0..side {
            let black = match (dark(x), dark(y)) {
                (Some(x), Some(y)) => code[(x, y)] == Color::Dark,
                _ => false,
            };
            pixels.push(if black { 0 } else { 255 });
        }
    }
    let mut file = Vec::new();
    let side = u32::try_from(side).unwrap_or_default();
    let mut encoder = png::Encoder::new(&mut file, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&pixels)?;
    writer.finish()?;
    Ok(file)
}
