//! What PayWall's words on an alternative method's payment mean (paywall.md §3.7).

use super::{Apm, State};
use crate::paywall::amount::Currency;
use crate::paywall::apm::{Standing, kind, status};
use crate::providers::{Money, Told, Verdict};
use crate::store::{Facts, Payment, StartCall};

impl Apm {
    pub(super) fn told(&self, payment: &Payment, standing: &Standing) -> Told {
        let verdict = judge(payment, standing);
        let transaction = &standing.transaction;
        // A code that was sent while the answer to its start was lost can be
        // typed all the same. It cannot be sent again: the payer's fields are gone.
        let code_waits = payment.start != StartCall::Answered
            && standing.status_id == status::OTP_REQUEST_SUCCEEDED
            && matches!(verdict, Verdict::Open { .. });
        Told {
            verdict,
            facts: Facts {
                next: code_waits.then(|| self.code(u32::MAX, Vec::new(), None)),
                state: State::of(payment).with(&transaction.unique_code),
                provider_id: transaction.apm_transaction_id.map(|id| id.to_string()),
                provider_status: Some(standing.status_id.to_string()),
                card_masked: None,
            },
            message: None,
        }
    }
}

fn judge(payment: &Payment, standing: &Standing) -> Verdict {
    match (standing.status_id, standing.type_id) {
        (status::SUCCESS, kind::SALE) => Verdict::Paid(money(payment, standing)),
        (status::FAILED | status::FAILED_ON_QUERY, kind::SALE) => {
            Verdict::Declined { code: "declined" }
        }
        // The payer has done nothing at the provider that could take money.
        (
            status::CREATED
            | status::OTP_REQUEST_STARTED
            | status::OTP_REQUEST_SUCCEEDED
            | status::OTP_REQUEST_FAILED
            | status::OTP_CONFIRM_FAILED
            | status::QR_CREATED,
            kind::SALE,
        ) => Verdict::Open { unbegun: true },
        (status::PAYWALL_LINK_OPENED | status::PROVIDER_LINK_OPENED, kind::SALE) => {
            Verdict::Open { unbegun: false }
        }
        _ => Verdict::UnderWay,
    }
}

/// An amount can be read in the payment's own currency only; another one is not ours anyhow.
fn money(payment: &Payment, standing: &Standing) -> Money {
    let currency = Currency::of(&payment.currency)
        .filter(|currency| standing.currency_id == Some(currency.id));
    let amount = currency.and_then(|currency| currency.minor(standing.transaction.amount?));
    Money {
        amount,
        currency: currency.map(|currency| currency.code.to_owned()),
        reference: Some(standing.transaction.merchant_unique_code.clone()),
    }
}
