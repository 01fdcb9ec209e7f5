//! Giving back what was paid by an alternative method (paywall.md §3.6). PayWall
//! tells of the last activity only, so of several refunds it cannot say which.

use super::State;
use crate::paywall::amount::Currency;
use crate::paywall::apm::{kind, status};
use crate::paywall::{Error, PayWall, Refusal, StartRefusal};
use crate::providers::RefundAnswer;
use crate::store::{Ledger, Payment, Refund};

/// "Has a refund": perhaps by this very call, repeated on the way.
const REFUNDED_ALREADY: i32 = 360;

pub(super) async fn refund(
    paywall: &PayWall,
    payment: &Payment,
    refund: &Refund,
    ledger: Ledger,
) -> RefundAnswer {
    let currency = Currency::of(&payment.currency);
    // Every question about a payment brings PayWall's code, and so did the one that said paid.
    let (Some(currency), Some(unique_code)) = (currency, State::of(payment).unique_code) else {
        return RefundAnswer::Unsupported;
    };
    let whole = refund.amount == payment.amount && is_only(refund, ledger);
    let part = (!whole).then(|| currency.decimal(refund.amount));
    match paywall.apm_refund(&unique_code, part).await {
        Ok(()) => RefundAnswer::Done(None),
        Err(Error::Refused(refusal)) => refused(refusal),
        Err(Error::Lost(_)) => RefundAnswer::Lost,
    }
}

fn refused(refusal: Refusal) -> RefundAnswer {
    if refusal.code == REFUNDED_ALREADY {
        return RefundAnswer::Lost;
    }
    let code = match refusal.of_apm_start() {
        StartRefusal::Ask => return RefundAnswer::Lost,
        StartRefusal::Failed("provider_unavailable") => "provider_unavailable",
        StartRefusal::Failed(_) => "refund_refused",
    };
    RefundAnswer::Refused {
        code,
        message: refusal.message,
    }
}

pub(super) async fn ask(
    paywall: &PayWall,
    payment: &Payment,
    refund: &Refund,
    ledger: Ledger,
) -> RefundAnswer {
    let Ok(Some(standing)) = paywall.apm_query(&payment.reference).await else {
        return RefundAnswer::Lost;
    };
    match (standing.status_id, standing.type_id) {
        (status::SUCCESS, kind::SALE) if ledger.done == 0 => RefundAnswer::NotDone,
        (status::SUCCESS, kind::REFUND) if is_only(refund, ledger) => RefundAnswer::Done(None),
        _ => RefundAnswer::Lost,
    }
}

/// Whether no other refund of the payment was done, or is pending.
fn is_only(refund: &Refund, ledger: Ledger) -> bool {
    ledger.done == 0 && ledger.pending == refund.amount
}
