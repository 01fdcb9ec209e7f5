"""What a scene is: a request arranged so that it is answered in one way, known before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from shop import Sale, Shop


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


def of(sale: Sale) -> dict[str, str]:
    return {"checkout": sale.checkout} | ({"payment": sale.payment} if sale.payment else {})
