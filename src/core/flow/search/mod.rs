//! Every order of events: visits each state that pages, net, merchant server and
//! provider can come to, and holds the invariants in every step.
//!
//! * [`server`]: a small true model of the servers, with a count of the charges.
//! * [`acts`], [`net`], [`world`]: what may happen next, and what happens then.
//! * [`page`], [`pages`]: what a page does, each time that it can be another.
//! * [`judge`], [`ends`], [`truth`]: what is wrong about it, seen from the page,
//!   from its clock, and from the servers.
//! * [`walk`]: the search itself.
//! * [`planted`]: faults that it must find.

mod acts;
mod ends;
mod judge;
mod net;
mod page;
mod pages;
mod planted;
mod server;
mod truth;
mod walk;
mod world;

use std::io::Write as _;

use self::server::Method;
use self::walk::walk;
use super::Checkout;
use crate::core::flow::{Effect, Event};
use crate::wire::merchant::Challenge;

/// One space to be searched.
#[derive(Clone, Copy)]
struct Setting {
    name: &'static str,
    method: Method,
    challenge: Challenge,
    tabs: u8,
    /// How many `pay` calls there may be, in all tabs.
    pays: u8,
    /// Questions and answers may be lost, late or doubled.
    losses: bool,
    /// Answers come as soon as they are given.
    prompt: bool,
    /// Pages may be closed, or loaded anew.
    kills: bool,
    /// The order's time may run out.
    expires: bool,
    /// The server allows one pending payment an order. Without that, it is the
    /// page alone that keeps from paying twice.
    guard: bool,
    /// The server says anything at all, by no rules.
    liar: bool,
    /// How many losses in a row are told apart. They make nothing but pauses longer.
    losses_told: u8,
    /// The core; or one with a fault in it.
    handle: fn(&mut Checkout, Event) -> Vec<Effect>,
}

const fn setting(name: &'static str, method: Method) -> Setting {
    Setting {
        name,
        method,
        challenge: Challenge::Redirect,
        tabs: 1,
        pays: 2,
        losses: true,
        prompt: false,
        kills: true,
        expires: true,
        guard: true,
        liar: false,
        losses_told: 0,
        handle: Checkout::handle,
    }
}

/// What `npm test` searches.
fn bounded() -> Vec<Setting> {
    let framed = |setting: Setting| Setting {
        challenge: Challenge::Frame,
        ..setting
    };
    let lying = |setting: Setting| Setting {
        liar: true,
        ..setting
    };
    let unguarded = |setting: Setting| Setting {
        guard: false,
        kills: false,
        ..setting
    };
    vec![
        setting("card", Method::Card),
        framed(setting("card in a frame", Method::Card)),
        setting("saved card", Method::SavedCard),
        setting("hosted page", Method::Hosted),
        setting("one-time code", Method::Code),
        setting("QR code", Method::Qr),
        setting("terminal", Method::Terminal),
        Setting {
            tabs: 2,
            prompt: true,
            kills: false,
            expires: false,
            ..setting("two tabs", Method::Terminal)
        },
        unguarded(setting("a server that trusts the page", Method::Terminal)),
        lying(setting(
            "a server that says anything of a card",
            Method::Card,
        )),
        lying(framed(setting("of a card in a frame", Method::Card))),
        lying(setting("of a hosted page", Method::Hosted)),
        lying(setting("of a one-time code", Method::Code)),
        lying(setting("of a QR code", Method::Qr)),
        Setting {
            losses_told: 4,
            ..lying(setting("of a terminal", Method::Terminal))
        },
    ]
}

/// The same with more of everything; but two tabs have enough to do with it all
/// where each answer is heard at once.
fn deep() -> Vec<Setting> {
    let more = |setting: Setting| Setting {
        pays: if setting.tabs == 1 { 3 } else { 2 },
        expires: true,
        kills: setting.guard,
        ..setting
    };
    bounded().into_iter().map(more).collect()
}

#[test]
fn every_order_of_events_holds_the_invariants() {
    let spaces = match std::env::var_os("KASA_DEEP") {
        Some(_) => deep(),
        None => bounded(),
    };
    let (mut states, mut steps, mut depth, mut seconds) = (0, 0, 0, 0.0);
    let mut wrongs = vec![];
    for space in &spaces {
        let seen = walk(space);
        println!(
            "  {}: {} states, {} steps, {} pages, depth {}, {:.1} s",
            space.name, seen.states, seen.steps, seen.pages, seen.depth, seen.seconds
        );
        match seen.fault {
            Some(wrong) => {
                let wrong = format!("{}: {}, by {:?}", space.name, wrong.what, wrong.way);
                println!("{wrong}");
                wrongs.push(wrong)
            }
            None => assert!(seen.paid > 0, "{}: nothing was ever paid", space.name),
        }
        states += seen.states;
        steps += seen.steps;
        depth = depth.max(seen.depth);
        seconds += seen.seconds;
    }
    let violations = wrongs.len();
    tell(&format!(
        "every order of events: {states} states, {steps} steps, depth {depth}, {violations} violations, {seconds:.0} s"
    ));
    assert_eq!(violations, 0, "{}", wrongs.join("\n"));
}

/// Prints the line, and keeps it where figures are collected.
fn tell(line: &str) {
    println!("{line}");
    if let Some(file) = std::env::var_os("KASA_FIGURES") {
        let file = std::fs::OpenOptions::new()
            .append(true)
            .create(true)
            .open(file);
        writeln!(file.expect("a file for figures"), "{line}").expect("to be written");
    }
}
