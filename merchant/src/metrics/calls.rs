//! Calls of providers, counted where they are made.

use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

/// How a call of a provider ended.
#[derive(Clone, Copy, Debug)]
pub(crate) enum CallEnd {
    Answered,
    Refused,
    /// Whether the provider did the work is unknown.
    Lost,
}

impl CallEnd {
    fn word(self) -> &'static str {
        match self {
            CallEnd::Answered => "answered",
            CallEnd::Refused => "refused",
            CallEnd::Lost => "lost",
        }
    }
}

/// Counts calls of all providers.
#[derive(Clone)]
pub(crate) struct Calls {
    ended: Family<Ended, Counter>,
    duration: Family<Called, Histogram, fn() -> Histogram>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Called {
    provider: &'static str,
    call: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Ended {
    provider: &'static str,
    call: &'static str,
    outcome: &'static str,
}

impl Default for Calls {
    fn default() -> Self {
        // Up to the time-out of one call, unless it was set higher.
        let seconds = || Histogram::new([0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 20.0]);
        Calls {
            ended: Family::default(),
            duration: Family::new_with_constructor(seconds),
        }
    }
}

impl Calls {
    pub(crate) fn register(&self, registry: &mut Registry) {
        registry.register(
            "provider_calls",
            "Calls of providers, by how they ended",
            self.ended.clone(),
        );
        registry.register_with_unit(
            "provider_call_duration",
            "From a call of a provider to its answer, or to giving up on it",
            Unit::Seconds,
            self.duration.clone(),
        );
    }

    pub(crate) fn ended(
        &self,
        provider: &'static str,
        call: &'static str,
        end: CallEnd,
        took: Duration,
    ) {
        let called = Called { provider, call };
        self.duration
            .get_or_create(&called)
            .observe(took.as_secs_f64());
        let ended = Ended {
            provider,
            call,
            outcome: end.word(),
        };
        self.ended.get_or_create(&ended).inc();
    }
}
