//! The server as a process: start-up line, start-up errors, signals, log.

use std::process::Stdio;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::support::{API_KEY, Call, PayWallDouble, Reply, SHOP, card_payment, order, started};

fn server(paywall: &str, folder: &std::path::Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kasa-merchant"));
    command
        .env_clear()
        .envs([
            ("KASA_LISTEN", "127.0.0.1:0"),
            ("KASA_API_KEY", API_KEY),
            ("KASA_SHOP_ORIGINS", SHOP),
            ("KASA_PAYWALL_PAYMENT_API", paywall),
            ("KASA_PAYWALL_PRIVATE_API", paywall),
            ("KASA_PAYWALL_PUBLIC_KEY", "canary-public-key"),
            ("KASA_PAYWALL_PUBLIC_CLIENT", "canary-public-client"),
            ("KASA_PAYWALL_PRIVATE_KEY", "canary-private-key"),
            ("KASA_PAYWALL_PRIVATE_CLIENT", "canary-private-client"),
            ("KASA_PAYWALL_HASH_KEY_3D", "canary-hash-key"),
        ])
        .current_dir(folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

/// Waits for the start-up line; answers the address in it.
async fn address(child: &mut Child) -> String {
    let mut lines = BufReader::new(child.stdout.as_mut().unwrap()).lines();
    let line = lines.next_line().await.unwrap().unwrap();
    line.strip_prefix("kasa-merchant listening on ")
        .unwrap()
        .to_owned()
}

async fn signal(child: &Child, name: &str) {
    let id = child.id().unwrap().to_string();
    assert!(
        Command::new("kill")
            .args([name, &id])
            .status()
            .await
            .unwrap()
            .success()
    );
}

async fn create(client: &reqwest::Client, url: &str) -> String {
    let request = client
        .post(format!("{url}/v1/orders"))
        .bearer_auth(API_KEY)
        .json(&order("ORD-1"));
    Reply::to(request).await.ok()["checkout"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn the_process_says_where_it_listens_and_stops_on_a_signal_despite_a_long_poll() {
    for name in ["-TERM", "-INT"] {
        let folder = tempfile::tempdir().unwrap();
        let mut child = server("http://127.0.0.1:9", folder.path()).spawn().unwrap();
        let url = address(&mut child).await;
        let client = reqwest::Client::new();
        let checkout = create(&client, &url).await;
        let path = format!("{url}/v1/checkouts/{checkout}?since=1");
        let poll = tokio::spawn(Reply::to(client.get(format!("{path}&wait=25"))));
        Reply::to(client.get(format!("{path}&wait=1"))).await.ok();
        let began = std::time::Instant::now();
        signal(&child, name).await;
        assert!(child.wait().await.unwrap().success());
        assert!(began.elapsed().as_secs() < 10);
        assert_eq!(poll.await.unwrap().ok()["revision"], 1);
        // The default database is a file below the folder it was started in.
        assert!(folder.path().join("var/kasa.db").exists());
    }
}

#[tokio::test]
async fn a_missing_secret_stops_the_start_and_is_named() {
    let folder = tempfile::tempdir().unwrap();
    for name in [
        "KASA_API_KEY",
        "KASA_PAYWALL_PRIVATE_KEY",
        "KASA_SHOP_ORIGINS",
    ] {
        let output = server("http://127.0.0.1:9", folder.path())
            .env_remove(name)
            .output()
            .await
            .unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success());
        assert_eq!(said, format!("kasa-merchant: {name} is not set\n"));
        assert!(output.stdout.is_empty());
    }
}

#[tokio::test]
async fn the_log_holds_no_checkout_id_no_token_and_no_key() {
    let folder = tempfile::tempdir().unwrap();
    let paywall = PayWallDouble::start().await;
    paywall.will(Call::Start3d, started());
    let mut child = server(&paywall.url, folder.path())
        .env("RUST_LOG", "debug,kasa_merchant=trace")
        .spawn()
        .unwrap();
    let url = address(&mut child).await;
    let client = reqwest::Client::new();
    let checkout = create(&client, &url).await;
    let mut body: Value = card_payment();
    body["cardToken"] = "canary-card-token".into();
    let pay = client.post(format!("{url}/v1/checkouts/{checkout}/payments"));
    let paid = Reply::to(
        pay.header("Idempotency-Key", "key-0123456789abcdef")
            .json(&body),
    )
    .await
    .ok();
    Reply::to(client.get(format!("{url}/v1/checkouts/{checkout}")))
        .await
        .ok();
    Reply::to(client.get(format!("{url}/v1/checkouts/{checkout}/nothing"))).await;
    signal(&child, "-TERM").await;
    let mut log = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut log)
        .await
        .unwrap();
    assert!(child.wait().await.unwrap().success());
    assert!(
        log.contains(paid["id"].as_str().unwrap()),
        "the log is empty of what it should hold: {log}"
    );
    for secret in [
        checkout.as_str(),
        "canary",
        API_KEY,
        "Ada Deneme",
        "UniqueNumber",
    ] {
        assert!(!log.contains(secret), "{secret} is in the log: {log}");
    }
}
