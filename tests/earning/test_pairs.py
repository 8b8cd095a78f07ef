"""Two at the same function, in both orders."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from minqing.core.ids import new_id
from minqing.earning import services
from minqing.earning.enums import Category
from minqing.earning.models import FunctionVersion
from tests.earning.test_functions import ROAD
from tests.pairs import Pair, Refusal, Scenes, Stage, play, stage

__all__ = ["stage"]
pytestmark = [pytest.mark.fault(79), pytest.mark.fault(80)]
SCENES = Scenes()
# each scene is played twice, and the same once more is no other version
POINTS = count(21)


@SCENES.of(services.change_function)
def changed_by_two(stage: Stage) -> Pair:
    before = FunctionVersion.objects.filter(function="road_swept").count()
    calls = [
        stage.call(
            "operator",
            services.change_function,
            id=new_id(),
            code="road_swept",
            said=replace(ROAD, points=next(POINTS)),
        )
        for _who in range(2)
    ]

    def look(*ends: Any) -> None:
        rows = FunctionVersion.objects.filter(function="road_swept")
        assert rows.count() == before + 2, ends
        assert rows.filter(current=True).count() == 1

    return Pair(*calls, look)


@SCENES.of(services.add_function)
def added_by_two_under_one_code(stage: Stage) -> Pair:
    given = {"code": f"new_{next(POINTS)}", "category": Category.CUSTOMS, "said": ROAD}
    calls = [stage.call("operator", services.add_function, id=new_id(), **given) for _who in range(2)]

    def look(*ends: Any) -> None:
        assert [one.code for one in ends if isinstance(one, Refusal)] == ["function_taken"], ends

    return Pair(*calls, look)


@SCENES.of(services.load_functions)
def loaded_by_two(stage: Stage) -> Pair:
    call = stage.call("system", services.load_functions)

    def look(*ends: Any) -> None:
        assert ends == (0, 0), "both found what is there"

    return Pair(call, call, look)


@SCENES.each()
def test_two_at_once(stage: Stage, scene: Any) -> None:
    play(stage, scene)
