//! The hosted page, in Turkish. Draws only: no inline style, no inline script,
//! usable without script and from 320 pixels up.

use maud::{Markup, html};

use super::invoice::{Deed, Invoice};
use super::text as say;
use crate::money;
use crate::page::{self, Brand};

const ASPAY: Brand = Brand {
    name: say::NAME,
    icon: "/assets/aspay.svg",
    purpose: say::KIND,
    style: Some("/assets/aspay.css"),
};

/// What the payer can do while the payment is open.
pub(super) fn choice(invoice: &Invoice) -> Markup {
    page::layout(
        &ASPAY,
        say::TITLE,
        false,
        html! {
            h1 { (say::TITLE) }
            (summary(invoice))
            form #hosted-page-form method="post" action={ "/corefy/gate/" (invoice.sid) } {
                (button("primary", Deed::Pay, say::PAY))
                (button("quiet", Deed::Decline, say::DECLINE))
                (button("quiet", Deed::Leave, say::LEAVE))
                (button("quiet", Deed::Cancel, say::CANCEL))
            }
            p.note { (say::TEST_NOTE) }
        },
    )
}

fn summary(invoice: &Invoice) -> Markup {
    let order = &invoice.order;
    html! {
        dl.summary {
            div { dt { (say::MERCHANT) } dd { (say::SHOP) } }
            @if let Some(description) = &order.description {
                div { dt { (say::DESCRIPTION) } dd { (description) } }
            }
            div { dt { (say::AMOUNT) } dd.amount { (money::shown(order.amount)) " TL" } }
        }
    }
}

fn button(class: &str, deed: Deed, label: &str) -> Markup {
    html! { button.(class) type="submit" name="do" value=(deed.name()) { (label) } }
}

/// How it ended, and the way back where there is one.
pub(super) fn ended(invoice: &Invoice, way_back: Option<&str>) -> Markup {
    let (title, text) = say::end(&invoice.status);
    page::layout(
        &ASPAY,
        title,
        false,
        html! {
            h1 { (title) }
            p.lead { (text) }
            @if let Some(url) = way_back {
                a.back href=(url) { (say::BACK) }
            } @else {
                p.note { (say::NO_WAY_BACK) }
            }
        },
    )
}

pub(super) fn unknown() -> Markup {
    page::notice(&ASPAY, say::UNKNOWN_TITLE, say::UNKNOWN_TEXT)
}

pub(super) fn bad_request() -> Markup {
    page::notice(&ASPAY, say::BAD_REQUEST_TITLE, say::BAD_REQUEST_TEXT)
}
