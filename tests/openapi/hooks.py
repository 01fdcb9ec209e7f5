"""Schemathesis meets a real shop: generated ids become real ones, scenes are played, and at the end every documented
answer must have been given.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit
from zlib import crc32

import schemathesis
from schemathesis import Case, HookContext, Response
from schemathesis.core.failures import AcceptedNegativeData, Failure
from schemathesis.generation.meta import TestPhase
from schemathesis.openapi.checks import IgnoredAuth

import scenes  # noqa: F401, they note themselves
from ear import Ear
from scene import SCENES, Scene, of_bodies
from shop import CONNECTIONS, IBAN, PAYER, TCKN, Sale, Shop
from states import STATES, Make

GIVEN = {name: os.environ[f"KASA_OPENAPI_{name.upper()}"] for name in ("merchant", "sandbox", "origin", "database")}
KEYS = json.loads(os.environ["KASA_OPENAPI_KEYS"])
SHOP = Shop(**GIVEN, keys=KEYS)
EAR = Ear(int(os.environ["KASA_OPENAPI_WEBHOOK_PORT"]), KEYS["webhook"])

SCENE = "X-Scene"
JSON = "application/json"

# Not to be provoked: the server's own fault, and its end.
NEVER = {(500, "internal"), (503, "not_ready")}

WELL_FORMED = {
    "checkout": re.compile(r"co_[0-9a-f]{32}"),
    "payment": re.compile(r"pay_[0-9a-f]{32}"),
    "card": re.compile(r"[0-9a-f]{32}"),
    "reference": re.compile(r"[^/]{1,100}"),
}


def operation_id(case: Case) -> str:
    return case.operation.definition.raw["operationId"]


# -- the document, as a test wants it ------------------------------------------


DOCUMENT: dict = {}


@schemathesis.hook
def before_load_schema(context: HookContext, raw_schema: dict) -> None:
    """Answers may grow within version 1; this server's must not without the document."""
    DOCUMENT.update(raw_schema)
    schemas = raw_schema["components"]["schemas"]
    answered: set[str] = set()
    waiting = list(_references(_answers(raw_schema)))
    while waiting:
        name = waiting.pop()
        if name not in answered:
            answered.add(name)
            waiting += _references(schemas[name])
    for name in answered:
        if "properties" in schemas[name] and "oneOf" not in schemas[name]:
            schemas[name].setdefault("additionalProperties", False)


def _answers(document: dict) -> list:
    operations = (operation for path in document["paths"].values() for operation in path.values() if "responses" in operation)
    told = [webhook["post"]["requestBody"] for webhook in document["webhooks"].values()]
    return [*(operation["responses"] for operation in operations), document["components"]["responses"], *told]


def _references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str) and part["$ref"].startswith("#/components/schemas/"):
            yield part["$ref"].rsplit("/", 1)[1]
        for value in part.values():
            yield from _references(value)
    elif isinstance(part, list):
        for value in part:
            yield from _references(value)


# -- what is sent --------------------------------------------------------------


@schemathesis.hook
def before_add_examples(context: HookContext, examples: list[Case]) -> None:
    operation = context.operation
    for scene in _scenes_of(operation.definition.raw["operationId"], operation.definition.raw, operation.path):
        ALL[scene.name] = scene
        examples.append(operation.Case(headers={SCENE: scene.name}))


ALL: dict[str, Scene] = {}


def _scenes_of(name: str, operation: dict, path: str) -> list[Scene]:
    own = [scene for scene in SCENES if scene.operation == name]
    takes_json = JSON in operation.get("requestBody", {}).get("content", {})
    if not takes_json:
        return own
    return own + of_bodies(name, re.findall(r"{(\w+)}", path), {int(status) for status in operation["responses"]})


@schemathesis.hook
def before_call(context: HookContext, case: Case, kwargs: dict[str, Any]) -> None:
    if scene := scene_of(case):
        _play(scene, case, kwargs)
    else:
        _make_real(case)


def scene_of(case: Case) -> Scene | None:
    return ALL.get((case.headers or {}).get(SCENE))


def _play(scene: Scene, case: Case, kwargs: dict[str, Any]) -> None:
    request = scene.play(SHOP)
    case.path_parameters = request.path
    case.query = request.query
    case.headers = {SCENE: scene.name} | _credentials(case) | request.headers
    if request.body is not None:
        case.body = request.body
        case.media_type = next(iter(case.operation.definition.raw["requestBody"]["content"]))
    if request.text is not None:
        kwargs["data"] = request.text
        case.headers.setdefault("Content-Type", JSON)


def _credentials(case: Case) -> dict[str, str]:
    wanted = case.operation.definition.raw["security"]
    return {"Authorization": f"Bearer {SHOP.key}"} if {"backEnd": []} in wanted else {}


class States:
    """The states of one operation, each used until a call changed it; now and then nothing real at all."""

    def __init__(self, makes: list[Make]) -> None:
        self._makes = [*makes, None]
        self._made: dict[Make, Sale] = {}
        self._last: Make | None = None

    def at(self, dice: int) -> Sale | None:
        self._last = self._makes[dice % len(self._makes)]
        if self._last is None:
            return None
        if self._last not in self._made:
            self._made[self._last] = self._last(SHOP)
        return self._made[self._last]

    def changed(self) -> None:
        self._made.pop(self._last, None)


WORLD = {operation: States(makes) for operation, makes in STATES.items()}


def _make_real(case: Case) -> None:
    name = operation_id(case)
    # There links bring what is real, and nothing else may, or Schemathesis could not replay it.
    stateful = case.meta is not None and case.meta.phase.name == TestPhase.STATEFUL
    dice = crc32(repr((not stateful and case.path_parameters, case.body)).encode())
    sale = WORLD[name].at(dice) if name in WORLD and not stateful else None
    for parameter in case.path_parameters:
        _put(case.path_parameters, parameter, sale)
    if fill := FILLS.get(name):
        fill(case, sale, dice)


def _put(fields: dict[str, Any], name: str, sale: Sale | None) -> None:
    """A real id for one of its shape."""
    real, given = getattr(sale, name, None), fields.get(name)
    if real and isinstance(given, str) and WELL_FORMED[name].fullmatch(given):
        fields[name] = real


def _fill_order(case: Case, _: Sale | None, dice: int) -> None:
    """An order of its own that fits, as far as only this server can know: by its origins, and in sum."""
    body = case.body
    if not isinstance(body, dict):
        return
    if isinstance(body.get("returnUrl"), str) and urlsplit(body["returnUrl"]).scheme:
        body["returnUrl"] = f"{SHOP.origin}/kasa"
    if isinstance(body.get("reference"), str) and re.fullmatch("[^/]{1,80}", body["reference"]):
        body["reference"] += f" {SHOP.number()}"
    products = body.get("products")
    if isinstance(products, list) and products and isinstance(body.get("amount"), int):
        amounts = [product.get("amount") for product in products if isinstance(product, dict)]
        if all(isinstance(amount, int) for amount in amounts):
            body["amount"] = sum(amounts)
    if re.fullmatch("[A-Z]{3}", str(body.get("currency"))) and dice % 4:
        body["currency"] = "TRY"


def _fill_payment(case: Case, sale: Sale | None, dice: int) -> None:
    """Most of the time what the order offers, and what the sandbox takes."""
    body = case.body
    if not isinstance(body, dict):
        return
    _put(body, "card", sale)
    if not dice % 4:
        return
    if body.get("method") == "card" and isinstance(body.get("cardToken"), str):
        # Not every checkout gets one; the call will say why.
        with contextlib.suppress(RuntimeError):
            body["cardToken"] = SHOP.card_token(case.path_parameters["checkout"])
    if body.get("method") == "apm" and isinstance(body.get("connection"), str) and str(body.get("kind")) in CONNECTIONS:
        body["connection"] = CONNECTIONS[body["kind"]]
    if isinstance(body.get("payer"), dict):
        body["payer"] |= PAYER


def _fill_poll(case: Case, *_: object) -> None:
    """A poll that waits for nothing takes its time: one scene does, and that is enough."""
    if str(case.query.get("wait", "0")).isdecimal() and str(case.query.get("since", "")).isdecimal():
        case.query["since"] = "0"


def _fill_callback(case: Case, sale: Sale | None, dice: int) -> None:
    write = SHOP.apm_callback if operation_id(case) == "callbackOfApm" else SHOP.terminal_callback
    if sale and isinstance(case.body, dict) and isinstance(case.body.get("MerchantUniqueCode"), str) and dice % 2:
        case.body |= write(sale.payment)


def _fill_payout(case: Case, _: Sale | None, dice: int) -> None:
    """Check digits, which no pattern says."""
    for name, right in (("iban", IBAN), ("identityNumber", TCKN)):
        if isinstance(case.body, dict) and re.fullmatch("[A-Za-z0-9 ]{11,}", str(case.body.get(name))) and dice % 5:
            case.body[name] = right


FILLS = {
    "callbackOfApm": _fill_callback,
    "callbackOfTerminal": _fill_callback,
    "createOrder": _fill_order,
    "createPayment": _fill_payment,
    "createPayout": _fill_payout,
    "readCheckout": _fill_poll,
}

# Calls that move their state on when they succeed.
MOVES = {"createPayment", "cancelPayment", "returnFromPaywall", "returnFromApm", "returnFromHepsipay", "returnFromAspay", "confirmCode", "resendCode", "createRefund", "deleteCard"}


@schemathesis.hook
def after_call(context: HookContext, case: Case, response: Response) -> None:
    name = operation_id(case)
    if name in MOVES and response.status_code < 400:
        WORLD[name].changed()


# -- what is answered ----------------------------------------------------------


def code_of(response: Response) -> str | None:
    if "application/problem+json" in response.headers.get("content-type", [""])[0]:
        return response.json().get("code")
    return None


@schemathesis.hook
def filter_failure(context: HookContext, failure: Failure, case: Case, response: Response) -> bool:
    if isinstance(failure, AcceptedNegativeData):
        # The document lets a server take `null` for what is left out, and this one does.
        return not _has_null(case.body)
    # A scene brings its own key, which the check takes for a generated one.
    return not (isinstance(failure, IgnoredAuth) and scene_of(case))


def _has_null(part: Any) -> bool:
    values = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    return any(value is None or _has_null(value) for value in values)


@schemathesis.check
class every_documented_answer:
    """Each scene is answered as it says, and over the run each documented status and code of each operation is given."""

    def __init__(self) -> None:
        self._documented: dict[str, set[tuple[int, str | None]]] = {}
        self._given: dict[str, set[tuple[int, str | None]]] = {}

    def after_response(self, ctx: schemathesis.CheckContext, response: Response, case: Case) -> None:
        name = operation_id(case)
        given = (response.status_code, code_of(response))
        self._given.setdefault(name, set()).add(given)
        if name not in self._documented:
            self._documented[name] = set(_documented(case))
        if scene := scene_of(case):
            wanted = (scene.status, scene.code)
            assert given == wanted, f"the scene {scene.name} was answered {given}, not {wanted}"

    def after_run(self, ctx: schemathesis.CheckContext) -> None:
        missing = [
            f"{name} never answered {status} {code or ''}".rstrip()
            for name, documented in sorted(self._documented.items())
            for status, code in sorted(documented - self._given[name] - NEVER, key=str)
        ]
        assert not missing, "documented, but " + ", ".join(missing)


def _documented(case: Case) -> Iterator[tuple[int, str | None]]:
    document = case.operation.schema.raw_schema
    for status, answer in case.operation.definition.raw["responses"].items():
        if "$ref" in answer:
            answer = document["components"]["responses"][answer["$ref"].rsplit("/", 1)[1]]
        problem = answer.get("content", {}).get("application/problem+json")
        codes = problem["schema"]["properties"]["code"]["enum"] if problem else [None]
        for code in codes:
            yield int(status), code


@schemathesis.check
class every_documented_webhook:
    """Each event that the shop was told is signed and as documented, and each documented one was told."""

    def after_run(self, ctx: schemathesis.CheckContext) -> None:
        waited = set(DOCUMENT["webhooks"])
        told = EAR.heard(waited)
        for event in told:
            event.prove(DOCUMENT)
        missing = waited - {event.kind for event in told}
        assert not missing, f"never told of {', '.join(sorted(missing))}"
