//! Corefy's addresses and keys, through which Aspay is reached (corefy.md §1, §2).

use super::SettingsError;
use super::given::Given;
use crate::secret::Secret;

/// All names begin with `KASA_COREFY_`. Base addresses have no trailing slash.
#[derive(Clone, Debug)]
pub struct CorefySettings {
    /// Of the private API.
    pub api: String,
    /// Of the hosted page, where the shopper's browser goes; without one, it goes
    /// where an invoice says.
    pub hpp: Option<String>,
    /// User of HTTP Basic: the commerce account's id.
    pub account: String,
    /// Password of HTTP Basic.
    pub api_key: Secret,
    /// Key of the signature on callbacks, of live and of test operations. The
    /// one of the mode in use is needed.
    pub secret_live: Option<Secret>,
    pub secret_test: Option<Secret>,
    pub test_mode: bool,
    /// Only for the organisation-level form of the API.
    pub commerce_account: Option<String>,
    /// `data.type` as `payment-invoices` instead of `payment-invoice` (§3).
    pub type_plural: bool,
}

impl CorefySettings {
    /// `None` when nothing of it was given.
    pub(super) fn read(given: &Given) -> Result<Option<Self>, SettingsError> {
        if !given.any("COREFY_") {
            return Ok(None);
        }
        let test_mode = given.switch("COREFY_TEST_MODE")?;
        given.secret(if test_mode {
            "COREFY_SECRET_TEST"
        } else {
            "COREFY_SECRET_LIVE"
        })?;
        Ok(Some(CorefySettings {
            api: given.base("COREFY_API")?,
            hpp: given.optional_base("COREFY_HPP")?,
            account: given.needed("COREFY_ACCOUNT")?,
            api_key: given.secret("COREFY_API_KEY")?,
            secret_live: given.optional_secret("COREFY_SECRET_LIVE")?,
            secret_test: given.optional_secret("COREFY_SECRET_TEST")?,
            test_mode,
            commerce_account: given.text("COREFY_COMMERCE_ACCOUNT")?,
            type_plural: given.switch("COREFY_TYPE_PLURAL")?,
        }))
    }
}
