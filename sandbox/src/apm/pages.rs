//! The pages of a provider and of the payer's phone, in Turkish. Draw only.

use maud::{Markup, html};
use uuid::Uuid;

use super::postback::PostBack;
use super::text as say;
use super::transaction::Transaction;
use crate::page::{self, Brand};
use crate::paywall::currency;

/// Before a transaction is known, and where none is.
const PAYWALL: Brand = Brand {
    name: "PayWall",
    icon: "/assets/apm-wallet.svg",
    purpose: say::PURPOSE,
    style: Some(STYLE),
};

const STYLE: &str = "/assets/apm.css";

fn brand(transaction: &Transaction, purpose: &'static str) -> Brand {
    Brand {
        name: transaction.order.connection.name,
        icon: transaction.order.connection.icon,
        purpose,
        style: Some(STYLE),
    }
}

/// PayWall's agent page: on to the provider.
pub(super) fn forward(id: Uuid) -> Markup {
    page::layout(
        &PAYWALL,
        say::FORWARD_TITLE,
        true,
        html! {
            h1 { (say::FORWARD_TITLE) }
            .progress aria-hidden="true" {}
            form #agent-form data-auto-submit action={ "/apm/page/" (id) } method="get" {
                button.primary type="submit" { (say::CONTINUE) }
            }
        },
    )
}

/// The provider asks the payer.
pub(super) fn pay(transaction: &Transaction) -> Markup {
    let action = format!("/apm/page/{}", transaction.unique_code);
    let back = html! {
        button.quiet type="submit" name="do" value="cancel" { (say::CANCEL) }
    };
    page::layout(
        &brand(transaction, say::PURPOSE),
        say::PAY_TITLE,
        false,
        question(transaction, &action, &back),
    )
}

/// The app on the payer's phone asks.
pub(super) fn phone(transaction: &Transaction) -> Markup {
    let action = format!("/apm/phone/{}", transaction.unique_code);
    page::layout(
        &brand(transaction, say::PHONE_PURPOSE),
        say::PAY_TITLE,
        false,
        question(transaction, &action, &html! {}),
    )
}

fn question(transaction: &Transaction, action: &str, more: &Markup) -> Markup {
    let order = &transaction.order;
    let unit = match currency::code(order.currency_id) {
        "TRY" => "TL",
        other => other,
    };
    html! {
        h1 { (say::PAY_TITLE) }
        p.sum { (order.amount.shown()) " " small { (unit) } }
        dl.summary {
            div { dt { (say::MERCHANT) } dd { (say::SHOP) } }
            div { dt { (say::DESCRIPTION) } dd { (order.description) } }
        }
        form #pay-form action=(action) method="post" {
            button.primary type="submit" name="do" value="pay" { (say::PAY) }
            button.refuse type="submit" name="do" value="decline" { (say::DECLINE) }
            (more)
        }
        p.note { (say::NOTE) }
    }
}

/// Hands the result back to the merchant through the browser.
pub(super) fn post_back(transaction: &Transaction, form: &PostBack, paid: bool) -> Markup {
    page::layout(
        &brand(transaction, say::PURPOSE),
        say::RESULT_TITLE,
        true,
        html! {
            h1 { (say::RESULT_TITLE) }
            p.lead { (if paid { say::RESULT_PAID } else { say::RESULT_ENDED }) }
            .progress aria-hidden="true" {}
            form #paywall-callback-form data-auto-submit action=(form.url) method="post" {
                @for (name, value) in &form.fields {
                    input type="hidden" name=(name) value=(value);
                }
                button.primary type="submit" { (say::CONTINUE) }
            }
        },
    )
}

/// The phone's last page; it goes back to nobody.
pub(super) fn phone_done(transaction: &Transaction, paid: bool) -> Markup {
    let (title, text) = if paid {
        (say::PHONE_PAID_TITLE, say::PHONE_PAID)
    } else {
        (say::PHONE_ENDED_TITLE, say::PHONE_ENDED)
    };
    page::notice(&brand(transaction, say::PHONE_PURPOSE), title, text)
}

pub(super) fn closed() -> Markup {
    page::notice(&PAYWALL, say::CLOSED_TITLE, say::CLOSED_TEXT)
}

pub(super) fn unknown() -> Markup {
    page::notice(&PAYWALL, say::UNKNOWN_TITLE, say::UNKNOWN_TEXT)
}

pub(super) fn bad_request() -> Markup {
    page::notice(&PAYWALL, say::BAD_REQUEST_TITLE, say::BAD_REQUEST_TEXT)
}
