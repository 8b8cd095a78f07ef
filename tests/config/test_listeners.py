"""News that travels upwards, from the write to the one who listens."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.ids import new_id
from minqing.deadlines.tasks import reckon
from minqing.households.services import save_household
from minqing.journal.models import Event
from minqing.journal.subscriptions import deliver_all
from minqing.matters.enums import ClockKind
from minqing.matters.services import reopen_matter
from minqing.org.enums import Role, UnitKind
from minqing.org.models import WorkDay
from minqing.org.services import clear_work_day, load_work_days, save_unit, set_work_day
from minqing.privacy.access import acting_as
from minqing.publications.queries.opened import Wanted, published
from minqing.visits.models import DiaryEntry, Visit
from minqing.visits.queries import visible_visits
from tests.cast import Cast, person
from tests.matters.lives import Life, june
from tests.publications.test_publication import shown, solved


def seen_by(cast: Cast, role: str) -> int:
    actor = cast.actor(role)
    with transaction.atomic(), acting_as(actor):
        return visible_visits(actor).count()


def test_visits_and_diaries_go_with_a_household_that_moves(committed_cast: Cast) -> None:
    cast, now = committed_cast, clock.now()
    with transaction.atomic():
        home = cast.household(number="H7")
        with cast.everything():
            visit = Visit.objects.create(
                household=home, area=cast.own, account=cast.account("cadre"), visited_at=now, recorded_at=now
            )
            DiaryEntry.objects.create(visit=visit, area=cast.own, text="说了家里的事")
    assert (seen_by(cast, "cadre"), seen_by(cast, "other_cadre")) == (1, 0)
    clerk = cast.actor("clerk")
    with transaction.atomic(), acting_as(clerk):
        save_household(number="H7", area_id=cast.other.id, by=clerk)
    deliver_all()
    assert (seen_by(cast, "cadre"), seen_by(cast, "other_cadre")) == (0, 1)
    deliver_all()
    with transaction.atomic(), cast.everything():
        assert DiaryEntry.objects.get().area == cast.other
        assert Event.objects.filter(type="visits.household.followed").count() == 1


def test_what_is_opened_again_leaves_the_public_page(committed_cast: Cast) -> None:
    cast = committed_cast
    with transaction.atomic():
        person(cast, "second_clerk", Role.CLERK, cast.office, cast.town, "何敏")
        matter = solved(cast)
        shown(cast, matter)
    assert published(Wanted()).count() == 1
    cadre = cast.actor("cadre")
    with transaction.atomic(), acting_as(cadre):
        reopen_matter(id=new_id(), matter=matter, reason="又不亮了", by=cadre)
    deliver_all()
    assert published(Wanted()).count() == 0
    deliver_all()
    assert Event.objects.filter(type="publications.publication.withdrawn").count() == 1


@pytest.fixture
def usual_days(committed: None) -> Iterator[None]:
    """The table of working days is reference data: it outlives the test."""
    before = list(WorkDay.objects.all())
    yield
    WorkDay.objects.all().delete()
    WorkDay.objects.bulk_create(before)


def jobs() -> int:
    """How many times the deadlines are to be reckoned; and none of them is left for the next look."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE task_name = 'deadlines.reckon'")
        return cursor.rowcount


@pytest.mark.fault(49)
def test_whatever_changes_working_time_has_the_deadlines_reckoned_without_anybody_thinking_of_it(
    committed_cast: Cast, usual_days: None
) -> None:
    by, bureau = Actor.system("import"), committed_cast.bureau
    with transaction.atomic():
        deliver_all()
        jobs()
    known: dict[str, Any] = {"code": bureau.code, "kind": UnitKind.BUREAU, "area": committed_cast.city, "by": by}
    changes = [
        (lambda: set_work_day(on=june(4).date(), working=False, by=by), 1),
        (lambda: set_work_day(on=june(4).date(), working=True, by=by), 1),
        (lambda: clear_work_day(on=june(4).date(), by=by), 1),
        (lambda: WorkDay.objects.filter(date=date(2026, 10, 1)).delete() and load_work_days(by=by), 1),
        (lambda: save_unit(name=bureau.name, hours=[["09:00", "16:00"]], **known), 1),
        (lambda: save_unit(name="市交通局", **known), 0),
    ]
    for change, wanted in changes:
        with transaction.atomic():
            change()
        deliver_all()
        assert jobs() == wanted


@pytest.mark.fault(49)
def test_many_changes_are_one_job_and_it_moves_the_deadline(committed_cast: Cast, usual_days: None) -> None:
    by = Actor.system("import")
    with transaction.atomic():
        life = Life(committed_cast)
        matter = life.accepted()
        for day in (3, 4, 5):
            set_work_day(on=june(day).date(), working=False, by=by)
    deliver_all()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'deadlines.reckon'")
        assert cursor.fetchone() == (1,)
    reckon()
    with transaction.atomic():
        assert life.now(matter).due_at == life.clock(matter, ClockKind.FINISH).due_at == june(11, "17:30")
