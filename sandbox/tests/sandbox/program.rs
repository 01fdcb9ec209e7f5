//! The program itself: what it prints, how it stops.

use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::Command;

async fn prints_one_line_and_stops_on(signal: &str) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_kasa-sandbox"))
        .env("KASA_SANDBOX_LISTEN", "127.0.0.1:0")
        .env_remove("KASA_SANDBOX_PUBLIC_URL")
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut stdout = BufReader::new(program.stdout.take().unwrap());
    let mut line = String::new();
    stdout.read_line(&mut line).await.unwrap();
    let url = line
        .trim()
        .strip_prefix("kasa-sandbox listening on ")
        .unwrap();

    let _ = rustls::crypto::ring::default_provider().install_default();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    // The connection stays open, and must not hold up the stop.
    assert!(http.get(url).send().await.unwrap().status().is_success());

    let pid = program.id().unwrap().to_string();
    assert!(
        Command::new("kill")
            .args([signal, &pid])
            .status()
            .await
            .unwrap()
            .success()
    );
    let stopped = tokio::time::timeout(Duration::from_secs(10), program.wait()).await;
    assert!(stopped.expect("it stops in time").unwrap().success());
    let mut rest = String::new();
    stdout.read_to_string(&mut rest).await.unwrap();
    assert_eq!(rest, "");
}

#[tokio::test]
async fn prints_where_it_listens_and_stops_on_sigterm() {
    prints_one_line_and_stops_on("-TERM").await;
}

#[tokio::test]
async fn prints_where_it_listens_and_stops_on_sigint() {
    prints_one_line_and_stops_on("-INT").await;
}

#[tokio::test]
async fn a_wrong_setting_is_named_and_nothing_is_started() {
    let output = Command::new(env!("CARGO_BIN_EXE_kasa-sandbox"))
        .env("KASA_SANDBOX_LISTEN", "everywhere")
        .output()
        .await
        .unwrap();
    assert!(!output.status.success());
    assert!(output.stdout.is_empty());
    assert!(String::from_utf8_lossy(&output.stderr).contains("KASA_SANDBOX_LISTEN"));
}
