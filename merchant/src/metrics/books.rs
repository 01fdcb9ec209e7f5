//! What is open now, read from the database when somebody looks.

use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::{Registry, Unit};

use super::Seconds;
use super::labels::{MethodOf, State};
use crate::store::Tally;

#[derive(Clone, Default)]
pub(super) struct Books {
    up: Gauge,
    payments_pending: Family<MethodOf, Gauge>,
    payments_oldest: Family<MethodOf, Seconds>,
    lag: Family<MethodOf, Seconds>,
    refunds_pending: Gauge,
    refunds_oldest: Seconds,
    payouts_pending: Gauge,
    payouts_oldest: Seconds,
    outbox: Gauge,
    outbox_oldest: Seconds,
    connections: Family<State, Gauge>,
    most_connections: Gauge,
}

impl Books {
    pub(super) fn register(kasa: &mut Registry) -> Self {
        let books = Books::default();
        books.register_ages(kasa);
        let numbers = [
            ("database_up", "Whether the database answers", &books.up),
            (
                "refunds_pending",
                "Refunds now pending",
                &books.refunds_pending,
            ),
            (
                "payouts_pending",
                "Payouts now pending",
                &books.payouts_pending,
            ),
            (
                "webhook_outbox_events",
                "Events that the shop has not accepted yet",
                &books.outbox,
            ),
            (
                "database_connections_limit",
                "The most connections that the pool opens",
                &books.most_connections,
            ),
        ];
        for (name, help, gauge) in numbers {
            kasa.register(name, help, gauge.clone());
        }
        kasa.register(
            "payments_pending",
            "Payments now pending",
            books.payments_pending.clone(),
        );
        kasa.register(
            "database_connections",
            "Connections of the pool",
            books.connections.clone(),
        );
        books
    }

    fn register_ages(&self, kasa: &mut Registry) {
        let by_method = [
            (
                "payments_oldest_pending_age",
                "Since the oldest pending payment was made",
                &self.payments_oldest,
            ),
            (
                "reconciler_lag",
                "For how long the payment that waits longest to be asked about is due",
                &self.lag,
            ),
        ];
        for (name, help, ages) in by_method {
            kasa.register_with_unit(name, help, Unit::Seconds, ages.clone());
        }
        let alone = [
            (
                "refunds_oldest_pending_age",
                "Since the oldest pending refund was made",
                &self.refunds_oldest,
            ),
            (
                "payouts_oldest_pending_age",
                "Since the oldest pending payout was made",
                &self.payouts_oldest,
            ),
            (
                "webhook_outbox_oldest_age",
                "Since the oldest event that the shop has not accepted was written",
                &self.outbox_oldest,
            ),
        ];
        for (name, help, age) in alone {
            kasa.register_with_unit(name, help, Unit::Seconds, age.clone());
        }
    }

    /// `None`: the database does not answer.
    pub(super) fn show(&self, tally: Option<&Tally>, methods: &[&str]) {
        self.up.set(i64::from(tally.is_some()));
        let Some(tally) = tally else { return };
        let none = methods.iter().map(|method| ((*method).to_owned(), None));
        let of_methods = |rows: &[(String, (i64, f64))]| -> Vec<(String, Option<(i64, f64)>)> {
            let there = rows
                .iter()
                .map(|(method, row)| (method.clone(), Some(*row)));
            none.clone().chain(there).collect()
        };
        for (method, row) in of_methods(&tally.payments) {
            let (number, age) = row.unwrap_or_default();
            let method = MethodOf { method };
            self.payments_pending.get_or_create(&method).set(number);
            self.payments_oldest.get_or_create(&method).set(age);
        }
        for (method, row) in of_methods(&tally.due) {
            let (_, lag) = row.unwrap_or_default();
            self.lag.get_or_create(&MethodOf { method }).set(lag);
        }
        let one = |(number, age): (i64, f64), gauge: &Gauge, oldest: &Seconds| {
            gauge.set(number);
            oldest.set(age);
        };
        one(tally.refunds, &self.refunds_pending, &self.refunds_oldest);
        one(tally.payouts, &self.payouts_pending, &self.payouts_oldest);
        one(tally.events, &self.outbox, &self.outbox_oldest);
        for (state, number) in [
            ("idle", tally.idle_connections),
            ("used", tally.used_connections),
        ] {
            let number = i64::from(number);
            self.connections.get_or_create(&State { state }).set(number);
        }
        self.most_connections.set(i64::from(tally.most_connections));
    }
}
