//! Waiting: for a condition, with a deadline. Nothing here, and no test, sleeps
//! for a time that is only hoped to be long enough.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};

/// Long enough for a loaded machine; only a failing test waits this long.
pub const PATIENCE: Duration = Duration::from_secs(60);

const LOOK_EVERY: Duration = Duration::from_millis(40);

/// Looks again and again until there is something to be seen. An error while
/// looking (an element of a page that is just being left) means "not yet".
pub async fn until<T>(what: &str, look: impl AsyncFnMut() -> Result<Option<T>>) -> Result<T> {
    until_within(PATIENCE, what, look).await
}

/// The same with a deadline that is part of what the test claims.
pub async fn until_within<T>(
    deadline: Duration,
    what: &str,
    mut look: impl AsyncFnMut() -> Result<Option<T>>,
) -> Result<T> {
    let since = Instant::now();
    loop {
        let reason = match look().await {
            Ok(Some(seen)) => return Ok(seen),
            Ok(None) => anyhow!("there was nothing to be seen"),
            Err(error) => error,
        };
        if since.elapsed() >= deadline {
            return Err(reason).with_context(|| format!("waited {deadline:?} in vain for {what}"));
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}
