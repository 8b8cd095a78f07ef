"""Two windows at how somebody is told, and two jobs at what is on its way, in both orders."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest
from django.db import transaction

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.notify import services
from minqing.notify.enums import Channel, Mode
from minqing.notify.models import Address, Choice, Notice, Outgoing
from minqing.notify.queries import job
from minqing.privacy.access import acting_as
from tests.pairs import Pair, Scenes, Stage, play, stage

__all__ = ["stage"]
pytestmark = [pytest.mark.fault(79), pytest.mark.fault(80)]
SCENES = Scenes()


def notice(stage: Stage, **values: Any) -> Notice:
    given = {"account": stage.cast.account("cadre").pk, "kind": "matters.assigned", "subject": "matter:1", "link": "/",
             "params": {}, "made_at": clock.now() - timedelta(minutes=1)}  # fmt: skip
    with transaction.atomic(), acting_as(job()):
        return Notice.objects.create(id=new_id(), **given | values)


def account(stage: Stage) -> dict[str, Any]:
    return {"account": stage.cast.account("cadre").pk}


@SCENES.of(services.save_choices)
def one_choice_in_two_windows(stage: Stage) -> Pair:
    with transaction.atomic(), acting_as(job()):
        Choice.objects.all().delete()

    def call(mode: Mode) -> Any:
        values = {"modes": {Channel.SMS: mode, Channel.EMAIL: mode}, "kinds_off": (), "quiet": (time(22), time(7))}
        return stage.call("cadre", services.save_choices, **account(stage), **values)

    def look(*_ends: Any) -> None:
        with acting_as(job()):
            assert len(set(Choice.objects.values_list("mode", flat=True))) == 1

    return Pair(call(Mode.OFF), call(Mode.AT_ONCE), look, alike=True)


@SCENES.of(services.save_address, services.forget_account)
def a_first_address_from_two_windows(stage: Stage) -> Pair:
    stage.done("cadre", services.forget_account, **account(stage))
    calls = [
        stage.call("cadre", services.save_address, channel=Channel.SMS, address=number, **account(stage))
        for number in ("13812345678", "13812345679")
    ]

    def look(*_ends: Any) -> None:
        with acting_as(job()):
            assert Address.objects.get(channel="sms").address in {"13812345678", "13812345679"}

    return Pair(*calls, look, alike=True)


@SCENES.of(services.mark_read)
def one_notice_read_in_two_windows(stage: Stage) -> Pair:
    one = notice(stage)
    call = stage.call("cadre", services.mark_read, id=one.pk)

    def look(*_ends: Any) -> None:
        with acting_as(job()):
            assert Notice.objects.get(pk=one.pk).read_at is not None

    return Pair(call, call, look)


@SCENES.of(services.mark_all_read)
def all_read_while_one_is(stage: Stage) -> Pair:
    first, _second = notice(stage), notice(stage)

    def look(*_ends: Any) -> None:
        with acting_as(job()):
            assert not Notice.objects.filter(read_at=None).exists()

    return Pair(stage.call("cadre", services.mark_all_read), stage.call("cadre", services.mark_read, id=first.pk), look)


def laid_aside(stage: Stage) -> list[Any]:
    with transaction.atomic(), acting_as(job()):
        rows = [
            Outgoing.objects.create(
                id=new_id(), account=stage.cast.account("cadre").pk, channel="sms", kind="matters.assigned",
                key=str(new_id()), notice=new_id(), params={}, address="13812345678", link="/", language="zh-hans",
                state="parked", made_at=clock.now(), next_at=clock.now(),
            )
            for _n in range(2)
        ]  # fmt: skip
    return [row.pk for row in rows]


@SCENES.of(services.retry_parked, services.drop_parked)
def sent_again_while_given_up(stage: Stage) -> Pair:
    ids = laid_aside(stage)

    def look(*ends: Any) -> None:
        # each went one way
        assert sum(ends) == 2
        with acting_as(job()):
            assert len(set(Outgoing.objects.filter(pk__in=ids).values_list("state", flat=True))) == 1

    return Pair(
        stage.call("system", services.retry_parked, ids=ids),
        stage.call("system", services.drop_parked, ids=ids[::-1]),
        look,
        alike=True,
    )


@SCENES.of(services.try_again)
def tried_again_while_given_up(stage: Stage) -> Pair:
    ids = laid_aside(stage)

    def look(*ends: Any) -> None:
        assert sum(ends) == 2
        with acting_as(job()):
            assert len(set(Outgoing.objects.filter(pk__in=ids).values_list("state", flat=True))) == 1

    return Pair(
        stage.call("operator", services.try_again, channel=Channel.SMS),
        stage.call("system", services.drop_parked, ids=ids[::-1]),
        look,
        alike=True,
    )


@SCENES.of(services.sweep_old)
def old_ones_swept_by_two(stage: Stage) -> Pair:
    notice(stage, read_at=clock.now() - timedelta(days=400), made_at=clock.now() - timedelta(days=401))
    call = stage.call("system", services.sweep_old)

    def look(*ends: Any) -> None:
        assert sorted(ends) == [0, 1]

    return Pair(call, call, look)


@SCENES.each()
def test_two_at_once_leave_what_one_after_the_other_would(stage: Stage, scene: Any) -> None:
    play(stage, scene)
