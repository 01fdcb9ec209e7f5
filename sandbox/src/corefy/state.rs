//! What the Corefy stand-in remembers: invoices, calls, switches. Knows no HTTP.

use std::collections::HashMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::invoice::{Invoice, Kind, Order};
use super::problem::Refusal;

#[derive(Debug, Default)]
pub(crate) struct State {
    /// Oldest first.
    invoices: Vec<Invoice>,
    /// Create calls by reference_id, refused ones too.
    create_calls: HashMap<(Kind, String), u32>,
    pub(super) switches: Switches,
}

impl State {
    pub(super) fn count_create(&mut self, kind: Kind, reference_id: &str) {
        let key = (kind, reference_id.to_owned());
        *self.create_calls.entry(key).or_default() += 1;
    }

    pub(super) fn create_calls(&self, invoice: &Invoice) -> u32 {
        let key = (invoice.kind(), invoice.order.reference_id.clone());
        self.create_calls.get(&key).copied().unwrap_or(0)
    }

    /// A repeated reference is refused; it does not give the first invoice again.
    pub(super) fn create(&mut self, order: Order, now: Timestamp) -> Result<&mut Invoice, Refusal> {
        let invoice = Invoice::new(order, now);
        let same = |known: &Invoice| {
            known.kind() == invoice.kind() && known.order.reference_id == invoice.order.reference_id
        };
        if self.invoices.iter().any(same) {
            return Err(Refusal::DuplicateReference);
        }
        self.invoices.push(invoice);
        self.invoices.last_mut().ok_or(Refusal::NotFound)
    }

    /// Oldest first.
    pub(super) fn invoices(&self) -> &[Invoice] {
        &self.invoices
    }

    pub(super) fn invoices_mut(&mut self) -> &mut [Invoice] {
        &mut self.invoices
    }

    pub(super) fn by_id(&mut self, id: &str) -> Option<&mut Invoice> {
        self.invoices.iter_mut().find(|invoice| invoice.id == id)
    }

    /// A payment, by the id that its hosted page or its gate is opened with.
    pub(super) fn payment(&mut self, page: &str) -> Option<&mut Invoice> {
        self.invoices
            .iter_mut()
            .filter(|invoice| invoice.kind() == Kind::Payment)
            .find(|invoice| invoice.id == page || invoice.sid == page)
    }
}

/// What the documentation leaves open, and a merchant must bear each way.
#[derive(Clone, Copy, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Switches {
    /// Whether answers carry `hpp_url`.
    pub(super) hpp_url: bool,
    pub(super) empty_maps: EmptyMaps,
    pub(super) create_answer: CreateAnswer,
}

/// Body of `POST /sandbox/corefy/switches`; what is absent stays as it is.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct SwitchOrder {
    hpp_url: Option<bool>,
    empty_maps: Option<EmptyMaps>,
    create_answer: Option<CreateAnswer>,
}

impl Switches {
    pub(super) fn apply(&mut self, order: SwitchOrder) {
        *self = Self {
            hpp_url: order.hpp_url.unwrap_or(self.hpp_url),
            empty_maps: order.empty_maps.unwrap_or(self.empty_maps),
            create_answer: order.create_answer.unwrap_or(self.create_answer),
        };
    }
}

/// How an empty map is written (corefy.md §4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum EmptyMaps {
    #[default]
    Arrays,
    Objects,
}

/// What a merchant hears of an invoice that was created (corefy.md §8).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum CreateAnswer {
    #[default]
    Created,
    /// HTTP 500, though it was created.
    ServerError,
}
