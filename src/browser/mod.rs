//! Does. Carries out the core's effects in a web page: HTTP, timers,
//! navigation, listening. Decides nothing and draws nothing.

pub mod driver;
pub mod http;
pub mod listen;
pub mod page;
