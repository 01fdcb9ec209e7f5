//! Giving back what was paid by card, new or saved (paywall.md §2.6, §2.7).
//! PayWall knows no refund by a key of ours: whether one was made is read off
//! what is left of the payment.

use super::RefundAnswer;
use crate::paywall::amount::Currency;
use crate::paywall::types::Standing;
use crate::paywall::{Error, PayWall, Refusal, StartRefusal};
use crate::store::{Ledger, Payment, Refund};

/// "Has a successful refund": perhaps by this very call, repeated on the way.
const REFUNDED_ALREADY: i32 = 93;

pub(super) async fn refund(
    paywall: &PayWall,
    payment: &Payment,
    refund: &Refund,
    ledger: Ledger,
) -> RefundAnswer {
    let Some(currency) = Currency::of(&payment.currency) else {
        return RefundAnswer::Unsupported;
    };
    let (code, created) = (&payment.reference, payment.created_at);
    let untouched = ledger.done == 0 && ledger.pending == refund.amount;
    let answer = if refund.amount == payment.amount && untouched {
        paywall.refund(code, created).await
    } else {
        let amount = currency.decimal(refund.amount);
        paywall.refund_part(code, created, amount).await
    };
    match answer {
        Ok(()) => RefundAnswer::Done(None),
        Err(Error::Refused(refusal)) => refused(refusal),
        Err(Error::Lost(_)) => RefundAnswer::Lost,
    }
}

fn refused(refusal: Refusal) -> RefundAnswer {
    if refusal.code == REFUNDED_ALREADY {
        return RefundAnswer::Lost;
    }
    let code = match refusal.of_start() {
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
    match paywall.query(&payment.reference).await {
        Ok(Some(standing)) => judge(payment, refund, ledger, &standing),
        Ok(None) | Err(_) => RefundAnswer::Lost,
    }
}

fn judge(payment: &Payment, refund: &Refund, ledger: Ledger, standing: &Standing) -> RefundAnswer {
    let Some((charged, given)) = given_back(payment, standing) else {
        return RefundAnswer::Lost;
    };
    // All of a payment is all that was charged, interest for installments too.
    let whole = refund.amount == payment.amount;
    let with_pending = ledger.done + ledger.pending;
    if given == ledger.done {
        RefundAnswer::NotDone
    } else if given == with_pending || (whole && given == charged) {
        RefundAnswer::Done(None)
    } else {
        // Some of those that are pending, and nobody can say which.
        RefundAnswer::Lost
    }
}

/// What was charged and what of it was given back, where PayWall tells.
fn given_back(payment: &Payment, standing: &Standing) -> Option<(i64, i64)> {
    let currency = Currency::of(&payment.currency)?;
    let charged = currency.minor(standing.payment_amount?)?;
    let remaining = currency.minor(standing.remaining_refund_amount?)?;
    Some((charged, charged.checked_sub(remaining)?))
}
