"""Households met in a period, out of what is kept of each day: at any moment the number of their rows."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, timedelta
from importlib import import_module
from random import Random
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.households.models import Household
from minqing.journal.models import Event
from minqing.journal.subscriptions import deliver
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as
from minqing.visits.enums import Met
from minqing.visits.listeners import visits_changed
from minqing.visits.models import StaleVisitDay, Visit, VisitedDay
from minqing.visits.queries import days, households_met
from minqing.visits.services import (
    count_stale_visit_days,
    follow_household,
    rebuild_visit_days,
    record_visit,
    wrong_visit_days,
)
from tests.cast import Cast
from tests.journal.conftest import settle

pytestmark = pytest.mark.fault(124)
DAY = timedelta(days=1)
JOB = "visits.days"
SPANS = ((0, 0), (6, 0), (29, 0), (364, 0), (35, 3), (20, 20), (9, -5))


def visited(cast: Cast, home: Household, ago: float, met: Met = Met.AT_HOME) -> Visit:
    at = clock.now() - timedelta(days=ago)
    with cast.everything():
        return Visit.objects.create(
            household=home, area_id=home.area_id, account=cast.account("cadre"), visited_at=at, recorded_at=at, met=met
        )


def told(cast: Cast, since: int, until: int, role: str = "leader") -> int:
    with acting_as(actor := cast.actor(role)):
        return households_met(actor, clock.today() - since * DAY, clock.today() - until * DAY)


def counted(since: int, until: int) -> int:
    first, last = clock.today() - since * DAY, clock.today() - until * DAY
    with acting_as(system_actor("test")):
        rows = Visit.objects.exclude(met=Met.NOBODY)
        return len({one.household_id for one in rows if first <= clock.local_date(one.visited_at) <= last})


def some_visit(cast: Cast, homes: list[Household], chance: Random) -> None:
    ago = chance.choice([chance.random() * 40, chance.random() * 3, 0])
    visited(cast, chance.choice(homes), ago, chance.choice([Met.AT_HOME, Met.AT_HOME, Met.BY_PHONE, Met.NOBODY]))


def some(chance: Random) -> Any:
    return Visit.objects.filter(pk=chance.choice(list(Visit.objects.order_by("visited_at", "id"))).pk)


def gone(cast: Cast, homes: list[Household], chance: Random) -> None:
    some(chance).delete()


def at_another_time(cast: Cast, homes: list[Household], chance: Random) -> None:
    some(chance).update(visited_at=clock.now() - timedelta(days=chance.random() * 40))


def met_after_all(cast: Cast, homes: list[Household], chance: Random) -> None:
    some(chance).update(met=chance.choice([Met.AT_HOME, Met.NOBODY]))


def moved(cast: Cast, homes: list[Household], chance: Random) -> None:
    home, area = chance.choice(homes), chance.choice([cast.own, cast.far])
    Household.objects.filter(pk=home.pk).update(area=area)
    home.area_id = area.pk
    follow_household(household_id=home.pk, area_id=area.pk, by=system_actor("test"))


MOVES: list[Callable[[Cast, list[Household], Random], None]] = [
    some_visit, some_visit, gone, at_another_time, met_after_all, moved,
]  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_after_any_visits_the_households_met_are_those_of_the_rows(cast: Cast, seed: int) -> None:
    chance, job = Random(seed), system_actor(JOB)
    homes = [cast.household(chance.choice([cast.own, cast.other, cast.far])) for _ in range(6)]
    for _ in range(15):
        some_visit(cast, homes, chance)
    rebuild_visit_days(by=job)
    for turn in range(8):
        with cast.everything():
            for _ in range(chance.randint(1, 4)):
                chance.choice(MOVES)(cast, homes, chance)
        # before those days are counted anew, and after
        for _ in range(2):
            for span in SPANS:
                assert told(cast, *span) == counted(*span), (turn, span)
            assert wrong_visit_days(by=job) == []
            count_stale_visit_days(by=job)
    assert not StaleVisitDay.objects.exists()


def test_a_days_visit_makes_no_earlier_day_stale(cast: Cast) -> None:
    """So that a year's other days stay counted while today's visits come in."""
    home = cast.household()
    for ago in (300, 100, 0):
        visited(cast, home, ago)
    count_stale_visit_days(by=system_actor(JOB))
    visited(cast, home, 0)
    assert list(StaleVisitDay.objects.values_list("day", flat=True)) == [clock.today()]
    # one written down late changes what came before the next
    visited(cast, home, 200)
    stale = set(StaleVisitDay.objects.values_list("day", flat=True))
    assert {clock.today() - n * DAY for n in (200, 100)} <= stale


def test_of_many_days_that_have_changed_the_visits_are_counted(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for ago in range(20):
        visited(cast, cast.household(), ago)
    rebuild_visit_days(by=system_actor(JOB))
    for ago in range(days.FEW + 1):
        visited(cast, cast.household(), ago)
    today = clock.today()
    with acting_as(cast.actor("leader")):
        assert not days.VisitedDays(today - 364 * DAY, today).usable
        assert days.VisitedDays(today - 6 * DAY, today).usable
    for span in SPANS:
        assert told(cast, *span) == counted(*span), span


def test_a_visit_that_is_written_down_late_is_counted_though_the_next_one_is_behind_the_writers_wall(
    cast: Cast,
) -> None:
    """Of a household that has moved: its visits lie in the former area until they follow."""
    job, home = system_actor(JOB), cast.household(cast.own)
    next_one = visited(cast, home, 5)
    rebuild_visit_days(by=job)
    with cast.everything():
        Household.objects.filter(pk=home.pk).update(area=cast.far)
    at = clock.now() - 8 * DAY
    with acting_as(cast.actor("far_cadre")):
        Visit.objects.create(
            household=home,
            area=cast.far,
            account=cast.account("far_cadre"),
            visited_at=at,
            recorded_at=at,
            met=Met.AT_HOME,
        )
        assert not Visit.objects.filter(pk=next_one.pk).exists(), "the writer sees no more than before"
    assert clock.today() - 5 * DAY in set(StaleVisitDay.objects.values_list("day", flat=True))
    count_stale_visit_days(by=job)
    assert wrong_visit_days(by=job) == []
    for span in SPANS:
        assert told(cast, *span) == counted(*span), span


def test_in_a_fresh_database_the_job_hears_of_each_visit_from_the_first_on(committed_cast: Cast) -> None:
    cast = committed_cast
    with connections["owner"].cursor() as cursor:
        cursor.execute(import_module("minqing.visits.migrations.0009_count_days").FROM_NOW)
    connections["owner"].close()
    with transaction.atomic():
        home = cast.household()
    with transaction.atomic(), acting_as(by := cast.actor("cadre")):
        record_visit(id=new_id(), household=home, visited_at=clock.now(), met=Met.NOBODY, text="没人在家", by=by)
    settle()
    assert (deliver("visits-days"), deliver("visits-days")) == (1, 0)
    assert ProcrastinateJob.objects.filter(task_name=JOB).exists()


@pytest.mark.parametrize("visits", [1, 30])
def test_the_figure_takes_five_statements_however_many_visits(cast: Cast, visits: int) -> None:
    for n in range(visits):
        visited(cast, cast.household(), n)
    rebuild_visit_days(by=system_actor(JOB))
    visited(cast, cast.household(), 0)
    with acting_as(actor := cast.actor("leader")):
        with CaptureQueriesContext(connection) as asked:
            assert households_met(actor, clock.today() - 364 * DAY, clock.today()) == visits + 1
        # the county, up to which day is counted, which changed, what is kept, what is not
        assert len(asked) == 5


def test_who_sees_a_part_of_the_county_counts_his_own_rows(cast: Cast) -> None:
    visited(cast, cast.household(cast.own), 1)
    visited(cast, cast.household(cast.far), 1)
    rebuild_visit_days(by=system_actor(JOB))
    assert (told(cast, 6, 0), told(cast, 6, 0, "clerk"), told(cast, 6, 0, "far_cadre")) == (2, 1, 1)
    for role in ("clerk", "cadre", "village_secretary"):
        with acting_as(cast.actor(role)):
            assert not VisitedDay.objects.exists(), role
    with acting_as(actor := cast.actor("leader")):
        assert households_met(actor, clock.today() - 6 * DAY, clock.today(), area_id=cast.own.id) == 1


def test_a_count_that_is_wrong_is_found_and_mended(cast: Cast) -> None:
    job = system_actor(JOB)
    visited(cast, cast.household(), 0)
    rebuild_visit_days(by=job)
    with cast.everything():
        assert VisitedDay.objects.filter(households=1).update(households=7) == 1
    assert wrong_visit_days(by=job) == [clock.today()]
    rebuild_visit_days(by=job)
    assert wrong_visit_days(by=job) == []


def test_days_are_counted_in_pieces_and_who_was_stopped_goes_on_from_there(committed_cast: Cast) -> None:
    cast, job, written = committed_cast, system_actor(JOB), []

    def stopping(run: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        if str(sql).startswith('INSERT INTO "visits_visitedday"'):
            written.append(sql)
            if len(written) == 2:
                raise RuntimeError("stopped")
        return run(sql, params, many, context)

    def last() -> date:
        with transaction.atomic(), cast.everything():
            return VisitedDay.objects.latest("day").day

    today = clock.today()
    with transaction.atomic():
        home = cast.household()
        # a month in which nothing was visited is counted as well
        for ago in (0, 20, 79):
            visited(cast, home, ago)
    with connection.execute_wrapper(stopping), pytest.raises(RuntimeError):
        count_stale_visit_days(by=job)
    assert last() == today - (79 - 30) * DAY
    assert count_stale_visit_days(by=job) == 80 - 31
    assert last() == today
    assert (wrong_visit_days(by=job), count_stale_visit_days(by=job)) == ([], 0)


def test_visits_that_are_recorded_are_counted_by_one_job(cast: Cast) -> None:
    waiting = ProcrastinateJob.objects.filter(task_name=JOB, status="todo")
    for _ in range(2):
        visits_changed(Event())
    assert waiting.count() == 1


def test_an_upgrade_counts_the_days_and_goes_on_where_it_was_stopped(committed_cast: Cast) -> None:
    cast, job = committed_cast, system_actor(JOB)
    module = import_module("minqing.visits.migrations.0009_count_days")
    with transaction.atomic():
        home = cast.household()
        for ago in (0, 5, 5, 70):
            visited(cast, home, ago)
        visited(cast, cast.household(cast.far), 3, Met.NOBODY)
    try:
        assert module.count_month(apps, connections["owner"])
        # the process of the old version is still at work
        with transaction.atomic():
            visited(cast, home, 60)
        with connections["owner"].schema_editor(atomic=False) as editor:
            module.count_days(apps, editor)
    finally:
        connections["owner"].close()
    with transaction.atomic():
        assert VisitedDay.objects.count() == 0, "without a context nothing is seen"
        assert wrong_visit_days(by=job) == []
        with acting_as(cast.actor("leader")):
            assert days.VisitedDays(clock.today() - 364 * DAY, clock.today()).others == [
                clock.today() - 60 * DAY,
            ]
        for span in SPANS:
            assert told(cast, *span) == counted(*span), span


@pytest.mark.fault(79)
def test_an_earlier_visit_that_is_not_committed_yet_is_seen_by_the_next(committed_cast: Cast) -> None:
    """The later one waits for the household: else its former day would be wrong, and nobody would come back to it."""
    cast, job = committed_cast, system_actor(JOB)
    written, go_on = threading.Event(), threading.Event()
    with transaction.atomic():
        home = cast.household()

    def writer() -> None:
        try:
            with transaction.atomic():
                visited(cast, home, 10)
                written.set()
                go_on.wait(1)
        finally:
            connection.close()

    other = threading.Thread(target=writer)
    other.start()
    assert written.wait(30)
    with transaction.atomic():
        visited(cast, home, 0)
    go_on.set()
    other.join(30)
    count_stale_visit_days(by=job)
    with transaction.atomic():
        assert wrong_visit_days(by=job) == []
        assert [told(cast, *span) for span in ((29, 0), (5, 0))] == [1, 1]


def test_a_recorded_visit_is_among_the_households_met_at_once(cast: Cast) -> None:
    rebuild_visit_days(by=system_actor(JOB))
    home = cast.household()
    with acting_as(by := cast.actor("cadre")):
        record_visit(
            id=new_id(), household=home, visited_at=clock.now(), met="at_home", met_people="户主", text="好", by=by
        )
    assert told(cast, 6, 0) == 1
