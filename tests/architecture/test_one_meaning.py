"""A name that stood for several things in several rooms has one meaning now, or stands for none."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator

from tests.architecture.tree import python_files, room_of, tree

# so many things were called like this that a reader had to open the file
VAGUE = frozenset({
    "told", "tell", "telling", "standing", "keeping", "reckoning", "handling", "leaving", "looks", "waking", "twists",
    "taken", "who", "alike", "seeing", "Part", "Kind", "Line", "Place", "Room",
})  # fmt: skip


def named() -> Iterator[tuple[str, str]]:
    """Room and name of each module, and of each class, function and variable at a module's top."""
    for path in python_files():
        yield room_of(path), path.stem
        for node in tree(path).body:
            if isinstance(node, ast.ClassDef | ast.FunctionDef):
                yield room_of(path), node.name
            elif isinstance(node, ast.Assign):
                yield from ((room_of(path), one.id) for one in node.targets if isinstance(one, ast.Name))


def test_a_vague_name_is_used_by_one_room_at_most() -> None:
    rooms: dict[str, set[str]] = defaultdict(set)
    for room, name in named():
        if name in VAGUE:
            rooms[name].add(room)
    assert {name: found for name, found in rooms.items() if len(found) > 1} == {}
