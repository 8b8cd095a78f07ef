"""What the rooms declare is whole: every folder is a room, and nothing is declared twice."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from django.urls import reverse

import minqing.core
from minqing.config.navigation import entries
from minqing.config.rooms import ROOMS, rooms
from minqing.journal.subscriptions import subscriptions
from minqing.org.enums import Role
from tests.architecture.addresses import addresses
from tests.architecture.tree import python_files, templates, text

SOURCE = Path(minqing.core.__file__).parent.parent


def test_every_folder_is_a_room_of_the_house() -> None:
    folders = {path.parent.name for path in SOURCE.glob("*/__init__.py")} - {"config"}
    assert {name.removeprefix("minqing.") for name in ROOMS} == folders


def test_what_a_room_brings_it_declares_itself() -> None:
    """A folder with pages has a declaration; the name is the folder's."""
    with_pages = {path.parent.name for path in SOURCE.glob("*/urls.py")} - {"config"}
    assert with_pages <= {room.name for room in rooms()}
    assert all((SOURCE / room.name / "room.py").is_file() for room in rooms())


@pytest.mark.parametrize(
    "names",
    [
        [room.name for room in rooms()],
        [one.rank for one in entries()],
        [one.url_name for one in entries()],
        [one.name for room in rooms() for one in room.listeners],
        [kind.code for room in rooms() for kind in room.notices],
        [kind.code for room in rooms() for kind in room.tables],
        [kind.code for room in rooms() for kind in room.exports],
        [deed.type for room in rooms() for deed in room.deeds],
        [listed.name for room in rooms() for listed in room.lists],
        [bulk.list for room in rooms() for bulk in room.bulks],
        [sheet.code for room in rooms() for sheet in room.sheets],
        # rooms may share a beginning, but no page; the operations of the API share paths by their methods
        [one.path for one in addresses() if not one.path.startswith("api/")],
    ],
    ids=[
        "rooms",
        "ranks",
        "entries",
        "listeners",
        "notices",
        "tables",
        "exports",
        "deeds",
        "lists",
        "bulks",
        "sheets",
        "addresses",
    ],
)
def test_nothing_is_declared_twice(names: list[object]) -> None:
    assert [name for name, times in Counter(names).items() if times > 1] == []


def test_every_place_to_go_exists_for_roles_that_exist() -> None:
    for entry in entries():
        assert reverse(entry.url_name)
        assert any(entry.is_for(role) for role in Role)
        assert not entry.is_for("nobody")


def test_every_listener_is_known_to_the_journal() -> None:
    assert {one.name for room in rooms() for one in room.listeners} <= {one.name for one in subscriptions()}


def test_what_moves_through_states_is_drawn() -> None:
    # core has the type alone
    with_lives = {path.parent.name for path in SOURCE.glob("*/lifecycle.py")} - {"core"}
    assert with_lives == {room.name for room in rooms() if room.lifecycles}
    for life in (life for room in rooms() for life in room.lifecycles):
        assert life.lifecycle.diagram().startswith("stateDiagram-v2\n"), life.title


def test_every_hook_of_a_room_is_called_and_those_above_it_join_in() -> None:
    """A hook lies below whoever joins in, and what joins in is declared."""
    order = [name.removeprefix("minqing.") for name in ROOMS]
    for room in rooms():
        for hooked in room.hooks:
            owner = hooked.hook.name.partition(".")[0]
            assert order.index(owner) <= order.index(room.name)
            assert hooked.function in hooked.hook.functions
    declared = {hooked.function for room in rooms() for hooked in room.hooks}
    assert all(set(hooked.hook.functions) <= declared for room in rooms() for hooked in room.hooks)


def test_what_is_added_to_a_page_has_a_slot_there_that_is_drawn() -> None:
    slots = {slot for room in rooms() for slot in room.slots}
    assert {part.slot for room in rooms() for part in room.parts} <= slots
    drawn = re.compile(r'(?:parts|given)\("([\w.]+)", request,|\{% slot "([\w.]+)"(?: as \w+)? %\}')
    found = [pair for path in (*python_files(), *templates().values()) for pair in drawn.findall(text(path))]
    assert {coded or written for coded, written in found} == slots
