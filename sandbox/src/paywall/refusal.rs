//! Why PayWall refuses a call: the error codes of paywall.md §5.6, table (i),
//! and the HTTP-like ones. The words are in `text`.

use super::api::{Refuse, Unauthorized, Unreadable};
use super::text;
use crate::card::Malformed;

/// A business error. The discriminant is the envelope's `ErrorCode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub(crate) enum Refusal {
    UnexpectedParameters = 2,
    DuplicateMerchantUniqueCode = 4,
    AlreadyConcluded = 7,
    Currency = 8,
    Installment = 9,
    MerchantUniqueCode = 10,
    SuccessBackUrl = 11,
    FailBackUrl = 12,
    CardOwner = 13,
    CardNumber = 14,
    ExpiryMonth = 15,
    ExpiryYear = 16,
    PaymentDetail = 17,
    CardDetail = 18,
    CardExpired = 19,
    SavedCardCode = 21,
    SavedCardNotFound = 22,
    SavedCardDeleted = 23,
    NoProducts = 25,
    ProductSum = 26,
    AmountNotPositive = 45,
    ClientIp = 46,
    NothingToDo = 62,
    AmountTooHigh = 65,
    NotFound = 73,
    TempCardSpent = 74,
    TempCardNotFound = 75,
    CardType = 79,
    Expiry = 80,
    TempCardNotSupported = 83,
    Unauthorized = 401,
    Forbidden = 403,
    NotImplemented = 501,
}

impl Refuse for Refusal {
    fn code(&self) -> i32 {
        *self as i32
    }

    fn words(&self) -> (&'static str, &'static str) {
        text::refusal(*self)
    }
}

impl From<Unauthorized> for Refusal {
    fn from(_: Unauthorized) -> Self {
        Self::Unauthorized
    }
}

impl From<Unreadable> for Refusal {
    fn from(_: Unreadable) -> Self {
        Self::UnexpectedParameters
    }
}

impl From<Malformed> for Refusal {
    fn from(field: Malformed) -> Self {
        match field {
            Malformed::Owner => Self::CardOwner,
            Malformed::Number => Self::CardNumber,
            Malformed::Month => Self::ExpiryMonth,
            Malformed::Year => Self::ExpiryYear,
            Malformed::Cvc => Self::CardDetail,
        }
    }
}
