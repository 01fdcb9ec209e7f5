//! The files that the pages load, built into the program. Knows no page.

use std::sync::Arc;

use axum::Router;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;

use crate::app::App;

/// A file by its address, its kind and what is in it.
type File = (&'static str, &'static str, &'static str);

const CSS: &str = "text/css; charset=utf-8";
const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";

macro_rules! file {
    ($kind:ident, $name:literal) => {
        (
            concat!("/assets/", $name),
            $kind,
            include_str!(concat!("../assets/", $name)),
        )
    };
}

const FILES: &[File] = &[
    file!(CSS, "apm.css"),
    file!(SVG, "apm-meal.svg"),
    file!(SVG, "apm-wallet.svg"),
    file!(CSS, "aspay.css"),
    file!(SVG, "aspay.svg"),
    file!(JAVASCRIPT, "forward.js"),
    file!(CSS, "hepsipay.css"),
    file!(SVG, "hepsipay.svg"),
    file!(SVG, "kumbank.svg"),
    file!(CSS, "page.css"),
    file!(CSS, "pos.css"),
    file!(SVG, "pos.svg"),
    file!(CSS, "start.css"),
    file!(JAVASCRIPT, "start.js"),
];

pub(crate) fn router() -> Router<Arc<App>> {
    FILES
        .iter()
        .fold(Router::new(), |all, &(address, kind, content)| {
            all.route(address, get(move || async move { serve(kind, content) }))
        })
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
