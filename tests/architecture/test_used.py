"""Nothing stands in the code that nothing uses: what a change makes dead goes with it."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.tree import ROOT, SOURCE, python_files, text

# read by a framework, by name
BY_NAME = ("config/settings.py", "config/urls.py", "apps.py")
# sentences of Django's in plainer words: they are found by gathering them
GATHERED = {"PLAINER"}


def named(path: Path) -> Iterator[str]:
    """Functions and constants; what is decorated is handed to the decorator, and a class may be found by its base."""
    for node in ast.parse(text(path)).body:
        if isinstance(node, ast.FunctionDef) and not node.decorator_list:
            yield node.name
        elif isinstance(node, ast.Assign):
            yield from (one.id for one in node.targets if isinstance(one, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id


def test_every_function_and_constant_is_used_somewhere() -> None:
    sources = [*SOURCE.rglob("*.py"), *SOURCE.rglob("*.html"), *(ROOT / "tests").rglob("*.py")]
    words: Counter[str] = Counter()
    for path in sources:
        words.update(re.findall(r"\w+", path.read_text(encoding="utf-8")))
    unused = {
        f"{path.relative_to(SOURCE)}: {name}"
        for path in python_files()
        if not str(path).endswith(BY_NAME)
        for name in named(path)
        if words[name] == 1 and name not in GATHERED
    }
    assert unused == set()
