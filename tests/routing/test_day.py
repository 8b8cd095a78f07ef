"""The clerk's first page: how the places stand beside a week ago, and for whom the clerk waits."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from minqing.core import clock
from minqing.matters.enums import State
from minqing.privacy.access import acting_as
from minqing.routing.queries.day import Awaited, Day, awaited, day_of
from tests.cast import Cast

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_what_came_and_what_is_open_stand_beside_a_week_ago(cast: Cast) -> None:
    now = clock.now()
    cast.matter(cast.own, received_at=now)
    cast.matter(cast.other, received_at=now, state=State.ASSIGNED, lead_unit=cast.office, assigned_at=now)
    late = {"state": State.ACCEPTED, "lead_unit": cast.office, "assigned_at": now - 9 * DAY}
    cast.matter(cast.own, received_at=now - 10 * DAY, due_at=now - DAY, changed_at=now - 9 * DAY, **late)
    cast.matter(cast.own, received_at=now - 20 * DAY, due_at=now - 8 * DAY, changed_at=now - 9 * DAY, **late)
    cast.matter(cast.far, received_at=now, due_at=now - DAY)
    actor = cast.actor("clerk")
    with acting_as(actor), CaptureQueriesContext(connection) as asked:
        found = day_of(actor, now)
    assert found == Day(
        unsorted=1, assigned=1, received=2, received_before=0, open=4, open_before=2, overdue=2, overdue_before=1
    )
    assert len(asked) == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_units_that_have_not_taken_up_what_they_were_given_stand_with_since_when(cast: Cast, rows: int) -> None:
    now = clock.now()
    for n in range(rows):
        cast.matter(cast.own, state=State.ASSIGNED, lead_unit=cast.bureau, assigned_at=now - (n + 2) * DAY)
    cast.matter(cast.own, state=State.ACCEPTED, lead_unit=cast.office, assigned_at=now - 9 * DAY)
    cast.matter(cast.far, state=State.RECEIVED, assigned_at=now - 9 * DAY)
    actor = cast.actor("clerk")
    with acting_as(actor), CaptureQueriesContext(connection) as asked:
        found = awaited(actor, now)
    assert found == [Awaited(cast.bureau.pk, cast.bureau.name, rows, rows + 1)]
    assert len(asked) == 1


def test_each_figure_leads_to_its_rows(cast: Cast) -> None:
    now = clock.now()
    for _each in range(2):
        cast.matter(cast.own, state=State.ASSIGNED, lead_unit=cast.bureau, assigned_at=now - DAY, due_at=now - DAY)
    cast.matter(cast.own)
    # of another town, in the hands of the clerk's own unit: the list has it, and so has the figure
    mine = next(iter(cast.actor("clerk").units))
    cast.matter(cast.far, state=State.ACCEPTED, lead_unit_id=mine, assigned_at=now - DAY, due_at=now + DAY)
    client = cast.client("clerk")
    page = client.get("/").content.decode()
    links = {
        name: (int(number), url.replace("&amp;", "&"))
        for url, name, number in re.findall(
            r'<a href="([^"]*)" class="stat"><span class="name">([^<]+)</span><span class="value[^"]*">(\d+)', page
        )
    }
    assert {name: number for name, (number, _url) in links.items()} == {
        "今天收到": 4, "待交办": 1, "未办结": 4, "其中超期": 2
    }  # fmt: skip
    for name in ("今天收到", "未办结", "其中超期"):
        number, url = links[name]
        assert len(client.get(url).context["page"]) == number, name
    unit = re.search(r'<a class="title" href="([^"]*unit=[^"]*)"', page)
    assert unit
    assert len(client.get(unit[1].replace("&amp;", "&")).context["page"]) == 2
    assert "2 件还没受理，最久 1 天" in page


def test_who_has_nothing_in_hand_does_not_read_it_four_times(cast: Cast) -> None:
    page = cast.client("village_secretary").get("/").content.decode()
    assert "本单位承办" not in page
    cast.matter(cast.own, state=State.ACCEPTED, lead_unit=cast.bureau, assigned_at=clock.now())
    assert "本单位承办" in cast.client("handler").get("/").content.decode()
