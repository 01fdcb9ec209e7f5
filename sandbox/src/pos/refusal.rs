//! Why PhysicalAPI refuses a call: the codes of `ClientMessage` (paywall.md §4.8).

use super::text;
use crate::paywall::api::{Unauthorized, Unreadable};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    Validation,
    Auth,
    TerminalNotFound,
    TagNotFound,
    NotConvenientStatus,
    AlreadyCanceled,
    DuplicateMerchantUniqueCode,
    RequestNotFound,
}

impl Refusal {
    /// `ClientMessage`
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Validation => "System.ValidationError",
            Self::Auth => "System.AuthError",
            Self::TerminalNotFound => "Terminal.NotFound",
            Self::TagNotFound => "Terminal.Tag.NotFound",
            Self::NotConvenientStatus => "Payment.Async.NotConvenientStatusForThisOperation",
            Self::AlreadyCanceled => "Payment.Async.AlreadyHasRefundOrCancel",
            Self::DuplicateMerchantUniqueCode => "Payment.Async.MerchantUniqueCodeAlreadyExists",
            Self::RequestNotFound => "Payment.Request.RequestNotFound",
        }
    }

    /// `Message`
    pub(super) fn words(self) -> &'static str {
        text::refusal(self)
    }
}

impl From<Unauthorized> for Refusal {
    fn from(_: Unauthorized) -> Self {
        Self::Auth
    }
}

impl From<Unreadable> for Refusal {
    fn from(_: Unreadable) -> Self {
        Self::Validation
    }
}
