"""Times the main pages in this process, interleaved with a bare Django page, and counts their queries."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection, reset_queries
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse

from minqing.core import clock
from minqing.households.queries import visible_residents
from minqing.matters.enums import State
from minqing.matters.queries import visible_matters
from minqing.matters.tickets import ticket_of
from minqing.org.queries import account_by_username, system_actor
from minqing.privacy.access import transaction_as
from minqing.visits.queries import due_assignments

HOST = "127.0.0.1"
# what an answer of the measured server cost
STATEMENTS, CPU = "X-Minqing-Statements", "X-Minqing-Cpu-Ms"


@dataclass(frozen=True)
class Timing:
    """One page: median milliseconds, its ratio to the bare page of the same rounds, queries, bytes sent."""

    page: str
    url: str
    ms: float
    ratio: float
    queries: int
    kilobytes: float

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Page:
    """A page to time: its name, address and who opens it (a user name of the demo)."""

    name: str
    url: str
    username: str
    form: Mapping[str, str] = field(default_factory=dict, hash=False)

    def ask(self, client: Client) -> Any:
        """The answer, whole: a form is sent by POST, the household search among them."""
        return client.post(self.url, self.form) if self.form else client.get(self.url)


BARE = Page("bare", "/bare", "")
WARM_UP = 3


def main_pages() -> list[Page]:
    """The five main pages, then a few more, with what the demo holds at this moment."""
    with transaction_as(system_actor("bench")) as by:
        cadre, clerk = account_by_username("cadre"), account_by_username("clerk")
        if cadre is None or clerk is None:
            raise LookupError("the demo has no cadre or clerk")
        care = due_assignments(by, cadre.id, clock.today())
        household = care.select_related("household")[0].household
        matter = visible_matters(by).filter(state=State.CONFIRMED.value).order_by("-received_at")[0]
        surname = visible_residents(by).filter(household=household).values_list("name", flat=True)[0]
    return [
        Page("desk:today", reverse("desk:today"), "cadre"),
        Page("households:search", reverse("households:search"), "cadre", {"text": surname}),
        Page("desk:household", reverse("desk:household", args=[household.pk]), "cadre"),
        Page("matters:list", reverse("matters:list"), "clerk"),
        Page("matters:detail", reverse("matters:detail", args=[matter.pk]), "clerk"),
        Page("households:list", reverse("households:list"), "cadre"),
        Page("matters:triage", reverse("matters:triage"), "clerk"),
        Page("desk:leader", reverse("desk:leader"), "leader"),
        Page("doorstep:follow", reverse("doorstep:follow", args=[ticket_of(matter.pk)]), ""),
    ]


def client_for(username: str) -> Client:
    client = Client(headers={"host": HOST})
    if not username:
        return client
    account = get_user_model().objects.get(username=username)
    client.force_login(account, backend="minqing.org.standing.StandingBackend")
    return client


def bare_client() -> Client:
    from minqing.demo.bare import MIDDLEWARE

    client = Client(headers={"host": HOST})
    with override_settings(MIDDLEWARE=MIDDLEWARE):
        client.handler.load_middleware()
    return client


def time_pages(pages: Sequence[Page], *, rounds: int = 30) -> Iterator[Timing]:
    """Each round asks for the bare page and then every page once, so that noise hits all alike."""
    clients = {BARE: bare_client(), **{page: client_for(page.username) for page in pages}}
    taken: dict[Page, list[float]] = {page: [] for page in clients}
    for round_number in range(rounds + WARM_UP):
        for page, client in clients.items():
            reset_queries()
            begun = time.perf_counter()
            response = page.ask(client)
            spent = (time.perf_counter() - begun) * 1000
            if response.status_code != 200:
                raise RuntimeError(f"{page.name} answered {response.status_code}")
            # the first rounds fill caches of templates and plans
            if round_number >= WARM_UP:
                taken[page].append(spent)
    yardstick = median(taken[BARE])
    for page, client in clients.items():
        queries, size = count(client, page)
        spent = median(taken[page])
        yield Timing(page.name, page.url, round(spent, 2), round(spent / yardstick, 2), queries, round(size / 1024, 1))


def count(client: Client, page: Page) -> tuple[int, int]:
    """Statements that a request sends, and bytes of its answer."""
    with CaptureQueriesContext(connection) as captured:
        response = page.ask(client)
    statements = [query for query in captured.captured_queries if not is_frame(query["sql"])]
    return len(statements), len(response.content)


def is_frame(sql: str) -> bool:
    """Statements that only open and close a transaction."""
    return sql.split(" ", 1)[0] in {"BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK"}
