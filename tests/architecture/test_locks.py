"""Whatever locks or writes several rows is listed with what keeps it in order, so that a new one is not forgotten."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.of_rooms import brought
from tests.architecture.tree import SOURCE, python_files, text

pytestmark = [pytest.mark.fault(79), pytest.mark.fault(80)]
# where it stands → what keeps two of them from waiting for each other, or from writing back what the other changed
LISTED = brought("LOCKED")
# no rows: what a field is made with
MAPPINGS = {"options"}


def functions() -> Iterator[tuple[str, ast.FunctionDef]]:
    for path in python_files():
        if "migrations" in path.parts:
            continue
        parts = path.relative_to(SOURCE).with_suffix("").parts
        for one in ast.walk(ast.parse(text(path))):
            if isinstance(one, ast.FunctionDef):
                yield ".".join([*parts, one.name]), one


def writers() -> set[str]:
    """``room.module.function`` of every function, in whatever module, that locks rows or writes several at once."""
    return {where for where, function in functions() if any(writes(call) for call in ast.walk(function))}


def writes(node: ast.AST) -> bool:
    """By what is called and not by what it is called on: a queryset comes under any name.

    Rows are updated by names alone; a mapping, and a bar of progress, by what stands before them.
    """
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    word = node.func.attr
    if word == "update":
        return bool(node.keywords) and not node.args and ast.unparse(node.func.value) not in MAPPINGS
    # by a table of moves, which stands under a name in capitals
    by_table = word == "lock" and ast.unparse(node.func.value).isupper()
    return by_table or word in {"move_all", "select_for_update", "bulk_update"}


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("visible_things(by).select_for_update().first()", True),
        ("rows.filter(pk=1).update(state='x')", True),
        ("model._base_manager.update(**values)", True),
        ("Thing.objects.bulk_update(rows, ['state'])", True),
        ("told.update({'state': 'x'})", False),
        ("bar.update(task, advance=1)", False),
        ("digest.update(piece)", False),
    ],
)
def test_a_lock_is_seen_whatever_the_rows_are_called(code: str, found: bool) -> None:
    assert any(writes(node) for node in ast.walk(ast.parse(code))) is found


def test_every_function_that_locks_or_writes_rows_says_what_keeps_it_in_order() -> None:
    assert writers() - set(LISTED) == set(), (
        "say above in which order it locks, and lay out a scene in the room's test_pairs.py"
    )
    assert set(LISTED) - {where for where, _one in functions()} == set(), "gone, or called otherwise by now"
