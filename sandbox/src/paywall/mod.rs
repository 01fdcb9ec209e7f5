//! PayWall's cards (paywall.md §0 to §2, §5): PaymentAPI, PaymentPrivateAPI and
//! CardWallAPI under one address. Here: the routes. Each service has its own file.

pub(crate) mod api;
mod bank;
mod bin;
mod cancel;
mod cardwall;
pub(crate) mod currency;
mod gateway;
pub(crate) mod general;
pub mod hash;
mod installment;
mod names;
mod payment;
mod plans;
mod query;
mod records;
mod refund;
mod refusal;
pub(crate) mod settings;
mod start3d;
mod start_page;
pub(crate) mod state;
mod tempcard;
mod temptoken;
mod text;
mod wallet;

use std::sync::Arc;

use axum::Json;
use axum::Router;
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, delete, get, post, put};
use tower_http::cors::{self, CorsLayer};

use self::api::Envelope;
use self::refusal::Refusal;
use self::settings::AllowOrigin;
use crate::app::App;
use crate::faults::{FaultKind, Target};
use crate::{calls, faults, page};

pub(crate) use self::start_page::section;

pub(crate) const TARGETS: &[Target] = &[
    Target {
        name: TEMPTOKEN,
        takes: &[
            FaultKind::Lost,
            FaultKind::Half,
            FaultKind::Status500,
            FaultKind::Status502,
            FaultKind::Html,
            FaultKind::Slow,
            FaultKind::Late,
            FaultKind::Doubled,
            FaultKind::ExpiredToken,
        ],
    },
    Target::call(TEMPCARD),
    Target::call(START3D),
    // All ways to query.
    Target::call(QUERY),
    Target::call(CANCEL),
    Target::call(REFUND),
    Target::call(REFUND_PARTIAL),
    Target::call(REVERT),
    Target::call(BIN),
    Target::call(INSTALLMENT),
    Target::call(CARD_ADD),
    Target::call(CARD_LIST),
    Target::call(CARD_CHANGE),
    Target::call(CARD_DELETE),
];

const TEMPTOKEN: &str = "temptoken";
const TEMPCARD: &str = "tempcard";
const START3D: &str = "start3d";
const QUERY: &str = "query";
const CANCEL: &str = "cancel";
const REFUND: &str = "refund";
const REFUND_PARTIAL: &str = "refund_partial";
const REVERT: &str = "revert";
const BIN: &str = "bin";
const INSTALLMENT: &str = "installment";
const CARD_ADD: &str = "card_add";
const CARD_LIST: &str = "card_list";
const CARD_CHANGE: &str = "card_change";
const CARD_DELETE: &str = "card_delete";

pub(crate) fn router(app: &Arc<App>) -> Router<Arc<App>> {
    api(app)
        .merge(page::guarded(bank::router()))
        .route("/sandbox/payments", get(records::list))
        .route("/sandbox/cards", get(records::cards))
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
    let undo_routes = Router::new()
        .route(
            "/api/paywall/private/cancel",
            post(cancel::handle).route_layer(spoil(CANCEL)),
        )
        .route(
            "/api/paywall/private/refund",
            post(refund::whole).route_layer(spoil(REFUND)),
        )
        .route(
            "/api/paywall/private/refund/partial",
            post(refund::partial).route_layer(spoil(REFUND_PARTIAL)),
        )
        .route(
            "/api/paywall/private/revert",
            post(refund::revert).route_layer(spoil(REVERT)),
        );
    let cards = get(cardwall::list)
        .route_layer(spoil(CARD_LIST))
        .merge(post(cardwall::add).route_layer(spoil(CARD_ADD)))
        .merge(put(cardwall::change).route_layer(spoil(CARD_CHANGE)))
        .merge(delete(cardwall::delete).route_layer(spoil(CARD_DELETE)));
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
            "/api/paywall/bin/inquiry",
            get(bin::handle).route_layer(spoil(BIN)),
        )
        .route(
            "/api/paywall/installment",
            get(installment::handle).route_layer(spoil(INSTALLMENT)),
        )
        .route("/paywall/card", cards)
        .merge(query_routes)
        .merge(undo_routes)
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
