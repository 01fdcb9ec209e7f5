//! The log: to stderr, in the form that the settings ask for, as talkative as
//! `RUST_LOG` says. What it must not hold is for those who write to it to know.

use std::io::{IsTerminal as _, stderr};
use std::time::Duration;

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
        // It would say so on stderr, and panic where nobody reads that any more.
        .log_internal_errors(false)
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

/// For the field `elapsed_ms`. JSON's numbers end below `u128`, which would be written as a text.
pub(crate) fn milliseconds(took: Duration) -> u64 {
    u64::try_from(took.as_millis()).unwrap_or(u64::MAX)
}
