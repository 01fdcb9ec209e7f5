//! The start page for people: faults that wait, then a part by each room, drawn
//! by the room itself with what stands here. Draws only.

use maud::{DOCTYPE, Markup, html};

use crate::ROOMS;
use crate::app::App;

/// Of the faults `slow` and `late` ordered here.
const DELAY_MS: u32 = 15_000;

/// A room's part. `live` is kept fresh by the page's script; `id` names it.
pub(crate) fn section(id: &str, title: &str, live: &Markup, rest: &Markup) -> Markup {
    html! {
        section aria-labelledby=(id) {
            h2 #(id) { (title) }
            div #{ (id) "-live" } data-live { (live) }
            (rest)
        }
    }
}

/// A list of recent things, or a sentence when there is none yet.
pub(crate) fn table(label: &str, heads: &[&str], rows: &[Markup], none_yet: &str) -> Markup {
    html! {
        @if rows.is_empty() {
            p.empty { (none_yet) }
        } @else {
            .scroll tabindex="0" role="region" aria-labelledby=(label) {
                table {
                    thead { tr { @for head in heads { th scope="col" { (head) } } } }
                    tbody { @for row in rows { (row) } }
                }
            }
        }
    }
}

/// Buttons that order a fault: call, fault, and what it looks like from outside.
pub(crate) fn faults(list: &[(&str, &str, &str)]) -> Markup {
    html! {
        details {
            summary { "Faults to order" }
            ul.faults {
                @for (call, fault, effect) in list {
                    li {
                        button type="button" data-call=(call) data-fault=(fault)
                            data-delay=(if matches!(*fault, "slow" | "late") { DELAY_MS } else { 0 }) {
                            (call) " · " (fault)
                        }
                        span { (effect) }
                    }
                }
            }
        }
    }
}

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
                        "Stands in for the payment providers and for a bank's 3-D Secure page. Same paths, "
                        "fields, signatures and error codes as the real services; no real money, and "
                        "nothing survives a restart."
                    }
                    p.addresses { "Base address of every API: " code { (app.public_url) } }
                }
                main {
                    (waiting(app))
                    @for room in ROOMS { ((room.section)(app)) }
                    (how_to_order(app))
                    (links())
                }
                p #announcement role="status" {}
            }
        }
    }
}

fn waiting(app: &App) -> Markup {
    let waiting = app.faults.waiting();
    html! {
        div #waiting data-live {
            @if !waiting.is_empty() {
                p.waiting {
                    strong { "Faults waiting: " }
                    @for order in &waiting { code { (order.call) " " (order.fault) " ×" (order.times) } " " }
                    button type="button" data-clear-faults { "Clear" }
                }
            }
        }
    }
}

fn how_to_order(app: &App) -> Markup {
    html! {
        section aria-labelledby="order" {
            h2 #order { "How to order faults" }
            p { "Each waits for the next call or callback of its name and spoils it, " code { "times" } " times." }
            pre tabindex="0" {
                "curl " (app.public_url) "/sandbox/faults -H 'content-type: application/json' \\\n"
                "  -d '{\"call\":\"start3d\",\"fault\":\"lost\",\"times\":1,\"delayMs\":0}'\n"
                "curl -X DELETE " (app.public_url) "/sandbox/faults"
            }
            dl {
                @for target in app.faults.targets() {
                    div {
                        dt { code { (target.name) } }
                        dd { @for fault in target.takes { (fault) " " } }
                    }
                }
            }
        }
    }
}

fn links() -> Markup {
    html! {
        section aria-labelledby="links" {
            h2 #links { "For programs" }
            ul {
                li { a href="/sandbox/calls" { "/sandbox/calls" } " – every call of a provider's API received, without bodies" }
                li { a href="/sandbox/callbacks" { "/sandbox/callbacks" } " – every callback sent, with the merchant's answer" }
                li { a href="/sandbox/faults" { "/sandbox/faults" } " – the faults that wait" }
                @for room in ROOMS { li { a href=(room.records) { (room.records) } " – its records" } }
            }
        }
    }
}
