"""Two who name the same thing, in both orders."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from minqing.localnames import services
from minqing.localnames.models import LocalName
from minqing.localnames.services import Said
from minqing.matters.models.naming import STATES
from tests.pairs import Pair, Scenes, Stage, play, stage

__all__ = ["stage"]
pytestmark = [pytest.mark.fault(79), pytest.mark.fault(80)]
SCENES = Scenes()


@SCENES.of(services.set_names)
def two_names_for_one_state(stage: Stage) -> Pair:
    LocalNames = LocalName.objects.filter(kind="state", code="received", language="zh-hans")

    def call(word: str) -> Callable[[], Any]:
        values = {"kind": STATES, "language": "zh-hans", "words": {"received": Said(word)}}
        return stage.call("operator", services.set_names, **values)

    def look(*ends: Any) -> None:
        assert LocalNames.get().word in {"新到", "新来"}, ends

    return Pair(call("新到"), call("新来"), look, alike=True)


@SCENES.each()
def test_two_at_once_leave_what_one_after_the_other_would(stage: Stage, scene: Any) -> None:
    play(stage, scene)
