//! What a `KasaError` says: a stable code, a sentence for the shop's developer,
//! and whether trying again can help. An error means that no payment was
//! created; everything that a payment can become is a `PaymentResult`.

use crate::core::field::Faults;
use crate::core::flow::Lost;
use crate::wire::merchant::{Problem, problem};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// A call of the JS API does not fit; says where, what was given and what is expected. Never holds card data.
    InvalidOptions(String),
    /// Card data that no provider would take; nothing was sent.
    InvalidCard(Faults),
    /// The same of what a method asks its payer for.
    InvalidPayer(Faults),
    /// The order does not allow this method.
    MethodNotAllowed,
    /// A payment or a tokenisation is under way.
    Busy,
    /// The order is paid.
    AlreadyPaid,
    CheckoutNotFound,
    CheckoutExpired,
    TooManyAttempts,
    /// Of this shopper, or from this address, in a short time.
    TryLater,
    MerchantUnreachable,
    MerchantTimeout,
    /// It answered, but not in the merchant API's words.
    MerchantAnswerInvalid,
    /// It refused with a code that this version does not know.
    MerchantRefused(String),
    /// The merchant server cannot reach its provider.
    ProviderUnavailable,
    PaywallUnreachable,
    PaywallTimeout,
    PaywallAnswerInvalid,
    /// PayWall took none of our TempTokens.
    TempTokenRefused,
    /// The merchant server names a PaymentAPI that is not PayWall's.
    PaymentApiRefused,
    /// The saved card is not there any more.
    CardNotFound,
    /// PayWall would not tokenise this card; its error code.
    CardRefused(i32),
    /// The address of the bank's page is not one the shopper may be sent to.
    RedirectRefused,
    /// The page's policy keeps the bank's page out of the frame.
    FrameBlocked,
    /// The page's policy does not let the shopper be sent there by a form.
    RedirectBlocked,
    /// Cancelled by the page or the shopper before anything was sent.
    Aborted,
}

impl Error {
    /// Stable; part of the API.
    pub fn code(&self) -> &'static str {
        match self {
            Error::InvalidOptions(_) => "invalid_options",
            Error::InvalidCard(_) => "invalid_card",
            Error::InvalidPayer(_) => "invalid_payer",
            Error::MethodNotAllowed => "method_not_allowed",
            Error::Busy => "busy",
            Error::AlreadyPaid => "already_paid",
            Error::CheckoutNotFound => "checkout_not_found",
            Error::CheckoutExpired => "checkout_expired",
            Error::TooManyAttempts => "too_many_attempts",
            Error::TryLater => "try_later",
            Error::MerchantUnreachable => "merchant_unreachable",
            Error::MerchantTimeout => "merchant_timeout",
            Error::MerchantAnswerInvalid => "merchant_answer_invalid",
            Error::MerchantRefused(_) => "merchant_refused",
            Error::ProviderUnavailable => "provider_unavailable",
            Error::PaywallUnreachable => "paywall_unreachable",
            Error::PaywallTimeout => "paywall_timeout",
            Error::PaywallAnswerInvalid => "paywall_answer_invalid",
            Error::TempTokenRefused => "temp_token_refused",
            Error::PaymentApiRefused => "payment_api_refused",
            Error::CardNotFound => "card_not_found",
            Error::CardRefused(_) => "card_refused",
            Error::RedirectRefused => "redirect_refused",
            Error::FrameBlocked => "frame_blocked",
            Error::RedirectBlocked => "redirect_blocked",
            Error::Aborted => "aborted",
        }
    }

    /// For the shop's developer: what happened and what to look at.
    pub fn message(&self) -> String {
        let text = match self {
            Error::InvalidOptions(what) => return what.clone(),
            Error::InvalidCard(_) => {
                "The card data are incomplete or wrong; `fields` says where. Nothing was sent."
            }
            Error::InvalidPayer(_) => {
                "What the method asks its payer for is incomplete or wrong; `fields` says where. Nothing was sent."
            }
            Error::MethodNotAllowed => {
                "This order cannot be paid by that method, connection, kind or terminal; see `kasa.methods`."
            }
            Error::Busy => "A payment or tokenisation of this checkout is under way.",
            Error::AlreadyPaid => "This order is paid already.",
            Error::CheckoutNotFound => {
                "The merchant server knows no checkout of this id. Create the order first (POST /v1/orders) and pass on its `checkout`."
            }
            Error::CheckoutExpired => "The time of this checkout is over. Create the order anew.",
            Error::TooManyAttempts => {
                "Too many tries for this checkout; the merchant server accepts no more."
            }
            Error::TryLater => {
                "Too many tries of this shopper, or from this address, in a short time; the merchant server takes the next one later."
            }
            Error::MerchantUnreachable => {
                "The merchant server cannot be reached. Check the `merchant` address, that the server runs, that it allows this page's origin (KASA_SHOP_ORIGINS) and that the page's connect-src names it."
            }
            Error::MerchantTimeout => "The merchant server did not answer in time.",
            Error::MerchantAnswerInvalid => {
                "What answers at the `merchant` address is not a Kasa merchant server of API version 1."
            }
            Error::MerchantRefused(code) => {
                let mut text = String::from("The merchant server refused: ");
                text.push_str(code);
                return text;
            }
            Error::ProviderUnavailable => {
                "The merchant server cannot reach its payment provider, or the provider refused its keys."
            }
            Error::PaywallUnreachable => {
                "PayWall cannot be reached from this page. Check that connect-src names PayWall's PaymentAPI."
            }
            Error::PaywallTimeout => "PayWall did not answer in time. Nothing was charged.",
            Error::PaywallAnswerInvalid => {
                "PayWall's answer could not be read. Nothing was charged."
            }
            Error::TempTokenRefused => {
                "PayWall refused two fresh TempTokens. Check the merchant server's clock and keys."
            }
            Error::PaymentApiRefused => {
                "The merchant server names a PaymentAPI that is not PayWall's; card data go nowhere else. Name its host in `redirectHosts` if it is right. Nothing was charged."
            }
            Error::CardNotFound => {
                "This saved card is not there any more; its ids are good for one checkout only. Nothing was charged."
            }
            Error::CardRefused(_) => {
                "PayWall would not take this card's data. Nothing was charged."
            }
            Error::RedirectRefused => {
                "The bank's or provider's page is on a host that is not allowed; add it to `redirectHosts` if it is right."
            }
            Error::FrameBlocked => {
                "The page's Content-Security-Policy keeps the bank's page out of the frame; the whole page goes there instead. Check frame-src."
            }
            Error::RedirectBlocked => {
                "The page's Content-Security-Policy does not let a form go to the bank's or provider's page. Check form-action."
            }
            Error::Aborted => "Cancelled before anything was sent.",
        };
        text.to_owned()
    }

    /// True where the same call may succeed later with nothing changed.
    pub fn retryable(&self) -> bool {
        matches!(
            self,
            Error::Busy
                | Error::TryLater
                | Error::MerchantUnreachable
                | Error::MerchantTimeout
                | Error::ProviderUnavailable
                | Error::PaywallUnreachable
                | Error::PaywallTimeout
                | Error::PaywallAnswerInvalid
                | Error::TempTokenRefused
                | Error::Aborted
        )
    }

    /// Of an answer of the merchant server that never came, or was none.
    pub(crate) fn merchant(lost: Lost) -> Self {
        match lost {
            Lost::Unreachable => Error::MerchantUnreachable,
            Lost::Late => Error::MerchantTimeout,
            Lost::Garbled => Error::MerchantAnswerInvalid,
        }
    }

    /// The same of PayWall.
    pub(crate) fn paywall(lost: Lost) -> Self {
        match lost {
            Lost::Unreachable => Error::PaywallUnreachable,
            Lost::Late => Error::PaywallTimeout,
            Lost::Garbled => Error::PaywallAnswerInvalid,
        }
    }
}

impl From<Problem> for Error {
    fn from(refusal: Problem) -> Self {
        match refusal.code.as_str() {
            problem::CHECKOUT_NOT_FOUND => Error::CheckoutNotFound,
            problem::CHECKOUT_EXPIRED => Error::CheckoutExpired,
            problem::ALREADY_PAID => Error::AlreadyPaid,
            problem::PAYMENT_PENDING => Error::Busy,
            problem::TOO_MANY_ATTEMPTS => Error::TooManyAttempts,
            problem::TRY_LATER => Error::TryLater,
            problem::METHOD_NOT_OFFERED => Error::MethodNotAllowed,
            problem::CARD_NOT_FOUND => Error::CardNotFound,
            problem::PROVIDER_UNAVAILABLE => Error::ProviderUnavailable,
            // No call of ours is unknown to a merchant server of this version.
            problem::NOT_FOUND | problem::METHOD_NOT_ALLOWED => Error::MerchantAnswerInvalid,
            _ => Error::MerchantRefused(refusal.code),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(status: u16, code: &str) -> Error {
        let (title, code) = (String::new(), code.to_owned());
        Problem {
            title,
            status,
            code,
            detail: None,
        }
        .into()
    }

    #[test]
    fn a_refusal_becomes_the_error_of_its_code() {
        for (status, code, error) in [
            (404, "checkout_not_found", Error::CheckoutNotFound),
            (410, "checkout_expired", Error::CheckoutExpired),
            (409, "already_paid", Error::AlreadyPaid),
            (409, "payment_pending", Error::Busy),
            (429, "too_many_attempts", Error::TooManyAttempts),
            (429, "try_later", Error::TryLater),
            (422, "method_not_offered", Error::MethodNotAllowed),
            (404, "card_not_found", Error::CardNotFound),
            (502, "provider_unavailable", Error::ProviderUnavailable),
            (404, "not_found", Error::MerchantAnswerInvalid),
            (405, "method_not_allowed", Error::MerchantAnswerInvalid),
            (418, "teapot", Error::MerchantRefused("teapot".into())),
        ] {
            assert_eq!(of(status, code), error);
        }
    }
}
