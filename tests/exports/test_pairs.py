"""Two at one export, in both orders."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from minqing.core.ids import new_id
from minqing.exports import services
from minqing.exports.enums import Purpose
from minqing.exports.models import ExportRequest
from minqing.org.enums import Role
from tests.cast import person
from tests.pairs import Pair, Refusal, Scenes, Stage, play, stage

__all__ = ["stage"]
pytestmark = [pytest.mark.fault(79), pytest.mark.fault(80)]
SCENES = Scenes()


def one_done(*ends: Any) -> None:
    assert sum(isinstance(end, Refusal) for end in ends) == 1, ends


def asked_for(stage: Stage) -> ExportRequest:
    with transaction.atomic():
        ExportRequest.objects.filter(state="taken").delete()
    values = {"kind": "matters", "query": "", "purpose": Purpose.MEETING, "area": stage.cast.town.pk, "rows": 2000}
    found: ExportRequest = stage.done("clerk", services.ask_export, id=new_id(), **values)
    return found


@SCENES.of(services.decide_export)
def one_lets_it_go_and_the_other_does_not(stage: Stage) -> Pair:
    row = asked_for(stage)
    calls = [
        stage.call(who, services.decide_export, request=row, approve=yes)
        for who, yes in (("leader", True), ("second_leader", False))
    ]
    return Pair(*calls, one_done)


@SCENES.of(services.take_export)
def taken_in_two_windows(stage: Stage) -> Pair:
    row = asked_for(stage)
    stage.done("leader", services.decide_export, request=row, approve=True)
    call = stage.call("clerk", services.take_export, request=row)

    def look(*ends: Any) -> None:
        assert [end.state for end in ends] == ["taken"] * 2

    # each download is on record
    return Pair(call, call, look, alike=True)


@SCENES.of(services.ask_export)
def the_same_asked_for_twice(stage: Stage) -> Pair:
    values = {"kind": "matters", "query": "", "purpose": Purpose.MEETING, "area": stage.cast.town.pk, "rows": 900}

    def call() -> Callable[[], Any]:
        return stage.call("clerk", services.ask_export, id=new_id(), **values)

    def look(*ends: Any) -> None:
        # together they are more than leaves without a second person
        assert {end.state for end in ends} != {"taken"}

    with transaction.atomic(), stage.cast.everything():
        ExportRequest.objects.all().delete()
    return Pair(call(), call(), look)


@pytest.fixture(scope="module", autouse=True)
def _people(stage: Stage) -> None:
    with transaction.atomic():
        person(stage.cast, "second_leader", Role.LEADER, stage.cast.office, stage.cast.city, "何建平")


@SCENES.each()
def test_two_at_once_leave_what_one_after_the_other_would(stage: Stage, scene: Any) -> None:
    play(stage, scene)
