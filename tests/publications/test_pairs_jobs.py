"""Figures counted by two workers, or while somebody works on what is counted."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.matters import services
from minqing.matters.models import Matter
from minqing.privacy.periods import Quarter
from minqing.publications.models import QuarterFigures
from tests.matters.lives import Life
from tests.pairs import Pair, Scenes, Stage, job, play, stage

__all__ = ["stage"]
pytestmark = [pytest.mark.fault(46), pytest.mark.fault(79), pytest.mark.fault(80)]
SCENES = Scenes()


@SCENES.of(services.finish_matter, jobs=["publications.figures"])
def a_quarter_is_counted_while_a_matter_is_answered(stage: Stage) -> Pair:
    with transaction.atomic():
        known = QuarterFigures.objects.order_by("year", "quarter").first()
        one = Life(stage.cast).accepted()
    quarter = (Quarter(known.year, known.quarter) if known else Quarter.of(clock.today())).former

    def look(*_ends: Any) -> None:
        assert QuarterFigures.objects.filter(year=quarter.year, quarter=quarter.number).count() == 1
        assert Matter.objects.get(pk=one.pk).state == "finished"

    answer = stage.call("handler", services.finish_matter, id=new_id(), matter=one, reply="已换新灯。")
    return Pair(job("publications.figures", quarter=quarter.code), answer, look)


@SCENES.of(jobs=["publications.figures"])
def a_quarter_is_counted_by_two(stage: Stage) -> Pair:
    with transaction.atomic():
        known = QuarterFigures.objects.order_by("year", "quarter").first()
    quarter = (Quarter(known.year, known.quarter) if known else Quarter.of(clock.today())).former

    def look(*_ends: Any) -> None:
        assert QuarterFigures.objects.filter(year=quarter.year, quarter=quarter.number).count() == 1

    call = job("publications.figures", quarter=quarter.code)
    return Pair(call, call, look)


@SCENES.each()
def test_two_at_once_leave_what_one_after_the_other_would(stage: Stage, scene: Any) -> None:
    play(stage, scene)
