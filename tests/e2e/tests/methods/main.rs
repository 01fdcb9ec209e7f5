//! Every way to pay but the plain new card, end to end: paid, failed and
//! cancelled, as the merchant server and the provider have it in their books.

mod hepsipay;
mod installments;
mod refunds;
mod saved_card;
