//! PayWall's base addresses, keys and switches (paywall.md §0.1, §0.2, §0.4).

use super::SettingsError;
use super::given::Given;
use crate::paywall::temp_token::TempTokenForm;
use crate::secret::Secret;

/// All names begin with `KASA_PAYWALL_`. Base addresses have no trailing slash.
#[derive(Clone, Debug)]
pub struct PayWallSettings {
    pub payment_api: String,
    pub private_api: String,
    /// Where saved cards are; without one there are none.
    pub card_api: Option<String>,
    /// Where terminals are; without one there are none.
    pub physical_api: Option<String>,
    pub public_key: Secret,
    pub public_client: Secret,
    pub private_key: Secret,
    pub private_client: Secret,
    /// Keys of the hashes on what comes back: of 3D results, of APMs, of
    /// terminals. Without one, such a message carries no proof and is a hint only.
    pub hash_key_3d: Option<Secret>,
    pub hash_key_apm: Option<Secret>,
    pub hash_key_pos: Option<Secret>,
    pub temp_token_form: TempTokenForm,
    /// Whether alternative methods are offered at all.
    pub apm: bool,
    pub apm_start: ApmStart,
}

/// Which call starts an APM with a one-time code (§3.3, §3.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApmStart {
    Pay,
    RequestOtp,
}

const GROUP: &str = "PAYWALL_";

impl PayWallSettings {
    /// `None` when nothing of it was given.
    pub(super) fn read(given: &Given) -> Result<Option<Self>, SettingsError> {
        if !given.any(GROUP) {
            return Ok(None);
        }
        Ok(Some(PayWallSettings {
            payment_api: given.base("PAYWALL_PAYMENT_API")?,
            private_api: given.base("PAYWALL_PRIVATE_API")?,
            card_api: given.optional_base("PAYWALL_CARD_API")?,
            physical_api: given.optional_base("PAYWALL_PHYSICAL_API")?,
            public_key: given.secret("PAYWALL_PUBLIC_KEY")?,
            public_client: given.secret("PAYWALL_PUBLIC_CLIENT")?,
            private_key: given.secret("PAYWALL_PRIVATE_KEY")?,
            private_client: given.secret("PAYWALL_PRIVATE_CLIENT")?,
            hash_key_3d: given.optional_secret("PAYWALL_HASH_KEY_3D")?,
            hash_key_apm: given.optional_secret("PAYWALL_HASH_KEY_APM")?,
            hash_key_pos: given.optional_secret("PAYWALL_HASH_KEY_POS")?,
            temp_token_form: given.choice(
                "PAYWALL_TEMP_TOKEN_FORM",
                [("old", TempTokenForm::Old), ("new", TempTokenForm::New)],
            )?,
            apm: given.switch("PAYWALL_APM")?,
            apm_start: given.choice(
                "PAYWALL_APM_START",
                [
                    ("pay", ApmStart::Pay),
                    ("request_otp", ApmStart::RequestOtp),
                ],
            )?,
        }))
    }
}
