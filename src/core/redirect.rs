//! Where a shopper may be sent. https only (http on loopback, for the sandbox),
//! and only to hosts that are expected: the providers' own, the merchant server's,
//! and those the shop names in `redirectHosts`.

/// PayWall's hosts; a name stands for itself and all below it. Its agent's host
/// of test and production is not documented, its domains are (paywall.md §0.1).
const PAYWALL: [&str; 3] = ["itspaywall.com", "paywall.one", "paywall.com.tr"];

/// The other providers': hepsipay.md §1; corefy.md §1 (a white-label's host of
/// Corefy is the shop's to name).
const OTHERS: [&str; 3] = [
    "odeme.hepsipay.com",
    "odemeentgr.hepsipay.com",
    "com.paycore.io",
];

/// Hosts besides the providers'.
#[derive(Clone, Debug, Default)]
pub struct AllowList {
    /// The shop's list.
    hosts: Vec<String>,
    /// The merchant server's.
    merchant: Option<String>,
}

impl AllowList {
    /// `merchant` is the merchant server's base address. Where it is on
    /// loopback, so are the sandbox's pages: loopback is then allowed whole.
    pub fn new(merchant: &str, hosts: Vec<String>) -> Self {
        let address = Address::parse(merchant);
        let mut list = AllowList {
            hosts,
            merchant: address.as_ref().map(|at| at.host.to_ascii_lowercase()),
        };
        if address.is_some_and(|at| at.is_loopback()) {
            list.hosts.extend(["localhost".into(), "127.0.0.1".into()]);
        }
        list
    }

    /// Whether a shopper may be sent there.
    pub fn allows(&self, url: &str) -> bool {
        let others = OTHERS.into_iter().chain(self.merchant.as_deref());
        self.takes_cards(url) || is_at(url, others)
    }

    /// Whether card data may be sent there: to PayWall, not to the merchant
    /// server, which must never see them.
    pub fn takes_cards(&self, url: &str) -> bool {
        let hosts = self.hosts.iter().map(String::as_str);
        is_at(url, PAYWALL.into_iter().chain(hosts))
    }
}

/// Whether `url` is an address of one of `hosts`, and nobody can listen on the way.
fn is_at<'a>(url: &str, mut hosts: impl Iterator<Item = &'a str>) -> bool {
    Address::parse(url).is_some_and(|address| {
        let host = address.host.to_ascii_lowercase();
        (address.secure || address.is_loopback()) && hosts.any(|allowed| is_below(&host, allowed))
    })
}

fn is_below(host: &str, allowed: &str) -> bool {
    match host.strip_suffix(allowed) {
        Some("") => true,
        Some(rest) => rest.ends_with('.') && !allowed.is_empty(),
        None => false,
    }
}

/// Scheme and host of an absolute http(s) address. Deliberately narrower than
/// the URL standard: whatever a browser might read differently (user names,
/// backslashes, blanks, IPv6, percent signs in the host) is no address here.
struct Address<'a> {
    secure: bool,
    host: &'a str,
}

impl<'a> Address<'a> {
    fn parse(url: &'a str) -> Option<Self> {
        if url
            .chars()
            .any(|c| c.is_control() || c.is_whitespace() || c == '\\')
        {
            return None;
        }
        let (secure, rest) = match url.strip_prefix("https://") {
            Some(rest) => (true, rest),
            None => (false, url.strip_prefix("http://")?),
        };
        let authority = rest.split(['/', '?', '#']).next()?;
        let (host, port) = authority.split_once(':').unwrap_or((authority, "0"));
        let host_fits = !host.is_empty()
            && host
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'));
        (host_fits && port.parse::<u16>().is_ok()).then_some(Address { secure, host })
    }

    fn is_loopback(&self) -> bool {
        self.host.eq_ignore_ascii_case("localhost") || self.host == "127.0.0.1"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expected_hosts_are_allowed_and_nothing_else() {
        let list = AllowList::new("https://pay.shop.example", vec!["bank.example".into()]);
        for url in [
            "https://dev-payment-agent.itspaywall.com/paywall/callback?UniqueNumber=1",
            "https://agent.paywall.com.tr:8443/x",
            "https://odeme.hepsipay.com/c1c87b3c9bb241bea6a2f413cadbce42",
            "https://com.paycore.io/hpp/?cpi=cpi_1",
            "https://pay.shop.example/return",
            "https://PAY.shop.example",
            "https://acs.bank.example/3d",
        ] {
            assert!(list.allows(url), "{url}");
        }
        for url in [
            "http://dev-payment-agent.itspaywall.com/",
            "https://evilitspaywall.com/",
            "https://itspaywall.com.evil.example/",
            "https://evil.example/?itspaywall.com",
            "https://itspaywall.com@evil.example/",
            "https://evil.example\\.itspaywall.com/",
            "https://itspaywall.com/a\\b",
            "https://itspaywall.com/a b",
            "https://shop.example/",
            "http://localhost:8402/",
            "http://127.0.0.1/",
            "javascript:alert(1)//itspaywall.com",
            "data:text/html,x",
            "//itspaywall.com/",
            "https:itspaywall.com",
            "https://",
            "https://itspaywall.com:99999/",
            " https://itspaywall.com/",
            "java\nscript:alert(1)",
            "",
        ] {
            assert!(!list.allows(url), "{url}");
        }
    }

    #[test]
    fn cards_go_to_paywall_and_to_whom_the_shop_names() {
        let list = AllowList::new("https://pay.shop.example", vec!["proxy.example".into()]);
        for url in [
            "https://payment-api.itspaywall.com",
            "https://payment-api.paywall.com.tr",
            "https://api.proxy.example/paywall",
        ] {
            assert!(list.takes_cards(url), "{url}");
        }
        for url in [
            "https://pay.shop.example",
            "http://payment-api.itspaywall.com",
            "https://odeme.hepsipay.com",
            "https://itspaywall.com.evil.example",
            "https://evil.example",
            "http://127.0.0.1:8402",
            "",
        ] {
            assert!(!list.takes_cards(url), "{url}");
        }
        assert!(
            AllowList::new("http://localhost:8401", vec![]).takes_cards("http://127.0.0.1:8402")
        );
    }

    #[test]
    fn loopback_is_allowed_where_the_merchant_server_stands_on_it() {
        let list = AllowList::new("http://localhost:8401", vec![]);
        assert!(list.allows("http://127.0.0.1:8402/paywall/callback?UniqueNumber=1"));
        assert!(list.allows("http://localhost:8401/return"));
        assert!(!list.allows("http://evil.example/"));
        assert!(!list.allows("http://127.0.0.1.evil.example/"));
    }

    #[test]
    fn an_empty_host_in_the_shops_list_allows_nothing() {
        assert!(
            !AllowList::new("https://m.example", vec![String::new()])
                .allows("https://evil.example/")
        );
    }
}
