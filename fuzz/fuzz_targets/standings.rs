//! However a provider answers the question how a payment stands: it is paid
//! only where the answer says so, of this amount, currency and reference.
//! Input: `card 200`, or another method and status, then the answer's body;
//! `signed` as a third word has an answer of Hepsipay's signed.

#![no_main]

use kasa_fuzz::headed;
use kasa_fuzz::provider::Providers;
use kasa_fuzz::standing::{INVOICE, PAGE, REQUEST, says_paid, signed};
use libfuzzer_sys::fuzz_target;

thread_local!(static PROVIDERS: Providers = Providers::open());

fuzz_target!(|input: &[u8]| {
    let Some((words, body)) = headed(input) else {
        return;
    };
    let &[method, status, ref more @ ..] = &words[..] else {
        return;
    };
    let named = more.first() != Some(&"unnamed");
    let body = match more {
        ["signed", ..] => signed(body),
        _ => body.to_vec(),
    };
    let provider_id = match method {
        "hepsipay" => Some(PAGE),
        "terminal" => Some(REQUEST),
        "aspay" if named => Some(INVOICE),
        _ => None,
    };
    PROVIDERS.with(|providers| {
        let counter = &providers.counter;
        let Some(reference) = counter.reference(method) else {
            return;
        };
        let said = providers.answering(status, &body, counter.ask(method, provider_id));
        let Some(said) = said.flatten() else { return };
        assert!(
            !said.paid || says_paid(method, &reference, &body),
            "paid, but the answer does not say so"
        );
        // Some databases take none.
        assert!(
            !said.stored.iter().any(|text| text.contains('\0')),
            "{:?}",
            said.stored
        );
    });
});
