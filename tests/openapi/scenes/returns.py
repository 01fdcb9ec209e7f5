"""Browsers that come back, and providers that call."""

from __future__ import annotations

from scene import NOBODYS, Request, scene
from shop import TCKN, Shop


@scene("returnFromPaywall", 303)
def back_from_the_bank(shop: Shop) -> Request:
    sale = shop.pending()
    return Request({"payment": sale.payment}, shop.comes_back(sale))


@scene("returnFromPaywall", 200)
def back_in_the_frame(shop: Shop) -> Request:
    sale = shop.pending_in_a_frame()
    return Request({"payment": sale.payment}, shop.comes_back(sale))


@scene("returnFromApm", 303)
def back_from_a_wallets_page(shop: Shop) -> Request:
    sale = shop.on_a_wallets_page()
    return Request({"payment": sale.payment}, shop.comes_back(sale))


@scene("returnFromApm", 200)
def back_from_a_wallets_page_in_a_frame(shop: Shop) -> Request:
    body = {"method": "apm", "connection": "11", "kind": "redirect", "challenge": "frame"}
    return Request({"payment": shop.started(body).payment}, {})


@scene("returnFromHepsipay", 303)
def back_from_hepsipays_page(shop: Shop) -> Request:
    sale = shop.on_hepsipays_page()
    return Request({"payment": sale.payment}, shop.comes_back(sale))


@scene("returnFromHepsipay", 200)
def back_from_hepsipays_page_in_a_frame(shop: Shop) -> Request:
    return Request({"payment": shop.started({"method": "hepsipay", "challenge": "frame"}).payment}, {})


@scene("returnFromAspay", 303)
def back_from_aspays_page(shop: Shop) -> Request:
    return Request({"payment": shop.on_aspays_page().payment})


@scene("returnFromAspay", 200)
def back_from_aspays_page_in_a_frame(shop: Shop) -> Request:
    body = {"method": "aspay", "payer": {"identityNumber": TCKN}, "challenge": "frame"}
    return Request({"payment": shop.started(body).payment})


@scene("returnFromAspay", 404, "payment_not_found")
def back_from_nowhere(shop: Shop) -> Request:
    return Request({"payment": NOBODYS["payment"]})


@scene("callbackOfCorefy", 200)
def a_callback_of_corefys(shop: Shop) -> Request:
    body, signature = shop.corefy_callback(shop.on_aspays_page())
    return Request(text=body, headers={"X-Signature": signature})


@scene("callbackOfApm", 200)
def a_callback_of_paywalls(shop: Shop) -> Request:
    return Request(body=shop.apm_callback(shop.awaiting_a_code().payment))


@scene("callbackOfApm", 404, "payment_not_found")
def a_callback_about_a_card_payment(shop: Shop) -> Request:
    return Request(body=shop.apm_callback(shop.pending().payment))


@scene("callbackOfTerminal", 200)
def a_callback_about_a_terminal(shop: Shop) -> Request:
    return Request(body=shop.terminal_callback(shop.on_a_terminal().payment))


@scene("callbackOfTerminal", 404, "payment_not_found")
def a_callback_about_no_terminal(shop: Shop) -> Request:
    return Request(body=shop.terminal_callback(shop.pending().payment))
