//! Sends the outbox to the shop's back end, in the form of Standard Webhooks:
//! `webhook-id`, `webhook-timestamp`, `webhook-signature`. At least once, in no
//! promised order, until the shop answers 2xx.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::SignedDuration;
use reqwest::{StatusCode, header};
use sha2::Sha256;
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;

use crate::app::App;
use crate::chance::Chance;
use crate::metrics::{Attention, Delivery};
use crate::outbound::{Client, Way};
use crate::problem::{Error, Result};
use crate::settings::WebhookSettings;
use crate::store::Outgoing;

/// Receivers answer first and work later.
const TIMEOUT: Duration = Duration::from_secs(15);

/// Longer than one attempt can take.
const LEASE: SignedDuration = SignedDuration::from_secs(30);

const AT_ONCE: u32 = 4;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;

/// Seconds from one attempt to the next; after the last the event is given up.
const BACK_OFF: [i64; 9] = [
    5,
    5 * MINUTE,
    30 * MINUTE,
    2 * HOUR,
    5 * HOUR,
    10 * HOUR,
    14 * HOUR,
    20 * HOUR,
    24 * HOUR,
];

pub(crate) struct Webhooks {
    settings: WebhookSettings,
    client: Client,
    /// Held by the pass under way.
    sending: Mutex<()>,
}

impl Webhooks {
    pub(crate) fn new(settings: WebhookSettings, way: Way) -> reqwest::Result<Self> {
        Ok(Webhooks {
            settings,
            client: Client::new(TIMEOUT, way)?,
            sending: Mutex::default(),
        })
    }
}

/// Sends what is due, as soon as it is there, until the server stops.
pub(crate) async fn run(app: Arc<App>) {
    let mut ticks = tokio::time::interval(app.settings.reconcile_every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = app.stop.cancelled() => return,
            _ = ticks.tick() => {}
            () = app.store.event_put() => {}
        }
        // Not broken off: the shop would get the event twice.
        pass(&app).await;
    }
}

/// Sends once every event that is due. After a pass under way, never beside it.
pub(crate) async fn pass(app: &Arc<App>) {
    let Some(webhooks) = &app.webhooks else {
        return;
    };
    let _alone = webhooks.sending.lock().await;
    while !app.stop.is_cancelled() {
        let claimed = app
            .store
            .claim_events(app.now(), app.in_time(LEASE), AT_ONCE)
            .await;
        let due = match claimed {
            Ok(due) => due,
            Err(error) => {
                tracing::error!(%error, "outbox cannot be read");
                return;
            }
        };
        if due.is_empty() {
            return;
        }
        let mut sending = JoinSet::new();
        for event in due {
            let app = Arc::clone(app);
            sending.spawn(async move {
                if let Err(error) = deliver(&app, event).await {
                    tracing::error!(%error, "outbox cannot be written");
                }
            });
        }
        while sending.join_next().await.is_some() {}
    }
}

async fn deliver(app: &App, event: Outgoing) -> Result<()> {
    let Some(webhooks) = &app.webhooks else {
        return Ok(());
    };
    let id = &event.id;
    let request = webhooks.request(&event, app.now().as_second())?;
    let answer = webhooks.client.send(request).await;
    match answer.map(|answer| answer.status()) {
        Ok(status) if status.is_success() => {
            app.metrics.delivery(Delivery::Accepted);
            tracing::info!(event = id, kind = event.kind, "webhook delivered");
            return Ok(app.store.event_delivered(&event, app.now()).await?);
        }
        Ok(StatusCode::GONE) => {
            app.metrics.delivery(Delivery::Refused);
            tracing::error!(
                event = id,
                "the shop says 410: it wants no webhooks at this address"
            );
        }
        Ok(status) => {
            app.metrics.delivery(Delivery::Refused);
            tracing::warn!(event = id, status = status.as_u16(), "webhook not accepted");
        }
        Err(error) => {
            app.metrics.delivery(Delivery::Unanswered);
            tracing::warn!(event = id, %error, "webhook not answered");
        }
    }
    let wait = back_off(event.attempts, &app.chance);
    if wait.is_none() {
        app.metrics.attention(Attention::WebhookGivenUp);
        tracing::error!(
            event = id,
            kind = event.kind,
            attempts = event.attempts,
            "webhook given up"
        );
    }
    let next = wait.map(|wait| app.in_time(wait));
    Ok(app.store.event_refused(&event, next).await?)
}

/// After so many attempts; up to a tenth longer, so that not all come back at once.
fn back_off(attempts: u32, chance: &Chance) -> Option<SignedDuration> {
    let at = usize::try_from(attempts).ok()?.checked_sub(1)?;
    let seconds = *BACK_OFF.get(at)?;
    let more = chance.up_to(u32::try_from(seconds * 100).ok()?);
    Some(SignedDuration::from_millis(
        seconds * 1000 + i64::from(more),
    ))
}

impl Webhooks {
    fn request(&self, event: &Outgoing, timestamp: i64) -> Result<reqwest::RequestBuilder> {
        let signature = sign(&self.settings.key, &event.id, timestamp, &event.body)?;
        Ok(self
            .client
            .post(self.settings.url.clone())
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::USER_AGENT, "kasa-merchant")
            .header("webhook-id", &event.id)
            .header("webhook-timestamp", timestamp)
            .header("webhook-signature", signature)
            .body(event.body.clone()))
    }
}

/// `v1,` and the Base64 of the HMAC-SHA-256 of id, time and body.
fn sign(key: &[u8], id: &str, timestamp: i64, body: &str) -> Result<String> {
    let mut hash =
        Hmac::<Sha256>::new_from_slice(key).map_err(|error| Error::Internal(error.to_string()))?;
    hash.update(format!("{id}.{timestamp}.{body}").as_bytes());
    let hash = STANDARD.encode(hash.finalize().into_bytes());
    Ok(format!("v1,{hash}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_that_of_the_specifications_example() {
        let key = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signature = sign(
            &key,
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            r#"{"test": 2432232314}"#,
        );
        assert_eq!(
            signature.unwrap(),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        );
    }

    #[test]
    fn attempts_come_further_apart_and_end() {
        let chance = Chance::default();
        for (at, seconds) in BACK_OFF.into_iter().enumerate() {
            let wait = back_off(u32::try_from(at).unwrap() + 1, &chance)
                .unwrap()
                .as_secs();
            assert!(
                (seconds..=seconds + seconds / 10 + 1).contains(&wait),
                "{wait}"
            );
        }
        assert_eq!(back_off(10, &chance), None);
        assert_eq!(back_off(0, &chance), None);
    }
}
