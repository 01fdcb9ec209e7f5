//! PayWall's part of the start page: cards and codes and what they do, recent
//! payments. Draws only.

use maud::{Markup, html};

use super::currency;
use super::payment::{CODE_ATTEMPTS, Outcome, Payment, Phase, RIGHT_CODE};
use super::plans::{self, Plan};
use super::wallet::SavedCard;
use crate::app::App;
use crate::card::{Brand, Kind};
use crate::cards::{self, TestCard};
use crate::control::start_page as start;
use crate::time;

/// Payments shown, latest first.
const RECENT: usize = 20;

/// Call, fault, and what it looks like from outside.
const FAULTS: [(&str, &str, &str); 12] = [
    (
        "temptoken",
        "expired_token",
        "The next TempToken looks good, but tempcard refuses it (401).",
    ),
    (
        "temptoken",
        "status500",
        "The next TempToken answers HTTP 500.",
    ),
    (
        "tempcard",
        "lost",
        "The card is kept, the answer breaks off half-way.",
    ),
    ("tempcard", "html", "A page of HTML in place of JSON."),
    (
        "start3d",
        "lost",
        "The payment is created, the merchant never learns its number.",
    ),
    ("start3d", "slow", "The answer comes after 15 seconds."),
    (
        "query",
        "status500",
        "The question about a payment answers HTTP 500.",
    ),
    (
        "cancel",
        "lost",
        "The payment is cancelled, the answer breaks off half-way.",
    ),
    (
        "refund",
        "lost",
        "The money goes back, the answer breaks off half-way.",
    ),
    (
        "installment",
        "status500",
        "The question about plans answers HTTP 500.",
    ),
    (
        "bin",
        "slow",
        "What a card is becomes known after 15 seconds.",
    ),
    (
        "card_list",
        "status500",
        "The list of saved cards answers HTTP 500.",
    ),
];

pub(crate) fn section(app: &App) -> Markup {
    let state = app.paywall.lock();
    let rows: Vec<_> = state
        .payments()
        .iter()
        .rev()
        .take(RECENT)
        .map(row)
        .collect();
    let heads = [
        "Started",
        "Merchant's code",
        "Amount",
        "Card",
        "State",
        "Link",
    ];
    let live = start::table(
        "cards",
        &heads,
        &rows,
        "No payment yet. Pay something in the shop.",
    );
    let saved: Vec<_> = state.wallet.all().iter().rev().map(saved).collect();
    let live = html! {
        (live)
        h3 #saved-cards { "Saved cards" }
        (start::table("saved-cards", &["Of", "Name", "Card", "Expiry"], &saved, "None yet."))
    };
    let rest = html! {
        (how())
        (plans())
        (test_cards())
        (start::faults(&FAULTS))
    };
    start::section("cards", "PayWall: cards", &live, &rest)
}

fn row(payment: &Payment) -> Markup {
    let order = &payment.order;
    let (state, class) = state(payment.phase);
    html! {
        tr {
            td { (time::without_offset(payment.created_at).replace('T', " ")) }
            td.code { (order.merchant_unique_code) }
            td { (order.amount.text()) " " (currency::code(order.currency_id)) }
            td.code { (payment.card.masked) }
            td { span.badge.(class) { (payment.phase.status_id()) " " (state) } }
            td {
                @if payment.is_open() {
                    a href={ "/paywall/callback?UniqueNumber=" (payment.session) } { "bank page" }
                } @else { "–" }
            }
        }
    }
}

fn state(phase: Phase) -> (&'static str, &'static str) {
    match phase {
        Phase::Created => ("created", "open"),
        Phase::Started { .. } => ("at the bank", "open"),
        Phase::Ended {
            outcome: Outcome::Paid,
            ..
        } => ("paid", "good"),
        Phase::Ended {
            outcome: Outcome::Declined,
            ..
        } => ("declined", "bad"),
        Phase::Ended {
            outcome: Outcome::WrongCodes,
            ..
        } => ("wrong codes", "bad"),
        Phase::Ended {
            outcome: Outcome::CanceledByShopper,
            ..
        } => ("cancelled by the shopper", "bad"),
        Phase::Ended {
            outcome: Outcome::CanceledByMerchant,
            ..
        } => ("cancelled by the merchant", "bad"),
        Phase::Reversed { .. } => ("paid, then cancelled", "bad"),
        Phase::Refunded { .. } => ("paid, then refunded", "bad"),
    }
}

fn saved(saved: &SavedCard) -> Markup {
    html! {
        tr {
            td.code { (saved.holder.relational_ids.join(" ")) }
            td { (saved.nickname) }
            td.code { (saved.card.masked) }
            td { (format!("{:02}/{}", saved.card.month, saved.card.year)) }
        }
    }
}

fn plans() -> Markup {
    let row = |plan: &Plan| {
        html! {
            tr {
                td { (plan.installments) }
                td { (plan.commission_rate()) " %" }
                td { (plan.interest_rate()) " %" }
            }
        }
    };
    let rows: Vec<_> = plans::offered(Some(Kind::Credit), plans::TRY)
        .iter()
        .map(row)
        .collect();
    html! {
        h3 #plans { "Installments" }
        (start::table("plans", &["Parts", "Commission (the shop's)", "Interest (the shopper's)"], &rows, ""))
        p { "For credit cards of the list, in lira. Every other card pays at once." }
    }
}

fn how() -> Markup {
    html! {
        h3 { "What the bank does" }
        dl {
            div { dt { "Code " code { (RIGHT_CODE) } } dd { "Right. The payment succeeds, unless the card is one that fails." } }
            div { dt { "Any other code" } dd { "Wrong. The page asks again; after " (CODE_ATTEMPTS) " wrong codes the payment fails." } }
            div { dt { "Cancel button" } dd { "The payment ends as cancelled, and the browser goes to the fail address." } }
            div { dt { "A card that fails" } dd { "The bank declines after the right code." } }
            div { dt { "Any card not listed" } dd { "Pays. Check digit and date are not judged." } }
        }
    }
}

fn test_cards() -> Markup {
    html! {
        h3 #test-cards { "Test cards" }
        (card_table(cards::PAYWALL))
        details {
            summary { "Sandbox cards of the providers (" (cards::PROVIDERS.len()) ")" }
            (card_table(cards::PROVIDERS))
        }
    }
}

fn card_table(list: &[TestCard]) -> Markup {
    html! {
        .scroll tabindex="0" role="region" aria-labelledby="test-cards" {
            table {
                thead { tr {
                    th scope="col" { "Number" } th scope="col" { "Expiry" } th scope="col" { "CVC" }
                    th scope="col" { "Brand" } th scope="col" { "Issuer" } th scope="col" { "Result" }
                } }
                tbody {
                    @for card in list {
                        tr {
                            td.code {
                                button.copy type="button" data-copy=(card.number)
                                    aria-label={ "Copy " (card.number) } { (grouped(card)) }
                            }
                            td.code { (or_any(card.expiry)) }
                            td.code { (or_any(card.cvv)) }
                            td { (brand(card.brand)) @if let Some(kind) = card.kind { " " (format!("{kind:?}").to_lowercase()) } }
                            td { (card.issuer) }
                            td { @if card.pays { span.badge.good { "pays" } } @else { span.badge.bad { "fails" } } }
                        }
                    }
                }
            }
        }
    }
}

fn or_any(text: &str) -> &str {
    if text.is_empty() { "any" } else { text }
}

/// As printed on a card: Amex 4-6-5, others in fours.
fn grouped(card: &TestCard) -> String {
    let breaks: &[usize] = if card.brand == Brand::Amex {
        &[4, 10]
    } else {
        &[4, 8, 12, 16]
    };
    let mut text = String::new();
    for (index, digit) in card.number.chars().enumerate() {
        if breaks.contains(&index) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

fn brand(brand: Brand) -> &'static str {
    match brand {
        Brand::Mastercard => "Mastercard",
        Brand::Visa => "Visa",
        Brand::Amex => "American Express",
        Brand::Troy => "Troy",
        Brand::Other => "",
    }
}
