"""Times matters over HTTP: create, list, open, search, turn by turn with a bare Django page of the same server."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from http.cookies import SimpleCookie
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlencode

from minqing.core.ids import new_id
from minqing.core.text import pinyin_initials
from minqing.demo.bench import CPU, STATEMENTS
from minqing.demo.multiplying import RARE
from minqing.demo.staff import PASS_PHRASE

WARM_UP = 4
FREQUENT = "附近"


class Unexpected(RuntimeError):
    """The server answered something else than the bench asked for."""


class Browser:
    """Somebody signed in, on one connection that is kept."""

    def __init__(self, port: int, username: str = "") -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}
        self.token = ""
        if username:
            self.get("/accounts/login/")
            self.post("/accounts/login/", {"login": username, "password": PASS_PHRASE})

    def close(self) -> None:
        self.connection.close()

    def get(self, path: str) -> tuple[HTTPResponse, str]:
        return self.ask("GET", path)

    def post(self, path: str, form: dict[str, str]) -> tuple[HTTPResponse, str]:
        return self.ask("POST", path, urlencode({"csrfmiddlewaretoken": self.token} | form), 302)

    def ask(self, method: str, path: str, body: str | None = None, status: int = 200) -> tuple[HTTPResponse, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        if answer.status != status:
            raise Unexpected(f"{method} {path.partition('?')[0]} answered {answer.status}, not {status}")
        for cookie in answer.msg.get_all("Set-Cookie", []):
            self.cookies |= {name: one.value for name, one in SimpleCookie(cookie).items()}
        if found := re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text):
            self.token = found[1]
        return answer, text


@dataclass
class Action:
    """One thing that is timed, and what it took each time."""

    name: str
    yardstick: str
    ask: Callable[[], tuple[HTTPResponse, str]]
    took_ms: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)
    statements: list[int] = field(default_factory=list)

    def once(self, *, keep: bool) -> None:
        begun = time.perf_counter()
        answer, _text = self.ask()
        took = (time.perf_counter() - begun) * 1000
        if keep:
            self.took_ms.append(took)
            self.cpu_ms.append(float(answer.headers[CPU]))
            self.statements.append(int(answer.headers[STATEMENTS]))

    def figures(self) -> dict[str, float]:
        # once in a while a request also reads what another process changed: the usual count is the median
        return {
            "statements": round(median(self.statements)),
            "cpu_ms": round(median(self.cpu_ms), 2),
            "p50_ms": round(median(self.took_ms), 2),
            "p95_ms": round(quantiles(self.took_ms, n=20)[-1], 2),
            "per_second": round(1000 / median(self.took_ms), 1),
        }


@contextmanager
def actions(port: int) -> Iterator[list[Action]]:
    """The yardsticks first. ``centre`` sees the whole county, ``clerk`` a township, ``cadre`` a village."""
    with ExitStack() as open_ones:
        names = ("", "clerk", "centre", "cadre", "clerk")
        yield actions_of(*(open_ones.enter_context(closing(Browser(port, name))) for name in names))


def actions_of(bare: Browser, clerk: Browser, centre: Browser, cadre: Browser, counter: Browser) -> list[Action]:
    # what was taken in is told on the next page: at a counter of its own, or the list would pay for it
    area = chosen(counter.get("/matters/new/")[1], "area")
    closed = clerk.get("/matters/?state=confirmed")[1]
    link, title = first_row(closed)
    _link, other = first_row(centre.get("/matters/?state=confirmed")[1])
    number = re.findall(r'class="row-note">\s*<span class="nr">(MQ-[0-9-]+)', closed)[0]
    story = other[-4:]

    def create() -> tuple[HTTPResponse, str]:
        form = {
            "request_id": str(new_id()),
            "channel": "counter",
            "area": area,
            "text": f"{title}，已经好几天了，请派人来看看。",
            "reporter_name": "何大妈",
            "reporter_phone": "13800138000",
            "place": "溪边路3号",
        }
        return counter.post("/matters/new/", form)

    def search(text: str) -> Callable[[], tuple[HTTPResponse, str]]:
        return lambda: centre.get(f"/matters/?{urlencode({'text': text})}")

    return [
        Action("bare_insert", "", lambda: bare.ask("POST", "/bare/insert", "x=1")),
        Action("bare_list", "", lambda: bare.get("/bare")),
        Action("create", "bare_insert", create),
        Action("list", "bare_list", lambda: clerk.get("/matters/")),
        Action("list_county", "bare_list", lambda: centre.get("/matters/")),
        Action("list_village", "bare_list", lambda: cadre.get("/matters/")),
        Action("detail", "bare_list", lambda: clerk.get(link)),
        Action("search_rare", "bare_list", search(RARE)),
        Action("search_frequent", "bare_list", search(FREQUENT)),
        Action("search_phrase", "bare_list", search(story)),
        Action("search_number", "bare_list", search(number)),
        Action("search_pinyin", "bare_list", search(pinyin_initials(story))),
    ]


def first_row(page: str) -> tuple[str, str]:
    found = re.search(r'<a href="([^"]+)" data-open>([^<]+)</a>', page)
    if found is None:
        raise Unexpected("the list of matters is empty")
    return found[1], found[2]


def chosen(page: str, field: str) -> str:
    """The last choice of a select."""
    select = re.search(rf'<select name="{field}".*?</select>', page, re.S)
    return re.findall(r'<option value="(\d+)"', select[0] if select else "")[-1]


def measure(found: Sequence[Action], *, rounds: int, seconds: float) -> Iterator[int]:
    """Every action once in each round, so that noise hits all alike; ends after ``rounds`` or ``seconds``.

    Yields the number of each round.
    """
    begun = time.monotonic()
    for number in range(WARM_UP + rounds):
        for action in found:
            action.once(keep=number >= WARM_UP)
        yield number + 1
        if number >= WARM_UP + 2 and time.monotonic() - begun > seconds:
            return


def report(found: Sequence[Action]) -> dict[str, Any]:
    """The figures of each action, with ``of_bare``: its rate as a share of the bare page's."""
    figures = {action.name: action.figures() for action in found}
    for action in found:
        if action.yardstick:
            rate = figures[action.name]["per_second"] / figures[action.yardstick]["per_second"]
            figures[action.name]["of_bare"] = round(rate, 2)
    return {"rounds": len(found[0].took_ms), "actions": figures}


def growth(least: dict[str, Any], most: dict[str, Any]) -> dict[str, float]:
    """How many times longer the 95th percentile of each action is with the most matters than with the least."""
    return {
        name: round(figures["p95_ms"] / least["actions"][name]["p95_ms"], 2)
        for name, figures in most["actions"].items()
    }
