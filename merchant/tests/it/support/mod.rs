//! What every test stands on.

mod contracts;
mod double;
mod ear;
mod till;

pub use contracts::vectors;
pub use double::{Answer, Call, Gate, PayWallDouble, refusal, standing, started};
pub use ear::Ear;
pub use till::{API_KEY, Reply, SHOP, Till, TillOptions, card_payment, order};
