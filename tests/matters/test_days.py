"""What is kept of each day is at any moment the number of its rows."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from minqing.core import clock
from minqing.journal.models import Event
from minqing.matters.enums import Move, Source, State
from minqing.matters.listeners import day_changed
from minqing.matters.models import CallBack, Confirmation, DayCount, Matter, StaleDay, Step
from minqing.matters.queries import performance
from minqing.matters.services import count_stale_days, rebuild_days, wrong_days
from minqing.org.models import Area
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as
from tests.cast import Cast, category

pytestmark = pytest.mark.fault(124)
DAY = timedelta(days=1)
JOB = "matters.days"


def figures(cast: Cast, since: int = 29, until: int = 0) -> list[Any]:
    """Everything on the wall that may come out of kept days."""
    actor, now, today = cast.actor("leader"), clock.now(), clock.today()
    span = {"since": today - since * DAY, "until": today - until * DAY}
    asked = performance.Asked(actor=actor, now=now, **span)
    with acting_as(actor):
        return [performance.voices(asked), *wall(asked)]


def wall(asked: performance.Asked) -> list[Any]:
    """All units at once, and one beside the other as the pages show them."""
    units = performance.units_of(asked)
    return [units, performance.by_unit(asked), [performance.by_unit(asked, [one]) for one in units]]


def from_rows(cast: Cast, monkeypatch: pytest.MonkeyPatch, **span: int) -> list[Any]:
    with monkeypatch.context() as patch:
        patch.setattr(performance, "counts_all", lambda *_: False)
        return figures(cast, **span)


def some_matter(cast: Cast, chance: Random) -> Matter:
    received = clock.now() - chance.randrange(40) * DAY
    return cast.matter(
        chance.choice([cast.own, cast.other, cast.far, cast.city]), received_at=received,
        category=category(chance.choice(["building", "transport"])) if chance.random() < 0.7 else None,
        confidential=chance.random() < 0.2,
    )  # fmt: skip


def answered(cast: Cast, one: Matter, chance: Random) -> None:
    at = one.received_at + chance.randrange(3) * DAY
    Matter.objects.filter(pk=one.pk).update(state=State.FINISHED, lead_unit=cast.bureau, finished_at=at)


def said(cast: Cast, one: Matter, chance: Random) -> None:
    silent = chance.random() < 0.3
    word = {} if silent else {"solved": chance.random() < 0.6, "satisfaction": chance.randint(1, 5)}
    at = clock.now() - chance.randrange(9) * DAY
    source = chance.choice(list(Source)).value
    Confirmation.objects.create(matter=one, at=at, by="test", source=source, declined=silent, **word)


def given(cast: Cast, one: Matter, chance: Random) -> None:
    """Given to a unit, with a deadline that may have passed, and sometimes sent back by it."""
    unit, at, back = chance.choice([cast.bureau, cast.committee]), clock.now(), chance.random() < 0.4
    due = chance.choice([None, at - DAY, at + 5 * DAY])
    state = State.RECEIVED if back else chance.choice([State.ASSIGNED, State.ACCEPTED, State.FINISHED])
    finished = at if state == State.FINISHED else None
    Matter.objects.filter(pk=one.pk).update(state=state, lead_unit=unit, due_at=due, finished_at=finished)
    for move in [Move.ASSIGN, *([Move.SEND_BACK] if back else [])]:
        Step.objects.create(matter=one, move=move.value, state=state.value, at=at, by="test", unit=unit)


def dropped(cast: Cast, one: Matter, chance: Random) -> None:
    Matter.objects.filter(pk=one.pk).update(state=State.WITHDRAWN, finished_at=None, closed_at=clock.now())


def merged(cast: Cast, one: Matter, chance: Random) -> None:
    cause = Matter.objects.exclude(pk=one.pk).first()
    Matter.objects.filter(pk=one.pk).update(state=State.MERGED, cause=cause, finished_at=None)


def gone(cast: Cast, one: Matter, chance: Random) -> None:
    Matter.objects.filter(cause=one).update(cause=None, state=State.WITHDRAWN)
    one.delete()


def moved(cast: Cast, one: Matter, chance: Random) -> None:
    Matter.objects.filter(pk=one.pk).update(area=cast.far, received_at=one.received_at - 2 * DAY)


def drawn(cast: Cast, one: Matter, chance: Random) -> None:
    if not CallBack.objects.filter(matter=one).exists():
        done = chance.choice([None, clock.now()])
        CallBack.objects.create(matter=one, drawn_at=clock.now(), done_at=done, reached=bool(done))


MOVES: list[Callable[[Cast, Matter, Random], None]] = [
    answered,
    given,
    given,
    said,
    said,
    dropped,
    merged,
    gone,
    moved,
    drawn,
]


@pytest.mark.parametrize("seed", [1, 2])
def test_after_any_moves_the_kept_figures_are_those_of_the_rows(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance, job = Random(seed), system_actor(JOB)
    for _ in range(12):
        some_matter(cast, chance)
    rebuild_days(by=job)
    for turn in range(5):
        with cast.everything():
            for _ in range(3):
                one = chance.choice(list(Matter.objects.order_by("received_at", "id")))
                chance.choice(MOVES)(cast, one, chance)
            some_matter(cast, chance)
        # before those days are counted anew, and after
        for _ in range(2):
            for span in ({"since": 364}, {"since": 35, "until": 3}):
                assert figures(cast, **span) == from_rows(cast, monkeypatch, **span), (turn, span)
            count_stale_days(by=job)
            assert wrong_days(by=job) == []
    with cast.everything():
        assert DayCount.objects.filter(measure="received").exists()
        assert not StaleDay.objects.exists()


def test_a_count_that_is_wrong_is_found_and_mended(cast: Cast) -> None:
    job = system_actor(JOB)
    cast.matter()
    rebuild_days(by=job)
    with cast.everything():
        assert DayCount.objects.filter(kind="", measure="received").update(number=7) == 1
    assert wrong_days(by=job) == [clock.today()]
    rebuild_days(by=job)
    assert wrong_days(by=job) == []
    assert [one.number for one in seen(cast, "leader") if (one.kind, one.measure) == ("", "received")] == [1]


def test_an_area_that_lies_elsewhere_makes_all_days_stale(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    cast.matter(cast.own)
    rebuild_days(by=system_actor(JOB))
    path = f"{cast.other_town.path}{cast.own.id}."
    Area.objects.filter(pk=cast.own.pk).update(parent=cast.other_town, path=path)
    assert figures(cast) == from_rows(cast, monkeypatch)
    count_stale_days(by=system_actor(JOB))
    assert figures(cast) == from_rows(cast, monkeypatch)


def test_an_area_whose_name_or_point_is_corrected_leaves_the_days_as_they_are(cast: Cast) -> None:
    cast.matter(cast.own)
    rebuild_days(by=system_actor(JOB))
    Area.objects.update(name="改名", latitude=29.5)
    with cast.everything():
        assert not StaleDay.objects.exists()


def test_days_are_counted_in_pieces_and_who_was_stopped_goes_on_from_there(committed_cast: Cast) -> None:
    cast, job, counted = committed_cast, system_actor(JOB), []

    def stopping(run: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        if str(sql).startswith('INSERT INTO "matters_daycount"'):
            counted.append(sql)
            if len(counted) == 2:
                raise RuntimeError("stopped")
        return run(sql, params, many, context)

    def kept() -> int:
        with transaction.atomic(), cast.everything():
            return DayCount.objects.filter(kind="counted").count()

    with transaction.atomic(), cast.everything():
        for ago in (0, 20, 79):
            cast.matter(received_at=clock.now() - ago * DAY)
    with connection.execute_wrapper(stopping), pytest.raises(RuntimeError):
        count_stale_days(by=job)
    assert kept() == 31
    with transaction.atomic(), cast.everything():
        # one of the days before, and one that is not counted yet
        for ago in (70, 5):
            cast.matter(received_at=clock.now() - ago * DAY)
    assert count_stale_days(by=job) == 80 - 31 + 1
    assert kept() == 80
    assert (wrong_days(by=job), count_stale_days(by=job)) == ([], 0)


def test_an_event_counts_one_piece_and_leaves_the_others_to_a_job(cast: Cast) -> None:
    for ago in (0, 79):
        cast.matter(received_at=clock.now() - ago * DAY)
    waiting = ProcrastinateJob.objects.filter(task_name="matters.days", status="todo")
    day_changed(Event())
    with cast.everything():
        assert DayCount.objects.filter(kind="counted").count() == 31
    assert waiting.count() == 1
    count_stale_days(by=system_actor(JOB))
    waiting.delete()
    day_changed(Event())
    assert (waiting.count(), wrong_days(by=system_actor(JOB))) == (0, [])


def seen(cast: Cast, role: str) -> list[DayCount]:
    with acting_as(cast.actor(role)):
        return list(DayCount.objects.all())


def test_what_is_kept_is_shown_to_who_sees_the_whole_county(cast: Cast) -> None:
    cast.matter()
    rebuild_days(by=system_actor(JOB))
    assert seen(cast, "leader")
    for role in ("clerk", "cadre", "handler", "village_secretary"):
        assert not seen(cast, role), role
    with acting_as(replace(cast.actor("leader"), confidential=False)):
        assert not DayCount.objects.exists()


def test_a_change_that_is_not_committed_while_days_are_counted_is_counted_later(
    committed_cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast, job = committed_cast, system_actor(JOB)
    answered = {"state": State.FINISHED, "lead_unit": cast.bureau, "finished_at": clock.now()}
    written, counted = threading.Event(), threading.Event()

    def writer() -> None:
        try:
            with transaction.atomic():
                cast.matter(cast.far, **answered)
                written.set()
                assert counted.wait(30)
        finally:
            connection.close()

    with transaction.atomic():
        cast.matter(**answered)
    other = threading.Thread(target=writer)
    other.start()
    assert written.wait(30)
    assert count_stale_days(by=job) > 0
    counted.set()
    other.join(30)
    for _ in range(2):
        with transaction.atomic():
            told = figures(cast)
            assert told == from_rows(cast, monkeypatch)
            assert told[0].answered == 2
        count_stale_days(by=job)
        assert wrong_days(by=job) == []
