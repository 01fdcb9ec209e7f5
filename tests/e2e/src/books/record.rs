//! Both sides' records of one order, and what must be true of them.

use super::{Charge, Instrument, Order, Stands};
use crate::cards::Card;

/// `charges`: all that the providers have, whoever's they are.
#[derive(Debug)]
pub struct Record {
    pub order: Order,
    pub charges: Vec<Charge>,
}

impl Record {
    /// Exactly one payment on both sides, the same one, and it paid the order.
    #[track_caller]
    pub fn assert_paid_once(&self, card: &Card) {
        assert_eq!(self.order.payments.len(), 1, "payments of {self:#?}");
        self.assert_paid(card);
    }

    /// The order is paid, by its last payment, with this new card.
    #[track_caller]
    pub fn assert_paid(&self, card: &Card) {
        let charge = self.assert_paid_by("card");
        assert_eq!(charge.instrument, Instrument::NewCard, "{self:#?}");
        self.assert_card(card);
    }

    /// What paid is this card, and both sides say so.
    #[track_caller]
    pub fn assert_card(&self, card: &Card) {
        let ours = self.order.payments.last();
        let ours = ours.and_then(|payment| payment.card.as_ref());
        let ours = ours.map(|card| card.masked.as_str());
        assert_eq!(ours, Some(card.masked), "{self:#?}");
        let theirs = self.charges.last();
        let theirs = theirs.and_then(|charge| charge.card.as_deref());
        assert_eq!(theirs, Some(card.masked), "{self:#?}");
    }

    /// The order is paid, by its last payment, in this way; what came before
    /// has ended and charged nothing. Both sides agree on every payment, and
    /// among all providers there is one charge: it is answered.
    #[track_caller]
    pub fn assert_paid_by(&self, method: &str) -> &Charge {
        let Record { order, charges } = self;
        self.assert_same_payments();
        assert_eq!(order.status, "paid", "{self:#?}");
        assert!(order.paid_at.is_some(), "{self:#?}");
        let mut paid = charges.iter().filter(|each| each.stands == Stands::Paid);
        let (Some(charge), None) = (paid.next(), paid.next()) else {
            panic!("not one charge in {self:#?}");
        };
        let Some(last) = order.payments.last() else {
            panic!("no payment in {self:#?}");
        };
        assert_eq!(
            (last.method.as_str(), last.status.as_str()),
            (method, "paid"),
            "{self:#?}"
        );
        assert_eq!(charge.reference, last.provider.reference, "{self:#?}");
        assert_eq!(charge.amount, order.amount, "{self:#?}");
        assert_eq!(charge.installments, last.installments, "{self:#?}");
        charge
    }

    /// One payment, which ended so: `status` and error code at the merchant
    /// server, and how it stands at the provider. The order can still be paid.
    #[track_caller]
    pub fn assert_ended(&self, status: &str, error: &str, stands: Stands) {
        let Record { order, charges } = self;
        self.assert_same_payments();
        assert_eq!(order.status, "open", "{self:#?}");
        assert_eq!(order.payments.len(), 1, "{self:#?}");
        let payment = &order.payments[0];
        assert_eq!(payment.status, status, "{self:#?}");
        let code = payment.error.as_ref().map(|error| error.code.as_str());
        assert_eq!(code, Some(error), "{self:#?}");
        assert_eq!(charges[0].stands, stands, "{self:#?}");
    }

    /// Everything that was paid is given back, once, and both sides say so.
    #[track_caller]
    pub fn assert_refunded(&self) {
        let Record { order, charges } = self;
        assert_eq!(order.status, "paid", "{self:#?}");
        assert_eq!(order.refunded_amount, order.amount, "{self:#?}");
        let [refund] = order.refunds.as_slice() else {
            panic!("not one refund in {self:#?}");
        };
        assert_eq!(
            (refund.status.as_str(), refund.amount),
            ("done", order.amount),
            "{self:#?}"
        );
        let given_back: i64 = charges.iter().map(|charge| charge.refunded).sum();
        assert_eq!(given_back, order.amount, "{self:#?}");
    }

    /// No payment on either side.
    #[track_caller]
    pub fn assert_untouched(&self) {
        assert_eq!(self.order.status, "open", "{self:#?}");
        assert!(self.order.payments.is_empty(), "{self:#?}");
        assert!(self.charges.is_empty(), "{self:#?}");
    }

    /// Each payment of the order is one at its provider, started once, and the
    /// other way round.
    #[track_caller]
    fn assert_same_payments(&self) {
        let Record { order, charges } = self;
        let mut ours: Vec<_> = order
            .payments
            .iter()
            .map(|payment| payment.provider.reference.as_str())
            .collect();
        let mut theirs: Vec<_> = charges.iter().map(|each| each.reference.as_str()).collect();
        ours.sort_unstable();
        theirs.sort_unstable();
        assert_eq!(ours, theirs, "{self:#?}");
        for each in charges {
            assert_eq!(each.starts, 1, "{each:#?}");
        }
        for payment in &order.payments {
            let known = |each: &&Charge| each.reference == payment.provider.reference;
            let id = charges.iter().find(known).map(|each| &each.id);
            if payment.provider.id.is_some() {
                assert_eq!(payment.provider.id.as_ref(), id, "{self:#?}");
            }
        }
    }
}
