//! Shows. Draws the core's view with the DOM and sends back what the shopper
//! does. Knows no HTTP and decides nothing about payments.

mod amount;
pub mod challenge;
mod dom;
mod field;
mod form;
pub mod mount;
mod style;
