"""The leader's page: each number is the number of the rows behind its link."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.matters.enums import State
from minqing.matters.models import Confirmation, Matter
from minqing.org.enums import OVERSIGHT, Role
from minqing.org.models import Boundary
from minqing.privacy.access import acting_as
from minqing.visits.enums import Met
from minqing.visits.services import record_visit
from tests.cast import Cast, category
from tests.slots import keep_parts_of


@pytest.fixture
def county(cast: Cast) -> Cast:
    """Matters and visits in three villages, of all states, with words of reporters."""
    now = clock.now()
    given: dict[str, Any] = {"lead_unit": cast.office, "assigned_at": now - timedelta(days=9)}
    building = category("building")
    with cast.everything():
        rows = [
            (cast.own, {"category": building}),
            (cast.own, {"state": State.ACCEPTED, "due_at": now - timedelta(days=1), **given}),
            (cast.other, {"state": State.ASSIGNED, "due_at": now + timedelta(days=9), "category": building, **given}),
            (cast.far, {"state": State.FINISHED, "finished_at": now, **given}),
            (cast.far, {"state": State.CONFIRMED, "finished_at": now - timedelta(days=2), **given}),
            (cast.far, {"state": State.CONFIRMED, "finished_at": now - timedelta(days=40),
                        "received_at": now - timedelta(days=50), **given}),
            (cast.city, {}),
        ]  # fmt: skip
        for place, values in rows:
            made = cast.matter(place, **values)
            if made.state == State.CONFIRMED:
                say(made, solved=False, satisfaction=2, at=now - timedelta(hours=5))
                say(made, solved=True, satisfaction=4, at=now)
        say(Matter.objects.get(state=State.FINISHED), solved=None, satisfaction=3, at=now)
    for role, place, met in (("cadre", cast.own, Met.AT_HOME), ("far_cadre", cast.far, Met.NOBODY)):
        house = cast.household(place)
        for _ in range(2):
            walk(cast, role, house, met)
    return cast


def say(matter: Matter, **values: Any) -> None:
    Confirmation.objects.create(matter=matter, by="test", **values)


def walk(cast: Cast, role: str, house: Any, met: str) -> None:
    actor = cast.actor(role)
    with acting_as(actor):
        record_visit(
            id=new_id(), household=house, visited_at=clock.now(), met=met, met_people="户主", text="好", by=actor
        )


def value_of(stat: Any) -> int:
    """The number of rows that the figure stands for; of a share, its part."""
    if isinstance(stat.value, int):
        return stat.value
    numbers = [int(one) for one in "".join(c if c.isdigit() else " " for c in stat.change).split()]
    return numbers[0]


@pytest.mark.parametrize("role", ["leader", "analyst"])
@pytest.mark.parametrize("query", ["", "?period=year", "?area={own}", "?area={town}&period=week", "?period=quarter"])
def test_each_figure_is_the_number_of_its_rows(county: Cast, role: str, query: str) -> None:
    client = county.client(role)
    answer = client.get("/leader/" + query.format(own=county.own.id, town=county.town.id))
    assert answer.status_code == 200
    for stat in [stat for strip in answer.context["strips"] for stat in strip.stats]:
        assert rows_behind(client, stat.url) == value_of(stat), stat
    cells = linked_numbers(answer.content.decode())
    assert len(cells) >= 5
    for address, number in cells:
        assert rows_behind(client, address) == number, address


def linked_numbers(page: str) -> list[tuple[str, int]]:
    """The links of stages, places and late units, each with its number."""
    stage = r'<a href="([^"]+)"(?: class="stuck")?><span class="note">[^<]*</span><span class="value[^"]*">(\d+)'
    cell = r'<td class="num"><a (?:class="bad strong" )?href="([^"]+)"(?: class="bad strong")?>(\d+)</a>'
    stages, cells = re.findall(stage, page), re.findall(cell, page)
    return [(unescape(address), int(number)) for address, number in [*stages, *cells]]


def rows_behind(client: Client, address: str) -> int:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return len(answer.context["page"])


def test_the_figures_are_those_of_the_county(county: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_parts_of(monkeypatch, "desk.leader", "oversight", "visits", "exports")
    matters, visits = county.client("leader").get("/leader/").context["strips"]
    assert [one.value for one in matters.stats] == [6, 2, 4, 1, "–", 1]
    # of two that were finished, one said so; nobody's silence counts either way
    assert matters.stats[5].unit == "/ 1 人"
    assert matters.stats[5].change.startswith("另 1 人没表态")
    assert [one.value for one in visits.stats] == [4, 4, "50 %"]


def test_the_table_of_places_has_what_is_open_and_late(county: Cast) -> None:
    page = county.client("leader").get("/leader/").content.decode()
    twin = page[page.index("places-title") : page.index("</table>", page.index("places-title"))]
    rows = re.findall(r'<th scope="row">([^<]+)</th><td class="num">(?:<a[^>]*>)?(\d+)(?:</a>)?</td>', twin)
    assert rows == [("石璜镇", "3"), ("甘霖镇", "0"), ("未分到下级", "1")]
    page = county.client("leader").get(f"/leader/?area={county.town.id}").content.decode()
    assert "棠溪村" in page[page.index("places-title") :]


@pytest.mark.parametrize("query", ["?area=999999", "?area=x", "?since=x&period=days", "?period=nonsense",
                                   "?period=days&since=2026-02-02&until=2026-01-01"])  # fmt: skip
def test_a_filter_that_cannot_be_still_shows_the_page(county: Cast, query: str) -> None:
    assert county.client("leader").get(f"/leader/{query}").status_code == 200


@pytest.mark.fault(19)
@pytest.mark.parametrize("role", list(Role))
def test_only_leaders_and_analysts_see_the_page(cast: Cast, role: Role) -> None:
    assert cast.client(role.value).get("/leader/").status_code == (200 if role in OVERSIGHT else 403)


@pytest.mark.fault(20)
def test_no_file_and_no_words_of_a_household_reach_the_page(county: Cast) -> None:
    house = county.household(address="CANARY-ADDRESS", note="CANARY-NOTE")
    county.resident(house, name="CANARY-NAME")
    client = county.client("leader")
    for address in ("/leader/", "/visits/"):
        assert b"CANARY" not in client.get(address).content


def test_the_map_has_the_areas_with_their_names_and_open_matters(county: Cast) -> None:
    square = {"type": "Polygon", "coordinates": [[[120, 29], [121, 29], [121, 30], [120, 29]]]}
    Boundary.objects.create(area=county.town, geometry=square)
    page = county.client("leader").get("/leader/").content.decode()
    drawn = page[page.index('<svg class="map') : page.index("</svg>", page.index('<svg class="map'))]
    assert 'aria-label="石璜镇：未办结 3 件，超期 1 件"' in drawn
    assert f"area={county.town.pk}" in drawn
    assert '<text class="n">3</text>' in drawn
    # what has no border stands in the table
    assert "甘霖镇" not in drawn


@pytest.mark.parametrize(
    ("query", "current"),
    [
        ("", "30天"),
        ("?period=week", "7天"),
        ("?period=quarter", "本季度"),
        ("?since=2026-01-01", "自选"),
        ("?period=nonsense", "30天"),
    ],
)
def test_the_period_taken_is_the_one_marked(county: Cast, query: str, current: str) -> None:
    page = county.client("leader").get(f"/leader/{query}").content.decode()
    assert re.findall(r'aria-current="true">([^<]+)</a>', page) == [current]


@pytest.mark.parametrize(("query", "count"), [("", 24), ("?area={own}", 22)])
def test_the_page_asks_the_same_number_of_queries_however_many_matters(cast: Cast, query: str, count: int) -> None:
    client = cast.client("leader")
    address = "/leader/" + query.format(own=cast.own.id)
    client.get(address)
    for number in (1, 3):
        for _ in range(number):
            cast.matter(cast.own, category=category("building"))
            walk(cast, "cadre", cast.household(), Met.AT_HOME)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        assert len(asked) == count, "\n".join(one["sql"][:200] for one in asked)
