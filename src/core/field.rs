//! The fields that a shopper may be asked to fill, and what can be wrong with
//! one. Which rule a field has is its module's to know ([`card`](super::card),
//! [`payer`](super::payer)).

use crate::wire::merchant::payer_field;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Number,
    Expiry,
    Cvc,
    Holder,
    FullName,
    Phone,
    Email,
    /// TCKN or VKN.
    IdentityNumber,
    /// Number of a meal card and the like; card data.
    CardNumber,
    /// First eight digits of an insurance card.
    FirstDigits,
    /// Last four of it.
    LastDigits,
    /// A one-time code.
    Code,
}

impl Field {
    /// Its name in the form and in the JS API.
    pub fn name(self) -> &'static str {
        match self {
            Field::Number => "number",
            Field::Expiry => "expiry",
            Field::Cvc => "cvc",
            Field::Holder => "holder",
            Field::FullName => payer_field::FULL_NAME,
            Field::Phone => payer_field::PHONE,
            Field::Email => payer_field::EMAIL,
            Field::IdentityNumber => payer_field::IDENTITY_NUMBER,
            Field::CardNumber => payer_field::CARD_NUMBER,
            Field::FirstDigits => "firstDigits",
            Field::LastDigits => "lastDigits",
            Field::Code => "code",
        }
    }

    /// True where what is typed must leave no trace: wiped, never stored.
    pub fn is_card_data(self) -> bool {
        matches!(
            self,
            Field::Number | Field::Expiry | Field::Cvc | Field::CardNumber
        )
    }
}

/// What is wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    Missing,
    /// Not of the shape, or not of the length, that such a field has.
    Invalid,
    /// The month on the card is over.
    Expired,
}

/// Fields with what is wrong with them, in the order of the form.
pub type Faults = Vec<(Field, Fault)>;
