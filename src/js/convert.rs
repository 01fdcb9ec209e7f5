//! JavaScript values to ours and back, field by field: no message of a
//! conversion can quote a card number.

mod answer;
mod given;
mod options;
mod request;

pub use answer::{Action, action, error, lookup, object, phase, plain, result, trace};
pub use options::options;
pub use request::{Wanted, instrument, may_save, pay_request, token_request};
