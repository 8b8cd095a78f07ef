"""The room is its folder, one line among the rooms and its place among the layers: nothing else names it."""

from __future__ import annotations

import re

from tests.architecture.tree import ROOT, SOURCE

NAMED = re.compile(r"minqing[./]rights\b|[\"']rights[\"'.:/]|\brights_\w")


def test_nothing_else_in_the_house_names_this_room() -> None:
    own, looked = SOURCE / "rights", {".py", ".html", ".js", ".yaml"}
    files = [path for path in SOURCE.rglob("*") if path.suffix in looked and own not in path.parents]
    named = {str(path.relative_to(ROOT)) for path in files if NAMED.search(path.read_text(encoding="utf-8"))}
    assert named == {"src/minqing/config/rooms.py"}
    for other in ("pyproject.toml", "docs/architecture.md"):
        assert "rights" in (ROOT / other).read_text(encoding="utf-8")
