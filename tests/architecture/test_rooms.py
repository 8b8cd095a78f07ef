"""Who may know whom: the import contracts, and what they cannot see."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

from tests.architecture.tree import ROOT, SOURCE, depth, imports, name, python_files, room_of, rooms, tree

PURE = {"rules", "lifecycle", "enums", "errors"}
PURE_MAY = ("minqing.core.", "django.utils.translation", "django_stubs_ext", "__future__")
# Django's and our own hooks that are told by the framework, not by the domain
SIGNALS = {
    "src/minqing/privacy/apps.py": "post_migrate: rights are granted anew after every migration",
}


def test_the_import_contracts_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    # it would switch off every logger of this process, for all tests after it
    monkeypatch.setattr("importlinter.cli._configure_logging", lambda *_how: None)
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0, "run lint-imports to see"


def test_every_room_has_its_order_inside_and_no_module_beside_it() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        _rooms, *inner = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    assert all(one["type"] == "layers" and one["exhaustive"] for one in inner)
    ordered = [container for one in inner for container in one["containers"]]
    assert sorted(ordered) == sorted(f"minqing.{room}" for room in rooms())


def test_no_room_reads_another_room_s_models() -> None:
    wrong = []
    for path in python_files():
        for line, imported in imports(path):
            found = re.match(r"minqing\.(\w+)\.models(\.|$)", imported)
            if found and found[1] != room_of(path):
                wrong.append(f"{name(path)}:{line} imports {imported}: call {found[1]}.services or .queries")
    assert not wrong, "\n".join(wrong)


def test_foreign_keys_point_downwards() -> None:
    wrong = []
    for path in python_files():
        if not any(part.startswith("models") for part in path.relative_to(SOURCE).parts):
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "").endswith(("ForeignKey", "Field")):
                wrong += [f"{name(path)}:{node.lineno} {fault}" for fault in upward(path, node)]
    assert not wrong, "\n".join(wrong)


def upward(path: Path, call: ast.Call) -> list[str]:
    targets = [*call.args[:1], *(keyword.value for keyword in call.keywords if keyword.arg in {"to", "through"})]
    words = [one.value for one in targets if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    keys = [word.split(".")[0] for word in words if re.fullmatch(r"\w+\.\w+", word)]
    here = room_of(path)
    return [f"{here} → {room}" for room in keys if room in rooms() and room != here and depth(room) <= depth(here)]


def test_rules_lifecycles_and_words_are_pure_python() -> None:
    import sys

    wrong = []
    for path in python_files():
        parts = path.relative_to(SOURCE).with_suffix("").parts
        # web's errors are its pages of refusal
        if len(parts) < 2 or parts[1] not in PURE or parts[0] == "web":
            continue
        for line, imported in imports(path):
            known = imported.split(".")
            inside = known[0] == "minqing" and len(known) > 2 and known[2] in PURE
            if not (inside or known[0] in sys.stdlib_module_names or f"{imported}.".startswith(PURE_MAY)):
                wrong.append(f"{name(path)}:{line} imports {imported}")
    assert not wrong, "\n".join(wrong)


def test_signals_carry_no_business() -> None:
    wrong = []
    for path in python_files():
        used = [
            f"{name(path)}:{line} {word}" for line, word in imports(path) if re.search(r"(signals|dispatch)\b", word)
        ]
        wrong += [] if name(path) in SIGNALS else used
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("room", [room for room in rooms() if room not in {"config", "core"}])
def test_every_room_says_what_it_is_for_in_a_few_lines(room: str) -> None:
    readme = SOURCE / room / "README.md"
    assert readme.is_file(), f"write {name(readme)}: what the room is for, its words"
    assert len(readme.read_text(encoding="utf-8").splitlines()) <= 18, "what is more goes to docs/"


def test_nobody_else_starts_a_room_beside_these() -> None:
    found = {path.parent.name for path in SOURCE.glob("*/__init__.py")}
    assert found == set(rooms())


@pytest.mark.parametrize("path", sorted(ROOT.glob("docs/decisions/*.md")), ids=lambda path: path.stem)
def test_a_decision_is_told_by_its_title_and_is_short(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    title = lines[0].removeprefix("# ")
    assert lines[0].startswith("# ")
    assert len(title.split()) >= 4, f"the title states the decision, not the topic: {title}"
    assert not title.endswith("?")
    assert len(lines) < 40
