"""What keeps the pages of a whole county as small and as quick as a village's."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

import pytest

from minqing.core import clock
from minqing.deadlines.enums import Light
from minqing.matters.enums import State
from minqing.matters.queries import Filters, filtered, visible_matters, with_lights
from minqing.org.models import Unit
from minqing.publications.queries.drafts import to_prepare
from tests.cast import Cast

pytestmark = pytest.mark.fault(124)
DAY = timedelta(days=1)


def test_each_light_finds_the_very_matters_that_show_it(cast: Cast) -> None:
    now = clock.now()
    for state in State:
        for due in (None, now - DAY, now + timedelta(minutes=5), now + 60 * DAY):
            answered = {"finished_at": now} if state in {State.FINISHED, State.CONFIRMED} else {}
            cast.matter(state=state, due_at=due, lead_unit=cast.bureau, assigned_at=now - 30 * DAY, **answered)
    with cast.everything() as by:
        shown = {light.value: set() for light in Light}
        for one in with_lights(visible_matters(by), now):
            shown[one.light].add(one.pk)
        assert all(shown.values())
        for lit in (True, False):
            for light, rows in shown.items():
                found = filtered(visible_matters(by), Filters(light=light), now=now, lit=lit)
                assert {one.pk for one in found} == rows, light


def test_units_of_the_wall_come_in_pages_in_their_own_order(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    units = [Unit.objects.create(code=f"T{n}", name=f"第{n}站", kind="bureau", area=cast.city) for n in range(5)]
    for unit in units:
        cast.matter(state=State.ASSIGNED, lead_unit=unit, assigned_at=clock.now())
    monkeypatch.setattr(import_module("minqing.matters.views.wall"), "UNITS", 2)
    client = cast.client("leader")
    pages = [client.get("/matters/wall/", {"units": n}).content.decode() for n in (1, 2, 3)]
    told = [[unit.name for unit in units if f'<th scope="row">{unit.name}</th>' in html] for html in pages]
    assert [len(names) for names in told] == [2, 2, 1]
    assert [name for names in told for name in names] == [unit.name for unit in units]
    assert "units=2" in pages[0]
    assert "units=4" not in pages[2]


def test_a_page_of_the_wall_is_bounded_with_hundreds_of_units_and_red_matters(cast: Cast) -> None:
    late = {"state": State.ASSIGNED, "assigned_at": clock.now() - 9 * DAY, "due_at": clock.now() - DAY}
    sizes = []
    for start, end in ((0, 40), (40, 120)):
        for n in range(start, end):
            unit = Unit.objects.create(code=f"T{n:03d}", name=f"第{n:03d}站", kind="bureau", area=cast.city)
            cast.matter(lead_unit=unit, **late)
        sizes.append(len(cast.client("leader").get("/matters/wall/").content))
    assert sizes[1] < sizes[0] * 1.02 + 2_000
    assert sizes[1] < 200 * 1024


def test_what_is_to_be_prepared_is_found_piece_by_piece(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from minqing.matters.models import Category, Confirmation

    monkeypatch.setattr("minqing.publications.queries.drafts.PIECE", 2)
    category = Category.objects.filter(publishable=True).first()
    solved = []
    for n in range(9):
        at = clock.now() - n * DAY
        one = cast.matter(state=State.CONFIRMED, lead_unit=cast.bureau, finished_at=at, closed_at=at, category=category)
        if n % 3 == 2:
            with cast.everything():
                Confirmation.objects.create(matter=one, answered=True, solved=True, satisfaction=5, at=at, by="x")
            solved.append(one.pk)
    clerk = cast.actor("clerk")
    with cast.everything():
        assert [one.pk for one in to_prepare(clerk)] == solved
        assert [one.pk for one in to_prepare(clerk, 2)] == solved[:2]
