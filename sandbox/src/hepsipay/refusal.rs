//! Why a Hepsipay call is refused. Hepsipay lists no codes for these calls
//! (hepsipay.md §11): all but 1028 are picked from its list of general errors.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// No JSON, or a field of another type.
    Unreadable,
    UnknownPayment,
    ApiKey,
    Signature,
    /// Missing, too long or out of its range; named as the contract spells it.
    Field(&'static str),
    DuplicateTransactionId,
    /// A refund of a sale that is not paid.
    NotPaid,
    /// More would be refunded than was paid.
    AlreadyRefunded,
    NotImplemented,
}

impl Refusal {
    /// `messageCode`
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Unreadable | Self::UnknownPayment | Self::NotImplemented => "1000",
            Self::ApiKey => "1001",
            Self::Signature => "1003",
            Self::Field(_) => "1015",
            Self::DuplicateTransactionId => "1016",
            Self::NotPaid => "1020",
            Self::AlreadyRefunded => "1028",
        }
    }
}
