//! A new card with 3-D Secure through PayWall (paywall.md §1.1, §2.1, §2.3, §2.6,
//! §2.7, §5.5). Never sees a card: the browser exchanges it for a token first.

use std::sync::Arc;

use async_trait::async_trait;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Extension, State};
use axum::response::Response;
use axum::routing::post;
use axum::{Json, Router};
use jiff::Timestamp;
use kasa_checkout::wire::merchant::{
    Instrument, Method, Next, Purpose, Redirect, RedirectMethod, TempToken, TempTokenRequest,
};

use super::{
    Begun, Money, Parts, Payable, Provider, RefundAnswer, Routes, SetUpError, Start, Told,
    Unavailable, Verdict, card_refunds,
};
use crate::app::App;
use crate::extract::{CheckoutPath, JsonBody};
use crate::outbound::tidy;
use crate::paywall::amount::Currency;
use crate::paywall::types::{self, Customer, PaymentDetail, Product, Standing, Start3d, Started};
use crate::paywall::{self, PayWall, Refusal, Returned, StartRefusal};
use crate::problem::{Error, Result};
use crate::returns::{self, PaymentText};
use crate::secret::Secret;
use crate::store::{Facts, Ledger, Order, OrderDraft, Payment, Refund};

/// `ChannelId` of the web (§2.1).
const CHANNEL_WEB: i32 = 1;

const MOST_INSTALLMENTS: u8 = 12;

/// TempTokens for one checkout; more is not a shopper but a card tester.
const MOST_TEMP_TOKENS: u32 = 30;

pub(super) struct Card {
    paywall: Arc<PayWall>,
    /// Of 3D results; without one, a returned form carries no proof.
    hash_key: Option<Secret>,
    public_url: String,
}

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

pub(super) fn set_up(
    parts: &Parts<'_>,
) -> std::result::Result<Option<Arc<dyn Provider>>, SetUpError> {
    let (Some(settings), Some(paywall)) = (&parts.settings.paywall, &parts.paywall) else {
        return Ok(None);
    };
    Ok(Some(Arc::new(Card {
        paywall: Arc::clone(paywall),
        hash_key: settings.hash_key_3d.clone(),
        public_url: parts.settings.public_url.clone(),
    })))
}

#[async_trait]
impl Provider for Card {
    fn method(&self) -> &'static str {
        Method::CARD
    }

    fn provider(&self) -> &'static str {
        "paywall"
    }

    async fn offers(&self, draft: &OrderDraft) -> std::result::Result<Vec<Method>, Unavailable> {
        let taken = Currency::of(&draft.currency).is_some();
        Ok(taken
            .then_some(Method::Card { save: false })
            .into_iter()
            .collect())
    }

    fn check(&self, _: &Order, instrument: &Instrument) -> Result<()> {
        let (token, installments) = card_of(instrument)?;
        let visible = token.bytes().all(|byte| byte.is_ascii_graphic());
        if token.is_empty() || token.len() > 200 || !visible {
            return Err(Error::unfit("cardToken: 1 to 200 visible ASCII characters"));
        }
        if !(1..=MOST_INSTALLMENTS).contains(&installments) {
            return Err(Error::unfit(format!(
                "installments: 1 to {MOST_INSTALLMENTS}"
            )));
        }
        Ok(())
    }

    async fn start(&self, payable: Payable<'_>, instrument: &Instrument) -> Start {
        let Ok((token, _)) = card_of(instrument) else {
            return refused("provider_error");
        };
        let card = types::Card::temporary(token);
        start_3d(&self.paywall, payable, card, &self.public_url).await
    }

    async fn ask(&self, payment: &Payment) -> Told {
        ask(&self.paywall, payment).await
    }

    fn closes(&self) -> bool {
        true
    }

    async fn close(&self, payment: &Payment) {
        close(&self.paywall, payment).await;
    }

    async fn refund(&self, payment: &Payment, refund: &Refund, ledger: Ledger) -> RefundAnswer {
        card_refunds::refund(&self.paywall, payment, refund, ledger).await
    }

    async fn ask_refund(&self, payment: &Payment, refund: &Refund, ledger: Ledger) -> RefundAnswer {
        card_refunds::ask(&self.paywall, payment, refund, ledger).await
    }

    fn routes(self: Arc<Self>) -> Routes {
        Routes {
            browser: Router::new()
                .route("/{checkout}/temp-token", post(temp_token))
                .layer(Extension(Arc::clone(&self))),
            server: Router::new()
                .route("/return/paywall/{payment}", post(come_back))
                .layer(Extension(self)),
        }
    }
}

fn card_of(instrument: &Instrument) -> Result<(&str, u8)> {
    match instrument {
        Instrument::Card {
            card_token,
            installments,
            ..
        } => Ok((card_token, *installments)),
        _ => Err(Error::unfit("method: card")),
    }
}

fn refused(code: &'static str) -> Start {
    Start::Refused {
        code,
        message: None,
    }
}

/// start3d (§2.1) with a card that PayWall holds.
pub(super) async fn start_3d(
    paywall: &PayWall,
    payable: Payable<'_>,
    card: types::Card<'_>,
    public_url: &str,
) -> Start {
    let Some(currency) = Currency::of(&payable.payment.currency) else {
        return refused("provider_error");
    };
    let back_url = format!(
        "{public_url}/return/paywall/{}",
        payable.payment.id.as_str()
    );
    let request = request(payable, card, currency, &back_url);
    match paywall.start_3d(&request).await {
        Ok(started) => Start::Pending(begun(started)),
        Err(paywall::Error::Refused(refusal)) => start_refused(refusal),
        Err(paywall::Error::Lost(_)) => Start::Lost,
    }
}

fn begun(started: Started) -> Begun {
    let id = started.payment.and_then(|payment| payment.payment_id);
    Begun {
        next: Some(Next::Redirect(Redirect {
            url: started.redirect_url,
            method: RedirectMethod::Get,
            fields: Default::default(),
        })),
        state: None,
        provider_id: id.map(|id| id.to_string()),
    }
}

fn start_refused(refusal: Refusal) -> Start {
    match refusal.of_start() {
        StartRefusal::Failed(code) => {
            tracing::info!(code, %refusal, "start3d refused");
            Start::Refused {
                code,
                message: refusal.message,
            }
        }
        StartRefusal::Ask => Start::Lost,
    }
}

fn request<'a>(
    payable: Payable<'a>,
    card: types::Card<'a>,
    currency: Currency,
    back_url: &'a str,
) -> Start3d<'a> {
    let Payable {
        order,
        payment,
        client_ip,
    } = payable;
    let customer = &order.customer;
    let product = |product: &'a crate::store::Product| Product {
        product_id: &product.id,
        product_name: &product.name,
        product_category: &product.category,
        product_description: &product.description,
        product_amount: currency.decimal(product.amount),
    };
    Start3d {
        payment_detail: PaymentDetail {
            amount: currency.decimal(payment.amount),
            merchant_unique_code: &payment.reference,
            tracking_code: &order.reference,
            merchant_success_back_url: back_url,
            merchant_fail_back_url: back_url,
            currency_id: currency.id,
            installment: payment.installments,
            half_3d: false,
            client_ip,
            channel_id: CHANNEL_WEB,
        },
        card,
        customer: Customer {
            full_name: &customer.full_name,
            phone: &customer.phone,
            email: &customer.email,
            country: &customer.country,
            city: &customer.city,
            address: &customer.address,
            identity_number: customer.identity_number.as_deref(),
        },
        products: order.products.iter().map(product).collect(),
    }
}

/// The private query (§2.6) of a payment by card.
pub(super) async fn ask(paywall: &PayWall, payment: &Payment) -> Told {
    match paywall.query(&payment.reference).await {
        Ok(Some(standing)) => told(payment, standing),
        Ok(None) => Told::bare(Verdict::NotFound),
        Err(error) => {
            tracing::warn!(payment = ?payment.id, %error, "query unanswered");
            Told::bare(Verdict::Unanswered)
        }
    }
}

fn told(payment: &Payment, standing: Standing) -> Told {
    let message = standing
        .error
        .as_ref()
        .and_then(|error| tidy(error.error_message.as_deref()?));
    Told {
        verdict: judge(payment, &standing),
        facts: Facts {
            provider_id: standing.payment_id.map(|id| id.to_string()),
            provider_status: Some(standing.status_id.to_string()),
            card_masked: standing.card_number,
            ..Facts::default()
        },
        message,
    }
}

fn judge(payment: &Payment, standing: &Standing) -> Verdict {
    match (standing.status_id, standing.type_id) {
        (id::CANCELLED, _) | (_, id::CANCEL) => Verdict::Canceled,
        (id::SUCCESS, id::SALE) => Verdict::Paid(money(payment, standing)),
        (id::FAILED | id::FAILED_ON_QUERY | id::FRAUD, _) => Verdict::Declined { code: "declined" },
        (id::CREATED, _) => Verdict::Open { unbegun: true },
        (id::STARTED, _) => Verdict::Open { unbegun: false },
        _ => Verdict::UnderWay,
    }
}

/// An amount can be read in the payment's own currency only; another one is not
/// ours anyhow. Interest for installments is between the card's owner and PayWall:
/// what was asked for is what counts.
fn money(payment: &Payment, standing: &Standing) -> Money {
    let asked_for = match standing.applied_interest {
        true => standing.original_amount,
        false => standing.payment_amount,
    };
    let currency = Currency::of(&payment.currency)
        .filter(|currency| standing.currency_id == Some(currency.id));
    let amount = currency.and_then(|currency| currency.minor(asked_for?));
    Money {
        amount,
        currency: currency.map(|currency| currency.code.to_owned()),
        reference: Some(standing.merchant_unique_code.clone()),
    }
}

/// private/cancel (§2.7).
pub(super) async fn close(paywall: &PayWall, payment: &Payment) {
    if let Err(error) = paywall.cancel(&payment.reference, payment.created_at).await {
        tracing::warn!(payment = ?payment.id, %error, "cancel without success");
    }
}

/// `POST …/temp-token`: what a browser needs to exchange a card for a token (§1.1).
async fn temp_token(
    Extension(card): Extension<Arc<Card>>,
    State(app): State<Arc<App>>,
    CheckoutPath(id): CheckoutPath,
    JsonBody(TempTokenRequest {
        purpose: Purpose::Card,
    }): JsonBody<TempTokenRequest>,
) -> Result<Json<TempToken>> {
    let order = app.store.order(&id).await?.ok_or(Error::CheckoutNotFound)?;
    if order.paid_at.is_some() {
        return Err(Error::AlreadyPaid);
    }
    if order.expires_at <= app.now() {
        return Err(Error::CheckoutExpired);
    }
    if !app.store.count_temp_token(&id, MOST_TEMP_TOKENS).await? {
        return Err(Error::TooManyAttempts);
    }
    let token = card
        .paywall
        .temp_token()
        .await
        .map_err(|error| Error::ProviderUnavailable(error.into()))?;
    let expires_at: Timestamp = token
        .expiry_date_time
        .parse()
        .map_err(|_| Error::ProviderUnavailable("TempToken without a time".into()))?;
    Ok(Json(TempToken {
        token: token.token,
        expires_at: expires_at.to_string(),
        scope: Purpose::Card,
        payment_api: card.paywall.payment_api().to_owned(),
    }))
}

/// A browser comes back with the form of §2.3, whichever card was paid with.
async fn come_back(
    Extension(card): Extension<Arc<Card>>,
    State(app): State<Arc<App>>,
    path: PaymentText,
    form: std::result::Result<Bytes, BytesRejection>,
) -> Result<Response> {
    returns::come_back(&app, path, |payment| {
        let form = form.map_err(|_| "it could not be read".to_owned())?;
        Returned::read(&form)
            .and_then(|form| form.verify(&payment.reference, card.hash_key.as_ref()))
            .map_err(|forgery| forgery.to_string())
    })
    .await
}
