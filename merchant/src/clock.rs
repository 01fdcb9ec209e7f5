//! What time it is. A value, so that tests can move it; milliseconds, because
//! that is what the database holds.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};

/// The system's time, or another source's, moved on by as much as tests ask for.
#[derive(Clone)]
pub struct Clock {
    source: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    ahead_ms: Arc<AtomicI64>,
}

impl Default for Clock {
    fn default() -> Self {
        Clock::from(Timestamp::now)
    }
}

impl<F: Fn() -> Timestamp + Send + Sync + 'static> From<F> for Clock {
    fn from(source: F) -> Self {
        Clock {
            source: Arc::new(source),
            ahead_ms: Arc::default(),
        }
    }
}

impl Clock {
    pub fn now(&self) -> Timestamp {
        let ahead = SignedDuration::from_millis(self.ahead_ms.load(Ordering::Relaxed));
        let now = (self.source)();
        let moved = now.checked_add(ahead).unwrap_or(now);
        // Whole milliseconds, so that a time compares equal after a trip through the database.
        Timestamp::from_millisecond(moved.as_millisecond()).unwrap_or(moved)
    }

    /// Moves this clock, and every clone of it, forward.
    pub fn advance(&self, by: SignedDuration) {
        let by = i64::try_from(by.as_millis()).unwrap_or(0);
        self.ahead_ms.fetch_add(by, Ordering::Relaxed);
    }
}
