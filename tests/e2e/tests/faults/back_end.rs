//! The shop's back end: refunds and payouts, with every fault of their calls and
//! the server killed at each of their steps. Money goes back once, or out once.

use std::time::{Duration, Instant};

use kasa_e2e::till::{SPEED, Till};
use kasa_e2e::{Result, bail, ensure};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::claim;
use crate::figures::{Tally, deep};
use crate::gates::{Point, Watch};
use crate::journey::pays;
use crate::matrix::{LONG, OF_CALLS, delay_of};
use crate::run::{Cell, all};
use crate::ways::Way;

const REFERENCE: &str = "ORD-1";

/// Twice as much would still fit into the order.
const A_PART: i64 = 10_000;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Errand {
    /// Of an order paid in this way; `None`: all of it.
    Refund(Way, Option<i64>),
    Payout,
}

const ERRANDS: [(Errand, &[&str]); 6] = [
    (Errand::Refund(Way::CARD, None), &["refund"]),
    (Errand::Refund(Way::CARD, Some(A_PART)), &["refund_partial"]),
    (Errand::Refund(Way::APM_AT_ONCE, None), &["apm_refund"]),
    (
        Errand::Refund(Way::APM_AT_ONCE, Some(A_PART)),
        &["apm_refund"],
    ),
    (
        Errand::Refund(Way::HEPSIPAY, Some(A_PART)),
        &["hepsipay_refund"],
    ),
    (
        Errand::Payout,
        &["corefy_payout", "corefy_process", "corefy_query"],
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn money_goes_back_or_out_once_whatever_a_provider_does() {
    let calls = ERRANDS
        .iter()
        .flat_map(|(errand, calls)| calls.iter().map(|call| (*errand, *call)));
    let cells = calls.enumerate().flat_map(|(row, (errand, call))| {
        let chosen = move |column: usize| deep() || column % 4 == row % 4;
        let faults = OF_CALLS
            .iter()
            .enumerate()
            .filter(move |(column, _)| chosen(*column));
        let faults = faults.filter(move |(_, fault)| **fault != "doubled" || !errand.has_no_key());
        faults.map(move |(_, fault)| Cell {
            name: format!("{}: {call} {fault}", errand.name()),
            what: (errand, call, *fault),
        })
    });
    all(
        "refunds and payouts, provider faults",
        cells.collect(),
        async |till, &(errand, call, fault)| {
            errand.prepared(till).await?;
            till.order_fault(call, fault, delay_of(fault)).await?;
            errand.run(till).await?;
            if fault == "slow" {
                tokio::time::sleep(LONG / SPEED).await;
            }
            let tally = errand.holds(till).await?;
            ensure!(till.fault_played(call).await?, "nobody made this call");
            Ok(tally)
        },
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn money_goes_back_or_out_once_wherever_the_server_is_killed() {
    let mut cells = Vec::new();
    for (at, (errand, _)) in ERRANDS.into_iter().enumerate() {
        let points = errand
            .points()
            .await
            .unwrap_or_else(|error| panic!("{}: {error:#}", errand.name()));
        let chosen = points
            .into_iter()
            .enumerate()
            .filter(|(nth, _)| deep() || nth % 3 == at % 3);
        cells.extend(chosen.map(|(_, point)| Cell {
            name: format!("{}, killed at {point}", errand.name()),
            what: (errand, point),
        }));
    }
    all(
        "refunds and payouts, server killed",
        cells,
        async |till, (errand, point): &(Errand, Point)| {
            errand.prepared(till).await?;
            let watch = Watch::over(till, Some(point.clone()));
            errand.run(till).await?;
            let tally = errand.holds(till).await?;
            ensure!(
                watch.killed() || point.may_stay_away(),
                "nobody came by there"
            );
            Ok(tally)
        },
    )
    .await;
}

impl Errand {
    /// PayWall knows no key of a refund: who repeats the call for a part of a
    /// payment on the way gives back another part, and nobody could stop it.
    fn has_no_key(self) -> bool {
        matches!(self, Errand::Refund(way, Some(_)) if way != Way::HEPSIPAY)
    }

    fn name(self) -> String {
        match self {
            Errand::Refund(way, None) => format!("refund of {}", way.name),
            Errand::Refund(way, Some(_)) => format!("refund of a part of {}", way.name),
            Errand::Payout => "payout".to_owned(),
        }
    }

    async fn points(self) -> Result<Vec<Point>> {
        let till = Till::open().await?;
        self.prepared(&till).await?;
        let watch = Watch::over(&till, None);
        self.run(&till).await?;
        self.holds(&till).await?;
        let points = watch.points();
        till.close().await;
        Ok(points)
    }

    async fn prepared(self, till: &Till) -> Result<()> {
        if let Errand::Refund(way, _) = self {
            let told = pays(till, way, REFERENCE).await?;
            claim::holds(till, REFERENCE, &told).await?;
        }
        Ok(())
    }

    /// As a back end does: the very same request, until it is answered.
    async fn run(self, till: &Till) -> Result<()> {
        match self {
            Errand::Refund(_, amount) => {
                let path = format!("orders/{REFERENCE}/refunds");
                let body = amount.map_or_else(|| json!({}), |amount| json!({ "amount": amount }));
                answered(|| {
                    let call = till.back_end(Method::POST, &path);
                    call.header("Idempotency-Key", "refund-0123456789abcdef")
                        .json(&body)
                })
                .await
            }
            Errand::Payout => {
                let body = json!({ "reference": "PAY-1", "amount": A_PART, "currency": "TRY",
                    "iban": "TR330006100519786457841326", "beneficiary": "Elif Yılmaz",
                    "identityNumber": "10000000146" });
                answered(|| till.back_end(Method::POST, "payouts").json(&body)).await
            }
        }
    }

    async fn holds(self, till: &Till) -> Result<Tally> {
        match self {
            Errand::Refund(..) => claim::holds(till, REFERENCE, &[]).await,
            Errand::Payout => paid_out_once(till).await,
        }
    }
}

async fn answered(request: impl Fn() -> RequestBuilder) -> Result<()> {
    let since = Instant::now();
    while since.elapsed() < Duration::from_secs(30) {
        if let Ok(answer) = request().send().await {
            let status = answer.status();
            ensure!(
                !status.is_client_error(),
                "refused: {}",
                answer.text().await?
            );
            if status.is_success() {
                return Ok(());
            }
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    bail!("never answered")
}

/// The payout ends, and so it stands at the provider; the shop is told.
async fn paid_out_once(till: &Till) -> Result<Tally> {
    claim::in_time(till, async || {
        let answer = till.back_end(Method::GET, "payouts/PAY-1").send().await?;
        let ours: Value = answer.json().await?;
        let theirs: Vec<Value> = till.books.listed("corefy").await?;
        let done = theirs
            .iter()
            .filter(|each| each["status"] == "processed")
            .count();
        match (ours["status"].as_str(), done) {
            (Some("paid"), 1) | (Some("failed"), 0) => {}
            _ => bail!("{ours:#} {theirs:#?}"),
        }
        let event = format!("payout.{}", ours["status"].as_str().unwrap_or_default());
        ensure!(
            till.heard()
                .iter()
                .any(|heard| heard["type"] == event.as_str()),
            "the shop was not told: {ours:#}"
        );
        Ok(Tally {
            taken: done,
            recorded: done,
            ..Tally::default()
        })
    })
    .await
}
