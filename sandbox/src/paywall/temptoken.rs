//! TempToken (paywall.md §1.1): the merchant's server fetches the one credential
//! that a browser may hold.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Extension, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Json, Response};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::api::{Envelope, json, public_keys};
use super::refusal::Refusal;
use super::state::TempToken;
use crate::app::App;
use crate::faults::ExpireAtOnce;
use crate::time;

/// Minutes; the newer documentation's range.
const LONGEST_LIFE: i64 = 1440;

/// What 0 is taken for. The documentation allows 0 and does not explain it.
const DEFAULT_LIFE: i64 = 30;

/// `Scope` of ClientCardSave.
const CARD_SAVE_SCOPE: u8 = 1;

/// Three fields in the older form, six in the newer.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Request {
    client_card_save: bool,
    #[serde(rename = "ThreeDSession")]
    three_d_session: bool,
    #[serde(default)]
    scope_based: bool,
    /// 0 none, 1 ClientCardSave, 2 ThreeDSession, 3 ClientSdk; not a bit mask.
    #[serde(default)]
    scope: u8,
    expiry_min: i64,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    temp_token_id: i64,
    token: Uuid,
    expiry_date_time: String,
    scope: Scope,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Scope {
    client_card_save: bool,
    #[serde(rename = "ThreeDSession")]
    three_d_session: bool,
}

pub(super) async fn handle(
    State(app): State<Arc<App>>,
    expire_at_once: Option<Extension<ExpireAtOnce>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let answer = issue(&app, expire_at_once.is_some(), &headers, &body);
    Json(Envelope::of(&headers, answer).newer()).into_response()
}

fn issue(
    app: &App,
    expire_at_once: bool,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Answer, Refusal> {
    public_keys(app, headers)?;
    let request: Request = json(headers, body)?;
    if request.scope > 3 {
        return Err(Refusal::UnexpectedParameters);
    }
    let minutes = match request.expiry_min {
        0 => DEFAULT_LIFE,
        minutes @ 1..=LONGEST_LIFE => minutes,
        _ => return Err(Refusal::Expiry),
    };
    let now = app.clock.now();
    let told = now + SignedDuration::from_mins(minutes);
    let token = app.paywall.lock().add_token(TempToken {
        card_save: request.client_card_save
            || (request.scope_based && request.scope == CARD_SAVE_SCOPE),
        expires_at: if expire_at_once { now } else { told },
    });
    Ok(Answer {
        temp_token_id: app.ids.next(),
        token,
        expiry_date_time: time::with_offset(told),
        scope: Scope {
            client_card_save: request.client_card_save,
            three_d_session: request.three_d_session,
        },
    })
}
