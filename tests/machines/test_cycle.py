"""From a person's choice to the bottle, with the real agent and the real server."""

from __future__ import annotations

import pytest

from minqing.core.errors import Conflict
from minqing.machines.models import Slot, Vend
from minqing.points.queries import balance_of
from minqing.privacy.subjects import Person, copy_of
from tests.machines.world import PIECES, POINTS, PRICE, WATER, World

pytestmark = pytest.mark.django_db


def test_fifteen_points_are_a_bottle_of_water(world: World) -> None:
    vend = world.choose()
    assert balance_of(world.account).available == POINTS - PRICE
    world.turns(2)
    assert Vend.objects.get(pk=vend.pk).state == "done"
    assert [one for one, _slot in world.tray.fallen()] == [str(vend.pk)]
    assert world.agent.rang()
    assert Slot.objects.get(machine=world.id, number=WATER).stock == PIECES - 1
    world.stands()


def test_what_there_are_not_enough_points_for_leaves_no_trace(world: World) -> None:
    for _time in range(2):
        world.choose()
        world.turns(2)
    with pytest.raises(Conflict) as refused:
        world.choose()
    assert refused.value.code == "points_insufficient"
    world.stands()


def test_what_somebody_chose_is_in_the_copy_of_what_is_held_of_them(world: World) -> None:
    world.choose()
    world.turns()
    with world.cast.everything():
        person = Person(cause="test:1", name="何桂香", resident=world.person.pk, household=world.home.pk)
        (row,) = {section.code: section.rows for section in copy_of(person)}["vends"]
    assert (row["what"], row["points"], row["machine"]) == ("矿泉水", str(PRICE), "村口兑换机")
    assert row["state"]
