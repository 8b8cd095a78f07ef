"""Times pages in this process, interleaved with a bare Django page, and counts their statements and bytes."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from operator import attrgetter
from statistics import mean, median
from typing import Any, NamedTuple

import psutil
from django.db import connection, reset_queries
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from minqing.demo.crawler import HOST, VISITOR, Page, client_for

# what an answer of the measured server cost
STATEMENTS, CPU = "X-Minqing-Statements", "X-Minqing-Cpu-Ms"


@dataclass(frozen=True)
class Timing:
    """One page of one person: median milliseconds, its ratio to the bare page of the same rounds, statements, bytes.

    ``cpu_ms`` is what the page costs however busy the machine is: processor time of this process and, where it runs
    here, of the database's. ``html`` is False for what is no page: pictures, maps' data, files to keep.
    """

    username: str
    page: str
    url: str
    ms: float
    cpu_ms: float
    ratio: float
    queries: int
    kilobytes: float
    html: bool

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


BARE = Page("bare", "/bare", "")
WARM_UP = 1


def bare_client() -> Client:
    from minqing.demo.baseline import MIDDLEWARE

    client = Client(headers={"host": HOST})
    with override_settings(MIDDLEWARE=MIDDLEWARE):
        client.handler.load_middleware()
    return client


def time_pages(pages: Sequence[Page], *, rounds: int = 5) -> Iterator[Timing]:
    """Person by person; each round asks for the bare page beside every page once, so that noise hits both alike."""
    for username, theirs in groupby(pages, key=attrgetter("username")):
        clients = {BARE: bare_client()}
        client = client_for("" if username == VISITOR else username)
        clients |= dict.fromkeys(theirs, client)
        taken: dict[Page, list[Spent]] = {page: [] for page in clients}
        for round_number in range(rounds + WARM_UP):
            for page, one in clients.items():
                spent = once(one, page)
                # the first round fills caches of templates and plans
                if round_number >= WARM_UP:
                    taken[page].append(spent)
        yardstick = median(one.ms for one in taken.pop(BARE))
        for page, times in taken.items():
            ms, cpu = median(one.ms for one in times), mean(one.cpu_ms for one in times)
            queries, size, html = count(client, page)
            yield Timing(
                username,
                page.name,
                page.url,
                round(ms, 2),
                round(cpu, 1),
                round(ms / yardstick, 2),
                queries,
                round(size / 1024, 1),
                html,
            )


class Spent(NamedTuple):
    ms: float
    cpu_ms: float


def once(client: Client, page: Page) -> Spent:
    """Milliseconds of one answer."""
    reset_queries()
    begun, worked = time.perf_counter(), time.thread_time() + database_time()
    response = client.get(page.url)
    spent = (time.perf_counter() - begun) * 1000
    worked = (time.thread_time() + database_time() - worked) * 1000
    if response.status_code != 200:
        raise RuntimeError(f"{page.name} answered {response.status_code}")
    return Spent(spent, worked)


def database_time() -> float:
    """Seconds of processor that this connection's server process has used, in hundredths; 0 where it runs elsewhere."""
    raw = connection.connection
    if raw is None or raw.closed or not raw.info.host.startswith("/"):
        return 0.0
    try:
        used = psutil.Process(raw.info.backend_pid).cpu_times()
    except psutil.Error:
        return 0.0
    return used.user + used.system


def count(client: Client, page: Page) -> tuple[int, int, bool]:
    """Statements that a request sends, the bytes of its answer, and whether that is a page."""
    with CaptureQueriesContext(connection) as captured:
        response = client.get(page.url)
        content = response.getvalue()
    statements = [query for query in captured.captured_queries if not is_frame(query["sql"])]
    return len(statements), len(content), response.get("Content-Type", "").startswith("text/html")


def is_frame(sql: str) -> bool:
    """Statements that only open and close a transaction."""
    return sql.split(" ", 1)[0] in {"BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK"}
