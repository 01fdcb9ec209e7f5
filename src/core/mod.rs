//! Decides. One function, `handle(event) -> effects`: no I/O, no clock, no
//! randomness, no web type. Time and ids arrive inside events, everything that
//! has to happen outside leaves as an effect. Runs and is tested natively.

pub mod card;
pub mod edit;
pub mod error;
pub mod field;
pub mod flow;
pub mod identity;
pub mod money;
pub mod otp;
pub mod payer;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod properties;
pub mod redirect;
pub mod secret;
pub mod text;
