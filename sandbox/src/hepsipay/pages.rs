//! Hepsipay's pages, in Turkish. Draw only: no inline style, no inline script,
//! usable without script and from 320 pixels up.

use maud::{Markup, html};
use rust_decimal::Decimal;

use super::sale::{CHOICES, Deed, Phase, Sale};
use super::text::page as say;
use crate::money;
use crate::page::{self, Brand};

const HEPSIPAY: Brand = Brand {
    name: say::NAME,
    icon: "/assets/hepsipay.svg",
    purpose: say::KIND,
    style: Some("/assets/hepsipay.css"),
};

/// What the payer can do on the open page.
pub(super) fn choice(sale: &Sale) -> Markup {
    page::layout(
        &HEPSIPAY,
        say::TITLE,
        false,
        html! {
            h1 { (say::TITLE) }
            (summary(sale))
            form #common-payment-form method="post" action={ "/hepsipay/page/" (sale.page_id()) } {
                @if sale.order.installment_choice { (choices(sale)) }
                (button("primary", Deed::Pay, say::PAY))
                (button("quiet", Deed::Decline, say::DECLINE))
                (button("quiet", Deed::Cancel, say::CANCEL))
            }
            p.note { (say::TEST_NOTE) }
        },
    )
}

fn summary(sale: &Sale) -> Markup {
    let order = &sale.order;
    html! {
        dl.summary {
            div { dt { (say::MERCHANT) } dd { (say::SHOP) } }
            @if !order.description.is_empty() {
                div { dt { (say::DESCRIPTION) } dd { (order.description) } }
            }
            @if let Some(count) = order.installment.filter(|_| !order.installment_choice) {
                div { dt { (say::INSTALLMENT) } dd { (say::installments(count)) } }
            }
            div { dt { (say::AMOUNT) } dd.amount { (amount(order.amount)) } }
        }
    }
}

fn choices(sale: &Sale) -> Markup {
    let wished = sale.order.installment.filter(|wish| CHOICES.contains(wish));
    let chosen = wished.unwrap_or(1);
    html! {
        fieldset.choices {
            legend { (say::CHOICE) }
            @for count in CHOICES {
                label.choice {
                    input type="radio" name="installment" value=(count) checked[count == chosen];
                    span { (say::installments(count)) }
                }
            }
        }
    }
}

fn button(class: &str, deed: Deed, label: &str) -> Markup {
    html! { button.(class) type="submit" name="do" value=(deed.name()) { (label) } }
}

/// `12990` kuruş as `129,90 TL`.
fn amount(kurus: u64) -> String {
    let value = Decimal::from(kurus) / Decimal::ONE_HUNDRED;
    format!("{} TL", money::shown(value))
}

/// Hands the result back to the merchant through the browser.
pub(super) fn post_back(sale: &Sale, fields: &[(String, String)]) -> Markup {
    let lead = match sale.phase {
        Phase::Paid { .. } => say::RETURN_PAID,
        Phase::Canceled => say::RETURN_CANCELED,
        Phase::Declined { .. } | Phase::Open => say::RETURN_DECLINED,
    };
    page::layout(
        &HEPSIPAY,
        say::RETURN_TITLE,
        true,
        html! {
            h1 { (say::RETURN_TITLE) }
            p.lead { (lead) }
            .progress aria-hidden="true" {}
            form #hepsipay-return-form data-auto-submit action=(sale.order.return_url) method="post" {
                @for (name, value) in fields {
                    input type="hidden" name=(name) value=(value);
                }
                button.primary type="submit" { (say::CONTINUE) }
            }
        },
    )
}

pub(super) fn closed() -> Markup {
    page::notice(&HEPSIPAY, say::CLOSED_TITLE, say::CLOSED_TEXT)
}

pub(super) fn unknown() -> Markup {
    page::notice(&HEPSIPAY, say::UNKNOWN_TITLE, say::UNKNOWN_TEXT)
}

pub(super) fn bad_request() -> Markup {
    page::notice(&HEPSIPAY, say::BAD_REQUEST_TITLE, say::BAD_REQUEST_TEXT)
}
