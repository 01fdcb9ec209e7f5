//! The merchant server from outside: the real server in this process over a
//! fresh database, scripted providers beside it, and plain HTTP calls. All of it
//! runs on SQLite, and with `KASA_TEST_DATABASE=postgres` on PostgreSQL.

#![allow(clippy::unwrap_used, unreachable_pub)]

mod apm_codes;
mod apm_notices;
mod apm_pages;
mod calls;
mod cancel;
mod checkouts;
mod corefy;
mod database;
mod hepsipay;
mod hostile;
mod http;
mod installments;
mod limits;
mod log;
mod metrics;
mod orders;
mod payments;
mod process;
mod reconciler;
mod refunds;
mod returns;
mod samples;
mod saved_cards;
mod servers;
mod slow;
mod starts;
mod stop;
mod support;
mod terminals;
mod vectors;
mod webhooks;
