"""Two operators at a partner, and what it sends twice at once, in both orders."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.partners import services
from minqing.partners.enums import InboundState
from minqing.partners.formats.events import Envelope
from minqing.partners.models import Delivery, Endpoint, Inbound, Partner, Token
from minqing.partners.queries.inbound import inbox_actor
from minqing.privacy.access import acting_as
from tests.pairs import Pair, Scenes, Stage, play, stage
from tests.partners.conftest import GUARD, SYSTEM, partner_of

__all__ = ["stage"]
pytestmark = [pytest.mark.fault(79), pytest.mark.fault(80)]
SCENES = Scenes()
URL = "http://127.0.0.1:9/hook"


def by(stage: Stage, service: Any, **values: Any) -> Callable[[], Any]:
    return stage.call("operator", service, **values)


def partner(stage: Stage) -> Partner:
    with transaction.atomic():
        return partner_of(stage.cast, f"p{new_id().hex[-8:]}")


def endpoint(stage: Stage) -> Endpoint:
    values = {"partner": partner(stage), "url": URL, "types": ["cn.minqing.matter.*"], "guard": GUARD}
    made: Endpoint = stage.done("operator", services.save_endpoint, **values)
    return made


@SCENES.of(services.register_partner)
def one_partner_made_by_two(stage: Stage) -> Pair:
    code = f"p{new_id().hex[-8:]}"
    calls = [
        by(stage, services.register_partner, code=code, name=name, area=stage.cast.town) for name in ("热线", "12345")
    ]

    def look(*_ends: Any) -> None:
        assert Partner.objects.get(code=code).name in {"热线", "12345"}

    return Pair(*calls, look)


@SCENES.of(services.give_secret)
def two_secrets(stage: Stage) -> Pair:
    one = partner(stage)
    call = by(stage, services.give_secret, partner=one)

    def look(*ends: Any) -> None:
        one.refresh_from_db()
        # both that were handed out are taken for a while
        assert {one.secret, one.former_secret} == set(ends)

    return Pair(call, call, look, alike=True)


@SCENES.of(services.revoke_token)
def one_token_revoked_by_two(stage: Stage) -> Pair:
    token, _text = stage.done(
        "operator", services.issue_token, partner=partner(stage), label="", scopes=["events:send"]
    )
    call = by(stage, services.revoke_token, token=token)

    def look(*_ends: Any) -> None:
        assert Token.objects.get(pk=token.pk).revoked_at is not None

    return Pair(call, call, look)


@SCENES.of(services.save_endpoint)
def one_address_saved_by_two(stage: Stage) -> Pair:
    one = partner(stage)
    calls = [
        by(stage, services.save_endpoint, partner=one, url=URL, types=[kind], guard=GUARD)
        for kind in ("cn.minqing.matter.*", "cn.minqing.matter.finished")
    ]

    def look(*_ends: Any) -> None:
        assert len(Endpoint.objects.get(partner=one).types) == 1

    return Pair(*calls, look)


@SCENES.of(services.rotate_secret)
def two_secrets_of_an_address(stage: Stage) -> Pair:
    one = endpoint(stage)
    call = by(stage, services.rotate_secret, endpoint=one)

    def look(*ends: Any) -> None:
        one.refresh_from_db()
        assert {one.secret, one.former_secret} == {end.secret for end in ends}

    return Pair(call, call, look, alike=True)


def dead(stage: Stage, one: Endpoint | None = None) -> Delivery:
    to, now = one or endpoint(stage), clock.now()
    with transaction.atomic():
        return Delivery.objects.create(
            endpoint=to, event=new_id(), type="cn.minqing.matter.finished", sequence=1, body={}, state="dead",
            next_at=now, queued_at=now, settled_at=now,
        )  # fmt: skip


@SCENES.of(services.replay_delivery, services.settle_delivery)
def a_delivery_sent_again_while_it_is_settled(stage: Stage) -> Pair:
    row = dead(stage)

    def look(*_ends: Any) -> None:
        row.refresh_from_db()
        assert row.state in {"queued", "settled"}

    return Pair(
        by(stage, services.replay_delivery, delivery=row), by(stage, services.settle_delivery, delivery=row), look
    )


@SCENES.of(services.replay_all)
def everything_sent_again_by_two(stage: Stage) -> Pair:
    one = endpoint(stage)
    dead(stage, one), dead(stage, one)
    call = by(stage, services.replay_all, partner=one.partner)

    def look(*_ends: Any) -> None:
        assert list(Delivery.objects.filter(endpoint=one).values_list("state", flat=True)) == ["queued"] * 2

    return Pair(call, call, look)


def envelope(text: str, id: str) -> Envelope:
    told = {
        "specversion": "1.0", "id": id, "source": "//12345.example", "type": "cn.minqing.matter.reported",
        "subject": id, "data": {"partnernumber": id, "text": text, "area": "V1"},
    }  # fmt: skip
    return Envelope(json.dumps(told, ensure_ascii=False).encode(), "application/cloudevents+json")


@SCENES.of(services.store_event)
def one_event_stored_twice(stage: Stage) -> Pair:
    one, id = partner(stage), str(new_id())
    calls = [lambda: services.store_event(partner=one, envelope=envelope("路灯坏了", id), by=SYSTEM) for _n in range(2)]

    def look(*_ends: Any) -> None:
        with acting_as(inbox_actor()):
            assert Inbound.objects.filter(partner=one).count() == 1

    return Pair(*calls, look)


def aside(stage: Stage) -> Inbound:
    one = partner(stage)
    with transaction.atomic():
        row = services.store_event(partner=one, envelope=envelope("", str(new_id())), by=SYSTEM)
    with transaction.atomic(), acting_as(inbox_actor()):
        Inbound.objects.filter(pk=row.pk).update(state=InboundState.DEAD.value, settled_at=clock.now())
    return row


@SCENES.of(services.replay_event, services.settle_event)
def an_event_read_again_while_it_is_settled(stage: Stage) -> Pair:
    row = aside(stage)

    def look(*_ends: Any) -> None:
        with acting_as(inbox_actor()):
            assert Inbound.objects.get(pk=row.pk).state != InboundState.DEAD

    return Pair(
        by(stage, services.replay_event, event_id=row.pk), by(stage, services.settle_event, event_id=row.pk), look
    )


@SCENES.each()
def test_two_at_once_leave_what_one_after_the_other_would(stage: Stage, scene: Any) -> None:
    play(stage, scene)
