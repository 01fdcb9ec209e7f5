//! The sandbox from outside: the real server in this process, called as a merchant
//! server, a shopper's browser and a payment terminal call it.

#[macro_use]
mod support;

mod apm;
mod bank;
mod control;
mod corefy;
mod hash;
mod hepsipay;
mod installments;
mod pos;
mod program;
mod query_cancel;
mod refunds;
mod saved_cards;
mod start3d;
mod tempcard;
mod temptoken;
