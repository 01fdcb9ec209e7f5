//! The sandbox's clock, and times as PayWall writes them. Knows nothing of what
//! happens at those times.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp, Zoned, tz};

/// The time now: the system's, or another source's. Tests move it forward instead of waiting.
pub struct Clock {
    source: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    ahead_seconds: AtomicI64,
}

impl Default for Clock {
    fn default() -> Self {
        Self::from(Timestamp::now)
    }
}

impl<F: Fn() -> Timestamp + Send + Sync + 'static> From<F> for Clock {
    fn from(source: F) -> Self {
        Self {
            source: Arc::new(source),
            ahead_seconds: AtomicI64::default(),
        }
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.now())
    }
}

impl Clock {
    pub fn now(&self) -> Timestamp {
        (self.source)() + SignedDuration::from_secs(self.ahead_seconds.load(Ordering::Relaxed))
    }

    /// Lets `seconds` pass at once.
    pub fn advance(&self, seconds: u32) {
        self.ahead_seconds
            .fetch_add(seconds.into(), Ordering::Relaxed);
    }
}

/// `ExpiryDateTime`: seven fraction digits and Turkey's offset.
pub fn with_offset(at: Timestamp) -> String {
    in_turkey(at)
        .strftime("%Y-%m-%dT%H:%M:%S.%7f%:z")
        .to_string()
}

/// `LastActivityDateTime` and the post-back's `date`: Turkey's time, unmarked.
pub fn without_offset(at: Timestamp) -> String {
    in_turkey(at).strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

/// Whether a card with this date on it is out of date: its month has ended.
pub fn is_past(year: u16, month: u8, now: Timestamp) -> bool {
    let today = in_turkey(now).date();
    (i32::from(year), i32::from(month)) < (today.year().into(), today.month().into())
}

/// Whether both fall on one day in Turkey.
pub fn same_day(one: Timestamp, other: Timestamp) -> bool {
    in_turkey(one).date() == in_turkey(other).date()
}

fn in_turkey(at: Timestamp) -> Zoned {
    at.to_zoned(tz::offset(3).to_time_zone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expiry_has_seven_fraction_digits_and_the_offset() {
        let at: Timestamp = "2024-06-13T19:25:08.0404774Z".parse().unwrap();
        assert_eq!(with_offset(at), "2024-06-13T22:25:08.0404774+03:00");
        let whole: Timestamp = "2024-06-13T22:25:08Z".parse().unwrap();
        assert_eq!(with_offset(whole), "2024-06-14T01:25:08.0000000+03:00");
    }

    #[test]
    fn a_card_is_good_until_its_month_has_ended_in_turkey() {
        let last: Timestamp = "2026-06-30T20:59:59Z".parse().unwrap();
        let over: Timestamp = "2026-06-30T21:00:00Z".parse().unwrap();
        assert!(!is_past(2026, 6, last));
        assert!(is_past(2026, 6, over));
        assert!(!is_past(2027, 1, over));
    }
}
