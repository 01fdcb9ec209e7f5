"""A shop, its shopper and the bank: they bring checkouts and payments into every state that a call can meet.

Knows the merchant API and the sandbox; nothing of Schemathesis.
"""

from __future__ import annotations

import itertools
import re
import sqlite3
from base64 import b64encode
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha1, sha256
from html import unescape
from urllib.parse import urljoin
from uuid import UUID

import requests

PAYING_CARD = "5141181677407907"
RIGHT_CODE = "123456"
# The sandbox's terminal that works.
TERMINAL = "38e895c3-1a9a-4b73-8816-8557d1d031d6"
IBAN = "TR05 0009 9000 0000 0000 0000 01"
TCKN = "10000000146"
# Whatever a method of the sandbox asks a payer for, and its connections by their kinds.
PAYER = {"cardNumber": "6375780000000000", "phone": "5551112233", "identityNumber": TCKN}
CONNECTIONS = {"otp": "12", "redirect": "11", "qr": "11", "direct": "14"}
MEAL_CARD = {"method": "apm", "connection": CONNECTIONS["otp"], "kind": "otp", "payer": PAYER}
CUSTOMER = {
    "fullName": "Elif Yılmaz",
    "phone": "5551112233",
    "email": "elif@example.com",
    "country": "Türkiye",
    "city": "İstanbul",
    "address": "Moda Caddesi 12, Kadıköy",
}


@dataclass(frozen=True)
class Sale:
    """An order's names, and its latest payment's."""

    reference: str
    checkout: str
    payment: str | None = None
    url: str | None = None
    card: str | None = None


class Shop:
    """`keys`: those of the servers, by the names of scripts/lib/services.mjs."""

    def __init__(self, merchant: str, sandbox: str, origin: str, database: str, keys: dict[str, str]) -> None:
        self.merchant, self.sandbox, self.origin = merchant, sandbox, origin
        self._database, self._keys = database, keys
        self._http = requests.Session()
        # A proxy of the environment is not for loopback.
        self._http.trust_env = False
        self._numbers = itertools.count(1)

    # -- calls ---------------------------------------------------------------

    def call(
        self, method: str, path: str, body: object = None, key: str | None = None, more: dict[str, str] | None = None
    ) -> dict:
        """A call that must succeed; `more` headers."""
        headers = dict(more or {})
        if path.startswith(("/v1/orders", "/v1/payouts")):
            headers["Authorization"] = f"Bearer {self.key}"
        if key:
            headers["Idempotency-Key"] = key
        answer = self._http.request(method, self.merchant + path, json=body, headers=headers, timeout=30)
        if not answer.ok:
            raise RuntimeError(f"{method} {path}: {answer.status_code} {answer.text}")
        return answer.json()

    @property
    def key(self) -> str:
        return self._keys["api"]

    def number(self) -> int:
        return next(self._numbers)

    def fresh_key(self) -> str:
        return f"test-key-{self.number():016}"

    def spoil(self, call: str, fault: str = "status500", times: int = 1) -> None:
        """Has the sandbox spoil the next calls of this name."""
        self._http.post(f"{self.sandbox}/sandbox/faults", json={"call": call, "fault": fault, "times": times}, timeout=10).raise_for_status()

    def execute(self, statement: str, *values: object) -> None:
        """For what only time brings about."""
        with sqlite3.connect(self._database, timeout=10) as database:
            database.execute(statement, values)

    # -- orders --------------------------------------------------------------

    def order_request(self, **changes: object) -> dict:
        return {
            "reference": f"TEST-{self.number()}",
            "amount": 12345,
            "currency": "TRY",
            "description": "Deneme siparişi",
            "returnUrl": f"{self.origin}/kasa?step=3",
            "customer": CUSTOMER,
        } | changes

    def order(self, **changes: object) -> Sale:
        order = self.call("POST", "/v1/orders", self.order_request(**changes))
        return Sale(order["reference"], order["checkout"])

    def expired(self) -> Sale:
        sale = self.order()
        self.execute("UPDATE orders SET expires_at = created_at WHERE checkout = ?", sale.checkout)
        return sale

    @cached_property
    def worn_out(self) -> Sale:
        """Its payments, tokens and questions are used up."""
        sale = self.order()
        for _ in range(10):
            body = {"method": "card", "cardToken": "no-such-token"}
            self.call("POST", f"/v1/checkouts/{sale.checkout}/payments", body, self.fresh_key())
        for _ in range(30):
            self.call("POST", f"/v1/checkouts/{sale.checkout}/temp-token", {"purpose": "card"})
        for _ in range(100):
            self.call("GET", f"/v1/checkouts/{sale.checkout}/cards")
        return sale

    @cached_property
    def hasty(self) -> dict[str, str]:
        """Says for whom a call is made: an address that has had its tries, by the limits of scripts/lib/services.mjs."""
        whom = {"X-Forwarded-For": "203.0.113.7"}
        for _ in range(3):
            checkout = f"/v1/checkouts/{self.order().checkout}"
            body = {"method": "card", "cardToken": "no-such-token"}
            self.call("POST", f"{checkout}/payments", body, self.fresh_key(), whom)
            self.call("POST", f"{checkout}/temp-token", {"purpose": "card"}, more=whom)
        return whom

    # -- payouts -------------------------------------------------------------

    def payout_request(self, **changes: object) -> dict:
        return {
            "reference": f"PO-{self.number()}",
            "amount": 5000,
            "currency": "TRY",
            "iban": IBAN,
            "beneficiary": "Elif Yılmaz",
            "identityNumber": TCKN,
        } | changes

    def payout(self) -> Sale:
        return Sale(self.call("POST", "/v1/payouts", self.payout_request())["reference"], checkout="")

    def sent_back_payout(self) -> Sale:
        """Paid, then canceled: the bank sent it back."""
        payout = self.call("POST", "/v1/payouts", self.payout_request())
        address = f"{self.sandbox}/sandbox/corefy/{payout['provider']['id']}"
        self._http.post(address, json={"status": "canceled"}, timeout=10).raise_for_status()
        return Sale(payout["reference"], checkout="")

    # -- cards ---------------------------------------------------------------

    def card_token(self, checkout: str) -> str:
        token = self.call("POST", f"/v1/checkouts/{checkout}/temp-token", {"purpose": "card"})
        card = {
            "CardType": 1,
            "CardOwnerName": "Elif Yılmaz",
            "CardNumber": PAYING_CARD,
            "CardCvv": "360",
            "CardExpiryMonth": "09",
            "CardExpiryYear": "28",
            "ExpiryMin": 15,
        }
        answer = self._http.post(
            f"{token['paymentApi']}/api/paywall/tempcard", json=card, headers={"token": token["token"]}, timeout=10
        )
        return answer.json()["Body"]["CardToken"]

    def card_payment(self, checkout: str, **changes: object) -> dict:
        return {"method": "card", "cardToken": self.card_token(checkout)} | changes

    def started(self, body: dict, **order: object) -> Sale:
        """A payment under way, of a new order."""
        sale = self.order(**order)
        payment = self.call("POST", f"/v1/checkouts/{sale.checkout}/payments", body, self.fresh_key())
        return Sale(sale.reference, sale.checkout, payment["id"], payment.get("next", {}).get("url"))

    def awaiting_a_code(self) -> Sale:
        return self.started(MEAL_CARD)

    def on_a_wallets_page(self) -> Sale:
        return self.started({"method": "apm", "connection": "11", "kind": "redirect"})

    def on_hepsipays_page(self) -> Sale:
        return self.started({"method": "hepsipay"})

    def on_aspays_page(self) -> Sale:
        return self.started({"method": "aspay", "payer": {"identityNumber": TCKN}})

    def on_a_terminal(self) -> Sale:
        return self.started({"method": "terminal", "terminal": TERMINAL}, terminal={})

    def code_may_be_sent_again(self) -> Sale:
        sale = self.awaiting_a_code()
        past = "UPDATE payments SET next = json_set(next, '$.resendAt', '2026-01-01T00:00:00Z') WHERE id = ?"
        self.execute(past, sale.payment)
        return sale

    def pending(self, order: dict | None = None, **changes: object) -> Sale:
        """A card payment whose shopper is at the bank."""
        sale = self.order(**(order or {}))
        body = self.card_payment(sale.checkout, **changes)
        payment = self.call("POST", f"/v1/checkouts/{sale.checkout}/payments", body, self.fresh_key())
        return Sale(sale.reference, sale.checkout, payment["id"], payment["next"]["url"])

    def saved(self) -> Sale:
        """A fresh order of a customer who has a saved card."""
        customer = CUSTOMER | {"id": f"customer-{self.number()}"}
        self.paid(order={"customer": customer}, save=True)
        sale = self.order(customer=customer)
        cards = self.call("GET", f"/v1/checkouts/{sale.checkout}/cards")["cards"]
        return Sale(sale.reference, sale.checkout, card=cards[0]["id"])

    def pending_in_a_frame(self) -> Sale:
        return self.pending(challenge="frame")

    def comes_back(self, sale: Sale) -> dict[str, str]:
        """Does on the provider's pages what pays; answers the form that would bring the browser back."""
        page = self._http.get(sale.url, timeout=10)
        for _ in range(5):
            action = urljoin(page.url, _attribute(_tag(page.text, "form"), "action"))
            fields = {_attribute(each, "name"): _attribute(each, "value") for each in re.findall(r"<input[^>]*>", page.text)}
            if action.startswith(self.merchant):
                return fields
            if 'name="code"' in page.text:
                fields = {"code": RIGHT_CODE, "action": "confirm"}
            if 'name="do"' in page.text:
                fields = {"do": "pay"}
            verb = _attribute(_tag(page.text, "form"), "method").upper() or "GET"
            page = self._http.request(verb, action, **{"params" if verb == "GET" else "data": fields}, timeout=10)
        raise RuntimeError(f"no way back from {sale.url}")

    def paid(self, **changes: object) -> Sale:
        sale = self.pending(**changes)
        form = self.comes_back(sale)
        self._http.post(f"{self.merchant}/return/paywall/{sale.payment}", data=form, allow_redirects=False, timeout=30)
        return sale


    # -- what providers send --------------------------------------------------

    def apm_callback(self, payment: str) -> dict[str, str]:
        told = {"Id": "1", "MerchantUniqueCode": payment, "Amount": "123.45"}
        return told | {"Hash": hashed(self._keys["hashApm"], *told.values())}


    def terminal_callback(self, payment: str) -> dict[str, str]:
        told = {"PaymentRequestId": "no-such-sale", "MerchantUniqueCode": str(UUID(payment[4:])), "Amount": "123.45"}
        return told | {"Hash": hashed(self._keys["hashPos"], *told.values())}

    def corefy_callback(self, sale: Sale) -> tuple[str, str]:
        """Body and signature."""
        payments = self.call("GET", f"/v1/orders/{sale.reference}")["payments"]
        credentials = (self._keys["corefyAccount"], self._keys["corefyKey"])
        address = f"{self.sandbox}/corefy/api/payment-invoices/{payments[-1]['provider']['id']}"
        body = self._http.get(address, auth=credentials, timeout=10).text
        secret = self._keys["corefySecretTest"]
        return body, b64encode(sha1(f"{secret}{body}{secret}".encode()).digest()).decode()


def hashed(*parts: str) -> str:
    """PayWall's hash: the key, then what it proves."""
    return sha256("###".join(parts).encode()).hexdigest()


def _tag(page: str, name: str) -> str:
    found = re.search(rf"<{name}[^>]*>", page)
    if not found:
        raise RuntimeError(f"no <{name}> in the sandbox's page")
    return found.group()


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'{name}="([^"]*)"', tag)
    return unescape(found.group(1)) if found else ""
