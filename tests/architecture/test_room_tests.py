"""``make test ROOM=…``: a room's tests, and those of the rooms that import it."""

from __future__ import annotations

import pytest
from tools.rooms import built_on, folders_of

from tests.architecture.tree import ROOT, depth, rooms


@pytest.mark.parametrize("room", rooms())
def test_what_is_built_on_a_room_stands_above_it_and_is_tested_with_it(room: str) -> None:
    above = built_on(room)
    assert all(depth(one) < depth(room) for one in above)
    run = folders_of(room)
    assert {f"tests/{one}" for one in above | {room} if (ROOT / "tests" / one).is_dir()} <= set(run)
    assert run[-1] == "tests/architecture"
    assert len(run) == len(set(run))


def test_a_room_is_not_tested_with_those_below_it_and_beside_it() -> None:
    run = folders_of("matters")
    assert "tests/routing" in run
    assert not {"tests/core", "tests/households", "tests/desk"} & set(run)
    # the house's walks that stand elsewhere go along
    assert {"tests/privacy/test_subjects.py", "tests/config/test_rooms.py", "tests/config/test_doctor.py"} <= set(run)


def test_a_room_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(SystemExit, match=r"no room “nowhere”\. Rooms: .*households"):
        folders_of("nowhere")
