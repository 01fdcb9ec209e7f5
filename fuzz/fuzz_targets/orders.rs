//! What a shop's back end and a browser may ask for: an order that is taken
//! adds up and leads back to the shop alone, a payment is one that the order
//! offers. Input: `order`, `payment`, `origin` or `id`, then the text.

#![no_main]

use kasa_checkout::wire::merchant::Instrument;
use kasa_fuzz::headed;
use kasa_fuzz::provider::{Providers, SHOP};
use kasa_merchant::fuzzing::{Accepted, ID, accepts, is_the_shops, payment_id};
use libfuzzer_sys::fuzz_target;
use url::Url;

thread_local!(static PROVIDERS: Providers = Providers::open());

/// By the host and scheme alone, not by the texts.
fn leads_to_the_shop(url: &Url) -> bool {
    let loopback = url.scheme() == "http" && url.host_str() == Some("localhost");
    let shop = Url::parse(SHOP).expect("the shop's");
    loopback || url.origin() == shop.origin()
}

fn order(providers: &Providers, body: &[u8]) {
    let Some(Accepted {
        amount,
        sum,
        return_url,
        reference,
    }) = accepts(&providers.settings, body)
    else {
        return;
    };
    assert!((1..=1_000_000_000_000).contains(&amount));
    assert_eq!(sum, amount);
    assert!(!reference.trim().is_empty() && reference.chars().count() <= 100);
    assert!(!reference.chars().any(char::is_control));
    let url = Url::parse(&return_url).expect("an address");
    assert!(leads_to_the_shop(&url), "{return_url}");
    assert!(url.username().is_empty() && url.password().is_none());
}

fn payment(providers: &Providers, body: &[u8]) {
    match providers.counter.takes(body) {
        Some(Instrument::Card {
            card_token,
            installments,
            save,
        }) => {
            assert!((1..=12).contains(&installments) && !save);
            assert!(card_token.bytes().all(|byte| byte.is_ascii_graphic()));
        }
        Some(Instrument::Apm {
            connection, payer, ..
        }) => {
            assert_eq!(connection, "19");
            let number = payer.card_number.as_deref().unwrap_or_default();
            assert!(
                (12..=19).contains(&number.len())
                    && number.bytes().all(|byte| byte.is_ascii_digit())
            );
        }
        Some(Instrument::Terminal { terminal }) => {
            assert!(terminal.is_none_or(|terminal| terminal == "kasa-1"));
        }
        Some(Instrument::SavedCard { installments, .. }) => {
            assert!((1..=12).contains(&installments))
        }
        Some(Instrument::Hepsipay | Instrument::Aspay { .. }) | None => {}
    }
}

fuzz_target!(|input: &[u8]| {
    let Some((words, rest)) = headed(input) else {
        return;
    };
    let text = || std::str::from_utf8(rest).ok();
    PROVIDERS.with(|providers| match words[..] {
        ["order"] => order(providers, rest),
        ["payment"] => payment(providers, rest),
        ["origin"] => {
            if let Some(text) = text().filter(|text| is_the_shops(&providers.settings, text)) {
                let url = Url::parse(text).expect("an origin");
                assert!(
                    leads_to_the_shop(&url) && url.path() == "/" && url.query().is_none(),
                    "{text}"
                );
            }
        }
        ["id"] => {
            if let Some(id) = text().and_then(payment_id) {
                assert_eq!(id.len(), ID.len());
                assert!(id.bytes().all(|byte| byte.is_ascii_lowercase()
                    || byte.is_ascii_digit()
                    || byte == b'_'));
            }
        }
        _ => {}
    });
});
