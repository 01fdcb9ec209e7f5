//! # kasa-checkout
//!
//! The checkout component: a shop's page calls `init` and `pay`, the component
//! takes the payment. Arrows between the rooms point one way:
//! `js → ui → browser → core → wire`.
//!
//! * [`wire`]: messages on the wire, shared with the merchant server and the sandbox.
//! * [`core`]: decides. No I/O, clock, randomness or web type.
//! * `browser`: does. Carries out the core's effects (wasm only).
//! * `ui`: shows. Draws the core's view, sends back events (wasm only).
//! * `js`: speaks. The boundary to JavaScript, conversions only (wasm only).

#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic
    )
)]

pub mod core;
pub mod wire;

#[cfg(target_arch = "wasm32")]
pub mod browser;
#[cfg(target_arch = "wasm32")]
pub mod js;
#[cfg(target_arch = "wasm32")]
pub mod ui;

/// Freed memory is wiped. `Secret` wipes what we hold; this, what the way there
/// leaves behind: strings on their way from JavaScript, and those that grew.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static WIPING: zeroizing_alloc::ZeroAlloc<std::alloc::System> =
    zeroizing_alloc::ZeroAlloc(std::alloc::System);
