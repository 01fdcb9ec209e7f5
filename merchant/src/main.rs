//! The process: what it was called for, log, signals. Everything else is in the library.

use std::process::ExitCode;

use kasa_merchant::clock::Clock;
use kasa_merchant::settings::{Settings, SettingsError};
use kasa_merchant::{Server, StartError, VERSION, check, log};
use sd_notify::NotifyState;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

const USAGE: &str = "\
kasa-merchant [--check | --healthcheck | --version | --help]

Without an argument: serves, until SIGTERM or SIGINT; a second one stops it at once.

  --check        reads the settings, says what they offer, asks nobody
  --healthcheck  asks the server of these settings, on this machine, whether it lives
  --version      says which version this is

Settings are environment variables, and a TOML file that KASA_CONFIG names:
see docs/deployment.md.
";

/// As the shell has it for a command that was called wrongly.
const MISUSED: u8 = 2;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let ended = match arguments.as_slice() {
        [] => serve().await,
        ["--check"] => tell_settings(),
        ["--healthcheck"] => ask_health().await,
        ["--version" | "-V"] => {
            println!("kasa-merchant {VERSION}");
            Ok(())
        }
        ["--help" | "-h"] => {
            print!("{USAGE}");
            Ok(())
        }
        _ => {
            eprint!("{USAGE}");
            return ExitCode::from(MISUSED);
        }
    };
    match ended {
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
    Settings(#[from] SettingsError),
    #[error(transparent)]
    Start(#[from] StartError),
    #[error("server: {0}")]
    Serve(#[from] std::io::Error),
    #[error("not healthy: {0}")]
    Unhealthy(#[from] check::Unhealthy),
}

fn tell_settings() -> Result<(), Failure> {
    print!("{}", check::summary(&Settings::load()?)?);
    Ok(())
}

async fn ask_health() -> Result<(), Failure> {
    Ok(check::health(&Settings::load()?).await?)
}

async fn serve() -> Result<(), Failure> {
    let settings = Settings::load()?;
    // Logs go to stderr: stdout carries the one line that says where the server listens.
    log::set_up(settings.operation.log_format)?;
    for warning in check::warnings(&settings) {
        tracing::warn!("{warning}");
    }
    // Before the start, so that a signal during it is not lost.
    let stop = stop_signals()?;
    let server = tokio::select! {
        server = Server::bind(settings, Clock::default()) => server?,
        () = stop.cancelled() => return Ok(()),
    };
    if let Some(address) = server.metrics_address() {
        tracing::info!(%address, "metrics at /metrics");
    }
    println!("kasa-merchant listening on http://{}", server.address());
    notify(NotifyState::Ready);
    server.serve(stop.cancelled_owned()).await?;
    tracing::info!("stopped");
    Ok(())
}

/// Cancelled by the first signal to stop. The second ends the process where it stands.
fn stop_signals() -> std::io::Result<CancellationToken> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let stop = CancellationToken::new();
    let asked = stop.clone();
    tokio::spawn(async move {
        let mut signalled = async || {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        };
        signalled().await;
        asked.cancel();
        tracing::info!("stopping");
        notify(NotifyState::Stopping);
        signalled().await;
        tracing::warn!("stopped at once: what was under way is for the reconciler to ask about");
        std::process::exit(1);
    });
    Ok(stop)
}

/// To systemd, where it started this process; nobody else listens.
fn notify(state: NotifyState<'_>) {
    if let Err(error) = sd_notify::notify(&[state]) {
        tracing::warn!(%error, "systemd was not told");
    }
}
