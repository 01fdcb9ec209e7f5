//! What every test stands on.

mod double;
mod till;

pub use double::{Answer, Call, Gate, PayWallDouble, refusal, standing, started};
pub use till::{API_KEY, Reply, SHOP, Till, TillOptions, card_payment, order};
