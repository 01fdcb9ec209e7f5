//! What every call and the reconciler share. Holds things, decides nothing.

use std::sync::Arc;
use std::time::Duration;

use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::{SignedDuration, Timestamp};
use sha2::Sha256;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::Instrument as _;

use crate::chance::Chance;
use crate::clock::Clock;
use crate::metrics::Metrics;
use crate::polls::Polls;
use crate::problem::{Error, Result};
use crate::providers::Providers;
use crate::settings::Settings;
use crate::store::Store;
use crate::webhooks::Webhooks;

pub(crate) struct App {
    pub(crate) settings: Settings,
    pub(crate) store: Store,
    pub(crate) providers: Providers,
    /// `None`: the shop wants none.
    pub(crate) webhooks: Option<Webhooks>,
    pub(crate) clock: Clock,
    pub(crate) chance: Chance,
    pub(crate) metrics: Metrics,
    pub(crate) polls: Polls,
    /// Work that outlives its caller; the server stops only after it.
    pub(crate) tasks: TaskTracker,
    /// Cancelled when the server is asked to stop: no work should come here any more.
    pub(crate) leaving: CancellationToken,
    /// Cancelled when the server stops: what waits, ends.
    pub(crate) stop: CancellationToken,
    /// Cancelled when whoever holds the server wants it gone: what still runs is broken off where it stands.
    pub(crate) broken_off: CancellationToken,
}

impl App {
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// `now` and `later`, for times that are stored.
    pub(crate) fn in_time(&self, later: SignedDuration) -> Timestamp {
        let now = self.now();
        now.checked_add(later).unwrap_or(now)
    }

    /// How long a start and the question after a lost answer may take together.
    /// A start older than that has died with its server.
    pub(crate) fn start_patience(&self) -> SignedDuration {
        SignedDuration::try_from(self.settings.provider_timeout * 2 + Duration::from_secs(10))
            .unwrap_or(SignedDuration::from_secs(60))
    }

    /// Tells one request from another. Keyed with what stands in no database: a
    /// request may hold card, account or identity numbers, and so few of those
    /// exist that a plain hash of one gives it away.
    pub(crate) fn fingerprint(&self, parts: &[&[u8]]) -> Result<String> {
        let key = self.settings.api_key.expose();
        let mut hash = Hmac::<Sha256>::new_from_slice(key.as_bytes())
            .map_err(|error| Error::Internal(error.to_string()))?;
        for part in parts {
            hash.update(part);
        }
        Ok(hex::encode(hash.finalize().into_bytes()))
    }

    /// Runs `work` to its end even when the caller goes away, and answers its outcome.
    pub(crate) async fn to_the_end<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl Future<Output = Result<T>> + Send + 'static,
    ) -> Result<T> {
        let broken_off = self.broken_off.clone();
        let work = broken_off.run_until_cancelled_owned(work.in_current_span());
        match self.tasks.spawn(work).await {
            Ok(Some(done)) => done,
            Ok(None) => Err(Error::Internal("broken off".into())),
            Err(error) => Err(Error::Internal(error.to_string())),
        }
    }
}
