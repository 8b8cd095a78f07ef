"""A browser small enough for trials of this machine: cookies, forms with all their fields, an address of its own."""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from secrets import token_hex
from urllib.parse import urlencode

SECONDS = 10
AWAY = (500, 502, 503, 504)


@dataclass
class Answer:
    status: int
    location: str
    page: str


class Lost(Exception):
    """Nothing that can be read came back: what was sent may have arrived."""


@dataclass
class Browser:
    """``source``: an address of the loopback network, so that two browsers are two people."""

    port: int
    source: str = "127.0.0.1"
    seconds: float = SECONDS
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, body: bytes = b"", kind: str = "") -> Answer:
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=self.seconds, source_address=(self.source, 0)
        )
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), "Host": "127.0.0.1"}
        try:
            connection.request(method, path, body or None, headers | ({"Content-Type": kind} if kind else {}))
            answer = connection.getresponse()
            page = answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException) as error:
            raise Lost(type(error).__name__) from None
        finally:
            connection.close()
        for header in answer.headers.get_all("Set-Cookie") or []:
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(header).items()}
        if answer.status in AWAY:
            raise Lost(str(answer.status))
        return Answer(answer.status, answer.headers.get("Location", ""), page)

    def get(self, path: str) -> Answer:
        return self.ask("GET", path)

    def post(self, path: str, fields: Mapping[str, str], files: Mapping[str, bytes] | None = None) -> Answer:
        if not files:
            return self.ask("POST", path, urlencode(fields).encode(), "application/x-www-form-urlencoded")
        edge, parts = token_hex(8), []
        for name, value in fields.items():
            parts.append(f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode())
        for name, content in files.items():
            head = f'--{edge}\r\nContent-Disposition: form-data; name="{name}"; filename="t.csv"\r\n'
            parts.append(f"{head}Content-Type: text/csv\r\n\r\n".encode() + content + b"\r\n")
        parts.append(f"--{edge}--\r\n".encode())
        return self.ask("POST", path, b"".join(parts), f"multipart/form-data; boundary={edge}")

    def sign_in(self, name: str, word: str) -> None:
        form = form_of(self.get("/accounts/login/").page, "/accounts/login/")
        self.post("/accounts/login/", form | {"login": name, "password": word})


def patiently(work: Callable[[], Answer], *, until: float) -> Answer | None:
    """Send the same again until something comes back, as a person does; None when the time is up."""
    while time.monotonic() < until:
        try:
            return work()
        except Lost:
            time.sleep(0.2)
    return None


class Forms(HTMLParser):
    """The forms of a page by their action, each with the fields that a browser would send untouched."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, dict[str, str]] = {}
        self.here: dict[str, str] | None = None
        self.choice = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.here = self.forms.setdefault(given.get("action", ""), {})
        if self.here is None:
            return
        name = given.get("name", "")
        if tag == "textarea" and name:
            self.here[name] = ""
        elif tag == "select" and name:
            self.choice = name
        elif tag == "option" and self.choice and ("selected" in given or not self.here.get(self.choice)):
            self.here[self.choice] = given.get("value", "")
        elif tag == "input" and name and given.get("type") not in {"checkbox", "file", "submit"}:
            taken = given.get("type") != "radio" or "checked" in given
            self.here |= {name: given.get("value", "")} if taken else {}

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.here = None
        elif tag == "select":
            self.choice = ""


def form_of(page: str, action: str) -> dict[str, str]:
    """The fields of the form whose action ends so, or the only form without one; empty where there is none."""
    parser = Forms()
    parser.feed(page)
    return next((fields for at, fields in parser.forms.items() if at.endswith(action) or not at), {})
