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
use kasa_checkout::wire::merchant::{Instrument, Method, Purpose, TempToken, TempTokenRequest};

use super::by_card::{ask, close, refused, start_3d};
use super::saved_card::keeper;
use super::{
    Parts, Payable, Provider, RefundAnswer, Routes, SetUpError, Start, Told, Unavailable,
    card_refunds, plans,
};
use crate::address::ClientAddress;
use crate::app::App;
use crate::checkouts::open_order;
use crate::extract::{CheckoutPath, JsonBody};
use crate::limits;
use crate::paywall::amount::Currency;
use crate::paywall::{PayWall, Returned, types};
use crate::problem::{Error, Result};
use crate::returns::{self, PaymentText};
use crate::secret::Secret;
use crate::store::{Ledger, Order, OrderDraft, Payment, Question, Refund};

pub(super) const MOST_INSTALLMENTS: u8 = 12;

pub(super) struct Card {
    pub(super) paywall: Arc<PayWall>,
    /// Whether CardWall is there, to keep a card for the next order.
    saves: bool,
    /// Of 3D results; without one, a returned form carries no proof.
    hash_key: Option<Secret>,
    public_url: String,
}

pub(super) fn set_up(
    parts: &Parts<'_>,
) -> std::result::Result<Option<Arc<dyn Provider>>, SetUpError> {
    let (Some(settings), Some(paywall)) = (&parts.settings.paywall, &parts.paywall) else {
        return Ok(None);
    };
    Ok(Some(Arc::new(Card {
        paywall: Arc::clone(paywall),
        saves: settings.card_api.is_some(),
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
            .then_some(Method::Card {
                save: self.saves && keeper(draft.customer_id.as_deref()).is_some(),
            })
            .into_iter()
            .collect())
    }

    fn check(&self, order: &Order, instrument: &Instrument) -> Result<()> {
        let Instrument::Card {
            card_token: token,
            installments,
            save,
        } = instrument
        else {
            return Err(Error::unfit("method: card"));
        };
        if *save && !order.methods.contains(&Method::Card { save: true }) {
            return Err(Error::MethodNotOffered);
        }
        let visible = token.bytes().all(|byte| byte.is_ascii_graphic());
        if token.is_empty() || token.len() > 200 || !visible {
            return Err(Error::unfit("cardToken: 1 to 200 visible ASCII characters"));
        }
        if !(1..=MOST_INSTALLMENTS).contains(installments) {
            return Err(Error::unfit(format!(
                "installments: 1 to {MOST_INSTALLMENTS}"
            )));
        }
        Ok(())
    }

    async fn start(&self, payable: Payable<'_>, instrument: &Instrument) -> Start {
        let Instrument::Card {
            card_token, save, ..
        } = instrument
        else {
            return refused("provider_error");
        };
        let card = types::Card::temporary(card_token);
        let card = match keeper(payable.order.customer_id.as_deref()) {
            Some(customer) if *save => card.to_be_saved(customer),
            _ => card,
        };
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
                .route("/{checkout}/bin", post(plans::bin))
                .layer(Extension(Arc::clone(&self))),
            server: Router::new()
                .route("/return/paywall/{payment}", post(come_back))
                .layer(Extension(self)),
        }
    }
}

/// `POST …/temp-token`: what a browser needs to exchange a card for a token (§1.1).
async fn temp_token(
    Extension(card): Extension<Arc<Card>>,
    State(app): State<Arc<App>>,
    CheckoutPath(id): CheckoutPath,
    from: ClientAddress,
    JsonBody(TempTokenRequest {
        purpose: Purpose::Card,
    }): JsonBody<TempTokenRequest>,
) -> Result<Json<TempToken>> {
    open_order(&app, &id).await?;
    limits::ask(&app, &id, Question::Token, from).await?;
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
