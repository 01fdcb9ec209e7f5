//! One APM transaction from its start to its end. Decides only: no clock, no
//! HTTP, no words.

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::connections::Connection;
use crate::money::Amount;
use crate::paywall::general::General;

/// The one-time code that every provider of the sandbox sends.
pub(super) const RIGHT_CODE: &str = "123456";

/// With so many wrong codes the transaction fails.
pub(super) const CODE_ATTEMPTS: u8 = 3;

/// `OtpVerifyCounterInSeconds`: so long a code is good.
pub(super) const CODE_SECONDS: u16 = 120;

/// What the merchant asked for, checked.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(super) connection: &'static Connection,
    pub(super) merchant_unique_code: String,
    pub(super) amount: Amount,
    pub(super) currency_id: u8,
    pub(super) description: String,
    /// Empty where the way to pay has none.
    pub(super) success_url: String,
    pub(super) fail_url: String,
    /// Without it the merchant has to finish with `apm/complete`.
    pub(super) auto_commit: bool,
    /// First six and last four digits; empty without a card.
    pub(super) masked_card: String,
}

#[derive(Clone, Debug)]
pub(crate) struct Transaction {
    pub(super) id: i64,
    /// PayWall's own number; the links to the pages carry it.
    pub(super) unique_code: Uuid,
    pub(super) order: Order,
    pub(super) created_at: Timestamp,
    pub(super) phase: Phase,
    /// Whether the payer pays by phone, from a QR code, and not on a page.
    pub(super) by_phone: bool,
    /// When the payer, or the counter, ended it.
    pub(super) ended_at: Option<Timestamp>,
    /// The merchant was told of its end.
    pub(super) told: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// The link to PayWall was not opened yet.
    Created,
    LinkOpened,
    PageOpened,
    QrShown,
    CodeSent {
        wrong_codes: u8,
        until: Timestamp,
    },
    /// The provider refused to send a code.
    CodeNotSent,
    /// Too many wrong codes, or none in time.
    CodeFailed,
    /// Paid; the merchant has yet to complete it.
    Authorised,
    Paid,
    Failed(Failure),
    Refunded {
        total: Decimal,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// The provider says no.
    Declined,
    CanceledByPayer,
}

/// What a payer can do on a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Deed {
    Pay,
    Decline,
    Cancel,
}

impl Phase {
    /// `StatusId` (paywall.md §3.7).
    pub(super) fn status_id(self) -> u8 {
        match self {
            Phase::Created => 1,
            Phase::LinkOpened => 2,
            Phase::PageOpened => 3,
            // Of a refund it is the refund that succeeded; see `type_id`.
            Phase::Paid | Phase::Refunded { .. } => 4,
            Phase::Failed(_) => 5,
            Phase::CodeSent { .. } => 8,
            Phase::CodeNotSent => 9,
            Phase::CodeFailed => 11,
            Phase::QrShown => 13,
            Phase::Authorised => 14,
        }
    }

    /// `TypeId`: 1 sale, 2 refund.
    pub(super) fn type_id(self) -> u8 {
        match self {
            Phase::Refunded { .. } => 2,
            _ => 1,
        }
    }
}

impl Transaction {
    pub(super) fn new(id: i64, order: Order, phase: Phase, now: Timestamp) -> Self {
        Self {
            id,
            unique_code: Uuid::new_v4(),
            order,
            created_at: now,
            phase,
            by_phone: phase == Phase::QrShown,
            ended_at: None,
            told: false,
        }
    }

    /// A code that just went out to the payer.
    pub(super) fn code_sent(now: Timestamp) -> Phase {
        Phase::CodeSent {
            wrong_codes: 0,
            until: now + SignedDuration::from_secs(CODE_SECONDS.into()),
        }
    }

    /// Lets time do its part: a code that nobody gave in time fails.
    pub(super) fn tick(&mut self, now: Timestamp) {
        if let Phase::CodeSent { until, .. } = self.phase
            && until <= now
        {
            self.phase = Phase::CodeFailed;
            self.ended_at = Some(until);
        }
    }

    /// PayWall's link was opened.
    pub(super) fn open_link(&mut self) {
        if self.phase == Phase::Created {
            self.phase = Phase::LinkOpened;
        }
    }

    /// The provider's page, or its app by the QR code, was opened.
    pub(super) fn open_page(&mut self) {
        if self.waits_for_payer() {
            self.phase = Phase::PageOpened;
        }
    }

    /// What the payer did on the page or the phone. After the end nothing changes.
    pub(super) fn act(&mut self, deed: Deed, now: Timestamp) {
        if !self.waits_for_payer() {
            return;
        }
        self.ended_at = Some(now);
        self.phase = match deed {
            Deed::Pay if self.order.auto_commit => Phase::Paid,
            Deed::Pay => Phase::Authorised,
            Deed::Decline => Phase::Failed(Failure::Declined),
            Deed::Cancel => Phase::Failed(Failure::CanceledByPayer),
        };
    }

    /// The payer's one-time code.
    pub(super) fn confirm(&mut self, code: &str, now: Timestamp) -> Result<(), General> {
        let Phase::CodeSent { wrong_codes, until } = self.phase else {
            return Err(General::ApmNotAvailableForPayment);
        };
        if code == RIGHT_CODE {
            self.phase = Phase::Paid;
            self.ended_at = Some(now);
            return Ok(());
        }
        self.phase = if wrong_codes + 1 >= CODE_ATTEMPTS {
            self.ended_at = Some(now);
            Phase::CodeFailed
        } else {
            Phase::CodeSent {
                wrong_codes: wrong_codes + 1,
                until,
            }
        };
        Err(General::OtpError)
    }

    /// `apm/complete`: takes what the payer allowed.
    pub(super) fn complete(&mut self) -> Result<(), General> {
        if self.phase != Phase::Authorised {
            return Err(General::ApmStatus);
        }
        self.phase = Phase::Paid;
        Ok(())
    }

    /// Gives back `amount`, or all that is left.
    pub(super) fn refund(&mut self, amount: Option<Decimal>) -> Result<Decimal, General> {
        let before = match self.phase {
            Phase::Paid => Decimal::ZERO,
            Phase::Refunded { total } => total,
            _ => return Err(General::ApmStatus),
        };
        let left = self.order.amount.value() - before;
        if left.is_zero() {
            return Err(General::ApmHasRefund);
        }
        let back = amount.unwrap_or(left);
        if back <= Decimal::ZERO {
            return Err(General::Amount);
        }
        if back > left {
            return Err(General::ApmRefundTooHigh);
        }
        self.phase = Phase::Refunded {
            total: before + back,
        };
        Ok(back)
    }

    /// Whether a page or a phone may still pay it.
    pub(super) fn waits_for_payer(&self) -> bool {
        matches!(
            self.phase,
            Phase::Created | Phase::LinkOpened | Phase::PageOpened | Phase::QrShown
        )
    }

    /// How it ended for the payer; none before.
    pub(super) fn outcome(&self) -> Option<Result<(), Failure>> {
        match self.phase {
            Phase::Paid | Phase::Authorised | Phase::Refunded { .. } => Some(Ok(())),
            Phase::Failed(failure) => Some(Err(failure)),
            Phase::CodeNotSent | Phase::CodeFailed => Some(Err(Failure::Declined)),
            _ => None,
        }
    }

    pub(super) fn refunded(&self) -> Decimal {
        match self.phase {
            Phase::Refunded { total } => total,
            _ => Decimal::ZERO,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apm::connections::CONNECTIONS;

    fn transaction(phase: Phase) -> Transaction {
        let order = Order {
            connection: &CONNECTIONS[0],
            merchant_unique_code: "ORD-1".into(),
            amount: serde_json::from_str("10.50").unwrap(),
            currency_id: 1,
            description: "-".into(),
            success_url: String::new(),
            fail_url: String::new(),
            auto_commit: true,
            masked_card: String::new(),
        };
        Transaction::new(4330, order, phase, at(0))
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn the_third_wrong_code_fails_it_and_a_right_one_comes_too_late() {
        let mut one = transaction(Transaction::code_sent(at(0)));
        for status_id in [8, 8, 11] {
            assert_eq!(one.confirm("000000", at(1)), Err(General::OtpError));
            assert_eq!(one.phase.status_id(), status_id);
        }
        let late = one.confirm(RIGHT_CODE, at(2));
        assert_eq!(late, Err(General::ApmNotAvailableForPayment));
    }

    #[test]
    fn a_code_is_good_for_as_long_as_the_counter_says() {
        let mut one = transaction(Transaction::code_sent(at(0)));
        one.tick(at(119));
        assert_eq!(one.phase.status_id(), 8);
        one.tick(at(120));
        assert_eq!(one.phase.status_id(), 11);
    }

    #[test]
    fn the_payer_decides_once() {
        let mut one = transaction(Phase::Created);
        one.open_link();
        one.open_page();
        one.act(Deed::Decline, at(1));
        one.act(Deed::Pay, at(2));
        one.open_page();
        assert_eq!((one.phase.status_id(), one.ended_at), (5, Some(at(1))));
    }

    #[test]
    fn refunds_add_up_to_the_amount_and_not_beyond() {
        let mut one = transaction(Phase::QrShown);
        assert_eq!(one.refund(None), Err(General::ApmStatus));
        one.act(Deed::Pay, at(1));
        let lira = |text: &str| Some(text.parse::<Decimal>().unwrap());
        assert_eq!(one.refund(lira("0")), Err(General::Amount));
        one.refund(lira("4")).unwrap();
        assert_eq!(one.refund(lira("6.51")), Err(General::ApmRefundTooHigh));
        assert_eq!(one.refund(None), Ok("6.50".parse().unwrap()));
        assert_eq!(one.refund(None), Err(General::ApmHasRefund));
    }

    #[test]
    fn without_auto_commit_the_merchant_completes() {
        let mut one = transaction(Phase::Created);
        one.order.auto_commit = false;
        assert_eq!(one.complete(), Err(General::ApmStatus));
        one.act(Deed::Pay, at(1));
        assert_eq!(one.phase.status_id(), 14);
        one.complete().unwrap();
        assert_eq!(one.phase.status_id(), 4);
    }
}
