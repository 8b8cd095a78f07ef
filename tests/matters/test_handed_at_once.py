"""Two tables with the same rows at the same moment, each with a connection of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from minqing.intake.enums import Mode
from minqing.intake.services import ask_to_load, load_run
from minqing.matters.imports import MATTERS
from minqing.matters.models import Matter
from tests.cast import Cast
from tests.intake.conftest import check, workbook
from tests.matters.test_handed import HEADINGS, ROW
from tests.pairs import overlapped


@pytest.mark.fault(77)
def test_of_two_imports_of_the_same_rows_at_once_the_second_is_told_which_and_goes_on(
    committed_cast: Cast, tmp_path: Path, settings: Any
) -> None:
    settings.VAR = tmp_path / "var"
    with transaction.atomic():
        clerk = committed_cast.actor("clerk")
    rows = [(*ROW[:-1], f"SH-{n:03}") for n in range(4)]
    own = (*ROW[:-1], "SH-900")
    runs = []
    for name, lines in (("a", rows), ("b", [*rows, own])):
        run = check(workbook(tmp_path / f"{name}.xlsx", lines, HEADINGS), clerk, MATTERS.code)
        ask_to_load(run=run, mode=Mode.VALID, by=clerk)
        runs.append(run)
    ends = overlapped(lambda: load_run(run=runs[0], by=clerk), lambda: load_run(run=runs[1], by=clerk))
    assert [end.state for end in ends] == ["done", "done"], ends
    assert sum(end.created_rows for end in ends) == 5
    second = next(end for end in ends if end.problem_rows or end.unchanged_rows)
    assert second.problem_rows + second.unchanged_rows == 4
    for problem in second.problems:
        assert "同一时刻" in str(problem), problem
    with transaction.atomic(), committed_cast.everything():
        assert Matter.objects.count() == 5
