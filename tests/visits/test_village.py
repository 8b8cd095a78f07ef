"""The secretary's first page: the village in figures that lead to their rows."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from minqing.core import clock
from minqing.matters.enums import State
from tests.cast import Cast


def figures(cast: Cast, who: str = "village_secretary") -> dict[str, tuple[str, str]]:
    """Name → number and link of the figures on the first page."""
    page = cast.client(who).get("/").content.decode()
    found = re.findall(
        r'<a href="([^"]*)" class="stat"><span class="name">([^<]+)</span><span class="value">(\d+)', page
    )
    return {name: (number, url.replace("&amp;", "&")) for url, name, number in found}


def test_the_village_stands_there_with_its_matters_and_no_other(cast: Cast) -> None:
    for area in (cast.own, cast.own, cast.other):
        cast.household(area)
    cast.matter(cast.own, title="井盖松了", due_at=clock.now() - timedelta(days=1), state=State.ASSIGNED,
                lead_unit=cast.office)  # fmt: skip
    cast.matter(cast.own, title="路灯不亮")
    cast.matter(cast.other, title="别村的事")
    shown = figures(cast)
    assert (shown["本村户数"][0], shown["本村未办结事项"][0]) == ("2", "2")
    client = cast.client("village_secretary")
    assert len(client.get(shown["本村未办结事项"][1]).context["page"]) == 2
    text = client.get("/").content.decode()
    assert text.index("井盖松了") > 0
    assert "别村的事" not in text


@pytest.mark.parametrize("role", ["cadre", "clerk"])
def test_others_have_no_village_of_their_own(cast: Cast, role: str) -> None:
    assert "本村户数" not in figures(cast, role)


def test_the_first_page_takes_as_many_queries_with_three_matters_as_with_one(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    client = cast.client("village_secretary")
    client.get("/")
    for _time in range(2):
        cast.matter(cast.own, due_at=clock.now(), state=State.ASSIGNED, lead_unit=cast.office)
        # two of them are those of hazards: what waits, and how much
        with django_assert_max_num_queries(30):
            client.get("/")
        cast.matter(cast.own), cast.matter(cast.own)
