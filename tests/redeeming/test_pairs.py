"""Two at the same thing for points, in both orders."""

from __future__ import annotations

from typing import Any

import pytest

from minqing.core.ids import new_id
from minqing.redeeming import services
from minqing.redeeming.enums import ItemKind
from minqing.redeeming.models import Item
from tests.pairs import Pair, Scenes, Stage, play, stage

__all__ = ["stage"]
pytestmark = [pytest.mark.fault(79), pytest.mark.fault(80)]
SCENES = Scenes()
WATER: dict[str, Any] = {"kind": ItemKind.GOOD, "name": "矿泉水", "price": 15, "monthly_limit": None}


@SCENES.of(services.add_item)
def the_same_form_twice(stage: Stage) -> Pair:
    id = new_id()
    call = stage.call("clerk", services.add_item, id=id, area_id=stage.cast.own.pk, **WATER)

    def look(*_ends: Any) -> None:
        assert Item.objects.filter(pk=id).count() == 1

    return Pair(call, call, look)


@SCENES.of(services.change_item)
def one_says_the_price_and_one_ends_it(stage: Stage) -> Pair:
    one = stage.done("clerk", services.add_item, id=new_id(), area_id=stage.cast.own.pk, **WATER)

    def look(*_ends: Any) -> None:
        row = Item.objects.get(pk=one.pk)
        assert (row.price, row.active) == (20, False)

    return Pair(
        stage.call("clerk", services.change_item, item=one, price=20),
        stage.call("village_secretary", services.change_item, item=one, active=False),
        look,
    )


@SCENES.each()
def test_two_at_once_leave_what_one_after_the_other_would(stage: Stage, scene: Any) -> None:
    play(stage, scene)
