"""People are never scored or ranked: no field for it, no address, no parameter, no query that orders or sums by person.

A new violation fails here: fields and addresses by their names, queries by what they group and order by.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from tests.architecture.addresses import addresses
from tests.architecture.of_rooms import brought
from tests.architecture.tree import name, python_files, templates, text, tree
from tests.privacy.catalog import our_models

pytestmark = pytest.mark.fault(59)
# words of a mark put on somebody; `points` alone is the reward ledger's, whose rows are entries, never a person's field
MARKS = re.compile(r"(^|_)(score|scores|scoring|rank|ranks|ranking|rating|grade|karma|credit|reputation|leaderboard|"
                   r"league|best|worst|trust_level|performance_index|kpi|points)(_|$)", re.I)  # fmt: skip
# the space of the reward ledger's pages, and the folder of addresses in which they lie
LEDGER = re.compile(r"\bpoints[:/]|/points\b")
# fields that lead to a person, by whatever name: relations to these, and the refs that steps and words carry
PEOPLE = {"org.Account", "org.Post", "households.Resident", "households.Household", "matters.Reporter"}
# a file or home: the thing itself, not somebody's work
PLACES = {"household", "post"}
# what leads to somebody without being a relation: in a step, a word, the journal, an answer of the API
REFS = {"by", "by_name", "reporter", "reporter_id", "actor", "handler", "handler_id", "handler_name"}
# a list in the order of names or ids is a list to find somebody in
# to find somebody in
ORDERS = re.compile(r"\w+_id|resident__(name|born_on|id)")


FILTERS = re.compile(r"Filter|WallForm|OpenForm|Asked|Wanted")
# what is called like a mark and is none, each with its reason
NO_MARKS = brought("NO_MARKS")
# counted for one person's own eyes or to protect somebody, each with its reason
COUNTED = {
    "src/minqing/journal/access_log.py": "who looked at a file how often: the household's right to know, not a mark",
    "src/minqing/visits/queries/visibility.py": "whom a cadre who leaves cared for, to hand over: not what was done",
    "src/minqing/audit/queries/looks.py": "days on which somebody opened very many files: to protect those in them",
}


def person_fields(model: type[models.Model]) -> Iterator[models.Field[Any, Any]]:
    for field in model._meta.get_fields():
        if isinstance(field, models.ForeignKey) and field.related_model._meta.label in PEOPLE:
            yield field


@cache
def refs() -> frozenset[str]:
    """Whatever leads to a person: the relations of all tables, by themselves and as ids, and :data:`REFS`."""
    found = {field.name for model in our_models() for field in person_fields(model)} - PLACES
    return frozenset(REFS | found | {f"{one}_id" for one in found})


def test_no_table_has_a_field_for_a_mark() -> None:
    wrong = [
        f"{model._meta.label}.{field.name}"
        for model in our_models()
        for field in model._meta.concrete_fields
        if MARKS.search(field.name) and f"{model._meta.label}.{field.name}" not in NO_MARKS
    ]
    assert not wrong, f"nobody is scored; what does this number stand for? {wrong}"


def test_every_field_that_leads_to_a_person_is_looked_for_in_queries() -> None:
    assert {"account", "vouched_by", "resident_id", "settled_by", "by"} <= refs()
    assert not {"household", "post", "area"} & refs()


def test_nothing_of_a_person_is_ordered_by_a_number_by_default() -> None:
    wrong = []
    for label in PEOPLE:
        model = apps.get_model(label)
        numbers = {one.name for one in model._meta.concrete_fields if isinstance(one, models.IntegerField)}
        wrong += [f"{label}: {one}" for one in model._meta.ordering if str(one).lstrip("-") in numbers - {"id"}]
    assert not wrong


def test_no_address_names_a_mark_or_a_ranking() -> None:
    wrong = [
        one.name
        for one in addresses()
        if MARKS.search(re.sub(r"[^a-z]+", "_", LEDGER.sub(" ", f"{one.name} {one.path}".lower())))
    ]
    assert not wrong


def test_the_api_has_no_mark_in_its_answers_and_no_order_by_person_among_its_questions() -> None:
    from minqing.config.api import document

    wrong, seen = [], 0
    waiting: list[tuple[str, Any]] = [("", document())]
    while waiting:
        where, node = waiting.pop()
        if isinstance(node, list):
            waiting += [(where, one) for one in node]
        elif isinstance(node, dict):
            named = [*node.get("properties", ()), *([node["name"]] if "in" in node else ())]
            seen += len(named)
            wrong += [f"{where}: {one}" for one in named if MARKS.search(one)]
            chosen = node["schema"].get("enum", ()) if node.get("name") in ("order", "sort") else ()
            wrong += [f"{where}: by {one}" for one in chosen if MARKS.search(one) or is_by_person(one)]
            waiting += [(f"{where}/{key}", one) for key, one in node.items()]
    assert seen > 100, "the document is there"
    assert not wrong, "\n".join(wrong)


def test_no_page_can_be_asked_for_figures_or_an_order_by_person() -> None:
    """Query parameters in templates and of filters: an order is one of the things, never of somebody."""
    wrong = []
    for word, path in templates().items():
        for found in re.findall(r"order=[\"']?([\w-]+)", text(path)):
            wrong += [f"{word}: order={found}"] if is_by_person(found) or MARKS.search(found) else []
        for found in re.findall(r"[?&](\w+)=", text(path)):
            wrong += [f"{word}: ?{found}="] if MARKS.search(found) or found in refs() - {"by"} else []
    # a table is no form: its fields are looked at above
    for path in (path for path in python_files() if "models" not in path.parts and path.name != "models.py"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ClassDef) and re.search(
                r"Filter|WallForm|OpenForm|Filters|Asked|Wanted", node.name
            ):
                named = [one.target.id for one in node.body if isinstance(one, ast.AnnAssign) and
                         isinstance(one.target, ast.Name)]  # fmt: skip
                named += [target.id for one in node.body if isinstance(one, ast.Assign) for target in one.targets
                          if isinstance(target, ast.Name)]  # fmt: skip
                wrong += [f"{name(path)}: {node.name}.{one}" for one in named if MARKS.search(one)
                          or one in refs() - {"by", "actor"}]  # fmt: skip
    assert not wrong, "\n".join(wrong)


def strings(call: ast.Call) -> list[str]:
    """The texts that a call is given, also inside F() and the like; not those of the query before it."""
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    walked = [one for argument in given for one in ast.walk(argument)]
    return [one.value for one in walked if isinstance(one, ast.Constant) and isinstance(one.value, str)]


def is_by_person(order: str) -> bool:
    return order.lstrip("-").split("__")[0] in refs() and not ORDERS.fullmatch(order.lstrip("-"))


def test_no_query_orders_by_a_person_s_work() -> None:
    wrong = []
    for path in python_files():
        for node in ast.walk(tree(path)) if name(path) not in COUNTED else ():
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "order_by":
                wrong += [f"{name(path)}:{node.lineno} {one}" for one in strings(node)
                          if is_by_person(one) or MARKS.search(one)]  # fmt: skip
    assert not wrong, "\n".join(wrong)


def calls(node: ast.AST, *names: str) -> list[ast.Call]:
    return [one for one in ast.walk(node) if isinstance(one, ast.Call)
            and getattr(one.func, "attr", getattr(one.func, "id", "")) in names]  # fmt: skip


def counted_by_person(source: ast.AST) -> Iterator[int]:
    """Functions in which ``values(<somebody>)`` goes with ``annotate(… Count|Sum|Avg …)``: a figure a head."""
    for scope in [one for one in ast.walk(source) if isinstance(one, ast.FunctionDef | ast.Module)]:
        keys = [key.split("__")[0] for before in calls(scope, "values", "values_list") for key in strings(before)]
        sums = [one for node in calls(scope, "annotate") for one in calls(node, "Count", "Sum", "Avg")]
        if isinstance(scope, ast.FunctionDef) and refs().intersection(keys) and sums:
            yield scope.lineno


def test_no_figure_is_counted_per_person_but_those_with_a_reason() -> None:
    found = {name(path) for path in python_files() if any(True for _line in counted_by_person(tree(path)))}
    assert found == set(COUNTED)


def test_the_figures_of_the_wall_group_by_units_alone() -> None:
    from minqing.matters.queries.measures import NAMES
    from minqing.matters.queries.performance import UnitRow

    assert set(UnitRow.__dataclass_fields__) == {"unit_id", "name", "cells"}
    assert not [one for one in NAMES if MARKS.search(one)]


@pytest.mark.parametrize(
    ("field", "caught"),
    [("score", True), ("trust_level", True), ("total_points", True), ("rank", True), ("satisfaction", False),
     ("version", False), ("solved", False), ("upgrade", False)],
)  # fmt: skip
def test_what_a_new_field_would_be_called_is_caught(field: str, caught: bool) -> None:
    assert bool(MARKS.search(field)) is caught


def test_a_query_that_ranks_would_be_caught() -> None:
    source = "def busiest():\n    steps = Step.objects.values('by')\n    return steps.annotate(n=Count('id'))"
    assert list(counted_by_person(ast.parse(source)))
    assert not list(counted_by_person(ast.parse(source.replace("'by'", "'unit_id'"))))
    assert is_by_person("-account__name")
    assert not is_by_person("-received_at")
    assert not is_by_person("resident__name")
