"""Two workers that look the system over at once."""

from __future__ import annotations

from typing import Any

import pytest

from minqing.core.health import Finding
from minqing.desk.models import Health
from minqing.journal.models import Event
from tests.pairs import Pair, Scenes, Stage, job, play, stage

__all__ = ["stage"]
SCENES = Scenes()


@pytest.fixture(autouse=True)
def _found(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [Finding("disk", False, "full"), Finding("journal", True, "sealed")]
    monkeypatch.setattr("minqing.desk.services.examine", lambda: found)


@SCENES.of(jobs=["desk.look"])
def both_find_the_same(stage: Stage) -> Pair:
    Health.objects.all().delete()
    before = Event.objects.filter(type="desk.health.changed").count()

    def look(*ends: Any) -> None:
        assert ends == (1, 1)
        assert sorted(Health.objects.values_list("name", "well")) == [("disk", False), ("journal", True)]
        assert Event.objects.filter(type="desk.health.changed").count() == before + 1

    return Pair(job("desk.look"), job("desk.look"), look)


@SCENES.each()
def test_two_at_once_leave_what_one_after_the_other_would(stage: Stage, scene: Any) -> None:
    play(stage, scene)
