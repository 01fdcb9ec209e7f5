//! Hepsipay's part of the start page: recent payments, what the page's buttons
//! do, switches. Draws only.

use maud::{Markup, html};

use super::sale::{Phase, Sale};
use crate::app::App;
use crate::control::start_page as start;

/// Payments shown, latest first.
const RECENT: usize = 20;

/// Call, fault, and what it looks like from outside.
const FAULTS: [(&str, &str, &str); 4] = [
    (
        super::SAVE,
        "lost",
        "The page exists, the merchant never learns its address.",
    ),
    (super::SAVE, "status500", "The next save answers HTTP 500."),
    (
        super::QUERY,
        "status500",
        "The question about a payment answers HTTP 500.",
    ),
    (
        super::REFUND,
        "lost",
        "The money goes back, the answer breaks off half-way.",
    ),
];

pub(crate) fn section(app: &App) -> Markup {
    let state = app.hepsipay.lock();
    let rows: Vec<_> = state.sales().iter().rev().take(RECENT).map(row).collect();
    let heads = ["TransactionId", "Kuruş", "Refunded", "State", "Link"];
    let live = start::table("hepsipay", &heads, &rows, "No payment yet.");
    let rest = html! {
        (how())
        (switches(&app.public_url))
        (start::faults(&FAULTS))
    };
    start::section("hepsipay", "Hepsipay: common payment page", &live, &rest)
}

fn row(sale: &Sale) -> Markup {
    let (state, class) = match sale.phase {
        Phase::Open => ("open", "open"),
        Phase::Paid { .. } => ("paid", "good"),
        Phase::Declined { .. } => ("declined", "bad"),
        Phase::Canceled => ("cancelled", "bad"),
    };
    html! {
        tr {
            td.code { (sale.order.transaction_id) }
            td { (sale.order.amount) }
            td { (sale.refunded()) }
            td { span.badge.(class) { (state) } }
            td {
                @if sale.is_open() {
                    a href={ "/hepsipay/page/" (sale.page_id()) } { "payment page" }
                } @else { "–" }
            }
        }
    }
}

fn how() -> Markup {
    html! {
        h3 { "What the page's buttons do" }
        dl {
            div { dt { code { "pay" } } dd { "Paid, code 0000." } }
            div { dt { code { "decline" } } dd { "Declined, code 1520." } }
            div { dt { code { "cancel" } } dd { "The payer gave up, code 9001." } }
        }
    }
}

fn switches(base: &str) -> Markup {
    html! {
        details {
            summary { "Switches" }
            pre tabindex="0" {
                "curl " (base) "/sandbox/hepsipay/switches -H 'content-type: application/json' \\\n"
                "  -d '{\"queryX\":\"message\",\"codeKey\":\"reponse_blank\"}'"
            }
            dl {
                div { dt { code { "queryX" } } dd { "code, message: what ends the signature of a query's answer" } }
                div { dt { code { "codeKey" } } dd { "reponse, response, reponse_blank: how the key of the payment's code is spelled" } }
                div { dt { code { "queryPage" } } dd { "required, optional: whether a query must name the page" } }
                div { dt { code { "refusals" } } dd { "ok, bad_request: HTTP status of a refusal" } }
                div { dt { code { "refund" } } dd { "done, waiting: whether refunds wait for an approval" } }
            }
        }
    }
}
