"""The shop's ear: takes webhooks as they come, and judges them by the document."""

from __future__ import annotations

import base64
import hmac
import json
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import jsonschema_rs

# The last event of a run may still be on its way.
PATIENCE_SECONDS = 10


@dataclass(frozen=True)
class Event:
    headers: dict[str, str]
    body: bytes
    secret: str

    @property
    def kind(self) -> str:
        return json.loads(self.body)["type"]

    def prove(self, document: dict) -> None:
        """Fails unless the document has such an event."""
        operation = document["webhooks"][self.kind]["post"]
        components = {"components": document["components"]}
        content = operation["requestBody"]["content"]["application/json"]
        jsonschema_rs.validate(content["schema"] | components, json.loads(self.body))
        for parameter in operation["parameters"]:
            header = document["components"]["parameters"][parameter["$ref"].rsplit("/", 1)[1]]
            given = self.headers[header["name"]]
            jsonschema_rs.validate(header["schema"], int(given) if header["schema"]["type"] == "integer" else given)
        assert self.headers["webhook-signature"] == self._signature(), "a webhook with a wrong signature"

    def _signature(self) -> str:
        key = base64.b64decode(self.secret.removeprefix("whsec_"))
        signed = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}.".encode() + self.body
        return "v1," + base64.b64encode(hmac.digest(key, signed, "sha256")).decode()


class Ear:
    def __init__(self, port: int, secret: str) -> None:
        self._events: list[Event] = []
        self._news = threading.Condition()
        events, news = self._events, self._news

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                with news:
                    events.append(Event(headers, body, secret))
                    news.notify_all()
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()

    def heard(self, kinds: set[str]) -> list[Event]:
        """All that was heard, once an event of each of `kinds` was, or nothing more is to be waited for."""
        with self._news:
            self._news.wait_for(lambda: kinds <= {event.kind for event in self._events}, PATIENCE_SECONDS)
            return list(self._events)
