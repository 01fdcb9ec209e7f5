//! Payments that nobody paid in time expire, whether somebody asks or not.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::invoice::{Invoice, What};
use super::notify;
use crate::app::App;

/// Ends every payment whose time is over, and says so.
pub(super) fn expire_due(app: &Arc<App>) {
    let now = app.clock.now();
    let mut state = app.corefy.lock();
    let switches = state.switches;
    for invoice in state.invoices_mut() {
        if invoice.expire(now) {
            notify::changed(app, invoice, switches);
        }
    }
}

/// Looks again when this payment's time is over. Does not keep a stopped sandbox.
pub(super) fn expire_later(app: &Arc<App>, invoice: &Invoice, now: Timestamp) {
    let What::Payment { expires, .. } = invoice.order.what else {
        return;
    };
    let left = Duration::try_from(expires.duration_since(now)).unwrap_or_default();
    let app = Arc::downgrade(app);
    tokio::spawn(async move {
        tokio::time::sleep(left).await;
        if let Some(app) = app.upgrade() {
            expire_due(&app);
        }
    });
}
