//! Every sentence that the component shows to a shopper, one table a language.

mod en;
mod tr;

use crate::core::error::Error;
use crate::core::field::{Fault, Field};
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
    pub methods_title: &'static str,
    pub method_card: &'static str,
    pub method_saved_card: &'static str,
    pub method_hepsipay: &'static str,
    pub method_aspay: &'static str,
    pub method_terminal: &'static str,
    /// Beside an APM's name.
    pub apm_otp: &'static str,
    pub apm_redirect: &'static str,
    pub apm_qr: &'static str,
    /// With the method's name.
    pub leaves_note: &'static str,
    /// With the method's name.
    pub qr_note: &'static str,
    pub otp_note: &'static str,
    pub terminal_note: &'static str,
    /// Label of the choice.
    pub terminal: &'static str,
    pub save_card: &'static str,
    pub installments: &'static str,
    pub single_payment: &'static str,
    /// With the count.
    pub plan: &'static str,
    /// With a month's amount.
    pub plan_each: &'static str,
    /// With the total.
    pub plan_total: &'static str,
    pub plan_free: &'static str,
    /// With the interest.
    pub plan_interest: &'static str,
    pub cards_loading: &'static str,
    pub cards_none: &'static str,
    /// With the month.
    pub card_expires: &'static str,
    pub card_expired: &'static str,
    /// With the card's last digits.
    pub card_delete: &'static str,
    /// On the button.
    pub remove: &'static str,
    /// On it, once it was pressed.
    pub remove_sure: &'static str,
    /// With the card's last digits.
    pub remove_again: &'static str,
    pub full_name: &'static str,
    pub phone: &'static str,
    pub phone_hint: &'static str,
    pub email: &'static str,
    pub identity_number: &'static str,
    /// Of a meal card.
    pub card_number: &'static str,
    pub full_name_missing: &'static str,
    pub full_name_invalid: &'static str,
    pub phone_missing: &'static str,
    pub phone_invalid: &'static str,
    pub email_missing: &'static str,
    pub email_invalid: &'static str,
    pub identity_number_missing: &'static str,
    pub identity_number_invalid: &'static str,
    pub card_number_missing: &'static str,
    pub card_number_invalid: &'static str,
    pub code: &'static str,
    pub code_sent: &'static str,
    pub code_missing: &'static str,
    pub code_invalid: &'static str,
    pub code_wrong: &'static str,
    pub code_expired: &'static str,
    /// Where no other code will be sent.
    pub code_over: &'static str,
    /// With the count.
    pub code_attempts: &'static str,
    /// With the seconds.
    pub code_seconds: &'static str,
    /// With minutes and seconds.
    pub code_left: &'static str,
    pub code_checking: &'static str,
    pub confirm_code: &'static str,
    pub resend_code: &'static str,
    /// With the seconds.
    pub resend_wait: &'static str,
    pub scan: &'static str,
    /// Alternative text of the picture.
    pub scan_title: &'static str,
    pub scan_failed: &'static str,
    pub terminal_sending: &'static str,
    pub terminal_ready: &'static str,
    /// The stages by name, as steps of a way.
    pub stage_sending: &'static str,
    pub stage_on_terminal: &'static str,
    pub elsewhere: &'static str,
    pub not_canceled: &'static str,
    pub error_card_gone: &'static str,
    pub error_payer: &'static str,
}

/// A text with its value in place.
pub fn fill(text: &str, value: &str) -> String {
    let (before, after) = text.split_once('{').unwrap_or((text, ""));
    let mut filled = String::with_capacity(text.len() + value.len());
    for part in [before, value, after.strip_prefix('}').unwrap_or(after)] {
        filled.push_str(part);
    }
    filled
}

impl Texts {
    pub fn label(&self, field: Field) -> &'static str {
        match field {
            Field::Number => self.number,
            Field::Expiry => self.expiry,
            Field::Cvc => self.cvc,
            Field::Holder => self.holder,
            Field::FullName => self.full_name,
            Field::Phone => self.phone,
            Field::Email => self.email,
            Field::IdentityNumber => self.identity_number,
            Field::CardNumber | Field::FirstDigits | Field::LastDigits => self.card_number,
            Field::Code => self.code,
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
            (Field::FullName, Fault::Missing) => self.full_name_missing,
            (Field::FullName, _) => self.full_name_invalid,
            (Field::Phone, Fault::Missing) => self.phone_missing,
            (Field::Phone, _) => self.phone_invalid,
            (Field::Email, Fault::Missing) => self.email_missing,
            (Field::Email, _) => self.email_invalid,
            (Field::IdentityNumber, Fault::Missing) => self.identity_number_missing,
            (Field::IdentityNumber, _) => self.identity_number_invalid,
            (Field::CardNumber | Field::FirstDigits | Field::LastDigits, Fault::Missing) => {
                self.card_number_missing
            }
            (Field::CardNumber | Field::FirstDigits | Field::LastDigits, _) => {
                self.card_number_invalid
            }
            (Field::Code, Fault::Missing) => self.code_missing,
            (Field::Code, Fault::Expired) => self.code_expired,
            (Field::Code, _) => self.code_invalid,
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
            Doing::Code { checking: true, .. } => self.code_checking,
            Doing::Code {
                checking: false, ..
            } => self.code_sent,
            Doing::Scan => self.scan,
            Doing::Elsewhere => self.elsewhere,
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
            Error::InvalidPayer(_) => self.error_payer,
            Error::CardNotFound => self.error_card_gone,
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

    #[test]
    fn a_value_stands_where_the_text_wants_it() {
        assert_eq!(fill("{} öde", "5 ₺"), "5 ₺ öde");
        assert_eq!(fill("Pay {}", "{}"), "Pay {}");
        assert_eq!(fill("Pay", ""), "Pay");
    }
}
