//! Asks a payment's provider how it stands and records the answer. The one
//! place that says `paid`; whoever wants to know calls this.

use jiff::SignedDuration;
use kasa_checkout::wire::merchant::Status;

use crate::app::App;
use crate::metrics::Attention;
use crate::problem::Result;
use crate::providers::{Pace, Told, Verdict};
use crate::store::{Ending, Facts, Paid, Payment, RefundStatus, StartCall};

/// A payment after its provider was asked, and what it said.
pub(crate) struct Settled {
    pub(crate) payment: Payment,
    /// `None`: nobody was asked, for the payment is paid already.
    pub(crate) verdict: Option<Verdict>,
}

/// Asks, records, and answers the payment as it then is. A paid one is not asked
/// about; an ended one changes only if its provider says that it was paid after all.
pub(crate) async fn settle(app: &App, payment: Payment) -> Result<Settled> {
    if payment.status == Status::Paid {
        return Ok(Settled {
            payment,
            verdict: None,
        });
    }
    let told = match app.providers.of(&payment.method) {
        Some(provider) => provider.ask(&payment).await,
        None => {
            app.metrics.attention(Attention::ProviderMissing);
            tracing::error!(payment = ?payment.id, method = payment.method, "its provider is not set up any more");
            Told::bare(Verdict::Unanswered)
        }
    };
    let verdict = told.verdict.clone();
    record(app, &payment, told).await?;
    let payment = app.store.payment(&payment.id).await?.unwrap_or(payment);
    Ok(Settled {
        payment,
        verdict: Some(verdict),
    })
}

async fn record(app: &App, payment: &Payment, told: Told) -> Result<()> {
    let Told {
        verdict,
        facts,
        message,
    } = told;
    let facts = Facts {
        card_masked: facts.card_masked.filter(|number| is_masked(number)),
        ..facts
    };
    let end = |status, error_code, error_message| Ending {
        status,
        error_code,
        error_message,
        next_check_at: None,
    };
    let ending = match verdict {
        Verdict::Paid(money) if money.is_of(payment) => {
            return record_paid(app, payment, facts).await;
        }
        Verdict::Paid(_) => {
            app.metrics.attention(Attention::PaidOtherwise);
            tracing::error!(payment = ?payment.id,
                "the provider says paid, but amount, currency or reference differ from ours");
            return Ok(app.store.note(payment, facts, app.now()).await?);
        }
        Verdict::Declined { .. } if payment.cancel_wish => {
            end(Status::Canceled, "canceled", message)
        }
        Verdict::Declined { code } => end(Status::Failed, code, message),
        Verdict::Canceled => end(Status::Canceled, "canceled", message),
        // Nobody holds what the shopper needs to pay. But a start whose answer was lost may still
        // stand in the provider's queue, and some take money without a further step: it is watched.
        Verdict::Open { .. } | Verdict::NotFound
            if facts.next.is_none() && has_no_step(app, payment) =>
        {
            Ending {
                next_check_at: Some(app.in_time(Pace::LONGEST)),
                ..end(Status::Failed, "provider_unavailable", None)
            }
        }
        Verdict::Unanswered => {
            tracing::warn!(payment = ?payment.id, "question unanswered; the payment stays as it is");
            return Ok(());
        }
        Verdict::Open { .. } | Verdict::UnderWay | Verdict::NotFound => {
            return Ok(app.store.note(payment, facts, app.now()).await?);
        }
    };
    let (status, code) = (ending.status, ending.error_code);
    if app.store.end(payment, ending, facts, app.now()).await? {
        app.metrics.payment(&payment.method, status);
        tracing::info!(payment = ?payment.id, ?status, code, "payment ended");
    }
    Ok(())
}

/// Whether the start is over and brought no next step. While it is still under
/// way, one may come any moment.
fn has_no_step(app: &App, payment: &Payment) -> bool {
    let over = match payment.start {
        StartCall::Answered => false,
        StartCall::Lost => true,
        StartCall::UnderWay => app.now().duration_since(payment.started_at) > app.start_patience(),
    };
    // After a restart the step of the start before is still stored, and is no use.
    over && (payment.next.is_none() || payment.restarts > 0)
}

async fn record_paid(app: &App, payment: &Payment, facts: Facts) -> Result<()> {
    let paid = app.store.pay(payment, facts, app.now()).await?;
    if paid.is_some() {
        app.metrics.payment(&payment.method, Status::Paid);
    }
    match paid {
        None => {}
        Some(Paid { twice: true, .. }) => {
            app.metrics.attention(Attention::PaidTwice);
            app.metrics.refund(RefundStatus::Pending);
            tracing::error!(payment = ?payment.id, checkout = ?payment.checkout,
                "a second payment of the same order is paid: it is given back");
        }
        Some(Paid {
            before: Status::Pending,
            ..
        }) => {
            tracing::info!(payment = ?payment.id, "payment paid");
        }
        Some(Paid { before, .. }) => {
            app.metrics.attention(Attention::PaidLate);
            tracing::error!(payment = ?payment.id, ?before, "paid after it was given up");
        }
    }
    Ok(())
}

/// Providers mask; should one ever not, the number goes no further. Eight digits of
/// BIN and four at the end are the most that a mask leaves. Nor is a control
/// character part of a number: some databases take none.
pub(crate) fn is_masked(number: &str) -> bool {
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    let printed = !number.chars().any(char::is_control);
    printed && number.len() <= 32 && digits <= 12 && digits < number.len()
}

/// Ends a payment of which its provider said that no money is moving: its time
/// is over, or its shopper does not want it any more. It is asked about again,
/// for the page of its provider may still be open somewhere. False when it has
/// moved on meanwhile.
pub(crate) async fn give_up(
    app: &App,
    payment: &Payment,
    status: Status,
    error_code: &'static str,
    watch_for: SignedDuration,
) -> Result<bool> {
    let ending = Ending {
        status,
        error_code,
        error_message: None,
        next_check_at: Some(app.in_time(watch_for)),
    };
    let given_up = app.store.give_up(payment, ending, app.now()).await?;
    if given_up {
        app.metrics.payment(&payment.method, status);
        tracing::warn!(payment = ?payment.id, code = error_code, "payment given up");
    }
    Ok(given_up)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_number_is_masked_or_goes_no_further() {
        let cases = [
            ("557920******1297", true),
            ("55792009****1297", true),
            ("**** 1297", true),
            ("5579200932901297", false),
            ("557920093***1297", false),
            ("557920093290129", false),
            ("129712971297", false),
            ("5579\u{0}****1297", false),
            ("55*******************************", false),
            ("5*******************************", true),
        ];
        for (number, masked) in cases {
            assert_eq!(is_masked(number), masked, "{number:?}");
        }
    }
}
