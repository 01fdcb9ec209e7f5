//! The start page's part about APM: connections, what codes and numbers do,
//! recent transactions. Draws only.

use maud::{Markup, html};

use super::connections::{CONNECTIONS, Connection};
use super::pay::{CARD_REFUSED, CARD_WITHOUT_CODE, PHONE_REFUSED};
use super::transaction::{CODE_ATTEMPTS, CODE_SECONDS, RIGHT_CODE, Transaction};
use super::{CONFIRM, QUERY, START, text};
use crate::app::App;
use crate::control::start_page as start;
use crate::paywall::currency;
use crate::time;

/// Transactions shown, latest first.
const RECENT: usize = 20;

/// Call, fault, and what it looks like from outside.
const FAULTS: [(&str, &str, &str); 5] = [
    (
        START,
        "lost",
        "The payment is started, the merchant never learns its number.",
    ),
    (START, "slow", "The answer comes after 15 seconds."),
    (
        CONFIRM,
        "lost",
        "The code is judged, the answer breaks off half-way.",
    ),
    (CONFIRM, "status500", "The code is not judged; HTTP 500."),
    (
        QUERY,
        "status500",
        "The question about a payment answers HTTP 500.",
    ),
];

pub(crate) fn section(app: &App) -> Markup {
    let mut state = app.apm.lock();
    let all = state.all(app.clock.now());
    let rows: Vec<_> = all.iter().rev().take(RECENT).map(row).collect();
    let heads = [
        "Started",
        "Merchant's code",
        "Method",
        "Amount",
        "State",
        "Link",
    ];
    let live = start::table("apm", &heads, &rows, "No payment yet.");
    let rest = html! {
        (how())
        (connections())
        (start::faults(&FAULTS))
    };
    start::section("apm", "PayWall: alternative methods (APM)", &live, &rest)
}

fn row(transaction: &Transaction) -> Markup {
    let order = &transaction.order;
    let class = match transaction.outcome() {
        None => "open",
        Some(Ok(())) => "good",
        Some(Err(_)) => "bad",
    };
    let status_id = transaction.phase.status_id();
    let (path, name) = if transaction.by_phone {
        ("/apm/phone/", "phone")
    } else {
        ("/apm/page/", "page")
    };
    html! {
        tr {
            td { (time::without_offset(transaction.created_at).replace('T', " ")) }
            td.code { (order.merchant_unique_code) }
            td { (order.connection.name) }
            td { (order.amount.text()) " " (currency::code(order.currency_id)) }
            td { span.badge.(class) { (status_id) " " (text::status(transaction.phase)) } }
            td {
                @if transaction.waits_for_payer() {
                    a href={ (path) (transaction.unique_code) } { (name) }
                } @else { "–" }
            }
        }
    }
}

fn how() -> Markup {
    html! {
        h3 { "What the providers do" }
        dl {
            div { dt { "Code " code { (RIGHT_CODE) } } dd { "Right; good for " (CODE_SECONDS) " seconds." } }
            div { dt { "Any other code" } dd { "Error 40; after " (CODE_ATTEMPTS) " wrong codes the payment fails (11)." } }
            div { dt { "Meal card …" code { (CARD_REFUSED) } } dd { "Refused when the code is asked for (error 111)." } }
            div { dt { "Meal card …" code { (CARD_WITHOUT_CODE) } } dd { "Paid at once, without a code." } }
            div { dt { "Phone …" code { (PHONE_REFUSED) } } dd { "A payment at once is refused (error 111)." } }
            div { dt { "Page and phone" } dd { "Buttons pay, decline or cancel." } }
        }
    }
}

fn connections() -> Markup {
    let row = |connection: &Connection| {
        let features = &connection.features;
        html! {
            tr {
                td { (connection.id) }
                td.code { (connection.key) }
                td { (connection.name) }
                td {
                    @if features.checkout { "page " }
                    @if features.qr { "QR " }
                    @if features.otp { "one-time code " }
                    @if features.direct_pay { "at once " }
                }
                td {
                    @if connection.needs.card_number { "card number " }
                    @if connection.needs.phone { "phone " }
                }
            }
        }
    };
    let rows: Vec<_> = CONNECTIONS.iter().map(row).collect();
    html! {
        h3 { "Connections" }
        (start::table("apm", &["Id", "Key", "Name", "Ways", "Payer must give"], &rows, ""))
    }
}
