//! Shows. Draws the core's view with the DOM and sends back what the shopper
//! does. Knows no HTTP and decides nothing about payments.

pub mod challenge;
mod choice;
mod dom;
mod field;
mod form;
mod icon;
mod intl;
mod methods;
pub mod mount;
mod payer;
mod plans;
mod status;
mod style;
mod waiting;
