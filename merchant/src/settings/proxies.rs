//! Which proxies are believed when they say for whom they call, and in which
//! header: one that a proxy does not write is whatever the caller wrote.

use std::net::IpAddr;

use ipnet::IpNet;

use super::SettingsError;
use super::given::{Given, invalid};

const NAME: &str = "TRUSTED_PROXIES";

#[derive(Clone, Debug)]
pub struct TrustedProxies {
    networks: Vec<IpNet>,
    pub header: ForwardedHeader,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ForwardedHeader {
    XForwardedFor,
    /// RFC 7239.
    Forwarded,
}

impl TrustedProxies {
    pub(super) fn read(given: &Given) -> Result<Self, SettingsError> {
        let listed = given.text(NAME)?.unwrap_or_default();
        let texts = listed.split(',').map(str::trim);
        let networks = texts.filter(|text| !text.is_empty()).map(network);
        Ok(TrustedProxies {
            networks: networks.collect::<Result<_, _>>()?,
            header: given.choice(
                "FORWARDED_HEADER",
                [
                    ("x-forwarded-for", ForwardedHeader::XForwardedFor),
                    ("forwarded", ForwardedHeader::Forwarded),
                ],
            )?,
        })
    }

    pub(crate) fn trusts(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.networks
            .iter()
            .any(|network| network.contains(&address))
    }
}

/// `192.0.2.0/24`, or one address.
fn network(text: &str) -> Result<IpNet, SettingsError> {
    let one = || text.parse::<IpAddr>().map(IpNet::from);
    text.parse().or_else(|_| one()).map_err(|_| {
        invalid(
            NAME,
            format!("{text} is no address, and no network like 10.0.0.0/8"),
        )
    })
}
