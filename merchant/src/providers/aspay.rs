//! Aspay's hosted page through Corefy (corefy.md §3 to §9): an invoice under our
//! reference, paid on the page, told by invoice query. Returns and callbacks say
//! no more than whom to ask about.

use std::sync::Arc;

use async_trait::async_trait;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::{get, post};
use kasa_checkout::core::identity::is_tckn;
use kasa_checkout::wire::merchant::{
    Instrument, Method, Next, Payer, Redirect, RedirectMethod, payer_field,
};

use super::{
    Begun, Money, Parts, Payable, Provider, Routes, SetUpError, Start, Told, Unavailable, Verdict,
};
use crate::app::App;
use crate::corefy::types::{CURRENCY, Customer, NewPayment};
use crate::corefy::{
    self, Callback, Corefy, Error, Hop, InvoiceId, PaymentStatus, Refusal, Subject,
};
use crate::extract::RawBody;
use crate::ids::PaymentId;
use crate::metrics::{Attention, Metrics};
use crate::payouts::{self, Payouts};
use crate::problem::{self, Result};
use crate::returns::{self, PaymentText};
use crate::store::{self, Facts, Order, OrderDraft, Payment};

struct Aspay {
    corefy: Arc<Corefy>,
    payouts: Arc<Payouts>,
    callback_url: String,
    public_url: String,
    metrics: Metrics,
}

pub(super) fn set_up(
    parts: &Parts<'_>,
) -> std::result::Result<Option<Arc<dyn Provider>>, SetUpError> {
    let Some(settings) = &parts.settings.corefy else {
        return Ok(None);
    };
    let corefy = Arc::new(Corefy::new(settings, parts.terms.clone())?);
    let public_url = parts.settings.public_url.clone();
    let callback_url = format!("{public_url}/callback/corefy");
    Ok(Some(Arc::new(Aspay {
        payouts: Arc::new(Payouts::new(Arc::clone(&corefy), callback_url.clone())),
        corefy,
        callback_url,
        public_url,
        metrics: parts.metrics.clone(),
    })))
}

#[async_trait]
impl Provider for Aspay {
    fn method(&self) -> &'static str {
        Method::ASPAY
    }

    fn provider(&self) -> &'static str {
        "corefy"
    }

    async fn offers(&self, draft: &OrderDraft) -> std::result::Result<Vec<Method>, Unavailable> {
        let taken = draft.currency == CURRENCY;
        let asked = match tckn_of(&draft.customer) {
            Some(_) => vec![],
            None => vec![payer_field::IDENTITY_NUMBER.to_owned()],
        };
        let offer = taken.then_some(Method::Aspay { fields: asked });
        Ok(offer.into_iter().collect())
    }

    fn check(&self, order: &Order, instrument: &Instrument) -> Result<()> {
        let Instrument::Aspay { payer } = instrument else {
            return Err(problem::Error::unfit("method: aspay"));
        };
        match tckn(&order.customer, payer) {
            Some(_) => Ok(()),
            None => Err(problem::Error::unfit(
                "payer.identityNumber: missing or does not fit",
            )),
        }
    }

    /// Corefy advises a UUID.
    fn reference(&self, payment: &PaymentId, _: u32) -> String {
        payment.guid()
    }

    async fn start(&self, payable: Payable<'_>, instrument: &Instrument) -> Start {
        let Payable { order, payment, .. } = payable;
        let payer = instrument.clone().into_payer();
        let new = NewPayment {
            reference_id: &payment.reference,
            amount: payment.amount,
            description: Some(&order.description),
            customer: customer(order, &payer),
            return_url: Some(&format!(
                "{}/return/aspay/{}",
                self.public_url,
                payment.id.as_str()
            )),
            callback_url: Some(&self.callback_url),
        };
        match self.corefy.create_payment(&new).await {
            // Without a way to the page it will be asked about, like one that was lost.
            Ok(invoice) => match self.next(payment, &invoice) {
                Some(next) => Start::Pending(Begun {
                    next: Some(next),
                    state: None,
                    provider_id: Some(invoice.id.as_str().to_owned()),
                }),
                None => Start::Lost,
            },
            Err(Error::Refused(refusal)) => refused(payment, &refusal),
            Err(Error::Lost(_)) => Start::Lost,
        }
    }

    async fn ask(&self, payment: &Payment) -> Told {
        let reference = &payment.reference;
        let answer = match payment.provider_id.as_deref().and_then(InvoiceId::new) {
            Some(id) => self.corefy.payment(&id, reference).await,
            None => self.corefy.find_payment(reference).await,
        };
        match answer {
            Ok(Some(invoice)) => self.told(payment, &invoice),
            Ok(None) => Told::bare(Verdict::NotFound),
            Err(error) => {
                tracing::warn!(payment = ?payment.id, %error, "invoice not told");
                Told::bare(Verdict::Unanswered)
            }
        }
    }

    async fn chores(&self, app: &App) -> Result<()> {
        self.payouts.pass(app).await
    }

    fn routes(self: Arc<Self>) -> Routes {
        let payouts = payouts::routes(Arc::clone(&self.payouts));
        Routes {
            server: payouts
                .route("/return/aspay/{payment}", get(come_back))
                .route("/callback/corefy", post(callback))
                .layer(Extension(self)),
            ..Routes::default()
        }
    }
}

impl Aspay {
    fn told(&self, payment: &Payment, invoice: &corefy::Payment) -> Told {
        let verdict = self.judge(payment, invoice);
        let waits = matches!(verdict, Verdict::Open { .. } | Verdict::UnderWay);
        Told {
            facts: Facts {
                // The start may have been lost, and with it the way to the page.
                next: waits.then(|| self.next(payment, invoice)).flatten(),
                provider_id: Some(invoice.id.as_str().to_owned()),
                provider_status: Some(invoice.word.clone()),
                ..Facts::default()
            },
            verdict,
            message: None,
        }
    }

    fn judge(&self, payment: &Payment, invoice: &corefy::Payment) -> Verdict {
        match invoice.status {
            PaymentStatus::Created => Verdict::Open { unbegun: true },
            PaymentStatus::UnderWay => Verdict::UnderWay,
            PaymentStatus::Paid => Verdict::Paid(self.money(invoice)),
            // What came in is not what was asked for, however much it was.
            PaymentStatus::PartlyPaid => Verdict::Paid(Money {
                amount: None,
                ..self.money(invoice)
            }),
            PaymentStatus::Failed => Verdict::Declined { code: "declined" },
            PaymentStatus::Expired => Verdict::Declined { code: "expired" },
            PaymentStatus::Terminated => Verdict::Canceled,
            PaymentStatus::GivenBack => {
                self.metrics.attention(Attention::GivenBackElsewhere);
                tracing::error!(payment = ?payment.id, "paid at Corefy, and given back there: a person must look");
                Verdict::UnderWay
            }
        }
    }

    /// Test money is not ours where live money is expected, nor the other way round.
    fn money(&self, invoice: &corefy::Payment) -> Money {
        let expected = invoice.test_mode == Some(self.corefy.test_mode());
        Money {
            amount: invoice.amount,
            currency: invoice.currency.clone(),
            reference: expected.then(|| invoice.reference_id.clone()),
        }
    }

    /// The way to the page, unless it asks for other money than this payment does.
    fn next(&self, payment: &Payment, invoice: &corefy::Payment) -> Option<Next> {
        if !self.money(invoice).is_of(payment) {
            self.metrics.attention(Attention::InvoiceDiffers);
            tracing::error!(payment = ?payment.id, "the invoice's amount, currency or mode differ from ours");
            return None;
        }
        let redirect = match self.corefy.hop(invoice)? {
            Hop::Get(url) => Redirect {
                url,
                method: RedirectMethod::Get,
                fields: Default::default(),
            },
            Hop::Post { url, fields } => Redirect {
                url,
                method: RedirectMethod::Post,
                fields,
            },
        };
        Some(Next::Redirect(redirect))
    }
}

fn refused(payment: &Payment, refusal: &Refusal) -> Start {
    tracing::info!(payment = ?payment.id, %refusal, "invoice refused");
    if refusal.may_be_a_duplicate() {
        // Then it is there: by a call that was repeated on the way.
        return Start::Lost;
    }
    let code = match refusal.status {
        // Keys and addresses: another method may work.
        401 | 403 | 404 => "provider_unavailable",
        _ => "provider_error",
    };
    Start::Refused {
        code,
        message: None,
    }
}

fn customer<'a>(order: &'a Order, payer: &'a Payer) -> Customer<'a> {
    let known = &order.customer;
    Customer {
        reference_id: order.customer_id.as_deref().unwrap_or(&order.reference),
        name: Some(&known.full_name),
        email: Some(&known.email),
        phone: Some(&known.phone),
        individual_tax_id: tckn(known, payer),
    }
}

/// Aspay asks for it (§3). What the shop says comes before what the payer types.
fn tckn<'a>(customer: &'a store::Customer, payer: &'a Payer) -> Option<&'a str> {
    let typed = payer.identity_number.as_deref();
    tckn_of(customer).or(typed.filter(|text| is_tckn(text)))
}

fn tckn_of(customer: &store::Customer) -> Option<&str> {
    let known = customer.identity_number.as_deref();
    known.filter(|text| is_tckn(text))
}

/// A browser comes back. What it brings is not documented and not read (§6).
async fn come_back(State(app): State<Arc<App>>, path: PaymentText) -> Result<Response> {
    returns::come_back(&app, path, |_| Ok::<(), String>(())).await
}

/// A call of Corefy (§9). It wants 200, else it calls again: so a genuine one is
/// never refused, whatever it is about.
async fn callback(
    Extension(aspay): Extension<Arc<Aspay>>,
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    RawBody(body): RawBody,
) -> Result<StatusCode> {
    let opened = aspay.corefy.open_callback(&body, signature_of(&headers));
    let callback = opened.map_err(|forgery| {
        tracing::warn!(%forgery, "callback not believed");
        problem::Error::unreadable("not a callback of Corefy's")
    })?;
    match callback.subject {
        Subject::Payment => match payment_of(&app, &callback).await? {
            Some(payment) => returns::settle_within(&app, payment).await,
            None => tracing::info!("callback about a payment that is not ours"),
        },
        Subject::Payout => {
            let (payouts, worker) = (Arc::clone(&aspay.payouts), Arc::clone(&app));
            let work = async move { payouts.called_about(&worker, &callback).await };
            returns::patiently(&app, work).await;
        }
    }
    Ok(StatusCode::OK)
}

/// Exactly one: of two, somebody else's might be believed.
fn signature_of(headers: &HeaderMap) -> Option<&str> {
    let mut given = headers.get_all("x-signature").iter();
    match (given.next(), given.next()) {
        (Some(signature), None) => signature.to_str().ok(),
        _ => None,
    }
}

async fn payment_of(app: &App, callback: &Callback) -> Result<Option<Payment>> {
    let payment = app
        .store
        .payment_by_reference(&callback.reference_id)
        .await?;
    Ok(payment.filter(|payment| {
        let id = payment.provider_id.as_deref();
        payment.method == Method::ASPAY && id.is_none_or(|id| id == callback.id.as_str())
    }))
}
