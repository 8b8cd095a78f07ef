"""Every page of every role of the made-up village, opened in a browser: it fits, nothing is cut off, axe finds nothing.

A page is found as the page bench finds it (``demo/crawler.py``), by following what pages link to. ``make pictures``
opens all of them in all looks, keeps what it sees, and writes down what seems to be wrong.
"""

from __future__ import annotations

import io
import os
from collections import Counter
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zlib import crc32

import pytest
from rich.console import Console

from minqing.demo.crawler import EVERYBODY, HTML, VISITOR, Page, plain_addresses, private_addresses, walk
from minqing.demo.scales import Scale
from minqing.demo.services import load_demo
from minqing.demo.staff import SIGN_INS
from tests.browser.looks import DESK, LOOKS, PICTURED, Look, put_on, wrong
from tests.browser.server import sign_in

FOLDER = os.environ.get("MINQING_LOOKS", "")
ROLES = {one.username: one.role.value for one in SIGN_INS}
# so many of a page with something in its address, as matters that stand elsewhere look otherwise; pictures alone
EACH = 3 if FOLDER else 1
# the gallery has tests of its own
ELSEWHERE = ("/design/",)
HALVES = [pytest.param(EVERYBODY[at::2], marks=pytest.mark.xdist_group(f"looks{at}"), id=str(at)) for at in (0, 1)]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not FOLDER, reason="make pictures opens them"),
]


@dataclass
class Answer(dict[str, str]):
    """What a browser was answered, as Django's own client tells it."""

    status_code: int
    content: bytes

    def __post_init__(self) -> None:
        super().__init__()


@dataclass
class Opener:
    """Stands where Django's client would: what is asked for stands open in ``page`` afterwards."""

    page: Any

    def get(self, url: str) -> Answer:
        # asked for without the page first: files, and answers without a word, are nothing that a page opens
        told = self.page.context.request.get(url, max_redirects=0)
        answer = Answer(told.status, told.body())
        answer["Content-Type"] = told.headers.get("content-type", "")
        if told.status == 200 and answer["Content-Type"].startswith(HTML):
            self.page.goto(url, wait_until="load")
        return answer


def kind(page: Page) -> Hashable:
    """A page with something in its address a few times, a worklist for each of its queues, any other once."""
    queue = parse_qs(urlsplit(page.url).query).get("queue") if FOLDER else None
    return page.name, crc32(urlsplit(page.url).path.encode()) % EACH, tuple(queue or ())


@pytest.fixture
def axe() -> Any:
    return pytest.importorskip("axe_playwright_python.sync_playwright").Axe()


@pytest.mark.parametrize("who", HALVES)
def test_every_page_of_every_role_can_be_read(
    committed: None, open_demo: Callable[..., Any], axe: Any, who: tuple[str, ...]
) -> None:
    load_demo(scale=Scale.VILLAGE, seed=1, console=Console(file=io.StringIO()))
    faults, turn, tried = [], count(), Counter[str]()
    only = os.environ.get("MINQING_WHO", "")
    for username in who:
        if only and username not in only.split(","):
            continue
        page = open_demo("desktop", reduced_motion="reduce")
        starts = [one for one in plain_addresses(ROLES.get(username, VISITOR)) if not one.startswith(ELSEWHERE)]
        if username == VISITOR:
            starts += private_addresses()
        else:
            sign_in(page, username)
        for found in walk(Opener(page), username, starts, kind):
            if urlsplit(page.url).path != urlsplit(found.url).path or not page.locator("#main").count():
                # data for a program, or a part that HTMX asks for
                continue
            look = LOOKS[(next(turn) + tried[found.name]) % len(LOOKS)]
            faults += looked_at(page, found, look)
            # each page is asked about once, each time in another look
            if not tried[found.name] and not FOLDER:
                ruled = axe.run(page)
                if ruled.violations_count:
                    faults.append(f"{username} {found.url} {look.name}: {ruled.generate_report()[:800]}")
            tried[found.name] += 1
            put_on(page, DESK)
        page.context.close()
    told = "\n".join(faults)
    if FOLDER:
        (Path(FOLDER) / f"faults-{who[0]}.txt").write_text(told)
    else:
        assert not faults, f"{len(faults)} of {tried.total()}\n{told}"


def looked_at(page: Any, found: Page, look: Look) -> list[str]:
    """What is wrong with the page in this look; where pictures are kept, in every one."""
    faults = []
    for one in LOOKS if FOLDER else (look,):
        put_on(page, one)
        faults += [f"{found.username} {found.url} {fault}" for fault in wrong(page, one)]
        if FOLDER and one in PICTURED:
            keep(page, found, one)
    return faults


def keep(page: Any, found: Page, look: Look) -> None:
    name = found.url.strip("/").replace("/", "-").replace("?", "@")[:80] or "today"
    folder = Path(FOLDER) / found.username
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(folder / f"{name}.{look.name}.png"), full_page=True)
