//! One card payment from start3d to its end. Decides only: no clock, no HTTP,
//! no words.

use jiff::Timestamp;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::plans::Plan;
use super::refusal::Refusal;
use super::wallet::Wish;
use crate::card::Card;
use crate::money::Amount;

/// The code that every bank page accepts (paywall.md §5.8).
pub(crate) const RIGHT_CODE: &str = "123456";

/// With so many wrong codes the payment fails.
pub(crate) const CODE_ATTEMPTS: u8 = 3;

/// What the merchant asked for in start3d, checked.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(crate) merchant_unique_code: String,
    pub(crate) tracking_code: String,
    pub(crate) amount: Amount,
    pub(crate) currency_id: u8,
    pub(crate) installment: u8,
    pub(crate) success_url: String,
    pub(crate) fail_url: String,
    pub(crate) client_ip: String,
    pub(crate) channel_id: Option<i64>,
    pub(crate) tag_id: Option<i64>,
    /// `CardSave`, when it says `Save`.
    pub(crate) save_card: Option<Wish>,
}

/// Where the card came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    Plain,
    TempCard,
    SavedCard,
}

#[derive(Clone, Debug)]
pub(crate) struct Payment {
    pub(crate) payment_id: i64,
    pub(crate) activity_id: i64,
    /// PayWall's own number, `paymentCode` in the post-back.
    pub(crate) unique_code: Uuid,
    /// `UniqueNumber` of the agent link and id of the bank page.
    pub(crate) session: Uuid,
    pub(crate) order: Order,
    pub(crate) card: Card,
    pub(crate) source: Source,
    pub(in crate::paywall) plan: Plan,
    pub(crate) created_at: Timestamp,
    pub(crate) phase: Phase,
    /// UniqueCode that the card got when it was saved with the payment.
    pub(crate) saved_as: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// start3d answered; the link was not opened yet.
    Created,
    /// The agent link was opened; the bank waits for the code.
    Started { wrong_codes: u8, at: Timestamp },
    /// It ended; nothing but a merchant's cancel of a paid one changes it.
    Ended { outcome: Outcome, at: Timestamp },
    /// It was paid, then cancelled by the merchant.
    Reversed { paid_at: Timestamp, at: Timestamp },
    /// It was paid, then given back in part or in whole.
    Refunded {
        paid_at: Timestamp,
        at: Timestamp,
        /// The last refund, and all of them.
        last: Decimal,
        total: Decimal,
        /// Whether the last one was asked for as a whole.
        whole: bool,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Paid,
    /// The code was right; the bank says no.
    Declined,
    WrongCodes,
    CanceledByShopper,
    CanceledByMerchant,
}

/// What the bank told the shopper's browser; it never changes once it is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BankResult {
    pub(crate) outcome: Outcome,
    pub(crate) at: Timestamp,
}

impl Phase {
    /// `StatusId` (paywall.md §5.5).
    pub(crate) fn status_id(self) -> u8 {
        match self {
            Phase::Created => 1,
            Phase::Started { .. } => 2,
            Phase::Ended { outcome, .. } => match outcome {
                Outcome::Paid => 4,
                Outcome::Declined | Outcome::WrongCodes => 5,
                Outcome::CanceledByShopper | Outcome::CanceledByMerchant => 12,
            },
            Phase::Reversed { .. } => 12,
            // Its last activity, the refund, succeeded.
            Phase::Refunded { .. } => 4,
        }
    }

    /// `TypeId`: 1 sale, 2 refund, 3 cancel, 4 partial refund.
    pub(crate) fn type_id(self) -> u8 {
        match self {
            Phase::Refunded { whole: true, .. } => 2,
            Phase::Refunded { whole: false, .. } => 4,
            Phase::Reversed { .. } => 3,
            _ => 1,
        }
    }
}

impl Payment {
    /// The agent link was opened.
    pub(crate) fn open(&mut self, now: Timestamp) {
        if self.phase == Phase::Created {
            self.phase = Phase::Started {
                wrong_codes: 0,
                at: now,
            };
        }
    }

    /// The shopper gave a code to the bank.
    pub(crate) fn confirm(&mut self, code: &str, now: Timestamp) {
        let wrong_codes = match self.phase {
            Phase::Created => 0,
            Phase::Started { wrong_codes, .. } => wrong_codes,
            _ => return,
        };
        let ended = |outcome| Phase::Ended { outcome, at: now };
        self.phase = match code == RIGHT_CODE {
            true if self.card.pays => ended(Outcome::Paid),
            true => ended(Outcome::Declined),
            false if wrong_codes + 1 >= CODE_ATTEMPTS => ended(Outcome::WrongCodes),
            false => Phase::Started {
                wrong_codes: wrong_codes + 1,
                at: now,
            },
        };
    }

    /// The shopper pressed the bank's cancel button.
    pub(crate) fn cancel_at_bank(&mut self, now: Timestamp) {
        if self.is_open() {
            self.phase = Phase::Ended {
                outcome: Outcome::CanceledByShopper,
                at: now,
            };
        }
    }

    /// `private/cancel`: closes a payment under way, reverses a paid one.
    pub(crate) fn cancel_by_merchant(&mut self, now: Timestamp) -> Result<(), Refusal> {
        self.phase = match self.phase {
            Phase::Created | Phase::Started { .. } => Phase::Ended {
                outcome: Outcome::CanceledByMerchant,
                at: now,
            },
            Phase::Ended {
                outcome: Outcome::Paid,
                at,
            } => Phase::Reversed {
                paid_at: at,
                at: now,
            },
            _ => return Err(Refusal::AlreadyConcluded),
        };
        Ok(())
    }

    /// `private/refund` (no amount: all that is left) and `private/refund/partial`.
    pub(crate) fn refund(
        &mut self,
        amount: Option<Decimal>,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let (paid_at, before) = match self.phase {
            Phase::Created | Phase::Started { .. } => return Err(Refusal::NothingToDo),
            Phase::Ended {
                outcome: Outcome::Paid,
                at,
            } => (at, Decimal::ZERO),
            Phase::Refunded { paid_at, total, .. } => (paid_at, total),
            Phase::Ended { .. } | Phase::Reversed { .. } => return Err(Refusal::AlreadyConcluded),
        };
        let left = self.charged().value() - before;
        if left.is_zero() {
            return Err(Refusal::AlreadyConcluded);
        }
        let last = amount.unwrap_or(left);
        if last <= Decimal::ZERO {
            return Err(Refusal::AmountNotPositive);
        }
        if last > left {
            return Err(Refusal::AmountTooHigh);
        }
        self.phase = Phase::Refunded {
            paid_at,
            at: now,
            last,
            total: before + last,
            whole: amount.is_none(),
        };
        Ok(())
    }

    /// What the shopper is charged, interest included; without interest the very
    /// digits that start3d sent.
    pub(crate) fn charged(&self) -> Amount {
        let interest = self.interest();
        if interest.is_zero() {
            self.order.amount.clone()
        } else {
            Amount::of(self.order.amount.value() + interest)
        }
    }

    pub(crate) fn interest(&self) -> Decimal {
        self.plan.interest_on(self.order.amount.value())
    }

    /// What can still be given back.
    pub(crate) fn refundable(&self) -> Amount {
        match self.phase {
            Phase::Ended {
                outcome: Outcome::Paid,
                ..
            } => self.charged(),
            Phase::Refunded { total, .. } if total < self.charged().value() => {
                Amount::of(self.charged().value() - total)
            }
            _ => Amount::zero(),
        }
    }

    pub(crate) fn is_open(&self) -> bool {
        matches!(self.phase, Phase::Created | Phase::Started { .. })
    }

    /// Codes that may still be tried.
    pub(crate) fn attempts_left(&self) -> u8 {
        match self.phase {
            Phase::Created => CODE_ATTEMPTS,
            Phase::Started { wrong_codes, .. } => CODE_ATTEMPTS.saturating_sub(wrong_codes),
            _ => 0,
        }
    }

    /// What the bank said, once it has said something.
    pub(crate) fn bank_result(&self) -> Option<BankResult> {
        match self.phase {
            Phase::Created | Phase::Started { .. } => None,
            Phase::Ended {
                outcome: Outcome::CanceledByMerchant,
                ..
            } => None,
            Phase::Ended { outcome, at } => Some(BankResult { outcome, at }),
            Phase::Reversed { paid_at, .. } | Phase::Refunded { paid_at, .. } => Some(BankResult {
                outcome: Outcome::Paid,
                at: paid_at,
            }),
        }
    }

    pub(crate) fn last_activity_at(&self) -> Timestamp {
        match self.phase {
            Phase::Created => self.created_at,
            Phase::Started { at, .. }
            | Phase::Ended { at, .. }
            | Phase::Reversed { at, .. }
            | Phase::Refunded { at, .. } => at,
        }
    }

    /// Whether the bank paid, whatever became of the money since.
    pub(crate) fn was_paid(&self) -> bool {
        let paid = |result: BankResult| result.outcome == Outcome::Paid;
        self.bank_result().is_some_and(paid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::card::Sent;

    fn payment(number: &str) -> Payment {
        let sent = Sent {
            owner: "Ada Deneme",
            number,
            month: "09",
            year: "28",
            cvv: Some("000"),
        };
        Payment {
            payment_id: 1001,
            activity_id: 2001,
            unique_code: Uuid::new_v4(),
            session: Uuid::new_v4(),
            order: Order {
                merchant_unique_code: "ORD-1".into(),
                tracking_code: String::new(),
                amount: serde_json::from_str("10.50").unwrap(),
                currency_id: 1,
                installment: 1,
                success_url: "https://shop.example/ok".into(),
                fail_url: "https://shop.example/fail".into(),
                client_ip: "192.0.2.1".into(),
                channel_id: None,
                tag_id: None,
                save_card: None,
            },
            card: Card::read(sent).unwrap(),
            source: Source::TempCard,
            plan: crate::paywall::plans::AT_ONCE,
            created_at: at(0),
            phase: Phase::Created,
            saved_as: None,
        }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    const PAYING: &str = "5141181677407907";
    const FAILING: &str = "9792088780144513";

    #[test]
    fn the_link_can_be_opened_again_without_forgetting_wrong_codes() {
        let mut payment = payment(PAYING);
        payment.open(at(1));
        payment.confirm("000000", at(2));
        payment.open(at(3));
        assert_eq!((payment.phase.status_id(), payment.attempts_left()), (2, 2));
    }

    #[test]
    fn a_card_that_fails_is_declined_only_after_the_right_code() {
        let mut payment = payment(FAILING);
        payment.open(at(1));
        payment.confirm("000000", at(2));
        assert!(payment.is_open());
        payment.confirm(RIGHT_CODE, at(3));
        assert_eq!(
            payment.phase,
            Phase::Ended {
                outcome: Outcome::Declined,
                at: at(3)
            }
        );
    }

    #[test]
    fn nothing_at_the_bank_changes_an_end() {
        let mut payment = payment(PAYING);
        payment.confirm(RIGHT_CODE, at(1));
        let told = payment.bank_result();
        payment.open(at(2));
        payment.confirm("000000", at(2));
        payment.cancel_at_bank(at(2));
        assert_eq!(payment.bank_result(), told);
        assert_eq!(payment.phase.status_id(), 4);
    }

    #[test]
    fn a_reversed_payment_keeps_what_the_bank_said() {
        let mut payment = payment(PAYING);
        payment.confirm(RIGHT_CODE, at(1));
        payment.cancel_by_merchant(at(9)).unwrap();
        assert_eq!(
            (payment.phase.status_id(), payment.phase.type_id()),
            (12, 3)
        );
        assert_eq!(
            payment.bank_result(),
            Some(BankResult {
                outcome: Outcome::Paid,
                at: at(1)
            })
        );
        assert_eq!(
            payment.cancel_by_merchant(at(10)),
            Err(Refusal::AlreadyConcluded)
        );
    }

    #[test]
    fn refunds_add_up_to_the_charge_and_not_beyond() {
        let mut payment = payment(PAYING);
        let lira = |text: &str| Some(text.parse().unwrap());
        assert_eq!(payment.refund(None, at(1)), Err(Refusal::NothingToDo));
        payment.confirm(RIGHT_CODE, at(1));
        assert_eq!(
            payment.refund(lira("0"), at(2)),
            Err(Refusal::AmountNotPositive)
        );
        payment.refund(lira("4"), at(2)).unwrap();
        assert_eq!(payment.phase.type_id(), 4);
        assert_eq!(payment.refundable().text(), "6.50");
        assert_eq!(
            payment.refund(lira("6.51"), at(3)),
            Err(Refusal::AmountTooHigh)
        );
        payment.refund(None, at(3)).unwrap();
        assert_eq!(payment.phase.type_id(), 2);
        assert_eq!(payment.refundable().text(), "0");
        assert_eq!(payment.refund(None, at(4)), Err(Refusal::AlreadyConcluded));
        assert_eq!(
            payment.cancel_by_merchant(at(4)),
            Err(Refusal::AlreadyConcluded)
        );
        assert!(payment.was_paid());
    }
}
