//! Corefy's part of the start page: recent invoices, what the page's buttons do,
//! how to set a status. Draws only.

use maud::{Markup, html};

use super::invoice::{Invoice, Kind, PROCESSED};
use super::notify::CALLBACK;
use super::request::REFUSED_NAME;
use crate::app::App;
use crate::control::start_page as start;
use crate::money;

/// Invoices shown, latest first.
const RECENT: usize = 20;

/// Call, fault, and what it looks like from outside.
const FAULTS: [(&str, &str, &str); 6] = [
    (
        super::CREATE,
        "lost",
        "The invoice exists, the merchant never learns its id.",
    ),
    (
        super::QUERY,
        "status500",
        "The question about an invoice answers HTTP 500.",
    ),
    (
        super::PAYOUT,
        "lost",
        "The payout exists, the answer breaks off half-way.",
    ),
    (CALLBACK, "doubled", "The next callback comes twice."),
    (CALLBACK, "lost", "The next callback never comes."),
    (
        CALLBACK,
        "forged",
        "The next callback has a wrong X-Signature.",
    ),
];

pub(crate) fn section(app: &App) -> Markup {
    let state = app.corefy.lock();
    let invoices = state.invoices().iter().rev();
    let rows: Vec<_> = invoices.take(RECENT).map(row).collect();
    let heads = ["Id", "reference_id", "Amount", "Status", "Link"];
    let live = start::table("corefy", &heads, &rows, "No invoice yet.");
    let rest = html! {
        (how())
        (control(&app.public_url))
        (start::faults(&FAULTS))
    };
    start::section("corefy", "Aspay, through Corefy", &live, &rest)
}

fn row(invoice: &Invoice) -> Markup {
    let class = match (invoice.is_open(), invoice.status.as_str()) {
        (true, _) => "open",
        (_, PROCESSED) => "good",
        _ => "bad",
    };
    html! {
        tr {
            td.code { (invoice.id) }
            td.code { (invoice.order.reference_id) }
            td { (money::shown(invoice.order.amount)) " " (invoice.order.currency) }
            td { span.badge.(class) { (invoice.status) } }
            td {
                @if invoice.is_open() && invoice.kind() == Kind::Payment {
                    a href={ "/corefy/hpp/?cpi=" (invoice.id) } { "hosted page" }
                } @else { "–" }
            }
        }
    }
}

fn how() -> Markup {
    html! {
        h3 { "What the page's buttons do" }
        dl {
            div { dt { code { "pay" } } dd { "processed" } }
            div { dt { code { "decline" } } dd { "process_failed" } }
            div { dt { code { "leave" } } dd { "stays process_pending; the browser goes back to the shop" } }
            div { dt { code { "cancel" } } dd { "terminated" } }
            div { dt { "Payout" } dd { "processed once it is started; fails when the beneficiary's name has " code { (REFUSED_NAME) } } }
        }
    }
}

fn control(base: &str) -> Markup {
    html! {
        details {
            summary { "Statuses and switches" }
            pre tabindex="0" {
                "curl " (base) "/sandbox/corefy/cpi_… -H 'content-type: application/json' -d '{\"status\":\"refunded\"}'\n"
                "curl " (base) "/sandbox/corefy/switches -H 'content-type: application/json' -d '{\"hppUrl\":true}'"
            }
            dl {
                div { dt { code { "hppUrl" } } dd { "false, true: whether answers carry hpp_url" } }
                div { dt { code { "emptyMaps" } } dd { "arrays, objects: how an empty map is written" } }
                div { dt { code { "createAnswer" } } dd { "created, server_error: HTTP 500 though it was created" } }
            }
        }
    }
}
