"""The composition root knows the rooms by what they declare: no file of it names one, but for a few lines."""

from __future__ import annotations

import re
from dataclasses import fields

from minqing.config.rooms import rooms as declared
from minqing.core.room import Room
from tests.architecture.tree import SOURCE, rooms, text

# what every request and every command stands on: actors and roles, events, walls, pages
GROUND = {"core", "journal", "org", "privacy", "web"}
# file or folder of config → the rooms that it names, and why it must
NAMES = {
    "rooms.py": ({*rooms()}, "the list of the rooms"),
    "cli/init.py": ({"intake"}, "writes the empty tables with which a new county begins"),
    "cli/doctor_setup.py": ({"intake"}, "says which tables a new county has not brought yet"),
}  # fmt: skip


def named(source: str, room: str) -> bool:
    """By an import, an address, a template, a module, a table."""
    said = rf"\bminqing\.{room}\b|[\"']{room}[.:/]\w|\b(?:FROM|JOIN|UPDATE|INTO) {room}_\w"
    return re.search(said, source) is not None


def test_no_file_of_config_names_a_room() -> None:
    wrong, used = [], set()
    for path in sorted((SOURCE / "config").rglob("*.py")):
        file = path.relative_to(SOURCE / "config").as_posix()
        place = next((one for one in NAMES if file.startswith(one)), "")
        may = GROUND | (NAMES[place][0] if place else set())
        found = {room for room in {*rooms()} - {"config"} if named(text(path), room)}
        used |= {(place, room) for room in found if place}
        wrong += [f"config/{file} names {room}: let it say so in its room.py" for room in sorted(found - may)]
    assert not wrong, "\n".join(wrong)
    left = {(place, room) for place, (may, _why) in NAMES.items() for room in may - GROUND - {"config"}} - used
    assert not left, "named no more: take it out of NAMES"


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


def test_one_room_knows_who_calls_and_one_brings_a_made_up_county() -> None:
    assert [len([1 for room in declared() if getattr(room, name)]) for name in ("caller", "sample")] == [1, 1]
