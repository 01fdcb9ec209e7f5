//! However PayWall answers what an order asks about: BIN, installments, saved
//! cards, terminals, connections, TempToken. Installments never cost less than
//! the order, and add up. Input: `WHAT 200 AMOUNT`, then the answer's body.

#![no_main]

use kasa_fuzz::headed;
use kasa_fuzz::provider::Providers;
use kasa_merchant::paywall::PayWall;
use kasa_merchant::paywall::amount::Currency;
use kasa_merchant::paywall::bin::Plan;
use libfuzzer_sys::fuzz_target;

struct Bench {
    providers: Providers,
    paywall: PayWall,
}

fn open() -> Bench {
    let providers = Providers::open();
    let settings = providers
        .settings
        .paywall
        .clone()
        .expect("PayWall is set up");
    let paywall = PayWall::new(&settings, providers.terms()).expect("PayWall");
    Bench { providers, paywall }
}

thread_local!(static BENCH: Bench = open());

fn check(plans: &[Plan], amount: i64) {
    for plan in plans {
        assert!(plan.count > 0 && plan.total >= amount, "{plan:?}");
        let parts = i128::from(plan.each) * i128::from(plan.count);
        let rest = (parts - i128::from(plan.total)).abs();
        assert!(rest <= i128::from(plan.count), "{plan:?}");
    }
    assert!(plans.windows(2).all(|two| two[0].count < two[1].count));
}

fuzz_target!(|input: &[u8]| {
    let Some((words, body)) = headed(input) else {
        return;
    };
    let &[what, status, amount] = &words[..] else {
        return;
    };
    let amount = amount
        .parse()
        .ok()
        .filter(|amount| (1..=1_000_000_000_000).contains(amount));
    let Some(amount) = amount else { return };
    let currency = Currency::of("TRY").expect("known");
    BENCH.with(|bench| {
        let (providers, paywall) = (&bench.providers, &bench.paywall);
        let base = paywall.payment_api().to_owned();
        match what {
            "bin" => drop(providers.answering(status, body, paywall.bin("557920"))),
            "plans" => {
                let asked = paywall.installments("557920", currency, amount);
                if let Some(Ok(plans)) = providers.answering(status, body, asked) {
                    check(&plans, amount);
                }
            }
            "cards" => drop(providers.answering(status, body, paywall.card_wall(&base).list("7"))),
            "terminals" => {
                let physical = paywall.physical(&base);
                let terminals = providers.answering(status, body, physical.terminals());
                for terminal in terminals.and_then(Result::ok).unwrap_or_default() {
                    assert!(terminal.id.is_empty() || !terminal.name().is_empty());
                }
            }
            "connections" => drop(providers.answering(status, body, paywall.apm_list(1))),
            "token" => drop(providers.answering(status, body, paywall.temp_token())),
            _ => {}
        }
    });
});
