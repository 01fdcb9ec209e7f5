//! `init`'s options.

use wasm_bindgen::JsValue;

use super::given::{array, misuse, property, text};
use crate::browser::page;
use crate::core::error::Error;
use crate::core::flow::following::Rules;
use crate::core::redirect::AllowList;
use crate::wire::merchant::Challenge;

/// `init`'s options, judged.
pub struct Options {
    /// Without a trailing slash.
    pub merchant: String,
    pub checkout: String,
    /// The page was opened by a return from the bank.
    pub returning: bool,
    challenge: Challenge,
    redirect_hosts: Vec<String>,
}

impl Options {
    pub fn rules(&self) -> Rules {
        Rules {
            challenge: self.challenge,
            redirects: AllowList::new(&self.merchant, self.redirect_hosts.clone()),
        }
    }
}

/// No server needs more, and no id that ours makes is longer.
const CHECKOUT_MAX: usize = 128;

const MERCHANT: &str = "the address of your merchant server, like \"https://pay.shop.example\", without query or fragment";
const CHECKOUT: &str =
    "the id that POST /v1/orders answered, or stand in the page's address as `kasa_checkout`";
const HOSTS: &str = "an array of host names, like [\"3d.bank.example\"]";
const HOST: &str = "a host name, like \"3d.bank.example\", without scheme, port, path or wildcard; what is below it is allowed too";

pub fn options(value: &JsValue) -> Result<Options, Error> {
    let merchant = text(value, "merchant", MERCHANT)?
        .filter(|merchant| is_base_address(merchant))
        .map(|merchant| merchant.trim_end_matches('/').to_owned());
    let returned = page::returned_checkout();
    let given = text(value, "checkout", CHECKOUT)?;
    let returning = returned.is_some() && (given.is_none() || given == returned);
    let checkout = given
        .or(returned)
        .filter(|checkout| !checkout.is_empty() && checkout.len() <= CHECKOUT_MAX);
    // How it is spoken is for `index.js` to settle.
    text(value, "locale", "a BCP 47 tag, like \"tr\" or \"de-AT\"")?;
    Ok(Options {
        merchant: named(value, "merchant", MERCHANT, merchant)?,
        checkout: named(value, "checkout", CHECKOUT, checkout)?,
        returning,
        challenge: challenge(value)?,
        redirect_hosts: redirect_hosts(value)?,
    })
}

/// What was found good, or the complaint about what was given.
fn named(
    value: &JsValue,
    name: &str,
    expected: &str,
    good: Option<String>,
) -> Result<String, Error> {
    match good {
        Some(good) => Ok(good),
        None => Err(misuse(name, expected, &property(value, name)?)),
    }
}

fn challenge(value: &JsValue) -> Result<Challenge, Error> {
    let expected = "\"redirect\" or \"frame\"";
    match text(value, "challenge", expected)?.as_deref() {
        None | Some("redirect") => Ok(Challenge::Redirect),
        Some("frame") => Ok(Challenge::Frame),
        Some(other) => Err(misuse("challenge", expected, &other.into())),
    }
}

fn redirect_hosts(value: &JsValue) -> Result<Vec<String>, Error> {
    let hosts = property(value, "redirectHosts")?;
    if hosts.is_undefined() {
        return Ok(Vec::new());
    }
    let list = array(&hosts).ok_or_else(|| misuse("redirectHosts", HOSTS, &hosts))?;
    let mut names = Vec::new();
    for host in list.iter() {
        match host.as_string() {
            Some(name) if is_host(&name) => names.push(name.to_ascii_lowercase()),
            _ => return Err(misuse("redirectHosts[]", HOST, &host)),
        }
    }
    Ok(names)
}

/// An entry that can match no host would be of no use, and nobody would notice.
fn is_host(name: &str) -> bool {
    let strange = |c: char| c.is_whitespace() || matches!(c, '/' | ':' | '@' | '*' | '?' | '#');
    !name.is_empty() && !name.starts_with('.') && !name.contains(strange)
}

fn is_base_address(address: &str) -> bool {
    web_sys::Url::new(address).is_ok_and(|url| {
        matches!(url.protocol().as_str(), "https:" | "http:")
            && url.search().is_empty()
            && url.hash().is_empty()
    })
}
