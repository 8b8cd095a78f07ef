"""The leader's page: each number is the number of the rows behind its link."""

from __future__ import annotations

import json
from datetime import timedelta
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

NUMBER = "figure-value"


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


def value_of(figure: Any) -> int:
    """The number of rows that the figure stands for; of a share, its part."""
    if isinstance(figure.value, int):
        return figure.value
    numbers = [int(one) for one in "".join(c if c.isdigit() else " " for c in figure.note).split()]
    return min(numbers)


@pytest.mark.parametrize("role", ["leader", "analyst"])
@pytest.mark.parametrize("query", ["", "?period=year", "?area={own}", "?area={town}&period=week"])
def test_each_figure_is_the_number_of_its_rows(county: Cast, role: str, query: str) -> None:
    client = county.client(role)
    answer = client.get("/leader/" + query.format(own=county.own.id, town=county.town.id))
    assert answer.status_code == 200
    context = answer.context
    for figure in [*context["now"], *context["period"]]:
        assert rows_behind(client, figure.url) == value_of(figure), figure
    for group in [*context["categories"], *context["places"]]:
        for name, address in group.links.items():
            assert rows_behind(client, address) == getattr(group, name), (group, name)
    for chart in (context["category_bars"], context["place_bars"]):
        for value, address in zip(chart["series"][0]["values"], chart["links"], strict=True):
            assert not address or rows_behind(client, address) == value
    received = context["trend"]["series"][0]["values"]
    for value, address in zip(received, context["trend"]["links"], strict=True):
        assert not value or rows_behind(client, address) == value


def rows_behind(client: Client, address: str) -> int:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return len(answer.context["page"])


def test_the_figures_are_those_of_the_county(county: Cast) -> None:
    context = county.client("leader").get("/leader/").context
    of_matters, of_visits = [6, 1, 4, 1], [4, 4]
    assert [one.value for one in context["now"]] == [*of_matters, *of_visits]
    assert [one.value for one in context["period"]] == [6, 2, "33 %", "100 %", "50 %", "0 %", "50 %"]
    assert [one.note for one in context["period"][3:6]] == ["1份回答中1份", "2份回答中1份", "已答复2件中0件"]
    places = {one.name: (one.received, one.open, one.overdue) for one in context["places"]}
    assert places == {"石璜镇": (3, 3, 1), "甘霖镇": (2, 0, 0), "未分到下级": (1, 1, 0)}
    kinds = {one.name: one.received for one in context["categories"]}
    assert sum(kinds.values()) == 6


def test_one_area_shows_the_areas_below_it(county: Cast) -> None:
    context = county.client("leader").get(f"/leader/?area={county.town.id}").context
    assert {one.name: one.open for one in context["places"]} == {"棠溪村": 2, "白竹村": 1}
    assert context["now"][2].value == 3


@pytest.mark.parametrize("query", ["?area=999999", "?area=x", "?since=x&period=days", "?period=nonsense",
                                   "?period=days&since=2026-02-02&until=2026-01-01"])  # fmt: skip
def test_a_filter_that_cannot_be_still_shows_the_page(county: Cast, query: str) -> None:
    assert county.client("leader").get(f"/leader/{query}").status_code == 200
    assert county.client("leader").get(f"/leader/map.json{query}").status_code == 200


@pytest.mark.fault(19)
@pytest.mark.parametrize("role", list(Role))
def test_only_leaders_and_analysts_see_the_page(cast: Cast, role: Role) -> None:
    for address in ("/leader/", "/leader/map.json"):
        assert cast.client(role.value).get(address).status_code == (200 if role in OVERSIGHT else 403)


@pytest.mark.fault(20)
def test_no_file_and_no_words_of_a_household_reach_the_page(county: Cast) -> None:
    house = county.household(address="CANARY-ADDRESS", note="CANARY-NOTE")
    county.resident(house, name="CANARY-NAME")
    client = county.client("leader")
    for address in ("/leader/", "/leader/map.json", "/visits/"):
        assert b"CANARY" not in client.get(address).content


def test_the_map_has_the_areas_with_their_open_matters(county: Cast) -> None:
    square = {"type": "Polygon", "coordinates": [[[120, 29], [121, 29], [121, 30], [120, 29]]]}
    Boundary.objects.create(area=county.town, geometry=square)
    data = json.loads(county.client("leader").get("/leader/map.json").content)
    shapes = {one["name"]: one for one in data["areas"]}
    assert shapes["石璜镇"]["value"] == 3
    assert shapes["石璜镇"]["geometry"] == square
    assert f"area={county.town.pk}" in shapes["石璜镇"]["url"]
    assert shapes["甘霖镇"]["geometry"] is None


def test_the_part_that_htmx_swaps_is_the_part_of_the_page(county: Cast) -> None:
    client = county.client("leader")
    whole = client.get("/leader/?period=week").content.decode()
    part = client.get("/leader/?period=week", headers={"HX-Request": "true"}).content.decode().strip()
    assert part.startswith('<div id="figures">')
    assert part in whole


@pytest.mark.parametrize(("query", "count"), [("", 20), ("?area={own}", 18)])
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
