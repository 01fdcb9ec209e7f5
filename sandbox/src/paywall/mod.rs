//! PayWall's calls (paywall.md §0 to §2): PaymentAPI and PaymentPrivateAPI under
//! one address. Here: the routes, who may call, the envelope. Each call has its
//! own file.

mod bank;
mod cancel;
mod currency;
mod gateway;
pub mod hash;
mod payment;
mod query;
mod records;
mod refusal;
pub(crate) mod settings;
mod start3d;
mod start_page;
pub(crate) mod state;
mod tempcard;
mod temptoken;
mod text;

use std::sync::Arc;

use axum::Json;
use axum::Router;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tower_http::cors::{self, CorsLayer};

use self::refusal::Refusal;
use self::settings::{AllowOrigin, KeyPair};
use self::text::Language;
use crate::app::App;
use crate::faults::{FaultKind, Target};
use crate::{calls, faults, page};

pub(crate) use self::start_page::section;

pub(crate) const TARGETS: &[Target] = &[
    Target {
        name: TEMPTOKEN,
        takes: &[
            FaultKind::Lost,
            FaultKind::Status500,
            FaultKind::Html,
            FaultKind::Slow,
            FaultKind::ExpiredToken,
        ],
    },
    Target::call(TEMPCARD),
    Target::call(START3D),
    // All ways to query.
    Target::call(QUERY),
    Target::call(CANCEL),
];

const TEMPTOKEN: &str = "temptoken";
const TEMPCARD: &str = "tempcard";
const START3D: &str = "start3d";
const QUERY: &str = "query";
const CANCEL: &str = "cancel";

pub(crate) fn router(app: &Arc<App>) -> Router<Arc<App>> {
    api(app)
        .merge(page::guarded(bank::router()))
        .route("/sandbox/payments", get(records::list))
}

fn api(app: &Arc<App>) -> Router<Arc<App>> {
    let spoil = |call| from_fn_with_state((app.clone(), call), faults::spoil);
    let query_routes = Router::new()
        .route("/api/paywall/private/query", get(query::by_merchant_code))
        .route(
            "/api/paywall/private/query/by/paymentid",
            get(query::by_payment_id),
        )
        .route(
            "/api/paywall/private/query/by/uniquecode",
            get(query::by_unique_code),
        )
        .route_layer(spoil(QUERY));
    Router::new()
        .route(
            "/api/paywall/temptoken",
            post(temptoken::handle).route_layer(spoil(TEMPTOKEN)),
        )
        .route(
            "/api/paywall/tempcard",
            post(tempcard::handle)
                .route_layer(spoil(TEMPCARD))
                .layer(cors(&app.settings.paywall.allow_origin)),
        )
        .route(
            "/api/paywall/payment/start3d",
            post(start3d::handle).route_layer(spoil(START3D)),
        )
        .route(
            "/api/paywall/private/cancel",
            post(cancel::handle).route_layer(spoil(CANCEL)),
        )
        .merge(query_routes)
        .route("/api/{*rest}", any(not_implemented))
        .layer(from_fn_with_state(app.clone(), calls::record))
}

/// The browser calls tempcard and nothing else, so nothing else answers other
/// origins: a key used in a page is found out at once.
fn cors(allow: &AllowOrigin) -> CorsLayer {
    let origin = match allow {
        AllowOrigin::Any => cors::AllowOrigin::any(),
        AllowOrigin::List(list) => cors::AllowOrigin::list(list.clone()),
    };
    CorsLayer::new()
        .allow_origin(origin)
        .allow_methods([Method::GET, Method::POST, Method::OPTIONS])
        .allow_headers([
            header::CONTENT_TYPE,
            HeaderName::from_static("token"),
            header::AUTHORIZATION,
            HeaderName::from_static("includemasterpasssession"),
        ])
}

/// A call that the sandbox does not have must not look like a refusal of one it has.
async fn not_implemented(headers: HeaderMap) -> Response {
    let envelope = Envelope::<()>::of(&headers, Err(Refusal::NotImplemented));
    (StatusCode::NOT_IMPLEMENTED, Json(envelope)).into_response()
}

/// The envelope of paywall.md §0.3 in the form of the older samples. Business
/// errors are HTTP 200.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Envelope<T> {
    error_code: i32,
    result: bool,
    message: &'static str,
    body: Option<T>,
}

/// The same with the two fields that the newer samples begin with.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct NewerEnvelope<T> {
    error_code_type: i32,
    error_message: Option<&'static str>,
    #[serde(flatten)]
    envelope: Envelope<T>,
}

impl<T> Envelope<T> {
    fn of(headers: &HeaderMap, answer: Result<T, Refusal>) -> Self {
        match answer {
            Ok(body) => Self {
                error_code: 0,
                result: true,
                message: "",
                body: Some(body),
            },
            Err(refusal) => Self {
                error_code: refusal.code(),
                result: false,
                message: text::refusal(refusal, Language::of(headers)),
                body: None,
            },
        }
    }

    /// As the samples of TempToken and start3d have it.
    fn newer(self) -> NewerEnvelope<T> {
        NewerEnvelope {
            error_code_type: 1,
            error_message: None,
            envelope: self,
        }
    }
}

/// Whether the call carries the two keys of the public pair (PaymentAPI).
fn public_keys(app: &App, headers: &HeaderMap) -> Result<(), Refusal> {
    keys(
        headers,
        "apikeypublic",
        "apiclientpublic",
        &app.settings.paywall.public_keys,
    )
}

/// Whether the call carries the two keys of the private pair (PaymentPrivateAPI).
fn private_keys(app: &App, headers: &HeaderMap) -> Result<(), Refusal> {
    keys(
        headers,
        "apikeyprivate",
        "apiclientprivate",
        &app.settings.paywall.private_keys,
    )
}

fn keys(headers: &HeaderMap, key: &str, client: &str, pair: &KeyPair) -> Result<(), Refusal> {
    let is = |name, wanted: &str| text_header(headers, name) == Some(wanted);
    if is(key, pair.key.reveal()) && is(client, pair.client.reveal()) {
        Ok(())
    } else {
        Err(Refusal::Unauthorized)
    }
}

/// A header's text. UTF-8, because GET parameters travel as headers and a
/// merchant's code may have Turkish letters.
fn text_header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get(name)
        .and_then(|value: &HeaderValue| std::str::from_utf8(value.as_bytes()).ok())
}

/// Reads a JSON body; the content type must say that it is one.
fn json<T: DeserializeOwned>(headers: &HeaderMap, body: &[u8]) -> Result<T, Refusal> {
    let content_type = text_header(headers, header::CONTENT_TYPE.as_str()).unwrap_or_default();
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    if !media_type.eq_ignore_ascii_case("application/json") {
        return Err(Refusal::UnexpectedParameters);
    }
    serde_json::from_slice(body).map_err(|_| Refusal::UnexpectedParameters)
}

/// Optional texts of requests: absent, `null` and `""` are the same.
#[derive(Debug, Default, Deserialize)]
#[serde(from = "Option<String>")]
struct Text(String);

impl From<Option<String>> for Text {
    fn from(text: Option<String>) -> Self {
        Self(text.unwrap_or_default())
    }
}

impl Text {
    fn is_blank(&self) -> bool {
        self.0.trim().is_empty()
    }
}
