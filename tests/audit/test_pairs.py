"""Two who have the same day looked at, in both orders."""

from __future__ import annotations

from typing import Any

from procrastinate.contrib.django.models import ProcrastinateJob

from minqing.audit import services, tasks
from minqing.audit.models import SealCheck
from minqing.core import clock
from minqing.journal.models import Event
from tests.pairs import Pair, Scenes, Stage, job, play, stage

__all__ = ["stage"]
SCENES = Scenes()


@SCENES.of(services.ask_check)
def one_day_asked_for_by_two(stage: Stage) -> Pair:
    SealCheck.objects.update(done_at=clock.now())
    call = stage.call("auditor", tasks.ask_to_check, day=clock.today())

    def look(*_ends: Any) -> None:
        assert ProcrastinateJob.objects.filter(task_name="audit.seals").count() == 1
        ProcrastinateJob.objects.filter(task_name="audit.seals").delete()

    return Pair(call, call, look)


@SCENES.of(services.check_day, jobs=["audit.seals", "audit.nightly"])
def one_day_looked_at_by_two(stage: Stage) -> Pair:
    day = clock.today().isoformat()
    before = Event.objects.filter(type="audit.seals.checked").count()

    def look(*_ends: Any) -> None:
        assert SealCheck.objects.get(day=day).done_at is not None
        # each has looked, and each look is told
        assert Event.objects.filter(type="audit.seals.checked").count() == before + 2

    return Pair(job("audit.seals", day=day), job("audit.seals", day=day), look, alike=True)


@SCENES.each()
def test_two_at_once_leave_what_one_after_the_other_would(stage: Stage, scene: Any) -> None:
    play(stage, scene)
