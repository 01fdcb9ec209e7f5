//! What Prometheus is told: in its own words, of everything that the
//! documentation lists, and of nobody.

use std::collections::{BTreeMap, BTreeSet};

use prometheus_parse::{Sample, Scrape, Value};
use sqlx::Executor as _;

use crate::support::{
    Answer, Call, Reply, ShopDouble, Till, TillOptions, WEBHOOK_SECRET, order, standing, started,
};

struct Told {
    text: String,
    scrape: Scrape,
}

async fn open(mut variables: Vec<(&'static str, &'static str)>) -> Till {
    variables.push(("METRICS_LISTEN", "127.0.0.1:0"));
    Till::open_with(TillOptions { variables }).await
}

async fn told(till: &Till) -> Told {
    let url = till.metrics_url.as_ref().unwrap();
    let reply = Reply::to(reqwest::Client::new().get(url)).await;
    assert_eq!(reply.status, 200);
    assert_eq!(
        reply.header("content-type"),
        "application/openmetrics-text; version=1.0.0; charset=utf-8"
    );
    assert!(reply.text.ends_with("# EOF\n"));
    let lines = reply.text.lines().map(|line| Ok(line.to_owned()));
    Told {
        scrape: Scrape::parse(lines).unwrap(),
        text: reply.text,
    }
}

impl Told {
    /// The one sample of this name and these labels.
    fn value(&self, name: &str, labels: &[(&str, &str)]) -> f64 {
        let fits = |sample: &&Sample| {
            let mut labels = labels.iter();
            sample.metric == name
                && labels.all(|(name, value)| sample.labels.get(name) == Some(*value))
        };
        let found: Vec<_> = self.scrape.samples.iter().filter(fits).collect();
        let [sample] = found[..] else {
            panic!("{} of {name} {labels:?}: {}", found.len(), self.text)
        };
        match &sample.value {
            Value::Counter(value) | Value::Gauge(value) | Value::Untyped(value) => *value,
            Value::Histogram(_) | Value::Summary(_) => panic!("{name} is no number"),
        }
    }
}

#[tokio::test]
async fn a_payments_way_is_counted() {
    let shop = ShopDouble::start().await;
    let till = open(vec![
        ("WEBHOOK_URL", shop.url.clone().leak()),
        ("WEBHOOK_SECRET", WEBHOOK_SECRET),
    ])
    .await;
    let (_, payment) = till.at_the_bank().await;
    till.wait(30);
    let before = told(&till).await;
    let card = ("method", "card");
    for (name, labels, value) in [
        (
            "kasa_payments_total",
            &[card, ("status", "pending")][..],
            1.0,
        ),
        ("kasa_payments_total", &[card, ("status", "paid")], 0.0),
        ("kasa_payments_pending", &[card], 1.0),
        ("kasa_payments_pending", &[("method", "terminal")], 0.0),
        ("kasa_attention_total", &[("reason", "paid_twice")], 0.0),
        ("kasa_database_up", &[], 1.0),
    ] {
        assert_eq!(before.value(name, labels), value, "{name} {labels:?}");
    }
    let age = before.value("kasa_payments_oldest_pending_age_seconds", &[card]);
    assert!((30.0..60.0).contains(&age), "{age}");
    let lag = before.value("kasa_reconciler_lag_seconds", &[card]);
    assert!((10.0..60.0).contains(&lag), "{lag}");

    till.paywall.will(Call::Query, standing(4, 1));
    till.come_back(&payment).await;
    assert!(shop.hear().await.is_genuine());
    till.reconciler.pass().await;
    let after = told(&till).await;
    for (name, labels, value) in [
        ("kasa_payments_total", &[card, ("status", "paid")][..], 1.0),
        ("kasa_payments_pending", &[card], 0.0),
        ("kasa_payments_oldest_pending_age_seconds", &[card], 0.0),
        ("kasa_reconciler_lag_seconds", &[card], 0.0),
        (
            "kasa_webhook_deliveries_total",
            &[("outcome", "accepted")],
            1.0,
        ),
        ("kasa_webhook_outbox_events", &[], 0.0),
        (
            "kasa_provider_calls_total",
            &[
                ("provider", "paywall"),
                ("call", "query"),
                ("outcome", "answered"),
            ],
            1.0,
        ),
        (
            "kasa_http_requests_total",
            &[
                ("route", "/v1/checkouts/:checkout/payments"),
                ("method", "POST"),
                ("status", "201"),
            ],
            1.0,
        ),
    ] {
        assert_eq!(after.value(name, labels), value, "{name} {labels:?}");
    }
}

#[tokio::test]
async fn what_a_person_must_look_at_is_counted() {
    let till = open(Vec::new()).await;
    let (checkout, _) = till.at_the_bank().await;
    till.paywall.will(Call::Query, standing(5, 1));
    till.wait(30);
    till.reconciler.pass().await;
    assert_eq!(till.status(&checkout).await, "failed");
    till.paywall.will(Call::Query, standing(4, 1));
    let again = till.order("ORD-1").await["payments"][0]["id"].clone();
    till.come_back(again.as_str().unwrap()).await;
    let late = told(&till)
        .await
        .value("kasa_attention_total", &[("reason", "paid_late")]);
    assert_eq!(late, 1.0);
}

#[tokio::test]
async fn a_call_without_an_answer_is_counted_as_lost_and_a_webhook_refused_as_open() {
    let shop = ShopDouble::start().await;
    shop.will(503);
    let till = open(vec![
        ("WEBHOOK_URL", shop.url.clone().leak()),
        ("WEBHOOK_SECRET", WEBHOOK_SECRET),
    ])
    .await;
    let (checkout, payment) = till.at_the_bank().await;
    till.paywall
        .will(Call::Query, Answer::Cut)
        .will(Call::Query, standing(4, 1));
    till.come_back(&payment).await;
    till.come_back(&payment).await;
    assert_eq!(till.status(&checkout).await, "paid");
    shop.hear().await;
    // Written down after the shop's answer: a pass waits for it.
    till.reconciler.pass().await;
    till.wait(3);
    let told = told(&till).await;
    let lost = [
        ("provider", "paywall"),
        ("call", "query"),
        ("outcome", "lost"),
    ];
    assert_eq!(told.value("kasa_provider_calls_total", &lost), 1.0);
    let refused = [("outcome", "refused")];
    assert_eq!(told.value("kasa_webhook_deliveries_total", &refused), 1.0);
    assert_eq!(told.value("kasa_webhook_outbox_events", &[]), 1.0);
    let age = told.value("kasa_webhook_outbox_oldest_age_seconds", &[]);
    assert!((3.0..60.0).contains(&age), "{age}");
}

#[tokio::test]
async fn open_long_polls_are_counted_while_they_are_open() {
    let till = open(Vec::new()).await;
    let checkout = till.checkout().await;
    let polls = async || told(&till).await.value("kasa_long_polls", &[]);
    assert_eq!(polls().await, 0.0);
    let path = format!("/v1/checkouts/{checkout}?since=1&wait=25");
    let poll = tokio::spawn(till.request("GET", &path).send());
    while polls().await < 1.0 {}
    poll.abort();
    while polls().await > 0.0 {}
}

#[tokio::test]
async fn metrics_are_told_without_the_database_and_say_so() {
    let till = open(Vec::new()).await;
    till.database()
        .await
        .execute("ALTER TABLE events RENAME TO gone")
        .await
        .unwrap();
    assert_eq!(told(&till).await.value("kasa_database_up", &[]), 0.0);
}

#[tokio::test]
async fn metrics_are_not_told_where_the_public_asks() {
    let till = open(Vec::new()).await;
    till.get("/metrics").await.problem(404, "not_found");
    let without = till.beside().await;
    assert_eq!(without.metrics_url, None);
}

/// Types and labels by name, as they are told. Those of a histogram's parts are left out.
fn families(told: &Told) -> BTreeMap<String, (String, BTreeSet<String>)> {
    let kinds = told.text.lines().filter_map(|line| {
        let (name, kind) = line.strip_prefix("# TYPE ")?.split_once(' ')?;
        let suffix = match kind {
            "counter" => "_total",
            "info" => "_info",
            _ => "",
        };
        let kind = if kind == "info" { "gauge" } else { kind };
        Some((format!("{name}{suffix}"), kind.to_owned()))
    });
    let with_labels = kinds.map(|(name, kind)| {
        let samples = told.scrape.samples.iter();
        let own = samples.filter(|sample| sample.metric == name);
        let labels = own
            .flat_map(|sample| sample.labels.keys().cloned())
            .collect();
        (name, (kind, labels))
    });
    with_labels.collect()
}

/// Rows of the documentation: `| name | type | labels | meaning |`.
fn documented() -> BTreeMap<String, (String, BTreeSet<String>)> {
    let document = include_str!("../../../docs/deployment.md");
    let words = |cell: &str| -> Vec<String> {
        let parts = cell.split('`').skip(1).step_by(2);
        parts.map(str::to_owned).collect()
    };
    let rows = document.lines().filter_map(|line| {
        let cells: Vec<&str> = line.split(" | ").collect();
        let [name, kind, labels, _] = cells[..] else {
            return None;
        };
        let name = words(name).pop()?;
        let labels = words(labels).into_iter().collect();
        Some((name, (kind.to_owned(), labels)))
    });
    rows.filter(|(name, _)| name.starts_with("kasa_") || name.starts_with("process_"))
        .collect()
}

#[tokio::test]
async fn the_documentation_lists_every_metric_and_no_other() {
    let till = open(Vec::new()).await;
    till.at_the_bank().await;
    let told = told(&till).await;
    assert_eq!(documented(), families(&told));
    // By Prometheus' conventions.
    for (name, (kind, _)) in families(&told) {
        assert_eq!(kind == "counter", name.ends_with("_total"), "{name}");
        let odd = ["_ms", "_minutes", "_kb"];
        assert!(!odd.iter().any(|end| name.ends_with(end)), "{name}");
    }
}

#[tokio::test]
async fn no_label_holds_what_a_request_brought() {
    let till = open(Vec::new()).await;
    let checkout = till.checkout_of(&order("ORD-canary")).await;
    till.paywall.will(Call::Start3d, started());
    let payment = till.pay(&checkout, "key-0123456789abcdef").await.ok();
    let id = payment["id"].as_str().unwrap();
    for (method, path) in [
        ("GET", format!("/v1/checkouts/{checkout}")),
        ("GET", format!("/v1/checkouts/{checkout}/canary")),
        ("GET", "/canary".into()),
        ("CANARY", "/v1/orders".into()),
    ] {
        Reply::to(till.request(method, &path)).await;
    }
    let text = told(&till).await.text;
    for told in ["canary", "CANARY", &checkout, id] {
        assert!(!text.contains(told), "{told}: {text}");
    }
    assert!(text.contains("method=\"other\""), "{text}");
}

/// Names in expressions of the sample alerts are names of ours.
#[tokio::test]
async fn the_sample_alerts_ask_for_metrics_that_there_are() {
    let alerts = include_str!("../../../deploy/prometheus-alerts.yml");
    let known = documented();
    let names: BTreeSet<&str> = alerts
        .split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_'))
        .filter(|word| word.starts_with("kasa_"))
        .map(|word| word.trim_end_matches("_count").trim_end_matches("_bucket"))
        .collect();
    assert!(names.len() > 5, "{names:?}");
    for name in names {
        assert!(known.contains_key(name), "{name}");
    }
    let read: serde_json::Value = serde_saphyr::from_str(alerts).unwrap();
    for rule in read["groups"][0]["rules"].as_array().unwrap() {
        for part in ["alert", "expr", "for"] {
            assert!(rule[part].is_string(), "{part} of {rule}");
        }
        assert!(rule["labels"]["severity"].is_string(), "{rule}");
        assert!(rule["annotations"]["runbook"].is_string(), "{rule}");
    }
}
