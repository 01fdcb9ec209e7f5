//! Why PayWall's other services refuse a call: the error codes of paywall.md
//! §5.6, table (ii). The words are in `text`.

use super::api::{Refuse, Unauthorized, Unreadable};
use super::text;
use crate::card::Malformed;

/// A business error of CardWall or an APM call. The discriminant is the
/// envelope's `ErrorCode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub(crate) enum General {
    InvalidData = 2,
    OtpError = 40,
    Amount = 51,
    Currency = 53,
    MerchantUniqueCode = 101,
    SuccessBackUrl = 102,
    FailBackUrl = 103,
    CardOwner = 104,
    CardNumber = 105,
    ExpireMonth = 107,
    ExpireYear = 108,
    PaymentError = 111,
    AmountNotConvenient = 112,
    CardNotFound = 115,
    CardNotAvailable = 116,
    CardUniqueCode = 118,
    DuplicateMerchantUniqueCode = 119,
    ApmProviderNotFound = 281,
    ApmEndpointNotFound = 285,
    ApmConnectionNotFound = 286,
    ApmCurrency = 287,
    ApmTransactionNotGenerated = 289,
    ApmMerchantUniqueCodeTooLong = 290,
    ApmSuccessBackUrlTooLong = 291,
    ApmFailBackUrlTooLong = 292,
    ApmNotAvailableForPayment = 295,
    ApmTransactionNotFound = 296,
    ApmStatus = 359,
    ApmHasRefund = 360,
    ApmRefundTooHigh = 373,
    Unauthorized = 401,
    FocusedFeature = 540,
}

impl Refuse for General {
    fn code(&self) -> i32 {
        *self as i32
    }

    fn words(&self) -> (&'static str, &'static str) {
        text::general(*self)
    }
}

impl From<Unauthorized> for General {
    fn from(_: Unauthorized) -> Self {
        Self::Unauthorized
    }
}

impl From<Unreadable> for General {
    fn from(_: Unreadable) -> Self {
        Self::InvalidData
    }
}

impl From<Malformed> for General {
    fn from(field: Malformed) -> Self {
        match field {
            Malformed::Owner => Self::CardOwner,
            Malformed::Number => Self::CardNumber,
            Malformed::Month => Self::ExpireMonth,
            Malformed::Year => Self::ExpireYear,
            Malformed::Cvc => Self::InvalidData,
        }
    }
}
