//! How the server is watched and stopped.

use std::time::Duration;

use super::SettingsError;
use super::given::Given;

#[derive(Clone, Debug)]
pub struct OperationSettings {
    /// `host:port` of the metrics; without one there are none.
    pub metrics_listen: Option<String>,
    pub log_format: LogFormat,
    /// Between saying "not ready" and taking no connection any more.
    pub drain: Duration,
    /// How long calls under way may then take to come to their end.
    pub stop: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

impl OperationSettings {
    pub(super) fn read(given: &Given) -> Result<Self, SettingsError> {
        Ok(OperationSettings {
            metrics_listen: given.text("METRICS_LISTEN")?,
            log_format: given.choice(
                "LOG_FORMAT",
                [("text", LogFormat::Text), ("json", LogFormat::Json)],
            )?,
            drain: given.pause("DRAIN_SECONDS", 0)?,
            stop: given.duration("STOP_SECONDS", 45)?,
        })
    }
}
