//! Answers for an operator who does not want to start the server, or wants to
//! know whether it runs: `--check` and `--healthcheck`.

use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use reqwest::Method;

use crate::metrics::Metrics;
use crate::outbound::{self, Loss};
use crate::settings::Settings;
use crate::{Outside, StartError, probes, providers};

/// What a server of these settings would do. No secret, and no address that may
/// hold one; asks nobody.
pub fn summary(settings: &Settings) -> Result<String, StartError> {
    let providers = providers(settings, &Outside::default(), &Metrics::new())?;
    let offered: Vec<String> = providers
        .iter()
        .map(|asked| format!("{:?}", asked.provider))
        .collect();
    let database = settings.database_url.expose();
    let (database, _) = database.split_once(':').unwrap_or((database, ""));
    let webhooks = match &settings.webhook {
        Some(webhook) => webhook.url.origin().ascii_serialization(),
        None => "none: the shop has to ask".into(),
    };
    let metrics = settings.operation.metrics_listen.as_deref();
    let rows = [
        ("offers", offered.join(", ")),
        ("listens on", settings.listen.clone()),
        ("is reached at", settings.public_url.clone()),
        ("shop", settings.shop_origins.to_string()),
        ("database", database.to_owned()),
        ("webhooks to", webhooks),
        ("metrics on", metrics.unwrap_or("none").to_owned()),
    ];
    let mut text = String::from("The settings are complete.\n");
    for (what, value) in rows {
        // Writing to a text does not fail.
        let _ = writeln!(text, "  {what:<14}{value}");
    }
    for warning in warnings(settings) {
        let _ = writeln!(text, "  {:<14}{warning}", "warning");
    }
    Ok(text)
}

/// What does not stop a start and is hardly meant.
pub fn warnings(settings: &Settings) -> Vec<String> {
    let mut warnings: Vec<String> = settings
        .unknown
        .iter()
        .map(|name| format!("{name} is no setting of this server"))
        .collect();
    if let Some(paywall) = &settings.paywall {
        let keys = [
            ("KASA_PAYWALL_HASH_KEY_3D", &paywall.hash_key_3d, true),
            (
                "KASA_PAYWALL_HASH_KEY_APM",
                &paywall.hash_key_apm,
                paywall.apm,
            ),
            (
                "KASA_PAYWALL_HASH_KEY_POS",
                &paywall.hash_key_pos,
                paywall.physical_api.is_some(),
            ),
        ];
        let missing = keys
            .into_iter()
            .filter(|(_, key, used)| *used && key.is_none());
        warnings.extend(missing.map(|(name, ..)| {
            format!("{name} is not set: what comes back from PayWall is not proved")
        }));
    }
    if settings.operation.stop < settings.provider_timeout * 2 {
        warnings.push(
            "KASA_STOP_SECONDS is less than twice KASA_PROVIDER_TIMEOUT_SECONDS: a stop may cut a payment's start"
                .into(),
        );
    }
    warnings
}

/// Why a running server does not answer as it should.
#[derive(Debug, thiserror::Error)]
pub enum Unhealthy {
    #[error("KASA_LISTEN: {0}")]
    Listen(std::io::Error),
    #[error("KASA_LISTEN does not say which port to ask")]
    NoPort,
    #[error("{0}")]
    Refuses(#[from] reqwest::Error),
    #[error("{0}")]
    Silent(#[from] Loss),
}

/// Asks the server of these settings, on this machine, whether it lives.
pub async fn health(settings: &Settings) -> Result<(), Unhealthy> {
    let mut found = tokio::net::lookup_host(&settings.listen)
        .await
        .map_err(Unhealthy::Listen)?;
    let address = found.next().filter(|address| address.port() != 0);
    let address = reachable(address.ok_or(Unhealthy::NoPort)?);
    let client = outbound::Client::new(Duration::from_secs(3), None)?;
    let asked = client.request(Method::GET, format!("http://{address}{}", probes::LIVE));
    client.send(asked).await?.error_for_status()?;
    Ok(())
}

/// Where a server that listens on every address is reached from its own machine.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => address.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => address.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    address
}

#[cfg(test)]
mod tests {
    use super::reachable;

    #[test]
    fn a_server_on_every_address_is_asked_on_loopback() {
        for (listens, asked) in [
            ("0.0.0.0:8401", "127.0.0.1:8401"),
            ("[::]:8401", "[::1]:8401"),
            ("192.0.2.7:80", "192.0.2.7:80"),
        ] {
            assert_eq!(reachable(listens.parse().unwrap()).to_string(), asked);
        }
    }
}
