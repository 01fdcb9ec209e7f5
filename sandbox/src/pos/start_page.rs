//! The start page's part about terminals: where they stand, recent sales. Draws
//! only.

use maud::{Markup, html};

use super::payment::{Payment, Status};
use super::terminals::TERMINALS;
use super::{CALLBACK, INQUIRY, SALE, page, text};
use crate::app::App;
use crate::control::start_page as start;
use crate::paywall::currency;
use crate::time;

/// Sales shown, latest first.
const RECENT: usize = 20;

/// Call, fault, and what it looks like from outside.
const FAULTS: [(&str, &str, &str); 7] = [
    (
        SALE,
        "lost",
        "The terminal has the sale, the merchant never learns its number.",
    ),
    (
        INQUIRY,
        "status500",
        "The question about a sale answers HTTP 500.",
    ),
    (CALLBACK, "lost", "The next callback never comes."),
    (CALLBACK, "doubled", "The next callback comes twice."),
    (
        CALLBACK,
        "late",
        "The next callback comes 15 seconds later.",
    ),
    (
        CALLBACK,
        "reordered",
        "The next callback comes after the one that follows it.",
    ),
    (CALLBACK, "forged", "The next callback has a wrong hash."),
];

pub(crate) fn section(app: &App) -> Markup {
    let state = app.pos.lock();
    let rows: Vec<_> = state
        .payments()
        .iter()
        .rev()
        .take(RECENT)
        .map(row)
        .collect();
    let heads = ["Started", "Merchant's code", "Terminal", "Amount", "State"];
    let live = start::table("pos", &heads, &rows, "No sale yet.");
    let statuses: Vec<_> = Status::ALL
        .iter()
        .map(|status| format!("{} {}", status.id(), text::status(*status)))
        .collect();
    let rest = html! {
        h3 { "Terminals" }
        dl {
            @for terminal in &TERMINALS {
                div {
                    dt { a href=(page::path(terminal)) { (terminal.tag) } }
                    dd {
                        code { (terminal.id) }
                        @if !terminal.online { " – offline: every sale ends in status 3" }
                    }
                }
            }
        }
        p { "Tap: take (11), then pay (4) or decline (5). Any status by "
            code { "POST /sandbox/pos/{paymentRequestId} {\"status\":7}" } ": " (statuses.join(", ")) "." }
        (start::faults(&FAULTS))
    };
    start::section("pos", "PayWall: terminals (PhysicalAPI)", &live, &rest)
}

fn row(payment: &Payment) -> Markup {
    let order = &payment.order;
    let class = match payment.status {
        Status::Success => "good",
        Status::Failed | Status::NotSentToDevice | Status::Withdrawn => "bad",
        _ => "open",
    };
    html! {
        tr {
            td { (time::without_offset(payment.created_at).replace('T', " ")) }
            td.code { (order.merchant_unique_code) }
            td { a href=(page::path(order.terminal)) { (order.terminal.tag) } }
            td { (order.amount.text()) " " (currency::code(order.currency_id)) }
            td { span.badge.(class) { (payment.status.id()) " " (text::status(payment.status)) } }
        }
    }
}
