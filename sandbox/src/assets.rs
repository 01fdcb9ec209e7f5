//! The files that the pages load, built into the program. Knows no page.

use std::sync::Arc;

use axum::Router;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;

use crate::app::App;

const CSS: &str = "text/css; charset=utf-8";
const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";

pub(crate) fn router() -> Router<Arc<App>> {
    let file = |kind, content| get(move || async move { serve(kind, content) });
    Router::new()
        .route(
            "/assets/page.css",
            file(CSS, include_str!("../assets/page.css")),
        )
        .route(
            "/assets/forward.js",
            file(JAVASCRIPT, include_str!("../assets/forward.js")),
        )
        .route(
            "/assets/kumbank.svg",
            file(SVG, include_str!("../assets/kumbank.svg")),
        )
        .route(
            "/assets/aspay.css",
            file(CSS, include_str!("../assets/aspay.css")),
        )
        .route(
            "/assets/aspay.svg",
            file(SVG, include_str!("../assets/aspay.svg")),
        )
        .route(
            "/assets/hepsipay.css",
            file(CSS, include_str!("../assets/hepsipay.css")),
        )
        .route(
            "/assets/hepsipay.svg",
            file(SVG, include_str!("../assets/hepsipay.svg")),
        )
        .route(
            "/assets/start.css",
            file(CSS, include_str!("../assets/start.css")),
        )
        .route(
            "/assets/start.js",
            file(JAVASCRIPT, include_str!("../assets/start.js")),
        )
}

fn serve(kind: &'static str, content: &'static str) -> impl IntoResponse {
    (
        [
            (header::CONTENT_TYPE, kind),
            (header::CACHE_CONTROL, "no-cache"),
        ],
        content,
    )
}
