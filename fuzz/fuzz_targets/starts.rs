//! However a provider answers a start: what the shopper is given next is an
//! address that a browser opens, a picture, or nothing.
//! Input: `INSTRUMENT 200`, then the answer's body.

#![no_main]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kasa_checkout::wire::merchant::{ApmKind, Instrument, Next, Payer};
use kasa_fuzz::headed;
use kasa_fuzz::provider::{HEPSIPAY_PAGE, Providers};
use libfuzzer_sys::fuzz_target;
use url::Url;

thread_local!(static PROVIDERS: Providers = Providers::open());

fn payer() -> Payer {
    let mut payer = Payer::default();
    payer.card_number = Some("6375780000000000".into());
    payer
}

fn instrument(word: &str) -> Option<Instrument> {
    let apm = |kind| Instrument::Apm {
        connection: "19".into(),
        kind,
        payer: payer(),
    };
    Some(match word {
        "card" => Instrument::Card {
            card_token: "token".into(),
            installments: 1,
            save: false,
        },
        "otp" => apm(ApmKind::Otp),
        "page" => apm(ApmKind::Redirect),
        "qr" => apm(ApmKind::Qr),
        "direct" => apm(ApmKind::Direct),
        "hepsipay" => Instrument::Hepsipay,
        "aspay" => Instrument::Aspay {
            payer: Payer::default(),
        },
        "terminal" => Instrument::Terminal { terminal: None },
        _ => return None,
    })
}

fuzz_target!(|input: &[u8]| {
    let Some((words, body)) = headed(input) else {
        return;
    };
    let &[word, status] = &words[..] else { return };
    let Some(instrument) = instrument(word) else {
        return;
    };
    PROVIDERS.with(|providers| {
        let started = providers.answering(status, body, providers.counter.start(&instrument));
        let Some(started) = started.flatten() else {
            return;
        };
        // Some databases take none.
        assert!(started.provider_id.is_none_or(|id| !id.contains('\0')));
        match started.next {
            Some(Next::Redirect(to)) => {
                let url = Url::parse(&to.url).expect("an address");
                assert!(matches!(url.scheme(), "http" | "https"), "{url}");
                assert!(word != "hepsipay" || to.url.starts_with(HEPSIPAY_PAGE));
                assert!(matches!(word, "card" | "page" | "hepsipay" | "aspay"));
            }
            Some(Next::Qr(qr)) => {
                let picture = STANDARD.decode(&qr.image).expect("Base64");
                assert!(word == "qr" && picture.starts_with(b"\x89PNG"));
            }
            Some(Next::Otp(_)) => assert!(matches!(word, "otp" | "direct")),
            Some(Next::Wait(_)) => assert_eq!(word, "terminal"),
            Some(Next::Unknown(kind)) => panic!("an unknown step: {kind}"),
            None => {}
        }
    });
});
