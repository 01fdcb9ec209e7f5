"""For each operation the states of the world in which it is called: what is generated meets them in turn."""

from __future__ import annotations

from collections.abc import Callable

from shop import Sale, Shop

Make = Callable[[Shop], Sale]

STATES: dict[str, list[Make]] = {
    "readOrder": [Shop.order, Shop.pending, Shop.paid, Shop.expired],
    "createRefund": [Shop.paid, Shop.order],
    "readPayout": [Shop.payout, Shop.sent_back_payout],
    "readCheckout": [Shop.order, Shop.pending, Shop.paid, Shop.expired],
    "createTempToken": [Shop.order, Shop.paid, Shop.expired],
    "readBin": [Shop.order, Shop.paid, Shop.expired],
    "listCards": [Shop.saved, Shop.order, Shop.paid, Shop.expired],
    "deleteCard": [Shop.saved, Shop.order],
    "createPayment": [Shop.order, Shop.saved, Shop.paid, Shop.expired],
    "confirmCode": [Shop.awaiting_a_code, Shop.pending, Shop.paid],
    "resendCode": [Shop.code_may_be_sent_again, Shop.awaiting_a_code, Shop.pending, Shop.paid],
    "cancelPayment": [
        Shop.pending,
        Shop.awaiting_a_code,
        Shop.on_a_wallets_page,
        Shop.on_hepsipays_page,
        Shop.on_aspays_page,
        Shop.on_a_terminal,
        Shop.paid,
    ],
    "returnFromPaywall": [Shop.pending, Shop.pending_in_a_frame, Shop.paid],
    "returnFromApm": [Shop.on_a_wallets_page, Shop.awaiting_a_code],
    "returnFromHepsipay": [Shop.on_hepsipays_page, Shop.pending],
    "returnFromAspay": [Shop.on_aspays_page, Shop.paid],
    "callbackOfTerminal": [Shop.on_a_terminal, Shop.pending],
    "callbackOfApm": [Shop.on_a_wallets_page, Shop.awaiting_a_code, Shop.pending],
}
