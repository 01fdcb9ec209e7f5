//! The start page for people: what this is, which cards and codes do what,
//! faults to order, what happened lately. Draws only.

use maud::{DOCTYPE, Markup, html};

use crate::card::Brand;
use crate::cards::{self, TestCard};
use crate::payment::{CODE_ATTEMPTS, Outcome, Payment, Phase, RIGHT_CODE};
use crate::state::App;
use crate::{currency, time};

/// Payments shown, latest first.
const RECENT: usize = 20;

/// Call, fault, and what it looks like from outside.
const FAULTS: [(&str, &str, &str); 8] = [
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
];

/// Of the fault `slow` ordered here.
const DELAY_MS: u32 = 15_000;

pub(super) fn draw(app: &App) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Kasa sandbox" }
                link rel="icon" href="/assets/kumbank.svg" type="image/svg+xml";
                link rel="stylesheet" href="/assets/start.css";
                script src="/assets/start.js" defer {}
            }
            body {
                header {
                    h1 { "Kasa sandbox" }
                    p.lead {
                        "Stands in for PayWall and for a bank's 3-D Secure page. Same paths, fields, "
                        "signatures and error codes as the real service; no real money, and nothing "
                        "survives a restart."
                    }
                    p.addresses { "Base address of every PayWall API: " code { (app.public_url) } }
                }
                main {
                    (live(app))
                    (how())
                    (test_cards())
                    (faults(&app.public_url))
                    (links())
                }
                p #announcement role="status" {}
            }
        }
    }
}

/// The part that the page's script keeps fresh.
fn live(app: &App) -> Markup {
    let store = app.store();
    let waiting = app.faults.waiting();
    html! {
        section #live aria-labelledby="recent" {
            h2 #recent { "Recent payments" }
            @if store.payments().is_empty() {
                p.empty { "None yet. Pay something in the shop." }
            } @else {
                .scroll tabindex="0" role="region" aria-labelledby="recent" {
                    table {
                        thead { tr {
                            th scope="col" { "Started" } th scope="col" { "Merchant's code" }
                            th.number scope="col" { "Amount" } th scope="col" { "Card" }
                            th scope="col" { "State" } th scope="col" { "Link" }
                        } }
                        tbody {
                            @for payment in store.payments().iter().rev().take(RECENT) { (row(payment)) }
                        }
                    }
                }
            }
            @if !waiting.is_empty() {
                p.waiting {
                    strong { "Faults waiting: " }
                    @for fault in &waiting { code { (name(fault.call)) " " (name(fault.fault)) " ×" (fault.times) } " " }
                    button type="button" data-clear-faults { "Clear" }
                }
            }
        }
    }
}

fn row(payment: &Payment) -> Markup {
    let order = &payment.order;
    let (state, class) = state(payment.phase);
    html! {
        tr {
            td { (time::without_offset(payment.created_at).replace('T', " ")) }
            td.code { (order.merchant_unique_code) }
            td.number { (order.amount.text()) " " (currency::code(order.currency_id)) }
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
    }
}

fn how() -> Markup {
    html! {
        section aria-labelledby="how" {
            h2 #how { "What the bank does" }
            dl {
                div { dt { "Code " code { (RIGHT_CODE) } } dd { "Right. The payment succeeds, unless the card is one that fails." } }
                div { dt { "Any other code" } dd { "Wrong. The page asks again; after " (CODE_ATTEMPTS) " wrong codes the payment fails." } }
                div { dt { "Cancel button" } dd { "The payment ends as cancelled, and the browser goes to the fail address." } }
                div { dt { "A card that fails" } dd { "The bank declines after the right code." } }
                div { dt { "Any card not listed" } dd { "Pays. Check digit and date are not judged." } }
            }
        }
    }
}

fn test_cards() -> Markup {
    html! {
        section aria-labelledby="cards" {
            h2 #cards { "Test cards" }
            (card_table("cards", cards::PAYWALL))
            details {
                summary { "Sandbox cards of the providers (" (cards::PROVIDERS.len()) ")" }
                (card_table("cards", cards::PROVIDERS))
            }
        }
    }
}

fn card_table(label: &str, list: &[TestCard]) -> Markup {
    html! {
        .scroll tabindex="0" role="region" aria-labelledby=(label) {
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

fn faults(base: &str) -> Markup {
    html! {
        section aria-labelledby="faults" {
            h2 #faults { "Faults to order" }
            p { "Each waits for the next call of its kind and spoils it once." }
            ul.faults {
                @for (call, fault, effect) in FAULTS {
                    li {
                        button type="button" data-call=(call) data-fault=(fault)
                            data-delay=(if fault == "slow" { DELAY_MS } else { 0 }) { (call) " · " (fault) }
                        span { (effect) }
                    }
                }
            }
            p { "Every fault goes with every call (" code { "expired_token" } " with " code { "temptoken" } " only):" }
            pre tabindex="0" {
                "curl " (base) "/sandbox/faults -H 'content-type: application/json' \\\n"
                "  -d '{\"call\":\"start3d\",\"fault\":\"lost\",\"times\":1,\"delayMs\":0}'\n"
                "curl -X DELETE " (base) "/sandbox/faults"
            }
            p { "Calls: " code { "temptoken tempcard start3d query cancel" } ". Faults: " code { "lost status500 html slow expired_token" } "." }
        }
    }
}

fn links() -> Markup {
    html! {
        section aria-labelledby="links" {
            h2 #links { "For programs" }
            ul {
                li { a href="/sandbox/payments" { "/sandbox/payments" } " – every payment and its state" }
                li { a href="/sandbox/calls" { "/sandbox/calls" } " – every PayWall call received, without bodies" }
                li { a href="/sandbox/faults" { "/sandbox/faults" } " – the faults that wait" }
            }
        }
    }
}

/// The name a call or a fault has in JSON.
fn name(value: impl serde::Serialize) -> String {
    serde_json::to_value(value)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}
