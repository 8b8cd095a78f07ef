"""What a phone of 2020 is given: no more than loads on a slow line, and nothing that its browser does not know."""

from __future__ import annotations

import gzip
import re
import subprocess

import pytest

from minqing.visits.views.phone import FILES, LATER
from tests.architecture.tree import ROOT

DIST = ROOT / "src/minqing/web/static"
SCRIPTS = ("dist/diary.js", "dist/diary-worker.js", "dist/scanner.js")
# own script and style, as they travel
MOST = 300 * 1024
# of the browser itself what is newer than Chrome 80, by the version that brought it
NEWER = {
    r"\bstructuredClone\b": 98, r"\brandomUUID\b": 92, r"\.at\(": 92, r"\bPromise\.any\b": 85, r"\.replaceAll\(": 85,
    r"\bWeakRef\b": 84, r"\bAggregateError\b": 85, r"\.findLast\w*\(": 97, r"\.to(Sorted|Reversed|Spliced)\(": 110,
    r"\bObject\.groupBy\b": 117, r"\bAbortSignal\.(timeout|any)\b": 103, r"\bPromise\.withResolvers\b": 119,
    r"\bArray\.fromAsync\b": 121, r"\bshowPicker\b": 99, r"\bscheduler\.": 94,
    r"\bURL\.canParse\b": 120, r"\.ariaLabel\s*=": 81, r"\.isWellFormed\(": 111,
}  # fmt: skip


def told(name: str) -> str:
    return (DIST / name).read_text(encoding="utf-8")


def test_all_that_the_diary_begins_with_is_within_three_hundred_kilobytes() -> None:
    sizes = {one: len(gzip.compress((DIST / one).read_bytes())) for one in (*FILES, "dist/diary-worker.js")}
    assert sum(sizes.values()) <= MOST, sizes
    # and what is only needed to read codes comes after it
    assert not set(LATER) & set(FILES)


@pytest.mark.parametrize("name", SCRIPTS)
def test_no_script_is_written_in_a_newer_language(name: str) -> None:
    """Brought down to Chrome 80 it stays as it is."""

    def brought_to(target: str) -> str:
        command = [str(ROOT / "node_modules/.bin/esbuild"), f"--target={target}", "--minify-whitespace"]
        answer = subprocess.run(command, input=told(name), capture_output=True, text=True, check=True, timeout=60)
        return answer.stdout

    assert brought_to("chrome80") == brought_to("esnext")


@pytest.mark.parametrize("name", SCRIPTS)
def test_no_script_asks_the_browser_for_something_newer(name: str) -> None:
    script = told(name)
    assert {one: version for one, version in NEWER.items() if re.search(one, script)} == {}
    # of zxing-wasm, which goes without
    assert script.count("FinalizationRegistry") == 2 * script.count("globalThis.FinalizationRegistry?")


def test_what_is_lacking_is_brought_along_before_it_is_used() -> None:
    old = (ROOT / "frontend/old.js").read_text(encoding="utf-8")
    assert "prototype.replaceChildren ||=" in old
    assert "Object.hasOwn ||=" in old
    for one in ("diary/main.js", "scanner.js"):
        lines = (ROOT / "frontend" / one).read_text(encoding="utf-8").splitlines()
        first = next(line for line in lines if line.startswith("import"))
        assert first.endswith('old.js";')
