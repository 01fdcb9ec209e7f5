//! What the providers recorded, in one shape for all of them. Each provider's
//! own words and numbers end here.

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::Value;

/// A payment as a provider has it.
#[derive(Debug)]
pub struct Charge {
    /// Whose it is: the list of the sandbox that it stands in.
    pub at: &'static str,
    /// What the merchant server calls it.
    pub reference: String,
    /// The provider's own id.
    pub id: String,
    pub stands: Stands,
    /// What it was asked for, minor units.
    pub amount: i64,
    pub refunded: i64,
    /// How often it was asked to be started, where the provider counts.
    pub starts: u32,
    pub installments: u8,
    /// As the provider masks it.
    pub card: Option<String>,
    pub instrument: Instrument,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stands {
    /// Somebody may still pay it.
    Open,
    Paid,
    Failed,
    Canceled,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instrument {
    NewCard,
    SavedCard,
    Other,
}

type Reader = fn(Value) -> Result<Charge>;

/// Lists of the sandbox, and how an entry of each is read.
pub(super) const LISTS: [(&str, Reader); 5] = [
    ("payments", card),
    ("apm", apm),
    ("hepsipay", hepsipay),
    ("corefy", corefy),
    ("pos", pos),
];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CardPayment {
    merchant_unique_code: String,
    payment_id: i64,
    status_id: u8,
    type_id: u8,
    amount: String,
    refundable: String,
    charged: String,
    installment: u8,
    masked_card: String,
    used_temp_card: bool,
    used_saved_card: bool,
    start_calls: u32,
}

/// paywall.md §5.5
fn card(entry: Value) -> Result<Charge> {
    let entry: CardPayment = serde_json::from_value(entry)?;
    let (charged, left) = (minor(&entry.charged)?, minor(&entry.refundable)?);
    let stands = match (entry.status_id, entry.type_id) {
        // Cancelled after it was paid, or refunded: it was paid all the same.
        (4, _) => Stands::Paid,
        (5, _) => Stands::Failed,
        (12, 1) => Stands::Canceled,
        _ => Stands::Open,
    };
    Ok(Charge {
        at: "payments",
        reference: entry.merchant_unique_code,
        id: entry.payment_id.to_string(),
        stands,
        amount: minor(&entry.amount)?,
        refunded: if stands == Stands::Paid {
            charged - left
        } else {
            0
        },
        starts: entry.start_calls,
        installments: entry.installment,
        card: Some(entry.masked_card),
        instrument: match (entry.used_temp_card, entry.used_saved_card) {
            (true, false) => Instrument::NewCard,
            (false, true) => Instrument::SavedCard,
            _ => Instrument::Other,
        },
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ApmTransaction {
    merchant_unique_code: String,
    apm_transaction_id: i64,
    status_id: u8,
    amount: String,
    refunded: String,
    masked_card: String,
}

/// paywall.md §3.7. That the payer went away is a failure like any other there.
fn apm(entry: Value) -> Result<Charge> {
    let entry: ApmTransaction = serde_json::from_value(entry)?;
    Ok(Charge {
        refunded: minor(&entry.refunded)?,
        card: Some(entry.masked_card).filter(|card| !card.is_empty()),
        ..plain(
            "apm",
            entry.merchant_unique_code,
            entry.apm_transaction_id.to_string(),
            match entry.status_id {
                4 => Stands::Paid,
                5 | 9 | 11 => Stands::Failed,
                _ => Stands::Open,
            },
            minor(&entry.amount)?,
        )
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct HepsipayPayment {
    transaction_id: String,
    common_payment_unique_id: String,
    amount: i64,
    status: String,
    refunded: i64,
    save_calls: u32,
}

fn hepsipay(entry: Value) -> Result<Charge> {
    let entry: HepsipayPayment = serde_json::from_value(entry)?;
    Ok(Charge {
        refunded: entry.refunded,
        starts: entry.save_calls,
        ..plain(
            "hepsipay",
            entry.transaction_id,
            entry.common_payment_unique_id,
            match entry.status.as_str() {
                "paid" => Stands::Paid,
                "declined" => Stands::Failed,
                "canceled" => Stands::Canceled,
                _ => Stands::Open,
            },
            entry.amount,
        )
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Invoice {
    id: String,
    reference_id: String,
    amount: String,
    status: String,
    create_calls: u32,
}

/// corefy.md §7
fn corefy(entry: Value) -> Result<Charge> {
    let entry: Invoice = serde_json::from_value(entry)?;
    Ok(Charge {
        starts: entry.create_calls,
        ..plain(
            "corefy",
            entry.reference_id,
            entry.id,
            match entry.status.as_str() {
                "processed" => Stands::Paid,
                "process_failed" | "expired" => Stands::Failed,
                "terminated" => Stands::Canceled,
                _ => Stands::Open,
            },
            minor(&entry.amount)?,
        )
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sale {
    payment_request_id: String,
    merchant_unique_code: String,
    amount: String,
    status: u8,
}

/// paywall.md §4.7
fn pos(entry: Value) -> Result<Charge> {
    let entry: Sale = serde_json::from_value(entry)?;
    Ok(plain(
        "pos",
        entry.merchant_unique_code,
        entry.payment_request_id,
        match entry.status {
            4 => Stands::Paid,
            3 | 5 => Stands::Failed,
            12 => Stands::Canceled,
            _ => Stands::Open,
        },
        minor(&entry.amount)?,
    ))
}

fn plain(at: &'static str, reference: String, id: String, stands: Stands, amount: i64) -> Charge {
    Charge {
        at,
        reference,
        id,
        stands,
        amount,
        refunded: 0,
        starts: 1,
        installments: 1,
        card: None,
        instrument: Instrument::Other,
    }
}

/// `"480.00"`, `"480.5"` or `"480"`, in major units.
fn minor(text: &str) -> Result<i64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = format!("{whole}{part:0<2}");
    digits
        .parse()
        .ok()
        .filter(|_| part.len() <= 2)
        .with_context(|| format!("{text} is no amount"))
}
