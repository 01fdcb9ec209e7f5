//! The routes and what holds for all of them: CORS, security headers, body
//! limit, request log and count, and answers for what no route takes.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use futures_util::StreamExt as _;
use futures_util::stream::try_unfold;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::{AllowOrigin, CorsLayer};
use tower_http::set_header::SetResponseHeaderLayer;
use tracing::Instrument as _;

use crate::app::App;
use crate::extract::TooSlow;
use crate::problem::Error;
use crate::settings::ShopOrigins;
use crate::{checkouts, log, orders, otp, payments, probes, refunds, returns};

/// No request of this API comes near it.
const LONGEST_BODY: usize = 16 * 1024;

const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'";

const PREFLIGHT_SECONDS: u64 = 600;

pub(crate) fn router(app: Arc<App>) -> Router {
    let of_providers = app.providers.routes();
    let browser = Router::new()
        .route("/{checkout}", get(checkouts::read))
        .route("/{checkout}/payments", post(payments::create))
        .route(
            "/{checkout}/payments/{payment}/cancel",
            post(payments::cancel),
        )
        .route("/{checkout}/payments/{payment}/otp", post(otp::confirm))
        .route(
            "/{checkout}/payments/{payment}/otp/resend",
            post(otp::resend),
        )
        .merge(of_providers.browser)
        .fallback(no_route)
        .method_not_allowed_fallback(no_method)
        .layer(cors(&app.settings.shop_origins));
    let routes = Router::new()
        .nest("/v1/checkouts", browser)
        .route("/v1/orders", post(orders::create))
        .route("/v1/orders/{reference}", get(orders::read))
        .route("/v1/orders/{reference}/refunds", post(refunds::create))
        .merge(of_providers.server)
        .route("/return/frame.js", get(returns::frame_script))
        .route(probes::LIVE, get(probes::live))
        .route(probes::READY, get(probes::ready))
        .fallback(no_route)
        .method_not_allowed_fallback(no_method)
        .with_state(Arc::clone(&app))
        .layer(DefaultBodyLimit::max(LONGEST_BODY))
        .layer(from_fn_with_state(Arc::clone(&app), hurry));
    guarded(routes, app)
}

/// For connections that there is no place for: every request is told so, the
/// shop's pages too.
pub(crate) fn full(app: Arc<App>) -> Router {
    let routes = Router::new()
        .fallback(async || Error::Overloaded)
        .layer(cors(&app.settings.shop_origins));
    guarded(routes, app)
}

/// What every answer has.
fn guarded(routes: Router, app: Arc<App>) -> Router {
    routes
        .layer(CatchPanicLayer::custom(|_| {
            Error::Internal("a handler panicked".into()).into_response()
        }))
        // Checkout ids stand in addresses: they must neither leak nor be kept.
        .layer(fixed(header::REFERRER_POLICY, "no-referrer"))
        .layer(fixed(header::CACHE_CONTROL, "no-store"))
        .layer(fixed(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        // An answer that no handler meant for a page may do nothing in one.
        .layer(SetResponseHeaderLayer::if_not_present(
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(NOTHING),
        ))
        .layer(from_fn_with_state(app, observe))
}

fn fixed(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
}

fn cors(origins: &ShopOrigins) -> CorsLayer {
    let origins = origins.clone();
    let allowed = move |origin: &HeaderValue, _: &Parts| {
        origin.to_str().is_ok_and(|origin| origins.allow(origin))
    };
    CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(allowed))
        .allow_methods([Method::GET, Method::POST, Method::DELETE])
        .allow_headers([
            header::CONTENT_TYPE,
            HeaderName::from_static("idempotency-key"),
        ])
        .max_age(Duration::from_secs(PREFLIGHT_SECONDS))
}

/// A body that does not come to its end in time is broken off there.
async fn hurry(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let deadline = tokio::time::Instant::now() + app.settings.connections.body;
    let in_time = |body: Body| {
        let rest = try_unfold(body.into_data_stream(), move |mut rest| async move {
            match tokio::time::timeout_at(deadline, rest.next()).await {
                Ok(part) => Ok(part.transpose()?.map(|part| (part, rest))),
                Err(_) => Err(axum::Error::new(TooSlow)),
            }
        });
        Body::from_stream(rest)
    };
    next.run(request.map(in_time)).await
}

async fn no_route() -> Error {
    Error::NotFound
}

async fn no_method() -> Error {
    Error::MethodNotAllowed
}

/// One log line a request, under an id that the answer carries too. The path is
/// logged as its route: the real one holds checkout ids.
async fn observe(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let id = uuid::Uuid::new_v4();
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("-", MatchedPath::as_str)
        .to_owned();
    let span = tracing::info_span!("request", %id, %method, route);
    async {
        let started = Instant::now();
        let mut response = next.run(request).await;
        let (status, took) = (response.status().as_u16(), started.elapsed());
        app.metrics.answered(method.as_str(), &route, status, took);
        let elapsed_ms = log::milliseconds(took);
        if matches!(route.as_str(), probes::LIVE | probes::READY) {
            tracing::debug!(status, elapsed_ms, "answered");
        } else {
            tracing::info!(status, elapsed_ms, "answered");
        }
        if let Ok(id) = HeaderValue::from_str(&id.to_string()) {
            response.headers_mut().insert("x-request-id", id);
        }
        response
    }
    .instrument(span)
    .await
}
