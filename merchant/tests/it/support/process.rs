//! The server as a process, over a database of its own.

use std::path::Path;
use std::process::Stdio;

use reqwest::Client;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::{API_KEY, Reply, SHOP, order};

pub struct Process {
    pub url: String,
    pub child: Child,
    /// What it wrote into the log so far. Read as it comes: a full pipe would stop it.
    log: watch::Receiver<String>,
    reading: JoinHandle<()>,
    _folder: TempDir,
}

/// With PayWall there.
pub fn server(paywall: &str, folder: &Path) -> Command {
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

impl Process {
    /// Started, and listening.
    pub async fn start(paywall: &str, variables: &[(&str, &str)]) -> Process {
        let folder = tempfile::tempdir().unwrap();
        let mut command = server(paywall, folder.path());
        let mut child = command.envs(variables.iter().copied()).spawn().unwrap();
        let url = address(&mut child).await;
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let (said, log) = watch::channel(String::new());
        let reading = tokio::spawn(async move {
            while let Some(line) = lines.next_line().await.unwrap() {
                said.send_modify(|log| log.extend([&line, "\n"]));
            }
        });
        Process {
            url,
            child,
            log,
            reading,
            _folder: folder,
        }
    }

    pub async fn signal(&self, name: &str) {
        signal(&self.child, name).await;
    }

    /// Waits until these words stand in the log.
    pub async fn hears(&mut self, words: &str) {
        let said = self.log.wait_for(|log| log.contains(words)).await;
        assert!(said.is_ok(), "never said: {words}");
    }

    /// Its exit code, and all that it wrote into the log.
    pub async fn end(mut self) -> (Option<i32>, String) {
        self.reading.await.unwrap();
        let status = self.child.wait().await.unwrap();
        (status.code(), self.log.borrow().clone())
    }
}

/// For calls of it, whoever made a client before.
pub fn client() -> Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let none = reqwest::redirect::Policy::none();
    Client::builder().redirect(none).build().unwrap()
}

/// Waits for the start-up line; answers the address in it.
pub async fn address(child: &mut Child) -> String {
    let mut lines = BufReader::new(child.stdout.as_mut().unwrap()).lines();
    let line = lines.next_line().await.unwrap().unwrap();
    line.strip_prefix("kasa-merchant listening on ")
        .unwrap()
        .to_owned()
}

pub async fn signal(child: &Child, name: &str) {
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

/// The checkout of a fresh order.
pub async fn create(client: &Client, url: &str) -> String {
    let request = client
        .post(format!("{url}/v1/orders"))
        .bearer_auth(API_KEY)
        .json(&order("ORD-1"));
    Reply::to(request).await.ok()["checkout"]
        .as_str()
        .unwrap()
        .to_owned()
}
