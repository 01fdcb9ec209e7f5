//! One payment or payout invoice from its creation to its end (corefy.md §7,
//! §10). Decides only: no clock, no HTTP, no words. Amounts are major units.

use jiff::Timestamp;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

/// The statuses that the sandbox reaches by itself. The control call can set any
/// other, because merchants must bear unknown ones.
pub(super) const CREATED: &str = "created";
pub(super) const PROCESS_PENDING: &str = "process_pending";
pub(super) const PROCESSED: &str = "processed";
pub(super) const PROCESS_FAILED: &str = "process_failed";
pub(super) const TERMINATED: &str = "terminated";
pub(super) const EXPIRED: &str = "expired";

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    Payment,
    Payout,
}

impl Kind {
    /// How ids begin. That of payouts is not documented.
    fn prefix(self) -> &'static str {
        match self {
            Self::Payment => "cpi_",
            Self::Payout => "cpo_",
        }
    }

    /// `data.type` of every answer, and the path of the calls.
    pub(super) fn plural(self) -> &'static str {
        match self {
            Self::Payment => "payment-invoices",
            Self::Payout => "payout-invoices",
        }
    }

    /// `data.type` as the Aspay page spells it.
    pub(super) fn singular(self) -> &'static str {
        match self {
            Self::Payment => "payment-invoice",
            Self::Payout => "payout-invoice",
        }
    }
}

/// What the merchant asked for, checked.
#[derive(Clone, Debug)]
pub(super) struct Order {
    pub(super) reference_id: String,
    pub(super) amount: Decimal,
    pub(super) currency: String,
    pub(super) description: Option<String>,
    pub(super) test_mode: bool,
    pub(super) metadata: Map<String, Value>,
    pub(super) callback_url: Option<String>,
    pub(super) what: What,
}

#[derive(Clone, Debug)]
pub(super) enum What {
    Payment {
        returns: Returns,
        /// `flow_data` leads past the hosted page, so it is under way at once.
        bypass_hpp: bool,
        expires: Timestamp,
    },
    Payout {
        /// Starts by itself.
        auto_process: bool,
        /// The bank will refuse the account's holder.
        refused: bool,
    },
}

/// Where the browser goes afterwards.
#[derive(Clone, Debug, Default)]
pub(super) struct Returns {
    pub(super) success: Option<String>,
    pub(super) pending: Option<String>,
    pub(super) fail: Option<String>,
    /// Where the matching one is missing.
    pub(super) any: Option<String>,
    /// Whether id and status are appended.
    pub(super) with_context: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Invoice {
    pub(super) id: String,
    /// Of the gate's page.
    pub(super) sid: String,
    pub(super) order: Order,
    pub(super) status: String,
    pub(super) created: Timestamp,
    /// Grows with every change, even within a second: merchants order by it.
    pub(super) updated: Timestamp,
    pub(super) processed: Option<(Timestamp, Decimal)>,
    pub(super) refunded: Option<Decimal>,
}

/// What the payer does on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Deed {
    Pay,
    Decline,
    Cancel,
    /// Goes back to the shop while the outcome is not known.
    Leave,
}

impl Deed {
    /// Value of the button.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Pay => "pay",
            Self::Decline => "decline",
            Self::Cancel => "cancel",
            Self::Leave => "leave",
        }
    }

    pub(super) fn status(self) -> &'static str {
        match self {
            Self::Pay => PROCESSED,
            Self::Decline => PROCESS_FAILED,
            Self::Cancel => TERMINATED,
            Self::Leave => PROCESS_PENDING,
        }
    }
}

impl Invoice {
    pub(super) fn new(order: Order, now: Timestamp) -> Self {
        let kind = order.what.kind();
        Self {
            id: format!("{}{}", kind.prefix(), sixteen()),
            sid: format!("cgi_{}", sixteen()),
            order,
            status: CREATED.to_owned(),
            created: now,
            updated: now,
            processed: None,
            refunded: None,
        }
    }

    pub(super) fn kind(&self) -> Kind {
        self.order.what.kind()
    }

    /// Whether it changed.
    pub(super) fn set_status(&mut self, status: &str, now: Timestamp) -> bool {
        if self.status == status {
            return false;
        }
        self.status = status.to_owned();
        let later = self.updated.as_second() + 1;
        self.updated = Timestamp::from_second(later).map_or(now, |later| later.max(now));
        let amount = self.order.amount;
        match status {
            PROCESSED => self.processed = Some((now, amount)),
            "partially_processed" => self.processed = Some((now, half(amount))),
            "refunded" => self.refunded = Some(amount),
            "partially_refunded" => self.refunded = Some(half(amount)),
            _ => {}
        }
        true
    }

    /// What follows from its creation by itself; whether anything did.
    pub(super) fn begin(&mut self, now: Timestamp) -> bool {
        match self.order.what {
            What::Payment {
                bypass_hpp: true, ..
            } => self.set_status(PROCESS_PENDING, now),
            What::Payout {
                auto_process: true, ..
            } => self.process(now),
            _ => false,
        }
    }

    /// Starts a payout, which ends at once; whether it could be started.
    pub(super) fn process(&mut self, now: Timestamp) -> bool {
        match self.order.what {
            What::Payout { refused, .. } if self.status == CREATED => {
                let end = if refused { PROCESS_FAILED } else { PROCESSED };
                self.set_status(end, now)
            }
            _ => false,
        }
    }

    /// Whether its page may still be used.
    pub(super) fn is_open(&self) -> bool {
        let open = [CREATED, "processing", PROCESS_PENDING, "process_error"];
        open.contains(&self.status.as_str())
    }

    /// Ends a payment whose time is over; whether it did.
    pub(super) fn expire(&mut self, now: Timestamp) -> bool {
        match self.order.what {
            What::Payment { expires, .. } if expires <= now && self.is_open() => {
                self.set_status(EXPIRED, now)
            }
            _ => false,
        }
    }

    /// Where the browser goes as things stand.
    pub(super) fn return_url(&self) -> Option<&str> {
        let What::Payment { returns, .. } = &self.order.what else {
            return None;
        };
        let matching = match self.status.as_str() {
            PROCESSED | "partially_processed" => &returns.success,
            _ if self.is_open() => &returns.pending,
            _ => &returns.fail,
        };
        matching.as_deref().or(returns.any.as_deref())
    }
}

impl What {
    fn kind(&self) -> Kind {
        match self {
            Self::Payment { .. } => Kind::Payment,
            Self::Payout { .. } => Kind::Payout,
        }
    }
}

/// Rounded down to whole kuruş.
fn half(amount: Decimal) -> Decimal {
    (amount / Decimal::TWO).round_dp_with_strategy(2, RoundingStrategy::ToZero)
}

/// Sixteen letters and digits.
fn sixteen() -> String {
    let mut name = Uuid::new_v4().simple().to_string();
    name.truncate(16);
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invoice(what: What) -> Invoice {
        let order = Order {
            reference_id: "r-1".into(),
            amount: Decimal::new(12_991, 2),
            currency: "TRY".into(),
            description: None,
            test_mode: true,
            metadata: Map::new(),
            callback_url: None,
            what,
        };
        Invoice::new(order, at(10))
    }

    fn payment() -> Invoice {
        invoice(What::Payment {
            returns: Returns {
                success: Some("s".into()),
                any: Some("a".into()),
                ..Returns::default()
            },
            bypass_hpp: false,
            expires: at(100),
        })
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn changes_within_one_second_are_still_in_order() {
        let mut invoice = payment();
        assert!(invoice.set_status(PROCESS_PENDING, at(10)));
        assert!(!invoice.set_status(PROCESS_PENDING, at(20)));
        assert!(invoice.set_status(PROCESSED, at(10)));
        assert_eq!(invoice.updated, at(12));
        invoice.set_status("refunded", at(50));
        assert_eq!(invoice.updated, at(50));
        assert_eq!(invoice.processed.unwrap().0, at(10), "it stays processed");
    }

    #[test]
    fn only_an_open_payment_expires() {
        let mut open = payment();
        assert!(!open.expire(at(99)));
        assert!(open.expire(at(100)));
        let mut paid = payment();
        paid.set_status(PROCESSED, at(20));
        assert!(!paid.expire(at(100)));
    }

    #[test]
    fn the_matching_return_address_wins_over_the_one_for_all() {
        let mut invoice = payment();
        assert_eq!(invoice.return_url(), Some("a"));
        invoice.set_status(PROCESSED, at(20));
        assert_eq!(invoice.return_url(), Some("s"));
        invoice.set_status("something_new", at(30));
        assert_eq!(invoice.return_url(), Some("a"));
    }

    #[test]
    fn half_of_an_odd_amount_is_whole_kurus() {
        let mut invoice = payment();
        invoice.set_status("partially_processed", at(20));
        assert_eq!(invoice.processed.unwrap().1, Decimal::new(6_495, 2));
    }

    #[test]
    fn a_payout_starts_once() {
        for (refused, end) in [(false, PROCESSED), (true, PROCESS_FAILED)] {
            let mut payout = invoice(What::Payout {
                auto_process: false,
                refused,
            });
            assert!(!payout.begin(at(11)));
            assert!(payout.process(at(12)));
            assert_eq!(payout.status, end);
            assert!(!payout.process(at(13)));
        }
    }
}
