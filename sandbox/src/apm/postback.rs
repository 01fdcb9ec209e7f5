//! The result that the payer's browser posts to the merchant (paywall.md §3.8).
//! Knows no HTML.

use super::text;
use super::transaction::{Failure, Transaction};
use crate::paywall::hash;
use crate::secret::Secret;
use crate::time;

/// A form for the browser to post, in the order of its fields.
pub(super) struct PostBack {
    pub(super) url: String,
    pub(super) fields: Vec<(&'static str, String)>,
}

/// The same transaction always gives the same form. Without a key it carries no hash.
pub(super) fn form(
    transaction: &Transaction,
    outcome: Result<(), Failure>,
    key: Option<&Secret>,
) -> PostBack {
    let order = &transaction.order;
    let (status, error_code, message, url) = match outcome {
        Ok(()) => ("Success", "0", "", &order.success_url),
        Err(failure) => ("Unsuccessful", "1", text::failure(failure), &order.fail_url),
    };
    let id = transaction.id.to_string();
    let amount = order.amount.text();
    let hash = key.map(|key| hash::sign(key, &[&id, &order.merchant_unique_code, &amount]));
    let ended_at = transaction.ended_at.unwrap_or(transaction.created_at);
    let mut fields = vec![
        ("date", time::without_offset(ended_at)),
        ("status", status.into()),
        ("errorCode", error_code.into()),
        ("errorMessage", hash::base64(message)),
        // PayWall's own, other than in the form of a card payment.
        ("uniqueCode", transaction.unique_code.to_string()),
        ("merchantUniqueCode", order.merchant_unique_code.clone()),
        ("amount", amount),
        ("apmTransactionId", id),
    ];
    if let Some(hash) = hash {
        fields.push(("hash", hash));
        fields.push(("hashFormat", hash::APM.name.into()));
        fields.push(("hashKeyType", hash::APM.key_type.to_string()));
    }
    PostBack {
        url: url.clone(),
        fields,
    }
}
