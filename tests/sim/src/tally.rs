//! How often what happened, over all runs of a batch: so that one sees that a
//! search without a finding has searched.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

#[derive(Clone, Default)]
pub struct Tally(Arc<Mutex<BTreeMap<String, u64>>>);

impl Tally {
    pub fn count(&self, what: impl Into<String>) {
        self.add(what, 1);
    }

    pub fn add(&self, what: impl Into<String>, many: u64) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *all.entry(what.into()).or_default() += many;
    }

    pub fn merge(&self, other: &Tally) {
        for (what, many) in other.all() {
            self.add(what, many);
        }
    }

    pub fn of(&self, what: &str) -> u64 {
        self.all().get(what).copied().unwrap_or(0)
    }

    /// All whose names begin so.
    pub fn sum(&self, group: &str) -> u64 {
        let all = self.all();
        let named = all.iter().filter(|(what, _)| what.starts_with(group));
        named.map(|(_, many)| many).sum()
    }

    fn all(&self) -> BTreeMap<String, u64> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (what, many) in self.all() {
            writeln!(f, "  {what}: {many}")?;
        }
        Ok(())
    }
}
