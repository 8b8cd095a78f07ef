"""What is in a slot is an item of the catalogue: one name, one price, one limit; and few of it are told of once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections, transaction
from django.db.migrations.executor import MigrationExecutor

from minqing.core import clock
from minqing.core.errors import Conflict
from minqing.journal.models import Event
from minqing.machines import services
from minqing.machines.models import Machine, Slot, Vend
from minqing.machines.notifications import notify_of
from minqing.machines.queries import had_this_month
from minqing.machines.services import turns
from minqing.notify.models import Notice
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as
from minqing.redeeming.models import Item
from tests.architecture.matrix import HERE  # noqa: F401  # the house's matrix is read first
from tests.cast import Cast
from tests.machines.matrix import exchange, goods, row
from tests.machines.world import PRICE, WATER, World
from tests.redeeming.shops import Small


def water(**said: Any) -> Item:
    Item.objects.filter(name="矿泉水").update(**said)
    return Item.objects.get(name="矿泉水")


@pytest.mark.django_db
def test_the_catalogue_s_price_is_the_machine_s_and_who_saw_another_pays_nothing(world: World) -> None:
    water(price=20)
    with pytest.raises(Conflict) as refused:
        world.choose(price=PRICE)
    assert refused.value.code == "price_changed"
    assert world.choose(price=20).price == 20
    world.turns(2)
    assert {one["name"]: one["price"] for one in world.agent.shown.slots} == {"矿泉水": 20, "肥皂": PRICE}


@pytest.mark.django_db
def test_what_is_offered_no_more_is_had_nowhere(world: World) -> None:
    water(active=False)
    with pytest.raises(Conflict) as refused:
        world.choose()
    assert refused.value.code == "slot_empty"
    world.turns(1)
    assert [one["closed"] for one in world.agent.shown.slots] == [True, False]


@pytest.mark.django_db
def test_one_limit_a_month_holds_in_machines_and_shops_together(world: World) -> None:
    item = water(monthly_limit=1)
    world.choose()
    world.turns(2)
    with pytest.raises(Conflict) as refused:
        world.choose()
    assert refused.value.code == "monthly_limit"
    small = Small(world.cast)
    small.payer, small.water, small.shop = world.account, item, small.another(item=item)
    with pytest.raises(Conflict) as refused:
        small.sell()
    assert refused.value.code == "monthly_limit"


@pytest.mark.django_db
def test_that_few_are_left_is_told_once_until_it_is_filled(world: World) -> None:
    Slot.objects.filter(number=WATER).update(stock=3)
    for _time in range(2):
        # one is chosen and nobody fetches it, so that it comes back
        world.choose()
        world.later(60)
        services.sweep_all(by=system_actor("tests"))
    event = Event.objects.get(type="machines.slot.low")
    for _time in range(2):
        notify_of(event)
    with acting_as(world.cast.actor("village_secretary")):
        assert Notice.objects.filter(kind="machines.low").count() == 1
    with acting_as(world.cast.actor("clerk")):
        assert not Notice.objects.exists()
    clerk = world.cast.actor("clerk")
    services.save_slot(machine=world.machine, number=WATER, item=water().pk, stock=3, low=2, by=clerk)
    world.choose()
    assert Event.objects.filter(type="machines.slot.low").count() == 2


def migrate(name: str) -> None:
    MigrationExecutor(connections["owner"]).migrate([("machines", name)])
    # what its connection has looked at meanwhile is free again
    connections["owner"].close()


@pytest.fixture
def before(committed_cast: Cast) -> Iterator[Cast]:
    """Three machines as they stood: name and price in each slot."""
    with transaction.atomic():
        for area in (committed_cast.own, committed_cast.own, committed_cast.far):
            exchange(row(committed_cast, area), "done")
    try:
        migrate("0001_initial")
        yield committed_cast
    finally:
        migrate("0006_hinted")


def test_slots_of_before_get_the_item_of_their_name_and_price_or_a_new_one(before: Cast) -> None:
    Item.objects.filter(area=before.far).update(price=99)
    offered = Item.objects.filter(area=before.own).order_by("pk")[0]
    migrate("0006_hinted")
    slots = list(Slot.objects.select_related("item", "machine"))
    assert {(one.name, one.price) for one in slots} == {("矿泉水", 15)}
    assert {one.item_id for one in slots if one.machine.area_id == before.own.pk} == {offered.pk}
    (far,) = [one.item for one in slots if one.machine.area_id == before.far.pk]
    assert far.area_id == before.far.pk
    assert all(one.item_id == one.slot.item_id for one in Vend.objects.select_related("slot"))


@pytest.mark.django_db
def test_a_month_s_limit_counts_what_was_had_and_not_what_is_in_the_slot_now(world: World) -> None:
    bottle, rice = water(), goods(world.cast.own, "大米", PRICE, monthly_limit=1)
    world.choose()
    world.settle()
    clerk = world.cast.actor("clerk")
    services.save_slot(machine=world.machine, number=WATER, item=rice.pk, stock=5, low=1, by=clerk)
    now = clock.now()
    assert had_this_month(world.account, [bottle.pk, rice.pk], now) == {bottle.pk: 1}
    world.choose()
    assert had_this_month(world.account, [bottle.pk, rice.pk], now) == {bottle.pk: 1, rice.pk: 1}


@pytest.mark.django_db
def test_a_machine_at_which_something_fails_holds_up_no_other(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    other = exchange(row(world.cast, world.cast.own), "reserved")
    world.choose()
    world.later(60)
    whole = turns.sweep

    def sweep(machine: Machine, **said: Any) -> int:
        if machine.pk == other.machine_id:
            raise ValueError
        return whole(machine, **said)

    monkeypatch.setattr(turns, "sweep", sweep)
    later = clock.now() + timedelta(seconds=1)
    assert services.sweep_all(by=system_actor("tests"), at=later) == 1
    assert [one.state for one in Vend.objects.order_by("machine__made_at")] == ["called_off", "reserved"]
