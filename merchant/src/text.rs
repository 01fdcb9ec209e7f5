//! Every sentence that a person may read: problem titles, the frame's return
//! page, what stands in for a product that the shop did not describe.

/// Heading of the page that the frame shows for a moment after the bank.
pub(crate) const RETURNED_TITLE: &str = "Ödeme · Payment";

/// Shown when scripts are off: the page cannot tell its parent by itself.
pub(crate) const RETURNED_TR: &str = "Banka adımı bitti. Mağazaya dönerek sonucu görebilirsiniz.";
pub(crate) const RETURNED_EN: &str =
    "The bank's step is over. Go back to the shop to see the result.";
pub(crate) const BACK_TO_SHOP: &str = "Mağazaya dön · Back to the shop";

/// PayWall wants a category for every product; an order without products has one line.
pub(crate) const PRODUCT_CATEGORY: &str = "Genel";

/// Why the server gives a payment back by itself; in the shop's books.
pub(crate) const PAID_TWICE: &str = "The order was paid by another payment before.";

pub(crate) mod title {
    pub(crate) const CHECKOUT_NOT_FOUND: &str = "There is no such checkout.";
    pub(crate) const CHECKOUT_EXPIRED: &str = "This checkout has expired.";
    pub(crate) const ALREADY_PAID: &str = "This order is already paid.";
    pub(crate) const PAYMENT_PENDING: &str = "A payment of this order is still pending.";
    pub(crate) const PAYMENT_NOT_FOUND: &str = "There is no such payment.";
    pub(crate) const TOO_MANY_ATTEMPTS: &str = "Too many attempts for this checkout.";
    pub(crate) const TRY_LATER: &str = "Too many tries in a short time.";
    pub(crate) const TOO_SLOW: &str = "The request came too slowly.";
    pub(crate) const OVERLOADED: &str = "The server has too much to do.";
    pub(crate) const INVALID_REQUEST: &str = "The request does not fit.";
    pub(crate) const IDEMPOTENCY_MISMATCH: &str =
        "This idempotency key was used with another request.";
    pub(crate) const METHOD_NOT_OFFERED: &str = "This order cannot be paid like that.";
    pub(crate) const CARD_NOT_FOUND: &str = "There is no such saved card.";
    pub(crate) const OTP_NOT_AWAITED: &str = "This payment awaits no code now.";
    pub(crate) const RESEND_NOT_ALLOWED: &str = "No other code can be sent now.";
    pub(crate) const PROVIDER_UNAVAILABLE: &str = "The payment provider is not available.";
    pub(crate) const ORDER_EXISTS: &str = "An order of this reference exists with other content.";
    pub(crate) const ORDER_NOT_FOUND: &str = "There is no such order.";
    pub(crate) const ORDER_NOT_PAID: &str = "This order is not paid.";
    pub(crate) const REFUND_TOO_LARGE: &str = "That is more than is left of what was paid.";
    pub(crate) const PAYOUT_EXISTS: &str = "A payout of this reference exists with other content.";
    pub(crate) const PAYOUT_NOT_FOUND: &str = "There is no such payout.";
    pub(crate) const UNAUTHORIZED: &str = "A valid API key is needed.";
    pub(crate) const NOT_FOUND: &str = "There is nothing at this address.";
    pub(crate) const METHOD_NOT_ALLOWED: &str = "This address does not take this method.";
    pub(crate) const PAYLOAD_TOO_LARGE: &str = "The request is too large.";
    pub(crate) const NOT_READY: &str = "No work should be sent here now.";
    pub(crate) const INTERNAL: &str = "Something went wrong on the server.";
}
