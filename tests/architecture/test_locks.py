"""Whatever locks or writes several rows is listed with what keeps it in order, so that a new one is not forgotten."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.of_rooms import brought
from tests.architecture.tree import SOURCE, python_files, text

pytestmark = [pytest.mark.fault(79), pytest.mark.fault(80)]
# how rows are named in code: of a table, or of whatever table a room has
ROWS = ("objects", "_default_manager", "book.")
# where it stands → what keeps two of them from waiting for each other, or from writing back what the other changed
LISTED = brought("LOCKED")


def functions() -> Iterator[tuple[str, ast.FunctionDef]]:
    for path in python_files():
        parts = path.relative_to(SOURCE).with_suffix("").parts
        for one in ast.walk(ast.parse(text(path))):
            if isinstance(one, ast.FunctionDef):
                yield ".".join([*parts, one.name]), one


def writers() -> set[str]:
    """``room.module.function`` of every function of services and imports that calls one of these on rows."""
    return {
        where
        for where, function in functions()
        if {"services", "imports"} & set(where.split(".")[:-1]) and any(writes(call) for call in ast.walk(function))
    }


def writes(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    # by a table of moves, which stands under a name in capitals
    if node.func.attr == "lock" and ast.unparse(node.func.value).isupper():
        return True
    return node.func.attr == "move_all" or (
        node.func.attr in {"select_for_update", "update", "bulk_update"}
        and any(rows in ast.unparse(node.func) + ast.unparse(node) for rows in ROWS)
    )


def test_every_function_that_locks_or_writes_rows_says_what_keeps_it_in_order() -> None:
    assert writers() - set(LISTED) == set(), (
        "say above in which order it locks, and lay out a scene in the room's test_pairs.py"
    )
    assert set(LISTED) - {where for where, _one in functions()} == set(), "gone, or called otherwise by now"
