//! What the Hepsipay stand-in remembers: sales, refunds, switches. Knows no HTTP.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::refusal::Refusal;
use super::sale::{Order, Sale};

#[derive(Debug, Default)]
pub(crate) struct State {
    /// Oldest first.
    sales: Vec<Sale>,
    /// TransactionIds of refunds that were taken.
    refunds: HashSet<String>,
    /// save calls by TransactionId, refused ones too.
    save_calls: HashMap<String, u32>,
    pub(super) switches: Switches,
}

impl State {
    pub(super) fn count_save(&mut self, transaction_id: &str) {
        *self
            .save_calls
            .entry(transaction_id.to_owned())
            .or_default() += 1;
    }

    pub(super) fn save_calls(&self, transaction_id: &str) -> u32 {
        self.save_calls.get(transaction_id).copied().unwrap_or(0)
    }

    pub(super) fn save(&mut self, order: Order) -> Result<&Sale, Refusal> {
        self.check_unused(&order.transaction_id)?;
        self.sales.push(Sale::new(order));
        self.sales.last().ok_or(Refusal::UnknownPayment)
    }

    /// Refunds `amount` kuruş of the sale `reference`. A repeated TransactionId
    /// is refused before the amount is looked at: whoever sends a lost refund
    /// again must learn that it was done.
    pub(super) fn refund(
        &mut self,
        transaction_id: &str,
        reference: &str,
        amount: u64,
        currency: &str,
    ) -> Result<(), Refusal> {
        self.check_unused(transaction_id)?;
        let waits = self.switches.refund == RefundMode::Waiting;
        let sale = self
            .sales
            .iter_mut()
            .find(|sale| sale.order.transaction_id == reference)
            .ok_or(Refusal::UnknownPayment)?;
        if sale.order.currency != currency {
            return Err(Refusal::Field("Currency"));
        }
        if waits {
            // Whether it could be done is seen; doing it is left to the approval.
            sale.clone().refund(amount)?;
        } else {
            sale.refund(amount)?;
        }
        self.refunds.insert(transaction_id.to_owned());
        Ok(())
    }

    /// Sales and refunds share their ids: TransactionId is unique.
    fn check_unused(&self, transaction_id: &str) -> Result<(), Refusal> {
        let sold = |sale: &Sale| sale.order.transaction_id == transaction_id;
        if self.sales.iter().any(sold) || self.refunds.contains(transaction_id) {
            Err(Refusal::DuplicateTransactionId)
        } else {
            Ok(())
        }
    }

    pub(super) fn sales(&self) -> &[Sale] {
        &self.sales
    }

    pub(super) fn by_page_mut(&mut self, page: Uuid) -> Option<&mut Sale> {
        self.sales.iter_mut().find(|sale| sale.page == page)
    }
}

/// What the documentation leaves open, and a merchant must bear each way.
#[derive(Clone, Copy, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Switches {
    pub(super) query_x: QueryX,
    pub(super) code_key: CodeKey,
    pub(super) query_page: QueryPage,
    pub(super) refusals: RefusalStatus,
    pub(super) refund: RefundMode,
}

/// Body of `POST /sandbox/hepsipay/switches`; what is absent stays as it is.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct SwitchOrder {
    query_x: Option<QueryX>,
    code_key: Option<CodeKey>,
    query_page: Option<QueryPage>,
    refusals: Option<RefusalStatus>,
    refund: Option<RefundMode>,
}

impl Switches {
    pub(super) fn apply(&mut self, order: SwitchOrder) {
        *self = Self {
            query_x: order.query_x.unwrap_or(self.query_x),
            code_key: order.code_key.unwrap_or(self.code_key),
            query_page: order.query_page.unwrap_or(self.query_page),
            refusals: order.refusals.unwrap_or(self.refusals),
            refund: order.refund.unwrap_or(self.refund),
        };
    }
}

/// What ends the signature of a query's answer (hepsipay.md §5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum QueryX {
    #[default]
    Code,
    Message,
}

/// How a query's answer spells the key of the payment's code (hepsipay.md §8).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum CodeKey {
    #[default]
    Reponse,
    Response,
    ReponseBlank,
}

impl CodeKey {
    pub(super) fn spelled(self) -> &'static str {
        match self {
            Self::Reponse => "paymentTransactionReponseCode",
            Self::Response => "paymentTransactionResponseCode",
            Self::ReponseBlank => "paymentTransactionReponseCode ",
        }
    }
}

/// Whether a query must name the page. A merchant that lost the answer to save
/// does not know it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum QueryPage {
    #[default]
    Required,
    Optional,
}

/// HTTP status of a refusal (hepsipay.md §3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum RefusalStatus {
    /// 200
    #[default]
    Ok,
    /// 400
    BadRequest,
}

/// Whether a refund is done, or accepted and left waiting for an approval.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum RefundMode {
    #[default]
    Done,
    Waiting,
}
