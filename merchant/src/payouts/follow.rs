//! From a stored payout to its end: creates it at Corefy, lets the money go, asks
//! how it stands, and records what Corefy says.
//!
//! Money moves only after a second call, which names the invoice that the first
//! one made. So nothing is lost with an answer: a payout is created at most once,
//! and told to go only while Corefy says that it waits for that.

use std::sync::Arc;

use jiff::SignedDuration;

use super::PayoutRequest;
use crate::app::App;
use crate::corefy::types::{Customer, NewPayout};
use crate::corefy::{self, Callback, Corefy, Error, InvoiceId, Refusal};
use crate::metrics::Attention;
use crate::problem::Result;
use crate::store::{Payout, PayoutStatus, PayoutTold};

/// Orders to let the money go; after so many a person must look, for the account
/// may ask for a moderator.
const MOST_STARTS: u32 = 3;

/// Questions at one time.
const AT_ONCE: u32 = 8;

/// Payouts of the shop's account at Corefy.
pub(crate) struct Payouts {
    corefy: Arc<Corefy>,
    callback_url: String,
}

impl Payouts {
    pub(crate) fn new(corefy: Arc<Corefy>, callback_url: String) -> Self {
        Payouts {
            corefy,
            callback_url,
        }
    }

    /// Creates the stored payout at Corefy and lets it go.
    pub(super) async fn start(
        &self,
        app: &App,
        payout: Payout,
        request: &PayoutRequest,
    ) -> Result<Payout> {
        let new = NewPayout {
            reference_id: &payout.provider_reference,
            amount: payout.amount,
            customer: Customer {
                reference_id: request
                    .customer_reference
                    .as_deref()
                    .unwrap_or(&request.reference),
                individual_tax_id: Some(&request.identity_number),
                phone: request.phone.as_deref(),
                ..Customer::default()
            },
            iban: &request.iban,
            beneficiary: &request.beneficiary,
            callback_url: Some(&self.callback_url),
        };
        match self.corefy.create_payout(&new).await {
            Ok(invoice) => self.learn(app, payout, invoice).await,
            Err(Error::Refused(refusal)) if !refusal.may_be_a_duplicate() => {
                self.refused(app, payout, &refusal).await
            }
            Err(Error::Refused(_) | Error::Lost(_)) => self.follow(app, payout).await,
        }
    }

    async fn refused(&self, app: &App, payout: Payout, refusal: &Refusal) -> Result<Payout> {
        tracing::info!(payout = ?payout.id, %refusal, "payout refused");
        let code = match refusal.status {
            // Keys and addresses.
            401 | 403 | 404 => "provider_unavailable",
            _ => "payout_refused",
        };
        self.end(app, payout, code).await
    }

    /// Asks Corefy, and does what is then to be done.
    pub(crate) async fn follow(&self, app: &App, payout: Payout) -> Result<Payout> {
        match self.ask(&payout).await {
            Ok(Some(invoice)) => self.learn(app, payout, invoice).await,
            // Should it still be made, nobody will let it go.
            Ok(None) if payout.provider_id.is_none() && over(app, payout.created_at) => {
                self.end(app, payout, "provider_unavailable").await
            }
            Ok(None) => {
                tracing::warn!(payout = ?payout.id, "Corefy knows no such payout");
                Ok(payout)
            }
            Err(error) => {
                tracing::warn!(payout = ?payout.id, %error, "payout not told");
                Ok(payout)
            }
        }
    }

    async fn ask(&self, payout: &Payout) -> std::result::Result<Option<corefy::Payout>, Error> {
        let reference = &payout.provider_reference;
        match payout.provider_id.as_deref().and_then(InvoiceId::new) {
            Some(id) => self.corefy.payout(&id, reference).await,
            None => self.corefy.find_payout(reference).await,
        }
    }

    /// Records what `invoice` says, and lets the money go where it waits for that.
    async fn learn(&self, app: &App, payout: Payout, invoice: corefy::Payout) -> Result<Payout> {
        if !self.is_ours(&payout, &invoice) {
            app.metrics.attention(Attention::PayoutDiffers);
            tracing::error!(payout = ?payout.id, "the payout's amount, currency or mode at Corefy differ from ours");
            return Ok(payout);
        }
        let waits = invoice.status == corefy::PayoutStatus::Created;
        let payout = record(app, payout, &invoice).await?;
        if !(waits && self.may_start(app, &payout).await?) {
            return Ok(payout);
        }
        if let Err(error) = self.corefy.process_payout(&invoice.id).await {
            tracing::warn!(payout = ?payout.id, %error, "payout not let go");
        }
        match self.corefy.payout(&invoice.id, &invoice.reference_id).await {
            Ok(Some(invoice)) if self.is_ours(&payout, &invoice) => {
                record(app, payout, &invoice).await
            }
            // The reconciler asks again.
            _ => Ok(payout),
        }
    }

    /// Counts one more order to let the money go, if one may be given.
    async fn may_start(&self, app: &App, payout: &Payout) -> Result<bool> {
        let under_way = payout.started_at.is_some_and(|started| !over(app, started));
        if payout.status != PayoutStatus::Pending || under_way {
            return Ok(false);
        }
        if payout.starts >= MOST_STARTS {
            app.metrics.attention(Attention::PayoutStuck);
            tracing::error!(payout = ?payout.id, "a payout does not start: a person must look");
            return Ok(false);
        }
        Ok(app.store.count_payout_start(payout, app.now()).await?)
    }

    fn is_ours(&self, payout: &Payout, invoice: &corefy::Payout) -> bool {
        let same_id = payout.provider_id.as_deref();
        invoice.amount == Some(payout.amount)
            && invoice.currency.as_ref() == Some(&payout.currency)
            && invoice.reference_id == payout.provider_reference
            && invoice.test_mode == Some(self.corefy.test_mode())
            && same_id.is_none_or(|id| id == invoice.id.as_str())
    }

    async fn end(&self, app: &App, payout: Payout, code: &'static str) -> Result<Payout> {
        let told = PayoutTold {
            status: PayoutStatus::Failed,
            error_code: Some(code),
            provider_id: None,
            provider_status: None,
        };
        write(app, payout, told).await
    }

    /// The payout that a callback is about, asked about anew.
    pub(crate) async fn called_about(&self, app: &App, callback: &Callback) -> Result<()> {
        let payout = app.store.payout_known_as(&callback.reference_id).await?;
        match payout {
            Some(payout) => self.follow(app, payout).await.map(drop),
            None => {
                tracing::info!("callback about a payout that is not ours");
                Ok(())
            }
        }
    }

    /// Asks once about every payout that is due.
    pub(crate) async fn pass(&self, app: &App) -> Result<()> {
        loop {
            let due = app
                .store
                .claim_payouts(app.now(), AT_ONCE, back_off)
                .await?;
            if due.is_empty() {
                return Ok(());
            }
            let asked = due.into_iter().map(|payout| self.follow(app, payout));
            for followed in futures_util::future::join_all(asked).await {
                if let Err(error) = followed {
                    tracing::error!(%error, "following a payout failed");
                }
            }
        }
    }
}

async fn record(app: &App, payout: Payout, invoice: &corefy::Payout) -> Result<Payout> {
    use corefy::PayoutStatus as Said;
    let (status, error_code) = match invoice.status {
        Said::Paid => (PayoutStatus::Paid, None),
        Said::Failed => (PayoutStatus::Failed, Some("declined")),
        Said::Canceled => (PayoutStatus::Canceled, Some("canceled")),
        Said::PartlyPaid => {
            app.metrics.attention(Attention::PayoutInParts);
            tracing::error!(payout = ?payout.id, "a part of a payout is paid: a person must look");
            (payout.status, None)
        }
        // What was paid may be on its way back; until it is, it stays paid.
        Said::Created | Said::UnderWay => (payout.status, None),
    };
    let told = PayoutTold {
        status,
        error_code,
        provider_id: Some(invoice.id.as_str().to_owned()),
        provider_status: Some(invoice.word.clone()),
    };
    write(app, payout, told).await
}

async fn write(app: &App, payout: Payout, told: PayoutTold) -> Result<Payout> {
    let (status, code) = (told.status, told.error_code);
    if app.store.payout_told(&payout, told, app.now()).await? {
        app.metrics.payout(status);
        match payout.status {
            PayoutStatus::Pending => {
                tracing::info!(payout = ?payout.id, ?status, code, "payout ended");
            }
            before => {
                app.metrics.attention(Attention::PayoutChanged);
                tracing::error!(payout = ?payout.id, ?before, ?status, "a payout ended otherwise than was thought");
            }
        }
    }
    Ok(app.store.payout(&payout.id).await?.unwrap_or(payout))
}

/// Whether a call that began then has come to its end.
fn over(app: &App, began: jiff::Timestamp) -> bool {
    app.now().duration_since(began) > app.start_patience()
}

/// Ten seconds, twenty, … up to an hour: transfers take their time.
fn back_off(checks: u32) -> SignedDuration {
    (SignedDuration::from_secs(10) * 2_i32.pow(checks.min(9))).min(SignedDuration::from_hours(1))
}
