//! Draws `docs/states.md` from the machines themselves, and fails when the page
//! is not as they are. `KASA_UPDATE_STATES=1 cargo test -p kasa-checkout states`
//! writes it anew.

mod diagram;
mod explore;
mod machines;

use std::collections::BTreeSet;
use std::fs;

use crate::wire::merchant::Challenge;
use diagram::Drawing;
use explore::{Arrow, walk};
use machines::first_name;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/states.md");
const SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/core/flow");

const INTRODUCTION: &str = "\
<!-- Made from the core by its test `the_page_of_states_is_as_the_machines_are`; `npm run docs` writes it anew. -->
# States

How a checkout behaves, as its state machines in [`src/core/flow`](../src/core/flow) do: each was walked through
everything that may happen to it, and this is what it did. What is not on a diagram changes nothing: an event that a state
does not expect, an answer of another attempt.

The words are those of the event [`trace`](reference.md), which tells a page of each step. An arrow says what happened, and
after `/` what is asked for on the way, where it is always the same; the table below each diagram has every step.

* An answer (`checkout`, `payment`, `temp_token`, `tokenized`, `bin`, `cards`, `card_deleted`) stands alone where it does
  not matter how it ended. Else it says so: `ok`, `refused` with its code (`5xx`: by a server in trouble), `lost`, or by
  the status of the payment that it tells of: `paid`, `failed`, `canceled`, or `pending` with what it needs next. A
  `barred redirect` leads to a host that is not on the allow-list.
* `elapsed` says which time was over: a deadline, or a `pause` that grows from half a second to eight.
* Where the same leads to two states, what came before decides: a lost card token is asked for once more, not twice.
";

/// All machines, each with its states as their enum has them.
fn page() -> String {
    let challenges = [Challenge::Redirect, Challenge::Frame];
    let outcomes = || variants("mod.rs", "Outcome");
    let whole: BTreeSet<Arrow> = challenges
        .into_iter()
        .zip([true, false])
        .flat_map(|(challenge, returning)| walk(&machines::checkout(challenge, returning)))
        .collect();
    let drawings = [
        (
            whole.clone(),
            Drawing {
                title: "What a page sees",
                about: "`phase` of the event `change`. A `waiting` payment says by `action` what the shopper is to do.",
                part: 1,
                states: said(&[
                    ("opening", "The order is being read."),
                    (
                        "ready",
                        "The form can be filled in; where a payment did not succeed, with the reason.",
                    ),
                    (
                        "busy",
                        "The card becomes a token, or the payment is being created; nothing can be typed.",
                    ),
                    (
                        "waiting",
                        "There is a payment, or there may be one: its end is awaited.",
                    ),
                    ("done", "Paid, or left to the merchant server to find out."),
                    ("closed", "The order cannot be read, and why."),
                ]),
                ends: true,
                stays: false,
            },
        ),
        (
            whole,
            Drawing {
                title: "The checkout",
                about: "It reads the order and holds the machine under way: `Card` while `Tokenizing`, `Payment` while `Paying`.",
                part: 0,
                states: variants("checkout.rs", "Phase"),
                ends: true,
                stays: false,
            },
        ),
        (
            walk(&machines::card()),
            Drawing {
                title: "From a card to its token",
                about: "No money moves here, so that what was lost may be asked for again.",
                part: 0,
                states: [
                    variants("card.rs", "Card"),
                    said(&[("Token", "There is a card token.")]),
                    variants("card.rs", "NoToken"),
                ]
                .concat(),
                ends: true,
                stays: true,
            },
        ),
        (
            walk(&machines::payment(Challenge::Redirect)),
            Drawing {
                title: "From a payment request to its outcome",
                about: "Every method passes through here. The very same request is repeated, under its key, until it is known what became of it.",
                part: 0,
                states: [
                    variants("payment.rs", "Payment"),
                    outcomes(),
                    said(&[(
                        "Error",
                        "The request was refused: there is no payment of it.",
                    )]),
                ]
                .concat(),
                ends: true,
                stays: false,
            },
        ),
        (
            challenges
                .into_iter()
                .flat_map(|challenge| walk(&machines::following(challenge)))
                .collect(),
            Drawing {
                title: "A payment that is followed",
                about: "Where the shopper is with the bank's page. Meanwhile the server is asked by long poll, a code may be typed, and it may be canceled: steps that stay.",
                part: 0,
                states: [variants("following.rs", "Stage"), outcomes()].concat(),
                ends: true,
                stays: true,
            },
        ),
        (
            walk(&machines::lookup(false)),
            Drawing {
                title: "The installment plans of a BIN",
                about: "Asked about once for each BIN. The form does without what cannot be had.",
                part: 0,
                states: [
                    said(&[("NotAsked", "Too few digits were typed.")]),
                    variants("lookup.rs", "Plans"),
                ]
                .concat(),
                ends: false,
                stays: false,
            },
        ),
        (
            walk(&machines::lookup(true)),
            Drawing {
                title: "The cards kept for a customer",
                about: "Listed when an order that takes saved cards was opened.",
                part: 1,
                states: variants("lookup.rs", "Cards"),
                ends: false,
                stays: false,
            },
        ),
    ];
    let drawn = drawings.map(|(arrows, drawing)| drawing.draw(&arrows));
    format!("{INTRODUCTION}\n{}", drawn.join("\n"))
}

fn said(states: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(name, meaning): &(&str, &str)| ((*name).to_owned(), (*meaning).to_owned());
    states.iter().map(owned).collect()
}

/// The variants of an enum in a source file, each with its doc comment.
fn variants(file: &str, name: &str) -> Vec<(String, String)> {
    let source = fs::read_to_string(format!("{SOURCES}/{file}")).expect("the source can be read");
    let body = source.split_once(&format!("enum {name} {{\n"));
    let (body, _) = body
        .and_then(|(_, body)| body.split_once("\n}"))
        .expect("the enum is there");
    let (mut variants, mut doc) = (vec![], vec![]);
    // What stands deeper is a variant's own.
    let lines = body.lines().filter_map(|line| line.strip_prefix("    "));
    for line in lines.filter(|line| !line.starts_with([' ', '}', '#'])) {
        if let Some(words) = line.strip_prefix("/// ") {
            doc.push(words);
        } else {
            assert!(
                !doc.is_empty(),
                "{file}: {line} of {name} has no doc comment"
            );
            variants.push((first_name(line), std::mem::take(&mut doc).join(" ")));
        }
    }
    variants
}

#[test]
fn the_page_of_states_is_as_the_machines_are() {
    let made = page();
    if std::env::var_os("KASA_UPDATE_STATES").is_some() {
        fs::write(PAGE, &made).expect("the page can be written");
    }
    let stands = fs::read_to_string(PAGE).unwrap_or_default();
    let differs = made
        .lines()
        .zip(stands.lines().chain([""]))
        .find(|(made, stands)| made != stands);
    assert!(
        made == stands,
        "docs/states.md is stale; `npm run docs` writes it anew. It differs in (made, stands): {differs:?}"
    );
}
