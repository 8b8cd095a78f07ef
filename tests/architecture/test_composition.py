"""The composition root knows the rooms by what they declare: only the list of them names one."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from minqing.config.rooms import rooms as declared
from minqing.core.room import Room
from tests.architecture.tree import SOURCE, rooms, text

# what every request and every command stands on: actors and roles, events, walls, pages
GROUND = {"core", "journal", "org", "privacy", "web"}
# the only file that names others
LIST = "rooms.py"


def named(source: str, room: str) -> bool:
    """By an import, an address, a template, a module, a table."""
    said = rf"\bminqing\.{room}\b|[\"']{room}[.:/]\w|\b(?:FROM|JOIN|UPDATE|INTO) {room}_\w"
    return re.search(said, source) is not None


def test_no_file_of_config_names_a_room() -> None:
    wrong = []
    for path in sorted((SOURCE / "config").rglob("*.py")):
        file = path.relative_to(SOURCE / "config").as_posix()
        found = {room for room in {*rooms()} - GROUND - {"config"} if file != LIST and named(text(path), room)}
        wrong += [f"config/{file} names {room}: let it say so in its room.py" for room in sorted(found)]
    assert not wrong, "\n".join(wrong)


def test_what_a_room_gathers_is_a_field_that_no_other_gathers() -> None:
    gathered = [name for room in declared() for name in room.gathers]
    assert {*gathered} <= {one.name for one in fields(Room)}
    assert len(gathered) == len({*gathered})


def test_whatever_many_rooms_bring_is_gathered_by_one_or_read_by_the_house() -> None:
    """A field that nobody reads would be filled in vain."""
    house = "\n".join(text(path) for path in sorted((SOURCE / "config").rglob("*.py")))
    gathered = {name for room in declared() for name in room.gathers}
    read = {*re.findall(r"\b(?:room|brought)\.(\w+)", house)} | gathered
    # what pages are drawn with; documents and tests
    shown = {"slots", "lifecycles"}
    assert {one.name for one in fields(Room)} - read - shown == set()


@pytest.mark.parametrize("name", ["caller", "sample", "takes_tables"])
def test_what_one_room_brings_for_all_is_brought_by_one(name: str) -> None:
    assert [getattr(room, name) is not None for room in declared()].count(True) == 1
