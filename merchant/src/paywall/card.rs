//! Card payments: start, query, cancel and refunds (paywall.md §2.1, §2.6, §2.7).

use jiff::Timestamp;
use rust_decimal::Decimal;

use super::call::{opens, read};
use super::types::{DatedCode, Envelope, PartialRefund, QueryBody, Standing, Start3d, Started};
use super::{Error, PayWall};
use crate::outbound::Loss;

impl PayWall {
    /// start3d (§2.1).
    pub async fn start_3d(&self, body: &Start3d<'_>) -> Result<Started, Error> {
        let request = self
            .payments
            .post("/api/paywall/payment/start3d")
            .json(body);
        let started: Started = read(self.payments.send::<Envelope>("start3d", request).await?)?;
        let named = started
            .payment
            .as_ref()
            .and_then(|payment| payment.merchant_unique_key.as_deref());
        let ours = named.is_none_or(|code| code == body.payment_detail.merchant_unique_code);
        if ours && opens(&started.redirect_url) {
            Ok(started)
        } else {
            Err(Loss::UnexpectedBody.into())
        }
    }

    /// The private query by MerchantUniqueCode (§2.6). `None`: PayWall knows no such payment.
    pub async fn query(&self, merchant_unique_code: &str) -> Result<Option<Standing>, Error> {
        // GET parameters travel as headers (§0.2).
        let request = self
            .private
            .get("/api/paywall/private/query")
            .header("merchantuniquecode", merchant_unique_code);
        match self.private.send::<Envelope>("query", request).await {
            Ok(body) => {
                let body: QueryBody = read(body)?;
                if body.paywall.merchant_unique_code == merchant_unique_code {
                    Ok(Some(body.paywall))
                } else {
                    Err(Loss::UnexpectedBody.into())
                }
            }
            Err(Error::Refused(refusal)) if refusal.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// private/cancel (§2.7) of a payment created at `created`.
    pub async fn cancel(
        &self,
        merchant_unique_code: &str,
        created: Timestamp,
    ) -> Result<(), Error> {
        let body = DatedCode {
            date: &self.day_of(created),
            merchant_unique_code,
        };
        let request = self.private.post("/api/paywall/private/cancel").json(&body);
        self.private
            .send::<Envelope>("cancel", request)
            .await
            .map(drop)
    }

    /// private/refund (§2.7): all of a payment created at `created`.
    pub async fn refund(
        &self,
        merchant_unique_code: &str,
        created: Timestamp,
    ) -> Result<(), Error> {
        let body = DatedCode {
            date: &self.day_of(created),
            merchant_unique_code,
        };
        let request = self.private.post("/api/paywall/private/refund").json(&body);
        self.private
            .send::<Envelope>("refund", request)
            .await
            .map(drop)
    }

    /// private/refund/partial (§2.7): `amount` of a payment created at `created`.
    pub async fn refund_part(
        &self,
        merchant_unique_code: &str,
        created: Timestamp,
        amount: Decimal,
    ) -> Result<(), Error> {
        let body = PartialRefund {
            payment: DatedCode {
                date: &self.day_of(created),
                merchant_unique_code,
            },
            amount,
        };
        let request = self
            .private
            .post("/api/paywall/private/refund/partial")
            .json(&body);
        self.private
            .send::<Envelope>("refund/partial", request)
            .await
            .map(drop)
    }

    /// `yyyy-MM-dd`, the day in Türkiye.
    fn day_of(&self, time: Timestamp) -> String {
        time.to_zoned(self.time_zone.clone())
            .strftime("%Y-%m-%d")
            .to_string()
    }
}
