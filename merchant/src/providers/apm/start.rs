//! The three ways to start an alternative method at PayWall (paywall.md §3.2,
//! §3.3, §3.4, §3.6), and the step that each gives the shopper.

use jiff::SignedDuration;
use kasa_checkout::wire::merchant::{Next, Otp, Payer, Qr, Redirect, RedirectMethod};

use super::{Apm, State, payer};
use crate::otp::MOST_RESTARTS;
use crate::paywall::amount::Currency;
use crate::paywall::apm::{
    CurrentPayer, Pay, PayById, Payer as Sent, QrGenerate, Sale, Transaction,
};
use crate::paywall::types::Product;
use crate::paywall::{self, StartRefusal};
use crate::providers::{Begun, Payable, Start};
use crate::settings::ApmStart;

/// PayWall has no call to send a code again (§3.5): each time it is a new start,
/// and a new text message. So not at once.
const RESEND_AFTER: SignedDuration = SignedDuration::from_secs(30);

impl Apm {
    /// By a code, or at once: which it is, PayWall says in its answer.
    pub(super) async fn pay(
        &self,
        payable: Payable<'_>,
        state: State,
        payer: &Payer,
        way: ApmStart,
    ) -> Start {
        let phone = phone(payable, payer);
        let who = who(payable, payer, &phone);
        let sent = match way {
            ApmStart::Pay => Sent::Current(who),
            ApmStart::RequestOtp => Sent::Old(who.into()),
        };
        let Some(sale) = sale(payable, sent) else {
            return refused("provider_error");
        };
        let body = Pay {
            apm_key: None,
            apm_connection_id: state.connection,
            sale,
            provider: None,
        };
        let started = match self.paywall.apm_pay(&body).await {
            Ok(started) => started,
            Err(error) => return unstarted(error),
        };
        let seconds = started.code_seconds();
        let fields = state.fields.clone();
        let begun = begun(state, &started.transaction, None);
        if started.pending_otp_confirm {
            Start::Pending(Begun {
                next: Some(self.code(payable.payment.restarts, fields, seconds)),
                ..begun
            })
        } else {
            Start::Settle(begun)
        }
    }

    /// On the provider's page.
    pub(super) async fn redirect(
        &self,
        payable: Payable<'_>,
        state: State,
        connection: i64,
        payer: &Payer,
    ) -> Start {
        let phone = phone(payable, payer);
        let back_url = self.back_url(payable);
        let Some(sale) = sale(payable, Sent::Current(who(payable, payer, &phone))) else {
            return refused("provider_error");
        };
        let body = PayById {
            apm_id: connection,
            merchant_success_back_url: &back_url,
            merchant_fail_back_url: &back_url,
            sale,
        };
        match self.paywall.apm_redirect(&body).await {
            Ok(started) => {
                let next = Next::Redirect(Redirect {
                    url: started.redirect_url,
                    method: RedirectMethod::Get,
                    fields: Default::default(),
                });
                Start::Pending(begun(state, &started.transaction, Some(next)))
            }
            Err(error) => unstarted(error),
        }
    }

    /// By a picture for the provider's app.
    pub(super) async fn picture(
        &self,
        payable: Payable<'_>,
        state: State,
        connection: i64,
        payer: &Payer,
    ) -> Start {
        let phone = phone(payable, payer);
        let back_url = self.back_url(payable);
        let Some(sale) = sale(payable, Sent::Current(who(payable, payer, &phone))) else {
            return refused("provider_error");
        };
        let body = QrGenerate {
            apm_connection_id: connection,
            merchant_success_back_url: &back_url,
            merchant_fail_back_url: &back_url,
            sale,
        };
        match self.paywall.apm_picture(&body).await {
            Ok(started) => {
                let image = started.qr_detail.content;
                let next = Next::Qr(Qr { image });
                Start::Pending(begun(state, &started.transaction, Some(next)))
            }
            Err(error) => unstarted(error),
        }
    }

    /// A code was sent. `fields`: what the payer has to tell again for another one.
    pub(super) fn code(&self, restarts: u32, fields: Vec<String>, seconds: Option<u32>) -> Next {
        let now = self.clock.now();
        let resends = restarts < MOST_RESTARTS;
        let resend_at = now.checked_add(RESEND_AFTER).ok().filter(|_| resends);
        let expires_at = seconds.and_then(|seconds| {
            now.checked_add(SignedDuration::from_secs(seconds.into()))
                .ok()
        });
        Next::Otp(Box::new(Otp {
            expires_at: expires_at.map(|time| time.to_string()),
            resend_at: resend_at.map(|time| time.to_string()),
            resend_fields: if resends { fields } else { Vec::new() },
            ..Otp::default()
        }))
    }

    fn back_url(&self, payable: Payable<'_>) -> String {
        let payment = payable.payment.id.as_str();
        format!("{}/return/apm/{payment}", self.public_url)
    }
}

pub(super) fn refused(code: &'static str) -> Start {
    Start::Refused {
        code,
        message: None,
    }
}

fn unstarted(error: paywall::Error) -> Start {
    let paywall::Error::Refused(refusal) = error else {
        return Start::Lost;
    };
    match refusal.of_apm_start() {
        StartRefusal::Failed(code) => {
            tracing::info!(code, %refusal, "APM start refused");
            Start::Refused {
                code,
                message: refusal.message,
            }
        }
        StartRefusal::Ask => Start::Lost,
    }
}

fn begun(state: State, transaction: &Transaction, next: Option<Next>) -> Begun {
    Begun {
        next,
        state: state.with(&transaction.unique_code),
        provider_id: transaction.apm_transaction_id.map(|id| id.to_string()),
    }
}

/// The payer's own number before the one that the order has.
fn phone(payable: Payable<'_>, payer: &Payer) -> String {
    let typed = payer.phone.as_deref().and_then(payer::mobile);
    typed
        .or_else(|| payer::mobile(&payable.order.customer.phone))
        .unwrap_or_else(|| payable.order.customer.phone.clone())
}

fn who<'a>(payable: Payable<'a>, payer: &'a Payer, phone: &'a str) -> CurrentPayer<'a> {
    let customer = &payable.order.customer;
    CurrentPayer {
        fullname: &customer.full_name,
        card_number: payer.card_number.as_deref().unwrap_or_default(),
        phone,
        email: &customer.email,
        user_identity: customer.identity_number.as_deref().unwrap_or_default(),
        consumer_identity: payable.order.customer_id.as_deref().unwrap_or_default(),
    }
}

fn sale<'a>(payable: Payable<'a>, payer: Sent<'a>) -> Option<Sale<'a>> {
    let Payable { order, payment, .. } = payable;
    let currency = Currency::of(&payment.currency)?;
    let product = |product: &'a crate::store::Product| Product {
        product_id: &product.id,
        product_name: &product.name,
        product_category: &product.category,
        product_description: &product.description,
        product_amount: currency.decimal(product.amount),
    };
    Some(Sale {
        currency_id: currency.id,
        merchant_unique_code: &payment.reference,
        amount: currency.decimal(payment.amount),
        description: &order.description,
        payer,
        products: order.products.iter().map(product).collect(),
    })
}
