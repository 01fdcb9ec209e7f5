//! Installment plans: who may pay in how many parts, and who bears the cost. The
//! numbers are the sandbox's own.

use rust_decimal::{Decimal, RoundingStrategy};

use crate::card::{Card, Kind};

/// PayWall's id of the Turkish lira.
pub(super) const TRY: u8 = 1;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) installments: u8,
    /// Hundredths of a percent of the amount, borne by the shop.
    commission: u16,
    /// Hundredths of a percent of the amount, borne by the shopper.
    interest: u16,
}

/// The payment at once, which every card may do.
pub(super) const AT_ONCE: Plan = plan(1, 150, 0);

const ALL: [Plan; 6] = [
    AT_ONCE,
    plan(2, 325, 0),
    plan(3, 475, 0),
    plan(6, 150, 600),
    plan(9, 150, 975),
    plan(12, 150, 1350),
];

const fn plan(installments: u8, commission: u16, interest: u16) -> Plan {
    Plan {
        installments,
        commission,
        interest,
    }
}

/// Credit cards in Turkish lira have them all, every other payment is at once.
pub(super) fn offered(kind: Option<Kind>, currency_id: u8) -> &'static [Plan] {
    match kind {
        Some(Kind::Credit) if currency_id == TRY => &ALL,
        _ => &ALL[..1],
    }
}

/// The plan of a payment, when its card and currency have it.
pub(super) fn of(card: &Card, currency_id: u8, installments: u8) -> Option<Plan> {
    offered(card.kind, currency_id)
        .iter()
        .find(|plan| plan.installments == installments)
        .copied()
}

impl Plan {
    /// Percent.
    pub(super) fn commission_rate(self) -> Decimal {
        Decimal::new(self.commission.into(), 2).normalize()
    }

    /// Percent.
    pub(super) fn interest_rate(self) -> Decimal {
        Decimal::new(self.interest.into(), 2).normalize()
    }

    /// What the shop pays, to the second decimal.
    pub(super) fn commission_on(self, amount: Decimal) -> Decimal {
        share(amount, self.commission)
    }

    /// What the shopper pays on top of `amount`, to the second decimal.
    pub(super) fn interest_on(self, amount: Decimal) -> Decimal {
        share(amount, self.interest)
    }
}

fn share(amount: Decimal, hundredths: u16) -> Decimal {
    let share = amount.checked_mul(Decimal::new(hundredths.into(), 4));
    share
        .unwrap_or_default()
        .round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interest_is_rounded_half_up_to_kurus() {
        let six = ALL[3];
        assert_eq!(six.interest_on(Decimal::new(1050, 2)), Decimal::new(63, 2));
        // 0.0150 and 0.0144
        assert_eq!(six.interest_on(Decimal::new(25, 2)), Decimal::new(2, 2));
        assert_eq!(six.interest_on(Decimal::new(24, 2)), Decimal::new(1, 2));
    }

    #[test]
    fn only_credit_cards_in_lira_pay_in_parts() {
        assert_eq!(offered(Some(Kind::Credit), 1).len(), 6);
        for (kind, currency) in [
            (Some(Kind::Credit), 2),
            (Some(Kind::Debit), 1),
            (Some(Kind::Prepaid), 1),
            (None, 1),
        ] {
            assert_eq!(offered(kind, currency), [AT_ONCE]);
        }
    }
}
