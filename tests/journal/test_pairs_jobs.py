"""Two workers at the journal."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.journal import idempotency
from minqing.journal.models import Event, SealedEvent, Send
from minqing.journal.services import record
from tests.pairs import Pair, Scenes, Stage, job, play, stage

__all__ = ["stage"]
pytestmark = [pytest.mark.fault(46), pytest.mark.fault(79), pytest.mark.fault(80)]
SCENES = Scenes()


def happened(stage: Stage) -> Event:
    with transaction.atomic():
        record(type="tests.pairs.happened", subject=str(id := new_id()), by=stage.actor("system"))
        return Event.objects.get(subject=str(id))


@SCENES.of(jobs=["journal.seal"])
def sealed_by_two(stage: Stage) -> Pair:
    event = happened(stage)

    def look(*ends: Any) -> None:
        assert 0 in ends
        assert SealedEvent.objects.filter(event=event.pk).count() == 1

    call = job("journal.seal")
    return Pair(call, call, look)


@SCENES.of(jobs=["journal.seal"])
def sealed_while_something_happens(stage: Stage) -> Pair:
    event = happened(stage)

    def look(*_ends: Any) -> None:
        assert SealedEvent.objects.filter(event=event.pk).count() == 1
        assert SealedEvent.objects.count() == SealedEvent.objects.values("event").distinct().count()

    return Pair(job("journal.seal"), lambda: happened(stage), look, alike=True)


@SCENES.of(jobs=["journal.deliver"])
def handed_out_by_two(stage: Stage) -> Pair:
    happened(stage)

    def look(*ends: Any) -> None:
        assert sum(ends) >= 0

    call = job("journal.deliver")
    return Pair(call, call, look)


@SCENES.of(jobs=["journal.forget_sends"])
def forgotten_while_it_is_sent_again(stage: Stage) -> Pair:
    id, by = new_id(), stage.actor("system")
    told = idempotency.digest_of("tests.pairs", {}, by=by)
    with transaction.atomic():
        Send.objects.create(id=id, digest=told, at=clock.now() - idempotency.KEPT - timedelta(days=1))

    def again() -> None:
        with transaction.atomic():
            idempotency.claim(id, "tests.pairs", {}, by=by)

    def look(*_ends: Any) -> None:
        assert Send.objects.filter(pk=id).count() <= 1

    return Pair(job("journal.forget_sends"), again, look)


@SCENES.each()
def test_two_at_once_leave_what_one_after_the_other_would(stage: Stage, scene: Any) -> None:
    play(stage, scene)
