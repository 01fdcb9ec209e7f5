//! Wallets, meal cards and the like through PayWall (paywall.md §3). Which call
//! starts one is by its kind: a one-time code, the provider's page, a picture, or
//! nothing further.
//!
//! A meal card's number is card data: it passes through here in one call and is
//! neither stored nor logged. To send another code, the browser tells it again.

mod notices;
mod payer;
mod refunds;
mod standing;
mod start;

use std::sync::Arc;

use async_trait::async_trait;
use kasa_checkout::wire::merchant::{ApmKind, ApmOffer, Instrument, Method, Next, OtpFault, Payer};
use serde::{Deserialize, Serialize};

use super::{
    Confirmed, Pace, Parts, Payable, Provider, RefundAnswer, Routes, SetUpError, Start, Told,
    Unavailable, Verdict,
};
use crate::clock::Clock;
use crate::paywall::amount::Currency;
use crate::paywall::apm::{ConfirmRefusal, Features};
use crate::paywall::{self, PayWall};
use crate::problem::{Error, Result};
use crate::secret::Secret;
use crate::settings::ApmStart;
use crate::store::{Ledger, Order, OrderDraft, Payment, Refund};

pub(super) struct Apm {
    paywall: Arc<PayWall>,
    clock: Clock,
    start: ApmStart,
    /// Of APM returns and callbacks; without one, they carry no proof.
    hash_key: Option<Secret>,
    public_url: String,
}

/// What is kept of a payment between its start and its end.
#[derive(Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct State {
    connection: Option<i64>,
    /// Names of the fields that the payer was asked for.
    fields: Vec<String>,
    /// PayWall's code: confirmations and refunds go by it.
    unique_code: Option<String>,
}

impl State {
    fn of(payment: &Payment) -> State {
        let stored = payment.state.clone().unwrap_or_default();
        serde_json::from_value(stored).unwrap_or_default()
    }

    fn with(self, unique_code: &str) -> Option<serde_json::Value> {
        serde_json::to_value(State {
            unique_code: Some(unique_code.to_owned()),
            ..self
        })
        .ok()
    }
}

pub(super) fn set_up(
    parts: &Parts<'_>,
) -> std::result::Result<Option<Arc<dyn Provider>>, SetUpError> {
    let (Some(settings), Some(paywall)) = (&parts.settings.paywall, &parts.paywall) else {
        return Ok(None);
    };
    if !settings.apm {
        return Ok(None);
    }
    Ok(Some(Arc::new(Apm {
        paywall: Arc::clone(paywall),
        clock: parts.clock.clone(),
        start: settings.apm_start,
        hash_key: settings.hash_key_apm.clone(),
        public_url: parts.settings.public_url.clone(),
    })))
}

#[async_trait]
impl Provider for Apm {
    fn method(&self) -> &'static str {
        Method::APM
    }

    fn provider(&self) -> &'static str {
        "paywall"
    }

    /// One for each way to pay with each connection.
    async fn offers(&self, draft: &OrderDraft) -> std::result::Result<Vec<Method>, Unavailable> {
        let Some(currency) = Currency::of(&draft.currency) else {
            return Ok(Vec::new());
        };
        let connections = self.paywall.apm_list(currency.id).await?;
        let offers = connections.into_iter().flat_map(|connection| {
            let fields = payer::fields(&connection.provider_key, &draft.customer);
            kinds(connection.features).map(move |kind| {
                Method::Apm(ApmOffer {
                    connection: connection.connection_id.to_string(),
                    kind,
                    name: connection.name().to_owned(),
                    category: connection.category_name.clone(),
                    fields: fields.clone(),
                })
            })
        });
        Ok(offers.collect())
    }

    fn check(&self, order: &Order, instrument: &Instrument) -> Result<()> {
        let (offer, payer) = chosen(order, instrument).ok_or(Error::MethodNotOffered)?;
        payer::check(&offer.fields, payer)
    }

    async fn start(&self, payable: Payable<'_>, instrument: &Instrument) -> Start {
        let Some((offer, payer)) = chosen(payable.order, instrument) else {
            return start::refused("provider_error");
        };
        let Ok(connection) = offer.connection.parse() else {
            return start::refused("provider_error");
        };
        let state = State {
            connection: Some(connection),
            fields: offer.fields.clone(),
            unique_code: None,
        };
        match offer.kind {
            ApmKind::Otp => self.pay(payable, state, payer, self.start).await,
            ApmKind::Direct => self.pay(payable, state, payer, ApmStart::Pay).await,
            ApmKind::Redirect => self.redirect(payable, state, connection, payer).await,
            ApmKind::Qr => self.picture(payable, state, connection, payer).await,
        }
    }

    async fn ask(&self, payment: &Payment) -> Told {
        match self.paywall.apm_query(&payment.reference).await {
            Ok(Some(standing)) => self.told(payment, &standing),
            Ok(None) => Told::bare(Verdict::NotFound),
            Err(error) => {
                tracing::warn!(payment = ?payment.id, %error, "query unanswered");
                Told::bare(Verdict::Unanswered)
            }
        }
    }

    /// There is no such call (§3.6).
    fn closes(&self) -> bool {
        false
    }

    async fn close(&self, _: &Payment) {}

    async fn confirm(&self, payment: &Payment, code: &str) -> Confirmed {
        let Some(unique_code) = State::of(payment).unique_code else {
            return Confirmed::NotAwaited;
        };
        match self.paywall.apm_confirm(&unique_code, code).await {
            Ok(_) => Confirmed::Taken,
            Err(paywall::Error::Refused(refusal)) => match refusal.of_confirm() {
                ConfirmRefusal::WrongCode => Confirmed::Wrong(OtpFault::Wrong),
                ConfirmRefusal::Closed => self.refused(payment, OtpFault::Expired).await,
                ConfirmRefusal::Refused => self.refused(payment, OtpFault::Wrong).await,
                ConfirmRefusal::Ask => Confirmed::Lost,
            },
            Err(paywall::Error::Lost(_)) => Confirmed::Lost,
        }
    }

    fn check_payer(&self, asked: &[String], payer: &Payer) -> Result<()> {
        payer::check(asked, payer)
    }

    async fn resend(&self, payable: Payable<'_>, payer: &Payer) -> Start {
        let state = State::of(payable.payment);
        self.pay(payable, state, payer, self.start).await
    }

    async fn refund(&self, payment: &Payment, refund: &Refund, ledger: Ledger) -> RefundAnswer {
        refunds::refund(&self.paywall, payment, refund, ledger).await
    }

    async fn ask_refund(&self, payment: &Payment, refund: &Refund, ledger: Ledger) -> RefundAnswer {
        refunds::ask(&self.paywall, payment, refund, ledger).await
    }

    /// A picture is paid on another device.
    fn pace(&self, payment: &Payment) -> Pace {
        match payment.next {
            Some(Next::Qr(_)) => Pace::WATCHED,
            _ => Pace::UNHURRIED,
        }
    }

    fn routes(self: Arc<Self>) -> Routes {
        notices::routes(self)
    }
}

impl Apm {
    /// A code was refused: at fault if PayWall says that nothing was paid.
    async fn refused(&self, payment: &Payment, fault: OtpFault) -> Confirmed {
        match self.ask(payment).await.verdict {
            Verdict::Open { .. } => Confirmed::Wrong(fault),
            Verdict::Paid(_) | Verdict::Declined { .. } => Confirmed::Taken,
            _ => Confirmed::Lost,
        }
    }
}

fn kinds(features: Features) -> impl Iterator<Item = ApmKind> {
    [
        (features.otp_based, ApmKind::Otp),
        (features.checkout_based, ApmKind::Redirect),
        (features.qr_based, ApmKind::Qr),
        (features.direct_pay_based, ApmKind::Direct),
    ]
    .into_iter()
    .filter_map(|(there, kind)| there.then_some(kind))
}

/// What the order offers of what the request asks for, and the payer.
fn chosen<'a>(order: &'a Order, instrument: &'a Instrument) -> Option<(&'a ApmOffer, &'a Payer)> {
    let Instrument::Apm {
        connection,
        kind,
        payer,
    } = instrument
    else {
        return None;
    };
    let mut offers = order.methods.iter().filter_map(|method| match method {
        Method::Apm(offer) => Some(offer),
        _ => None,
    });
    let offer = offers.find(|offer| offer.connection == *connection && offer.kind == *kind)?;
    Some((offer, payer))
}
