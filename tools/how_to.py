"""Follows a page of docs/how-to: ``tools/how_to.py FOLDER add-a-room …`` makes in FOLDER what the page shows.

A step is a line with the file in bold and the block below it::

    **`src/minqing/lostfound/rules.py`**                        the whole file
    **`src/minqing/config/rooms.py`**, below `"minqing.org",`   after the first line that holds these words
    **`…`**, above `words`                                      before it
    **`…`**, instead of `words`                                 in its place
    **`…`**, at the end

``tests/architecture/test_how_to.py`` follows every page in a copy of the house.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

PAGES = Path(__file__).resolve().parent.parent / "docs" / "how-to"
STEP = re.compile(
    r"^\*\*`(?P<path>[^`]+)`\*\*(?:, (?P<how>below|above|instead of) `(?P<anchor>[^\n]+)`|, (?P<end>at the end))?:?\n"
    r"\n?```\w*\n(?P<text>.*?)^```$",
    re.M | re.S,
)


def follow(page: str, folder: Path) -> list[str]:
    """Does each step of the page; returns the files that it touched."""
    steps = list(STEP.finditer((PAGES / f"{page}.md").read_text(encoding="utf-8")))
    for step in steps:
        path = folder / step["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        path.write_text(changed(before, step), encoding="utf-8")
    return [step["path"] for step in steps]


def changed(before: str, step: re.Match[str]) -> str:
    if step["end"]:
        return before + step["text"]
    if not step["how"]:
        return step["text"]
    lines = before.splitlines(keepends=True)
    at = next((number for number, line in enumerate(lines) if step["anchor"] in line), None)
    if at is None:
        raise SystemExit(f"{step['path']} has no line with {step['anchor']}")
    first, after = (at + 1, at + 1) if step["how"] == "below" else (at, at if step["how"] == "above" else at + 1)
    return "".join([*lines[:first], step["text"], *lines[after:]])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("pages", nargs="+", choices=sorted(path.stem for path in PAGES.glob("*.md")))
    given = parser.parse_args()
    for page in given.pages:
        follow(page, given.folder)


if __name__ == "__main__":
    main()
