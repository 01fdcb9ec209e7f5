//! Where a shopper may be sent, against the browser's way to read an address:
//! what is allowed is https, or http on loopback, at a host that is expected.
//! Input: the merchant server's address, `redirectHosts` by comma, the address; a line each.

#![no_main]

use kasa_checkout::core::redirect::AllowList;
use libfuzzer_sys::fuzz_target;
use url::Url;

const PROVIDERS: [&str; 6] = [
    "itspaywall.com",
    "paywall.one",
    "paywall.com.tr",
    "odeme.hepsipay.com",
    "odemeentgr.hepsipay.com",
    "com.paycore.io",
];

/// As a browser writes a host; whoever allows another text allows nothing by it.
fn is_host(text: &str) -> bool {
    let url = Url::parse(&format!("https://{text}/"));
    url.is_ok_and(|url| url.host_str() == Some(text) && url.port().is_none())
}

fuzz_target!(|input: &str| {
    let mut lines = input.splitn(3, '\n');
    let (Some(merchant), Some(hosts), Some(url)) = (lines.next(), lines.next(), lines.next())
    else {
        return;
    };
    let hosts: Vec<String> = hosts
        .split(',')
        .filter(|host| !host.is_empty())
        .map(str::to_owned)
        .collect();
    let server = Url::parse(merchant).ok();
    let server_host = server.as_ref().and_then(Url::host_str);
    // A merchant server's address that a browser reads otherwise is nobody's.
    let plain = merchant.to_ascii_lowercase();
    let same = server_host.is_some_and(|host| {
        let rest = plain
            .strip_prefix("https://")
            .or(plain.strip_prefix("http://"));
        rest.and_then(|rest| rest.split(['/', '?', '#', ':']).next()) == Some(host)
    });
    if !same || !hosts.iter().all(|host| is_host(host)) {
        return;
    }
    let is_loopback = |host: &str| matches!(host, "localhost" | "127.0.0.1");
    let list = AllowList::new(merchant, hosts.clone());
    if !list.allows(url) {
        return;
    }
    // What no browser can read leads nowhere.
    let Ok(read) = Url::parse(url) else { return };
    let host = read.host_str().expect("a host");
    let known = PROVIDERS
        .into_iter()
        .chain(hosts.iter().map(String::as_str))
        .chain(server_host)
        .any(|known| host == known || host.ends_with(&format!(".{known}")));
    let server_is_here = server_host.is_some_and(is_loopback);
    assert!(
        known || (server_is_here && is_loopback(host)),
        "{url} leads to {host}"
    );
    let secure = read.scheme() == "https";
    assert!(
        secure || (read.scheme() == "http" && is_loopback(host)),
        "{url}"
    );
    assert!(
        read.username().is_empty() && read.password().is_none(),
        "{url}"
    );
});
