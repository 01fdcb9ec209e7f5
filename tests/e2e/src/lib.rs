//! End-to-end tests: a shopper with a real browser in the demo shop, and behind
//! it the real servers, each a process of its own. What a test believes is what
//! the merchant server and the sandbox have in their books; the page may lie.
//!
//! `npm test -- --only e2e` builds everything and runs them; after a build, plain
//! `cargo test -p kasa-e2e` does. A failed test says what the servers, the
//! console and the network saw, and leaves a picture in `target/e2e/`.
//!
//! | module | what it is |
//! |---|---|
//! | [`world`] | everything one test needs, started and ended |
//! | [`till`] | the servers alone, behind gates, by a clock that runs fast |
//! | [`shopper`] | what a person does and sees in the browser |
//! | [`books`] | what the merchant server, the shop and the providers recorded |
//! | [`script`] | the shop's own code in the page |
//! | [`traces`] | what a journey left behind in the browser |
//! | [`proxy`] | a connection that loses answers or changes them |
//! | [`browser`] | a WebDriver session and what it overheard |
//! | [`engine`] | which browser it is: `KASA_E2E_ENGINE` is `chromium`, `firefox` or `webkit` |
//! | [`wire`] | the network between the browser and everything else |

pub mod binaries;
pub mod books;
pub mod browser;
pub mod cards;
pub mod engine;
pub mod keys;
pub mod process;
pub mod proxy;
mod recipes;
mod relay;
pub mod script;
pub mod shopper;
pub mod till;
pub mod traces;
pub mod wait;
pub mod wire;
pub mod world;

pub use anyhow::{Context, Result, bail, ensure};
