//! Alternative payment methods (paywall.md §3): PaymentAPI, public keys. Which
//! call starts a method is by its kind: a code, a page, a picture, or at once.

mod refusal;
mod types;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rust_decimal::Decimal;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::call::{opens, read};
use super::types::Envelope;
use super::{Error, PayWall};
use crate::outbound::Loss;
pub use refusal::ConfirmRefusal;
pub use types::{
    ConfirmOtp, Connection, CurrentPayer, Features, OldPayer, Pay, PayById, Payer, Pictured,
    Provider, QrDetail, QrGenerate, Redirected, Refund, Sale, Standing, Started, Transaction, kind,
    status,
};

const PNG_SIGNATURE: [u8; 8] = *b"\x89PNG\r\n\x1a\n";

impl PayWall {
    /// apm/list (§3.1): what this merchant has connected for a currency. An entry
    /// that cannot be read is left out: one provider must not hide the others.
    pub async fn apm_list(&self, currency_id: i32) -> Result<Vec<Connection>, Error> {
        let request = self
            .payments
            .get("/api/paywall/apm/list")
            .header("currencyid", currency_id);
        let entries: Vec<Value> = read(self.payments.send::<Envelope>("apm/list", request).await?)?;
        let read = |entry| serde_json::from_value(entry).ok();
        Ok(entries.into_iter().filter_map(read).collect())
    }

    /// apm/pay (§3.3), or with an old payer apm/pay/request/otp (§3.4).
    pub async fn apm_pay(&self, body: &Pay<'_>) -> Result<Started, Error> {
        let (call, path) = match body.sale.payer {
            Payer::Current(_) => ("apm/pay", "/api/paywall/apm/pay"),
            Payer::Old(_) => ("apm/pay/request/otp", "/api/paywall/apm/pay/request/otp"),
        };
        let started: Started = self.apm(call, path, body).await?;
        started.transaction.of(&body.sale)?;
        Ok(started)
    }

    /// apm/pay/byid (§3.2): the provider's page.
    pub async fn apm_redirect(&self, body: &PayById<'_>) -> Result<Redirected, Error> {
        let started: Redirected = self
            .apm("apm/pay/byid", "/api/paywall/apm/pay/byid", body)
            .await?;
        started.transaction.of(&body.sale)?;
        if opens(&started.redirect_url) {
            Ok(started)
        } else {
            Err(Loss::UnexpectedBody.into())
        }
    }

    /// apm/pay/qr/generate (§3.6): a picture to scan, surely a PNG.
    pub async fn apm_picture(&self, body: &QrGenerate<'_>) -> Result<Pictured, Error> {
        let path = "/api/paywall/apm/pay/qr/generate";
        let started: Pictured = self.apm("apm/pay/qr/generate", path, body).await?;
        started.transaction.of(&body.sale)?;
        let picture = STANDARD.decode(&started.qr_detail.content);
        let is_png = started.qr_detail.format_type == QrDetail::PNG
            && picture.is_ok_and(|bytes| bytes.starts_with(&PNG_SIGNATURE));
        if is_png {
            Ok(started)
        } else {
            Err(Loss::UnexpectedBody.into())
        }
    }

    /// apm/pay/confirm/otp (§3.5). What a refusal means: [`super::Refusal::of_confirm`].
    pub async fn apm_confirm(&self, unique_code: &str, otp: &str) -> Result<Transaction, Error> {
        let body = ConfirmOtp { unique_code, otp };
        let path = "/api/paywall/apm/pay/confirm/otp";
        self.apm("apm/pay/confirm/otp", path, &body).await
    }

    /// apm/query (§3.6) by our own code. `None`: PayWall knows no such payment.
    pub async fn apm_query(&self, merchant_unique_code: &str) -> Result<Option<Standing>, Error> {
        let request = self
            .payments
            .get("/api/paywall/apm/query")
            .header("merchantuniquecode", merchant_unique_code);
        match self.payments.send::<Envelope>("apm/query", request).await {
            Ok(body) => {
                let standing: Standing = read(body)?;
                if standing.transaction.merchant_unique_code == merchant_unique_code {
                    Ok(Some(standing))
                } else {
                    Err(Loss::UnexpectedBody.into())
                }
            }
            Err(Error::Refused(refusal)) if refusal.is_apm_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// apm/refund, or with an amount apm/refund/partial (§3.6), by PayWall's code.
    pub async fn apm_refund(
        &self,
        unique_code: &str,
        amount: Option<Decimal>,
    ) -> Result<(), Error> {
        let (call, path) = match amount {
            None => ("apm/refund", "/api/paywall/apm/refund"),
            Some(_) => ("apm/refund/partial", "/api/paywall/apm/refund/partial"),
        };
        let body = Refund {
            unique_code,
            amount,
        };
        let request = self.payments.post(path).json(&body);
        self.payments
            .send::<Envelope>(call, request)
            .await
            .map(drop)
    }

    async fn apm<T: DeserializeOwned>(
        &self,
        call: &'static str,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, Error> {
        let request = self.payments.post(path).json(body);
        read(self.payments.send::<Envelope>(call, request).await?)
    }
}

impl Transaction {
    /// An answer about another payment is no answer.
    fn of(&self, sale: &Sale<'_>) -> Result<(), Error> {
        if self.merchant_unique_code == sale.merchant_unique_code {
            Ok(())
        } else {
            Err(Loss::UnexpectedBody.into())
        }
    }
}
