//! How the pages look that a shopper's browser meets, and what guards them.
//! Knows no provider: a room brings its brand, its words and its content.

use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderName, HeaderValue, header};
use maud::{DOCTYPE, Markup, html};
use tower_http::set_header::SetResponseHeaderLayer;

use crate::app::App;

/// The pages may stand in any site's frame and post to any merchant.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
    base-uri 'none'";

/// Whose page it is.
pub(crate) struct Brand {
    pub(crate) name: &'static str,
    /// Address of an icon, 32 by 32.
    pub(crate) icon: &'static str,
    /// Small, beside the name: what the page is for.
    pub(crate) purpose: &'static str,
    /// Address of styles on top of `page.css`.
    pub(crate) style: Option<&'static str>,
}

/// No cookies, no inline style or script. With `forwards` the page's form with
/// `data-auto-submit` submits itself; without script its button does.
pub(crate) fn layout(brand: &Brand, title: &str, forwards: bool, content: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="tr" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                title { (title) " · " (brand.name) }
                link rel="icon" href=(brand.icon) type="image/svg+xml";
                link rel="stylesheet" href="/assets/page.css";
                @if let Some(style) = brand.style {
                    link rel="stylesheet" href=(style);
                }
                @if forwards {
                    script src="/assets/forward.js" defer {}
                }
            }
            body {
                main {
                    header {
                        img src=(brand.icon) alt="" width="32" height="32";
                        span.brand { (brand.name) }
                        span.purpose { (brand.purpose) }
                    }
                    (content)
                }
            }
        }
    }
}

/// A page that has nothing to do on it.
pub(crate) fn notice(brand: &Brand, title: &str, text: &str) -> Markup {
    layout(
        brand,
        title,
        false,
        html! { h1 { (title) } p.lead { (text) } },
    )
}

/// The headers of pages.
pub(crate) fn guarded(pages: Router<Arc<App>>) -> Router<Arc<App>> {
    pages
        .layer(if_not_present(header::CONTENT_SECURITY_POLICY, POLICY))
        // The page's address is a capability; the merchant needs the origin only.
        .layer(if_not_present(header::REFERRER_POLICY, "strict-origin"))
}

pub(crate) fn if_not_present(
    name: HeaderName,
    value: &'static str,
) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}
