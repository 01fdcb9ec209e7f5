//! What PayWall's words on a terminal's sale mean (paywall.md §4.3, §4.7), and
//! what is shown meanwhile.

use kasa_checkout::wire::merchant::{Next, Wait, stage};

use crate::paywall::amount::Currency;
use crate::paywall::physical::{Standing, kind, status};
use crate::providers::{Money, Told, Verdict};
use crate::store::{Facts, Payment};

pub(super) fn told(payment: &Payment, standing: &Standing) -> Told {
    // A request of another sale, as only a callback without proof could bring it.
    if !standing
        .merchant_unique_code
        .eq_ignore_ascii_case(&payment.reference)
    {
        tracing::error!(payment = ?payment.id, "PayWall knows the request as another sale's");
        return Told::bare(Verdict::Unanswered);
    }
    let sale = standing.payment_type_id == kind::SALE;
    Told {
        verdict: judge(payment, standing),
        facts: Facts {
            next: sale.then(|| wait(standing.payment_status_id)),
            provider_id: Some(standing.payment_request_id.clone()),
            provider_status: Some(standing.payment_status_id.to_string()),
            ..Facts::default()
        },
        message: None,
    }
}

fn judge(payment: &Payment, standing: &Standing) -> Verdict {
    match (standing.payment_type_id, standing.payment_status_id) {
        (kind::SALE, status::SUCCESS) => Verdict::Paid(money(payment, standing)),
        (kind::SALE, status::FAILED) => Verdict::Declined { code: "declined" },
        (kind::SALE, status::NOT_SENT) => Verdict::Declined {
            code: "terminal_unreachable",
        },
        (kind::SALE, status::WITHDRAWN) | (kind::CANCEL, status::SUCCESS) => Verdict::Canceled,
        (kind::SALE, status) if is_open(status) => Verdict::Open { unbegun: true },
        _ => Verdict::UnderWay,
    }
}

/// Whether the terminal has not taken it yet, and still may.
pub(super) fn is_open(status: i32) -> bool {
    matches!(
        status,
        status::CREATED
            | status::SENT
            | status::FIREBASE_NOT_SENT
            | status::SOCKET_NOT_SENT
            | status::FIREBASE_SENT
            | status::SOCKET_SENT
    )
}

/// An amount can be read in the payment's own currency only; another one is not ours anyhow.
fn money(payment: &Payment, standing: &Standing) -> Money {
    let currency = Currency::of(&payment.currency)
        .filter(|currency| standing.currency_id == Some(currency.id));
    let amount = currency.and_then(|currency| currency.minor(standing.amount?));
    Money {
        amount,
        currency: currency.map(|currency| currency.code.to_owned()),
        // The same Guid, in whatever letters.
        reference: Some(payment.reference.clone()),
    }
}

/// What is shown while a sale stands so.
pub(super) fn wait(status: i32) -> Next {
    let stage = match status {
        status::TAKEN => Some(stage::ON_TERMINAL),
        status if is_open(status) => Some(stage::SENDING),
        _ => None,
    };
    Next::Wait(Wait {
        // PayWall decides; once a card may be in the terminal it is not promised.
        cancellable: is_open(status),
        stage: stage.map(str::to_owned),
    })
}

/// What is shown while nobody knows how the sale stands.
pub(super) fn unknown() -> Next {
    Next::Wait(Wait {
        cancellable: false,
        stage: None,
    })
}
