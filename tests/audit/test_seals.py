"""The seals of a day: asked for by a button, looked at by a job, told in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import translation
from procrastinate.contrib.django.models import ProcrastinateJob

from minqing.audit import tasks
from minqing.audit.models import SealCheck
from minqing.audit.queries.seals import unchecked
from minqing.audit.services import ask_check, check_day
from minqing.audit.tasks import nightly
from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import Refused
from minqing.journal.models import Event
from minqing.journal.sealing import seal_new
from tests.cast import Cast, make_cast
from tests.journal.conftest import empty, settle, tamper, write

__all__ = ["empty", "tamper", "write"]
JOB = Actor.system("test")


def page(cast: Cast) -> str:
    return cast.client("auditor").get("/audit/seals/").content.decode()


def test_a_day_is_looked_at_and_told_in_words(write: Any, tamper: Callable[..., None]) -> None:
    with transaction.atomic():
        cast = make_cast()
    write(3)
    assert seal_new()
    assert "还没有核验过" in page(cast)
    row = check_day(day=clock.today(), by=JOB)
    assert (row.events >= 3, row.wrong) == (True, 0)
    assert "的封存对得上" in page(cast)
    changed = Event.objects.filter(type="test.thing.done").earliest("seq")
    tamper("UPDATE journal_event SET actor = 'system:other' WHERE id = %s", changed.pk)
    assert check_day(day=clock.today(), by=JOB).wrong == 1
    shown = page(cast)
    assert "1 处对不上" in shown
    assert f"日志第{changed.seq}条在封存后被改过" in shown
    told = Event.objects.filter(type="audit.seals.checked").latest("seq")
    assert told.data["wrong"] == 1


def test_only_the_seals_of_that_day_are_looked_at_and_their_link_to_the_one_before(
    write: Any, tamper: Callable[..., None]
) -> None:
    write(2)
    seal_new()
    write(2)
    seal_new()
    tamper("UPDATE journal_seal SET sealed_at = sealed_at - interval '3 days' WHERE number = 1")
    today = check_day(day=clock.today(), by=JOB)
    assert (today.first, today.last, today.events) == (2, 2, 2)
    assert today.wrong == 0
    assert check_day(day=clock.today() - timedelta(days=3), by=JOB).findings[0]["kind"] == "seal"
    tamper("DELETE FROM journal_seal WHERE number = 1")
    assert check_day(day=clock.today(), by=JOB).wrong == 1


def test_the_night_looks_at_days_that_are_over_and_that_nobody_has_looked_at(
    write: Any, tamper: Callable[..., None]
) -> None:
    write(1)
    seal_new()
    assert unchecked(clock.today()) == []
    tamper("UPDATE journal_seal SET sealed_at = sealed_at - interval '2 days'")
    assert unchecked(clock.today()) == [clock.today() - timedelta(days=2)]
    assert nightly(timestamp=0) == 1
    assert nightly(timestamp=0) == 0
    settle()


def test_the_button_asks_once_and_a_job_comes(cast: Cast) -> None:
    client, day = cast.client("auditor"), clock.today().isoformat()
    for _time in range(2):
        assert client.post("/audit/seals/check/", {"day": day}).status_code == 302
    assert ProcrastinateJob.objects.filter(task_name="audit.seals").count() == 1
    assert Event.objects.filter(type="audit.seals.asked").count() == 1
    assert "开始核验" in page(cast)
    assert client.post("/audit/seals/check/", {"day": "x"}).status_code == 422
    # all that the page shows by one press
    several = [(clock.today() - timedelta(days=n)).isoformat() for n in (3, 4)]
    assert (
        client.post("/audit/seals/check/", {"day": several}, follow=True).content.decode().count("正在核验这些天") == 1
    )


def test_a_day_to_come_is_not_looked_at(cast: Cast) -> None:
    with pytest.raises(Refused), translation.override("en"):
        ask_check(day=clock.today() + timedelta(days=1), by=cast.actor("auditor"))
    assert not SealCheck.objects.exists()


def test_a_day_at_which_something_fails_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    looked = []

    def check_day(*, day: date, by: object) -> None:
        if day.day == 1:
            raise ValueError
        looked.append(day.day)

    monkeypatch.setattr(tasks, "unchecked", lambda _today: [date(2026, 11, n) for n in (1, 2, 3)])
    monkeypatch.setattr(tasks, "check_day", check_day)
    assert (nightly(timestamp=0), looked) == (2, [2, 3])
