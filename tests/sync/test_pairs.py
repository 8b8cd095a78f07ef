"""Two at the same phone, in both orders."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.sync import services
from minqing.sync.models import Device, Entry
from minqing.sync.services.exchange import Outbox
from minqing.sync.services.taking import Given
from minqing.visits.models import Visit
from tests.pairs import Pair, Scenes, Stage, play, stage
from tests.sync.phone import Phone

__all__ = ["stage"]
pytestmark = [pytest.mark.fault(79), pytest.mark.fault(80)]
SCENES = Scenes()


def device(stage: Stage) -> str:
    made = stage.done("cadre", services.register_device, id=new_id(), name="小米")
    return str(made.pk)


@SCENES.of(services.exchange)
def the_same_outbox_twice(stage: Stage) -> Pair:
    """As two tabs, or the page and its worker, do it: case A19."""
    id, home = device(stage), stage.given(stage.cast.household)
    phone = Phone(Client(), id=id)
    batch = [given(phone.write(home)) for _n in range(3)]
    call = stage.call(
        "cadre", services.exchange, device_id=id, outbox=Outbox(3, 3, None), operations=batch, holds=0,
        sent_at=clock.now(),
    )  # fmt: skip

    def look(*ends: Any) -> None:
        told = [[(one.pk, one.outcome, one.thing) for one in end.receipts] for end in ends]
        assert told[0] == told[1]
        assert len(told[0]) == 3
        assert Visit.objects.filter(household=home).count() == Entry.objects.filter(device=id).count() == 3
        assert Device.objects.get(pk=id).arrived == 3

    return Pair(call, call, look)


def given(told: dict[str, Any]) -> Given:
    return Given(
        id=UUID(told["id"]), number=told["number"], kind=told["kind"], schema=told["schema_number"],
        about=told["about"], after=UUID(told["after"]) if told["after"] else None, base={},
        written_at=clock.now(), digest=told["digest"], body=told["body"],
    )  # fmt: skip


@SCENES.of(services.register_device)
def made_ones_own_twice(stage: Stage) -> Pair:
    id = new_id()
    call = stage.call("cadre", services.register_device, id=id, name="小米")

    def look(*ends: Any) -> None:
        assert ends[0].key == ends[1].key == Device.objects.get(pk=id).key

    return Pair(call, call, look)


@SCENES.of(services.revoke_device)
def closed_by_two(stage: Stage) -> Pair:
    id = device(stage)
    calls = [stage.call(who, services.revoke_device, device_id=id) for who in ("cadre", "operator")]

    def look(*_ends: Any) -> None:
        assert Device.objects.get(pk=id).key == ""

    return Pair(*calls, look)


@SCENES.each()
def test_two_at_once_leave_what_one_after_the_other_would(stage: Stage, scene: Any) -> None:
    play(stage, scene)
