//! Where a shopper may be sent. https only (http on loopback, for the sandbox),
//! and only to hosts that are expected: the providers' own, the merchant server's,
//! and those the shop names in `redirectHosts`.

/// The providers' hosts; a name stands for itself and all below it. PayWall's
/// agent's host of test and production is not documented, its domains are
/// (paywall.md §0.1); hepsipay.md §1; corefy.md §1 (a white-label's host of
/// Corefy is the shop's to name).
const PROVIDERS: [&str; 6] = [
    "itspaywall.com",
    "paywall.one",
    "paywall.com.tr",
    "odeme.hepsipay.com",
    "odemeentgr.hepsipay.com",
    "com.paycore.io",
];

/// Hosts besides the providers': the merchant server's and the shop's list.
#[derive(Clone, Debug, Default)]
pub struct AllowList {
    hosts: Vec<String>,
}

impl AllowList {
    /// `merchant` is the merchant server's base address. Where it is on
    /// loopback, so are the sandbox's pages: loopback is then allowed whole.
    pub fn new(merchant: &str, hosts: Vec<String>) -> Self {
        let mut list = AllowList { hosts };
        if let Some(address) = Address::parse(merchant) {
            list.hosts.push(address.host.to_ascii_lowercase());
            if address.is_loopback() {
                list.hosts.extend(["localhost".into(), "127.0.0.1".into()]);
            }
        }
        list
    }

    pub fn allows(&self, url: &str) -> bool {
        let Some(address) = Address::parse(url) else {
            return false;
        };
        let host = address.host.to_ascii_lowercase();
        let known = PROVIDERS
            .into_iter()
            .chain(self.hosts.iter().map(String::as_str))
            .any(|allowed| is_below(&host, allowed));
        known && (address.secure || address.is_loopback())
    }
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
