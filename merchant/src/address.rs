//! From where a request came: the peer itself, or for whom a trusted proxy says
//! that it calls. Never logged.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::request::Parts;

use crate::app::App;
use crate::problem::Error;
use crate::settings::{ForwardedHeader, TrustedProxies};

/// The payer's address.
#[derive(Clone, Copy)]
pub(crate) struct ClientAddress(IpAddr);

/// Stands for a payer of whom only an IPv6 address is known: PayWall has no
/// field for one, and refuses an empty value (error 46).
const NO_IPV4: Ipv4Addr = Ipv4Addr::LOCALHOST;

/// What one subscriber gets of IPv6; who has one address there, has them all.
const SUBSCRIBER_BITS: u32 = 64;

impl ClientAddress {
    /// In the form that PayWall's `ClientIP` takes: IPv4, at most 15 characters
    /// (paywall.md §2.1).
    pub(crate) fn ipv4(self) -> String {
        match self.0 {
            IpAddr::V4(address) => address,
            IpAddr::V6(_) => NO_IPV4,
        }
        .to_string()
    }

    /// Under what its attempts are counted. `None` for an address that is not of
    /// the internet: a proxy's that is not trusted, or this machine's. To count
    /// it would be to count all shoppers as one.
    pub(crate) fn subscriber(self) -> Option<String> {
        match self.0 {
            IpAddr::V4(it) if it.is_loopback() || it.is_private() || it.is_link_local() => None,
            IpAddr::V6(it)
                if it.is_loopback() || it.is_unique_local() || it.is_unicast_link_local() =>
            {
                None
            }
            IpAddr::V4(address) => Some(address.to_string()),
            IpAddr::V6(address) => {
                let network = address.to_bits() >> (128 - SUBSCRIBER_BITS);
                Some(Ipv6Addr::from_bits(network << (128 - SUBSCRIBER_BITS)).to_string())
            }
        }
    }
}

impl FromRequestParts<Arc<App>> for ClientAddress {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Error> {
        let ConnectInfo(peer) = ConnectInfo::<SocketAddr>::from_request_parts(parts, app)
            .await
            .map_err(|_| Error::Internal("no peer address".into()))?;
        Ok(ClientAddress(behind(
            &app.settings.proxies,
            peer.ip(),
            &parts.headers,
        )))
    }
}

/// For whom `peer` calls: from the nearest hop on, the first that is no trusted
/// proxy. What stands before it is whatever that one wrote.
fn behind(proxies: &TrustedProxies, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    let hops = match proxies.header {
        ForwardedHeader::XForwardedFor => hops(headers, "x-forwarded-for", plain),
        ForwardedHeader::Forwarded => hops(headers, "forwarded", of_element),
    };
    let mut nearest = peer.to_canonical();
    for hop in hops.into_iter().rev() {
        if !proxies.trusts(nearest) {
            break;
        }
        // A hop that does not say for whom is as far as one can see.
        let Some(hop) = hop else { break };
        nearest = hop.to_canonical();
    }
    nearest
}

/// The nearest last.
fn hops(headers: &HeaderMap, name: &str, read: fn(&str) -> Option<IpAddr>) -> Vec<Option<IpAddr>> {
    let lines = headers.get_all(name).iter();
    lines
        .flat_map(|line| line.to_str().unwrap_or("?").split(','))
        .map(read)
        .collect()
}

/// `203.0.113.9`, `2001:db8::1`, either with a port.
fn plain(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let with_port = || text.parse::<SocketAddr>().ok().map(|it| it.ip());
    let bare = text.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
    bare.unwrap_or(text).parse().ok().or_else(with_port)
}

/// `for=` of `for=192.0.2.60;proto=http;by=203.0.113.43` (RFC 7239, §4).
fn of_element(text: &str) -> Option<IpAddr> {
    let pairs = text.split(';').filter_map(|pair| pair.split_once('='));
    let mut named = pairs.filter(|(name, _)| name.trim().eq_ignore_ascii_case("for"));
    let (_, node) = named.next()?;
    plain(node.trim().trim_matches('"'))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::settings::Settings;

    fn proxies(trusted: &str, header: &str) -> TrustedProxies {
        let variables: BTreeMap<&str, &str> = [
            ("KASA_API_KEY", "a"),
            ("KASA_SHOP_ORIGINS", "https://shop.example"),
            ("KASA_TRUSTED_PROXIES", trusted),
            ("KASA_FORWARDED_HEADER", header),
        ]
        .into();
        let owned = variables.into_iter().map(|(n, v)| (n.into(), v.into()));
        Settings::from_variables(owned).unwrap().proxies
    }

    fn found(proxies: &TrustedProxies, peer: &str, name: &'static str, lines: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(name, line.parse().unwrap());
        }
        behind(proxies, peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn a_payer_has_an_ipv4_for_paywall_and_is_counted_as_a_subscriber() {
        for (given, sent, counted) in [
            ("192.0.2.1", "192.0.2.1", Some("192.0.2.1")),
            ("2001:db8:1:2:3:4:5:6", "127.0.0.1", Some("2001:db8:1:2::")),
            ("2001:db8:1:2::9", "127.0.0.1", Some("2001:db8:1:2::")),
            ("2001:db8:1:3::9", "127.0.0.1", Some("2001:db8:1:3::")),
            ("::1", "127.0.0.1", None),
            ("127.0.0.9", "127.0.0.9", None),
            ("172.17.0.1", "172.17.0.1", None),
            ("fd00::1", "127.0.0.1", None),
            ("fe80::1", "127.0.0.1", None),
        ] {
            let address = ClientAddress(given.parse().unwrap());
            assert_eq!(address.ipv4(), sent, "{given}");
            assert_eq!(address.subscriber().as_deref(), counted, "{given}");
        }
    }

    #[test]
    fn nobody_is_believed_but_trusted_proxies() {
        let none = proxies("", "");
        let lines = ["203.0.113.9"];
        assert_eq!(
            found(&none, "::ffff:127.0.0.1", "x-forwarded-for", &lines),
            "127.0.0.1"
        );
        let one = proxies("127.0.0.1", "");
        assert_eq!(
            found(&one, "198.51.100.7", "x-forwarded-for", &lines),
            "198.51.100.7"
        );
        assert_eq!(
            found(&one, "127.0.0.1", "x-forwarded-for", &lines),
            "203.0.113.9"
        );
        assert_eq!(
            found(&one, "::ffff:127.0.0.1", "x-forwarded-for", &lines),
            "203.0.113.9"
        );
        // A header that this proxy does not write.
        assert_eq!(
            found(&one, "127.0.0.1", "forwarded", &["for=6.6.6.6"]),
            "127.0.0.1"
        );
    }

    #[test]
    fn the_first_hop_that_is_no_trusted_proxy_counts() {
        let proxies = proxies("127.0.0.1, 10.0.0.0/8, 2001:db8:ffff::/48", "");
        for (lines, payer) in [
            (&[][..], "127.0.0.1"),
            (&["6.6.6.6, 203.0.113.9"], "203.0.113.9"),
            (&["198.51.100.7", "6.6.6.6, 203.0.113.9"], "203.0.113.9"),
            (&["6.6.6.6, 203.0.113.9, 10.1.2.3"], "203.0.113.9"),
            (
                &["6.6.6.6, 203.0.113.9, 2001:db8:ffff::1, 10.1.2.3"],
                "203.0.113.9",
            ),
            (&["203.0.113.9:4711"], "203.0.113.9"),
            (&["[2001:db8::1]:4711"], "2001:db8::1"),
            (&["[2001:db8::1]"], "2001:db8::1"),
            (&["10.0.0.1, 10.0.0.2"], "10.0.0.1"),
            (&["203.0.113.9, unknown"], "127.0.0.1"),
            (&["203.0.113.9, unknown, 10.1.2.3"], "10.1.2.3"),
            (&["203.0.113.9,"], "127.0.0.1"),
        ] {
            assert_eq!(
                found(&proxies, "127.0.0.1", "x-forwarded-for", lines),
                payer,
                "{lines:?}"
            );
        }
    }

    #[test]
    fn a_proxy_may_speak_in_the_standards_header() {
        let proxies = proxies("127.0.0.1", "forwarded");
        for (line, payer) in [
            ("for=203.0.113.9", "203.0.113.9"),
            (
                "for=6.6.6.6, For=\"203.0.113.9:80\";proto=https",
                "203.0.113.9",
            ),
            ("proto=https;for=\"[2001:db8::1]:4711\"", "2001:db8::1"),
            ("for=_hidden", "127.0.0.1"),
            ("proto=https", "127.0.0.1"),
        ] {
            assert_eq!(
                found(&proxies, "127.0.0.1", "forwarded", &[line]),
                payer,
                "{line}"
            );
        }
        let other = found(&proxies, "127.0.0.1", "x-forwarded-for", &["6.6.6.6"]);
        assert_eq!(other, "127.0.0.1");
    }
}
