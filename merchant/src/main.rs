//! The process: settings, log, signals. Everything else is in the library.

use std::process::ExitCode;

use kasa_merchant::clock::Clock;
use kasa_merchant::settings::Settings;
use kasa_merchant::{Server, StartError};
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

#[tokio::main]
async fn main() -> ExitCode {
    // Logs go to stderr: stdout carries the one line that says where the server listens.
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
        .with_env_filter(
            EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info")),
        )
        .init();
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("kasa-merchant: {error}");
            ExitCode::FAILURE
        }
    }
}

#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Start(#[from] StartError),
    #[error("server: {0}")]
    Serve(#[from] std::io::Error),
}

async fn run() -> Result<(), Failure> {
    let settings = Settings::load().map_err(StartError::from)?;
    let server = Server::bind(settings, Clock::default()).await?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    println!("kasa-merchant listening on http://{}", server.address());
    let shutdown = async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        tracing::info!("stopping");
    };
    server.serve(shutdown).await?;
    Ok(())
}
