//! Every way to pay but the plain new card, end to end: paid, failed and
//! cancelled, as the merchant server and the provider have it in their books.

mod api;
mod apm_code;
mod apm_qr;
mod apm_redirect;
mod aspay;
mod hepsipay;
mod installments;
mod refunds;
mod safety;
mod saved_card;
mod terminal;
