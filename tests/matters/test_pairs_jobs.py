"""What the county does by itself, done by two workers or beside who works on the same."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.files.models import Attachment
from minqing.matters import services
from minqing.matters.enums import Channel
from minqing.matters.models import CallBack, Clock, Evidence, Matter, Step
from minqing.matters.services.days import wrong_days
from tests.matters.lives import Life
from tests.pairs import Pair, Refusal, Scenes, Stage, job, play, stage

__all__ = ["stage"]
pytestmark = [pytest.mark.fault(46), pytest.mark.fault(79), pytest.mark.fault(80)]
SCENES = Scenes()


def overdue(stage: Stage) -> Matter:
    """In hand at a unit since long."""
    ago = clock.now() - timedelta(days=20)
    with transaction.atomic():
        life = Life(stage.cast)
        one = life.report(when=ago)
        return life.do("clerk", "assign_matter", one, unit=stage.cast.bureau.pk, due_days=1, at=ago)


@SCENES.of(jobs=["deadlines.ladder"])
def carried_up_by_two(stage: Stage) -> Pair:
    one = overdue(stage)

    def look(*_ends: Any) -> None:
        rungs = list(Step.objects.filter(matter=one, move="escalate").values_list("text", flat=True))
        assert len(rungs) == len(set(rungs)) == 3

    call = job("deadlines.ladder")
    return Pair(call, call, look)


@SCENES.of(services.finish_matter, jobs=["deadlines.ladder"])
def answered_while_it_is_carried_up(stage: Stage) -> Pair:
    one = overdue(stage)
    with transaction.atomic():
        one = Life(stage.cast).do("handler", "accept_matter", one)

    def look(*_ends: Any) -> None:
        assert Matter.objects.get(pk=one.pk).state == "finished"
        assert not Clock.objects.filter(matter=one, stopped_at=None, escalate_at__isnull=False).exists()

    answer = stage.call("handler", services.finish_matter, id=new_id(), matter=one, reply="已换新灯。")
    return Pair(job("deadlines.ladder"), answer, look)


@SCENES.of(jobs=["matters.call_backs"])
def drawn_by_two(stage: Stage) -> Pair:
    with transaction.atomic():
        for _n in range(3):
            Life(stage.cast).finished(when=clock.now())

    def look(*_ends: Any) -> None:
        assert CallBack.objects.count() == CallBack.objects.values("matter").distinct().count()

    call = job("matters.call_backs")
    return Pair(call, call, look)


@SCENES.of(jobs=["matters.drop_pictures"])
def a_picture_is_dropped_while_it_is_named(stage: Stage) -> Pair:
    with transaction.atomic(), stage.cast.everything():
        picture = Attachment.objects.create(
            id=new_id(), name="a.jpg", stored=new_id().hex, thumbnail=new_id().hex, sha256="0" * 64, size=1, width=1,
            height=1, sent_by=f"partner:{new_id()}", stored_at=clock.now() - timedelta(days=9),
        )  # fmt: skip
    report = {
        "id": new_id(), "title": "路灯不亮", "text": "村口路灯坏了。", "area_id": stage.cast.own.pk,
        "channel": Channel.COUNTER, "picture_ids": [picture.pk],
    }  # fmt: skip

    def look(_dropped: Any, reported: Any) -> None:
        there = Attachment.objects.filter(pk=picture.pk).exists()
        named = Evidence.objects.filter(attachment=picture.pk).exists()
        assert there is named
        assert named or reported == Refusal("picture")

    return Pair(job("matters.drop_pictures"), stage.call("cadre", services.report_matter, **report), look)


def stale(stage: Stage) -> Matter:
    one = overdue(stage)
    with transaction.atomic(), stage.cast.everything():
        Clock.objects.filter(matter=one, stopped_at=None).update(calendar="former")
    return one


def due_as_its_clock(one: Matter) -> None:
    row = Clock.objects.get(matter=one, stopped_at=None, kind="finish")
    assert row.due_at == Matter.objects.get(pk=one.pk).due_at
    assert row.calendar != "former"


@SCENES.of(jobs=["deadlines.reckon"])
def reckoned_by_two(stage: Stage) -> Pair:
    one = stale(stage)
    call = job("deadlines.reckon")
    return Pair(call, call, lambda *_ends: due_as_its_clock(one))


@SCENES.of(services.transfer_matter, jobs=["deadlines.reckon"])
def passed_on_while_it_is_reckoned(stage: Stage) -> Pair:
    one = stale(stage)

    def look(*_ends: Any) -> None:
        assert Matter.objects.get(pk=one.pk).lead_unit_id == stage.cast.office.pk
        due_as_its_clock(one)

    move = {"id": new_id(), "matter": one, "unit": stage.cast.office.pk, "reason": "更合适"}
    return Pair(job("deadlines.reckon"), stage.call("handler", services.transfer_matter, **move), look)


@SCENES.of(jobs=["matters.days"])
def days_counted_while_a_matter_comes(stage: Stage) -> Pair:
    overdue(stage)
    report = {
        "id": new_id(), "title": "路灯不亮", "text": "村口路灯坏了。", "area_id": stage.cast.own.pk,
        "channel": Channel.COUNTER,
    }  # fmt: skip
    by = stage.actor("system")

    def look(*_ends: Any) -> None:
        job("matters.days")()
        assert wrong_days(by=by) == []

    return Pair(job("matters.days"), stage.call("cadre", services.report_matter, **report), look)


@SCENES.each()
def test_two_at_once_leave_what_one_after_the_other_would(stage: Stage, scene: Any) -> None:
    play(stage, scene)
