//! What every test stands on.

pub mod apm;
mod contracts;
mod database;
mod double;
mod ear;
pub mod pos;
mod postgres;
pub mod process;
mod provider;
mod shop;
mod till;

pub use contracts::{golden, vectors};
pub use database::Database;
pub use double::{
    Answer, Call, Gate, PayWallDouble, done, refunded, refusal, standing, started, success,
};
pub use ear::Ear;
pub use provider::{Asked, Provider, Says};
pub use shop::{ShopDouble, WEBHOOK_SECRET};
pub use till::{API_KEY, Reply, SHOP, Till, TillOptions, card_payment, order, order_of_customer};
