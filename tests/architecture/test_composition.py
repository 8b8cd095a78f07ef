"""The composition root knows the rooms by what they declare: only the list of them names one."""

from __future__ import annotations

import ast
import re
from dataclasses import fields

import pytest

from minqing.config.rooms import rooms as declared
from minqing.core.room import Room
from tests.architecture.tree import SOURCE, depth, python_files, room_of, rooms, text, tree

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


# kept as they are: what was written down under them, and who has kept an address
KEPT = {
    ("deadlines/room.py", "matters"): "types of events that were written before the room had left matters",
    ("exports/room.py", "matters"): "an address that somebody has kept",
    ("listing/urls.py", "matters"): "addresses that somebody has kept",
    ("localnames/room.py", "matters"): "an address that somebody has kept",
    ("matters/notifications.py", "reporting"): "the page on which a reporter follows it, in a message to them",
    ("matters/views/printing.py", "reporting"): "the same page, on the slip",
    ("org/api.py", "matters"): "scopes, as an example in the API's own document",
    ("oversight/exports.py", "desk"): "the page from which its table is asked for",
    ("demo/tour.py", "desk"): "the pages on which a tour begins",
    ("journal/room.py", "config"): "events of the composition, which is no room and has no deeds of its own",
    ("desk/queries.py", "config"): "the event that says a backup was made",
    ("audit/queries/looks.py", "households"): "the one look that is counted by household",
}


def test_a_room_is_named_by_what_is_built_on_it_and_nowhere_else() -> None:
    """Below it, and beside it, nobody has to know that it is there: slots alone are called by name."""
    slots = {slot for room in declared() for slot in room.slots}
    wrong = set()
    for path in python_files():
        file, here = path.relative_to(SOURCE).as_posix(), room_of(path)
        if here == "config" or here not in rooms():
            continue
        said = {
            one.value for one in ast.walk(tree(path)) if isinstance(one, ast.Constant) and isinstance(one.value, str)
        }
        begun = {word for one in said - slots if (word := re.match(r"(\w+)[.:/]\w", one))}
        wrong |= {
            (file, one[1]) for one in begun if one[1] in rooms() and depth(one[1]) <= depth(here) and one[1] != here
        }
    assert wrong == KEPT.keys()
