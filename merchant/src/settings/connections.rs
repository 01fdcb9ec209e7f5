//! How many may be connected, and how slow they may be.

use std::time::Duration;

use super::SettingsError;
use super::given::Given;

#[derive(Clone, Debug)]
pub struct ConnectionSettings {
    /// At once; who comes then is told to come again.
    pub most: u32,
    /// Long polls of one checkout at once, on one server.
    pub polls: u32,
    /// For a request's head, and for the pause before it on a connection that is kept.
    pub head: Duration,
    /// For a request's body.
    pub body: Duration,
    /// For a part of an answer to be taken.
    pub write: Duration,
}

impl ConnectionSettings {
    pub(super) fn read(given: &Given) -> Result<Self, SettingsError> {
        Ok(ConnectionSettings {
            most: given.some("CONNECTIONS", 8192)?,
            polls: given.some("CHECKOUT_POLLS", 8)?,
            head: given.duration("HEAD_SECONDS", 20)?,
            body: given.duration("BODY_SECONDS", 10)?,
            write: given.duration("WRITE_SECONDS", 20)?,
        })
    }
}
