"""The supervision wall: every figure is the number of the rows behind it."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.matters.enums import Move, Source, State
from minqing.matters.models import CallBack, Confirmation, Matter, Pause, Step
from minqing.matters.queries import Filters, filtered, visible_matters
from minqing.matters.queries.measures import MEASURES, NAMES
from minqing.matters.queries.performance import Asked, by_unit, red_now, voices
from minqing.matters.queries.stages import stages
from minqing.org.models import Unit
from minqing.privacy.access import acting_as
from tests.cast import Cast, category

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def asked(cast: Cast, role: str = "leader", **values: Any) -> Asked:
    today = clock.today()
    return Asked(**{"actor": cast.actor(role), "since": today - 30 * DAY, "until": today, "now": clock.now()} | values)


def given(cast: Cast, unit: Any, matter: Matter, move: Move = Move.ASSIGN) -> None:
    with cast.everything():
        Step.objects.create(id=new_id(), matter=matter, move=move.value, state=matter.state, at=clock.now(),
                            by="system:test", unit=unit)  # fmt: skip


def word(cast: Cast, matter: Matter, at: Any, **values: Any) -> None:
    with cast.everything():
        Confirmation.objects.create(matter=matter, at=at, by="resident:anonymous", **values)


def lay_out(cast: Cast, unit: Any, area: Any = None) -> None:
    """One matter of each kind for the unit, and one that went back and on to the office."""
    now = clock.now()

    def one(state: State, **values: Any) -> Matter:
        made = cast.matter(
            area or cast.own, **{"state": state, "lead_unit": unit, "received_at": now - 9 * DAY} | values
        )
        given(cast, unit, made)
        return made

    one(State.ACCEPTED, due_at=now - DAY)
    one(State.ASSIGNED, due_at=now + 9 * DAY)
    one(State.WITHDRAWN, closed_at=now)
    unsaid = one(State.FINISHED, finished_at=now - 3 * DAY, due_at=now - 4 * DAY)
    word(cast, unsaid, now, declined=True, source=Source.VISIT.value)
    silent = one(State.FINISHED, finished_at=now - DAY, due_at=now, reopened=1)
    word(cast, silent, now - 2 * DAY, solved=False, satisfaction=1)
    happy = one(State.CONFIRMED, finished_at=now - 3 * DAY, due_at=now, closed_at=now)
    word(cast, happy, now - HOUR, solved=True, satisfaction=5)
    # what was said before stays the last word
    word(cast, happy, now, declined=True, source=Source.CALL.value)
    one(State.CONFIRMED, finished_at=now - 3 * DAY, received_at=now - 80 * DAY)
    back = one(State.RECEIVED)
    given(cast, unit, back, Move.SEND_BACK)
    moved = one(State.ASSIGNED, lead_unit=cast.office)
    given(cast, unit, moved, Move.SEND_BACK)
    given(cast, cast.office, moved)


def test_each_figure_says_what_its_note_says(cast: Cast) -> None:
    lay_out(cast, cast.bureau)
    seen = asked(cast)
    with acting_as(seen.actor):
        row = next(one for one in by_unit(seen) if one.unit_id == cast.bureau.id)
    found = {one.measure.part: (one.part, one.whole) for one in row.cells}
    assert found == {
        "held": (6, None),
        "open_now": (2, None),
        "red": (1, None),
        "answered": (3, 5),
        "in_time": (2, 4),
        "solved": (1, 2),
        "satisfied": (1, 2),
        "silent": (1, 3),
        "declined": (1, 3),
        "reopened": (1, 3),
        "returned": (2, 8),
    }


@pytest.mark.parametrize("role", ["leader", "clerk", "unit_head", "analyst"])
def test_for_every_unit_and_figure_the_list_has_as_many_rows(cast: Cast, role: str) -> None:
    closed = Unit.objects.create(code="U9", name="旧单位", kind="office", area=cast.town, active=False)
    for unit in (cast.bureau, cast.office, closed):
        lay_out(cast, unit)
    lay_out(cast, cast.bureau, cast.far)
    seen = asked(cast, role)
    with acting_as(seen.actor):
        rows = by_unit(seen)
        assert rows
        for row in rows:
            for cell in row.cells:
                for name, number in ((cell.measure.part, cell.part), (cell.measure.whole, cell.whole)):
                    if name:
                        filters = Filters(since=seen.since, until=seen.until, unit=row.unit_id, figure=name)
                        found = filtered(visible_matters(seen.actor), filters, now=seen.now).count()
                        assert found == number, (role, row.name, name)
    assert {row.unit_id for row in rows} >= {cast.bureau.id}
    if role == "unit_head":
        with acting_as(seen.actor):
            assert {one.lead_unit_id for one in visible_matters(seen.actor)} == {cast.bureau.id}


def test_what_was_late_before_it_was_hung_up_is_not_red_and_counts_against_the_share(cast: Cast) -> None:
    now = clock.now()
    late = cast.matter(state=State.SUSPENDED, lead_unit=cast.bureau, received_at=now - 9 * DAY, due_at=now - 2 * DAY)
    with cast.everything():
        Pause.objects.create(
            matter=late, reason="season", started_at=now - DAY, planned_end=now + DAY, stops=["finish"]
        )
    seen = asked(cast)
    with acting_as(seen.actor):
        row = next(one for one in by_unit(seen) if one.unit_id == cast.bureau.id)
        assert [(one.number, one.red) for one in stages(seen.everything, seen.now) if one.number] == [(1, 0)]
        assert not red_now(seen).exists()
    found = {one.measure.part: (one.part, one.whole) for one in row.cells}
    assert (found["red"], found["in_time"]) == ((0, None), (0, 1))


def test_it_hangs_there_since_it_came_there_and_not_since_the_last_note(cast: Cast) -> None:
    now = clock.now()
    late = cast.matter(state=State.ACCEPTED, lead_unit=cast.bureau, received_at=now - 9 * DAY, due_at=now - 3 * DAY,
                       changed_at=now)  # fmt: skip
    bare = cast.matter(state=State.ASSIGNED, lead_unit=cast.bureau, received_at=now - 8 * DAY, due_at=now - 2 * DAY)
    with cast.everything():
        for move, days in ((Move.ASSIGN, 8), (Move.ACCEPT, 7), (Move.ACT, 6), (Move.ESCALATE, 2), (Move.NOTE, 1)):
            Step.objects.create(id=new_id(), matter=late, move=move.value, state="accepted", at=now - days * DAY,
                                by="system:test")  # fmt: skip
    seen = asked(cast)
    with acting_as(seen.actor):
        assert [(one.pk, one.there_since) for one in red_now(seen)] == [
            (late.pk, now - 7 * DAY), (bare.pk, now - 8 * DAY),
        ]  # fmt: skip
        there = {one.state: one.days for one in stages(seen.everything, now) if one.number}
        assert there == {State.ASSIGNED: 8, State.ACCEPTED: 7}


def test_each_link_of_the_page_opens_as_many_rows_as_it_says(cast: Cast) -> None:
    Unit.objects.filter(pk=cast.bureau.pk).update(active=False)
    lay_out(cast, cast.bureau)
    lay_out(cast, cast.office)
    client = cast.client("leader")
    page = client.get("/matters/wall/").content.decode()
    links = re.findall(r'<a href="(/matters/\?[^"]*figure=[^"]*)">(\d+)</a>', page)
    assert len(links) > 15
    # of so few no share is told, and to nothing leads no link
    assert "100%" not in page
    assert "0" not in {number for url, number in links if "overdue" in url or "open_now" in url}
    assert "first-figures" in page
    assert "first-figures" not in client.get("/matters/wall/?whole=on").content.decode()
    for url, number in links:
        rows = client.get(html.unescape(url)).content.decode()
        assert len(re.findall(r'<th scope="row">', rows)) == int(number), url


def test_every_name_has_a_definition_and_every_definition_a_name() -> None:
    from minqing.matters.queries.measures import BY_STEP, MOVED, UNMOVED, conditions, ways

    assert set(NAMES) == set(conditions(clock.now())) | set(BY_STEP) | set(ways()) | {MOVED, UNMOVED}
    assert {one.whole for one in MEASURES if one.whole} <= set(NAMES)
    assert all(str(one.note) for one in MEASURES)


def test_the_last_words_are_told_by_the_way_they_came_and_silence_beside_them(cast: Cast) -> None:
    now = clock.now()
    for sources in ([Source.LINK], [Source.LINK, Source.VISIT], [Source.CALL], [], [None]):
        matter = cast.matter(state=State.FINISHED, lead_unit=cast.bureau, received_at=now - 9 * DAY,
                             finished_at=now - 3 * DAY)  # fmt: skip
        for n, source in enumerate(sources):
            said = {"solved": True, "source": source.value} if source else {"declined": True}
            word(cast, matter, now - DAY + n * HOUR, **said)
        with cast.everything():
            done = None if sources == [Source.LINK] else now
            CallBack.objects.create(matter=matter, drawn_at=now, done_at=done, reached=bool(sources) if done else None)
    seen = asked(cast)
    with acting_as(seen.actor):
        heard = voices(seen)
    assert {way: number for _name, way, number in heard.by_way} == {Source.LINK: 1, Source.VISIT: 1, Source.CALL: 1}
    assert (heard.answered, heard.silent, heard.declined) == (5, 1, 1)
    assert (heard.drawn, heard.reached, heard.missed) == (5, 3, 1)
    client = cast.client("leader")
    page = client.get("/matters/wall/").content.decode()
    [section] = re.findall(r'<section aria-labelledby="voices-title">.*?</section>', page, re.DOTALL)
    links = re.findall(r'href="(/matters/\?[^"]*figure=[^"]*)"', section)
    assert len(links) == 5
    for url in links:
        rows = client.get(html.unescape(url)).content.decode()
        assert len(re.findall(r'<th scope="row">', rows)) == 1, url


@pytest.mark.parametrize("number", [1, 3])
def test_the_wall_costs_the_same_for_one_unit_and_for_three(cast: Cast, number: int) -> None:
    for unit in [cast.bureau, cast.office, cast.committee][:number]:
        lay_out(cast, unit)
    seen = asked(cast)
    with acting_as(seen.actor), CaptureQueriesContext(connection) as counted:
        by_unit(seen)
    assert len(counted) == 5, [query["sql"][:90] for query in counted]
    client = cast.client("leader")
    client.get("/matters/wall/")
    with CaptureQueriesContext(connection) as counted:
        assert client.get("/matters/wall/").status_code == 200
    assert len(counted) == PAGE_STATEMENTS, [query["sql"][:90] for query in counted]


# of these 3 for the units, 1 for where it hangs, 2 for what is overdue, 2 for the voices, 2 for the public's figures
PAGE_STATEMENTS = 18


def test_what_is_overdue_stands_there_with_where_it_hangs_the_longest_first(cast: Cast) -> None:
    now = clock.now()
    for days, unit, area in ((1, cast.office, cast.own), (5, cast.bureau, cast.other), (9, cast.bureau, cast.far)):
        cast.matter(area, title=f"超期{days}天", state=State.ACCEPTED, lead_unit=unit, due_at=now - days * DAY)
    cast.matter(title="不急", state=State.ACCEPTED, lead_unit=cast.office, due_at=now + 20 * DAY)
    for role, wanted in (
        ("leader", ["超期9天", "超期5天", "超期1天"]),
        ("clerk", ["超期5天", "超期1天"]),
        ("unit_head", ["超期9天", "超期5天"]),
    ):
        seen = asked(cast, role)
        with acting_as(seen.actor):
            assert [one.title for one in red_now(seen)] == wanted
            red = {one.name: one.red for one in stages(seen.everything, now)}
        assert red == {"待交办": 0, "待受理": 0, "受理后没动静": 0, "办理中": len(wanted), "已暂停": 0}
        page = cast.client(role).get("/matters/wall/").content.decode()
        assert [page.index(title) for title in wanted] == sorted(page.index(title) for title in wanted)
        assert "市交通运输局" in page


def test_days_and_places_that_cannot_be_are_not_asked(cast: Cast) -> None:
    cast.matter(cast.far, state=State.ASSIGNED, lead_unit=cast.office, due_at=clock.now() - DAY, title="CANARY-FAR")
    for query in ("since=never&until=0000-00-00&area=x", f"area={cast.far.id}", "page=-1"):
        page = cast.client("clerk").get(f"/matters/wall/?{query}")
        assert page.status_code == 200
        # the office of the own township has it, so the clerk of the office sees it
        assert "CANARY-FAR" in page.content.decode()
    narrowed = cast.client("leader").get(f"/matters/wall/?area={cast.own.id}").content.decode()
    assert "CANARY-FAR" not in narrowed


def test_the_wall_names_units_in_their_own_order_and_says_what_each_figure_counts(cast: Cast) -> None:
    for unit in (cast.office, cast.bureau):
        lay_out(cast, unit)
    cast.matter(state=State.ASSIGNED, lead_unit=cast.bureau, category=category())
    page = cast.client("analyst").get("/matters/wall/").content.decode()
    for one in MEASURES:
        assert html.escape(str(one.note)) in page
    units = page[page.index('id="units-title"') :]
    # by kind and code: a bureau before an office, whatever the figures are
    assert units.index(">市交通运输局<") < units.index(">石璜镇综合服务办<")
