//! What all rooms share, and the one place that holds each room's memory. Knows
//! of a room its name only.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use crate::callback::Callbacks;
use crate::calls::CallLog;
use crate::faults::Faults;
use crate::settings::Settings;
use crate::time::Clock;
use crate::{ROOMS, apm, corefy, hepsipay, paywall, pos};

/// All that the handlers share.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) settings: Settings,
    /// Base of every address the sandbox hands out, no trailing slash.
    pub(crate) public_url: String,
    pub(crate) clock: Clock,
    pub(crate) faults: Faults,
    pub(crate) calls: CallLog,
    pub(crate) callbacks: Callbacks,
    pub(crate) ids: Ids,
    /// PayWall's cards. One field a room.
    pub(crate) paywall: Memory<paywall::state::State>,
    pub(crate) apm: Memory<apm::state::State>,
    pub(crate) pos: Memory<pos::state::State>,
    /// Hepsipay's common payments.
    pub(crate) hepsipay: Memory<hepsipay::state::State>,
    /// Aspay's invoices, which Corefy holds.
    pub(crate) corefy: Memory<corefy::state::State>,
}

impl App {
    pub(crate) fn new(
        settings: Settings,
        public_url: String,
        callbacks: Callbacks,
        clock: Clock,
    ) -> Self {
        Self {
            settings,
            public_url,
            faults: Faults::of(ROOMS.iter().flat_map(|room| room.targets)),
            calls: CallLog::default(),
            callbacks,
            ids: Ids::from(clock.now()),
            clock,
            paywall: Memory::default(),
            apm: Memory::default(),
            pos: Memory::default(),
            hepsipay: Memory::default(),
            corefy: Memory::default(),
        }
    }
}

/// What one room remembers. A restart forgets it.
#[derive(Debug, Default)]
pub(crate) struct Memory<S>(Mutex<S>);

impl<S> Memory<S> {
    /// For one short step; never held over an await.
    pub(crate) fn lock(&self) -> MutexGuard<'_, S> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Numbers that providers hand out, never the same twice.
#[derive(Debug)]
pub(crate) struct Ids(AtomicI64);

impl Ids {
    /// They begin at the second of the start, so that a restarted sandbox does
    /// not hand out ids that a merchant's database already holds.
    fn from(started_at: Timestamp) -> Self {
        Self(AtomicI64::new(started_at.as_second() - 1_700_000_000))
    }

    pub(crate) fn next(&self) -> i64 {
        self.0.fetch_add(1, Ordering::Relaxed)
    }
}
