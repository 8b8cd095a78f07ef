"""How much waits stands in the navigation of every page: brought with the bell, and asked in one statement."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from minqing.core import clock
from minqing.matters.enums import State
from tests.cast import Cast

pytestmark = pytest.mark.django_db
COUNTED = re.compile(
    r"innerHTML:\.nav-item-link\[href='([^']+)'\] > \.waits\">(?:<span class=\"count( count-red)?\">([^<]+))?"
)


def counts(client: Any) -> dict[str, str]:
    found = COUNTED.findall(client.get("/notices/bell/").content.decode())
    return {url: ("!" if red else "") + number for url, red, number in found}


def test_each_thing_counts_once_and_the_queue_has_its_own_number(cast: Cast) -> None:
    clerk, handler = cast.client("clerk"), cast.client("handler")
    assert (counts(clerk), counts(handler)) == ({"/worklist/": "", "/matters/triage/": ""}, {"/worklist/": ""})
    now = clock.now()
    for n in range(2):
        cast.matter(title=f"路灯{n}")
        # it waits for its unit, and is late there too
        cast.matter(cast.far, state=State.ACCEPTED, lead_unit=cast.bureau, due_at=now - timedelta(days=n + 1))
    cast.matter(title="争议", contested=True)
    cast.matter(cast.far, title="别处")
    assert counts(handler) == {"/worklist/": "!2"}
    assert counts(clerk) == {"/worklist/": "!3", "/matters/triage/": "2"}
    page = clerk.get("/matters/").content.decode()
    for url in counts(clerk):
        assert f'class="nav-item-link" href="{url}"' in page


@pytest.mark.parametrize("rows", [1, 3])
def test_it_is_one_statement_however_much_waits(cast: Cast, rows: int) -> None:
    client = cast.client("clerk")
    for _n in range(rows):
        cast.matter()
    client.get("/notices/bell/")
    with CaptureQueriesContext(connection) as seen:
        client.get("/notices/bell/")
    assert len(seen) == 8, "\n".join(one["sql"][:100] for one in seen)
    assert sum("matters_matter" in one["sql"] for one in seen) == 1
