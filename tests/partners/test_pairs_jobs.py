"""Two workers at what partners are sent and send, and a worker beside the operator."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from minqing.core import clock, rate_limit
from minqing.core.ids import new_id
from minqing.core.limits import Limit
from minqing.matters.models import Matter
from minqing.partners import services
from minqing.partners.models import Bucket, Delivery, Endpoint, Inbound
from minqing.partners.queries.inbound import inbox_actor
from minqing.privacy.access import acting_as
from tests.pairs import Pair, Scenes, Stage, job, play, stage
from tests.partners.conftest import GUARD, SYSTEM, endpoint_of, partner_of
from tests.partners.receiver import Receiver
from tests.partners.test_pairs import aside, envelope, partner

__all__ = ["stage"]
pytestmark = [pytest.mark.fault(46), pytest.mark.fault(79), pytest.mark.fault(80)]
SCENES = Scenes()


# the receiver of the running test
RECEIVERS: list[Receiver] = []


@pytest.fixture(autouse=True)
def _receiver(receiver: Receiver, settings: Any) -> None:
    settings.OUTGOING_NETWORKS = ["127.0.0.1/32"]
    RECEIVERS[:] = [receiver]


def queued(stage: Stage, *, state: str = "queued", days: int = 0) -> Delivery:
    now = clock.now() - timedelta(days=days)
    with transaction.atomic():
        to = endpoint_of(partner_of(stage.cast, f"p{new_id().hex[-8:]}"), RECEIVERS[0].url)
        return Delivery.objects.create(
            endpoint=to, event=new_id(), type="cn.minqing.matter.finished", sequence=1, body={}, state=state,
            next_at=now, queued_at=now, settled_at=None if state == "queued" else now,
        )  # fmt: skip


def called(row: Delivery) -> int:
    return [call.headers["webhook-id"] for call in RECEIVERS[0].calls].count(str(row.event))


def state(row: Delivery) -> str | None:
    return Delivery.objects.filter(pk=row.pk).values_list("state", flat=True).first()


@SCENES.of(jobs=["partners.send"])
def one_delivery_sent_by_two(stage: Stage) -> Pair:
    row = queued(stage)

    def look(*ends: Any) -> None:
        assert sorted(ends) == [0, 1]
        assert (called(row), state(row)) == (1, "delivered")

    call = job("partners.send")
    return Pair(call, call, look)


def sending() -> int:
    """As the job does, in one thread, so that the other comes to the very row."""
    return services.send_due(guard=GUARD, threads=1)


@SCENES.of(jobs=["partners.send"])
def one_row_claimed_by_two(stage: Stage) -> Pair:
    row = queued(stage)

    def look(*ends: Any) -> None:
        assert sorted(ends) == [0, 1]
        assert (called(row), state(row)) == (1, "delivered")

    return Pair(sending, sending, look)


@SCENES.of(services.save_endpoint, jobs=["partners.send"])
def switched_off_while_it_is_sent(stage: Stage) -> Pair:
    row = queued(stage)
    off = {"partner": row.endpoint.partner, "url": row.endpoint.url, "types": row.endpoint.types, "active": False}

    def look(*_ends: Any) -> None:
        assert not Endpoint.objects.get(pk=row.endpoint_id).active
        assert (called(row), state(row)) in {(1, "delivered"), (0, "queued")}
        Delivery.objects.filter(pk=row.pk).delete()

    return Pair(sending, stage.call("operator", services.save_endpoint, **off, guard=GUARD), look)


@SCENES.of(services.settle_delivery, services.replay_delivery, jobs=["partners.send"])
def sent_again_by_hand_while_all_is_sent(stage: Stage) -> Pair:
    row = queued(stage, state="dead")

    def look(*_ends: Any) -> None:
        assert (called(row), state(row)) in {(1, "delivered"), (0, "queued")}
        Delivery.objects.filter(pk=row.pk).delete()

    return Pair(sending, stage.call("operator", services.replay_delivery, delivery=row), look)


@SCENES.of(services.replay_delivery, jobs=["partners.sweep"])
def swept_while_it_is_sent_again(stage: Stage) -> Pair:
    row = queued(stage, state="settled", days=40)

    def look(*_ends: Any) -> None:
        assert state(row) in {"queued", None}
        Delivery.objects.filter(pk=row.pk).delete()

    return Pair(job("partners.sweep"), stage.call("operator", services.replay_delivery, delivery=row), look)


LIMIT = Limit("test", 3, timedelta(hours=1))


@SCENES.of(jobs=["partners.sweep"])
def a_bucket_is_swept_while_it_is_used(stage: Stage) -> Pair:
    key = new_id().hex
    with transaction.atomic():
        rate_limit.allow("partners_bucket", key, LIMIT, at=clock.now() - timedelta(days=1))

    def use() -> None:
        with transaction.atomic():
            assert rate_limit.allow("partners_bucket", key, LIMIT, at=None)

    def look(*_ends: Any) -> None:
        assert Bucket.objects.get(pk=key).full_at > clock.now(), "what was used is not forgotten"

    return Pair(job("partners.sweep"), use, look)


def waiting(stage: Stage) -> Inbound:
    one = partner(stage)
    with transaction.atomic():
        row = services.store_event(partner=one, envelope=envelope("路灯坏了", str(new_id())), by=SYSTEM)
    with transaction.atomic(), acting_as(inbox_actor()):
        Inbound.objects.filter(pk=row.pk).update(next_at=clock.now() - timedelta(minutes=1))
    return row


def taken_over(row: Inbound) -> int:
    with acting_as(inbox_actor()):
        found = Inbound.objects.get(pk=row.pk).matter_id
    return Matter.objects.filter(pk=found).count()


@SCENES.of(jobs=["partners.take_over"])
def one_event_taken_over_by_two(stage: Stage) -> Pair:
    row = waiting(stage)

    def look(*_ends: Any) -> None:
        assert taken_over(row) == 1

    call = job("partners.take_over")
    return Pair(call, call, look)


@SCENES.of(services.settle_event, jobs=["partners.take_over"])
def done_with_while_all_is_taken_over(stage: Stage) -> Pair:
    row = aside(stage)

    def look(*_ends: Any) -> None:
        with acting_as(inbox_actor()):
            assert Inbound.objects.get(pk=row.pk).state == "settled"

    return Pair(job("partners.take_over"), stage.call("operator", services.settle_event, event_id=row.pk), look)


@SCENES.each()
def test_two_at_once_leave_what_one_after_the_other_would(stage: Stage, scene: Any) -> None:
    play(stage, scene)
