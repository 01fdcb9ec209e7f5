//! PayWall's PhysicalAPI and the terminals on the counter (paywall.md §4). Keys
//! and hash are `paywall`'s, the envelope is its own. Here: the routes.

mod cancel;
mod device;
mod envelope;
mod inquiry;
mod notify;
mod page;
mod payment;
mod records;
mod refusal;
mod sale;
pub(crate) mod settings;
mod start_page;
pub(crate) mod state;
mod terminals;
mod text;

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{any, get, post};

use crate::app::App;
use crate::faults::Target;
use crate::{calls, faults};

pub(crate) use self::start_page::section;

pub(crate) const TARGETS: &[Target] = &[
    Target::call(SALE),
    Target::call(CANCEL),
    Target::call(INQUIRY),
    Target::call(TERMINALS),
    Target::callback(CALLBACK),
];

pub(crate) const RECORDS: &str = "/sandbox/pos";

const SALE: &str = "pos_sale";
const CANCEL: &str = "pos_cancel";
const INQUIRY: &str = "pos_inquiry";
const TERMINALS: &str = "pos_terminals";
const CALLBACK: &str = "pos_callback";

pub(crate) fn router(app: &Arc<App>) -> Router<Arc<App>> {
    let pages = Router::new().route("/pos/terminal/{id}", get(device::show).post(device::press));
    api(app)
        .merge(crate::page::guarded(pages))
        .route(RECORDS, get(records::list))
        .route("/sandbox/pos/{id}", post(records::set))
}

fn api(app: &Arc<App>) -> Router<Arc<App>> {
    let spoil = |call| from_fn_with_state((app.clone(), call), faults::spoil);
    Router::new()
        .route(
            "/api/payment/async/sale",
            post(sale::handle).route_layer(spoil(SALE)),
        )
        .route(
            "/api/payment/async/cancel",
            post(cancel::handle).route_layer(spoil(CANCEL)),
        )
        .route(
            "/api/payment/inquiry/{id}",
            get(inquiry::handle).route_layer(spoil(INQUIRY)),
        )
        .route(
            "/api/terminal/list",
            post(terminals::list).route_layer(spoil(TERMINALS)),
        )
        .route("/api/payment/{*rest}", any(envelope::not_implemented))
        .route("/api/terminal/{*rest}", any(envelope::not_implemented))
        .layer(from_fn_with_state(app.clone(), calls::record))
}
