//! What stands on a terminal's screen, in Turkish. Draws only.

use maud::{Markup, html};

use super::payment::{Payment, Status};
use super::terminals::Terminal;
use super::text as say;
use crate::page::{self, Brand};
use crate::paywall::currency;

const TERMINAL: Brand = Brand {
    name: say::NAME,
    icon: "/assets/pos.svg",
    purpose: say::PURPOSE,
    style: Some("/assets/pos.css"),
};

pub(super) fn path(terminal: &Terminal) -> String {
    format!("/pos/terminal/{}", terminal.id)
}

/// A sale waits, or is in the terminal's hands.
pub(super) fn sale(payment: &Payment) -> Markup {
    let order = &payment.order;
    let taken = payment.status == Status::TakenByDevice;
    let title = if taken {
        say::PAY_TITLE
    } else {
        say::WAITING_TITLE
    };
    page::layout(
        &TERMINAL,
        title,
        false,
        html! {
            .screen {
                p.tag { (order.terminal.tag) }
                h1 { (title) }
                (sum(payment))
                @if !order.display_code.is_empty() { p.lead { (order.display_code) } }
            }
            form #terminal-form action=(path(order.terminal)) method="post" {
                input type="hidden" name="sale" value=(payment.id);
                @if taken {
                    button.pay type="submit" name="do" value="pay" { (say::PAY) }
                    button.decline type="submit" name="do" value="decline" { (say::DECLINE) }
                } @else {
                    button.primary type="submit" name="do" value="take" { (say::TAKE) }
                }
            }
            p.note { (say::NOTE) }
        },
    )
}

/// No sale; `last` is what the terminal saw last.
pub(super) fn idle(terminal: &Terminal, last: Option<&Payment>) -> Markup {
    let title = if terminal.online {
        say::IDLE_TITLE
    } else {
        say::OFFLINE_TITLE
    };
    let text = if terminal.online {
        say::IDLE_TEXT
    } else {
        say::OFFLINE_TEXT
    };
    page::layout(
        &TERMINAL,
        title,
        false,
        html! {
            .screen {
                p.tag { (terminal.tag) }
                h1 { (title) }
                p.lead { (text) }
            }
            @if let Some(last) = last {
                dl.summary {
                    div { dt { (say::LAST) } dd.outcome { (say::outcome(last.status)) } }
                    div { dt { (say::AMOUNT) } dd { (last.order.amount.shown()) " " (unit(last)) } }
                }
            }
            p.note { (say::NOTE) }
        },
    )
}

fn sum(payment: &Payment) -> Markup {
    html! { p.sum { (payment.order.amount.shown()) " " small { (unit(payment)) } } }
}

fn unit(payment: &Payment) -> &'static str {
    match currency::code(payment.order.currency_id) {
        "TRY" => "TL",
        other => other,
    }
}

pub(super) fn unknown() -> Markup {
    page::notice(&TERMINAL, say::UNKNOWN_TITLE, say::UNKNOWN_TEXT)
}

pub(super) fn bad_request() -> Markup {
    page::notice(&TERMINAL, say::BAD_REQUEST_TITLE, say::BAD_REQUEST_TEXT)
}
