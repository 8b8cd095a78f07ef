"""The night sweeps while somebody knocks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.core.limits import Limit
from minqing.doorstep.models import Bucket
from minqing.doorstep.queries import key_of
from minqing.doorstep.services import allow
from tests.pairs import Pair, Scenes, Stage, job, play, stage

__all__ = ["stage"]
pytestmark = [pytest.mark.fault(46), pytest.mark.fault(79), pytest.mark.fault(80)]
SCENES = Scenes()


LIMIT = Limit("test", 3, timedelta(hours=1))


@SCENES.of(jobs=["minqing.doorstep.tasks.sweep"])
def a_bucket_is_swept_while_it_is_used(stage: Stage) -> Pair:
    who = new_id().hex
    with transaction.atomic():
        allow(LIMIT, who, at=clock.now() - timedelta(days=1))

    def use() -> None:
        with transaction.atomic():
            assert allow(LIMIT, who)

    def look(*_ends: Any) -> None:
        assert Bucket.objects.get(pk=key_of(LIMIT, who)).full_at > clock.now(), "what was used is not forgotten"

    return Pair(job("minqing.doorstep.tasks.sweep"), use, look)


@SCENES.each()
def test_two_at_once_leave_what_one_after_the_other_would(stage: Stage, scene: Any) -> None:
    play(stage, scene)
