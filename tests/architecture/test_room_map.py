"""The map of the rooms is drawn from the code, and its figures may move a little before it is written anew."""

from __future__ import annotations

from types import ModuleType

import pytest

from tests.architecture.tree import ROOT, depth, rooms


@pytest.fixture
def room_map(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    import room_map

    return room_map


def test_every_room_is_on_the_map_and_arrows_lead_down(room_map: ModuleType) -> None:
    drawn = [line.split() for line in room_map.drawing()]
    assert {line[0] for line in drawn if len(line) == 1} >= set(rooms())
    arrows = [(line[0], line[2]) for line in drawn if "-->" in line]
    assert arrows
    assert all(depth(one) < depth(other) for one, other in arrows)


def test_what_follows_from_two_arrows_is_not_drawn(room_map: ModuleType) -> None:
    assert "core" in room_map.imports("households")
    assert "core" not in room_map.nearest("households")
    assert "core" in room_map.reached("households")


def test_a_room_is_named_by_imports_addresses_and_templates_of_others(room_map: ModuleType) -> None:
    assert room_map.naming("core") > room_map.naming("households") > 0


@pytest.mark.parametrize(
    ("made", "same"),
    [("| matters | 1050 |", True), ("| matters | 1200 |", False), ("| matter | 1000 |", False), ("| matters |", False)],
)
def test_a_figure_may_be_a_tenth_off(room_map: ModuleType, made: str, same: bool) -> None:
    assert room_map.close_enough("| matters | 1000 |", made) is same
