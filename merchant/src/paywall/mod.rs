//! PayWall, as the merchant server uses it: its calls, their envelopes, and what
//! can go wrong. One file a topic; the sections of paywall.md stand in each.
//!
//! Knows nothing of orders or the database. The types here are this server's
//! own reading of the contract, shared with nobody.

pub mod amount;
pub mod apm;
pub mod bin;
mod call;
mod callback;
mod card;
pub mod cardwall;
mod error;
pub mod hash;
mod lenient;
pub mod physical;
mod returned;
pub mod temp_token;
pub mod types;

use jiff::tz::TimeZone;

pub use callback::{ApmCallback, PhysicalCallback};
pub use cardwall::CardWall;
pub use error::{Error, Refusal, SetUpError, StartRefusal};
pub use hash::Forgery;
pub use physical::Physical;
pub use returned::{ApmReturned, Returned};

pub use crate::outbound::Loss;

use crate::outbound::{Client, Terms};
use crate::settings::PayWallSettings;
use call::Line;
use temp_token::TempTokenForm;

/// PayWall's days are Türkiye's.
const TIME_ZONE: &str = "Europe/Istanbul";

/// A connection to PayWall's payment APIs with its keys.
pub struct PayWall {
    /// PaymentAPI, public keys.
    payments: Line,
    /// PaymentPrivateAPI, private keys.
    private: Line,
    time_zone: TimeZone,
    temp_token_form: TempTokenForm,
}

impl PayWall {
    pub fn new(settings: &PayWallSettings, terms: impl Into<Terms>) -> Result<Self, SetUpError> {
        let Terms {
            timeout,
            calls,
            way,
        } = terms.into();
        let client = Client::new(timeout, way)?;
        let public = [
            (
                "apikeypublic",
                &settings.public_key,
                "KASA_PAYWALL_PUBLIC_KEY",
            ),
            (
                "apiclientpublic",
                &settings.public_client,
                "KASA_PAYWALL_PUBLIC_CLIENT",
            ),
        ];
        let private = [
            (
                "apikeyprivate",
                &settings.private_key,
                "KASA_PAYWALL_PRIVATE_KEY",
            ),
            (
                "apiclientprivate",
                &settings.private_client,
                "KASA_PAYWALL_PRIVATE_CLIENT",
            ),
        ];
        Ok(PayWall {
            payments: Line::new(
                client.clone(),
                calls.clone(),
                settings.payment_api.clone(),
                public,
            )?,
            private: Line::new(client, calls, settings.private_api.clone(), private)?,
            time_zone: TimeZone::get(TIME_ZONE)
                .map_err(|error| SetUpError::TimeZone(TIME_ZONE, error))?,
            temp_token_form: settings.temp_token_form,
        })
    }

    /// The saved cards behind the same private keys; `base` without trailing slash.
    pub fn card_wall(&self, base: &str) -> CardWall {
        CardWall::new(self.private.at(base))
    }

    /// The terminals behind the same private keys; `base` without trailing slash.
    pub fn physical(&self, base: &str) -> Physical {
        Physical::new(self.private.at(base))
    }

    /// Base address of the PaymentAPI, as browsers need it too; no trailing slash.
    pub fn payment_api(&self) -> &str {
        self.payments.base()
    }
}
