//! The real servers, and the real browser, when things go wrong: providers that
//! fail in every way, a server killed at every step, a page that is gone. After
//! each: what the providers took is recorded paid exactly once, what they did not
//! take is not, and the shopper was told the truth.
//!
//! `KASA_DEEP=1` plays every cell; `KASA_CELL=text` those whose name holds it.

mod back_end;
mod claim;
mod figures;
mod gates;
mod in_browser;
mod journey;
mod kills;
mod matrix;
mod page;
mod payer;
mod run;
mod ways;
