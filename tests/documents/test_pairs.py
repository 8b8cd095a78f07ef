"""Two who change one template, in both orders."""

from __future__ import annotations

from typing import Any

import pytest

from minqing.documents import services
from minqing.documents.models import Template
from tests.documents.test_templates import SHEET
from tests.pairs import Pair, Scenes, Stage, play, stage

__all__ = ["stage"]
pytestmark = [pytest.mark.fault(79), pytest.mark.fault(80)]
SCENES = Scenes()


@SCENES.of(services.store_template)
def two_go_back_to_the_shipped_sheet(stage: Stage) -> Pair:
    call = stage.call("operator", services.store_template, sheet=SHEET, content=b"")

    def look(*ends: Any) -> None:
        assert ends[0].pk == ends[1].pk == Template.objects.get().pk

    return Pair(call, call, look)


@SCENES.each()
def test_two_at_once_leave_what_one_after_the_other_would(stage: Stage, scene: Any) -> None:
    play(stage, scene)
