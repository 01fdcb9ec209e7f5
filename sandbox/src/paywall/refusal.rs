//! Why PayWall refuses a call: the error codes of paywall.md §5.6, table (i),
//! and the HTTP-like ones. The words are in `text`.

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
    SavedCardNotFound = 22,
    NoProducts = 25,
    ProductSum = 26,
    AmountNotPositive = 45,
    ClientIp = 46,
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

impl Refusal {
    pub(crate) fn code(self) -> i32 {
        self as i32
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
