"""Every service that changes something is tried by two connections at once, so that a new one is not forgotten."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest
from procrastinate.contrib.django import app

from tests.architecture.of_rooms import brought
from tests.architecture.reasons import PROVED_IN
from tests.architecture.tree import ROOT, SOURCE, python_files, tree
from tests.pairs import Scene

pytestmark = [pytest.mark.fault(79), pytest.mark.fault(80)]
# services without a scene → why none is needed, or which test stands for it
WITHOUT = brought("UNPAIRED")


# jobs that no room of ours has
OTHERS = ("builtin:", "procrastinate.", "tests.")


def jobs() -> set[str]:
    """All that a worker may be given to do, as the queue has it in its list."""
    return {name for name in app.tasks if not name.startswith(OTHERS)}


def services() -> set[str]:
    """``room.module.function`` of every public function of services that is told who acts."""
    found = set()
    for path in python_files():
        parts = path.relative_to(SOURCE).with_suffix("").parts
        if "services" not in parts:
            continue
        for node in tree(path).body:
            if isinstance(node, ast.FunctionDef) and acts(node):
                found.add(".".join([*parts, node.name]))
    return found


def acts(function: ast.FunctionDef) -> bool:
    told = {argument.arg for argument in function.args.kwonlyargs}
    return "by" in told and not function.args.args and not function.name.startswith("_")


def modules() -> list[Path]:
    return sorted(ROOT.glob("tests/*/test_pairs*.py"))


def scenes() -> list[Scene]:
    found: list[Scene] = []
    for path in modules():
        module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        found += getattr(module, "SCENES", [])
    return found


def test_every_service_that_changes_something_is_tried_by_two_at_once() -> None:
    tried = {name for scene in scenes() for name in scene.services}
    assert services() - tried - set(WITHOUT) == set(), "lay out a scene in the room's test_pairs.py"


def test_every_job_is_tried_by_two_at_once_or_beside_who_writes() -> None:
    assert {"notify.deliver", "config.pick_up_stalled", "deadlines.reckon"} <= jobs()
    tried = {name for scene in scenes() for name in scene.jobs}
    assert jobs() - tried == set(), "lay out a scene in the room's test_pairs_jobs.py"
    assert tried - jobs() == set(), "gone"


def test_the_list_of_those_without_a_scene_is_no_longer_than_it_must_be() -> None:
    tried = {name for scene in scenes() for name in scene.services}
    assert set(WITHOUT) - services() == set(), "gone"
    assert set(WITHOUT) & tried == set(), "tried by now"


def test_what_stands_for_a_scene_is_there() -> None:
    for said in WITHOUT.values():
        if said.startswith(PROVED_IN):
            assert "at_once(" in (ROOT / said.removeprefix(PROVED_IN)).read_text(encoding="utf-8"), said
