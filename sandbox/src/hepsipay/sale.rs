//! One common payment from save to its end, and its refunds. Decides only: no
//! clock, no HTTP, no words. Amounts are kuruş.

use uuid::Uuid;

use super::refusal::Refusal;
use super::signature::{Algorithm, SaleParts};

/// What the page lets the payer choose from.
pub(super) const CHOICES: [u8; 3] = [1, 3, 6];

/// What the merchant asked for in save, checked.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(super) transaction_id: String,
    /// Unix seconds, as sent; every later message repeats it.
    pub(super) transaction_time: String,
    pub(super) amount: u64,
    pub(super) currency: String,
    pub(super) installment: Option<u8>,
    pub(super) installment_choice: bool,
    pub(super) description: String,
    pub(super) return_url: String,
    /// Echoed at the end.
    pub(super) extras: Vec<(String, String)>,
    pub(super) algorithm: Algorithm,
}

#[derive(Clone, Debug)]
pub(crate) struct Sale {
    pub(super) order: Order,
    /// `commonPaymentUniqueId`, which is also the page's address.
    pub(super) page: Uuid,
    pub(super) phase: Phase,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    Open,
    Paid {
        installment: Option<u8>,
        refunded: u64,
    },
    Declined {
        installment: Option<u8>,
    },
    /// The payer gave up.
    Canceled,
}

/// What the payer does on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Deed {
    Pay,
    Decline,
    Cancel,
}

impl Deed {
    /// Value of the button.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Pay => "pay",
            Self::Decline => "decline",
            Self::Cancel => "cancel",
        }
    }
}

impl Sale {
    pub(super) fn new(order: Order) -> Self {
        Self {
            order,
            page: Uuid::new_v4(),
            phase: Phase::Open,
        }
    }

    /// 32 lower-case hex digits.
    pub(super) fn page_id(&self) -> String {
        self.page.simple().to_string()
    }

    pub(super) fn is_open(&self) -> bool {
        self.phase == Phase::Open
    }

    /// Ends the page. `chosen` counts only where the payer may choose; after the
    /// end nothing changes any more.
    pub(super) fn end(&mut self, deed: Deed, chosen: Option<u8>) {
        if !self.is_open() {
            return;
        }
        let installment = chosen
            .filter(|_| self.order.installment_choice)
            .or(self.order.installment);
        self.phase = match deed {
            Deed::Pay => Phase::Paid {
                installment,
                refunded: 0,
            },
            Deed::Decline => Phase::Declined { installment },
            Deed::Cancel => Phase::Canceled,
        };
    }

    /// Gives back a part of what was paid, or all of it.
    pub(super) fn refund(&mut self, amount: u64) -> Result<(), Refusal> {
        let Phase::Paid { refunded, .. } = &mut self.phase else {
            return Err(Refusal::NotPaid);
        };
        let total = refunded
            .checked_add(amount)
            .filter(|total| *total <= self.order.amount)
            .ok_or(Refusal::AlreadyRefunded)?;
        *refunded = total;
        Ok(())
    }

    /// The number that the payer chose, else the merchant's.
    pub(super) fn installment(&self) -> Option<u8> {
        match self.phase {
            Phase::Paid { installment, .. } | Phase::Declined { installment } => installment,
            Phase::Open | Phase::Canceled => self.order.installment,
        }
    }

    pub(super) fn refunded(&self) -> u64 {
        match self.phase {
            Phase::Paid { refunded, .. } => refunded,
            _ => 0,
        }
    }

    /// Code of the payment itself; none while it is open.
    pub(super) fn code(&self) -> Option<&'static str> {
        match self.phase {
            Phase::Open => None,
            Phase::Paid { .. } => Some("0000"),
            Phase::Declined { .. } => Some("1520"),
            Phase::Canceled => Some("9001"),
        }
    }

    /// `status`: only the 0 of a paid one is documented.
    pub(super) fn status(&self) -> u8 {
        match self.phase {
            Phase::Paid { .. } => 0,
            Phase::Open => 1,
            Phase::Declined { .. } => 2,
            Phase::Canceled => 3,
        }
    }

    /// What every message about this sale signs.
    pub(super) fn parts(&self) -> SaleParts<'_> {
        SaleParts {
            transaction_id: &self.order.transaction_id,
            transaction_time: &self.order.transaction_time,
            amount: self.order.amount,
            currency: &self.order.currency,
            installment: self.installment(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sale(installment_choice: bool) -> Sale {
        Sale::new(Order {
            transaction_id: "t-1".into(),
            transaction_time: "1760000000".into(),
            amount: 12_990,
            currency: "TRY".into(),
            installment: Some(1),
            installment_choice,
            description: String::new(),
            return_url: "https://shop.example/".into(),
            extras: Vec::new(),
            algorithm: Algorithm::Sha256,
        })
    }

    #[test]
    fn the_first_deed_ends_the_page_and_the_next_changes_nothing() {
        let mut sale = sale(false);
        sale.end(Deed::Decline, None);
        sale.end(Deed::Pay, None);
        assert_eq!((sale.code(), sale.status()), (Some("1520"), 2));
    }

    #[test]
    fn the_payer_chooses_only_where_the_merchant_allows_it() {
        for (allowed, counted) in [(true, Some(3)), (false, Some(1))] {
            let mut sale = sale(allowed);
            sale.end(Deed::Pay, Some(3));
            assert_eq!(sale.installment(), counted);
        }
    }

    #[test]
    fn refunds_reach_the_paid_amount_and_no_further() {
        let mut sale = sale(false);
        assert_eq!(sale.refund(1), Err(Refusal::NotPaid));
        sale.end(Deed::Pay, None);
        assert_eq!(sale.refund(10_000), Ok(()));
        assert_eq!(sale.refund(2_991), Err(Refusal::AlreadyRefunded));
        assert_eq!(sale.refund(u64::MAX), Err(Refusal::AlreadyRefunded));
        assert_eq!(sale.refund(2_990), Ok(()));
        assert_eq!(sale.refund(1), Err(Refusal::AlreadyRefunded));
        assert_eq!(sale.refunded(), 12_990);
    }
}
