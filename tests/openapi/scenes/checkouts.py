"""What a browser asks before it pays."""

from __future__ import annotations

from scene import Request, of, scene
from shop import Shop

CARD = {"purpose": "card"}
BIN = {"bin": "514118"}


@scene("readCheckout", 200)
def a_long_poll_that_ends_by_itself(shop: Shop) -> Request:
    return Request(of(shop.order()), query={"wait": 1, "since": 9})


@scene("readCheckout", 410, "checkout_expired")
def a_checkout_too_late(shop: Shop) -> Request:
    return Request(of(shop.expired()))


@scene("createTempToken", 200)
def a_token(shop: Shop) -> Request:
    return Request(of(shop.order()), CARD)


@scene("createTempToken", 409, "already_paid")
def a_token_for_a_paid_order(shop: Shop) -> Request:
    return Request(of(shop.paid()), CARD)


@scene("createTempToken", 410, "checkout_expired")
def a_token_too_late(shop: Shop) -> Request:
    return Request(of(shop.expired()), CARD)


@scene("createTempToken", 429, "too_many_attempts")
def one_token_too_many(shop: Shop) -> Request:
    return Request(of(shop.worn_out), CARD)


@scene("createTempToken", 429, "try_later")
def a_token_too_soon(shop: Shop) -> Request:
    return Request(of(shop.order()), CARD, shop.hasty)


@scene("createTempToken", 502, "provider_unavailable")
def a_token_that_paywall_does_not_give(shop: Shop) -> Request:
    sale = shop.order()
    shop.spoil("temptoken")
    return Request(of(sale), CARD)


@scene("readBin", 200)
def a_known_bin(shop: Shop) -> Request:
    return Request(of(shop.order()), BIN)


@scene("readBin", 200)
def an_unknown_bin(shop: Shop) -> Request:
    return Request(of(shop.order()), {"bin": "99999999"})


@scene("readBin", 409, "already_paid")
def a_bin_for_a_paid_order(shop: Shop) -> Request:
    return Request(of(shop.paid()), BIN)


@scene("readBin", 410, "checkout_expired")
def a_bin_too_late(shop: Shop) -> Request:
    return Request(of(shop.expired()), BIN)


@scene("readBin", 429, "too_many_attempts")
def one_bin_too_many(shop: Shop) -> Request:
    return Request(of(shop.worn_out), BIN)


@scene("readBin", 429, "try_later")
def a_bin_too_soon(shop: Shop) -> Request:
    return Request(of(shop.order()), BIN, shop.hasty)


@scene("readBin", 502, "provider_unavailable")
def a_bin_that_paywall_does_not_tell(shop: Shop) -> Request:
    sale = shop.order()
    shop.spoil("bin")
    shop.spoil("installment")
    return Request(of(sale), BIN)


@scene("listCards", 200)
def a_customers_cards(shop: Shop) -> Request:
    return Request({"checkout": shop.saved().checkout})


@scene("listCards", 409, "already_paid")
def cards_for_a_paid_order(shop: Shop) -> Request:
    return Request({"checkout": shop.paid().checkout})


@scene("listCards", 410, "checkout_expired")
def cards_too_late(shop: Shop) -> Request:
    return Request(of(shop.expired()))


@scene("listCards", 429, "too_many_attempts")
def cards_once_too_often(shop: Shop) -> Request:
    return Request(of(shop.worn_out))


@scene("listCards", 429, "try_later")
def cards_too_soon(shop: Shop) -> Request:
    return Request(of(shop.order()), headers=shop.hasty)


@scene("listCards", 502, "provider_unavailable")
def cards_that_paywall_does_not_tell(shop: Shop) -> Request:
    sale = shop.saved()
    shop.spoil("card_list")
    return Request({"checkout": sale.checkout})


@scene("deleteCard", 204)
def a_card_to_forget(shop: Shop) -> Request:
    sale = shop.saved()
    return Request({"checkout": sale.checkout, "card": sale.card})


@scene("deleteCard", 404, "card_not_found")
def a_card_of_another_checkout(shop: Shop) -> Request:
    return Request({"checkout": shop.saved().checkout, "card": shop.saved().card})


@scene("deleteCard", 409, "already_paid")
def a_card_to_forget_after_paying(shop: Shop) -> Request:
    return Request({"checkout": shop.paid().checkout, "card": "0" * 32})


@scene("deleteCard", 410, "checkout_expired")
def a_card_to_forget_too_late(shop: Shop) -> Request:
    return Request({"checkout": shop.expired().checkout, "card": "0" * 32})


@scene("deleteCard", 429, "too_many_attempts")
def one_card_to_forget_too_many(shop: Shop) -> Request:
    return Request({"checkout": shop.worn_out.checkout, "card": "0" * 32})


@scene("deleteCard", 429, "try_later")
def a_card_to_forget_too_soon(shop: Shop) -> Request:
    return Request({"checkout": shop.order().checkout, "card": "0" * 32}, headers=shop.hasty)


@scene("deleteCard", 502, "provider_unavailable")
def a_card_that_paywall_does_not_forget(shop: Shop) -> Request:
    sale = shop.saved()
    shop.spoil("card_delete")
    return Request({"checkout": sale.checkout, "card": sale.card})
