//! Every sentence that the component shows to a shopper, one table a language.

mod en;
mod tr;

use crate::core::card::{Fault, Field};
use crate::core::error::Error;
use crate::core::flow::Outcome;
use crate::core::flow::checkout::{Busy, Doing};
use crate::wire::merchant::Status;

/// The languages built in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    Tr,
    En,
}

impl Language {
    /// From a BCP 47 tag; what is not ours is Turkish, the shops' own.
    pub fn of(tag: &str) -> Language {
        match tag.split(['-', '_']).next() {
            Some(primary) if primary.eq_ignore_ascii_case("en") => Language::En,
            _ => Language::Tr,
        }
    }

    pub fn tag(self) -> &'static str {
        match self {
            Language::Tr => "tr",
            Language::En => "en",
        }
    }

    pub fn texts(self) -> &'static Texts {
        match self {
            Language::Tr => &tr::TEXTS,
            Language::En => &en::TEXTS,
        }
    }
}

/// One language. `{}` stands for the one value of the sentence.
pub struct Texts {
    pub title: &'static str,
    pub number: &'static str,
    pub expiry: &'static str,
    pub expiry_hint: &'static str,
    pub cvc: &'static str,
    pub cvc_hint: &'static str,
    pub holder: &'static str,
    pub number_missing: &'static str,
    pub number_invalid: &'static str,
    pub number_unlikely: &'static str,
    pub expiry_missing: &'static str,
    pub expiry_invalid: &'static str,
    pub expiry_past: &'static str,
    pub cvc_missing: &'static str,
    pub cvc_invalid: &'static str,
    pub holder_missing: &'static str,
    pub holder_invalid: &'static str,
    /// With the amount: `129,90 ₺ öde`.
    pub pay: &'static str,
    pub secure: &'static str,
    pub opening: &'static str,
    pub tokenizing: &'static str,
    pub creating: &'static str,
    pub checking: &'static str,
    pub leaving: &'static str,
    pub at_bank: &'static str,
    pub held: &'static str,
    pub confirming: &'static str,
    pub canceling: &'static str,
    pub continue_at_bank: &'static str,
    pub cancel: &'static str,
    pub retry: &'static str,
    pub challenge_title: &'static str,
    pub challenge_close: &'static str,
    pub paid: &'static str,
    pub paid_detail: &'static str,
    pub failed: &'static str,
    pub canceled: &'static str,
    pub pending: &'static str,
    pub pending_detail: &'static str,
    pub error_connection: &'static str,
    pub error_card: &'static str,
    pub error_expired: &'static str,
    pub error_not_found: &'static str,
    pub error_attempts: &'static str,
    pub error_aborted: &'static str,
    pub error_other: &'static str,
}

impl Texts {
    pub fn label(&self, field: Field) -> &'static str {
        match field {
            Field::Number => self.number,
            Field::Expiry => self.expiry,
            Field::Cvc => self.cvc,
            Field::Holder => self.holder,
        }
    }

    pub fn fault(&self, field: Field, fault: Fault) -> &'static str {
        match (field, fault) {
            (Field::Number, Fault::Missing) => self.number_missing,
            (Field::Number, _) => self.number_invalid,
            (Field::Expiry, Fault::Missing) => self.expiry_missing,
            (Field::Expiry, Fault::Expired) => self.expiry_past,
            (Field::Expiry, Fault::Invalid) => self.expiry_invalid,
            (Field::Cvc, Fault::Missing) => self.cvc_missing,
            (Field::Cvc, _) => self.cvc_invalid,
            (Field::Holder, Fault::Missing) => self.holder_missing,
            (Field::Holder, _) => self.holder_invalid,
        }
    }

    pub fn busy(&self, busy: Busy) -> &'static str {
        match busy {
            Busy::Tokenizing => self.tokenizing,
            Busy::Creating => self.creating,
        }
    }

    pub fn doing(&self, doing: Doing) -> &'static str {
        match doing {
            Doing::Checking => self.checking,
            Doing::Leaving => self.leaving,
            Doing::AtBank => self.at_bank,
            Doing::Held => self.held,
            Doing::Confirming => self.confirming,
            Doing::Canceling => self.canceling,
        }
    }

    pub fn outcome(&self, outcome: &Outcome) -> &'static str {
        match outcome {
            Outcome::Unknown(_) => self.pending,
            Outcome::Final(payment) => match payment.status {
                Status::Paid => self.paid,
                Status::Failed => self.failed,
                Status::Canceled => self.canceled,
                Status::Pending => self.pending,
            },
        }
    }

    /// What the shopper can do about it; the developer's sentence is
    /// [`Error::message`].
    pub fn error(&self, error: &Error) -> &'static str {
        match error {
            Error::MerchantUnreachable
            | Error::MerchantTimeout
            | Error::PaywallUnreachable
            | Error::PaywallTimeout
            | Error::PaywallAnswerInvalid
            | Error::ProviderUnavailable
            | Error::TempTokenRefused => self.error_connection,
            Error::InvalidCard(_) | Error::CardRefused(_) => self.error_card,
            Error::CheckoutExpired => self.error_expired,
            Error::CheckoutNotFound => self.error_not_found,
            Error::TooManyAttempts => self.error_attempts,
            Error::Aborted => self.error_aborted,
            Error::AlreadyPaid => self.paid,
            Error::InvalidOptions(_)
            | Error::MethodNotAllowed
            | Error::Busy
            | Error::MerchantAnswerInvalid
            | Error::MerchantRefused(_)
            | Error::RedirectRefused => self.error_other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_found_by_its_primary_tag() {
        for (tag, language) in [
            ("tr", Language::Tr),
            ("tr-TR", Language::Tr),
            ("en", Language::En),
            ("EN-gb", Language::En),
            ("de", Language::Tr),
            ("", Language::Tr),
        ] {
            assert_eq!(Language::of(tag), language, "{tag}");
        }
    }

    #[test]
    fn the_amount_has_its_place_in_every_language() {
        for language in [Language::Tr, Language::En] {
            assert_eq!(language.texts().pay.matches("{}").count(), 1);
        }
    }
}
