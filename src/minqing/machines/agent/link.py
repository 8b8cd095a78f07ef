"""To the server and back: one signed message, one answer that was signed for it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, Final
from urllib.parse import urlsplit

from minqing.machines.formats.signing import fits, sign

SCHEME: Final = "Minqing-Machine"
PATH: Final = "/machine/turn"
TIMEOUT: Final = 10.0
# what comes of a line that is cut
CUT: Final = (OSError, ValueError, HTTPException)
# body and headers to an address; status, headers and body of the answer
Send = Callable[[str, bytes, Mapping[str, str]], tuple[int, Mapping[str, str], bytes]]


class NoAnswer(Exception):
    """Nothing came back that can be trusted. Whether the server has read the message is not known."""


class Refused(Exception):
    """The server does not take messages of this device; ``code`` says why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def over_http(address: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, Mapping[str, str], bytes]:
    """By a connection of its own: no proxy out of the environment, and no redirect is followed."""
    to = urlsplit(address)
    kind = HTTPSConnection if to.scheme == "https" else HTTPConnection
    connection = kind(to.hostname or "", to.port, timeout=TIMEOUT)
    try:
        connection.request("POST", to.path, body, dict(headers))
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


class Link:
    def __init__(self, server: str, code: str, secret: str, send: Send = over_http) -> None:
        self.server, self.code, self.secret, self.send = server.rstrip("/"), code, secret, send

    def turn(self, told: Mapping[str, Any], *, boot: int, run: str, counter: int) -> Mapping[str, Any]:
        """Raises NoAnswer and Refused."""
        body = json.dumps(told).encode()
        named = (self.code, str(boot), run, str(counter))
        signature = sign(self.secret, "POST", PATH, *named, body=body)
        headers = {"Authorization": " ".join([SCHEME, *named, signature]), "Content-Type": "application/json"}
        try:
            status, answered, content = self.send(f"{self.server}{PATH}", body, headers)
        except CUT as error:
            raise NoAnswer(str(error)) from None
        if status in {401, 409, 423}:
            raise Refused(code_in(content))
        # servers write names of headers in any case
        given = {name.lower(): value for name, value in answered.items()}.get("minqing-signature", "")
        if status != 200 or not fits(self.secret, given, "answer", self.code, run, str(counter), body=content):
            raise NoAnswer(f"status {status}")
        answer: Mapping[str, object] = json.loads(content)
        return answer


def code_in(content: bytes) -> str:
    try:
        return str(json.loads(content)["code"])
    except (ValueError, KeyError, TypeError):
        return "refused"
