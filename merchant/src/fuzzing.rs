//! What the fuzz targets call: readers of foreign bytes that the server keeps to
//! itself. Compiled with the feature `fuzzing` alone; no server has it.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use kasa_checkout::wire::merchant::{Challenge, Instrument, Method, Next, PaymentRequest, Status};
use rust_decimal::Decimal;

use crate::ids::{CheckoutId, PaymentId};
use crate::inside::Outside;
use crate::metrics::Metrics;
use crate::orders::OrderRequest;
use crate::outbound::{Terms, Way};
use crate::providers::{Payable, Provider, Providers, SetUpError, Start, Verdict};
use crate::settings::Settings;
use crate::settle::is_masked;
use crate::store::{Customer, Order, Payment, Product, StartCall};

pub use crate::corefy::amount::{kurus, lira};

/// Of the one payment there is here.
pub const ID: &str = "pay_000102030405060708090a0b0c0d0e0f";
pub const AMOUNT: i64 = 1050;
pub const CURRENCY: &str = "TRY";

/// The providers of a server, without its database: one order of 10.50 TRY, and
/// one payment of it.
pub struct Counter {
    providers: Providers,
    order: Order,
}

/// What a provider said of the payment.
pub struct Said {
    /// It is paid, and ours: this amount, in this currency, under this reference.
    pub paid: bool,
    /// Texts of the provider's that the database would be given.
    pub stored: Vec<String>,
}

/// What a start brought.
pub struct Started {
    /// The step that the shopper is given.
    pub next: Option<Next>,
    /// What the provider calls it, as the database would be given it.
    pub provider_id: Option<String>,
}

impl Counter {
    pub fn open(
        settings: &Settings,
        outside: &Outside,
        methods: Vec<Method>,
    ) -> Result<Self, SetUpError> {
        Ok(Counter {
            providers: Providers::set_up(settings, outside, &Metrics::new())?,
            order: order(CheckoutId::generate(&outside.chance), methods),
        })
    }

    fn provider(&self, method: &str) -> Option<&dyn Provider> {
        self.providers.of(method).map(|provider| &**provider)
    }

    /// What the provider will know the payment by.
    pub fn reference(&self, method: &str) -> Option<String> {
        let id = PaymentId::try_from(ID.to_owned()).ok()?;
        Some(self.provider(method)?.reference(&id, 0))
    }

    fn payment(&self, method: &str, provider_id: Option<&str>) -> Option<Payment> {
        Some(Payment {
            id: PaymentId::try_from(ID.to_owned()).ok()?,
            checkout: self.order.checkout.clone(),
            method: method.to_owned(),
            provider: String::new(),
            status: Status::Pending,
            challenge: Challenge::Redirect,
            installments: 1,
            amount: self.order.amount,
            currency: self.order.currency.clone(),
            reference: self.reference(method)?,
            restarts: 0,
            start: StartCall::Answered,
            started_at: Timestamp::UNIX_EPOCH,
            next: None,
            state: None,
            provider_id: provider_id.map(str::to_owned),
            provider_status: None,
            error_code: None,
            error_message: None,
            card_masked: None,
            otp_attempts: 0,
            cancel_wish: false,
            created_at: Timestamp::UNIX_EPOCH,
            updated_at: Timestamp::UNIX_EPOCH,
        })
    }

    /// Asks how the payment stands.
    pub async fn ask(&self, method: &str, provider_id: Option<&str>) -> Option<Said> {
        let payment = self.payment(method, provider_id)?;
        let told = self.provider(method)?.ask(&payment).await;
        let facts = told.facts;
        let card = facts.card_masked.filter(|number| is_masked(number));
        let stored = [facts.provider_id, facts.provider_status, card, told.message];
        Some(Said {
            paid: matches!(told.verdict, Verdict::Paid(money) if money.is_of(&payment)),
            stored: stored.into_iter().flatten().collect(),
        })
    }

    /// Starts the payment. `None`: there is nothing for its shopper.
    pub async fn start(&self, instrument: &Instrument) -> Option<Started> {
        let payment = self.payment(instrument.method(), None)?;
        let payable = Payable {
            order: &self.order,
            payment: &payment,
            client_ip: "127.0.0.1",
        };
        match self
            .provider(instrument.method())?
            .start(payable, instrument)
            .await
        {
            Start::Pending(begun) | Start::Settle(begun) => Some(Started {
                next: begun.next,
                provider_id: begun.provider_id,
            }),
            Start::Refused { .. } | Start::Lost => None,
        }
    }

    /// The instrument of a browser's request, if the order may be paid with it.
    pub fn takes(&self, body: &[u8]) -> Option<Instrument> {
        let request: PaymentRequest = serde_json::from_slice(body).ok()?;
        let provider = self.provider(request.instrument.method())?;
        provider.check(&self.order, &request.instrument).ok()?;
        Some(request.instrument)
    }
}

/// Of an order that a shop's back end may create, what money and browsers go by.
pub struct Accepted {
    pub amount: i64,
    /// Of its lines.
    pub sum: i64,
    pub return_url: String,
    pub reference: String,
}

pub fn accepts(settings: &Settings, body: &[u8]) -> Option<Accepted> {
    let request: OrderRequest = serde_json::from_slice(body).ok()?;
    request.check(&settings.shop_origins).ok()?;
    let draft = request.into_draft(Timestamp::UNIX_EPOCH).ok()?;
    Some(Accepted {
        amount: draft.amount,
        sum: draft.products.iter().map(|product| product.amount).sum(),
        return_url: draft.return_url,
        reference: draft.reference,
    })
}

/// Whether a browser may be sent to, and may call from, this origin.
pub fn is_the_shops(settings: &Settings, origin: &str) -> bool {
    settings.shop_origins.allow(origin)
}

/// What a payment goes by everywhere, if this is an id of one.
pub fn payment_id(text: &str) -> Option<String> {
    let id = PaymentId::try_from(text.to_owned()).ok()?;
    Some(id.as_str().to_owned())
}

fn order(checkout: CheckoutId, methods: Vec<Method>) -> Order {
    let text = || "Bir kitap".to_owned();
    let now = Timestamp::UNIX_EPOCH;
    Order {
        checkout,
        reference: "ORD-1".into(),
        amount: AMOUNT,
        currency: CURRENCY.into(),
        description: text(),
        locale: "tr".into(),
        return_url: "https://shop.example/".into(),
        customer: Customer {
            full_name: "Ada Deneme".into(),
            phone: "5551112233".into(),
            email: "ada@example.com".into(),
            country: "TR".into(),
            city: "Ankara".into(),
            address: "Deneme Sok. 1".into(),
            identity_number: Some("10000000146".into()),
        },
        customer_id: None,
        products: vec![Product {
            id: "1".into(),
            name: text(),
            category: text(),
            description: text(),
            amount: AMOUNT,
        }],
        methods,
        revision: 1,
        paid_at: None,
        created_at: now,
        expires_at: now + SignedDuration::from_hours(1),
    }
}

/// How a client calls providers that are reached this way.
pub fn terms(way: Way) -> Terms {
    Terms {
        way,
        ..Duration::from_secs(20).into()
    }
}

/// An exact decimal, as providers write one.
pub fn decimal(text: &str) -> Option<Decimal> {
    text.parse().ok()
}
