//! `GET /sandbox/payments` and `GET /sandbox/cards`: card payments and saved cards
//! as tests look at them.

use std::sync::Arc;

use axum::extract;
use axum::response::Json;
use serde::Serialize;
use uuid::Uuid;

use super::payment::{Payment, Source};
use super::state::State;
use super::wallet::SavedCard;
use crate::app::App;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PaymentView {
    merchant_unique_code: String,
    payment_id: i64,
    unique_code: Uuid,
    status_id: u8,
    type_id: u8,
    /// As sent, `"10.50"`.
    amount: String,
    currency_id: u8,
    installment: u8,
    masked_card: String,
    used_temp_card: bool,
    used_saved_card: bool,
    /// With interest.
    charged: String,
    /// What can still be given back.
    refundable: String,
    /// start3d calls with this MerchantUniqueCode, refused ones too.
    start_calls: u32,
}

impl PaymentView {
    fn of(payment: &Payment, store: &State) -> Self {
        let order = &payment.order;
        Self {
            merchant_unique_code: order.merchant_unique_code.clone(),
            payment_id: payment.payment_id,
            unique_code: payment.unique_code,
            status_id: payment.phase.status_id(),
            type_id: payment.phase.type_id(),
            amount: order.amount.text(),
            currency_id: order.currency_id,
            installment: order.installment,
            masked_card: payment.card.masked.clone(),
            used_temp_card: payment.source == Source::TempCard,
            used_saved_card: payment.source == Source::SavedCard,
            charged: payment.charged().text(),
            refundable: payment.refundable().text(),
            start_calls: store.start_calls(&order.merchant_unique_code),
        }
    }
}

/// Oldest first.
pub(super) async fn list(extract::State(app): extract::State<Arc<App>>) -> Json<Vec<PaymentView>> {
    let store = app.paywall.lock();
    Json(
        store
            .payments()
            .iter()
            .map(|payment| PaymentView::of(payment, &store))
            .collect(),
    )
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CardView {
    relational_ids: [String; 3],
    partner: String,
    nickname: String,
    masked_card: String,
    month: u8,
    year: u16,
    /// Looking at it here does not change it.
    unique_code: String,
}

impl CardView {
    fn of(saved: &SavedCard) -> Self {
        Self {
            relational_ids: saved.holder.relational_ids.clone(),
            partner: saved.holder.partner.clone(),
            nickname: saved.nickname.clone(),
            masked_card: saved.card.masked.clone(),
            month: saved.card.month,
            year: saved.card.year,
            unique_code: saved.unique_code.clone(),
        }
    }
}

/// Oldest first.
pub(super) async fn cards(extract::State(app): extract::State<Arc<App>>) -> Json<Vec<CardView>> {
    let state = app.paywall.lock();
    Json(state.wallet.all().iter().map(CardView::of).collect())
}
