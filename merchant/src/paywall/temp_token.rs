//! temptoken (paywall.md §1.1): the only credential that a browser may hold.

use serde::{Deserialize, Serialize};

use super::call::read;
use super::types::Envelope;
use super::{Error, PayWall};

/// Minutes that a TempToken lives: time enough to type a card, within both ranges.
const MINUTES: u16 = 15;

/// Which of the two documented requests to send. Every installation seen takes
/// the old one; the new one has further rights and a longer life.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TempTokenForm {
    #[default]
    Old,
    New,
}

/// Body of temptoken.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct TempTokenRequest {
    pub client_card_save: bool,
    pub three_d_session: bool,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Scopes>,
    /// Minutes: 0 to 30 in the old form, 0 to 1440 in the new one.
    pub expiry_min: u16,
}

/// What the new form has more.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Scopes {
    pub client_sdk: bool,
    /// Whether `scope` grants the right, and not the flags.
    pub scope_based: bool,
    pub scope: Scope,
}

/// One right; the numbers are no bit mask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    None = 0,
    ClientCardSave = 1,
    ThreeDSession = 2,
    ClientSdk = 3,
}

impl Serialize for Scope {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_u8(*self as u8)
    }
}

impl TempTokenForm {
    fn longest_minutes(self) -> u16 {
        match self {
            TempTokenForm::Old => 30,
            TempTokenForm::New => 1440,
        }
    }
}

impl TempTokenRequest {
    /// Good for tempcard and nothing else, for so many minutes or the most that the form takes.
    pub fn for_a_card(form: TempTokenForm, minutes: u16) -> Self {
        TempTokenRequest {
            client_card_save: true,
            three_d_session: false,
            scopes: (form == TempTokenForm::New).then_some(Scopes {
                client_sdk: false,
                scope_based: false,
                scope: Scope::None,
            }),
            expiry_min: minutes.min(form.longest_minutes()),
        }
    }
}

/// `Body` of temptoken's answer.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct TempToken {
    pub token: String,
    /// ISO 8601 with an offset.
    pub expiry_date_time: String,
}

impl PayWall {
    /// A token good for tempcard and nothing else.
    pub async fn temp_token(&self) -> Result<TempToken, Error> {
        let body = TempTokenRequest::for_a_card(self.temp_token_form, MINUTES);
        let request = self.payments.post("/api/paywall/temptoken").json(&body);
        read(self.payments.send::<Envelope>("temptoken", request).await?)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_new_form_has_the_rights_beside_the_flags() {
        let written = serde_json::to_value(TempTokenRequest::for_a_card(TempTokenForm::New, 30));
        assert_eq!(
            written.unwrap(),
            json!({ "ClientCardSave": true, "ThreeDSession": false, "ClientSdk": false,
                    "ScopeBased": false, "Scope": 0, "ExpiryMin": 30 })
        );
        assert_eq!(
            [
                Scope::None,
                Scope::ClientCardSave,
                Scope::ThreeDSession,
                Scope::ClientSdk
            ]
            .map(|scope| serde_json::to_value(scope).unwrap()),
            [0, 1, 2, 3].map(|number| json!(number))
        );
    }

    #[test]
    fn a_life_beyond_the_forms_range_is_cut() {
        let minutes = |form, asked| TempTokenRequest::for_a_card(form, asked).expiry_min;
        assert_eq!(minutes(TempTokenForm::Old, 31), 30);
        assert_eq!(minutes(TempTokenForm::Old, 0), 0);
        assert_eq!(minutes(TempTokenForm::New, 1441), 1440);
        assert_eq!(minutes(TempTokenForm::New, 60), 60);
    }
}
