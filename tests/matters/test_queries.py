"""What may be seen, what is found, and lights that agree in SQL and in Python."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from minqing.core import cache_version, clock
from minqing.core.actor import Actor
from minqing.core.ids import human_number
from minqing.matters import queries, rules
from minqing.matters.enums import State
from minqing.matters.models import Matter, Reporter, Step
from minqing.matters.queries.visibility import EVERY_CATEGORY
from minqing.matters.queries.worklist import QUEUES
from minqing.matters.words import vector
from minqing.org.enums import Role
from minqing.org.models import Area
from minqing.org.queries import AREAS, EVERY_UNIT
from minqing.privacy.access import acting_as
from tests.cast import Cast, at, category

pytestmark = pytest.mark.django_db


def test_both_walls_show_the_same_rows_to_every_role(cast: Cast) -> None:
    for area in (cast.own, cast.other, cast.far, cast.city):
        cast.matter(area)
        for unit in (cast.bureau, cast.office, cast.committee):
            cast.matter(area, state=State.ASSIGNED, lead_unit=unit)
            cast.matter(area, state=State.ASSIGNED, lead_unit=cast.bureau, supporting=[unit.pk])
            cast.matter(area, state=State.ASSIGNED, lead_unit=unit, confidential=True)
            cast.matter(area, state=State.ASSIGNED, lead_unit=cast.bureau, supporting=[unit.pk], confidential=True)
        cast.matter(area, confidential=True)
    # two other systems, one of which sent something in
    systems = {name: Actor(id=uuid4(), kind="partner", name=name, areas=frozenset({cast.own.pk})) for name in "ab"}
    for hidden in (True, False):
        cast.matter(cast.own, confidential=hidden, sender=systems["a"].id)
        cast.matter(cast.far, confidential=hidden, sender=systems["a"].id)
    with cast.everything():
        rows = list(Matter.objects.all())
    for role in (*cast.people, *systems):
        with acting_as(actor := systems.get(role) or cast.actor(role)):
            first = set(queries.visible_matters(actor).values_list("pk", flat=True))
            second = set(Matter.objects.values_list("pk", flat=True))
            twin = {m.pk for m in rows if rules.sees(actor, m.situation)}
        assert first == second == twin, role
    assert Role.LEADER in cast.people


def test_what_hangs_on_a_matter_is_seen_only_with_it(cast: Cast) -> None:
    matter = cast.matter(cast.own)
    with cast.everything():
        Reporter.objects.create(matter=matter, name="CANARY", phone="13800138000")
        Step.objects.create(matter=matter, move="receive", state="received", at=clock.now(), by="system:test")
    for role, seen in {"clerk": 1, "cadre": 1, "far_clerk": 0, "handler": 0, "volunteer": 0}.items():
        with acting_as(cast.actor(role)):
            assert Reporter.objects.count() == Step.objects.count() == seen, role


def test_lights_of_sql_and_python_agree(cast: Cast) -> None:
    now = clock.now()
    with cast.everything():
        for state in State:
            for hours in (-1000, -1, 1, 5, 20, 30, 50, 100, 2000, None):
                for age in (1, 50, 500):
                    start = now - timedelta(hours=age)
                    cast.matter(
                        state=state,
                        lead_unit=cast.bureau,
                        received_at=start,
                        finished_at=now,
                        assigned_at=start if age > 1 else None,
                        due_at=None if hours is None else now + timedelta(hours=hours),
                    )
        limit = queries.soon(now)
        for matter in queries.with_lights(Matter.objects.all(), now):
            assert matter.light == queries.light_of(matter, now, limit=limit), (matter.state, matter.due_at)
        assert len({m.light for m in queries.with_lights(Matter.objects.all(), now)}) == 4


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("路灯", True),
        ("路灯 不亮", True),
        ("灯", True),
        ("坏", True),
        ("水管", False),
        ("路灯水管", False),
        ("A3区", True),
        ("a3", True),
        ("mq 2026 000123", True),
        (human_number("MQ", 2026, 123), True),
        ("ＭＱ２０２６０００１２３" + human_number("MQ", 2026, 123)[-1], True),
        ("123", True),
        ("88017", True),
        ("", True),
        ("!!!", False),
        ("') | ('", False),
        ("路灯' | 'x", False),
        ("\\", False),
    ],
)
def test_search_takes_words_and_numbers_as_people_type_them(cast: Cast, typed: str, found: bool) -> None:
    title, text = "A3区路灯不亮", "村口坏了三天"
    cast.matter(
        number=human_number("MQ", 2026, 123),
        title=title,
        text=text,
        outside_number="88017",
        search=vector(title, text, human_number("MQ", 2026, 123)),
    )
    with acting_as(actor := cast.actor("clerk")):
        assert queries.search(queries.visible_matters(actor), typed).exists() is found


def test_search_stays_within_what_may_be_seen(cast: Cast) -> None:
    cast.matter(cast.far, search=vector("路灯"))
    with acting_as(actor := cast.actor("clerk")):
        assert not queries.search(queries.visible_matters(actor), "路灯").exists()


def test_a_detail_reads_its_steps_in_two_queries(cast: Cast) -> None:
    matter = cast.matter()
    for number in (1, 10):
        with cast.everything():
            Step.objects.bulk_create(
                Step(matter=matter, move="act", state="accepted", at=clock.now(), by="system:test")
                for _n in range(number)
            )
            with CaptureQueriesContext(connection) as seen:
                queries.steps_of(matter)
        assert len(seen) == 2


def test_filters_narrow_and_never_widen(cast: Cast) -> None:
    road = category()
    cast.matter(category=road, channel="code", received_at=at("2026-03-31 23:30"))
    cast.matter(cast.other, state="assigned", lead_unit=cast.bureau, due_at=at("2026-04-03 17:30"))
    cast.matter(cast.far, category=road)
    with acting_as(actor := cast.actor("clerk")):
        cases: list[tuple[dict[str, Any], int]] = [
            ({}, 2),
            ({"area": cast.town.id}, 2),
            ({"area": cast.own.id}, 1),
            ({"area": cast.far.id}, 0),
            ({"area": 10**8}, 0),
            ({"category": "road"}, 1),
            ({"category": road.parent_id or "road"}, 1),
            ({"state": "open"}, 2),
            ({"state": "assigned"}, 1),
            ({"unit": cast.bureau.id}, 1),
            ({"channel": "code"}, 1),
            ({"light": "red"}, 1),
            ({"light": "grey"}, 1),
            ({"since": date(2026, 3, 31), "until": date(2026, 3, 31)}, 1),
            ({"until": date(2026, 3, 30)}, 0),
        ]
        for values, count in cases:
            found = queries.filtered(queries.visible_matters(actor), queries.Filters(**values))
            assert found.count() == count, values


def test_figures_lead_to_the_rows_they_count(cast: Cast) -> None:
    road = category()
    for area in (cast.own, cast.own, cast.other):
        cast.matter(area, category=road)
    late = cast.matter(state="assigned", lead_unit=cast.bureau, due_at=at("2026-04-03 17:30"))
    cast.matter(
        state="confirmed", lead_unit=cast.bureau, finished_at=at("2026-04-02 10:00"), due_at=at("2026-04-03 17:30")
    )
    cast.matter(cast.far)
    with acting_as(actor := cast.actor("clerk")):
        for by in ("category", "subcategory", "area", "unit", "channel", "state", "light", "day", "week", "month"):
            assert sum(row.received for row in queries.figures_by(actor, by)) == {
                "category": 3, "subcategory": 3, "unit": 2,
            }.get(by, 5), by  # fmt: skip
        (top,) = queries.figures_by(actor, "category")
        rows = queries.filtered(queries.visible_matters(actor), queries.Filters(category=top.key))
        assert rows.count() == top.received == 3
        assert queries.figures_by(actor, "unit")[0].red == 1
    assert late.due_at


def test_the_triage_queue_holds_what_waits_in_the_clerks_area(cast: Cast) -> None:
    first = cast.matter(received_at=at("2026-03-01 09:00"))
    second = cast.matter(cast.other, received_at=at("2026-03-02 09:00"))
    cast.matter(state="assigned", lead_unit=cast.bureau)
    cast.matter(cast.far)
    # waits for a decision on the spot, in a queue of its own
    cast.matter(contested=True)
    with acting_as(actor := cast.actor("clerk")):
        assert list(queries.to_triage(actor)) == [first, second]
        assert QUEUES.counts(actor)["triage"] == 2


def test_a_matter_has_its_place_and_category_also_where_these_are_newer_than_what_is_kept(cast: Cast) -> None:
    actor = cast.actor("leader")
    category()
    with cache_version.assume_versions(cache_version.current_versions()):
        # what another process changes meanwhile, this request knows nothing of
        cast.matter(cast.own)
        queries.matter_for(actor, uuid4())
        for kept in (AREAS, EVERY_UNIT, EVERY_CATEGORY):
            kept.now()
        newer = category("newer", name="新类")
        place = Area.objects.create(
            code="V99", name="新村", level="village", parent=cast.town, path=f"{cast.town.path}99."
        )
        matter = cast.matter(place, category=newer)
        with acting_as(wide := replace(actor, areas=actor.areas | {place.pk})):
            found = queries.matter_for(wide, matter.pk)
    assert found is not None
    assert (found.area.name, found.category.name) == ("新村", "新类")


def test_a_call_for_help_does_not_wait_behind_what_came_earlier(cast: Cast) -> None:
    lamp = cast.matter(title="路灯", received_at=at("2026-10-01 08:00"))
    help_ = cast.matter(title="求助", received_at=at("2026-10-02 08:00"), channel="sos")
    clerk = cast.actor("clerk")
    with acting_as(clerk):
        assert list(queries.to_triage(clerk)) == [help_, lamp]
        waiting = QUEUES.within(queries.visible_matters(clerk), "triage", clerk)
        assert list(waiting.order_by(*QUEUES["triage"].order)) == [help_, lamp]
