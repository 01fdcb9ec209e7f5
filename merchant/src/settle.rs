//! Asks PayWall how a payment stands and records the answer (paywall.md §2.6,
//! §5.5). The one place that says `paid`; whoever wants to know calls this.

use jiff::SignedDuration;
use kasa_checkout::wire::merchant::Status;

use crate::app::App;
use crate::paywall;
use crate::paywall::amount::Currency;
use crate::problem::Result;
use crate::store::{Ending, Paid, Payment, Standing, Start};

/// `StatusId` and `TypeId` of §5.5, as far as they decide.
mod id {
    pub(super) const CREATED: i32 = 1;
    pub(super) const STARTED: i32 = 2;
    pub(super) const SUCCESS: i32 = 4;
    pub(super) const FAILED: i32 = 5;
    pub(super) const FAILED_ON_QUERY: i32 = 7;
    pub(super) const CANCELLED: i32 = 12;
    pub(super) const FRAUD: i32 = 13;
    pub(super) const SALE: i32 = 1;
    pub(super) const CANCEL: i32 = 3;
}

/// What PayWall says of a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Paid,
    /// Said to be paid, but not this sum in this currency: a person must look.
    OtherMoney,
    Declined,
    Canceled,
    /// Created or started: nothing is charged, and nothing will be without the link to the bank.
    Open,
    /// Anything between: money may be moving.
    UnderWay,
    NotFound,
    /// PayWall gave no usable answer.
    Unanswered,
}

/// A payment after PayWall was asked, and what it said.
pub(crate) struct Settled {
    pub(crate) payment: Payment,
    pub(crate) verdict: Verdict,
}

/// Asks, records, and answers the payment as it then is. A paid one is not asked
/// about; an ended one changes only if PayWall says that it was paid after all.
pub(crate) async fn settle(app: &App, payment: Payment) -> Result<Settled> {
    if payment.status == Status::Paid {
        return Ok(Settled {
            payment,
            verdict: Verdict::Paid,
        });
    }
    let standing = match app.paywall.query(payment.id.as_str()).await {
        Ok(standing) => standing,
        Err(error) => {
            tracing::warn!(payment = ?payment.id, %error, "query unanswered; the payment stays as it is");
            return Ok(Settled {
                payment,
                verdict: Verdict::Unanswered,
            });
        }
    };
    let verdict = standing
        .as_ref()
        .map_or(Verdict::NotFound, |standing| judge(&payment, standing));
    record(app, &payment, verdict, standing).await?;
    let payment = app.store.payment(&payment.id).await?.unwrap_or(payment);
    Ok(Settled { payment, verdict })
}

fn judge(payment: &Payment, standing: &paywall::types::Standing) -> Verdict {
    match (standing.status_id, standing.type_id) {
        (id::CANCELLED, _) | (_, id::CANCEL) => Verdict::Canceled,
        (id::SUCCESS, id::SALE) if is_our_money(payment, standing) => Verdict::Paid,
        (id::SUCCESS, id::SALE) => Verdict::OtherMoney,
        (id::FAILED | id::FAILED_ON_QUERY | id::FRAUD, _) => Verdict::Declined,
        (id::CREATED | id::STARTED, _) => Verdict::Open,
        _ => Verdict::UnderWay,
    }
}

fn is_our_money(payment: &Payment, standing: &paywall::types::Standing) -> bool {
    Currency::of(&payment.currency).is_some_and(|currency| {
        standing.currency_id == Some(currency.id)
            && standing.payment_amount == Some(currency.decimal(payment.amount))
            && standing.merchant_unique_code == payment.id.as_str()
    })
}

async fn record(
    app: &App,
    payment: &Payment,
    verdict: Verdict,
    answer: Option<paywall::types::Standing>,
) -> Result<()> {
    let message = answer
        .as_ref()
        .and_then(|answer| paywall::tidy(answer.error.as_ref()?.error_message.as_deref()?));
    let standing = answer.map_or_else(Standing::default, |answer| Standing {
        card_masked: answer.card_number.filter(|number| is_masked(number)),
        payment_id: answer.payment_id,
        status_id: Some(answer.status_id.into()),
    });
    let end = |status, error_code, error_message| Ending {
        status,
        error_code,
        error_message,
        next_check_at: None,
    };
    let ending = match verdict {
        Verdict::Paid => return record_paid(app, payment, standing).await,
        Verdict::Declined => end(Status::Failed, "declined", message),
        Verdict::Canceled => end(Status::Canceled, "canceled", message),
        // Nobody holds a link to the bank, so nothing can be charged any more.
        Verdict::Open | Verdict::NotFound if has_no_link(app, payment) => {
            end(Status::Failed, "provider_unavailable", None)
        }
        Verdict::OtherMoney => {
            tracing::error!(payment = ?payment.id, "PayWall says paid, but amount, currency or code differ from ours");
            return Ok(app.store.note(payment, standing).await?);
        }
        Verdict::Open | Verdict::UnderWay | Verdict::NotFound | Verdict::Unanswered => {
            return Ok(app.store.note(payment, standing).await?);
        }
    };
    let (status, code) = (ending.status, ending.error_code);
    if app.store.end(payment, ending, standing, app.now()).await? {
        tracing::info!(payment = ?payment.id, ?status, code, "payment ended");
    }
    Ok(())
}

/// Whether the start is over and brought no link. While it is still under way
/// the link may come any moment.
fn has_no_link(app: &App, payment: &Payment) -> bool {
    let over = match payment.start {
        Start::Answered => false,
        Start::Lost => true,
        Start::UnderWay => app.now().duration_since(payment.created_at) > app.start_patience(),
    };
    over && payment.redirect_url.is_none()
}

async fn record_paid(app: &App, payment: &Payment, standing: Standing) -> Result<()> {
    match app.store.pay(payment, standing, app.now()).await? {
        None => {}
        Some(Paid { twice: true, .. }) => {
            tracing::error!(payment = ?payment.id, checkout = ?payment.checkout,
                "a second payment of the same order is paid: give one back");
        }
        Some(Paid {
            before: Status::Pending,
            ..
        }) => {
            tracing::info!(payment = ?payment.id, "payment paid");
        }
        Some(Paid { before, .. }) => {
            tracing::error!(payment = ?payment.id, ?before, "paid after it was given up");
        }
    }
    Ok(())
}

/// PayWall masks; should it ever not, the number goes no further. Eight digits of
/// BIN and four at the end are the most that a mask leaves.
fn is_masked(number: &str) -> bool {
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    number.len() <= 32 && digits <= 12 && digits < number.len()
}

/// Gives a payment up whose time is over: PayWall holds it to be open, or does not know it.
pub(crate) async fn expire(app: &App, payment: &Payment, watch_for: SignedDuration) -> Result<()> {
    let ending = Ending {
        status: Status::Failed,
        error_code: "expired",
        error_message: None,
        next_check_at: Some(app.in_time(watch_for)),
    };
    if app
        .store
        .end(payment, ending, Standing::default(), app.now())
        .await?
    {
        tracing::warn!(payment = ?payment.id, "payment given up: its time is over");
    }
    Ok(())
}
