//! What every payment by card does at PayWall, whether the card is new or saved:
//! start3d, query, cancel (paywall.md §2.1, §2.6, §2.7, §5.5).

use kasa_checkout::wire::merchant::{Next, Redirect, RedirectMethod};
use rust_decimal::Decimal;

use super::{Begun, Money, Payable, Start, Told, Verdict};
use crate::outbound::tidy;
use crate::paywall::amount::Currency;
use crate::paywall::types::{self, Customer, PaymentDetail, Product, Standing, Start3d, Started};
use crate::paywall::{self, PayWall, Refusal, StartRefusal};
use crate::store::{Facts, Payment};

/// `ChannelId` of the web (§2.1).
const CHANNEL_WEB: i32 = 1;

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

pub(super) fn refused(code: &'static str) -> Start {
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

/// An amount can be read in the payment's own currency only; another one is not ours anyhow.
fn money(payment: &Payment, standing: &Standing) -> Money {
    let currency = Currency::of(&payment.currency)
        .filter(|currency| standing.currency_id == Some(currency.id));
    let amount = currency.and_then(|currency| currency.minor(asked_for(standing)?));
    Money {
        amount,
        currency: currency.map(|currency| currency.code.to_owned()),
        reference: Some(standing.merchant_unique_code.clone()),
    }
}

/// What we asked for, out of what was charged. Interest for installments is
/// between the card's owner and PayWall, and comes on top.
fn asked_for(standing: &Standing) -> Option<Decimal> {
    let charged = standing.payment_amount?;
    if standing.applied_interest {
        standing.original_amount.filter(|asked| *asked <= charged)
    } else {
        Some(charged)
    }
}

/// private/cancel (§2.7).
pub(super) async fn close(paywall: &PayWall, payment: &Payment) {
    if let Err(error) = paywall.cancel(&payment.reference, payment.created_at).await {
        tracing::warn!(payment = ?payment.id, %error, "cancel without success");
    }
}
