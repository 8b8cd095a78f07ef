"""What rooms tell the house's walks is found, under names that somebody reads."""

from __future__ import annotations

from pathlib import Path

from tests.architecture import acts, matrix
from tests.architecture.of_rooms import NAMES, brought, modules
from tests.architecture.tree import ROOT, name, rooms


def test_what_tells_something_is_a_room_s() -> None:
    for room, module in modules().items():
        assert room in rooms(), f"tests/{room} is no room's"
        assert NAMES & vars(module).keys(), f"tests/{room}/matrix.py tells nothing"


def test_every_name_is_read_by_a_walk() -> None:
    readers = "".join(path.read_text(encoding="utf-8") for path in ROOT.glob("tests/*/*.py"))
    assert [one for one in sorted(NAMES) if f'brought("{one}")' not in readers] == []


def test_a_room_s_pages_and_writes_are_those_of_the_house() -> None:
    assert brought("LINES").keys() <= matrix.LINES.keys()
    assert brought("ACTS").keys() <= acts.ACTS.keys()


def test_a_room_s_matrix_stands_on_no_test_and_is_read_after_that_of_the_house() -> None:
    texts = {name(path): path.read_text(encoding="utf-8") for path in ROOT.glob("tests/**/*.py")}
    first = "from tests.architecture.matrix import"
    for room in modules():
        readers = {path: told.find(f"from tests.{room}.matrix import") for path, told in texts.items()}
        assert [path for path, at in readers.items() if at >= 0 and not 0 <= texts[path].find(first) < at] == []
    assert [one for one in modules().values() if ".test_" in texts[name(Path(str(one.__file__)))]] == []
