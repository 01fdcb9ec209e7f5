//! What providers and the rest of the server say to each other.

use jiff::SignedDuration;
use kasa_checkout::wire::merchant::{Next, OtpFault};
use serde_json::Value;

use crate::store::{Facts, Order, Payment};

/// Why a provider could not be asked. Logged, never answered.
pub(crate) type Unavailable = Box<dyn std::error::Error + Send + Sync>;

/// A stored payment that is about to be started.
#[derive(Clone, Copy)]
pub(crate) struct Payable<'a> {
    pub(crate) order: &'a Order,
    pub(crate) payment: &'a Payment,
    /// The payer's IPv4 address.
    pub(crate) client_ip: &'a str,
}

/// What the call that starts a payment brought.
#[derive(Debug)]
pub(crate) enum Start {
    /// The shopper, or somebody, has something to do.
    Pending(Begun),
    /// The provider says that it is done already: it will be asked.
    Settle(Begun),
    /// It will not be; no money can move. `code` as in
    /// [`PaymentError`](kasa_checkout::wire::merchant::PaymentError).
    Refused {
        code: &'static str,
        message: Option<String>,
    },
    /// Whether the provider did the work is unknown: it will be asked.
    Lost,
}

/// A payment begun at its provider.
#[derive(Debug, Default)]
pub(crate) struct Begun {
    pub(crate) next: Option<Next>,
    /// What this provider's code needs later on. Never card data.
    pub(crate) state: Option<Value>,
    pub(crate) provider_id: Option<String>,
}

/// How a payment stands, as its provider tells it.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) verdict: Verdict,
    /// Stored whatever the verdict; what is `None` stays as it is.
    pub(crate) facts: Facts,
    /// The provider's own words, tidied.
    pub(crate) message: Option<String>,
}

impl Told {
    pub(crate) fn bare(verdict: Verdict) -> Self {
        Told {
            verdict,
            facts: Facts::default(),
            message: None,
        }
    }
}

/// What a provider says of a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Charged, and this is what. Whether it is ours is not the provider's code's to judge.
    Paid(Money),
    Declined {
        code: &'static str,
    },
    Canceled,
    /// Nothing is charged, and nothing can be without what the shopper holds.
    Open {
        /// The payer has not begun at the provider: it may be given up even
        /// where the provider cannot be told to end it.
        unbegun: bool,
    },
    /// Anything between: money may be moving.
    UnderWay,
    NotFound,
    /// The provider gave no usable answer.
    Unanswered,
}

/// Money as the provider says it was charged. What it did not say, or not in a
/// readable form, is `None`, and is never ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Money {
    /// Minor units.
    pub(crate) amount: Option<i64>,
    /// ISO 4217.
    pub(crate) currency: Option<String>,
    /// What the provider says it knows the payment by.
    pub(crate) reference: Option<String>,
}

impl Money {
    /// Whether this is the payment's amount in its currency under its reference.
    pub(crate) fn is_of(&self, payment: &Payment) -> bool {
        self.amount == Some(payment.amount)
            && self.currency.as_ref() == Some(&payment.currency)
            && self.reference.as_ref() == Some(&payment.reference)
    }
}

/// What became of a one-time code.
#[derive(Debug)]
pub(crate) enum Confirmed {
    /// The provider took it: it will be asked.
    Taken,
    /// It was not right; another one may be typed.
    Wrong(OtpFault),
    /// The payment has ended with it.
    #[expect(dead_code, reason = "for providers that end a payment over a code")]
    Refused {
        code: &'static str,
        message: Option<String>,
    },
    /// Whether the provider took it is unknown: it will be asked.
    Lost,
    /// This payment knows no codes.
    NotAwaited,
}

/// What became of a refund.
#[derive(Debug)]
pub(crate) enum RefundAnswer {
    /// The money is on its way back. With the provider's own id of the refund.
    Done(Option<String>),
    /// Taken, but not done yet: it will be asked about.
    Accepted(Option<String>),
    Refused {
        code: &'static str,
        message: Option<String>,
    },
    /// The provider knows nothing of it.
    NotDone,
    /// Unknown: it will be asked about.
    Lost,
    /// This provider knows no refunds.
    Unsupported,
}

/// How soon and how often a pending payment is asked about. Questions come
/// twice as far apart each time, up to a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pace {
    /// From the start to the first question.
    pub(crate) first: SignedDuration,
    /// The limit while the payment is younger than `fresh`.
    pub(crate) longest: SignedDuration,
    pub(crate) fresh: SignedDuration,
}

impl Pace {
    /// For payments that announce their end: questions are only for what got lost.
    pub(crate) const UNHURRIED: Pace = Pace {
        first: SignedDuration::from_secs(10),
        longest: Pace::LONGEST,
        fresh: SignedDuration::ZERO,
    };

    /// For payments that end on another device, while a shopper looks at this
    /// one: noticed within about three seconds even if nobody calls back.
    pub(crate) const WATCHED: Pace = Pace {
        first: SignedDuration::from_secs(2),
        longest: SignedDuration::from_secs(2),
        fresh: SignedDuration::from_mins(10),
    };

    /// The limit for a payment that is no longer fresh.
    pub(crate) const LONGEST: SignedDuration = SignedDuration::from_mins(5);

    /// How long to wait after so many questions, for a payment of this age.
    pub(crate) fn back_off(self, checks: u32, age: SignedDuration) -> SignedDuration {
        let longest = if age < self.fresh {
            self.longest
        } else {
            Pace::LONGEST
        };
        (self.first * 2_i32.pow(checks.min(10))).min(longest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_come_further_apart_up_to_five_minutes() {
        let seconds: Vec<i64> = [0, 1, 2, 3, 4, 5, 6, 1000]
            .map(|checks| {
                Pace::UNHURRIED
                    .back_off(checks, SignedDuration::ZERO)
                    .as_secs()
            })
            .into();
        assert_eq!(seconds, [10, 20, 40, 80, 160, 300, 300, 300]);
    }

    #[test]
    fn a_payment_that_is_watched_is_asked_about_often_while_it_is_fresh() {
        let watched = Pace {
            first: SignedDuration::from_secs(2),
            longest: SignedDuration::from_secs(2),
            fresh: SignedDuration::from_mins(10),
        };
        let wait = |checks, minutes| watched.back_off(checks, SignedDuration::from_mins(minutes));
        assert_eq!(wait(0, 0).as_secs(), 2);
        assert_eq!(wait(300, 9).as_secs(), 2);
        assert_eq!(wait(300, 11).as_secs(), 300);
    }
}
