//! Hepsipay's hosted page (hepsipay.md §2, §6 to §9): saved under our id, paid on
//! the page, told by query. The form of the return says no more than whom to ask about.

use std::sync::Arc;

use async_trait::async_trait;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::response::Response;
use axum::routing::post;
use kasa_checkout::core::identity::is_tckn;
use kasa_checkout::wire::merchant::{Instrument, Method, Next, Redirect, RedirectMethod};

use super::{
    Begun, Money, Parts, Payable, Provider, RefundAnswer, Routes, SetUpError, Start, Told,
    Unavailable, Verdict,
};
use crate::app::App;
use crate::clock::Clock;
use crate::hepsipay::types::{
    Address, BasketItem, CommissionBearer, Customer, ItemKind, Refund, Save, VERSION,
};
use crate::hepsipay::{Error, Hepsipay, Outcome, PageId, Refunded, Returned, Standing, Takes};
use crate::problem::{self, Result};
use crate::returns::{self, PaymentText};
use crate::store::{self, Facts, Ledger, Order, OrderDraft, Payment};

/// The only currency of the contract.
const CURRENCY: &str = "TRY";

struct HostedPage {
    hepsipay: Hepsipay,
    clock: Clock,
    public_url: String,
}

pub(super) fn set_up(
    parts: &Parts<'_>,
) -> std::result::Result<Option<Arc<dyn Provider>>, SetUpError> {
    let Some(settings) = &parts.settings.hepsipay else {
        return Ok(None);
    };
    Ok(Some(Arc::new(HostedPage {
        hepsipay: Hepsipay::new(settings, parts.terms.clone())?,
        clock: parts.clock.clone(),
        public_url: parts.settings.public_url.clone(),
    })))
}

#[async_trait]
impl Provider for HostedPage {
    fn method(&self) -> &'static str {
        Method::HEPSIPAY
    }

    fn provider(&self) -> &'static str {
        "hepsipay"
    }

    async fn offers(&self, draft: &OrderDraft) -> std::result::Result<Vec<Method>, Unavailable> {
        let taken = draft.currency == CURRENCY;
        Ok(taken.then_some(Method::Hepsipay).into_iter().collect())
    }

    fn check(&self, _: &Order, instrument: &Instrument) -> Result<()> {
        match instrument {
            Instrument::Hepsipay => Ok(()),
            _ => Err(problem::Error::unfit("method: hepsipay")),
        }
    }

    async fn start(&self, payable: Payable<'_>, _: &Instrument) -> Start {
        let id = payable.payment.id.as_str();
        let return_url = format!("{}/return/hepsipay/{id}", self.public_url);
        let fitted = Fitted::of(payable.order);
        let save = fitted.save(payable, self.clock.now().as_second(), &return_url);
        match self.hepsipay.save(&save).await {
            Ok(page) => Start::Pending(Begun {
                next: Some(self.open(&page)),
                state: None,
                provider_id: Some(page.as_str().to_owned()),
            }),
            Err(Error::Refused(refusal)) => {
                tracing::info!(payment = ?payable.payment.id, %refusal, "save refused");
                Start::Refused {
                    code: "provider_unavailable",
                    message: refusal.message,
                }
            }
            Err(Error::Lost(_) | Error::Untrusted(_)) => Start::Lost,
        }
    }

    async fn ask(&self, payment: &Payment) -> Told {
        let page = page_of(payment);
        match self.hepsipay.query(&payment.reference, page.as_ref()).await {
            Ok(standing) => self.told(payment, standing),
            // Hepsipay will not tell a page by our id: then nobody can open it.
            Err(Error::Refused(_)) if page.is_none() => Told::bare(Verdict::NotFound),
            Err(error) => {
                tracing::warn!(payment = ?payment.id, %error, "query unanswered");
                Told::bare(Verdict::Unanswered)
            }
        }
    }

    /// Hepsipay tells nothing of a refund later on: one that was lost, or waits for
    /// somebody's approval, stays pending for a person to look at.
    async fn refund(&self, payment: &Payment, refund: &store::Refund, _: Ledger) -> RefundAnswer {
        let request = Refund {
            version: VERSION,
            transaction_id: refund.id.as_str(),
            reference_transaction_id: &payment.reference,
            transaction_time: self.clock.now().as_second(),
            amount: refund.amount,
            currency: &payment.currency,
        };
        match self.hepsipay.refund(&request).await {
            Ok(Refunded::Done) => RefundAnswer::Done(None),
            Ok(Refunded::Waiting) => RefundAnswer::Accepted(None),
            // Perhaps by this very call, repeated on the way.
            Err(Error::Refused(refusal)) if refusal.is_already_refunded() => RefundAnswer::Lost,
            Err(Error::Refused(refusal)) => RefundAnswer::Refused {
                code: "refund_refused",
                message: refusal.message,
            },
            Err(Error::Lost(_) | Error::Untrusted(_)) => RefundAnswer::Lost,
        }
    }

    fn routes(self: Arc<Self>) -> Routes {
        Routes {
            server: Router::new().route("/return/hepsipay/{payment}", post(come_back)),
            ..Routes::default()
        }
    }
}

impl HostedPage {
    fn open(&self, page: &PageId) -> Next {
        Next::Redirect(Redirect {
            url: self.hepsipay.address(page),
            method: RedirectMethod::Get,
            fields: Default::default(),
        })
    }

    fn told(&self, payment: &Payment, standing: Standing) -> Told {
        let code = standing.outcome.code().map(str::to_owned);
        let (verdict, message) = match standing.outcome {
            // Hepsipay does not say whether anybody is on the page, and cannot close it.
            Outcome::Open => (Verdict::Open { unbegun: false }, None),
            Outcome::Paid => (Verdict::Paid(money(payment, &standing)), None),
            Outcome::Declined(refusal) => (Verdict::Declined { code: "declined" }, refusal.message),
        };
        Told {
            facts: Facts {
                // The start may have been lost, and with it the page's address.
                next: (verdict == Verdict::Open { unbegun: false })
                    .then(|| self.open(&standing.page)),
                provider_id: Some(standing.page.as_str().to_owned()),
                provider_status: code,
                ..Facts::default()
            },
            verdict,
            message,
        }
    }
}

/// No choice of installments was offered, so another number is not what was asked for.
fn money(payment: &Payment, standing: &Standing) -> Money {
    let as_asked = standing.installment == Some(i64::from(payment.installments));
    Money {
        amount: standing.amount,
        currency: standing.currency.clone(),
        reference: as_asked.then(|| payment.reference.clone()),
    }
}

fn page_of(payment: &Payment) -> Option<PageId> {
    PageId::new(payment.provider_id.as_deref()?)
}

/// A browser comes back with the form of §7.
async fn come_back(
    State(app): State<Arc<App>>,
    path: PaymentText,
    form: std::result::Result<Bytes, BytesRejection>,
) -> Result<Response> {
    returns::come_back(&app, path, |payment| {
        let form = form.map_err(|_| "it could not be read".to_owned())?;
        Returned::read(&form)
            .and_then(|form| form.verify(&payment.reference, page_of(payment).as_ref()))
            .map_err(|forgery| forgery.to_string())
    })
    .await
}

/// The texts of an order, in the lengths and letters of Hepsipay's fields (§2).
struct Fitted {
    description: String,
    name: String,
    surname: String,
    phone: String,
    title: String,
    address: String,
    country: String,
    country_code: Option<String>,
    city: String,
    items: Vec<Item>,
}

struct Item {
    id: String,
    description: String,
    product_code: String,
    amount: i64,
}

impl Fitted {
    fn of(order: &Order) -> Self {
        let customer = &order.customer;
        let (name, surname) = names(&customer.full_name);
        let (country, country_code) = country(&customer.country);
        let items = order.products.iter().map(|product| Item {
            id: Takes::Text.fit(&product.id, 40),
            description: Takes::Text.fit(&product.name, 40),
            product_code: Takes::Text.fit(&product.id, 36),
            amount: product.amount,
        });
        Fitted {
            description: Takes::Text.fit(&order.description, 40),
            name,
            surname,
            phone: Takes::Phone.fit(&customer.phone, 13),
            title: Takes::Title.fit(&customer.full_name, 40),
            address: Takes::Address.fit(&customer.address, 500),
            country,
            country_code,
            city: Takes::Letters.fit(&customer.city, 20),
            items: items.collect(),
        }
    }

    fn save<'a>(&'a self, payable: Payable<'a>, time: i64, return_url: &'a str) -> Save<'a> {
        let Payable {
            order,
            payment,
            client_ip,
        } = payable;
        let tckn = order.customer.identity_number.as_deref();
        Save {
            version: VERSION,
            transaction_id: &payment.reference,
            transaction_time: time,
            description: &self.description,
            installment: Some(payment.installments),
            amount: payment.amount,
            currency: &payment.currency,
            basket_items: self.items.iter().map(Item::line).collect(),
            customer: Customer {
                name: &self.name,
                surname: &self.surname,
                email: &order.customer.email,
                ip_address: client_ip,
                phone_number: &self.phone,
                tckn: tckn
                    .filter(|text| is_tckn(text))
                    .and_then(|text| text.parse().ok()),
                ..Customer::default()
            },
            shipping_address: None,
            invoice_address: Some(Address {
                name: &self.title,
                address: &self.address,
                country: &self.country,
                country_code: self.country_code.as_deref(),
                city: &self.city,
                ..Address::default()
            }),
            extras: Vec::new(),
            return_url,
            // The sum that was asked for is then the sum that is paid (§10).
            has_installment_choice: false,
            commission_amount_reflect: CommissionBearer::Merchant,
        }
    }
}

impl Item {
    fn line(&self) -> BasketItem<'_> {
        BasketItem {
            id: &self.id,
            description: &self.description,
            product_code: &self.product_code,
            amount: self.amount,
            vat_ratio: None,
            count: 1,
            url: None,
            kind: ItemKind::Physical,
        }
    }
}

/// Name and surname of a full name: the last word is the surname. One word
/// alone is both, because Hepsipay has a field for each.
fn names(full_name: &str) -> (String, String) {
    let whole = Takes::Words.fit(full_name, usize::MAX);
    let (name, surname) = whole.rsplit_once(' ').unwrap_or((&whole, &whole));
    (Takes::Words.fit(name, 20), Takes::Words.fit(surname, 20))
}

/// Name and code of a country that the shop may have written either way.
fn country(text: &str) -> (String, Option<String>) {
    let written = text.trim();
    match written {
        "TR" | "TUR" | "Türkiye" | "Turkey" => ("Türkiye".to_owned(), Some("TUR".to_owned())),
        _ => {
            let is_code =
                matches!(written.len(), 2 | 3) && written.bytes().all(|b| b.is_ascii_uppercase());
            let code = is_code.then(|| written.to_owned());
            (Takes::Letters.fit(written, 20), code)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_name_is_parted_before_its_last_word() {
        let cases = [
            ("Elif Yılmaz", "Elif", "Yılmaz"),
            ("  Ada  Su Deneme ", "Ada Su", "Deneme"),
            ("Ada", "Ada", "Ada"),
            ("Ada O'Deneme", "Ada O", "Deneme"),
            ("", "", ""),
        ];
        for (full, name, surname) in cases {
            assert_eq!(names(full), (name.to_owned(), surname.to_owned()), "{full}");
        }
        let (name, surname) = names(&format!("{} {}", "Ada ".repeat(20), "ş".repeat(30)));
        assert_eq!((name.chars().count(), surname.chars().count()), (19, 20));
    }

    #[test]
    fn a_country_is_named_or_coded() {
        let cases = [
            ("TR", "Türkiye", Some("TUR")),
            ("Türkiye", "Türkiye", Some("TUR")),
            ("DE", "DE", Some("DE")),
            ("Almanya", "Almanya", None),
            ("North Macedonia", "NorthMacedonia", None),
        ];
        for (text, name, code) in cases {
            let code = code.map(str::to_owned);
            assert_eq!(country(text), (name.to_owned(), code), "{text}");
        }
    }
}
