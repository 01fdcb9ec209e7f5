"""For each operation: the states of the world in which it is called, and one scene for each answer that takes an
arrangement. What is generated meets the states in turn; the scenes are played as they stand.

To add an operation: its states, so that it meets real things, and a scene for each documented answer that generated
requests do not provoke. The run says which are missing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from shop import MEAL_CARD, PAYER, RIGHT_CODE, TCKN, TERMINAL, Sale, Shop

Make = Callable[[Shop], Sale]


def pending_in_a_frame(shop: Shop) -> Sale:
    return shop.pending(challenge="frame")


STATES: dict[str, list[Make]] = {
    "readOrder": [Shop.order, Shop.pending, Shop.paid, Shop.expired],
    "createRefund": [Shop.paid, Shop.order],
    "readPayout": [Shop.payout],
    "readCheckout": [Shop.order, Shop.pending, Shop.paid, Shop.expired],
    "createTempToken": [Shop.order, Shop.paid, Shop.expired],
    "readBin": [Shop.order, Shop.paid, Shop.expired],
    "listCards": [Shop.saved, Shop.order, Shop.paid, Shop.expired],
    "deleteCard": [Shop.saved, Shop.order],
    "createPayment": [Shop.order, Shop.saved, Shop.paid, Shop.expired],
    "confirmCode": [Shop.awaiting_a_code, Shop.pending, Shop.paid],
    "resendCode": [Shop.code_may_be_sent_again, Shop.awaiting_a_code, Shop.pending, Shop.paid],
    "cancelPayment": [Shop.pending, Shop.awaiting_a_code, Shop.on_a_wallets_page, Shop.on_hepsipays_page, Shop.on_aspays_page, Shop.on_a_terminal, Shop.paid],
    "returnFromPaywall": [Shop.pending, pending_in_a_frame, Shop.paid],
    "returnFromApm": [Shop.on_a_wallets_page, Shop.awaiting_a_code],
    "returnFromHepsipay": [Shop.on_hepsipays_page, Shop.pending],
    "returnFromAspay": [Shop.on_aspays_page, Shop.paid],
    "callbackOfTerminal": [Shop.on_a_terminal, Shop.pending],
    "callbackOfApm": [Shop.on_a_wallets_page, Shop.awaiting_a_code, Shop.pending],
}


@dataclass
class Request:
    """What a scene sends; a field that is `None` is not sent."""

    path: dict[str, str] = field(default_factory=dict)
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    query: dict[str, Any] = field(default_factory=dict)
    # Instead of a body.
    text: str | None = None


@dataclass(frozen=True)
class Scene:
    name: str
    operation: str
    status: int
    code: str | None
    play: Callable[[Shop], Request]


SCENES: list[Scene] = []


def scene(operation: str, status: int, code: str | None = None) -> Callable[[Callable[[Shop], Request]], Callable]:
    """Plays a request of `operation` that is to be answered so."""

    def note(play: Callable[[Shop], Request]) -> Callable:
        SCENES.append(Scene(play.__name__, operation, status, code, play))
        return play

    return note


# -- every call with a JSON body ------------------------------------------------

NOBODYS = {"checkout": f"co_{0:032x}", "payment": f"pay_{0:032x}", "reference": "ORD-1"}


def of_bodies(operation: str, path: list[str], statuses: set[int]) -> list[Scene]:
    """What is refused before anybody asks whose it is, as far as it is documented with a status of its own."""

    def sending(text: str, **headers: str) -> Callable[[Shop], Request]:
        def play(shop: Shop) -> Request:
            key = {"Idempotency-Key": shop.fresh_key()}
            return Request({name: NOBODYS[name] for name in path}, headers=key | headers, text=text)

        return play

    scenes = [
        Scene(f"{operation}_unreadable", operation, 400, "invalid_request", sending("{")),
        Scene(f"{operation}_too_large", operation, 413, "payload_too_large", sending('{"x": "' + "x" * 17_000 + '"}')),
        Scene(f"{operation}_of_another_type", operation, 415, "invalid_request", sending("{}", **{"Content-Type": "text/plain"})),
        Scene(f"{operation}_unfit", operation, 422, "invalid_request", sending("[]")),
    ]
    return [scene for scene in scenes if scene.status in statuses]


CARD = {"purpose": "card"}


def of(sale: Sale) -> dict[str, str]:
    return {"checkout": sale.checkout} | ({"payment": sale.payment} if sale.payment else {})


# -- orders -------------------------------------------------------------------


@scene("createOrder", 201)
def a_new_order(shop: Shop) -> Request:
    return Request(body=shop.order_request())


@scene("createOrder", 200)
def the_same_order_again(shop: Shop) -> Request:
    body = shop.order_request()
    shop.call("POST", "/v1/orders", body)
    return Request(body=body)


@scene("createOrder", 502, "provider_unavailable")
def an_order_that_nothing_can_pay_now(shop: Shop) -> Request:
    shop.spoil("apm_list")
    return Request(body=shop.order_request(methods=["apm"]))


@scene("createOrder", 409, "order_exists")
def another_order_of_the_same_reference(shop: Shop) -> Request:
    body = shop.order_request()
    shop.call("POST", "/v1/orders", body)
    return Request(body=body | {"amount": 1})


@scene("readOrder", 200)
def a_paid_order(shop: Shop) -> Request:
    return Request(path={"reference": shop.paid().reference})


@scene("createRefund", 201)
def all_of_it_back(shop: Shop) -> Request:
    return Request({"reference": shop.paid().reference}, {"reason": "Kırık geldi"}, {"Idempotency-Key": shop.fresh_key()})


@scene("createRefund", 201)
def a_refund_that_the_provider_does_not_answer(shop: Shop) -> Request:
    reference = shop.paid().reference
    shop.spoil("refund_partial", "lost")
    return Request({"reference": reference}, {"amount": 1}, {"Idempotency-Key": shop.fresh_key()})


@scene("createRefund", 200)
def the_same_refund_again(shop: Shop) -> Request:
    reference, key = shop.paid().reference, shop.fresh_key()
    shop.call("POST", f"/v1/orders/{reference}/refunds", {"amount": 100}, key)
    return Request({"reference": reference}, {"amount": 100}, {"Idempotency-Key": key})


@scene("createRefund", 409, "idempotency_mismatch")
def another_refund_with_the_same_key(shop: Shop) -> Request:
    reference, key = shop.paid().reference, shop.fresh_key()
    shop.call("POST", f"/v1/orders/{reference}/refunds", {"amount": 100}, key)
    return Request({"reference": reference}, {"amount": 101}, {"Idempotency-Key": key})


@scene("createRefund", 409, "order_not_paid")
def a_refund_of_nothing(shop: Shop) -> Request:
    return Request({"reference": shop.order().reference}, {}, {"Idempotency-Key": shop.fresh_key()})


@scene("createRefund", 422, "refund_too_large")
def more_than_was_paid(shop: Shop) -> Request:
    return Request({"reference": shop.paid().reference}, {"amount": 12346}, {"Idempotency-Key": shop.fresh_key()})


@scene("createPayout", 201)
def a_new_payout(shop: Shop) -> Request:
    return Request(body=shop.payout_request())


@scene("createPayout", 201)
def a_payout_that_the_bank_declines(shop: Shop) -> Request:
    return Request(body=shop.payout_request(beneficiary="RED"))


@scene("createPayout", 201)
def a_payout_that_corefy_does_not_answer(shop: Shop) -> Request:
    body = shop.payout_request()
    shop.spoil("corefy_payout", "lost")
    return Request(body=body)


@scene("createPayout", 200)
def the_same_payout_again(shop: Shop) -> Request:
    body = shop.payout_request()
    shop.call("POST", "/v1/payouts", body)
    return Request(body=body)


@scene("createPayout", 409, "payout_exists")
def another_payout_of_the_same_reference(shop: Shop) -> Request:
    body = shop.payout_request()
    shop.call("POST", "/v1/payouts", body)
    return Request(body=body | {"amount": 1})


@scene("readPayout", 200)
def a_known_payout(shop: Shop) -> Request:
    return Request({"reference": shop.payout().reference})


@scene("readPayout", 404, "payout_not_found")
def an_unknown_payout(shop: Shop) -> Request:
    return Request({"reference": "nobody's"})


# -- checkouts ----------------------------------------------------------------


@scene("readCheckout", 200)
def a_long_poll_that_ends_by_itself(shop: Shop) -> Request:
    return Request(of(shop.order()), query={"wait": 1, "since": 9})


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


@scene("createTempToken", 502, "provider_unavailable")
def a_token_that_paywall_does_not_give(shop: Shop) -> Request:
    sale = shop.order()
    shop.spoil("temptoken")
    return Request(of(sale), CARD)


# -- cards --------------------------------------------------------------------

BIN = {"bin": "514118"}


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


@scene("deleteCard", 502, "provider_unavailable")
def a_card_that_paywall_does_not_forget(shop: Shop) -> Request:
    sale = shop.saved()
    shop.spoil("card_delete")
    return Request({"checkout": sale.checkout, "card": sale.card})


# -- payments -----------------------------------------------------------------


@scene("createPayment", 201)
def a_card_payment(shop: Shop) -> Request:
    sale = shop.order()
    return Request(of(sale), shop.card_payment(sale.checkout), {"Idempotency-Key": shop.fresh_key()})


@scene("createPayment", 201)
def a_payment_by_a_saved_card(shop: Shop) -> Request:
    sale = shop.saved()
    return Request({"checkout": sale.checkout}, {"method": "saved_card", "card": sale.card}, {"Idempotency-Key": shop.fresh_key()})


@scene("createPayment", 404, "card_not_found")
def a_payment_by_a_card_of_no_shape(shop: Shop) -> Request:
    sale = shop.saved()
    return Request({"checkout": sale.checkout}, {"method": "saved_card", "card": "mine"}, {"Idempotency-Key": shop.fresh_key()})


@scene("createPayment", 200)
def the_same_payment_again(shop: Shop) -> Request:
    sale, key = shop.order(), shop.fresh_key()
    body = shop.card_payment(sale.checkout)
    shop.call("POST", f"/v1/checkouts/{sale.checkout}/payments", body, key)
    return Request(of(sale), body, {"Idempotency-Key": key})


@scene("createPayment", 409, "idempotency_mismatch")
def another_payment_with_the_same_key(shop: Shop) -> Request:
    sale, key = shop.order(), shop.fresh_key()
    body = shop.card_payment(sale.checkout)
    shop.call("POST", f"/v1/checkouts/{sale.checkout}/payments", body, key)
    return Request(of(sale), body | {"installments": 2}, {"Idempotency-Key": key})


@scene("createPayment", 409, "payment_pending")
def a_second_payment_at_once(shop: Shop) -> Request:
    sale = shop.pending()
    return Request({"checkout": sale.checkout}, shop.card_payment(sale.checkout), {"Idempotency-Key": shop.fresh_key()})


@scene("createPayment", 409, "already_paid")
def a_payment_of_a_paid_order(shop: Shop) -> Request:
    body = {"method": "card", "cardToken": "any"}
    return Request({"checkout": shop.paid().checkout}, body, {"Idempotency-Key": shop.fresh_key()})


@scene("createPayment", 410, "checkout_expired")
def a_payment_too_late(shop: Shop) -> Request:
    body = {"method": "card", "cardToken": "any"}
    return Request(of(shop.expired()), body, {"Idempotency-Key": shop.fresh_key()})


@scene("createPayment", 422, "method_not_offered")
def a_payment_by_what_is_not_offered(shop: Shop) -> Request:
    return Request(of(shop.order(methods=["card"])), {"method": "hepsipay"}, {"Idempotency-Key": shop.fresh_key()})


@scene("createPayment", 429, "too_many_attempts")
def one_payment_too_many(shop: Shop) -> Request:
    body = {"method": "card", "cardToken": "any"}
    return Request(of(shop.worn_out), body, {"Idempotency-Key": shop.fresh_key()})


@scene("createPayment", 201)
def a_payment_by_a_code(shop: Shop) -> Request:
    return Request(of(shop.order()), MEAL_CARD, {"Idempotency-Key": shop.fresh_key()})


@scene("createPayment", 201)
def a_payment_by_a_picture(shop: Shop) -> Request:
    body = {"method": "apm", "connection": "11", "kind": "qr"}
    return Request(of(shop.order()), body, {"Idempotency-Key": shop.fresh_key()})


@scene("createPayment", 201)
def a_payment_at_once(shop: Shop) -> Request:
    body = {"method": "apm", "connection": "14", "kind": "direct", "payer": {"phone": "5551112233"}}
    return Request(of(shop.order()), body, {"Idempotency-Key": shop.fresh_key()})


@scene("createPayment", 201)
def a_payment_on_hepsipays_page(shop: Shop) -> Request:
    return Request(of(shop.order()), {"method": "hepsipay"}, {"Idempotency-Key": shop.fresh_key()})


@scene("createPayment", 201)
def a_payment_on_aspays_page(shop: Shop) -> Request:
    body = {"method": "aspay", "payer": {"identityNumber": TCKN}}
    return Request(of(shop.order()), body, {"Idempotency-Key": shop.fresh_key()})


@scene("createPayment", 201)
def a_payment_at_a_terminal(shop: Shop) -> Request:
    body = {"method": "terminal", "terminal": TERMINAL}
    return Request(of(shop.order(terminal={})), body, {"Idempotency-Key": shop.fresh_key()})


@scene("confirmCode", 200)
def the_right_code(shop: Shop) -> Request:
    return Request(of(shop.awaiting_a_code()), {"code": RIGHT_CODE})


@scene("confirmCode", 200)
def a_wrong_code(shop: Shop) -> Request:
    return Request(of(shop.awaiting_a_code()), {"code": "000000"})


@scene("confirmCode", 404, "payment_not_found")
def a_code_for_somebody_elses_payment(shop: Shop) -> Request:
    return Request({"checkout": shop.order().checkout, "payment": shop.pending().payment}, {"code": "1"})


@scene("confirmCode", 409, "otp_not_awaited")
def a_code_that_nobody_awaits(shop: Shop) -> Request:
    return Request(of(shop.pending()), {"code": RIGHT_CODE})


@scene("resendCode", 200)
def another_code(shop: Shop) -> Request:
    return Request(of(shop.code_may_be_sent_again()), {"payer": PAYER})


@scene("resendCode", 409, "resend_not_allowed")
def another_code_too_soon(shop: Shop) -> Request:
    return Request(of(shop.awaiting_a_code()), {"payer": PAYER})


@scene("resendCode", 404, "payment_not_found")
def another_code_for_somebody_elses_payment(shop: Shop) -> Request:
    return Request({"checkout": shop.order().checkout, "payment": shop.pending().payment}, {})


@scene("resendCode", 409, "otp_not_awaited")
def another_code_that_nobody_awaits(shop: Shop) -> Request:
    return Request(of(shop.pending()), {})


@scene("cancelPayment", 200)
def a_shopper_who_thinks_better_of_it(shop: Shop) -> Request:
    return Request(of(shop.pending()))


@scene("cancelPayment", 404, "payment_not_found")
def the_end_of_somebody_elses_payment(shop: Shop) -> Request:
    return Request({"checkout": shop.order().checkout, "payment": shop.pending().payment})


# -- returns ------------------------------------------------------------------


@scene("returnFromPaywall", 303)
def back_from_the_bank(shop: Shop) -> Request:
    sale = shop.pending()
    return Request({"payment": sale.payment}, shop.comes_back(sale))


@scene("returnFromPaywall", 200)
def back_in_the_frame(shop: Shop) -> Request:
    sale = pending_in_a_frame(shop)
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
