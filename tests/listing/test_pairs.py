"""Two windows of one person at the lists that they keep, in both orders."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from minqing.core.ids import new_id
from minqing.listing import services
from minqing.listing.models import SavedFilter
from minqing.privacy.access import acting_as
from tests.pairs import Pair, Scenes, Stage, play, stage

__all__ = ["stage"]
pytestmark = [pytest.mark.fault(79), pytest.mark.fault(80)]
SCENES = Scenes()


@SCENES.of(services.save_filter)
def one_list_kept_under_one_name_in_two_windows(stage: Stage) -> Pair:
    name = f"清单{new_id().hex[-6:]}"

    def call(query: str) -> Callable[[], Any]:
        return stage.call("clerk", services.save_filter, id=new_id(), kept="matters", name=name, query=query)

    def look(*ends: Any) -> None:
        # nobody but who kept it sees it
        with acting_as(stage.cast.actor("clerk")):
            assert SavedFilter.objects.get(name=name).query in {"state=received", "state=assigned"}, ends

    return Pair(call("state=received"), call("state=assigned"), look, alike=True)


@SCENES.of(services.drop_filter)
def one_list_thrown_away_twice(stage: Stage) -> Pair:
    row = stage.done(
        "clerk",
        services.save_filter,
        id=new_id(),
        kept="matters",
        name=f"单{new_id().hex[-6:]}",
        query="state=received",
    )
    call = stage.call("clerk", services.drop_filter, saved=row)

    def look(*_ends: Any) -> None:
        with acting_as(stage.cast.actor("clerk")):
            assert not SavedFilter.objects.filter(pk=row.pk).exists()

    return Pair(call, call, look)


@SCENES.each()
def test_two_at_once_leave_what_one_after_the_other_would(stage: Stage, scene: Any) -> None:
    play(stage, scene)
