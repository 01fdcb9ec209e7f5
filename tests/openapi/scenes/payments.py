"""Payments, their codes and their ends."""

from __future__ import annotations

from scene import Request, of, scene
from shop import MEAL_CARD, PAYER, RIGHT_CODE, TCKN, TERMINAL, Shop


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


@scene("createPayment", 429, "try_later")
def a_payment_too_soon(shop: Shop) -> Request:
    body = {"method": "card", "cardToken": "any"}
    return Request(of(shop.order()), body, shop.hasty | {"Idempotency-Key": shop.fresh_key()})


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


@scene("confirmCode", 429, "try_later")
def a_code_too_soon(shop: Shop) -> Request:
    return Request(of(shop.awaiting_a_code()), {"code": RIGHT_CODE}, shop.hasty)


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


@scene("resendCode", 429, "try_later")
def another_code_after_too_many(shop: Shop) -> Request:
    return Request(of(shop.code_may_be_sent_again()), {"payer": PAYER}, shop.hasty)


@scene("cancelPayment", 200)
def a_shopper_who_thinks_better_of_it(shop: Shop) -> Request:
    return Request(of(shop.pending()))


@scene("cancelPayment", 404, "payment_not_found")
def the_end_of_somebody_elses_payment(shop: Shop) -> Request:
    return Request({"checkout": shop.order().checkout, "payment": shop.pending().payment})


@scene("cancelPayment", 429, "try_later")
def an_end_too_soon(shop: Shop) -> Request:
    return Request(of(shop.pending()), headers=shop.hasty)
