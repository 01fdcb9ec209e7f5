//! A simulation of everything that takes part in a payment, under virtual time
//! and faults: the component's core on shoppers' pages, the merchant server with
//! its database, the sandbox's providers, and a network between them. What
//! happens is decided by a seed; the same seed, the same run.
//!
//! | module | what it is |
//! |---|---|
//! | [`dice`] | what the seed decides |
//! | [`net`] | the network and its faults |
//! | [`till`] | the merchant server's lives; virtual time beside a real database |
//! | [`page`], [`calls`] | a page with the core, driven as a browser drives it; its shopper |
//! | [`browse`], [`wallet`] | the shopper at a provider's page, and what is paid with |
//! | [`shop`], [`forger`] | the shop's back end; somebody who forges what providers say |
//! | [`books`] | what must be true in the end |
//! | [`world`] | one run |
//! | [`planted`] | bugs that a run has to find |
//! | [`trace`], [`tally`] | what happened in a run, and how often in a batch |

pub mod books;
pub mod browse;
pub mod calls;
pub mod dice;
pub mod forger;
pub mod net;
pub mod page;
pub mod planted;
pub mod shop;
pub mod tally;
pub mod till;
pub mod trace;
pub mod wallet;
pub mod world;
