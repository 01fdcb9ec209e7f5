"""The shop's back end: orders, refunds, payouts."""

from __future__ import annotations

from scene import Request, scene
from shop import Shop


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


@scene("readPayout", 200)
def a_payout_that_came_back(shop: Shop) -> Request:
    return Request({"reference": shop.sent_back_payout().reference})


@scene("readPayout", 404, "payout_not_found")
def an_unknown_payout(shop: Shop) -> Request:
    return Request({"reference": "nobody's"})
