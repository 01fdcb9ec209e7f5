//! The ways to pay, each behind one trait, so that orders, payments, returns and
//! the reconciler name no provider. To add one: its file here, one line in
//! [`ALL`], and its settings.
//!
//! A provider turns our words into its contract's and back. It never writes a
//! payment's status: [`settle`](crate::settle) alone says `paid`.

mod apm;
mod aspay;
mod by_card;
mod card;
mod card_refunds;
mod hepsipay;
mod offers;
mod plans;
mod registry;
mod saved_card;
mod terminal;
mod words;

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use axum::Router;
use kasa_checkout::wire::merchant::{Instrument, Method, Payer};

pub(crate) use offers::offers;
pub(crate) use registry::{Asked, Parts, Providers, SetUpError};
pub(crate) use words::{
    Begun, Confirmed, Money, Pace, Payable, RefundAnswer, Start, Told, Unavailable, Verdict,
};

use crate::app::App;
use crate::ids::PaymentId;
use crate::problem::Result;
use crate::store::{Ledger, Order, OrderDraft, Payment, Refund};

/// Every provider that this server knows, in the order in which their methods
/// are shown. Each answers `None` where its settings are absent.
const ALL: &[registry::SetUp] = &[
    saved_card::set_up,
    card::set_up,
    apm::set_up,
    hepsipay::set_up,
    aspay::set_up,
    terminal::set_up,
];

/// Routes that a provider needs. Their handlers get the provider itself by
/// `Extension`, see [`card`].
#[derive(Default)]
pub(crate) struct Routes {
    /// Below `/v1/checkouts`, open to the shop's pages; begin with `/{checkout}`.
    pub(crate) browser: Router<Arc<App>>,
    /// Below `/`: returns and callbacks.
    pub(crate) server: Router<Arc<App>>,
}

/// One method of paying. Calls are bounded by the provider's own time-outs.
#[async_trait]
pub(crate) trait Provider: Send + Sync {
    /// `type` of the [`Method`] that it offers.
    fn method(&self) -> &'static str;

    /// Whose it is, as the shop's back end sees it: `paywall`.
    fn provider(&self) -> &'static str;

    /// What this order may be paid with. Asked once, when the order is created;
    /// an error, as an answer that takes too long, offers nothing.
    async fn offers(&self, draft: &OrderDraft) -> std::result::Result<Vec<Method>, Unavailable>;

    /// Whether the request fits what was offered: `method_not_offered` or
    /// `invalid_request`. That the order offers the method at all is known by now.
    fn check(&self, order: &Order, instrument: &Instrument) -> Result<()>;

    /// What the provider knows a payment by: unique, and stored before the
    /// provider is told. Our id, unless a provider wants another shape, or is
    /// started anew under another one.
    fn reference(&self, payment: &PaymentId, restarts: u32) -> String {
        match restarts {
            0 => payment.as_str().to_owned(),
            restarts => format!("{}-{}", payment.as_str(), restarts + 1),
        }
    }

    /// Whether somebody far away could try out cards by it: its payments are
    /// counted by customer and address.
    fn tries_out_cards(&self) -> bool {
        true
    }

    /// Starts the stored payment at the provider, under `payment.reference`.
    async fn start(&self, payable: Payable<'_>, instrument: &Instrument) -> Start;

    /// How the payment stands, by `payment.reference`. Also of ended payments.
    async fn ask(&self, payment: &Payment) -> Told;

    /// Whether the provider can be told to end a payment. If not, a shopper's
    /// cancel is granted only where [`ask`](Self::ask) says [`Verdict::Open`] with `unbegun`.
    fn closes(&self) -> bool {
        false
    }

    /// Asks the provider to end the payment, where it can be told to. Whether it
    /// worked is for the next question to say.
    async fn close(&self, payment: &Payment) {
        let _ = payment;
    }

    /// Hands a one-time code on. Counted before; called only while `payment.next` awaits one.
    async fn confirm(&self, payment: &Payment, code: &str) -> Confirmed {
        let _ = (payment, code);
        Confirmed::NotAwaited
    }

    /// Whether `payer` tells again what a step's `resend_fields` ask for: `invalid_request`.
    fn check_payer(&self, asked: &[String], payer: &Payer) -> Result<()> {
        let _ = (asked, payer);
        Ok(())
    }

    /// Starts the payment anew under its new `reference`, so that another code
    /// is sent. Called only when the stored step's `resend_at` has come, and the
    /// provider says that nothing was charged under the earlier reference.
    /// `payer`: what that step's `resend_fields` asked for, already checked.
    async fn resend(&self, payable: Payable<'_>, payer: &Payer) -> Start {
        let _ = (payable, payer);
        Start::Lost
    }

    /// Gives money of a paid payment back; called at most once a refund, whose
    /// `id` may serve as the provider's key for it. `ledger`: what the payment's
    /// refunds add up to, this one among the pending.
    async fn refund(&self, payment: &Payment, refund: &Refund, ledger: Ledger) -> RefundAnswer {
        let _ = (payment, refund, ledger);
        RefundAnswer::Unsupported
    }

    /// How a refund stands whose answer was lost or only accepted it. Where a
    /// provider cannot tell, it stays pending.
    async fn ask_refund(&self, payment: &Payment, refund: &Refund, ledger: Ledger) -> RefundAnswer {
        let _ = (payment, refund, ledger);
        RefundAnswer::Lost
    }

    /// How soon and how often an open payment is asked about.
    fn pace(&self, payment: &Payment) -> Pace {
        let _ = payment;
        Pace::UNHURRIED
    }

    /// What else is due here, apart from payments and refunds. Called once a round.
    async fn chores(&self, app: &App) -> Result<()> {
        let _ = app;
        Ok(())
    }

    fn routes(self: Arc<Self>) -> Routes {
        Routes::default()
    }
}

impl fmt::Debug for dyn Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}", self.method(), self.provider())
    }
}
