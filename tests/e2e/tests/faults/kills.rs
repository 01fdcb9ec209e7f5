//! The merchant server is killed at every point of every way to pay, and comes
//! up again over the same database. Then every charge is recorded once, and the
//! page that was open has found its way.

use futures_util::StreamExt as _;
use futures_util::stream;
use kasa_e2e::till::Till;
use kasa_e2e::{Result, ensure};

use crate::claim;
use crate::figures::{Tally, deep};
use crate::gates::{Point, Watch};
use crate::journey::{keeps_a_card, pays};
use crate::run::{AT_ONCE, Cell, all};
use crate::ways::Way;

const REFERENCE: &str = "ORD-1";

#[tokio::test(flavor = "multi_thread")]
async fn every_charge_is_recorded_once_wherever_the_server_is_killed() {
    let clean = stream::iter(Way::ALL).map(async |way| (way, points_of(way).await));
    let clean: Vec<_> = clean.buffered(AT_ONCE).collect().await;
    let mut cells = Vec::new();
    for (at, (way, points)) in clean.into_iter().enumerate() {
        let points = points.unwrap_or_else(|error| panic!("{}: {error:#}", way.name));
        // A fifth of them in the bounded form, another fifth for the next way.
        let chosen = points
            .into_iter()
            .enumerate()
            .filter(|(nth, _)| deep() || nth % 5 == at % 5);
        cells.extend(chosen.map(|(_, point)| Cell {
            name: format!("{}, killed at {point}", way.name),
            what: (way, point),
        }));
    }
    all(
        "server killed at each step",
        cells,
        async |till, (way, point)| survives(till, *way, point.clone()).await,
    )
    .await;
}

/// The points of a journey on which nothing goes wrong.
async fn points_of(way: Way) -> Result<Vec<Point>> {
    let till = Till::open().await?;
    let watch = prepared(&till, way, None).await?;
    let told = pays(&till, way, REFERENCE).await?;
    claim::holds(&till, REFERENCE, &told).await?;
    let points = watch.points();
    till.close().await;
    ensure!(points.len() > 6, "only {points:?}");
    Ok(points)
}

async fn prepared(till: &Till, way: Way, deadly: Option<Point>) -> Result<Watch> {
    if way == Way::SAVED_CARD {
        keeps_a_card(till).await?;
    }
    Ok(Watch::over(till, deadly))
}

async fn survives(till: &Till, way: Way, point: Point) -> Result<Tally> {
    let stays_away = point.may_stay_away() || way.cancels_first;
    let watch = prepared(till, way, Some(point)).await?;
    let told = pays(till, way, REFERENCE).await?;
    let tally = claim::holds(till, REFERENCE, &told).await?;
    ensure!(watch.killed() || stays_away, "nobody came by there");
    ensure!(tally.taken > 0, "nothing was taken");
    Ok(tally)
}
