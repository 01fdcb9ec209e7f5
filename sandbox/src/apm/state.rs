//! What the APM room remembers. Knows no HTTP.

use jiff::Timestamp;
use uuid::Uuid;

use super::transaction::{Order, Phase, Transaction};
use crate::app::Ids;
use crate::paywall::general::General;

#[derive(Debug, Default)]
pub(crate) struct State {
    /// Oldest first.
    transactions: Vec<Transaction>,
}

impl State {
    /// A MerchantUniqueCode is never free again, not after a failure either.
    pub(super) fn start(
        &mut self,
        ids: &Ids,
        order: Order,
        phase: Phase,
        now: Timestamp,
    ) -> Result<Transaction, General> {
        let code = &order.merchant_unique_code;
        let taken = |known: &Transaction| known.order.merchant_unique_code == *code;
        if self.transactions.iter().any(taken) {
            return Err(General::DuplicateMerchantUniqueCode);
        }
        let transaction = Transaction::new(ids.next(), order, phase, now);
        self.transactions.push(transaction.clone());
        Ok(transaction)
    }

    /// As it stands `now`.
    pub(super) fn by_unique_code(
        &mut self,
        code: Uuid,
        now: Timestamp,
    ) -> Option<&mut Transaction> {
        self.find(now, |known| known.unique_code == code)
    }

    /// As it stands `now`.
    pub(super) fn by_merchant_code(
        &mut self,
        code: &str,
        now: Timestamp,
    ) -> Option<&mut Transaction> {
        self.find(now, |known| known.order.merchant_unique_code == code)
    }

    /// As they stand `now`, oldest first.
    pub(super) fn all(&mut self, now: Timestamp) -> &[Transaction] {
        for transaction in &mut self.transactions {
            transaction.tick(now);
        }
        &self.transactions
    }

    /// Those that have ended since this was last asked.
    pub(super) fn just_ended(&mut self, now: Timestamp) -> Vec<Transaction> {
        let mut ended = Vec::new();
        for transaction in &mut self.transactions {
            transaction.tick(now);
            if !transaction.told && transaction.outcome().is_some() {
                transaction.told = true;
                ended.push(transaction.clone());
            }
        }
        ended
    }

    fn find(
        &mut self,
        now: Timestamp,
        is: impl Fn(&Transaction) -> bool,
    ) -> Option<&mut Transaction> {
        let found = self.transactions.iter_mut().find(|known| is(known))?;
        found.tick(now);
        Some(found)
    }
}
