//! The shop's back end sends money to a bank account, through Aspay (corefy.md
//! §10). How a payout then stands is [`follow`]'s to find out.

mod follow;

use std::sync::Arc;

use axum::extract::{Extension, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use jiff::Timestamp;
use kasa_checkout::core::identity::{is_tckn, is_turkish_iban};
use kasa_checkout::wire::merchant::PaymentError;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::corefy::types::CURRENCY;
use crate::extract::{BackEnd, JsonBody, ReferencePath};
use crate::orders::{LARGEST_AMOUNT, filled};
use crate::problem::{Error, Result};
use crate::store::{NewPayout, Payout, PayoutInserted, PayoutStatus};

pub(crate) use follow::Payouts;

/// Body of `POST /v1/payouts`. Its JSON, once checked, is what "the same payout" means.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct PayoutRequest {
    /// The shop's own, unique.
    reference: String,
    /// Minor units.
    amount: i64,
    currency: String,
    iban: String,
    /// Full name of the account's owner.
    beneficiary: String,
    /// TCKN of the account's owner.
    identity_number: String,
    /// The shop's own name for the customer; the payout's reference where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    customer_reference: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PayoutView {
    id: String,
    reference: String,
    status: StatusView,
    /// Minor units.
    amount: i64,
    currency: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<PaymentError>,
    created_at: Timestamp,
    updated_at: Timestamp,
    provider: ProviderView,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum StatusView {
    Pending,
    Paid,
    Failed,
    Canceled,
}

#[derive(Serialize)]
struct ProviderView {
    name: &'static str,
    reference: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<String>,
}

/// For a server to which Corefy is set up.
pub(crate) fn routes(payouts: Arc<Payouts>) -> Router<Arc<App>> {
    Router::new()
        .route("/v1/payouts", post(create))
        .route("/v1/payouts/{reference}", get(read))
        .layer(Extension(payouts))
}

/// 201 for a new payout, 200 for one that is there already.
async fn create(
    _: BackEnd,
    Extension(payouts): Extension<Arc<Payouts>>,
    State(app): State<Arc<App>>,
    JsonBody(request): JsonBody<PayoutRequest>,
) -> Result<(StatusCode, Json<PayoutView>)> {
    let request = request.checked()?;
    let content =
        serde_json::to_vec(&request).map_err(|error| Error::Internal(error.to_string()))?;
    let new = NewPayout {
        reference: request.reference.clone(),
        content_hash: app.fingerprint(&[&content])?,
        amount: request.amount,
        currency: request.currency.clone(),
        next_check_at: app.in_time(app.start_patience()),
    };
    let worker = Arc::clone(&app);
    let work = async move {
        match worker.store.insert_payout(new, worker.now()).await? {
            PayoutInserted::New(payout) => {
                worker.metrics.payout(payout.status);
                tracing::info!(payout = ?payout.id, amount = payout.amount, "payout created");
                let payout = payouts.start(&worker, payout, &request).await?;
                Ok((StatusCode::CREATED, payout))
            }
            PayoutInserted::Same(payout) => Ok((StatusCode::OK, payout)),
            PayoutInserted::Other => Err(Error::PayoutExists),
        }
    };
    let (status, payout) = app.to_the_end(work).await?;
    Ok((status, Json(view(payout))))
}

async fn read(
    _: BackEnd,
    State(app): State<Arc<App>>,
    path: std::result::Result<ReferencePath, Error>,
) -> Result<Json<PayoutView>> {
    let ReferencePath(reference) = path.map_err(|_| Error::PayoutNotFound)?;
    let payout = app.store.payout_by_reference(&reference).await?;
    Ok(Json(view(payout.ok_or(Error::PayoutNotFound)?)))
}

pub(crate) fn view(payout: Payout) -> PayoutView {
    PayoutView {
        id: payout.id.as_str().to_owned(),
        reference: payout.reference,
        status: match payout.status {
            PayoutStatus::Pending => StatusView::Pending,
            PayoutStatus::Paid => StatusView::Paid,
            PayoutStatus::Failed => StatusView::Failed,
            PayoutStatus::Canceled => StatusView::Canceled,
        },
        amount: payout.amount,
        currency: payout.currency,
        error: payout.error_code.map(|code| PaymentError {
            code,
            message: None,
        }),
        created_at: payout.created_at,
        updated_at: payout.updated_at,
        provider: ProviderView {
            name: "corefy",
            reference: payout.provider_reference,
            id: payout.provider_id,
            status: payout.provider_status,
        },
    }
}

impl PayoutRequest {
    /// The request with its IBAN as banks write it.
    fn checked(self) -> Result<Self> {
        filled("reference", &self.reference, 100)?;
        filled("beneficiary", &self.beneficiary, 150)?;
        if !(1..=LARGEST_AMOUNT).contains(&self.amount) {
            return Err(Error::unfit(format!(
                "amount: 1 to {LARGEST_AMOUNT} minor units"
            )));
        }
        if self.currency != CURRENCY {
            return Err(Error::unfit(format!("currency: {CURRENCY}")));
        }
        if !is_turkish_iban(&self.iban) {
            return Err(Error::unfit("iban: not one of Türkiye"));
        }
        if !is_tckn(&self.identity_number) {
            return Err(Error::unfit("identityNumber: not a TCKN"));
        }
        if let Some(customer) = &self.customer_reference {
            filled("customerReference", customer, 100)?;
        }
        if let Some(phone) = &self.phone {
            filled("phone", phone, 30)?;
        }
        let letters = self.iban.chars().filter(|letter| *letter != ' ');
        Ok(PayoutRequest {
            iban: letters.map(|letter| letter.to_ascii_uppercase()).collect(),
            ..self
        })
    }
}
