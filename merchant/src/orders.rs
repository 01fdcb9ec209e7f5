//! The shop's back end: creates orders and reads how they stand.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use kasa_checkout::wire::merchant::{CardSummary, PaymentError, Status};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use url::Url;

use crate::app::App;
use crate::extract::{BackEnd, JsonBody, ReferencePath};
use crate::payments;
use crate::paywall::amount::Currency;
use crate::problem::{Error, Result};
use crate::providers;
use crate::refunds::{self, RefundView};
use crate::settings::ShopOrigins;
use crate::store::{Customer, Order, OrderDraft, OrderInserted, Payment, Product, WantedTerminal};
use crate::text;

/// An order stays open for an hour unless the shop says otherwise.
const DEFAULT_LIFETIME_SECONDS: u32 = 3600;
const LIFETIME_SECONDS: std::ops::RangeInclusive<u32> = 60..=30 * 24 * 3600;

/// Above any order, below where sums of lines could overflow.
pub(crate) const LARGEST_AMOUNT: i64 = 1_000_000_000_000;

/// What an order speaks that does not say otherwise.
const LANGUAGE: &str = "tr";

/// Body of `POST /v1/orders`. Its canonical JSON is what "the same order" means.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OrderRequest {
    reference: String,
    /// Minor units.
    amount: i64,
    /// ISO 4217.
    currency: String,
    description: String,
    #[serde(default = "turkish")]
    locale: String,
    return_url: String,
    customer: OrderCustomer,
    #[serde(default)]
    products: Vec<Product>,
    /// Of the methods that this server could offer, only these, in this order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    methods: Option<Vec<String>>,
    /// It is paid at a counter: at this terminal, or `{}` for any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    terminal: Option<WantedTerminal>,
    #[serde(default = "default_lifetime")]
    expires_in_seconds: u32,
}

/// Who buys, with the shop's own name for them.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct OrderCustomer {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(flatten)]
    customer: Customer,
}

fn turkish() -> String {
    LANGUAGE.into()
}

fn default_lifetime() -> u32 {
    DEFAULT_LIFETIME_SECONDS
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OrderView {
    reference: String,
    checkout: String,
    status: OrderStatus,
    amount: i64,
    currency: String,
    description: String,
    created_at: Timestamp,
    expires_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    paid_at: Option<Timestamp>,
    /// Oldest first, as the refunds.
    payments: Vec<PaymentView>,
    refunds: Vec<RefundView>,
    /// Of the order's amount, in minor units: what was paid twice by mistake and
    /// given back is no part of it.
    refunded_amount: i64,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum OrderStatus {
    Open,
    Paid,
    /// Its time is over, nothing is pending, and it was not paid.
    Expired,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PaymentView {
    id: String,
    method: String,
    status: Status,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<PaymentError>,
    #[serde(skip_serializing_if = "Option::is_none")]
    card: Option<CardSummary>,
    installments: u8,
    created_at: Timestamp,
    updated_at: Timestamp,
    provider: ProviderView,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ProviderView {
    name: String,
    /// What it knows the payment by.
    reference: String,
    /// Its own id of the payment.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    /// In its own words.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<String>,
}

pub(crate) async fn create(
    _: BackEnd,
    State(app): State<Arc<App>>,
    JsonBody(request): JsonBody<OrderRequest>,
) -> Result<(StatusCode, Json<OrderView>)> {
    request.check(&app.settings.shop_origins)?;
    let now = app.now();
    let wanted = request.methods.clone();
    let draft = request.into_draft(now)?;
    let inserted = match app.store.find_order(&draft).await? {
        Some(known) => known,
        None => {
            let methods = providers::offers(&app.providers, &draft, wanted.as_deref()).await?;
            app.store.insert_order(draft, &methods, now).await?
        }
    };
    let (status, order) = match inserted {
        OrderInserted::New(order) => {
            tracing::info!(reference = order.reference, checkout = ?order.checkout, "order created");
            (StatusCode::CREATED, order)
        }
        OrderInserted::Same(order) => (StatusCode::OK, order),
        OrderInserted::Other => return Err(Error::OrderExists),
    };
    Ok((status, Json(view(&app, order).await?)))
}

pub(crate) async fn read(
    _: BackEnd,
    State(app): State<Arc<App>>,
    ReferencePath(reference): ReferencePath,
) -> Result<Json<OrderView>> {
    let order = app
        .store
        .order_by_reference(&reference)
        .await?
        .ok_or(Error::OrderNotFound)?;
    Ok(Json(view(&app, order).await?))
}

async fn view(app: &App, order: Order) -> Result<OrderView> {
    let payments = app.store.payments(&order.checkout).await?;
    let refunds = app.store.refunds(&order.checkout).await?;
    let pending = payments
        .iter()
        .any(|payment| payment.status == Status::Pending);
    let status = if order.paid_at.is_some() {
        OrderStatus::Paid
    } else if order.expires_at <= app.now() && !pending {
        OrderStatus::Expired
    } else {
        OrderStatus::Open
    };
    let refunded_amount = refunds::refunded(&order, &payments, &refunds);
    Ok(OrderView {
        reference: order.reference,
        checkout: order.checkout.as_str().to_owned(),
        status,
        amount: order.amount,
        currency: order.currency,
        description: order.description,
        created_at: order.created_at,
        expires_at: order.expires_at,
        paid_at: order.paid_at,
        payments: payments.iter().map(payment_view).collect(),
        refunded_amount,
        refunds: refunds.iter().map(refunds::view).collect(),
    })
}

pub(crate) fn payment_view(payment: &Payment) -> PaymentView {
    PaymentView {
        id: payment.id.as_str().to_owned(),
        method: payment.method.clone(),
        status: payment.status,
        error: payments::error_of(payment),
        card: payments::card_of(payment),
        installments: payment.installments,
        created_at: payment.created_at,
        updated_at: payment.updated_at,
        provider: ProviderView {
            name: payment.provider.clone(),
            reference: payment.reference.clone(),
            id: payment.provider_id.clone(),
            status: payment.provider_status.clone(),
        },
    }
}

/// In the shape of BCP 47. Which languages there are is the page's to know.
fn is_language_tag(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let letters = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphabetic());
    let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    tag.len() <= 35
        && parts
            .next()
            .is_some_and(|part| matches!(part.len(), 2 | 3) && letters(part))
        && parts.all(|part| matches!(part.len(), 1..=8) && plain(part))
}

impl OrderRequest {
    pub(crate) fn check(&self, shop_origins: &ShopOrigins) -> Result<()> {
        filled("reference", &self.reference, 100)?;
        filled("description", &self.description, 300)?;
        if !(1..=LARGEST_AMOUNT).contains(&self.amount) {
            return Err(Error::unfit(format!(
                "amount: 1 to {LARGEST_AMOUNT} minor units"
            )));
        }
        if Currency::of(&self.currency).is_none() {
            return Err(Error::unfit("currency: no provider takes it"));
        }
        if !is_language_tag(&self.locale) {
            return Err(Error::unfit(
                "locale: a language tag (BCP 47), like tr or de-AT",
            ));
        }
        if !LIFETIME_SECONDS.contains(&self.expires_in_seconds) {
            return Err(Error::unfit("expiresInSeconds: 60 to 2592000"));
        }
        self.check_return_url(shop_origins)?;
        check_customer(&self.customer.customer)?;
        if let Some(id) = &self.customer.id {
            filled("customer.id", id, 100)?;
        }
        self.check_terminal()?;
        self.check_products()
    }

    fn check_return_url(&self, shop_origins: &ShopOrigins) -> Result<()> {
        let refuse = || Error::unfit("returnUrl: an address at one of the shop's origins");
        let url = Url::parse(&self.return_url).map_err(|_| refuse())?;
        let ours = shop_origins.allow(&url.origin().ascii_serialization());
        let written = self.return_url.as_str();
        let plain = url.username().is_empty()
            && url.password().is_none()
            && written.len() <= 2000
            && !written.chars().any(char::is_control);
        if ours && plain { Ok(()) } else { Err(refuse()) }
    }

    fn check_terminal(&self) -> Result<()> {
        let Some(WantedTerminal { id, tag }) = &self.terminal else {
            return Ok(());
        };
        for (name, value) in [("terminal.id", id), ("terminal.tag", tag)] {
            if let Some(value) = value {
                filled(name, value, 50)?;
            }
        }
        Ok(())
    }

    fn check_products(&self) -> Result<()> {
        if self.products.is_empty() {
            return Ok(());
        }
        if self.products.len() > 100 {
            return Err(Error::unfit("products: at most 100"));
        }
        let mut sum = 0_i64;
        for product in &self.products {
            filled("products.id", &product.id, 150)?;
            filled("products.name", &product.name, 150)?;
            filled("products.category", &product.category, 150)?;
            filled("products.description", &product.description, 300)?;
            if !(1..=LARGEST_AMOUNT).contains(&product.amount) {
                return Err(Error::unfit("products.amount: above zero, in minor units"));
            }
            sum += product.amount;
        }
        // PayWall would refuse it only when the shopper pays (error 26).
        if sum == self.amount {
            Ok(())
        } else {
            Err(Error::unfit(
                "products: their amounts must add up to amount",
            ))
        }
    }

    pub(crate) fn into_draft(self, now: Timestamp) -> Result<OrderDraft> {
        let content =
            serde_json::to_vec(&self).map_err(|error| Error::Internal(error.to_string()))?;
        let expires_at = now
            .checked_add(SignedDuration::from_secs(self.expires_in_seconds.into()))
            .map_err(|_| Error::unfit("expiresInSeconds: too long"))?;
        let products = if self.products.is_empty() {
            vec![Product {
                id: self.reference.clone(),
                name: self.description.clone(),
                category: text::PRODUCT_CATEGORY.into(),
                description: self.description.clone(),
                amount: self.amount,
            }]
        } else {
            self.products
        };
        Ok(OrderDraft {
            reference: self.reference,
            content_hash: hex::encode(Sha256::digest(content)),
            amount: self.amount,
            currency: self.currency,
            description: self.description,
            locale: self.locale,
            return_url: self.return_url,
            customer: self.customer.customer,
            customer_id: self.customer.id,
            products,
            terminal: self.terminal,
            expires_at,
        })
    }
}

fn check_customer(customer: &Customer) -> Result<()> {
    filled("customer.fullName", &customer.full_name, 150)?;
    filled("customer.phone", &customer.phone, 30)?;
    filled("customer.email", &customer.email, 254)?;
    filled("customer.country", &customer.country, 100)?;
    filled("customer.city", &customer.city, 100)?;
    filled("customer.address", &customer.address, 500)?;
    match &customer.identity_number {
        Some(number) => filled("customer.identityNumber", number, 20),
        None => Ok(()),
    }
}

/// Providers want these fields filled; what they hold is between them and the shop.
pub(crate) fn filled(name: &str, value: &str, longest: usize) -> Result<()> {
    let length = value.chars().count();
    if value.trim().is_empty() || length > longest || value.chars().any(char::is_control) {
        return Err(Error::unfit(format!(
            "{name}: 1 to {longest} characters, no control characters"
        )));
    }
    Ok(())
}
