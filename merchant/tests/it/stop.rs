//! How the server comes to its end: what it still answers, what it waits for,
//! and for how long.

use std::time::Instant;

use crate::support::process::{Process, address, client, create, server, signal};
use crate::support::{Call, PayWallDouble, Reply, Till, TillOptions, card_payment, order, started};

const NOWHERE: &str = "http://127.0.0.1:9";
const KEY: &str = "key-0123456789abcdef";

fn pay(client: &reqwest::Client, url: &str, checkout: &str) -> reqwest::RequestBuilder {
    let path = format!("{url}/v1/checkouts/{checkout}/payments");
    let request = client.post(path).header("Idempotency-Key", KEY);
    request.json(&card_payment())
}

#[tokio::test]
async fn a_signal_ends_the_process_despite_a_long_poll_which_is_answered() {
    for name in ["-TERM", "-INT"] {
        let process = Process::start(NOWHERE, &[]).await;
        let client = client();
        let checkout = create(&client, &process.url).await;
        let path = format!("{}/v1/checkouts/{checkout}?since=1", process.url);
        let poll = tokio::spawn(Reply::to(client.get(format!("{path}&wait=25"))));
        Reply::to(client.get(format!("{path}&wait=1"))).await.ok();
        let began = Instant::now();
        process.signal(name).await;
        let (code, _) = process.end().await;
        assert_eq!(code, Some(0));
        assert!(began.elapsed().as_secs() < 10);
        assert_eq!(poll.await.unwrap().ok()["revision"], 1);
    }
}

#[tokio::test]
async fn a_call_of_a_provider_comes_to_its_end_before_the_process_does() {
    let paywall = PayWallDouble::start().await;
    let gate = paywall.will_hold(Call::Start3d, started());
    let mut process = Process::start(&paywall.url, &[]).await;
    let client = client();
    let checkout = create(&client, &process.url).await;
    let payment = tokio::spawn(Reply::to(pay(&client, &process.url, &checkout)));
    gate.reached().await;
    process.signal("-TERM").await;
    process.hears("stopping").await;
    // Nobody new comes in, and the process is still there.
    let refused = reqwest::Client::new().get(format!("{}/readyz", process.url));
    while refused.try_clone().unwrap().send().await.is_ok() {}
    assert!(process.child.try_wait().unwrap().is_none());
    gate.open();
    let payment = payment.await.unwrap().ok();
    assert_eq!(payment["next"]["type"], "redirect", "{payment}");
    let (code, log) = process.end().await;
    assert_eq!(code, Some(0), "{log}");
    assert!(!log.contains("still open"), "{log}");
}

#[tokio::test]
async fn a_stop_has_an_end_even_if_a_provider_has_none() {
    let paywall = PayWallDouble::start().await;
    let gate = paywall.will_hold(Call::Start3d, started());
    let process = Process::start(&paywall.url, &[("KASA_STOP_SECONDS", "1")]).await;
    let client = client();
    let checkout = create(&client, &process.url).await;
    let payment = tokio::spawn(pay(&client, &process.url, &checkout).send());
    gate.reached().await;
    process.signal("-TERM").await;
    let (code, log) = process.end().await;
    assert_eq!(code, Some(0), "{log}");
    assert!(log.contains("stopped with calls still open"), "{log}");
    assert!(payment.await.unwrap().is_err());
}

#[tokio::test]
async fn a_second_signal_ends_the_process_where_it_stands() {
    let paywall = PayWallDouble::start().await;
    let gate = paywall.will_hold(Call::Start3d, started());
    let mut process = Process::start(&paywall.url, &[]).await;
    let client = client();
    let checkout = create(&client, &process.url).await;
    let payment = tokio::spawn(pay(&client, &process.url, &checkout).send());
    gate.reached().await;
    process.signal("-TERM").await;
    process.hears("stopping").await;
    process.signal("-INT").await;
    let (code, log) = process.end().await;
    assert_eq!(code, Some(1), "{log}");
    assert!(log.contains("stopped at once"), "{log}");
    assert!(payment.await.unwrap().is_err());
}

#[tokio::test]
async fn a_server_about_to_leave_is_not_ready_and_goes_on_serving_for_a_while() {
    let mut till = Till::open_with(TillOptions {
        variables: vec![("DRAIN_SECONDS", "600")],
    })
    .await;
    let checkout = till.checkout().await;
    assert_eq!(till.get("/readyz").await.ok()["status"], "ready");
    till.stop();
    let problem = loop {
        let ready = till.get("/readyz").await;
        if !ready.status.is_success() {
            break ready.problem(503, "not_ready");
        }
    };
    assert_eq!(problem["detail"], "the server is stopping");
    till.get("/healthz").await.ok();
    till.create_order(&order("ORD-2")).await.ok();
    // A poll would come back at once, again and again, were it answered early.
    let path = format!("/v1/checkouts/{checkout}?since=1&wait=1");
    let began = Instant::now();
    till.get(&path).await.ok();
    assert!(began.elapsed().as_millis() >= 900);
}

#[tokio::test]
async fn a_log_that_nobody_reads_any_more_holds_nothing_up() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = server(NOWHERE, folder.path());
    let mut child = command.env("RUST_LOG", "trace").spawn().unwrap();
    let url = address(&mut child).await;
    drop(child.stderr.take());
    let client = client();
    create(&client, &url).await;
    signal(&child, "-TERM").await;
    assert_eq!(child.wait().await.unwrap().code(), Some(0));
}
