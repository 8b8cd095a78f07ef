"""The first page: what waits for each post."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.core.point import Point
from minqing.households.models import Household
from minqing.matters.enums import State
from minqing.org.enums import Role
from minqing.privacy.access import acting_as
from minqing.visits.services import NewMatter, assign_household, record_visit
from tests.cast import Cast
from tests.households.test_services import grant
from tests.rights.cases import Asking


def shown(client: Client, address: str = "/") -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content[:300]
    return answer.content.decode()


def in_care(cast: Cast, name: str, days_ago: int = 0) -> Any:
    clerk, house = cast.actor("clerk"), cast.household()
    cast.resident(house, name=name)
    with acting_as(clerk):
        return assign_household(
            household=house,
            account_id=cast.account("cadre").pk,
            every_days=30,
            by=clerk,
            at=clock.now() - timedelta(days=days_ago),
        )


def raised(cast: Cast, title: str, role: str = "cadre") -> None:
    actor = cast.actor(role)
    place = {"cadre": cast.own, "other_cadre": cast.other}[role]
    with acting_as(actor):
        record_visit(
            id=new_id(), household=cast.household(place), visited_at=clock.now(), met="at_home",
            met_people="户主", text="好",
            matter=NewMatter(id=new_id(), title=title, text=title), by=actor,
        )  # fmt: skip


def test_a_visitor_is_sent_to_sign_in(db: None) -> None:
    answer = Client().get("/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/?next=")


@pytest.mark.parametrize("role", ["leader", "analyst"])
def test_leaders_begin_with_their_figures(cast: Cast, role: str) -> None:
    assert cast.client(role).get("/")["Location"] == "/leader/"


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.LEADER, Role.ANALYST, Role.OPERATOR}))
def test_every_post_has_a_first_page(cast: Cast, role: str) -> None:
    assert "今天" in shown(cast.client(role))


def test_a_cadre_sees_the_longest_overdue_household_first(cast: Cast) -> None:
    in_care(cast, "钱大伯", days_ago=2)
    in_care(cast, "张桂芬", days_ago=20)
    text = shown(cast.client("cadre"))
    assert text.index("张桂芬") < text.index("钱大伯")
    assert "pin red" in text
    assert "超期 20 天" in text
    assert "张桂芬" not in shown(cast.client("other_cadre"))


def test_the_households_of_the_day_stand_on_a_map_by_their_numbers(cast: Cast) -> None:
    """By the file's own place, or by where a diary was last written; what nobody has measured is in the list alone."""
    client = cast.client("cadre")
    in_care(cast, "钱大伯", days_ago=3)
    assert 'svg class="map pins' not in shown(client)
    astray, visited, placed = (
        in_care(cast, name, days_ago=days).household_id
        for name, days in (("李大爷", 5), ("孙大妈", 10), ("张桂芬", 20))
    )
    with cast.everything():
        homes = Household.objects.in_bulk([astray, visited, placed])
        for home, datum in ((placed, "WGS-84"), (astray, "GCJ-02")):
            Household.objects.filter(pk=home).update(latitude=29.0, longitude=120.0, datum=datum)
    clerk = cast.actor("clerk")
    with acting_as(clerk):
        record_visit(
            id=new_id(), household=homes[visited], visited_at=clock.now(), met="at_home", met_people="户主", text="好",
            point=Point(29.001, 120.001, accuracy=12.0), by=clerk,
        )  # fmt: skip
    pins = client.get("/").content.decode().partition("map pins")[2].partition("</svg>")[0]
    numbers = re.findall(r"<text[^>]*>(\d)</text>", pins)
    assert numbers == ["1", "2"]
    assert f"/households/{placed}/" in pins
    assert f"/households/{visited}/" in pins
    assert f"/households/{astray}/" not in pins


def test_a_cadre_sees_matters_of_own_visits_and_not_of_others(cast: Cast) -> None:
    raised(cast, "桥栏断了")
    raised(cast, "CANARY-OTHER", role="other_cadre")
    text = shown(cast.client("cadre"))
    assert "桥栏断了" in text
    assert "CANARY-OTHER" not in text


def test_a_unit_sees_what_waits_for_it_and_no_other_unit_does(cast: Cast) -> None:
    given = {"lead_unit": cast.bureau, "assigned_at": clock.now()}
    cast.matter(cast.far, title="等待受理", state=State.ASSIGNED, due_at=clock.now() + timedelta(days=30), **given)
    cast.matter(cast.far, title="已经逾期", state=State.ACCEPTED, due_at=clock.now() - timedelta(days=1), **given)
    text = shown(cast.client("handler"))
    assert text.index("已经逾期") < text.index("等待受理")
    assert "等待受理" not in shown(cast.client("village_secretary"))


@pytest.mark.parametrize("role", ["handler", "unit_head", "village_secretary"])
def test_each_number_is_the_number_of_its_rows(cast: Cast, role: str) -> None:
    client, actor = cast.client(role), cast.actor(role)
    unit = {"unit": next(iter(actor.units))}
    now = clock.now()
    for state, due in [
        (State.RECEIVED, None),
        (State.RECEIVED, None),
        (State.ASSIGNED, now + timedelta(days=20)),
        (State.ACCEPTED, now + timedelta(hours=1)),
        (State.ACCEPTED, now - timedelta(days=1)),
        (State.ACCEPTED, now - timedelta(days=2)),
    ]:
        given = {} if state == State.RECEIVED else {"lead_unit_id": unit["unit"], "assigned_at": now}
        cast.matter(cast.own, state=state, due_at=due, **given)
    # the unit that sent it back stays written on it: it waits at the clerk's
    cast.matter(cast.own, state=State.RECEIVED, due_at=now - timedelta(days=1), lead_unit_id=unit["unit"])
    figures = client.get("/").context["figures"]
    assert [one.value for one in figures] == [1, 3, 1, 2]
    for one in figures:
        page = client.get(one.url).context["page"]
        assert len(page) == one.value, one.url


def test_a_secretary_reads_of_tags_that_run_out_of_requests_and_of_the_village_on_a_map(cast: Cast) -> None:
    client = cast.client("village_secretary")
    parts = ("tags-due", "rights-title", "places-title")
    page = shown(client)
    assert not any(one in page for one in parts)
    asking = Asking(cast)
    for days, reason in ((10, "刚出院"), (40, "独居")):
        with acting_as(by := cast.actor("village_secretary")):
            home = asking.home if days == 10 else cast.household()
            grant(home, by, reason=reason, expires_on=clock.today() + timedelta(days=days))
    asking.ask(who="village_secretary")
    late = clock.now() - timedelta(days=30)
    cast.matter(cast.own, state=State.ASSIGNED, lead_unit=cast.office, due_at=late)
    page = shown(client)
    assert all(one in page for one in parts)
    assert page.count("有效到") == 1
    # what is late comes first, though others handle it
    assert 0 < page.index("村里已经超期") < page.index('class="stack"') + 300
    assert "刚出院" not in page, "why is read in the file"
    assert not any(one in shown(cast.client("cadre")) for one in parts)


@pytest.mark.parametrize(("role", "count"), [("cadre", 14), ("clerk", 18), ("handler", 8), ("auditor", 12)])
def test_the_first_page_asks_the_same_number_of_queries_for_one_row_and_three(
    cast: Cast, role: str, count: int
) -> None:
    client = cast.client(role)
    # what is kept in the process is read with the first row
    cast.matter(cast.own, state=State.ASSIGNED, lead_unit=cast.office, due_at=clock.now(), assigned_at=clock.now())
    raised(cast, "水渠")
    client.get("/")
    for _round in range(2):
        in_care(cast, "钱大伯", days_ago=3)
        raised(cast, "修路")
        cast.matter(cast.own, state=State.ASSIGNED, lead_unit=cast.office, due_at=clock.now(), assigned_at=clock.now())
        with CaptureQueriesContext(connection) as asked:
            shown(client)
        assert len(asked) == count, "\n".join(one["sql"][:150] for one in asked)
        in_care(cast, "孙大妈", days_ago=3)
