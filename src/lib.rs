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

pub mod core;
pub mod wire;
