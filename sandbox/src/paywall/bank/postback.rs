//! The 3-D result that the shopper's browser posts to the merchant (paywall.md
//! §2.3): where to, which fields, signed how. Knows no HTML.

use crate::paywall::gateway::GATEWAY;
use crate::paywall::hash;
use crate::paywall::payment::{BankResult, Outcome, Payment};
use crate::paywall::text;
use crate::secret::Secret;
use crate::time;

/// A form for the browser to post, in the order of its fields.
pub(super) struct PostBack {
    pub(super) url: String,
    pub(super) fields: Vec<(&'static str, String)>,
}

/// The same payment and result always give the same form. Without a key it
/// carries no hash.
pub(super) fn form(payment: &Payment, result: BankResult, key: Option<&Secret>) -> PostBack {
    let order = &payment.order;
    let paid = result.outcome == Outcome::Paid;
    let reason = text::reason(result.outcome);
    let (status, error_code) = if paid {
        ("Success", "0")
    } else {
        ("Unsuccessful", "1")
    };
    let payment_id = payment.payment_id.to_string();
    let amount = payment.charged().text();
    let installment = order.installment.to_string();
    let hash = key.map(|key| {
        let code = &order.merchant_unique_code;
        hash::sign(key, &[&payment_id, code, &amount, &installment])
    });

    let mut fields = vec![
        ("date", time::without_offset(result.at)),
        ("status", status.into()),
        ("errorCode", error_code.into()),
        ("errorMessage", hash::base64(reason.paywall)),
        // PayWall's form has this input twice; the second is the provider's.
        ("errorMessage", hash::base64(reason.provider)),
        ("paymentCode", payment.unique_code.to_string()),
        ("uniqueCode", order.merchant_unique_code.clone()),
        ("trackingCode", order.tracking_code.clone()),
        ("amount", amount),
        ("installment", installment),
        ("paymentId", payment_id),
        ("providerErrorCode", reason.provider_code.into()),
        ("providerErrorMessage", hash::base64(reason.provider)),
        ("providerBankErrorCode", reason.bank_code.into()),
        ("providerBankErrorMessage", hash::base64(reason.bank)),
        ("paymentGatewayId", GATEWAY.id.to_string()),
        ("paymentGatewayName", GATEWAY.name.into()),
        ("paymentGatewayProviderName", GATEWAY.provider.into()),
    ];
    if order.save_card.is_some() {
        let saved_as = payment.saved_as.clone();
        let saved = if saved_as.is_some() { "True" } else { "False" };
        fields.push(("cardSaved", saved.into()));
        fields.push(("cardSavedUniqueCode", saved_as.unwrap_or_default()));
    }
    if let Some(hash) = hash {
        fields.push(("hash", hash));
        fields.push(("hashFormat", hash::PAYMENT.name.into()));
        fields.push(("hashKeyType", hash::PAYMENT.key_type.to_string()));
    }
    let url = if paid {
        &order.success_url
    } else {
        &order.fail_url
    };
    PostBack {
        url: url.clone(),
        fields,
    }
}
