//! The log: to stderr, in the form that the settings ask for, as talkative as
//! `RUST_LOG` says. What it must not hold is for those who write to it to know.

use std::io::{IsTerminal as _, stderr};

use tracing_subscriber::EnvFilter;

use crate::settings::{LogFormat, SettingsError};

const VARIABLE: &str = "RUST_LOG";

const DEFAULT: &str = "info";

/// Once a process.
pub fn set_up(format: LogFormat) -> Result<(), SettingsError> {
    let filter = std::env::var(VARIABLE).unwrap_or_default();
    let filter = match filter.trim() {
        "" => DEFAULT,
        filter => filter,
    };
    let filter = EnvFilter::try_new(filter).map_err(|error| SettingsError::Invalid {
        name: VARIABLE.into(),
        reason: error.to_string(),
    })?;
    let log = tracing_subscriber::fmt()
        .with_writer(stderr)
        .with_env_filter(filter);
    match format {
        LogFormat::Text => log.with_ansi(stderr().is_terminal()).init(),
        LogFormat::Json => log
            .json()
            .flatten_event(true)
            .with_current_span(true)
            .with_span_list(false)
            .init(),
    }
    Ok(())
}
