//! What is counted for Prometheus: one family a question that an operator asks.
//! Knows no payment, order or person: labels are words of ours, and few.
//!
//! Counters of which all labels are known begin at zero, so that the first event
//! of a kind is seen as an increase.

mod books;
mod calls;
mod labels;
mod scrape;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

pub(crate) use calls::{CallEnd, Calls};
pub(crate) use labels::{Attention, Delivery, Limit};
pub(crate) use scrape::router;

use crate::store::{PayoutStatus, RefundStatus, Tally, status_text};
use books::Books;
use kasa_checkout::wire::merchant::Status;
use labels::{Ended, Limited, MethodOf, Moved, Reason, Route, Routed, StatusOf};

/// From an answer out of memory to the longest long poll.
const HTTP_SECONDS: [f64; 12] = [
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0,
];

type Seconds = Gauge<f64, std::sync::atomic::AtomicU64>;

#[derive(Clone)]
pub(crate) struct Metrics {
    registry: Arc<Registry>,
    requests: Family<Routed, Counter>,
    request_duration: Family<Route, Histogram, fn() -> Histogram>,
    long_polls: Gauge,
    /// Handed to the providers.
    pub(crate) calls: Calls,
    payments: Family<Moved, Counter>,
    refunds: Family<StatusOf, Counter>,
    payouts: Family<StatusOf, Counter>,
    deliveries: Family<Ended, Counter>,
    attention: Family<Reason, Counter>,
    limited: Family<Limited, Counter>,
    last_round: Family<MethodOf, Seconds>,
    books: Books,
}

fn http_histogram() -> Histogram {
    Histogram::new(HTTP_SECONDS)
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut registry = Registry::default();
        let started: Seconds = Gauge::default();
        started.set(seconds(Timestamp::now()));
        registry.register_with_unit(
            "process_start_time",
            "When this process started, in Unix time",
            Unit::Seconds,
            started,
        );
        let kasa = registry.sub_registry_with_prefix("kasa");
        let version = Info::new([("version", crate::VERSION)]);
        kasa.register("build", "Which kasa-merchant this is", version);
        let calls = Calls::default();
        calls.register(kasa);
        let books = Books::register(kasa);
        let mut metrics = Metrics {
            registry: Arc::default(),
            requests: Family::default(),
            request_duration: Family::new_with_constructor(http_histogram),
            long_polls: Gauge::default(),
            calls,
            payments: Family::default(),
            refunds: Family::default(),
            payouts: Family::default(),
            deliveries: Family::default(),
            attention: Family::default(),
            limited: Family::default(),
            last_round: Family::default(),
            books,
        };
        metrics.register(kasa);
        metrics.registry = Arc::new(registry);
        metrics
    }

    fn register(&self, kasa: &mut Registry) {
        kasa.register("http_requests", "Requests answered", self.requests.clone());
        kasa.register_with_unit(
            "http_request_duration",
            "From a request to its answer, long polls included",
            Unit::Seconds,
            self.request_duration.clone(),
        );
        kasa.register(
            "long_polls",
            "Browsers that wait for a change now",
            self.long_polls.clone(),
        );
        kasa.register(
            "payments",
            "Payments that came into this status here",
            self.payments.clone(),
        );
        kasa.register(
            "refunds",
            "Refunds that came into this status here",
            self.refunds.clone(),
        );
        kasa.register(
            "payouts",
            "Payouts that came into this status here",
            self.payouts.clone(),
        );
        kasa.register(
            "webhook_deliveries",
            "Attempts to tell the shop's back end, by how they ended",
            self.deliveries.clone(),
        );
        kasa.register(
            "attention",
            "What the server noticed and a person must look at",
            self.attention.clone(),
        );
        kasa.register(
            "limited",
            "Tries that were refused because there were too many",
            self.limited.clone(),
        );
        kasa.register_with_unit(
            "reconciler_last_round_timestamp",
            "When the reconciler last came to the end of a round, in Unix time",
            Unit::Seconds,
            self.last_round.clone(),
        );
    }

    /// For a server that offers `methods`.
    pub(crate) fn begin_at_zero(&self, methods: &[&str]) {
        use Status::{Canceled, Failed, Paid, Pending};
        for method in methods {
            for status in [Pending, Paid, Failed, Canceled] {
                drop(self.payments.get_or_create(&Moved {
                    method: (*method).to_owned(),
                    status: status_text(status),
                }));
            }
            self.round_ended(method, Timestamp::now());
        }
        use RefundStatus as Refund;
        for status in [Refund::Pending, Refund::Done, Refund::Failed] {
            drop(self.refunds.get_or_create(&StatusOf {
                status: status.text(),
            }));
        }
        use PayoutStatus as Payout;
        for status in [
            Payout::Pending,
            Payout::Paid,
            Payout::Failed,
            Payout::Canceled,
        ] {
            drop(self.payouts.get_or_create(&StatusOf {
                status: status.text(),
            }));
        }
        for outcome in Delivery::ALL {
            drop(self.deliveries.get_or_create(&Ended {
                outcome: outcome.word(),
            }));
        }
        for limit in Limit::ALL {
            drop(self.limited.get_or_create(&Limited {
                limit: limit.word(),
            }));
        }
        for reason in Attention::ALL {
            drop(self.attention.get_or_create(&Reason {
                reason: reason.word(),
            }));
        }
    }

    pub(crate) fn answered(&self, method: &str, route: &str, status: u16, took: Duration) {
        let route = Route::new(method, route);
        self.request_duration
            .get_or_create(&route)
            .observe(took.as_secs_f64());
        self.requests.get_or_create(&route.answered(status)).inc();
    }

    /// Counts a long poll for as long as what it answers is held.
    pub(crate) fn long_poll(&self) -> impl Drop + use<> {
        struct Open(Gauge);
        impl Drop for Open {
            fn drop(&mut self) {
                self.0.dec();
            }
        }
        self.long_polls.inc();
        Open(self.long_polls.clone())
    }

    pub(crate) fn payment(&self, method: &str, status: Status) {
        let moved = Moved {
            method: method.to_owned(),
            status: status_text(status),
        };
        self.payments.get_or_create(&moved).inc();
    }

    pub(crate) fn refund(&self, status: RefundStatus) {
        let status = status.text();
        self.refunds.get_or_create(&StatusOf { status }).inc();
    }

    pub(crate) fn payout(&self, status: PayoutStatus) {
        let status = status.text();
        self.payouts.get_or_create(&StatusOf { status }).inc();
    }

    pub(crate) fn delivery(&self, outcome: Delivery) {
        let outcome = outcome.word();
        self.deliveries.get_or_create(&Ended { outcome }).inc();
    }

    /// Something that no code can put right.
    pub(crate) fn attention(&self, reason: Attention) {
        let reason = reason.word();
        self.attention.get_or_create(&Reason { reason }).inc();
    }

    pub(crate) fn limited(&self, limit: Limit) {
        let limit = limit.word();
        self.limited.get_or_create(&Limited { limit }).inc();
    }

    pub(crate) fn round_ended(&self, method: &str, at: Timestamp) {
        self.last_round
            .get_or_create(&MethodOf::new(method))
            .set(seconds(at));
    }

    /// In OpenMetrics' text form. Of a database that does not answer (`None`) the
    /// numbers are those that were read last.
    fn text(&self, tally: Option<&Tally>, methods: &[&str]) -> Result<String, std::fmt::Error> {
        self.books.show(tally, methods);
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

/// Prometheus counts in seconds.
fn seconds(at: Timestamp) -> f64 {
    at.as_duration().as_secs_f64()
}
