//! The server as a process: what it is called for, start-up line, start-up errors.

use crate::support::process::{Process, client, server};
use crate::support::{API_KEY, Reply};

const NOWHERE: &str = "http://127.0.0.1:9";

#[tokio::test]
async fn a_missing_secret_stops_the_start_and_is_named() {
    let folder = tempfile::tempdir().unwrap();
    for name in [
        "KASA_API_KEY",
        "KASA_PAYWALL_PRIVATE_KEY",
        "KASA_SHOP_ORIGINS",
    ] {
        for arguments in [&[][..], &["--check"]] {
            let mut command = server(NOWHERE, folder.path());
            let output = command.args(arguments).env_remove(name).output();
            let output = output.await.unwrap();
            let said = String::from_utf8(output.stderr).unwrap();
            assert!(!output.status.success());
            assert_eq!(said, format!("kasa-merchant: {name} is not set\n"));
            assert!(output.stdout.is_empty());
        }
    }
    // Nothing was begun.
    assert_eq!(folder.path().read_dir().unwrap().count(), 0);
}

#[tokio::test]
async fn a_wrong_log_filter_or_format_stops_the_start_and_is_named() {
    let folder = tempfile::tempdir().unwrap();
    for (name, value) in [("RUST_LOG", "kasa=loud"), ("KASA_LOG_FORMAT", "xml")] {
        let mut command = server(NOWHERE, folder.path());
        let output = command.env(name, value).output().await.unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        let named = format!("kasa-merchant: {name} does not fit: ");
        assert!(
            !output.status.success() && said.starts_with(&named),
            "{said}"
        );
    }
}

#[tokio::test]
async fn the_settings_are_told_without_a_start_and_without_a_secret() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = server(NOWHERE, folder.path());
    let database = "postgres://kasa:canary-password@db.example/kasa";
    command.arg("--check").envs([
        ("KASA_DATABASE_URL", database),
        ("KASA_PUBLIC_URL", "https://pay.shop.example"),
        ("KASA_WEBHOOK_URL", "https://shop.example/canary-path"),
        (
            "KASA_WEBHOOK_SECRET",
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        ),
        ("KASA_WEBHOOK_SECRTE", "canary"),
    ]);
    let output = command.output().await.unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{said}");
    for told in [
        "card of paywall",
        "https://pay.shop.example",
        "http://localhost:8400",
        "postgres\n",
        "https://shop.example\n",
        "KASA_WEBHOOK_SECRTE is no setting of this server",
    ] {
        assert!(said.contains(told), "{told} is missing: {said}");
    }
    for secret in ["canary", API_KEY, "MfKQ9"] {
        assert!(!said.contains(secret), "{secret} is told: {said}");
    }
    assert_eq!(folder.path().read_dir().unwrap().count(), 0);
}

#[tokio::test]
async fn the_version_is_told_and_an_unknown_argument_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let call = async |argument: &str| {
        let mut command = server(NOWHERE, folder.path());
        command.env_clear().arg(argument).output().await.unwrap()
    };
    let version = call("--version").await;
    let told = format!("kasa-merchant {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(String::from_utf8(version.stdout).unwrap(), told);
    let refused = call("--chek").await;
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        String::from_utf8(refused.stderr)
            .unwrap()
            .contains("--check")
    );
}

#[tokio::test]
async fn a_running_server_is_asked_for_its_health_from_its_own_machine() {
    let process = Process::start(NOWHERE, &[]).await;
    let (_, port) = process.url.rsplit_once(':').unwrap();
    let folder = tempfile::tempdir().unwrap();
    let ask = async |listen: String| {
        let mut command = server(NOWHERE, folder.path());
        let command = command.env("KASA_LISTEN", listen).arg("--healthcheck");
        command.output().await.unwrap().status.success()
    };
    assert!(ask(format!("0.0.0.0:{port}")).await);
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let nobody = free.local_addr().unwrap().to_string();
    drop(free);
    assert!(!ask(nobody).await);
}

#[tokio::test]
async fn a_secret_may_stand_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("api-key");
    std::fs::write(&file, "key-from-a-file\n").unwrap();
    let path = file.to_str().unwrap();
    let variables = [("KASA_API_KEY", ""), ("KASA_API_KEY_FILE", path)];
    let process = Process::start(NOWHERE, &variables).await;
    let request = client().get(format!("{}/v1/orders/none", process.url));
    let reply = Reply::to(request.bearer_auth("key-from-a-file")).await;
    reply.problem(404, "order_not_found");
}
