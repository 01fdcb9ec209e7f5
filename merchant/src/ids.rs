//! The ids of checkouts, payments, refunds, payouts and events: unguessable, of one fixed shape, and cut
//! short wherever they are printed for a log.

use std::fmt;

use uuid::Uuid;

use crate::chance::Chance;

/// Hex digits after the prefix: 128 bits.
const DIGITS: usize = 32;

fn generate(prefix: &str, chance: &Chance) -> String {
    format!("{prefix}{:032x}", chance.draw())
}

fn fits(prefix: &str, text: &str) -> bool {
    text.strip_prefix(prefix).is_some_and(|digits| {
        digits.len() == DIGITS
            && digits
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    })
}

/// The digits of an id as `8-4-4-4-12`.
fn guid(id: &str) -> String {
    let digits = id.split_once('_').map_or(id, |(_, digits)| digits);
    Uuid::try_parse(digits).map_or_else(|_| digits.to_owned(), |guid| guid.to_string())
}

/// A text that is no id of the asked kind.
#[derive(Debug, thiserror::Error)]
#[error("not an id of this kind")]
pub(crate) struct Malformed;

macro_rules! id {
    ($(#[$about:meta])* $name:ident, $prefix:literal) => {
        $(#[$about])*
        #[derive(Clone, PartialEq, Eq, Hash)]
        pub(crate) struct $name(String);

        impl $name {
            pub(crate) fn generate(chance: &Chance) -> Self {
                $name(generate($prefix, chance))
            }

            pub(crate) fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = Malformed;

            fn try_from(text: String) -> Result<Self, Malformed> {
                if fits($prefix, &text) { Ok($name(text)) } else { Err(Malformed) }
            }
        }
    };
}

id!(
    /// `co_…`: a capability for one order, so logs get its beginning only.
    CheckoutId,
    "co_"
);
id!(
    /// `pay_…`: opens nothing by itself; what providers know a payment by is made of it.
    PaymentId,
    "pay_"
);

id!(
    /// `ref_…`: some providers know a refund by it.
    RefundId,
    "ref_"
);

id!(
    /// `po_…`: what the provider knows a payout by is made of it.
    PayoutId,
    "po_"
);

id!(
    /// `msg_…`: the shop's back end tells a repeated event by it.
    EventId,
    "msg_"
);

impl fmt::Debug for CheckoutId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}…", self.0.get(..9).unwrap_or("co_"))
    }
}

impl PayoutId {
    /// The 32 digits in the form of a Guid.
    pub(crate) fn guid(&self) -> String {
        guid(&self.0)
    }
}

impl fmt::Debug for PayoutId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl PaymentId {
    /// The 32 digits in the form of a Guid, for providers that take nothing else.
    pub(crate) fn guid(&self) -> String {
        guid(&self.0)
    }
}

impl fmt::Debug for PaymentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for RefundId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generated_id_is_accepted_and_differs_each_time() {
        let id = CheckoutId::generate(&Chance::default());
        assert!(CheckoutId::try_from(id.as_str().to_owned()).is_ok());
        assert_ne!(id, CheckoutId::generate(&Chance::default()));
    }

    #[test]
    fn a_guid_holds_the_digits_of_its_id() {
        let id = PaymentId::try_from("pay_0f1e2d3c4b5a69788796a5b4c3d2e1f0".to_owned()).unwrap();
        assert_eq!(id.guid(), "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0");
    }

    #[test]
    fn other_shapes_are_refused() {
        let good = PaymentId::generate(&Chance::default()).as_str().to_owned();
        for text in [
            "",
            "pay_",
            "pay_xyz",
            &good.to_uppercase(),
            &format!("{good}0"),
            &good.replace("pay_", "co_"),
        ] {
            assert!(PaymentId::try_from(text.to_string()).is_err(), "{text}");
        }
    }

    #[test]
    fn a_log_never_gets_a_whole_checkout_id() {
        let id = CheckoutId::generate(&Chance::default());
        assert!(!format!("{id:?}").contains(id.as_str()));
    }
}
