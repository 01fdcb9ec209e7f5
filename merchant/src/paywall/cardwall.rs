//! Saved cards (paywall.md §5.3): CardWallAPI, private keys. PayWall's
//! `UniqueCode` of a card rotates: list before each use, never store it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::call::{Line, read};
use super::types::Envelope;
use super::{Error, Refusal};

/// A connection to CardWall with its keys.
pub struct CardWall {
    line: Line,
}

/// A card object. Holds nothing that could pay without the keys.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct SavedCard {
    /// Good until the next list.
    pub unique_code: String,
    /// What its owner calls it.
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub card_bin: Option<String>,
    #[serde(default)]
    pub card_last_four: Option<String>,
    /// Masked.
    #[serde(default)]
    pub card_number: Option<String>,
    /// True: it cannot pay.
    #[serde(default)]
    pub expired: bool,
    #[serde(default, deserialize_with = "super::lenient::integer")]
    pub month: Option<u8>,
    /// Four digits.
    #[serde(default, deserialize_with = "super::lenient::integer")]
    pub year: Option<u16>,
    #[serde(default)]
    pub details: Option<Details>,
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Details {
    /// `Master Card`, `Visa`.
    #[serde(default)]
    pub card_brand: Option<String>,
    #[serde(default)]
    pub card_bank: Option<String>,
}

/// Body of DELETE.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Delete<'a> {
    pub relational_id1: &'a str,
    pub unique_code: &'a str,
}

const PATH: &str = "/paywall/card";

impl CardWall {
    pub(super) fn new(line: Line) -> Self {
        CardWall { line }
    }

    /// The cards of a customer (`RelationalId1`). One that cannot be read is left
    /// out: it must not hide the others.
    pub async fn list(&self, customer: &str) -> Result<Vec<SavedCard>, Error> {
        let request = self
            .line
            .get(PATH)
            .header("relationalid1", customer)
            .header("includedetails", "TRUE");
        let cards = match self.line.send::<Envelope>("card list", request).await {
            Ok(Value::Array(cards)) => cards,
            // `""` and null are how other calls write that there is nothing.
            Ok(Value::Null | Value::String(_)) => Vec::new(),
            Ok(other) => read(other)?,
            Err(Error::Refused(refusal)) if refusal.is_no_card() => Vec::new(),
            Err(error) => return Err(error),
        };
        let read = |card| serde_json::from_value(card).ok();
        Ok(cards.into_iter().filter_map(read).collect())
    }

    /// Forgets a card under the code that the last list gave it. A card that is
    /// not there is forgotten.
    pub async fn delete(&self, customer: &str, unique_code: &str) -> Result<(), Error> {
        let body = Delete {
            relational_id1: customer,
            unique_code,
        };
        let request = self.line.delete(PATH).json(&body);
        match self.line.send::<Envelope>("card delete", request).await {
            Err(Error::Refused(refusal)) if refusal.is_no_card() => Ok(()),
            done => done.map(drop),
        }
    }
}

impl Refusal {
    /// CardWall's "card not found" (§5.6 table (ii)) and "requested data not found".
    fn is_no_card(&self) -> bool {
        matches!(self.code, 115 | 73)
    }
}
