"""What the doctor says of work that waits, fails again and again, or was given up."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from minqing.config.cli import doctor
from minqing.config.cli.doctor_jobs import settle_jobs
from minqing.core import clock
from minqing.core.health import Finding
from minqing.core.ids import first_id_of, new_id
from minqing.deadlines import Target
from minqing.deadlines.enums import Rung
from minqing.deadlines.queries import overlooked
from minqing.deadlines.services import set_ladder
from minqing.exports.models import ExportRequest
from minqing.journal.models import Event, Parked
from minqing.journal.services import record
from minqing.matters.enums import ClockKind, State
from minqing.matters.models import Clock
from minqing.matters.queries.clocks import CLOCKS
from minqing.matters.services.periodic import UPKEEP
from minqing.partners.models import Delivery, Endpoint, Inbound
from tests.cast import Cast
from tests.partners.conftest import SYSTEM, partner_of

pytestmark = pytest.mark.django_db


def waiting() -> list[Finding]:
    """What jobs, and the rooms of their own work, are found to wait for."""
    asked = [(name, check) for name, check in doctor.checks() if name not in {"address", "worker", "setting up"}]
    return [one for name, check in asked for one in doctor.looked_at(name, check)]


def seen(name: str) -> Any:
    (found,) = (one for one in waiting() if one.name == name)
    return found


def job(task: str, status: str, *, attempts: int = 0) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status, attempts) VALUES ('default', %s, %s, %s)",
            [task, status, attempts],
        )


def test_with_nothing_waiting_all_is_well(cast: Cast) -> None:
    assert [one for one in waiting() if not one.well] == []


def test_a_job_that_failed_for_good_is_told_until_a_later_run_made_it_good(cast: Cast) -> None:
    job("deadlines.ladder", "failed")
    job("deadlines.reckon", "todo", attempts=2)
    job("matters.call_backs", "todo", attempts=1)
    told = seen("jobs")
    late = "Reminding of deadlines and carrying up what is overdue (deadlines.ladder, failed)"
    anew = "Reckoning deadlines anew after a change of working days (deadlines.reckon, {})"
    assert (told.well, told.seen) == (False, f"1 {late}, 1 {anew.format('again and again')}")
    assert told.mend.startswith("These jobs")
    job("deadlines.ladder", "succeeded")
    assert seen("jobs").seen == f"1 {anew.format('again and again')}"


def test_what_the_operator_has_seen_to_is_told_no_more_until_it_fails_anew(cast: Cast) -> None:
    job("deadlines.ladder", "failed")
    job("deadlines.reckon", "failed")
    assert [settle_jobs(task=task) for task in ("deadlines.ladder", "deadlines.ladder", "nothing")] == [1, 0, 0]
    assert seen("jobs").seen.endswith("(deadlines.reckon, failed)")
    told = Event.objects.get(type="config.jobs.settled")
    assert (told.subject, told.data) == ("task:deadlines.ladder", {"jobs": 1})
    job("deadlines.ladder", "failed")
    assert "deadlines.ladder" in seen("jobs").seen


def test_a_matter_that_the_ladder_passes_over_is_named(cast: Cast) -> None:
    hour = clock.now() - timedelta(hours=2)
    one = cast.matter(state=State.ACCEPTED, lead_unit=cast.bureau, due_at=hour, changed_at=hour)
    with cast.everything():
        Clock.objects.create(
            id=first_id_of(hour), matter=one, kind=ClockKind.FINISH, started_at=hour, due_at=hour, escalate_at=hour
        )
    told = seen("deadlines passed over")
    assert (told.well, told.seen) == (False, f"1: {one.number}")
    assert "by hand" in told.mend
    steps = {Rung.HEAD: Target(days=0), Rung.TOWNSHIP: Target(days=1), Rung.CITY: Target(days=2)}
    set_ladder(book=CLOCKS, steps=steps, by=cast.actor("operator"))
    assert seen("deadlines passed over").well, "it is looked at anew by another ladder: the job has not come yet"
    later = clock.now() + timedelta(hours=2)
    with cast.everything():
        assert overlooked(UPKEEP, later) == [one.number]


def test_an_old_matter_that_has_just_come_in_was_not_passed_over_yet(cast: Cast) -> None:
    days, now = clock.now() - timedelta(days=30), clock.now()
    one = cast.matter(received_at=days, changed_at=days, due_at=days)
    with cast.everything():
        Clock.objects.create(matter=one, kind=ClockKind.ASSIGN, started_at=days, due_at=days, escalate_at=days)
    assert seen("deadlines passed over").well
    with cast.everything():
        assert overlooked(UPKEEP, now + timedelta(hours=2)) == [one.number]


def test_an_export_may_wait_a_day_for_its_second_person(cast: Cast) -> None:
    with cast.everything():
        asked = ExportRequest.objects.create(
            kind="matters",
            account=cast.people["clerk"],
            area=cast.town,
            query="",
            purpose="work",
            rows=2000,
            asked_at=clock.now(),
        )
    assert (seen("exports").well, seen("exports").seen[:9]) == (True, "1 waiting")
    with cast.everything():
        ExportRequest.objects.filter(pk=asked.pk).update(asked_at=clock.now() - timedelta(days=2))
    assert not seen("exports").well
    assert "Exports" in seen("exports").mend


def test_what_partners_were_not_sent_and_what_of_theirs_was_laid_aside_is_told(cast: Cast) -> None:
    now = clock.now()
    partner = partner_of(cast)
    made = {"partner": partner, "types": ["cn.minqing.*"], "made_at": now}
    slow, gone = (Endpoint.objects.create(url=f"https://{name}.example/", **made) for name in ("slow", "gone"))
    Endpoint.objects.filter(pk=gone.pk).update(active=False, off_because="gone")
    given = {"type": "x", "sequence": 1, "body": {}, "next_at": now, "queued_at": now}
    Delivery.objects.create(endpoint=slow, event=new_id(), state="dead", **given)
    Delivery.objects.create(endpoint=slow, event=new_id(), state="retrying", tries=3, status=502, **given)
    with cast.everything():
        Inbound.objects.create(partner=partner, area=cast.town, event="e", source="s", type="t", state="dead", raw="",
                               code="data", received_at=now, next_at=now)  # fmt: skip
    assert seen("events not delivered").seen == seen("events laid aside").seen == "1 hotline"
    assert seen("endpoints").seen == "1 hotline (gone), 1 hotline (502)"
    for name in ("events not delivered", "events laid aside", "endpoints"):
        assert not seen(name).well
        assert "minqing partners" in seen(name).mend


def test_an_event_that_a_subscriber_could_not_take_is_told(cast: Cast) -> None:
    with transaction.atomic():
        record(type="test.thing.happened", subject="thing:1", by=SYSTEM)
    event = Event.objects.latest("seq")
    Parked.objects.create(subscriber="notices", event=event, error="E", parked_at=clock.now())
    assert (seen("events parked").well, seen("events parked").seen) == (False, "1 notices")
