"""``minqing import``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook
from typer.testing import CliRunner, Result

from minqing.config.cli import app
from minqing.core.sheets import read_rows
from minqing.households.models import Resident
from minqing.intake import commands
from minqing.intake.kinds import KINDS
from minqing.intake.models import ImportRun
from tests.cast import Cast
from tests.intake.conftest import HEADINGS, person

Make = Callable[..., Path]
# with a second command the first keeps its name


@pytest.fixture
def run(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.setattr(commands.console, "_width", 200, raising=False)
    return lambda *words: CliRunner().invoke(app, ["import", *map(str, words)])


def residents(cast: Cast) -> int:
    with cast.everything():
        return Resident.objects.count()


def test_it_checks_first_and_tells_how_to_load(cast: Cast, run: Callable[..., Result], table: Make) -> None:
    path = table(person(1), person(2))
    result = run("households", path)
    assert result.exit_code == 0, result.output
    assert "--load all" in result.output
    assert residents(cast) == 0
    assert run("households", path, "--load", "all").exit_code == 0
    assert residents(cast) == 2


def test_rows_with_problems_are_written_beside_and_change_the_exit_code(
    cast: Cast, run: Callable[..., Result], table: Make, tmp_path: Path
) -> None:
    path = table(person(1), person(2, 联系电话="12"))
    marked = tmp_path / "marked.xlsx"
    result = run("households", path, "--marked", marked)
    assert result.exit_code == 3
    assert "--load valid" in result.output
    assert len(list(read_rows(marked).rows)) == 1
    closed = run("households", path, "--marked", tmp_path / "nowhere" / "marked.xlsx")
    assert (closed.exit_code, "--marked" in closed.output) == (2, True), closed.output
    assert run("households", path, "--load", "all").exit_code == 1
    assert residents(cast) == 0
    assert run("households", path, "--load", "valid").exit_code == 3
    assert residents(cast) == 1


@pytest.mark.fault(134)
def test_the_empty_table_of_each_kind_is_written_before_there_is_any_post(
    db: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    for kind in [one.code for one in KINDS]:
        done = CliRunner().invoke(app, ["import", "--template", kind])
        assert (done.exit_code, f"minqing import {kind} {kind}.xlsx" in done.stdout) == (0, True), done.output
        found = read_rows(tmp_path / f"{kind}.xlsx")
        assert [one.rstrip("*") for one in found.headings if one] == [
            str(column.synonyms[0]) for column in KINDS.of(kind).columns
        ], kind
    again = CliRunner().invoke(app, ["import", "--template", "staff"])
    assert (again.exit_code, "is there already" in again.stderr) == (2, True)
    assert CliRunner().invoke(app, ["import", "--template", "cats"]).exit_code == 2
    assert CliRunner().invoke(app, ["import", "staff"]).exit_code == 2


@pytest.mark.fault(96)
def test_rows_to_correct_are_named_in_the_county_s_language(
    cast: Cast, run: Callable[..., Result], table: Make, tmp_path: Path
) -> None:
    path = table(person(1), person(2, 联系电话="12")).rename(tmp_path / "户籍.xlsx")
    run("households", path)
    assert sorted(one.name for one in tmp_path.glob("*户籍*")) == ["待改-户籍.xlsx", "户籍.xlsx"]


def test_what_is_no_table_or_no_kind_ends_with_a_sentence(
    cast: Cast, run: Callable[..., Result], table: Make, tmp_path: Path
) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"\x89PNG" + bytes(100))
    assert run("households", tmp_path / "a.xlsx").exit_code == 1
    assert run("cats", table(person(1))).exit_code == 2
    assert run("households", tmp_path / "none.xlsx").exit_code == 2
    assert not ImportRun.objects.exists()


def test_a_load_that_was_cut_off_is_continued(cast: Cast, run: Callable[..., Result], table: Make) -> None:
    path = table(*(person(n) for n in range(5)))
    run("households", path)
    ImportRun.objects.update(state="loading", mode="valid", done_rows=2, created_rows=2)
    result = run("households", path, "--load", "valid")
    assert "Going on behind row 2" in result.output
    assert ImportRun.objects.count() == 1
    assert residents(cast) == 3


def test_another_room_may_take_a_kind_in_its_own_way(
    cast: Cast, run: Callable[..., Result], table: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[tuple[Path, bool]] = []
    monkeypatch.setitem(commands.OTHER, "messages", lambda path, load: taken.append((path, load)) or 0)
    path = table(person(1))
    assert run("messages", path, "--load", "all").exit_code == 0
    assert taken == [(path, True)]


@pytest.mark.fault(110)
def test_the_sheet_is_named_and_the_others_are_told(cast: Cast, run: Callable[..., Result], tmp_path: Path) -> None:
    book = Workbook()
    book.active.title = "去年"
    for page, number in ((book.active, 1), (book.create_sheet("今年"), 2)):
        page.append(list(HEADINGS))
        page.append(person(number))
    book.save(tmp_path / "a.xlsx")
    told = run("households", tmp_path / "a.xlsx").output
    assert "去年 · row 1" in told
    assert "今年" in told
    assert "今年 · row 1" in run("households", tmp_path / "a.xlsx", "--sheet", "今年").output
