//! Runs worlds by their seeds. `KASA_SIM_SEED=7` runs one and prints what
//! happened in it; `KASA_DEEP=1` takes fresh seeds for a quarter of an hour.

use std::io::Write as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use kasa_sim::planted;
use kasa_sim::tally::Tally;
use kasa_sim::world::{Report, run};

const SEEDS: u64 = 80;
const DEEP: Duration = Duration::from_secs(15 * 60);

/// Runs at one time.
const AT_ONCE: usize = 2;

/// A search that never comes to these has not searched.
const REACHED: [&str; 19] = [
    "fault LostBefore",
    "fault LostAfter",
    "fault Late",
    "fault LateAnswer",
    "fault Doubled",
    "fault HalfBody",
    "fault Html",
    "fault Status502After",
    "kill",
    "kill between two statements",
    "payment card paid",
    "payment card failed",
    "payment card canceled",
    "payment apm paid",
    "payment hepsipay paid",
    "payment aspay paid",
    "payment terminal paid",
    "webhook order.paid",
    "webhook order.refunded",
];

#[test]
fn nothing_is_lost_and_nothing_is_taken_twice_whatever_goes_wrong() {
    if let Some(seed) = number("KASA_SIM_SEED") {
        let report = run(seed, None);
        tell(&report);
        println!("{}", report.tally);
        assert!(report.violations.is_empty(), "seed {seed}");
        return;
    }
    let batch = Batch::run();
    println!("{}", batch.tally);
    batch.publish();
    if let Some(report) = &batch.worst {
        tell(report);
    }
    let bad = &batch.bad;
    assert!(
        bad.is_empty(),
        "seeds {bad:?}: replay one with KASA_SIM_SEED"
    );
    for what in REACHED {
        assert!(batch.tally.of(what) > 0, "never came to: {what}");
    }
}

#[test]
fn a_seed_repeats_itself() {
    for seed in [1, 3, 8, 28] {
        let (one, other) = (run(seed, None), run(seed, None));
        let steps = |report: &Report| {
            let lines = report.lines.iter().filter(|line| !line.contains(" | "));
            lines.cloned().collect::<Vec<_>>()
        };
        let (one_steps, other_steps) = (steps(&one), steps(&other));
        let differ = one_steps.iter().zip(&other_steps).find(|(a, b)| a != b);
        assert_eq!(differ, None, "seed {seed}");
        assert_eq!(one.hash, other.hash, "seed {seed}");
    }
}

/// A search that finds nothing in a server that has a bug has not looked there.
#[test]
fn each_planted_bug_is_found() {
    let bugs = &planted::ALL;
    let next = AtomicUsize::new(0);
    let (found, runs) = (Mutex::new(Vec::new()), AtomicU64::new(0));
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(bug) = bugs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let by = (0..SEEDS).find(|seed| {
                        runs.fetch_add(1, Ordering::Relaxed);
                        let violations = run(*seed, Some(bug)).violations;
                        violations.iter().any(|what| what.contains(bug.found))
                    });
                    let Some(seed) = by else { continue };
                    println!("{}: found by seed {seed}", bug.name);
                    found.lock().unwrap().push(bug.name);
                }
            });
        }
    });
    let found = found.into_inner().unwrap();
    publish(&format!(
        "simulation, planted bugs: {}, {} found, in {} runs",
        bugs.len(),
        found.len(),
        runs.into_inner(),
    ));
    let names = bugs.iter().map(|bug| bug.name);
    let missed: Vec<_> = names.filter(|name| !found.contains(name)).collect();
    assert!(missed.is_empty(), "not found: {missed:?}");
}

/// Many runs.
struct Batch {
    first: u64,
    runs: u64,
    steps: u64,
    took: Duration,
    tally: Tally,
    bad: Vec<u64>,
    /// The first that went wrong.
    worst: Option<Report>,
}

impl Batch {
    fn run() -> Self {
        let deep = number("KASA_DEEP") == Some(1);
        let first = if deep { fresh() } else { 0 };
        if deep {
            println!("seeds from {first}");
        }
        let began = Instant::now();
        let most = number("KASA_SIM_SEEDS").unwrap_or(if deep { u64::MAX } else { SEEDS });
        let next = AtomicU64::new(0);
        let batch = Mutex::new(Batch {
            first,
            runs: 0,
            steps: 0,
            took: Duration::ZERO,
            tally: Tally::default(),
            bad: Vec::new(),
            worst: None,
        });
        std::thread::scope(|scope| {
            for _ in 0..AT_ONCE {
                scope.spawn(|| {
                    loop {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        if number >= most || (deep && began.elapsed() > DEEP) {
                            return;
                        }
                        let report = run(first + number, None);
                        batch.lock().unwrap().add(report);
                    }
                });
            }
        });
        let mut batch = batch.into_inner().unwrap();
        batch.took = began.elapsed();
        batch
    }

    fn add(&mut self, report: Report) {
        self.runs += 1;
        self.steps += report.steps;
        self.tally.merge(&report.tally);
        if report.violations.is_empty() {
            return;
        }
        eprintln!("seed {}: {}", report.seed, report.violations.join("\n  "));
        self.bad.push(report.seed);
        self.worst.get_or_insert(report);
    }

    fn publish(&self) {
        let line = format!(
            "simulation: {} seeds from {}, {} steps in {} virtual hours, {} faults, {} kills, \
             {} orders paid, {} violations, {} s",
            self.runs,
            self.first,
            self.steps,
            self.tally.of("virtual seconds") / 3600,
            self.tally.sum("fault "),
            self.tally.of("kill"),
            self.tally.of("order ends paid"),
            self.bad.len(),
            self.took.as_secs(),
        );
        publish(&line);
    }
}

/// One of the figures that `npm test` prints at its end.
fn publish(line: &str) {
    println!("{line}");
    if let Ok(file) = std::env::var("KASA_FIGURES") {
        let file = std::fs::OpenOptions::new()
            .append(true)
            .create(true)
            .open(file);
        writeln!(file.unwrap(), "{line}").unwrap();
    }
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

fn fresh() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    now.as_secs() * 1_000_000
}

fn tell(report: &Report) {
    for line in &report.lines {
        println!("{line}");
    }
    println!(
        "seed {}: {} steps, hash {:016x}, {} s of virtual time; replay with KASA_SIM_SEED={}",
        report.seed,
        report.steps,
        report.hash,
        report.virtual_time.as_secs(),
        report.seed
    );
    for violation in &report.violations {
        println!("VIOLATION {violation}");
    }
}
