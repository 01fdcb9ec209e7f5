//! The fields that every way to start an APM payment has (paywall.md §3.2, §3.3,
//! §3.6), and their checks.

use axum::http::HeaderMap;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::Value;

use super::connections::{self, Connection, TRY};
use super::transaction::Order;
use crate::app::App;
use crate::money::Amount;
use crate::paywall::api::{Text, is_too_long, is_web_address, json, public_keys};
use crate::paywall::currency;
use crate::paywall::general::General;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Request {
    /// A text in samples, an int in tables.
    apm_key: Option<Value>,
    apm_connection_id: Option<i64>,
    apm_id: Option<i64>,
    currency_id: i64,
    #[serde(default)]
    merchant_unique_code: Text,
    amount: Amount,
    #[serde(default)]
    description: Text,
    #[serde(default)]
    merchant_success_back_url: Text,
    #[serde(default)]
    merchant_fail_back_url: Text,
    is_auto_commit: Option<bool>,
    is_pre_auth: Option<bool>,
    payer: Option<Payer>,
    products: Option<Vec<Product>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Payer {
    pub(super) card_number: Text,
    pub(super) phone: Text,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Product {
    product_amount: Amount,
}

/// How a call names the connection.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Naming {
    /// `ApmId`
    Id,
    /// `ApmKey`
    Key,
    /// `ApmKey`, else `ApmConnectionId`.
    Either,
}

/// Whether the browser comes back by a form post.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum BackUrls {
    Needed,
    Unused,
}

pub(super) fn read(app: &App, headers: &HeaderMap, body: &[u8]) -> Result<Request, General> {
    public_keys(app, headers)?;
    Ok(json(headers, body)?)
}

impl Request {
    /// The checked order, and the payer's own words.
    pub(super) fn check(
        self,
        naming: Naming,
        back_urls: BackUrls,
        has: impl Fn(&Connection) -> bool,
    ) -> Result<(Order, Payer), General> {
        let connection = self.connection(naming)?;
        if !has(connection) {
            return Err(General::ApmEndpointNotFound);
        }
        if self.merchant_unique_code.is_blank() {
            return Err(General::MerchantUniqueCode);
        }
        if is_too_long(&self.merchant_unique_code) {
            return Err(General::ApmMerchantUniqueCodeTooLong);
        }
        if back_urls == BackUrls::Needed {
            self.check_back_urls()?;
        }
        let currency_id = currency::known(self.currency_id).ok_or(General::Currency)?;
        if currency_id != TRY {
            return Err(General::ApmCurrency);
        }
        self.check_amounts()?;
        // Pre-authorisation needs the provision calls, which the sandbox does not have.
        if self.description.is_blank() || self.is_pre_auth == Some(true) {
            return Err(General::InvalidData);
        }
        let payer = self.payer.ok_or(General::InvalidData)?;
        let needs = &connection.needs;
        if (needs.card_number && payer.card_number.is_blank())
            || (needs.phone && payer.phone.is_blank())
        {
            return Err(General::InvalidData);
        }
        let order = Order {
            connection,
            merchant_unique_code: self.merchant_unique_code.0,
            amount: self.amount,
            currency_id,
            description: self.description.0,
            success_url: self.merchant_success_back_url.0,
            fail_url: self.merchant_fail_back_url.0,
            auto_commit: self.is_auto_commit != Some(false),
            masked_card: masked(&payer.card_number.0),
        };
        Ok((order, payer))
    }

    fn connection(&self, naming: Naming) -> Result<&'static Connection, General> {
        let key = self.apm_key.as_ref().map(|key| match key {
            Value::String(key) => key.clone(),
            other => other.to_string(),
        });
        let key = key.filter(|key| !key.is_empty() && key != "null");
        match (naming, key) {
            (Naming::Id, _) => connections::by_id(self.apm_id.ok_or(General::InvalidData)?),
            (_, Some(key)) => connections::by_key(&key),
            (Naming::Either, None) => {
                connections::by_id(self.apm_connection_id.ok_or(General::InvalidData)?)
            }
            (Naming::Key, None) => Err(General::InvalidData),
        }
    }

    fn check_back_urls(&self) -> Result<(), General> {
        let urls = [
            (
                &self.merchant_success_back_url,
                General::ApmSuccessBackUrlTooLong,
                General::SuccessBackUrl,
            ),
            (
                &self.merchant_fail_back_url,
                General::ApmFailBackUrlTooLong,
                General::FailBackUrl,
            ),
        ];
        for (url, too_long, malformed) in urls {
            if is_too_long(url) {
                return Err(too_long);
            }
            if !is_web_address(url) {
                return Err(malformed);
            }
        }
        Ok(())
    }

    /// Products may be missing; when they are there, they add up.
    fn check_amounts(&self) -> Result<(), General> {
        if self.amount.value() <= Decimal::ZERO {
            return Err(General::Amount);
        }
        let products = self.products.as_deref().unwrap_or_default();
        let sum = products.iter().try_fold(Decimal::ZERO, |sum, product| {
            sum.checked_add(product.product_amount.value())
        });
        if products.is_empty() || sum == Some(self.amount.value()) {
            Ok(())
        } else {
            Err(General::AmountNotConvenient)
        }
    }
}

/// `637578******0000`; whatever is too short to be a number is hidden whole.
fn masked(number: &str) -> String {
    let letters: Vec<char> = number.chars().collect();
    if letters.len() < 12 {
        return "*".repeat(letters.len());
    }
    let shown = |index: usize| index < 6 || index + 4 >= letters.len();
    let show = |(index, letter): (usize, &char)| if shown(index) { *letter } else { '*' };
    letters.iter().enumerate().map(show).collect()
}
