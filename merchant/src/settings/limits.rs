//! How often the same checkout, customer and address may try: against those who
//! try out cards that are not theirs.

use std::time::Duration;

use super::SettingsError;
use super::given::Given;

/// Of customers and addresses within [`window`](Self::window), of a checkout in
/// its whole life. Zero: not limited.
#[derive(Clone, Debug)]
pub struct LimitSettings {
    pub window: Duration,
    pub checkout_payments: u32,
    pub checkout_tokens: u32,
    pub checkout_lookups: u32,
    pub customer_payments: u32,
    pub address_payments: u32,
    /// What makes the server ask a provider: TempTokens, BINs, saved cards, codes, cancels.
    pub address_questions: u32,
}

impl LimitSettings {
    pub(super) fn read(given: &Given) -> Result<Self, SettingsError> {
        Ok(LimitSettings {
            window: given.duration("LIMIT_SECONDS", 3600)?,
            checkout_payments: given.count("LIMIT_CHECKOUT_PAYMENTS", 10)?,
            checkout_tokens: given.count("LIMIT_CHECKOUT_TOKENS", 30)?,
            checkout_lookups: given.count("LIMIT_CHECKOUT_LOOKUPS", 100)?,
            customer_payments: given.count("LIMIT_CUSTOMER_PAYMENTS", 30)?,
            address_payments: given.count("LIMIT_ADDRESS_PAYMENTS", 100)?,
            address_questions: given.count("LIMIT_ADDRESS_QUESTIONS", 1000)?,
        })
    }
}
