"""Nothing happens that the journal does not hold: every write of many rows at once is told, or says why not."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.of_rooms import brought
from tests.architecture.tree import SOURCE, Function, python_files, text, tree

pytestmark = pytest.mark.fault(83)
MANY = frozenset({"bulk_create", "bulk_update", "insert_rows", "insert_all", "upsert", "delete", "move_all"})
SQL = ("INSERT INTO", "UPDATE ", "DELETE FROM", "TRUNCATE", "MERGE INTO", "WITH part", "COPY ")
# what appends to the journal, by whatever name a room calls it
TELLS = frozenset({"record", "record_all"})
# where it stands → the event of its caller that tells it, or "no event" with the reason
TOLD_BY = brought("TOLD_BY")


def of_many(node: ast.AST) -> bool:
    """A write of as many rows as a filter finds, or are handed in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value.lstrip().startswith(SQL)
    if not isinstance(node, ast.Call):
        return False
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name != "update" or not isinstance(node.func, ast.Attribute):
        return name in MANY
    # what is updated by names is a queryset, or a dictionary of options
    return bool(node.keywords) and not node.args and ast.unparse(node.func.value) not in {"options", "kwargs"}


def functions_of(path_tree: ast.Module) -> Iterator[Function]:
    return (node for node in ast.walk(path_tree) if isinstance(node, Function))


def bulk_writes() -> dict[str, Function]:
    """``room.module.function`` of each function that writes many rows at once; the made-up county is none of them."""
    found = {}
    for path in python_files():
        parts = path.relative_to(SOURCE).with_suffix("").parts
        if parts[0] == "demo":
            continue
        for function in functions_of(tree(path)):
            if any(of_many(node) for node in ast.walk(function)):
                found[".".join([*parts, function.name])] = function
    return found


def records(function: Function) -> bool:
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in TELLS
        for node in ast.walk(function)
    )


def test_every_write_of_many_rows_is_told_or_says_why_not() -> None:
    silent = {name for name, function in bulk_writes().items() if not records(function)}
    assert silent - set(TOLD_BY) == set(), "record it, or name above the event that tells it"
    assert set(TOLD_BY) - silent == set(), "told by itself by now, or gone"


def test_the_events_that_tell_them_are_recorded_somewhere() -> None:
    everything = "".join(text(path) for path in python_files())
    # a verb that stands in a variable is looked for by what stands before it
    named = {event for event in TOLD_BY.values() if not event.startswith("no event: ")}
    missing = {
        one for one in named if f'"{one}"' not in everything and f'"{one.rpartition(".")[0]}.{{' not in everything
    }
    assert missing == set()
