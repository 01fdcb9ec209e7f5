//! Runs worlds by their seeds. `KASA_SIM_SEED=7` runs one and prints what
//! happened; `KASA_DEEP=1` takes fresh seeds for a quarter of an hour.

use std::time::{Duration, Instant};

use kasa_sim::tally::Tally;
use kasa_sim::world::{Report, run};

#[test]
fn nothing_is_lost_and_nothing_is_taken_twice_whatever_goes_wrong() {
    if let Some(seed) = number("KASA_SIM_SEED") {
        let report = run(seed);
        tell(&report);
        println!("{}", report.tally);
        assert!(report.violations.is_empty(), "seed {seed}");
        return;
    }
    let began = Instant::now();
    let many = number("KASA_SIM_SEEDS").unwrap_or(40);
    let tally = Tally::default();
    let (mut steps, mut bad) = (0, Vec::new());
    for seed in 0..many {
        let report = run(seed);
        steps += report.steps;
        tally.merge(&report.tally);
        if !report.violations.is_empty() {
            if bad.is_empty() {
                tell(&report);
            }
            eprintln!("seed {seed}: {}", report.violations.join("\n  "));
            bad.push(seed);
        }
    }
    println!("{tally}{many} seeds, {steps} steps, {:?}", began.elapsed());
    assert!(bad.is_empty(), "seeds {bad:?}: replay with KASA_SIM_SEED");
    let _ = Duration::ZERO;
}

#[test]
fn a_seed_repeats_itself() {
    for seed in 0..3 {
        let (one, other) = (run(seed), run(seed));
        if one.hash != other.hash {
            let differ = one.lines.iter().zip(&other.lines).find(|(one, other)| one != other && !one.contains(" | "));
            panic!("seed {seed}: {differ:?}");
        }
    }
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

fn tell(report: &Report) {
    for line in &report.lines {
        println!("{line}");
    }
    println!(
        "seed {}: {} steps, hash {:016x}, {:?} of virtual time",
        report.seed, report.steps, report.hash, report.virtual_time
    );
    for violation in &report.violations {
        println!("VIOLATION {violation}");
    }
}
