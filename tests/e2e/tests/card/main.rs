//! A card payment with 3-D Secure, end to end: what a shopper meets, and what
//! the merchant server and the bank have in their books afterwards.

mod api;
mod errors;
mod inspector;
mod losses;
mod outcomes;
mod reloads;
mod safety;
