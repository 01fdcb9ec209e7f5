//! Every call of a provider that a way to pay makes, with every fault that a
//! call can have. Then every charge is recorded once, and nobody was lied to.

use std::time::Duration;

use kasa_e2e::till::{SPEED, Till};
use kasa_e2e::{Result, ensure};

use crate::claim;
use crate::figures::{Tally, deep};
use crate::journey::{keeps_a_card, pays};
use crate::run::{Cell, all};
use crate::ways::Way;

/// Longer than the server waits for a provider.
pub const LONG: Duration = Duration::from_secs(30);

pub const OF_CALLS: [&str; 8] = [
    "lost",
    "half",
    "status500",
    "status502",
    "html",
    "slow",
    "late",
    "doubled",
];
const OF_CALLBACKS: [&str; 5] = ["lost", "doubled", "late", "reordered", "forged"];

const CALLBACKS: [&str; 3] = ["apm_callback", "corefy_callback", "pos_callback"];

/// What each way calls, and is called by.
const CALLS: [(Way, &[&str]); 12] = [
    (
        Way::CARD,
        &["temptoken", "tempcard", "start3d", "query", "bin"],
    ),
    (Way::CARD_IN_FRAME, &["start3d", "query"]),
    (Way::CARD_CANCELED, &["query", "cancel"]),
    (Way::SAVED_CARD, &["card_list", "start3d", "query"]),
    (
        Way::APM_CODE,
        &[
            "apm_list",
            "apm_start",
            "apm_confirm",
            "apm_query",
            "apm_callback",
        ],
    ),
    (Way::APM_PAGE, &["apm_start", "apm_query", "apm_callback"]),
    (
        Way::APM_PICTURE,
        &["apm_start", "apm_query", "apm_callback"],
    ),
    (
        Way::APM_AT_ONCE,
        &["apm_start", "apm_query", "apm_callback"],
    ),
    (Way::HEPSIPAY, &["hepsipay_save", "hepsipay_query"]),
    (
        Way::ASPAY,
        &["corefy_create", "corefy_query", "corefy_callback"],
    ),
    (
        Way::TERMINAL,
        &["pos_terminals", "pos_sale", "pos_inquiry", "pos_callback"],
    ),
    (
        Way::TERMINAL_CANCELED,
        &["pos_sale", "pos_cancel", "pos_inquiry"],
    ),
];

/// Left out: a cancellation that PayWall carries out when its caller has given
/// up on it, and the shopper has paid meanwhile, voids what was paid. PayWall
/// tells nobody, and a paid payment is not asked about again.
const VOIDED: (&str, &str) = ("cancel", "slow");

struct Spoiled {
    way: Way,
    call: &'static str,
    fault: &'static str,
}

#[tokio::test(flavor = "multi_thread")]
async fn every_charge_is_recorded_once_whatever_a_provider_does() {
    let spoiled = cells().map(|what| Cell {
        name: format!("{}: {} {}", what.way.name, what.call, what.fault),
        what,
    });
    all("provider faults", spoiled.collect(), play).await;
}

/// In the bounded form of each call two faults, another two for the next.
fn cells() -> impl Iterator<Item = Spoiled> {
    let calls = CALLS
        .iter()
        .flat_map(|(way, calls)| calls.iter().map(|call| (*way, *call)));
    calls.enumerate().flat_map(|(row, (way, call))| {
        let faults: &[&str] = if call.ends_with("callback") {
            &OF_CALLBACKS
        } else {
            &OF_CALLS
        };
        let (length, half) = (faults.len(), faults.len() / 2);
        let chosen = move |column: usize| {
            deep() || column == row % length || column == (row + half) % length
        };
        let faults = faults
            .iter()
            .enumerate()
            .filter(move |(column, _)| chosen(*column));
        let faults = faults.filter(move |(_, fault)| (call, **fault) != VOIDED);
        faults.map(move |(_, fault)| Spoiled { way, call, fault })
    })
}

async fn play(till: &Till, spoiled: &Spoiled) -> Result<Tally> {
    let Spoiled { way, call, fault } = *spoiled;
    if way == Way::SAVED_CARD {
        keeps_a_card(till).await?;
    }
    till.order_fault(call, fault, delay_of(fault)).await?;
    if fault == "slow" {
        // And nobody calls when it is done after all.
        for callback in CALLBACKS.into_iter().cycle().take(4 * CALLBACKS.len()) {
            till.order_fault(callback, "lost", Duration::ZERO).await?;
        }
    }
    let told = pays(till, way, "ORD-1").await?;
    ensure!(till.fault_played(call).await?, "nobody made this call");
    if fault == "slow" {
        // What is in a provider's queue nobody can see.
        tokio::time::sleep(LONG / SPEED).await;
    }
    let tally = claim::holds(till, "ORD-1", &told).await?;
    ensure!(tally.taken > 0, "nothing was taken");
    Ok(tally)
}

pub fn delay_of(fault: &str) -> Duration {
    match fault {
        "slow" | "late" => LONG / SPEED,
        _ => Duration::ZERO,
    }
}
