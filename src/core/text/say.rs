//! Which sentence is said of what: of a field, a fault, an error, an outcome.

use super::Texts;
use crate::core::error::Error;
use crate::core::field::{Fault, Field};
use crate::core::flow::Outcome;
use crate::core::flow::checkout::{Busy, Doing};
use crate::wire::merchant::{PaymentError, Status};

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
                Status::Failed => self.failure(payment.error.as_ref()),
                Status::Canceled => self.canceled,
                Status::Pending => self.pending,
            },
        }
    }

    /// By the codes of the merchant API; others may come.
    fn failure(&self, error: Option<&PaymentError>) -> &'static str {
        match error.map_or("", |error| error.code.as_str()) {
            "declined" => self.failed_declined,
            "card_refused" => self.failed_card,
            "card_expired" => self.failed_card_expired,
            "installments_refused" => self.failed_installments,
            "card_token_invalid" => self.failed_card_token,
            "code_wrong" => self.failed_code,
            "terminal_unreachable" => self.failed_terminal,
            "expired" => self.failed_expired,
            "provider_unavailable" | "provider_error" => self.error_provider,
            _ => self.failed,
        }
    }

    /// What the shopper can do about it; the developer's sentence is
    /// [`Error::message`].
    pub fn error(&self, error: &Error) -> &'static str {
        match error {
            Error::MerchantUnreachable
            | Error::MerchantTimeout
            | Error::PaywallUnreachable
            | Error::PaywallTimeout => self.error_connection,
            Error::PaywallAnswerInvalid | Error::ProviderUnavailable | Error::TempTokenRefused => {
                self.error_provider
            }
            Error::InvalidCard(_) | Error::CardRefused(_) => self.error_card,
            Error::InvalidPayer(_) => self.error_payer,
            Error::CardNotFound => self.error_card_gone,
            Error::CheckoutExpired => self.error_expired,
            Error::CheckoutNotFound => self.error_not_found,
            Error::TooManyAttempts => self.error_attempts,
            Error::TryLater => self.error_later,
            Error::Aborted => self.canceled,
            Error::AlreadyPaid => self.error_paid,
            Error::Busy => self.error_busy,
            Error::MethodNotAllowed => self.error_method,
            Error::InvalidOptions(_)
            | Error::MerchantAnswerInvalid
            | Error::MerchantRefused(_)
            | Error::RedirectRefused
            | Error::PaymentApiRefused
            | Error::FrameBlocked
            | Error::RedirectBlocked => self.error_other,
        }
    }
}
