"""What stands in a state moves by its table: no line sets a state but ``journal.moves.Moves``."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from django.apps import apps

from minqing.config.rooms import rooms
from minqing.journal.moves import Moves
from tests.architecture.of_rooms import brought
from tests.architecture.tree import SOURCE, python_files, text, tree

MAKERS = {"create", "get_or_create", "update_or_create"}
# a state by its own name, which no table was asked for
NAMED = re.compile(r"\b\w*(State|Stage|Place)\.[A-Z_]+\b")
SQL = re.compile(r"\bupdate\s+\w+\s+set\b[^;]*\bstate\s*=", re.IGNORECASE)
# tables with a field ``state`` that do not move
STILL = brought("STILL")
# file → lines that look as if they set one
ELSEWHERE = brought("SETS")


@cache
def moves() -> tuple[Moves[Any, Any, Any], ...]:
    found = []
    for path in python_files():
        if "Moves(" in text(path) and path.name != "moves.py":
            module = import_module(".".join(["minqing", *path.relative_to(SOURCE).with_suffix("").parts]))
            found += [one for one in vars(module).values() if isinstance(one, Moves)]
    return tuple(found)


def test_every_table_with_a_state_has_its_moves() -> None:
    """And each is drawn: ``docs/reference/lifecycles.md`` is made of what the rooms declare."""
    tables = {model._meta.label for model in apps.get_models() if "state" in vars(model) and is_ours(model)}
    assert tables - STILL.keys() == {one.model._meta.label for one in moves()}
    drawn = [life.lifecycle for room in rooms() for life in room.lifecycles]
    assert [one.model._meta.label for one in moves() if one.lifecycle not in drawn] == []


def is_ours(model: type[Any]) -> bool:
    return model.__module__.startswith("minqing.")


def test_no_line_sets_a_state_but_a_move() -> None:
    assert {where: lines for where, lines in setting().items() if lines - ELSEWHERE.get(where, {}).keys()} == {}, (
        "move it by Moves.finish, move_on or move_all; what begins in a state takes it from Lifecycle.born"
    )
    # what is not there any more is taken off the list
    assert {where: set(lines) for where, lines in ELSEWHERE.items() if set(lines) - setting().get(where, set())} == {}


@cache
def setting() -> dict[str, set[str]]:
    """File → what in it sets a state."""
    found: dict[str, set[str]] = {}
    for path in python_files():
        where = path.relative_to(SOURCE).as_posix()
        if where != "journal/moves.py" and (lines := set(setting_in(path))):
            found[where] = lines
    return found


def setting_in(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        match node:
            case ast.Assign(targets=targets) if any(map(is_state, targets)):
                yield ast.unparse(node)
            case ast.AnnAssign(target=target) | ast.AugAssign(target=target) if is_state(target):
                yield ast.unparse(node)
            case ast.Call() if sets(node):
                yield ast.unparse(node)
            case ast.Dict(keys=keys, values=values):
                named = [value for key, value in zip(keys, values, strict=True) if is_word(key)]
                if any(NAMED.fullmatch(ast.unparse(one).removesuffix(".value")) for one in named):
                    yield ast.unparse(node)
            case ast.Constant(value=str(words)) if SQL.search(words):
                yield words


def is_state(target: ast.expr) -> bool:
    return any(
        isinstance(one, ast.Attribute) and one.attr == "state" and isinstance(one.ctx, ast.Store)
        for one in ast.walk(target)
    )


def is_word(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value == "state"


def sets(call: ast.Call) -> bool:
    """Writes a state into rows, or makes a row in one that no table names as its first."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ast.unparse(call.func)
    if name in {"setattr", "bulk_update"}:
        return any(is_word(one) for one in ast.walk(call))
    given = [one.value for one in call.keywords if one.arg == "state"]
    if name == "update":
        return bool(given)
    makes = name in MAKERS or name in {one.model.__name__ for one in moves()}
    return makes and not all(".born(" in ast.unparse(one) for one in given)


def test_the_test_sees_each_way_in_which_a_state_is_set(tmp_path: Path) -> None:
    ways = [
        "row.state = to", "row.state, row.at = to, at", "rows.update(state=to)", "setattr(row, 'state', to)",
        "rows.bulk_update(found, ['state', 'at'])", "Matter(state=State.FINISHED.value)",
        "Matter.objects.create(state=to)", "{'state': State.DONE.value}", "'UPDATE matters_matter SET state = %s'",
    ]  # fmt: skip
    others = ["Matter(state=MATTER.born(Move.RECEIVE).value)", "rows.filter(state=State.DONE.value)"]
    for number, way in enumerate(ways + others):
        path = tmp_path / f"way{number}.py"
        path.write_text(way, encoding="utf-8")
        assert bool(list(setting_in(path))) is (way in ways), way
