//! Messages on the wire: the merchant API (version 1) and PayWall's tempcard.
//!
//! Shapes only, no decisions. The component reads and writes them in the
//! browser, the merchant server and the sandbox on the other side.

pub mod json;
pub mod merchant;
pub mod paywall;
#[cfg(all(test, not(target_arch = "wasm32")))]
pub(crate) mod properties;
