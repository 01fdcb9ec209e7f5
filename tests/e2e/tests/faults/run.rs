//! Runs many cells at a time, each over servers of its own, and gathers what
//! they did. One that breaks the claim is told with its servers' last words.

use std::time::Instant;

use futures_util::StreamExt as _;
use futures_util::stream;
use kasa_e2e::Result;
use kasa_e2e::till::Till;

use crate::figures::{Tally, tell};

/// Servers mostly wait; so many of them are no load.
pub const AT_ONCE: usize = 8;

/// One cell; its name says which, to whoever looks into a failure.
pub struct Cell<T> {
    pub name: String,
    pub what: T,
}

/// Whether only some cells are wanted: those whose name holds this.
fn wanted(name: &str) -> bool {
    std::env::var("KASA_CELL").map_or(true, |part| name.contains(&part))
}

pub async fn all<T>(
    name: &str,
    cells: Vec<Cell<T>>,
    run: impl AsyncFn(&Till, &T) -> Result<Tally>,
) {
    let run = &run;
    let played =
        stream::iter(cells.into_iter().filter(|cell| wanted(&cell.name))).map(async |cell| {
            let since = Instant::now();
            let played = one(&cell, run).await;
            played
                .map(|tally| Tally {
                    cells: 1,
                    slowest: since.elapsed(),
                    ..tally
                })
                .map_err(|error| format!("{}: {error}", cell.name))
        });
    let mut played = std::pin::pin!(played.buffer_unordered(AT_ONCE));
    let (mut sum, mut broken) = (Tally::default(), Vec::new());
    while let Some(cell) = played.next().await {
        match cell {
            Ok(tally) => sum += tally,
            Err(error) => {
                eprintln!("BROKEN {error}");
                broken.push(error);
            }
        }
    }
    tell(name, &sum);
    let names: Vec<_> = broken
        .iter()
        .filter_map(|error| error.lines().next())
        .collect();
    assert!(
        broken.is_empty(),
        "{} cells broke the claim:\n{}",
        broken.len(),
        names.join("\n")
    );
}

async fn one<T>(
    cell: &Cell<T>,
    run: &impl AsyncFn(&Till, &T) -> Result<Tally>,
) -> Result<Tally, String> {
    let till = Till::open().await.map_err(|error| format!("{error:#}"))?;
    let played = run(&till, &cell.what).await;
    let outcome = match played {
        Ok(mut tally) => {
            tally.kills = till.merchant().kills();
            Ok(tally)
        }
        Err(error) => Err(format!("{error:#}\n{}", till.last_words().await)),
    };
    till.close().await;
    outcome
}
