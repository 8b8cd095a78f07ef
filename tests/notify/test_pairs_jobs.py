"""Two workers at what is on its way, and a worker beside who changes how somebody is told."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from minqing.core import clock
from minqing.notify import services
from minqing.notify.enums import Channel, Mode
from minqing.notify.models import Notice, Outgoing
from minqing.notify.queries import job as as_job
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as
from tests.notify.conftest import RESCUE, tell
from tests.notify.gateway import Gateway
from tests.pairs import Pair, Scenes, Stage, job, play, stage

__all__ = ["stage"]
pytestmark = [pytest.mark.fault(46), pytest.mark.fault(79), pytest.mark.fault(80)]
SCENES = Scenes()


# the gateway of the running test
GATE: list[Gateway] = []


@pytest.fixture(autouse=True)
def _gate(sms: Gateway) -> None:
    GATE[:] = [sms]


def account(stage: Stage) -> UUID:
    id: UUID = stage.cast.account("cadre").pk
    return id


def on_its_way(stage: Stage) -> UUID:
    """A message that is due."""
    with transaction.atomic(), acting_as(as_job()):
        Outgoing.objects.all().delete()
        by = system_actor("test")
        services.save_address(account=account(stage), channel=Channel.SMS, address="13812345678", by=by)
        services.save_choices(
            account=account(stage), modes={Channel.SMS: Mode.AT_ONCE}, kinds_off=(), quiet=(time(22), time(7)), by=by
        )
        tell(account(stage), RESCUE, by=by, at=clock.now() - timedelta(minutes=1))
        return Outgoing.objects.get().pk


def sent(id: UUID) -> int:
    return [request.headers["idempotency-key"] for request in GATE[0].seen].count(str(id))


def state(id: UUID) -> str | None:
    with acting_as(as_job()):
        return Outgoing.objects.filter(pk=id).values_list("state", flat=True).first()


@SCENES.of(jobs=["notify.deliver"])
def one_message_delivered_by_two(stage: Stage) -> Pair:
    id = on_its_way(stage)

    def look(*ends: Any) -> None:
        assert sorted(ends) == [0, 1]
        assert (sent(id), state(id)) == (1, "sent")

    call = job("notify.deliver")
    return Pair(call, call, look)


@SCENES.of(services.save_choices, jobs=["notify.deliver"])
def turned_off_while_it_is_sent(stage: Stage) -> Pair:
    id = on_its_way(stage)
    off = {"modes": {Channel.SMS: Mode.OFF}, "kinds_off": (), "quiet": (time(22), time(7))}

    def look(*_ends: Any) -> None:
        assert (sent(id), state(id)) in {(1, "sent"), (0, "dropped")}

    return Pair(job("notify.deliver"), stage.call("cadre", services.save_choices, account=account(stage), **off), look)


@SCENES.of(services.forget_account, jobs=["notify.deliver"])
def erased_while_it_is_sent(stage: Stage) -> Pair:
    id = on_its_way(stage)

    def look(*_ends: Any) -> None:
        assert sent(id) <= 1
        assert state(id) is None, "nothing of it comes back"

    return Pair(job("notify.deliver"), stage.call("cadre", services.forget_account, account=account(stage)), look)


@SCENES.of(services.retry_parked, jobs=["notify.deliver"])
def queued_again_while_all_is_sent(stage: Stage) -> Pair:
    id = on_its_way(stage)
    with transaction.atomic(), acting_as(as_job()):
        Outgoing.objects.filter(pk=id).update(state="parked", tries=5, ended_at=clock.now())

    def look(*_ends: Any) -> None:
        assert (sent(id), state(id)) in {(1, "sent"), (0, "queued")}

    return Pair(job("notify.deliver"), stage.call("system", services.retry_parked, ids=[id]), look)


@SCENES.of(services.drop_parked, jobs=["notify.deliver"])
def given_up_while_all_is_sent(stage: Stage) -> Pair:
    id = on_its_way(stage)
    with transaction.atomic(), acting_as(as_job()):
        Outgoing.objects.filter(pk=id).update(state="parked", tries=5)

    def look(*_ends: Any) -> None:
        assert (sent(id), state(id)) == (0, "dropped")

    return Pair(job("notify.deliver"), stage.call("system", services.drop_parked, ids=[id]), look)


@SCENES.of(services.mark_read, jobs=["notify.sweep"])
def swept_while_somebody_reads(stage: Stage) -> Pair:
    on_its_way(stage)
    with transaction.atomic(), acting_as(as_job()):
        Notice.objects.update(read_at=clock.now() - timedelta(days=400))
        fresh = Notice.objects.order_by("-made_at", "-id")[0]
        Notice.objects.filter(pk=fresh.pk).update(read_at=None)

    def look(*_ends: Any) -> None:
        with acting_as(as_job()):
            assert Notice.objects.get(pk=fresh.pk).read_at is not None

    return Pair(job("notify.sweep"), stage.call("cadre", services.mark_read, id=fresh.pk), look)


@SCENES.each()
def test_two_at_once_leave_what_one_after_the_other_would(stage: Stage, scene: Any) -> None:
    play(stage, scene)
