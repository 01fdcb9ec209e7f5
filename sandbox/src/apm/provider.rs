//! `ProviderDummyResponse`: what the provider behind PayWall is said to have
//! answered, in the shape of the samples (paywall.md §3.3, §3.5). Nobody may
//! depend on it.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::Serialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::transaction::{CODE_SECONDS, Transaction};
use crate::money::Amount;

/// The fields that every answer about a transaction begins with.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Named {
    apm_key: &'static str,
    apm_connection_id: i64,
    apm_transaction_id: i64,
    unique_code: Uuid,
    merchant_unique_code: String,
    amount: Amount,
}

pub(super) fn named(transaction: &Transaction) -> Named {
    let order = &transaction.order;
    Named {
        apm_key: order.connection.key,
        apm_connection_id: order.connection.id,
        apm_transaction_id: transaction.id,
        unique_code: transaction.unique_code,
        merchant_unique_code: order.merchant_unique_code.clone(),
        amount: order.amount.clone(),
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Dummy<T> {
    error_code: u8,
    body: T,
    http_code: u16,
}

fn dummy<T>(body: T) -> Dummy<T> {
    Dummy {
        error_code: 0,
        body,
        http_code: 200,
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Started {
    success: bool,
    code: Option<&'static str>,
    message: Option<&'static str>,
    status: u8,
    otp_verify_counter_in_seconds: u16,
    id: i64,
    service_id: i64,
    batch_no: i64,
    transaction_sequence_number: i64,
    /// Minor units.
    transaction_amount: i64,
    transaction_approval_code: String,
    loyalty_message: &'static str,
    hash: String,
}

pub(super) fn started(transaction: &Transaction) -> Dummy<Started> {
    let minor = transaction.order.amount.value() * Decimal::ONE_HUNDRED;
    dummy(Started {
        success: true,
        code: None,
        message: None,
        status: 0,
        otp_verify_counter_in_seconds: CODE_SECONDS,
        id: transaction.id,
        service_id: 1000,
        batch_no: BATCH,
        transaction_sequence_number: transaction.id,
        transaction_amount: minor.to_i64().unwrap_or_default(),
        transaction_approval_code: format!("{:012}", transaction.id),
        loyalty_message: "",
        hash: hex::encode(Sha256::digest(transaction.unique_code.to_string())),
    })
}

const BATCH: i64 = 102;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Done {
    response_code: u8,
    response_message: &'static str,
    merchant_code: &'static str,
    terminal_code: &'static str,
    card_no: String,
    sale_ref_code: Uuid,
    transaction_id: i64,
    /// Major units.
    transaction_amount: Amount,
    batch_no: i64,
    balance: &'static str,
    card_owner: &'static str,
    product_name: &'static str,
}

pub(super) fn done(transaction: &Transaction, amount: Amount) -> Dummy<Done> {
    dummy(Done {
        response_code: 0,
        response_message: "",
        merchant_code: "",
        terminal_code: "",
        card_no: transaction.order.masked_card.clone(),
        sale_ref_code: transaction.unique_code,
        transaction_id: transaction.id,
        transaction_amount: amount,
        batch_no: BATCH,
        balance: "",
        card_owner: "",
        product_name: "",
    })
}
