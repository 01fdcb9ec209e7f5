//! What the browser may know of cards: plans by BIN, and the cards kept for
//! this order's customer.

use serde::{Deserialize, Serialize};

/// Body of `POST …/bin`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BinRequest {
    /// The first six to eight digits of the card.
    pub bin: String,
}

/// What the first digits tell, and how this order may be paid with the card.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct BinInfo {
    /// In the provider's words, as all of these.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brand: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bank: Option<String>,
    /// `Bonus`, `World` …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<CardKind>,
    /// By count, the single payment first; never empty.
    pub plans: Vec<Plan>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CardKind {
    Credit,
    Debit,
    Prepaid,
}

/// One way to divide the amount. All amounts in minor units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// 1 is the single payment.
    pub installments: u8,
    /// A month's share; rounded, `total` is what counts.
    pub each: i64,
    /// What the shopper pays in all.
    pub total: i64,
    /// Part of `total` above the order's amount.
    pub interest: i64,
    pub paid_by: PaidBy,
}

/// Who bears what the division costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaidBy {
    Shop,
    Shopper,
}

/// Answer of `GET …/cards`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SavedCards {
    pub cards: Vec<SavedCard>,
}

/// A card kept for this order's customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SavedCard {
    /// Good for this checkout only.
    pub id: String,
    /// As the provider masks it, `557920******1297`.
    pub masked: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brand: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bank: Option<String>,
    /// What its owner calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// 1 to 12.
    pub expiry_month: u8,
    /// Four digits.
    pub expiry_year: u16,
    /// It cannot pay any more.
    pub expired: bool,
}
